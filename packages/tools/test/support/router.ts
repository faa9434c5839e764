/**
 * A router made by hand, which says of UDP packets to 10.9.9.9 that they expired at it, or from a time to live of 3 on
 * that nobody has the port there: run as a program in a host that does not forward. The argument says what is odd.
 */
import { AF_INET, AF_PACKET, IPPROTO_RAW, SOCK_DGRAM, SOCK_RAW, Socket } from "berkeley";
import { build, checksum, dissect, icmpv4, ipv4, udp } from "berkeley/packet";

const target = "10.9.9.9";
const ipv4Frames = 0x800;
const [device = "", own = "", how = ""] = process.argv.slice(2);

/** An extension with two MPLS labels, and an object of another class. */
function extension(): Buffer {
	const bytes = Buffer.from("20000000" + "000c0101" + "00010201" + "7fffff40" + "0008020501020304", "hex");
	bytes.writeUInt16BE(checksum(bytes), 2);
	return bytes;
}

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
	const tail =
		how === "mpls" ? [Buffer.concat([quoted, Buffer.alloc(128 - quoted.length), extension()])] : [quoted];
	const length = how === "mpls" ? 128 / 4 : 0;
	const reply = build(
		ipv4({ source: isThere ? target : own, destination: header.source }),
		isThere ? icmpv4({ type: 3, code: 3, length }) : icmpv4({ type: 11, code: 0, length }),
		...tail,
	);
	await said.sendto(reply, { host: header.source, port: 0 });
}
