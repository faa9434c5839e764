/**
 * A router made by hand, which says of UDP packets to 10.9.9.9 that they expired at it, or from a time to live of 3 on
 * that nobody has the port there: run as a program in a host that does not forward. The argument says what is odd.
 */
import { AF_INET, AF_PACKET, IPPROTO_RAW, SOCK_DGRAM, SOCK_RAW, Socket } from "berkeley";
import { build, dissect, type IcmpExtension, icmpv4, ipv4, udp } from "berkeley/packet";

const target = "10.9.9.9";
const ipv4Frames = 0x800;
const [device = "", own = "", how = ""] = process.argv.slice(2);

/** Two MPLS labels, and an object of another class. */
const extension: IcmpExtension = {
	objects: [
		{
			kind: "mplsLabelStack",
			labels: [
				{ label: 16, trafficClass: 1, ttl: 1 },
				{ label: 0x7ffff, trafficClass: 7, ttl: 64 },
			],
		},
		{ kind: "unknown", class: 2, type: 5, data: Uint8Array.of(1, 2, 3, 4) },
	],
};

using heard = new Socket(AF_PACKET, SOCK_DGRAM, ipv4Frames);
heard.bind({ interface: device, protocol: ipv4Frames });
using said = new Socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
console.log("ready");
for (;;) {
	const [data] = await heard.recvfrom(65536);
	const packet = dissect(data, { first: ipv4 });
	const header = packet.get(ipv4);
	if (header?.destination !== target || !packet.has(udp)) continue;
	const isThere = header.ttl > 2;
	const quoted = how === "short" ? data.subarray(0, 28) : data;
	const more = how === "mpls" ? { extension } : {};
	const reply = build(
		ipv4({ source: isThere ? target : own, destination: header.source }),
		isThere ? icmpv4({ type: 3, code: 3, ...more }) : icmpv4({ type: 11, code: 0, ...more }),
		quoted,
	);
	await said.sendto(reply, { host: header.source, port: 0 });
}
