/**
 * Who is there? A question to everybody on the network, and the answers of those who heard it.
 *
 *     node examples/dist/classic/udp-broadcast.js answer [port]
 *     node examples/dist/classic/udp-broadcast.js ask [port] [broadcast address] [milliseconds]
 *
 * 127.255.255.255, where it asks when it is not told, reaches this machine alone. It waits until nobody has
 * answered for a second, or as long as it is told.
 */
import { AF_INET, gethostname, SOCK_DGRAM, Socket, so, TimeoutError } from "berkeley";

const [role = "ask", port = "6970", host = "127.255.255.255", patience = "1000"] = process.argv.slice(2);
using socket = new Socket(AF_INET, SOCK_DGRAM);

if (role === "answer") {
	socket.set(so.reuseaddr, true); // Several may answer on one machine.
	socket.bind({ host: "", port: Number(port) });
	console.log(`listening on port ${socket.getsockname().port}`);
	for (;;) {
		const [question, address] = await socket.recvfrom(1500);
		console.log(`${address.host}:${address.port} asks: ${question}`);
		await socket.sendto(`${gethostname()}, process ${process.pid}`, address);
	}
}

socket.set(so.broadcast, true); // Without it, sending to a broadcast address is EACCES.
await socket.sendto("who is there?", { host, port: Number(port) });
socket.settimeout(Number(patience));
try {
	for (;;) {
		const [answer, address] = await socket.recvfrom(1500);
		console.log(`${address.host}:${address.port} answers: ${answer}`);
	}
} catch (error) {
	if (!(error instanceof TimeoutError)) throw error;
}
