/**
 * Processes of test/programs/restarted.ts that replace each other, and a load on them whose requests are counted.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Address, AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, Socket } from "../../src/index.js";
import { runtimeArguments } from "./runtime.js";
import { freshName } from "./servers.js";

/** What a process says when it serves. */
export interface Serving {
	pid: number;
	predecessor?: number;
	address: Address;
}

/** What a process says when it has stopped. */
export interface Over {
	successor?: number;
	ended?: number;
	/** How many requests it answered; of handlers in threads and processes it is not known. */
	answered?: number;
}

/** A process of the program. */
export interface Generation {
	process: ChildProcess;
	serving: Serving;
	/** Sends a signal. Not `process.kill()`, after which Deno takes the child for dead. */
	kill(signal: NodeJS.Signals): void;
	/** What it says at its end, when it has ended without a failure. */
	over: Promise<Over>;
}

/** For one thing that is waited for. */
const patienceMs = 120_000;
/** For the whole life of a process, which may be several restarts of a busy machine long. */
const lifetimeMs = 600_000;

/** Starts the program, and waits until it serves. */
export async function startGeneration(kind: string, place: string, address: Address): Promise<Generation> {
	const program = fileURLToPath(new URL("../programs/restarted.js", import.meta.url));
	const args = [...runtimeArguments, program, kind, JSON.stringify(place), JSON.stringify(address)];
	const child = spawn(process.execPath, args, {
		stdio: ["ignore", "pipe", "inherit"],
		env: { ...process.env, NODE_TEST_CONTEXT: undefined },
	});
	const timer = setTimeout(() => child.kill("SIGKILL"), lifetimeMs);
	const ended = once(child, "close").finally(() => clearTimeout(timer));
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const next = async (): Promise<{ type: string }> => {
		const { value, done } = await lines.next();
		assert.ok(!done, "the server's process ended before it said what it should");
		return JSON.parse(value as string);
	};
	const serving = await next();
	assert.equal(serving.type, "serving");
	const over = (async () => {
		const message = await next();
		assert.equal(message.type, "over");
		assert.deepEqual(await ended, [0, null]);
		return message as unknown as Over;
	})();
	// Whoever waits for it is told.
	over.catch(() => {});
	const kill = (signal: NodeJS.Signals) => void process.kill(child.pid as number, signal);
	return { process: child, kill, serving: serving as unknown as Serving, over };
}

/** What a client waits between two requests, so that the next process has a processor to start on. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Requests on a server, counted. */
export class Load {
	/** How many requests were sent. */
	sent = 0;
	/** How many of them each process answered, by its pid. */
	readonly answers = new Map<number, number>();
	/** How many connections were made. */
	connections = 0;
	readonly #address: Address;
	readonly #family: number;
	readonly #clients: Promise<void>[] = [];
	#stopped = false;

	constructor(address: Address) {
		this.#address = address;
		this.#family = typeof address === "string" ? AF_UNIX : AF_INET;
	}

	/** Makes a connection for each request. */
	addFresh(count: number): void {
		for (let index = 0; index < count; index++) this.#begin(async () => this.#connection(() => false));
	}

	/** Sends one request after another on a connection, until the server says that it stops. */
	addKept(count: number): void {
		for (let index = 0; index < count; index++)
			this.#begin(async () => this.#connection(() => !this.#stopped));
	}

	/** Sends datagrams, each when the one before it was answered. */
	addDatagrams(count: number): void {
		for (let index = 0; index < count; index++) this.#begin(async () => this.#datagrams());
	}

	/** Sends no more, and waits for the answers. @throws what a client failed with */
	async stop(): Promise<void> {
		this.#stopped = true;
		await Promise.all(this.#clients);
	}

	/** Waits until a process has answered so many requests. */
	async answeredBy(pid: number, count: number): Promise<void> {
		const answered = async () => {
			const start = performance.now();
			while ((this.answers.get(pid) ?? 0) < count) {
				assert.ok(performance.now() - start < patienceMs, `process ${pid} answers nothing`);
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
		};
		await Promise.race([answered(), Promise.all(this.#clients)]);
	}

	#begin(work: () => Promise<void>): void {
		const client = (async () => {
			while (!this.#stopped) await work();
		})();
		// stop() and answeredBy() tell.
		client.catch(() => {});
		this.#clients.push(client);
	}

	async #connection(goesOn: () => boolean): Promise<void> {
		using socket = new Socket(this.#family, SOCK_STREAM);
		socket.settimeout(patienceMs);
		await socket.connect(this.#address);
		this.connections++;
		let text = "";
		let bye = false;
		do {
			const request = `request ${this.sent++}`;
			await socket.sendall(`${request}\n`);
			for (let answered = false; !answered; ) {
				const end = text.indexOf("\n");
				if (end < 0) {
					const piece = await socket.recv(4096);
					assert.ok(piece.length > 0, `${request} got no answer`);
					text += piece;
					continue;
				}
				const line = text.slice(0, end);
				text = text.slice(end + 1);
				if (line === "bye") bye = true;
				else {
					this.#count(request, line);
					answered = true;
				}
			}
			await rest();
		} while (goesOn() && !bye);
		assert.ok(text === "" || text === "bye\n", `more came than was asked for: ${text}`);
	}

	async #datagrams(): Promise<void> {
		using socket = new Socket(this.#family, SOCK_DGRAM);
		socket.settimeout(patienceMs);
		if (this.#family === AF_UNIX) socket.bind(freshName());
		await socket.connect(this.#address);
		while (!this.#stopped) {
			const request = `request ${this.sent++}`;
			await socket.send(`${request}\n`);
			this.#count(request, `${await socket.recv(4096)}`.trimEnd());
			await rest();
		}
	}

	#count(request: string, answer: string): void {
		const pid = Number(answer.slice(request.length + 1));
		assert.equal(answer, `${request} ${pid}`);
		this.answers.set(pid, (this.answers.get(pid) ?? 0) + 1);
	}
}
