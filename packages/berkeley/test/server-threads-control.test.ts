/**
 * How a server with worker threads is set up, what its handlers see there, and what crosses back from them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, test } from "node:test";
import { TimeoutError } from "../src/errors.js";
import { AF_INET, createConnection, SOCK_DGRAM, Socket } from "../src/index.js";
import {
	type RequestEvent,
	serve,
	TCPServer,
	ThreadingMixIn,
	ThreadingTCPServer,
	ThreadingUDPServer,
} from "../src/server/index.js";
import { errorData, errorFrom } from "../src/server/remote/errors.js";
import { expectThreads } from "./support/leaks.js";
import { freshName } from "./support/servers.js";
import { until } from "./support/until.js";

expectThreads();

const anywhere = { host: "127.0.0.1", port: 0 };
const handlersOf = (name: string) => new URL(`./support/threadhandlers.js#${name}`, import.meta.url);
const commands = handlersOf("Commands");

/** Asks a server one line. */
async function ask(server: ThreadingTCPServer, text: string): Promise<string> {
	using client = await createConnection(server.serverAddress);
	await client.sendall(`${text}\n`);
	return `${await client.makefile("rb").readline()}`.trim();
}

describe("the handlers' module", () => {
	test("has a class under the name of the fragment, or as its default export", async () => {
		for (const url of [commands, new URL("./support/threadhandlers.js", import.meta.url)]) {
			await using server = new ThreadingTCPServer(anywhere, url);
			server.workers = 1;
			void server.serveForever();
			assert.equal(await ask(server, "a b"), "A B");
		}
	});

	test("may have a function", async () => {
		await using server = new ThreadingTCPServer(anywhere, handlersOf("shout"));
		server.workers = 1;
		void server.serveForever();
		assert.equal(await ask(server, "hello"), "HELLO\n FROM 127.0.0.1".split("\n")[0]);
	});

	for (const [url, told] of [
		[
			handlersOf("nothing"),
			/"nothing" must be a class of handlers or a function, not undefined; it exports Comm/,
		],
		[handlersOf("number"), /"number" must be a class of handlers or a function, not/],
		[new URL("./support/nowhere.js", import.meta.url), /Cannot find module|Module not found/],
	] as const) {
		test(`that is not as it must be (${url.href.split("/").at(-1)}) makes serveForever() reject`, async () => {
			await using server = new ThreadingTCPServer(anywhere, url);
			server.handleError = () => {};
			await assert.rejects(server.serveForever(), told);
			await assert.rejects(server.serveForever(), told);
		});
	}

	test("that is not as it must be makes handleRequest() tell of it by handleError()", async () => {
		await using server = new ThreadingTCPServer(anywhere, handlersOf("nothing"));
		server.workers = 1;
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		const handled = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		await handled;
		assert.equal((await client.recv(1)).length, 0);
		await until(() => errors.length === 1);
		assert.match(String(errors[0]), /TypeError: .*"nothing" must be a class/);
	});

	test("is a URL, and nothing else", () => {
		class Handler {
			setup() {}
			handle() {}
			finish() {}
		}
		for (const wrong of [Handler, "./handlers.js", undefined, {}]) {
			assert.throws(
				() => new ThreadingTCPServer(anywhere, wrong as unknown as URL),
				/handlers in a worker come from a module: give its URL, as new URL/,
			);
		}
		assert.throws(() => new TCPServer(anywhere, commands as never), {
			name: "TypeError",
		});
	});
});

describe("what a handler sees in a thread", () => {
	test("is a server of its own, with the address, the timeouts, and what it was given", async () => {
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 1;
		server.idleTimeout = 5000;
		server.workerData = { greeting: "hi", since: [1] };
		void server.serveForever();
		assert.equal(await ask(server, "x"), "X");
		await until(() => server.activeRequests === 0);
		const seen = JSON.parse(await ask(server, "server"));
		const noCounts = Object.fromEntries(Object.keys(server.statistics()).map((name) => [name, 0]));
		assert.deepEqual(seen, {
			workerData: { greeting: "hi", since: [1] },
			idleTimeout: 5000,
			serverAddress: server.serverAddress,
			activeRequests: 1,
			serving: false,
			statistics: { ...noCounts, accepted: 2, finished: 1, active: 1 },
			fileno: -1,
		});
	});

	test("is that the server begins to shut down", async () => {
		for (const listenInWorkers of [false, true]) {
			await using server = serve(anywhere, commands, { workers: 1, listenInWorkers });
			let client: Socket | undefined;
			// Until the thread listens.
			while (client === undefined) {
				client = (await createConnection(server.serverAddress).catch(() => undefined)) as Socket | undefined;
			}
			await client.sendall("stopping\n");
			const lines = client.makefile("rb");
			assert.equal(`${await lines.readline()}`, "waiting\n");
			const down = server.shutdown();
			assert.equal(`${await lines.readline()}`, "goodbye\n");
			client.close();
			assert.equal(await down, 0);
		}
	});

	test("is a datagram and a socket to answer with", async () => {
		await using server = new ThreadingUDPServer(anywhere, handlersOf("Datagrams"));
		server.workers = 2;
		void server.serveForever();
		using client = new Socket(AF_INET, SOCK_DGRAM);
		client.settimeout(10_000);
		for (const text of ["one", "two", "three"]) {
			await client.sendto(text, server.serverAddress);
			const [answer, from] = await client.recvfrom(100);
			assert.match(`${answer}`, new RegExp(`^\\d+ ${text.toUpperCase()}$`));
			assert.deepEqual(from, server.serverAddress);
		}
	});
});

