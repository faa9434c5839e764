/**
 * Handlers for child processes: a client says by a line what they are to do.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { AF_UNIX, fromfd, SOCK_SEQPACKET } from "../../src/index.js";
import { DatagramRequestHandler, StreamRequestHandler } from "../../src/server/index.js";

/** What descriptors a process has: the targets of the links in /proc, by number. */
function descriptors(): [fd: number, target: string][] {
	return readdirSync("/proc/self/fd").flatMap((fd) => {
		try {
			return [[Number(fd), readlinkSync(`/proc/self/fd/${fd}`)]];
		} catch {
			return []; // The one through which the directory was read.
		}
	});
}

/** For ever, without giving way to the event loop. */
function spin(): never {
	for (;;);
}

/** Does one thing for each line. */
export class OnDemand extends StreamRequestHandler<number> {
	/** Whether this process handles a request. */
	static busy = false;

	override setup() {
		if (OnDemand.busy) throw new Error("two requests at a time");
		OnDemand.busy = true;
		return super.setup();
	}

	override async finish() {
		OnDemand.busy = false;
		await super.finish();
	}

	override async handle() {
		for await (const line of this.rfile) {
			const [verb = "", ...rest] = `${line}`.trimEnd().split(" ");
			const answer = await this.#do(verb, rest.join(" "));
			await this.wfile.write(`${answer}\n`);
		}
	}

	async #do(verb: string, word: string): Promise<string> {
		switch (verb) {
			case "pid":
				return `${process.pid}`;
			case "echo":
				return word;
			case "kill":
				process.kill(process.pid, word);
				return spin();
			case "exit":
				return process.exit(Number(word));
			case "crash":
				// What the runtime writes of it is no failure of the test.
				closeSync(2);
				openSync("/dev/null", "w");
				setImmediate(() => {
					throw new Error("nobody catches this");
				});
				return await new Promise(() => {});
			case "throw":
				throw Object.assign(new RangeError(word, { cause: new Error("the cause") }), { code: "ECHILDS" });
			case "spin":
				// Told first, so that the client knows.
				await this.wfile.write(`spinning ${process.pid}\n`);
				return spin();
			case "block":
				await this.wfile.write("blocking\n");
				return `${this.connection.recvSync(100)}`;
			case "hold":
				await this.wfile.write("holding\n");
				return await new Promise(() => {});
			case "tidy":
				// Has something to do when it is ended.
				await this.wfile.write("holding\n");
				return await new Promise((_, reject) => {
					const { signal } = this;
					signal.addEventListener("abort", () => {
						setTimeout(() => writeFileSync(word, `${signal.reason.code}`), 20);
						reject(signal.reason);
					});
				});
			case "stopping": {
				// Lets its client go when the server begins to shut down.
				await this.wfile.write("waiting\n");
				const { stopping } = this.server;
				if (!stopping.aborted) await once(stopping, "abort");
				return "the server stops";
			}
			case "descriptors":
				return JSON.stringify(descriptors());
			case "descriptors-of-program":
				return JSON.stringify(
					spawnSync("ls", ["-l", "/proc/self/fd"], { encoding: "utf8" }).stdout.split("\n"),
				);
			case "garbage": {
				// What no handler should do: 3 is its process's channel to the server.
				using channel = fromfd(3, AF_UNIX, SOCK_SEQPACKET);
				channel.sendSync("garbage");
				return await new Promise(() => {});
			}
			case "arguments":
				return JSON.stringify(process.execArgv);
			case "timeout":
				return `${this.connection.gettimeout()}`;
			case "address":
				return JSON.stringify([this.clientAddress, this.server.serverAddress]);
			case "data":
				return JSON.stringify((this.server as { workerData?: unknown }).workerData);
			default:
				throw new TypeError(`there is no ${verb}`);
		}
	}
}

/** Answers a datagram with the process's id and the datagram's length; ends the process on demand. */
export class Datagrams extends DatagramRequestHandler<number> {
	override async handle() {
		const [verb, word = ""] = `${this.packet}`.split(" ");
		if (verb === "kill") process.kill(process.pid, word);
		await this.wfile.write(`${process.pid} ${this.packet.length}`);
	}
}

/** A function. */
export default async function greet(connection: { sendall(data: string): Promise<void> }): Promise<void> {
	await connection.sendall(`hello from ${process.pid}`);
}

/** No handler. */
export const number = 42;
