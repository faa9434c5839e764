/**
 * What all servers do, of every family and with every mix-in: one suite, which the test files run over their kinds.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShutdownError } from "../../src/server/index.js";
import { rejectsWith } from "./rejects.js";
import { type AnyServer, answerOf, ask, clientOf, type Files, gate, type Kind, upper } from "./servers.js";
import { until } from "./until.js";

const hooks = [
	"serverBind",
	"serverActivate",
	"verifyRequest",
	"processRequest",
	"finishRequest",
	"shutdownRequest",
	"closeRequest",
	"handleError",
] as const;

/** Notes the calls of the hooks. */
function record(server: AnyServer, log: string[]): AnyServer {
	for (const name of hooks) {
		const target = server as unknown as Record<string, (...args: unknown[]) => unknown>;
		const original = target[name] as (...args: unknown[]) => unknown;
		target[name] = (...args) => {
			log.push(name);
			return name === "handleError" ? undefined : original.apply(server, args);
		};
	}
	return server;
}

const beginning = ["serverBind", "serverActivate"];
const handled = ["verifyRequest", "processRequest", "finishRequest", "setup", "handle", "finish"];

/** The tests of every kind. */
export function testServers(kinds: readonly Kind[]): void {
	for (const kind of kinds) testServer(kind);
}

