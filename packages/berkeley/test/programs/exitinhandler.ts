/**
 * A handler that ends the process with the code 3.
 */
import { createConnection } from "../../src/index.js";
import { StreamRequestHandler, TCPServer } from "../../src/server/index.js";

class Leaving extends StreamRequestHandler {
	override handle() {
		console.log("the handler is called");
		process.exit(3);
	}
}

const server = new TCPServer({ host: "127.0.0.1", port: 0 }, Leaving);
server.handleError = () => console.log("the error is handled");
const serving = server.serveForever();
await createConnection(server.serverAddress);
await serving;
