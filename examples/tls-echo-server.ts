/**
 * The upper-case echo over TLS. It takes a renewed certificate at SIGHUP, without missing a connection, and believes
 * the headers (PROXY protocol) of the proxies in the given blocks about who the client is.
 *
 *     node examples/dist/tls-echo-server.js key.pem cert.pem [port] [10.0.0.0/8…]
 *
 * To talk to it: openssl s_client -quiet -connect localhost:6970
 */
import { Cidr } from "berkeley";
import { AsyncTCPServer, TlsRequestHandler } from "berkeley/server";

class UpperCase extends TlsRequestHandler {
	override async handle(): Promise<void> {
		const { host, port } = this.clientAddress;
		console.log(`${host}:${port} has come, asking for ${this.connection.servername() ?? "nobody"}`);
		for await (const line of this.rfile) await this.wfile.write(`${line}`.toUpperCase());
	}
}

const [keyFile, certFile, port = "6970", ...blocks] = process.argv.slice(2);
if (keyFile === undefined || certFile === undefined) {
	console.error("call it with the files of a key and its certificate");
	process.exit(2);
}
const tls = { keyFile, certFile, reloadSignal: true };
const proxyProtocol = blocks.length === 0 ? null : { trusted: blocks.map((block) => new Cidr(block)) };

class Server extends AsyncTCPServer {
	override proxyProtocol = proxyProtocol;
	override idleTimeout = 60_000;

	override tlsReloaded(): void {
		console.log("the certificate was read again");
	}
}

const server = new Server({ host: "", port: Number(port) }, UpperCase, { tls });
console.log(`listening on port ${server.serverAddress.port}`);
await server.serveForever({ signals: true });
