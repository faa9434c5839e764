/**
 * Reads a capture, and writes it again with a comment at every TCP segment whose data have been sent before, which
 * Wireshark shows. A third argument is a filter.
 *
 *   node mark-retransmissions.js from.pcap to.pcapng 'port 443'
 */
import { createCapture, openCapture } from "berkeley/capture";
import { dissect, ipv4, ipv6, tcp } from "berkeley/packet";

const [from = "from.pcap", to = "to.pcapng", filter = "tcp"] = process.argv.slice(2);

/** By the direction of a connection: how far its data have come, and when they did. */
const sent = new Map<string, { next: number; time: number }>();
let marked = 0;

const reader = await openCapture(from, { filter });
await using writer = await createCapture(to, { section: { application: "mark-retransmissions" } });
for await (const packet of reader) {
	const layers = dissect(packet.bytes, { link: packet.link });
	const ip = layers.get(ipv4) ?? layers.get(ipv6);
	const segment = layers.get(tcp);
	let comment = packet.comment;
	if (ip !== undefined && segment !== undefined && segment.payload.length > 0) {
		const way = `${ip.source} ${segment.sourcePort} ${ip.destination} ${segment.destinationPort}`;
		const time = packet.seconds + packet.nanoseconds / 1e9;
		const before = sent.get(way);
		const next = segment.sequence + segment.payload.length;
		// Sequence numbers begin again at 0 behind the last: what is less than half of them ahead is new.
		if (before !== undefined && ((next - before.next) | 0) <= 0) {
			comment = `sent again, ${((time - before.time) * 1000).toFixed(1)} ms after the last new data`;
			marked++;
		} else sent.set(way, { next, time });
	}
	if (!writer.write({ ...packet, comment })) await writer.drain();
}
console.log(`${writer.packets} packets, ${marked} of them sent again`);
