/**
 * Sends each datagram back to where it came from.
 *
 *     node examples/dist/classic/udp-echo-server.js [port]
 */
import { AF_INET, describeAddress, SOCK_DGRAM, Socket } from "berkeley";

using socket = new Socket(AF_INET, SOCK_DGRAM);
socket.bind({ host: "127.0.0.1", port: Number(process.argv[2] ?? 8888) });
console.log(`listening on port ${socket.getsockname().port}`);
for (;;) {
	const [data, client] = await socket.recvfrom(65535);
	console.log(`${describeAddress(client)} sends: ${data}`);
	await socket.sendto(data, client);
}
