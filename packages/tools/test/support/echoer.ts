/**
 * A host's answers to echo requests, made by hand, in place of the kernel's: run as a program in a host whose own are
 * turned off. The argument says how they are wrong. It prints each request with its IP header in hexadecimal.
 */
import { AF_INET, IPPROTO_ICMP, SOCK_RAW, Socket } from "berkeley";
import { build, dissect, ICMP_ECHO, ICMP_ECHOREPLY, icmpv4, ipv4 } from "berkeley/packet";

const [how = ""] = process.argv.slice(2);
using socket = new Socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
console.log("ready");
for (;;) {
	const [data, address] = await socket.recvfrom(65536);
	const view = dissect(data, { first: ipv4 }).get(icmpv4);
	if (view === undefined || view.type !== ICMP_ECHO) continue;
	console.log(data.toString("hex"));
	const payload = Buffer.from(data.subarray(view.payloadStart, view.end));
	const { identifier = 0, sequence = 0 } = view;
	if (how === "corrupt" && payload.length > 20) payload[20] = 0xff;
	const wrong = how === "badsum" ? { checksum: 0x1234 } : {};
	const body = how === "long" ? Buffer.concat([payload, Buffer.alloc(500)]) : payload;
	const reply = build(icmpv4({ type: ICMP_ECHOREPLY, identifier, sequence, ...wrong }), body);
	for (let times = how === "twice" ? 2 : 1; times > 0; times--) await socket.sendto(reply, address);
}
