/**
 * Worker threads that have listening sockets of their own, on one port.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AF_INET6, Cidr, createConnection, hasIpv6, type Socket } from "../src/index.js";
import {
	serve,
	ThreadingTCPServer,
	ThreadingUDPServer,
	ThreadingUnixStreamServer,
} from "../src/server/index.js";
import { ListeningThreads } from "../src/server/listeningthreads.js";
import { readCounts } from "../src/server/remote/listener.js";
import type { ListeningPlace } from "../src/server/threadplace.js";
import { noCounts } from "./support/counts.js";
import { expectThreads } from "./support/leaks.js";
import { isDeno } from "./support/runtime.js";
import { freshName } from "./support/servers.js";
import { until } from "./support/until.js";

expectThreads();

const anywhere = { host: "127.0.0.1", port: 0 };
const commands = new URL("./support/threadhandlers.js#Commands", import.meta.url);

class Listening extends ThreadingTCPServer {
	override workers = 2;
	override listenInWorkers = true;
	override requestQueueSize = 100;
	readonly errors: unknown[] = [];

	constructor(address: { host: string; port: number } = anywhere) {
		super(address, commands);
	}

	override handleError(request: Socket, clientAddress: { host: string }, error: unknown): void {
		assert.equal(request.closed, true);
		assert.equal(clientAddress.host, "127.0.0.1");
		this.errors.push(error);
	}

	override handleWorkerError(error: Error): void {
		this.errors.push(error);
	}
}

/** A client that says nothing yet. */
async function silentClientOf(server: Listening): Promise<Socket> {
	for (;;) {
		try {
			return (await createConnection(server.serverAddress)) as Socket;
		} catch (error) {
			// Until the first of the threads listens.
			if ((error as { code?: string }).code !== "ECONNREFUSED") throw error;
			await new Promise(setImmediate);
		}
	}
}

/** A client, and a line that it is answered. */
async function clientOf(server: Listening, text: string): Promise<{ client: Socket; line: string }> {
	const client = await silentClientOf(server);
	await client.sendall(`${text}\n`);
	return { client, line: `${await client.recv(100)}`.trim() };
}

async function ask(server: Listening, text: string): Promise<string> {
	const { client, line } = await clientOf(server, text);
	client.close();
	return line;
}

