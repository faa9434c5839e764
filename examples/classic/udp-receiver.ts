/**
 * Shows the datagrams that come, and who sent them. Nobody connects: a socket with a port is all that it takes.
 *
 *     node examples/dist/classic/udp-receiver.js [port]
 */
import { AF_INET, describeAddress, SOCK_DGRAM, Socket } from "berkeley";

using socket = new Socket(AF_INET, SOCK_DGRAM);
socket.bind({ host: "127.0.0.1", port: Number(process.argv[2] ?? 6667) });
console.log(`listening on port ${socket.getsockname().port}`);
for (;;) {
	const [data, sender] = await socket.recvfrom(65535); // What is longer than asked for would be cut.
	console.log(`${describeAddress(sender)} sends: ${data}`);
}