describe("an error of a handler", () => {
	test("crosses with its name, message, stack, code and cause", async () => {
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 1;
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		void server.serveForever();
		for (const text of ["throw", "throw range", "throw value"]) assert.equal(await ask(server, text), "");
		await until(() => errors.length === 3);
		const unusual = errors[0] as Error & { code?: string };
		assert.ok(unusual instanceof Error);
		assert.equal(unusual.name, "Unusual");
		assert.equal(String(unusual), "Unusual: so unusual");
		assert.equal(unusual.code, "EUNUSUAL");
		assert.match(unusual.stack ?? "", /threadhandlers\.[jt]s:\d+/);
		const range = errors[1] as RangeError;
		assert.ok(range instanceof RangeError);
		assert.equal(range.message, "out of range");
		assert.equal(String(range.cause), "Unusual: deep");
		assert.equal(errors[2], "a text");
		assert.equal(server.statistics().failed, 3);
	});

	test("is of its own class again, when that is known", async () => {
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 1;
		server.idleTimeout = 200;
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		void server.serveForever();
		using silent = await createConnection(server.serverAddress);
		assert.equal((await silent.recv(1)).length, 0);
		await until(() => errors.length === 1);
		const [error] = errors as [TimeoutError];
		assert.ok(error instanceof TimeoutError);
		assert.deepEqual([error.code, error.syscall], ["ETIMEDOUT", "recv"]);
		// What is left of it when reading the file has come to waiting.
		assert.ok((error.timeout ?? 0) > 0 && (error.timeout ?? 0) <= 200);
	});

	test("survives what is odd about it", () => {
		const ring = new Error("a ring");
		ring.cause = ring;
		const nameless = Object.assign(new Error("x"), { name: 5, stack: undefined });
		for (const thrown of [ring, nameless]) {
			const back = errorFrom(structuredClone(errorData(thrown))) as Error;
			assert.ok(back instanceof Error);
			assert.equal(back.message, thrown.message);
		}
		for (const thrown of [undefined, null, 5, "x", 5n]) {
			assert.equal(errorFrom(structuredClone(errorData(thrown))), thrown);
		}
		assert.equal(errorFrom(errorData({ a: 1 })), "{ a: 1 }");
	});
});

describe("the limits", () => {
	test("maxConnections holds for all threads together; the others wait in the kernel", async () => {
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 2;
		server.maxConnections = 3;
		void server.serveForever();
		const clients: Socket[] = [];
		for (let count = 0; count < 5; count++) {
			const client = await createConnection(server.serverAddress);
			await client.sendall("x\n");
			clients.push(client);
		}
		for (const client of clients.slice(0, 3)) assert.equal(`${await client.recv(100)}`, "X\n");
		assert.equal(server.statistics().accepted, 3);
		clients[0]?.close();
		clients[1]?.close();
		for (const client of clients.slice(3)) assert.equal(`${await client.recv(100)}`, "X\n");
		for (const client of clients) client.close();
	});

	test("requestsPerWorker keeps a request from standing behind one that blocks", async () => {
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 2;
		server.requestsPerWorker = 1;
		void server.serveForever();
		const blocked: Socket[] = [];
		for (let count = 0; count < 2; count++) {
			const client = await createConnection(server.serverAddress);
			await client.sendall("recvSync\n");
			assert.equal(`${await client.recv(100)}`, "blocking\n");
			blocked.push(client);
		}
		const [one, other] = blocked as [Socket, Socket];
		const answer = ask(server, "x");
		await until(() => server.activeRequests === 3);
		await other.sendall("go on\n");
		assert.equal(`${await other.recv(100)}`, "go on\n");
		other.close();
		assert.equal(await answer, "X");
		one.close();
	});

	test("endRequest() ends a request in its thread, whose signal aborts with the reason", async () => {
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 1;
		const requests: unknown[] = [];
		server.verifyRequest = (request) => requests.push(request) > 0;
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		void server.serveForever();
		using client = await createConnection(server.serverAddress);
		await client.sendall("x\nsignal\n");
		assert.equal(`${await client.recv(100)}`, "X\n");
		const reason = Object.assign(new Error("enough"), { code: "EENOUGH" });
		assert.equal(server.endRequest(requests[0] as never, reason), true);
		assert.equal((await client.recv(1)).length, 0);
		assert.deepEqual(errors, [reason]);
		assert.equal(await ask(server, "y"), "Y");
	});

	test("are refused when they make no sense, before anything is opened", async () => {
		for (const [name, value, told] of [
			["workers", 0, /workers must be a whole number from 1 on, not 0/],
			["workers", 1.5, /workers must be a whole number from 1 on, not 1.5/],
			["requestsPerWorker", 0, /requestsPerWorker must be at least 1, not 0/],
			["workerPatience", -1, /workerPatience/],
			["maxConnections", 0, /maxConnections must be at least 1, not 0/],
		] as const) {
			const server = new ThreadingTCPServer(anywhere, commands);
			server[name] = value;
			await assert.rejects(server.serveForever(), told);
			await assert.rejects(server.handleRequest(), told);
			assert.equal(server.serving, false);
			server.serverClose();
		}
		const server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 1;
		server.workerData = () => {};
		await assert.rejects(server.serveForever(), { name: "DataCloneError" });
		await server.close();
	});
});

