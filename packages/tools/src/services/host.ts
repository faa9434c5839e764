/**
 * Runs services: listens for each, serves whoever comes, and says what happens.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Address, describeAddress, type Socket } from "berkeley";
import { codeOf, describeFailure } from "../failure.js";
import { openListener } from "../transfer/open.js";
import type { Connection, Service } from "./service.js";

const chunkSize = 0x10000;

// accept(2) hands on what went wrong with a connection before anybody accepted it; the next one may be fine.
const ofTheConnection = new Set(
	"ECONNABORTED EPROTO ENETDOWN ENOPROTOOPT EHOSTDOWN ENONET EHOSTUNREACH EOPNOTSUPP ENETUNREACH EPERM".split(
		" ",
	),
);
// Descriptors or memory ran out. The connection stays in line, so that trying at once would fail again.
const ofTheMachine = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);
const pause = 100;

/** Services that run. */
export class Host {
	readonly #log: (line: string) => void;
	readonly #listeners = new Set<Socket>();
	readonly #connections = new Set<Socket>();
	readonly #loops: Promise<void>[] = [];
	readonly #stopped = new AbortController();

	/** @param log takes a line about each connection that comes and goes */
	constructor(log: (line: string) => void) {
		this.#log = log;
	}

	/** How many clients are connected. */
	get connections(): number {
		return this.#connections.size;
	}

	/** Runs a service there, and gives the address that it listens on. */
	async start(service: Service, host: string, port: number): Promise<Address> {
		const place = { kind: "stream", host, port: String(port), version: undefined } as const;
		const listener = await openListener(place, this.#stopped.signal);
		this.#listeners.add(listener);
		this.#loops.push(this.#accept(listener, service));
		return listener.getsockname();
	}

	/** Settles when all services have stopped; rejects when one cannot go on. */
	async ended(): Promise<void> {
		await Promise.all(this.#loops);
	}

	/** Closes everything. */
	stop(): void {
		this.#stopped.abort();
		for (const socket of [...this.#listeners, ...this.#connections]) socket.close();
	}

	async #accept(listener: Socket, service: Service): Promise<void> {
		const serving = new Set<Promise<void>>();
		while (!this.#stopped.signal.aborted) {
			try {
				const [socket, peer] = await listener.accept();
				const served = this.#serve(socket, describeAddress(peer), service);
				serving.add(served);
				void served.finally(() => serving.delete(served));
			} catch (error) {
				if (this.#stopped.signal.aborted) break;
				const code = codeOf(error) ?? "";
				if (ofTheConnection.has(code)) continue;
				if (!ofTheMachine.has(code)) throw error;
				this.#log(`${service.name}: ${describeFailure(error)}`);
				await delay(pause, undefined, { signal: this.#stopped.signal }).catch(() => {});
			}
		}
		await Promise.all(serving);
	}

	async #serve(socket: Socket, peer: string, service: Service): Promise<void> {
		const began = performance.now();
		this.#connections.add(socket);
		let [received, sent] = [0, 0];
		const connection: Connection = {
			async receive() {
				const data = await socket.recv(chunkSize);
				received += data.length;
				return data;
			},
			async send(data) {
				await socket.sendall(data);
				sent += data.length;
			},
		};
		this.#log(`${service.name}: ${peer} connected`);
		let how = "ended";
		try {
			await service.serve(connection);
		} catch (error) {
			how = this.#stopped.signal.aborted ? "closed" : `failed (${describeFailure(error)})`;
		}
		this.#connections.delete(socket);
		socket.close();
		const seconds = ((performance.now() - began) / 1000).toFixed(1);
		this.#log(`${service.name}: ${peer} ${how} after ${seconds} s: ${received} bytes in, ${sent} bytes out`);
	}
}
