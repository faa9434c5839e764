// @ts-check
/**
 * Receives datagrams, up to 64 at once, and looks at the size and the sender of each.
 *
 *   udp-receive.mjs callback|await [gro]
 */
import { AF_INET, DatagramBatch, SOCK_DGRAM, Socket, so, udp } from "berkeley";
import { counter, startCounting } from "./counting.mjs";

const [way = "callback", joined] = process.argv.slice(2);
const gro = joined === "gro";
const socket = new Socket(AF_INET, SOCK_DGRAM);
socket.set(so.rcvbuf, 4 << 20);
if (gro) socket.set(udp.gro, true);
socket.bind({ host: "127.0.0.1", port: 0 });
startCounting(socket.getsockname().port);

const batch = gro ? new DatagramBatch(AF_INET, 16, 65535) : new DatagramBatch(AF_INET, 64, 2048);
let lookedAt = 0;

function look() {
	let count = 0;
	for (const { data, address, segmentSize } of batch) {
		const { length } = data;
		const step = segmentSize || length;
		for (let at = 0; at < length; at += step, count++) lookedAt += /** @type {number} */ (data[at]);
		lookedAt += length + address.port;
	}
	counter.messages += count;
	if (lookedAt < 0) process.exit();
}

if (way === "callback") {
	socket.recvManyEach(batch, look);
} else {
	for (;;) {
		await socket.recvMany(batch);
		look();
	}
}