describe("ThreadingMixIn", () => {
	test("makes a server of any class of servers", async () => {
		class Careful extends TCPServer {
			override allowReuseAddress = true;
			seen = 0;
			override verifyRequest() {
				this.seen++;
				return this.seen !== 2;
			}
		}
		class Mine extends ThreadingMixIn(Careful) {
			override workers = 1;
		}
		await using server = new Mine(anywhere, commands);
		void server.serveForever();
		using client = await createConnection(server.serverAddress);
		await client.sendall("x\n");
		assert.equal(`${await client.recv(100)}`, "X\n");
		using refused = await createConnection(server.serverAddress);
		assert.equal((await refused.recv(1)).length, 0);
		assert.equal(server.seen, 2);
		client.close();
		await until(() => server.activeRequests === 0);
		const { accepted, finished, refused: count } = server.statistics();
		assert.deepEqual({ accepted, finished, count }, { accepted: 2, finished: 1, count: 1 });
	});

	test("takes a class of servers, and nothing else", () => {
		assert.throws(() => ThreadingMixIn(5 as never), /ThreadingMixIn takes a class of servers, not/);
	});

	test("tells of requests on the diagnostics channels of this thread", async () => {
		const log: string[] = [];
		const listeners = ["start", "finish", "error"].map((name) => {
			const listener = (event: unknown) => {
				if ((event as RequestEvent).server === server) log.push(name);
			};
			subscribe(`berkeley.server.request.${name}`, listener);
			return () => unsubscribe(`berkeley.server.request.${name}`, listener);
		});
		await using server = new ThreadingTCPServer(anywhere, commands);
		server.workers = 1;
		server.handleError = () => {};
		void server.serveForever();
		assert.equal(await ask(server, "x"), "X");
		await until(() => log.length === 2);
		assert.equal(await ask(server, "throw"), "");
		await until(() => log.length === 4);
		assert.deepEqual(log, ["start", "finish", "start", "error"]);
		for (const stop of listeners) stop();
	});
});

describe("serve() with the URL of a module", () => {
	test("serves connections in threads", async () => {
		await using server = serve(anywhere, commands, { workers: 2, workerData: 7 });
		assert.ok(server instanceof ThreadingTCPServer);
		assert.equal(server.workers, 2);
		assert.equal(JSON.parse(await ask(server, "server")).workerData, 7);
	});

	test("serves on a Unix socket", async () => {
		const name = freshName();
		await using _server = serve(name, commands, { workers: 1, requestsPerWorker: 1 });
		using client = new Socket(1, 1);
		await client.connect(name);
		await client.sendall("x\n");
		assert.equal(`${await client.recv(100)}`, "X\n");
		client.close();
	});

	test("serves datagrams", async () => {
		await using server = serve(anywhere, handlersOf("Datagrams"), { workers: 1, type: SOCK_DGRAM });
		using client = new Socket(AF_INET, SOCK_DGRAM);
		await client.sendto("x", server.serverAddress);
		assert.match(`${await client.recv(100)}`, /^\d+ X$/);
	});

	test("tells of a module that is not there by ended", async () => {
		await using server = serve(anywhere, handlersOf("nothing"), { workers: 1, onWorkerError: assert.fail });
		await assert.rejects(server.ended, /"nothing" must be a class/);
	});

	test("refuses options that make no sense, and those of threads without one", () => {
		assert.throws(() => serve(anywhere, commands, { workers: 0 }), /workers must be a whole number/);
		assert.throws(
			() => serve(anywhere, "x" as never),
			/serve takes a handler, not a string: .*the URL of a module/,
		);
		const options = { workers: 2 } as object;
		assert.throws(
			() => serve(anywhere, () => {}, options),
			/workers is for handlers in worker threads.*: give the URL of their module/,
		);
	});
});
