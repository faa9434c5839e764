/**
 * A server that is replaced by the next process of the same program: `restarted KIND PLACE ADDRESS`. It answers each
 * line with the line and its pid, and says on its standard output, a line of JSON each, that it serves, and how many
 * lines it answered.
 *
 * - KIND is the name of a class of servers
 * - PLACE is the meeting place, as JSON
 * - ADDRESS is where it serves, as JSON
 */
import { type Socket, SocketError } from "../../src/index.js";
import * as all from "../../src/server/index.js";

const [, , kind = "", place = "", address = ""] = process.argv;
const say = (message: object) =>
	new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, resolve));

let answered = 0;

/** Answers every line of a connection. When the server is to stop it says so, and goes on until the client ends. */
class Lines extends all.BaseRequestHandler<Socket> {
	override async handle() {
		const { request, server } = this;
		const { stopping } = server;
		let text = "";
		for (let told = false; ; ) {
			let piece: Buffer;
			try {
				if (stopping.aborted && !told) {
					told = true;
					await request.sendall("bye\n");
				}
				piece = await request.recv(4096, 0, told ? {} : { signal: stopping });
			} catch (error) {
				if (stopping.aborted && !told) continue;
				// The client has its answers, and went without waiting for more.
				if (told && text === "" && error instanceof SocketError) return;
				throw error;
			}
			if (piece.length === 0) return;
			text += piece;
			for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
				const line = text.slice(0, end);
				text = text.slice(end + 1);
				answered++;
				await request.sendall(`${line} ${process.pid}\n`);
			}
		}
	}
}

class Datagrams extends all.DatagramRequestHandler<number> {
	override async handle() {
		answered++;
		await this.wfile.write(`${`${await this.rfile.readline()}`.trimEnd()} ${process.pid}\n`);
	}
}

type ServerClass = new (address: unknown, handler: unknown) => all.TCPServer;
const Server = (all as unknown as Record<string, ServerClass>)[kind] as ServerClass;
const server = new Server(JSON.parse(address), /UDP|Datagram/.test(kind) ? Datagrams : Lines);
server.requestQueueSize = 1024;
server.gracePeriod = null;
const restart = await all.restartable(server, JSON.parse(place), { signals: true });
await say({
	type: "serving",
	pid: process.pid,
	predecessor: restart.predecessor,
	address: server.serverAddress,
});
const outcome = await restart.done;
await server.ended;
server.serverClose();
await say({ type: "over", successor: outcome?.pid, ended: outcome?.ended, answered });
