/**
 * Sends an echo request by a socket of ICMP and prints what came back, for each version of IP, as JSON:
 * icmpsockets TYPE HOST HOST6, of SOCK_DGRAM (a ping socket) or SOCK_RAW.
 */
import {
	AF_INET,
	AF_INET6,
	type Inet4Address,
	type Inet6Address,
	IPPROTO_ICMP,
	IPPROTO_ICMPV6,
	Socket,
} from "../../src/index.js";
import {
	type AnyCodec,
	build,
	dissect,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
	icmpv4,
	icmpv6,
	ipv4,
} from "../../src/packet/index.js";

const [type = "", host = "", host6 = ""] = process.argv.slice(2);
const identifier = 4321;
const patience = { timeout: 20_000 };
const isRaw = Number(type) === 3;

async function echo4(): Promise<object> {
	using socket = new Socket(AF_INET, Number(type), IPPROTO_ICMP);
	const address: Inet4Address = { host, port: 0 };
	await socket.sendto(
		build(icmpv4({ type: ICMP_ECHO, identifier, sequence: 1 }), "hello"),
		address,
		patience,
	);
	for (;;) {
		const [data, from] = await socket.recvfrom(2048, 0, patience);
		const packet = dissect(data, { first: (isRaw ? ipv4 : icmpv4) as AnyCodec });
		const reply = packet.get(icmpv4);
		// A raw socket sees all that comes.
		if (reply?.type !== ICMP_ECHOREPLY) continue;
		const layers = packet.layers.map(({ layer }) => layer);
		return {
			layers,
			from: from.host,
			identifier: reply.identifier,
			text: new TextDecoder().decode(packet.payload),
			error: packet.error,
		};
	}
}

async function echo6(): Promise<object> {
	using socket = new Socket(AF_INET6, Number(type), IPPROTO_ICMPV6);
	const address: Inet6Address = { host: host6, port: 0 };
	// The kernel computes the checksum, for which it knows the addresses.
	const request = build(icmpv6({ type: ICMP6_ECHO_REQUEST, identifier, sequence: 1, checksum: 0 }), "hello");
	await socket.sendto(request, address, patience);
	for (;;) {
		const [data, from] = await socket.recvfrom(2048, 0, patience);
		const packet = dissect(data, { first: icmpv6 });
		const reply = packet.get(icmpv6);
		if (reply?.type !== ICMP6_ECHO_REPLY) continue;
		const layers = packet.layers.map(({ layer }) => layer);
		return {
			layers,
			from: from.host,
			identifier: reply.identifier,
			text: new TextDecoder().decode(packet.payload),
		};
	}
}

console.log(JSON.stringify([await echo4(), await echo6()]));
