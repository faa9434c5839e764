/**
 * Handlers that run in the worker threads of the tests: they do what a line tells them, the worst included.
 */
import { threadId } from "node:worker_threads";
import { type Address, Socket, socketpair } from "../../src/index.js";
import { BaseRequestHandler, type RequestContext, StreamRequestHandler } from "../../src/server/index.js";

class Unusual extends Error {
	override name = "Unusual";
	code = "EUNUSUAL";
	detail = { not: "plain" };
}

/** Answers lines of a connection; each is a command and its argument. */
export class Commands extends StreamRequestHandler<number> {
	override async handle() {
		for await (const line of this.rfile) {
			const [command = "", argument = ""] = `${line}`.trim().split(" ");
			const answer = await this.#obey(command, argument);
			await this.wfile.write(`${answer}\n`);
		}
	}

	async #obey(command: string, argument: string): Promise<unknown> {
		switch (command) {
			case "thread":
				return threadId;
			case "server": {
				const { server } = this;
				const { workerData, idleTimeout } = server as unknown as Record<string, unknown>;
				const { serverAddress, activeRequests, serving } = server;
				const statistics = server.statistics();
				return JSON.stringify({
					workerData,
					idleTimeout,
					serverAddress,
					activeRequests,
					serving,
					statistics,
					fileno: (server as unknown as { fileno(): number }).fileno(),
				});
			}
			case "exit":
				return process.exit(Number(argument));
			case "uncaught":
				setImmediate(() => {
					throw new Error("nobody catches it");
				});
				return await new Promise(() => {});
			case "later": {
				// When the request is over.
				setTimeout(() => process.exit(4), Number(argument));
				return "soon";
			}
			case "throw": {
				if (argument === "value") throw "a text";
				if (argument === "range") throw new RangeError("out of range", { cause: new Unusual("deep") });
				throw new Unusual("so unusual");
			}
			case "spin":
				await this.wfile.write("spinning\n");
				for (;;);
			case "hang":
				return await new Promise(() => {});
			case "recvSync":
				await this.wfile.write("blocking\n");
				return `${this.request.recvSync(100)}`.trim();
			case "stuck": {
				// Nobody ever writes to it.
				const [one, other] = socketpair();
				await this.wfile.write("blocking\n");
				one.recvSync(1);
				return other.fileno();
			}
			case "stopping":
				await this.wfile.write("waiting\n");
				return await new Promise((resolve) => {
					this.server.stopping.addEventListener("abort", () => resolve("goodbye"));
				});
			case "signal":
				return await new Promise((resolve) => {
					this.signal.addEventListener("abort", () => resolve(this.signal.reason));
				});
			default:
				return `${command} ${argument}`.toUpperCase().trim();
		}
	}
}

/** What arrives before a datagram's handler is asked for it is what the socket has. */
export class Datagrams extends BaseRequestHandler<[data: Buffer, socket: Socket], Address> {
	override async handle() {
		const [data, socket] = this.request;
		if (!(socket instanceof Socket) || !Buffer.isBuffer(data)) throw new TypeError("that is no request");
		if (`${data}` === "exit") process.exit(5);
		await socket.sendto(`${threadId} ${data}`.toUpperCase(), this.clientAddress);
	}
}

/** A function as a handler. */
export async function shout(connection: Socket, { clientAddress }: RequestContext<Address>): Promise<void> {
	const { host } = clientAddress as { host: string };
	await connection.sendall(`${await connection.recv(100)} from ${host}`.toUpperCase());
}

/** The default export. */
export default Commands;

/** Is no handler. */
export const number = 5;
