/**
 * What handlers do wrong in worker threads, and what becomes of the others: of every request that was accepted one
 * hears, and no thread stays.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { timeoutError } from "../src/errors.js";
import { type AF_INET, createConnection, type Socket } from "../src/index.js";
import { ThreadingTCPServer, ThreadingUDPServer, WorkerExitError } from "../src/server/index.js";
import { expectThreads } from "./support/leaks.js";
import { isDeno } from "./support/runtime.js";
import { gate } from "./support/servers.js";
import { turns, until } from "./support/until.js";

expectThreads();

const anywhere = { host: "127.0.0.1", port: 0 };
const commands = new URL("./support/threadhandlers.js#Commands", import.meta.url);

/** A server with its errors and requests collected. */
function makeServer(workers: number): { server: ThreadingTCPServer; errors: Error[]; requests: Socket[] } {
	const server = new ThreadingTCPServer(anywhere, commands);
	server.workers = workers;
	server.requestQueueSize = 100;
	const errors: Error[] = [];
	server.handleError = (_request, _address, error) => void errors.push(error as Error);
	server.handleWorkerError = (error) => void errors.push(error);
	const requests: Socket[] = [];
	server.verifyRequest = (request) => requests.push(request) > 0;
	return { server, errors, requests };
}

/** A client that speaks in lines. */
class Client {
	readonly socket: Socket;
	readonly #lines;

	constructor(socket: Socket) {
		this.socket = socket;
		this.#lines = socket.makefile("rb");
	}

	static async of(server: ThreadingTCPServer): Promise<Client> {
		return new Client((await createConnection(server.serverAddress)) as Socket<typeof AF_INET>);
	}

	/** The next line; "" when the connection is closed or reset. */
	async line(): Promise<string> {
		return `${await this.#lines.readline().catch(() => "")}`.trim();
	}

	async ask(text: string): Promise<string> {
		await this.socket.sendall(`${text}\n`);
		return await this.line();
	}

	[Symbol.dispose](): void {
		this.socket.close();
	}
}

/** Clients of all threads, one each. Who comes before a thread has started is handed to another. */
async function clientOfEach(server: ThreadingTCPServer): Promise<Client[]> {
	const clients = new Map<string, Client>();
	while (clients.size < server.workers) {
		const client = await Client.of(server);
		const thread = await client.ask("thread");
		if (clients.has(thread)) client.socket.close();
		else clients.set(thread, client);
	}
	await until(() => server.activeRequests === server.workers);
	return [...clients.values()];
}

