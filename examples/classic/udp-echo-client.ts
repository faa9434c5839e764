/**
 * Sends a datagram and waits for the answer: of udp-echo-server, or of udp-handler-server.
 *
 *     node examples/dist/classic/udp-echo-client.js [port] [text]
 */
import { AF_INET, describeAddress, SOCK_DGRAM, Socket } from "berkeley";

const [port = "8888", text = "hello client"] = process.argv.slice(2);

using socket = new Socket(AF_INET, SOCK_DGRAM);
socket.settimeout(5000); // A datagram may be lost, and nobody be there: without this it might wait for ever.
await socket.sendto(text, { host: "127.0.0.1", port: Number(port) });
const [answer, server] = await socket.recvfrom(65535);
console.log(`${describeAddress(server)} answers: ${answer}`);
