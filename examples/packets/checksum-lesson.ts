/**
 * The lesson of the wrong checksum: a datagram as it is captured on its way out, while the device is to fill in the
 * checksum, and when the kernel does. Needs CAP_NET_RAW to capture and CAP_NET_ADMIN to switch.
 *
 *   node checksum-lesson.js eth1 192.0.2.2
 */
import { AF_INET, AF_PACKET, ETH_P_ALL, SOCK_DGRAM, SOCK_RAW, Socket } from "berkeley";
import { offload, setOffload } from "berkeley/interfaces";
import { dissect, udp } from "berkeley/packet";

const [name = "eth1", host = "192.0.2.2"] = process.argv.slice(2);
const discard = 9;

async function sendAndCapture(): Promise<string> {
	// ETH_P_ALL alone shows what leaves, too.
	using tap = new Socket(AF_PACKET, SOCK_RAW, 0);
	tap.bind({ interface: name, protocol: ETH_P_ALL });
	using sender = new Socket(AF_INET, SOCK_DGRAM);
	await sender.sendto("how do you do", { host, port: discard });
	for (;;) {
		const datagram = dissect(await tap.recv(2000, 0, { timeout: 10_000 })).get(udp);
		if (datagram?.destinationPort !== discard) continue;
		const verdict = datagram.checksumIsRight ? "right" : "unfinished";
		return `0x${datagram.checksum.toString(16).padStart(4, "0")}, which is ${verdict}`;
	}
}

const before = offload(name).tx;
try {
	for (const tx of [true, false]) {
		const { changed } = setOffload(name, { tx });
		console.log(`tx ${tx ? "on" : "off"} (${Object.keys(changed).length} features changed)`);
		console.log(`  the checksum is ${await sendAndCapture()}`);
	}
} finally {
	setOffload(name, { tx: before });
}
