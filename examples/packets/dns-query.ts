/**
 * Asks a server of DNS, and shows what it answers: the records, or with a last argument `hexdump` every byte.
 *
 *   node dns-query.js 127.0.0.53 53 example.com A
 */
import { AF_INET, SOCK_DGRAM, Socket } from "berkeley";
import { build, type DnsType, dissect, dns, hexdump } from "berkeley/packet";

const [host = "127.0.0.53", port = "53", name = "example.com", type = "A", show = ""] = process.argv.slice(2);
const id = Math.floor(Math.random() * 65536);
const query = build(
	dns({
		id,
		recursionDesired: true,
		questions: [{ name, type: type as DnsType }],
		additionals: [{ type: "OPT" }],
	}),
);

using socket = new Socket(AF_INET, SOCK_DGRAM);
await socket.connect({ host, port: Number(port) });
await socket.send(query);
for (;;) {
	const packet = dissect(await socket.recv(65535, 0, { timeout: 5000 }), { first: dns });
	const reply = packet.get(dns);
	// Somebody may guess our port, but hardly this number too.
	if (reply === undefined || reply.id !== id || !reply.response) continue;
	if (show === "hexdump") process.stdout.write(hexdump(packet));
	else
		for (const { name: owner, type, ...data } of reply.answers)
			console.log(owner, type, JSON.stringify(data));
	break;
}