function testServer(kind: Kind): void {
	describe(kind.name, { skip: kind.skip }, () => {
		test("answers one request after another, and tells its address", async () => {
			await using server = kind.make(upper);
			const serving = server.serveForever();
			assert.equal(await ask(kind, server, "one\n"), "ONE\n");
			assert.equal(await ask(kind, server, "two\n"), "TWO\n");
			assert.equal(server.serving, true);
			assert.equal(await server.shutdown(), 0);
			await serving;
			assert.equal(server.serving, false);
		});

		test("calls the hooks in Python's order", async () => {
			const log: string[] = [];
			await using server = record(kind.make(upper, log), log);
			const ended = server.handleRequest();
			assert.equal(await ask(kind, server, "x\n"), "X\n");
			await ended;
			while (log.at(-1) !== "closeRequest") await new Promise(setImmediate);
			assert.deepEqual(log, [...beginning, ...handled, "shutdownRequest", "closeRequest"]);
		});

		test("shuts down what verifyRequest() refuses", async () => {
			const log: string[] = [];
			await using server = kind.make(upper, log);
			server.verifyRequest = () => false;
			record(server, log);
			const ended = server.handleRequest();
			using client = await clientOf(kind, server);
			await client.sendall("x\n");
			if (kind.stream) await client.recv(1).catch(() => {});
			await ended;
			assert.deepEqual(log, [...beginning, "verifyRequest", "shutdownRequest", "closeRequest"]);
		});

		test("goes on after a handler that throws, and tells it by handleError()", async () => {
			const log: string[] = [];
			await using server = record(
				kind.make(async (files) => {
					const line = `${await files.rfile.readline()}`;
					if (line === "bad\n") throw new Error("the handler failed");
					await files.wfile.write(line);
				}, log),
				log,
			);
			const errors: unknown[] = [];
			server.handleError = (_request, _address, error) => {
				log.push("handleError");
				errors.push(error);
			};
			void server.serveForever();
			assert.equal(await ask(kind, server, "bad\n"), "");
			// A handler somewhere else has closed the connection before that is known here.
			await until(() => log.includes("closeRequest"));
			assert.equal(await ask(kind, server, "good\n"), "good\n");
			const failed = [...beginning, ...handled, "handleError", "shutdownRequest", "closeRequest"];
			assert.deepEqual(log.slice(0, failed.length), failed);
			assert.equal(errors.length, 1);
			assert.match(String(errors[0]), /the handler failed/);
		});

		test("handleRequest() handles one, and calls handleTimeout() when none comes", async () => {
			await using server = kind.make(upper);
			let timeouts = 0;
			server.handleTimeout = () => {
				timeouts++;
			};
			server.timeout = 20;
			await server.handleRequest();
			assert.equal(timeouts, 1);
			server.timeout = null;
			const ended = server.handleRequest();
			assert.equal(await ask(kind, server, "x\n"), "X\n");
			await ended;
			assert.equal(timeouts, 1);
		});

		test("handles requests side by side or one at a time, as it says", async () => {
			const first = gate();
			const begun: string[] = [];
			await using server = kind.make(async ({ rfile, wfile }) => {
				const line = `${await rfile.readline()}`;
				begun.push(line);
				if (line === "first\n") await first.opened;
				await wfile.write(line);
			});
			void server.serveForever();
			const slow = ask(kind, server, "first\n");
			while (begun.length === 0) await new Promise(setImmediate);
			const quick = ask(kind, server, "second\n");
			if (kind.sideBySide) {
				assert.equal(await quick, "second\n");
				await until(() => server.activeRequests === 1);
			} else {
				// Many turns of the event loop are more than a datagram on the loopback needs.
				for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
				assert.deepEqual(begun, ["first\n"]);
			}
			first.open();
			assert.equal(await slow, "first\n");
			assert.equal(await quick, "second\n");
		});

		test("shutdown() waits for what is under way", async () => {
			const hold = gate();
			const begun = gate();
			await using server = kind.make(async (files) => {
				begun.open();
				await hold.opened;
				await upper(files);
			});
			const serving = server.serveForever();
			using client = await clientOf(kind, server);
			await client.sendall("late\n");
			await begun.opened;
			const down = server.shutdown();
			hold.open();
			assert.equal(await answerOf(kind, client), "LATE\n");
			assert.equal(await down, 0);
			await serving;
		});

		test("shutdown() ends after the grace time what is still under way, and counts it", async () => {
			const begun = gate();
			let files: Files | undefined;
			await using server = kind.make(async (each) => {
				files = each;
				void each.signal;
				begun.open();
				await new Promise(() => {});
			});
			server.handleError = (_request, _address, error) => assert.fail(String(error));
			const serving = server.serveForever();
			using client = await clientOf(kind, server);
			await client.sendall("never\n");
			await begun.opened;
			const signal = files?.signal as AbortSignal;
			assert.equal(signal.aborted, false);
			assert.equal(await server.shutdown({ grace: 10 }), 1);
			await serving;
			// Of a handler somewhere else it is told.
			await until(() => signal.aborted);
			assert.ok(signal.reason instanceof ShutdownError);
			assert.equal(server.activeRequests, 0);
			if (kind.stream) assert.equal((await client.recv(1).catch(() => Buffer.alloc(0))).length, 0);
		});

		test("serves again after a shutdown", async () => {
			await using server = kind.make(upper);
			for (const text of ["one\n", "two\n"]) {
				const serving = server.serveForever();
				assert.equal(await ask(kind, server, text), text.toUpperCase());
				await server.shutdown();
				await serving;
			}
		});

		test("closing ends serveForever(), and nothing is served any more", async () => {
			const server = kind.make(upper);
			const serving = server.serveForever();
			assert.ok(server.fileno() >= 0);
			server.serverClose();
			await serving;
			assert.equal(server.fileno(), -1);
			await rejectsWith(server.serveForever(), { code: "EBADF" });
			await rejectsWith(server.handleRequest(), { code: "EBADF" });
			server.serverClose();
		});

		test("refuses to serve twice at the same time", async () => {
			await using server = kind.make(upper);
			void server.serveForever();
			await assert.rejects(server.serveForever(), /under way already/);
		});

		test("calls serviceActions() after a request, and when none comes for the poll interval", async () => {
			await using server = kind.make(upper);
			const twice = gate();
			let calls = 0;
			server.serviceActions = () => {
				if (++calls === 2) twice.open();
			};
			void server.serveForever({ pollInterval: 5 });
			await twice.opened;
		});

		test("rejects with what serviceActions() throws", async () => {
			await using server = kind.make(upper);
			server.serviceActions = () => {
				throw new Error("no service");
			};
			await assert.rejects(server.serveForever({ pollInterval: 1 }), /no service/);
		});

		test("rejects with what handleError() throws", async () => {
			await using server = kind.make(async () => {
				throw new Error("first");
			});
			server.handleError = () => {
				throw new Error("second");
			};
			const serving = server.serveForever();
			const failed = assert.rejects(serving, /second/);
			using client = await clientOf(kind, server);
			// A connection is closed before it has been read from.
			if (!kind.stream) await client.sendall("x\n");
			await failed;
			assert.equal(server.serving, false);
		});

		test("can be waited for by its descriptor", async () => {
			const { DefaultSelector, EVENT_READ } = await import("../../src/select/index.js");
			await using server = kind.make(upper);
			using selector = new DefaultSelector();
			selector.register(server, EVENT_READ);
			assert.deepEqual(await selector.select(0), []);
			const answer = ask(kind, server, "x\n");
			assert.equal((await selector.select()).length, 1);
			await server.handleRequest();
			assert.equal(await answer, "X\n");
		});
	});
}
