/**
 * The handlers of the program `restarted`, for servers whose handlers come from a module, too.
 */
import { type Socket, SocketError } from "../../src/index.js";
import { BaseRequestHandler, DatagramRequestHandler } from "../../src/server/index.js";

/** How many requests were answered in this thread or process. */
export const count = { answered: 0 };

/** Answers every line of a connection. When the server is to stop it says so, and goes on until the client ends. */
export class Lines extends BaseRequestHandler<Socket> {
	override async handle(): Promise<void> {
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
				count.answered++;
				await request.sendall(`${line} ${this.#generation}\n`);
			}
		}
	}

	/** The process that accepts: children have a process id of their own. */
	get #generation(): unknown {
		return (this.server as { workerData?: unknown }).workerData ?? process.pid;
	}
}

/** Answers a datagram. */
export class Datagrams extends DatagramRequestHandler<number> {
	override async handle(): Promise<void> {
		count.answered++;
		const generation = (this.server as { workerData?: unknown }).workerData ?? process.pid;
		await this.wfile.write(`${`${await this.rfile.readline()}`.trimEnd()} ${generation}\n`);
	}
}