describe("a worker thread", () => {
	for (const [command, told, cause] of [
		["exit 3", /worker thread \d+ ended with exit code 3/, undefined],
		["uncaught", /worker thread \d+ ended by an exception that nobody caught/, /nobody catches it/],
	] as const) {
		test(`that ends (${command}) takes its requests with it, and no others; there is another then`, async () => {
			const { server, errors } = makeServer(2);
			await using _closing = server;
			void server.serveForever();
			const [one, other] = (await clientOfEach(server)) as [Client, Client];
			using bystander = await Client.of(server);
			const sameThread = (await bystander.ask("thread")) === (await one.ask("thread"));
			errors.length = 0;
			assert.equal(await one.ask(command), "");
			assert.equal(await other.ask("still there"), "STILL THERE");
			const lost = sameThread ? 2 : 1;
			await until(() => errors.length === lost);
			for (const error of errors) {
				assert.ok(error instanceof WorkerExitError);
				assert.equal(error.code, "ERR_SERVER_WORKER_EXIT");
				assert.match(error.message, told);
				if (cause !== undefined) assert.match(String(error.cause), cause);
			}
			// Whoever comes is served, by the other thread or by the new one.
			await until(() => server.activeRequests === 3 - lost);
			for (let count = 0; count < 4; count++) {
				using next = await Client.of(server);
				assert.equal(await next.ask("next"), "NEXT");
			}
			one.socket.close();
			other.socket.close();
			bystander.socket.close();
			assert.equal(await server.shutdown(), 0);
		});
	}

	test("that ends with nothing to do is told by handleWorkerError(), and there is another then", async () => {
		const { server, errors } = makeServer(1);
		await using _closing = server;
		void server.serveForever();
		using client = await Client.of(server);
		assert.equal(await client.ask("later 1"), "soon");
		client.socket.close();
		await until(() => errors.length === 1);
		assert.match(String(errors[0]), /WorkerExitError: worker thread \d+ ended with exit code 4/);
		using next = await Client.of(server);
		assert.equal(await next.ask("next"), "NEXT");
	});

	test("whose handler computes without end holds up nobody else, and is ended after the grace time", async () => {
		const { server, errors } = makeServer(2);
		server.workerPatience = 50;
		await using _closing = server;
		const serving = server.serveForever();
		const [busy, other] = (await clientOfEach(server)) as [Client, Client];
		assert.equal(await busy.ask("spin"), "spinning");
		const end = busy.line();
		for (let count = 0; count < 3; count++) assert.equal(await other.ask("meanwhile"), "MEANWHILE");
		other.socket.close();
		await until(() => server.activeRequests === 1);
		assert.equal(await server.shutdown({ grace: 20 }), 1);
		assert.equal(await end, "");
		await serving;
		assert.deepEqual(errors, []);
		busy.socket.close();
	});

	test("whose handler blocks in recvSync() holds up nobody else, and goes on when the client speaks", async () => {
		const { server } = makeServer(2);
		await using _closing = server;
		void server.serveForever();
		const [blocked, other] = (await clientOfEach(server)) as [Client, Client];
		assert.equal(await blocked.ask("recvSync"), "blocking");
		for (let count = 0; count < 3; count++) assert.equal(await other.ask("meanwhile"), "MEANWHILE");
		assert.equal(await blocked.ask("at last"), "at last");
		blocked.socket.close();
		other.socket.close();
	});

	test("whose handler blocks in recvSync() is woken by the end of its request, and lives on", async () => {
		const { server, errors, requests } = makeServer(1);
		server.workerPatience = 60_000;
		await using _closing = server;
		void server.serveForever();
		using blocked = await Client.of(server);
		const thread = await blocked.ask("thread");
		assert.equal(await blocked.ask("recvSync"), "blocking");
		const reason = timeoutError("request", 200);
		assert.ok(server.endRequest(requests[0] as Socket<typeof AF_INET>, reason));
		assert.equal(await blocked.line(), "");
		using next = await Client.of(server);
		assert.equal(await next.ask("thread"), thread);
		next.socket.close();
		assert.deepEqual(errors, [reason]);
	});

	test("whose handler blocks on a socket of its own is ended all the same", async () => {
		const { server } = makeServer(1);
		server.workerPatience = 20;
		await using _closing = server;
		const serving = server.serveForever();
		using stuck = await Client.of(server);
		assert.equal(await stuck.ask("stuck"), "blocking");
		assert.equal(await server.shutdown({ grace: 0 }), 1);
		await serving;
		assert.equal(await stuck.line(), "");
	});

	test("whose handler computes for longer than totalTimeout is replaced", async () => {
		const { server, errors } = makeServer(1);
		server.workerPatience = 20;
		await using _closing = server;
		void server.serveForever();
		using first = await Client.of(server);
		const thread = await first.ask("thread");
		first.socket.close();
		// Or it ends with the thread, which may compute before it hears of the end.
		await until(() => server.activeRequests === 0);
		let busy: Client | undefined;
		let told = "";
		// On a busy machine the time may be over before the thread has begun.
		for (server.totalTimeout = 200; told !== "spinning"; server.totalTimeout *= 2) {
			busy?.socket.close();
			busy = await Client.of(server);
			told = await busy.ask("spin");
		}
		assert.equal(await busy?.line(), "");
		busy?.socket.close();
		await until(() => server.activeRequests === 0);
		assert.match(String(errors.at(-1)), /TimeoutError: request 127.0.0.1:\d+: timed out after \d+ ms/);
		server.totalTimeout = null;
		using next = await Client.of(server);
		assert.notEqual(await next.ask("thread"), thread);
		next.socket.close();
	});

	test("that does not end a request in time is replaced; what it had not begun is answered by the next", async () => {
		const { server, errors, requests } = makeServer(1);
		server.workerPatience = 50;
		await using _closing = server;
		void server.serveForever();
		using busy = await Client.of(server);
		const thread = await busy.ask("thread");
		using bystander = await Client.of(server);
		assert.equal(await bystander.ask("thread"), thread);
		assert.equal(await busy.ask("spin"), "spinning");
		const end = busy.line();
		using patient = await Client.of(server);
		const answer = patient.ask("thread");
		await until(() => server.activeRequests === 3);
		assert.ok(server.endRequest(requests[0] as Socket<typeof AF_INET>, new Error("it takes too long")));
		assert.equal(await end, "");
		assert.notEqual(await answer, thread);
		assert.equal(await bystander.line(), "");
		await until(() => errors.length === 2);
		assert.match(String(errors[0]), /it takes too long/);
		assert.match(String(errors[1]), /worker thread \d+ was terminated, as it did not do what it was told/);
		patient.socket.close();
	});

	test("of datagrams that ends takes its datagram with it, and the next is answered", async () => {
		const { AF_INET, SOCK_DGRAM, Socket } = await import("../src/index.js");
		const handlers = new URL("./support/threadhandlers.js#Datagrams", import.meta.url);
		await using server = new ThreadingUDPServer(anywhere, handlers);
		server.workers = 1;
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		void server.serveForever();
		using client = new Socket(AF_INET, SOCK_DGRAM);
		await client.connect(server.serverAddress);
		await client.send("one");
		assert.match(`${await client.recv(100)}`, /^\d+ ONE$/);
		await client.send("exit");
		await until(() => errors.length === 1);
		assert.ok(errors[0] instanceof WorkerExitError);
		await client.send("two");
		assert.match(`${await client.recv(100)}`, /^\d+ TWO$/);
	});

	test("has what operations need before it loads its handlers, so that it can be terminated in its first", {
		skip: isDeno ? "Deno has threads of its own, with epoll objects of theirs" : false,
	}, async () => {
		const handlers = new URL("./support/preparedhandlers.js", import.meta.url);
		await using server = new ThreadingTCPServer(anywhere, handlers);
		server.workers = 1;
		void server.serveForever();
		using client = await createConnection(server.serverAddress);
		const [before, now] = `${await client.recv(100)}`.split(" ");
		assert.equal(now, before);
	});

	test("may be left before it has loaded its handlers", async () => {
		const { server, errors } = makeServer(2);
		const serving = server.serveForever();
		await server.close();
		await serving;
		assert.deepEqual(errors, []);
	});

	for (const listenInWorkers of [false, true]) {
		const which = listenInWorkers ? ", which it listens for," : "";
		test(`that is told to leave while it loads its handlers${which} does so when they are loaded`, async () => {
			const folder = mkdtempSync(join(tmpdir(), "berkeley-slow-"));
			try {
				const handlers = new URL("./support/slowhandlers.js", import.meta.url);
				handlers.searchParams.set("folder", folder);
				const server = new ThreadingTCPServer(anywhere, handlers);
				server.workers = 1;
				server.listenInWorkers = listenInWorkers;
				const serving = server.serveForever();
				await until(() => existsSync(join(folder, "loads")));
				const closing = server.close();
				await turns();
				writeFileSync(join(folder, "go"), "");
				await closing;
				await serving;
				assert.ok(existsSync(join(folder, "left")), "it was terminated");
			} finally {
				rmSync(folder, { recursive: true });
			}
		});
	}

	test("is through with its request when the server is closed without a shutdown", async () => {
		const { server, errors } = makeServer(1);
		const serving = server.serveForever();
		using client = await Client.of(server);
		assert.equal(await client.ask("one"), "ONE");
		server.serverClose();
		await serving;
		assert.equal(await client.ask("two"), "TWO");
		client.socket.close();
		await until(() => server.activeRequests === 0);
		assert.deepEqual(errors, []);
	});

	test("is not waited for by the process when daemonThreads is set", async () => {
		const { runScript } = await import("./support/script.js");
		const server = new URL("../src/server/index.js", import.meta.url).href;
		const { status, stdout, stderr } = await runScript(`
			const { ThreadingTCPServer } = await import(${JSON.stringify(server)});
			const s = new ThreadingTCPServer({ host: "127.0.0.1", port: 0 }, new URL(${JSON.stringify(commands.href)}));
			s.workers = 1;
			s.daemonThreads = true;
			const serving = s.serveForever();
			const client = await b.createConnection(s.serverAddress);
			await client.sendall("one\\nhang\\n");
			console.log(String(await client.recv(100)).trim());
			s.serverClose();
			await serving;
			client.detach();
			console.log("end");
		`);
		assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "ONE\nend\n", stderr: "" });
	});
});

