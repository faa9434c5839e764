/**
 * Is greeted by greeting-server, and sends a request.
 *
 *     node examples/dist/classic/greeting-client.js [port] [request]
 */
import { AF_INET, describeAddress, SOCK_STREAM, Socket } from "berkeley";

const [port = "8888", request = "hello server"] = process.argv.slice(2);

using socket = new Socket(AF_INET, SOCK_STREAM);
socket.connectSync({ host: "127.0.0.1", port: Number(port) });
console.log(
	`${describeAddress(socket.getsockname())} is greeted by ${describeAddress(socket.getpeername())}`,
);
console.log(`${socket.recvSync(1024)}`);
socket.sendallSync(request);
