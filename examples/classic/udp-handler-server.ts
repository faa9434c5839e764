/**
 * The same by the server framework: the server receives, and makes a handler for each datagram.
 *
 *     node examples/dist/classic/udp-handler-server.js [port]
 */
import { type AddressOf, describeAddress } from "berkeley";
import { BaseRequestHandler, type DatagramRequest, type Inet, UDPServer } from "berkeley/server";

class Acknowledging extends BaseRequestHandler<DatagramRequest<Inet>, AddressOf<Inet>> {
	override async handle() {
		const [data, socket] = this.request;
		console.log(`${describeAddress(this.clientAddress)} sends: ${data}`);
		await socket.sendto("Got your message!", this.clientAddress);
	}
}

const server = new UDPServer({ host: "127.0.0.1", port: Number(process.argv[2] ?? 8888) }, Acknowledging);
console.log(`listening on port ${server.serverAddress.port}`);
await server.serveForever();