describe("a shutdown under load", () => {
	test("leaves no request without an answer or an end, and no thread", async () => {
		const { server, errors } = makeServer(2);
		const serving = server.serveForever();
		let answered = 0;
		let ended = 0;
		let refused = 0;
		const full = gate();
		const loads = Array.from({ length: 40 }, async () => {
			for (;;) {
				let client: Client;
				try {
					client = await Client.of(server);
				} catch {
					refused++;
					return;
				}
				using _closing = client;
				const answer = await client.ask("x").catch(() => "");
				if (answer === "X") answered++;
				else ended++;
				if (answered === 400) full.open();
				if (answer === "") return;
			}
		});
		await full.opened;
		await server.shutdown({ grace: 5000 });
		server.serverClose();
		await Promise.all(loads);
		await serving;
		const { accepted, finished, failed } = server.statistics();
		assert.equal(failed, errors.length);
		assert.equal(finished + failed, accepted);
		assert.ok(answered >= 400);
		// What was accepted was answered; what was not had its end with the listening socket.
		assert.ok(answered >= accepted - failed, JSON.stringify({ answered, ended, refused, accepted, failed }));
	});

	const skip = isDeno ? "Deno has threads of its own, which come and go" : false;
	test("and one of a server that did nothing leave no thread", { skip }, async () => {
		const threads = () => readdirSync("/proc/self/task").length;
		let first = 0;
		for (let round = 0; round < 4; round++) {
			const { server } = makeServer(2);
			const serving = server.serveForever();
			if (round % 2 === 1) {
				for (const client of await clientOfEach(server)) client.socket.close();
			}
			await server.close();
			await serving;
			// The runtime's own came with the first round.
			if (round === 1) first = threads();
		}
		await until(() => threads() <= first);
	});
});
