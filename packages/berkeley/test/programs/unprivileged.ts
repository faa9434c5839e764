/** Tries what needs a privilege, and prints how each attempt failed, as JSON. */
import {
	AF_INET,
	AF_INET6,
	AF_PACKET,
	IPPROTO_ICMP,
	IPPROTO_ICMPV6,
	IPPROTO_RAW,
	ip,
	PermissionError,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_STREAM,
	Socket,
	so,
	tcp,
} from "../../src/index.js";
import { build, ipv4, udp } from "../../src/packet/index.js";
import { send, sendp, sr, srp } from "../../src/raw/index.js";

const host = "127.0.0.1";
const packet = build(
	ipv4({ source: host, destination: host }),
	udp({ sourcePort: 5000, destinationPort: 5001 }),
);

function withSocket(use: (socket: Socket<typeof AF_INET>) => void): void {
	using socket = new Socket(AF_INET, SOCK_STREAM);
	use(socket);
}

const attempts: Record<string, () => unknown> = {
	packet: () => new Socket(AF_PACKET, SOCK_RAW),
	raw: () => new Socket(AF_INET, SOCK_RAW, IPPROTO_RAW),
	icmp: () => new Socket(AF_INET, SOCK_RAW, IPPROTO_ICMP),
	ping: () => new Socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP),
	ping6: () => new Socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6),
	port: () => withSocket((socket) => socket.bind({ host, port: 80 })),
	mark: () => withSocket((socket) => socket.set(so.mark, 7)),
	transparent: () => withSocket((socket) => socket.set(ip.transparent, true)),
	force: () => withSocket((socket) => socket.set(so.rcvbufforce, 1 << 20)),
	repair: () => withSocket((socket) => socket.set(tcp.repair, 1)),
	send: () => send(packet),
	sendp: () => sendp(packet, { interface: "lo" }),
	sr: () => sr(packet),
	srp: () => srp(packet, { interface: "lo" }),
};

const results: Record<string, unknown> = {};
for (const [name, attempt] of Object.entries(attempts)) {
	try {
		await attempt();
		results[name] = undefined;
	} catch (error) {
		if (!(error instanceof PermissionError)) throw error;
		results[name] = { code: error.code, syscall: error.syscall, message: error.message };
	}
}
console.log(JSON.stringify(results));
