/**
 * Reads and sets the offloads of eth0 in the network that it runs in. The argument is a list of wishes as JSON, each
 * for setOffload(); after each, a datagram is sent to the host and port that follow, and looked at on its way out. A
 * line of JSON for each: what came of the wish, and whether the checksum of the datagram was right; that is null
 * where the program may not look.
 */
import {
	AF_INET,
	AF_PACKET,
	ETH_P_ALL,
	PACKET_OUTGOING,
	SOCK_DGRAM,
	SOCK_RAW,
	Socket,
	SocketError,
} from "../../src/index.js";
import { type OffloadWishes, offload, setOffload } from "../../src/interfaces/index.js";
import { dissect, ethernet, udp } from "../../src/packet/index.js";

const [wishes = "[]", host = "", port = ""] = process.argv.slice(2);

// Not connected, for then the answer that nobody listens there would fail the next.
using out = new Socket(AF_INET, SOCK_DGRAM);

/** Sends a datagram, and tells whether its checksum is right where it leaves. */
function sendAndLook(): boolean | null {
	let socket: Socket<typeof AF_PACKET>;
	try {
		socket = new Socket(AF_PACKET, SOCK_RAW, 0);
	} catch (error) {
		if (error instanceof SocketError && error.code === "EPERM") return null;
		throw error;
	}
	using tap = socket;
	tap.bind({ interface: "eth0", protocol: ETH_P_ALL });
	out.sendtoSync("how do you do", { host, port: Number(port) });
	for (;;) {
		const [frame, address] = tap.recvfromSync(2000, 0, { timeout: 20_000 });
		const found = dissect(frame, { first: ethernet }).get(udp);
		if (address.packetType !== PACKET_OUTGOING || found?.destinationPort !== Number(port)) continue;
		return found.checksumIsRight === true;
	}
}

for (const wish of JSON.parse(wishes) as (OffloadWishes | null)[]) {
	let told: object;
	try {
		told = wish === null ? { offload: offload("eth0") } : setOffload("eth0", wish);
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		told = { code: error.code, message: error.message };
	}
	console.log(JSON.stringify({ ...told, right: sendAndLook() }));
}