describe("listenInWorkers", () => {
	test("has the kernel share the connections out, and counts them all", async () => {
		await using server = new Listening();
		const serving = server.serveForever();
		const threads = new Set<string>();
		let asked = 0;
		while (threads.size < 2) {
			threads.add(await ask(server, "thread"));
			asked++;
		}
		const { client } = await clientOf(server, "x");
		await until(() => server.statistics().finished === asked);
		const counts = { ...noCounts, accepted: asked + 1, active: 1 };
		assert.deepEqual(server.statistics(), { ...counts, finished: asked });
		assert.equal(server.activeRequests, 1);
		client.close();
		await until(() => server.activeRequests === 0);
		assert.equal(await server.shutdown(), 0);
		await serving;
		assert.equal(server.statistics().finished, asked + 1);
		assert.deepEqual(server.errors, []);
	});

	test("tells by handleError() what handlers fail with", async () => {
		await using server = new Listening();
		void server.serveForever();
		assert.equal(await ask(server, "throw range"), "");
		await until(() => server.errors.length === 1);
		assert.ok(server.errors[0] instanceof RangeError);
		assert.equal(server.statistics().failed, 1);
	});

	test("heeds the lists of addresses, and the timeouts", async () => {
		await using server = new Listening();
		server.deny = [new Cidr("127.0.0.0/8")];
		void server.serveForever();
		assert.equal(await ask(server, "x").catch(() => ""), "");
		await until(() => server.statistics().refused === 1);
		await server.shutdown();
		server.deny = [];
		server.totalTimeout = 20;
		void server.serveForever();
		// It says nothing: what was not read when the time is over would be answered by a reset.
		using client = await silentClientOf(server);
		assert.equal((await client.recv(1)).length, 0);
		await until(() => server.errors.length === 1);
		assert.match(String(server.errors[0]), /timed out after 20 ms/);
	});

	test("shutdown() ends after the grace time what is under way, be it busy or waiting", async () => {
		const server = new Listening();
		// In that time the one that waits has said that it is down, on a busy machine too; the busy one never does.
		server.workerPatience = 1000;
		const serving = server.serveForever();
		const clients: Socket[] = [];
		// Until there is one of each thread: the busy one answers no other.
		const waiting = await clientOf(server, "thread");
		clients.push(waiting.client);
		for (;;) {
			const { client, line } = await clientOf(server, "thread");
			if (line === waiting.line) {
				client.close();
				continue;
			}
			clients.push(client);
			await client.sendall("spin\n");
			assert.equal(`${await client.recv(100)}`, "spinning\n");
			break;
		}
		await until(() => server.activeRequests === 2);
		assert.equal(await server.shutdown({ grace: 20 }), 2);
		await serving;
		assert.deepEqual(server.errors, []);
		for (const client of clients) {
			// Deno does not end a thread that computes, though it says so, nor close what it had.
			if (!isDeno) assert.equal((await client.recv(1).catch(() => "")).length, 0);
			client.close();
		}
		server.serverClose();
	});

	test("shutdown() counts what a thread has ended that is killed before it says so", async () => {
		const threads = new ListeningThreads({ handlerFailed() {}, acceptFailed() {} });
		await threads.start(async (counts) => {
			const position = Object.keys(readCounts(counts)).indexOf("ended");
			Atomics.store(counts, position, 3); // By the total timeout, long ago.
			let die = (_reason: Error): void => {};
			const gone = new Promise<Error>((resolve) => {
				die = resolve;
			});
			const place: Partial<ListeningPlace> = {
				gone,
				shutDown: () => void Atomics.add(counts, position, 2),
				kill: () => die(new Error("killed")),
			};
			return place as ListeningPlace;
		});
		assert.equal(await threads.shutdown(0, 0, () => {}), 2);
		assert.equal(threads.counts.ended, 5);
	});

	test("a thread that ends is replaced, and handleWorkerError() is told", async () => {
		await using server = new Listening();
		server.workers = 1;
		void server.serveForever();
		const thread = await ask(server, "thread");
		await until(() => server.statistics().finished === 1);
		assert.equal(await ask(server, "exit 7"), "");
		await until(() => server.errors.length === 1);
		assert.match(String(server.errors[0]), /WorkerExitError: worker thread \d+ ended with exit code 7/);
		assert.notEqual(await ask(server, "thread"), thread);
		await until(() => server.statistics().finished === 2);
		const { accepted, finished, failed } = server.statistics();
		assert.deepEqual({ accepted, finished, failed }, { accepted: 3, finished: 2, failed: 1 });
	});

	test("serves over IPv6", { skip: hasIpv6() ? false : "this machine has no IPv6" }, async () => {
		class Listening6 extends Listening {
			override readonly addressFamily = AF_INET6;
		}
		await using server = new Listening6({ host: "::1", port: 0 });
		void server.serveForever();
		assert.equal(await ask(server, "x"), "X");
	});

	test("closing ends the threads when they are through", async () => {
		const server = new Listening();
		server.workers = 1;
		const serving = server.serveForever();
		const { client } = await clientOf(server, "x");
		server.serverClose();
		await serving;
		await client.sendall("y\n");
		assert.equal(`${await client.recv(100)}`, "Y\n");
		client.close();
		await until(() => server.activeRequests === 0);
	});

	test("is an option of serve()", async () => {
		await using server = serve(anywhere, commands, { workers: 1, listenInWorkers: true });
		assert.equal(await ask(server as unknown as Listening, "x"), "X");
	});

	test("is refused where ports cannot be shared so, and handleRequest() with it", async () => {
		const handlers = new URL("./support/threadhandlers.js#Datagrams", import.meta.url);
		for (const server of [
			new ThreadingUDPServer(anywhere, handlers),
			new ThreadingUnixStreamServer(freshName(), commands),
		]) {
			server.listenInWorkers = true;
			await assert.rejects(server.serveForever(), /listenInWorkers is for servers of TCP connections/);
			server.serverClose();
		}
		const server = new Listening();
		await assert.rejects(server.handleRequest(), /serveForever\(\) alone/);
		server.serverClose();
	});
});
