/**
 * Many datagrams with one system call: an echo server, and a client that counts what comes back.
 *
 *     node examples/dist/udp-batches.js serve [port]
 *     node examples/dist/udp-batches.js count [port] [datagrams]
 */
import { AF_INET, DatagramBatch, SOCK_DGRAM, Socket } from "berkeley";

const [role = "serve", port = "6971", datagrams = "10000"] = process.argv.slice(2);
using socket = new Socket(AF_INET, SOCK_DGRAM);
// Room for 64 datagrams of at most 1500 bytes, used again and again.
const batch = new DatagramBatch(AF_INET, 64, 1500);

if (role === "serve") {
	socket.bind({ host: "127.0.0.1", port: Number(port) });
	console.log(`listening on port ${socket.getsockname().port}`);
	for (;;) {
		await socket.recvMany(batch); // All that are there, at least one.
		await socket.sendMany(batch); // Each goes back to where it came from; nothing was copied.
	}
}

await socket.connect({ host: "127.0.0.1", port: Number(port) });
const window = 32; // Not more at once than the sockets have room for.
let back = 0;
for (let sent = 0; sent < Number(datagrams); sent += window) {
	const payloads = Array.from({ length: window }, (_, index) => `datagram ${sent + index}`);
	await socket.sendMany(payloads, 0, { gso: true }); // The kernel may take them as one, and cut them again.
	for (let missing = window; missing > 0; missing -= batch.length) {
		await socket.recvMany(batch, 0, { timeout: 1000 });
		for (const { data } of batch) if (data.toString().startsWith("datagram")) back++;
	}
}
console.log(`${back} came back`);
