/**
 * The beginning and the end of servers of every kind, and of what handlers write: what CPython's own tests of
 * socketserver look at, beside what server.test.ts has.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createConnection, SHUT_WR } from "../src/index.js";
import { AsyncTCPServer, StreamRequestHandler, TCPServer } from "../src/server/index.js";
import { runProgram } from "./support/programs.js";
import { clientOf, gate, kinds, upper } from "./support/servers.js";

for (const kind of kinds) {
	describe(kind.name, { skip: kind.skip }, () => {
		test("shutdown() in the moment in which it begins to serve ends it, of many servers too", async () => {
			const servers = Array.from({ length: 20 }, () => kind.make(upper));
			const serving = servers.map((server) => server.serveForever({ pollInterval: 10 }));
			assert.deepEqual(
				await Promise.all(servers.map((server) => server.shutdown())),
				servers.map(() => 0),
			);
			await Promise.all(serving);
			for (const server of servers) {
				assert.equal(server.serving, false);
				server.serverClose();
			}
		});

		test("can be closed before it was ever used, and shut down without serving", async () => {
			const server = kind.make(upper);
			assert.equal(await server.shutdown(), 0);
			server.serverClose();
			assert.equal(server.fileno(), -1);
			assert.equal(await kind.make(upper).close(), 0);
		});

		test("is closed at the end of its block, by using and by await using", async () => {
			const closed: { fileno(): number }[] = [];
			{
				using server = kind.make(upper).open();
				closed.push(server);
				assert.ok(server.fileno() >= 0);
			}
			{
				await using server = kind.make(upper);
				closed.push(server);
				void server.serveForever();
				assert.ok(server.fileno() >= 0);
			}
			assert.deepEqual(
				closed.map((server) => server.fileno()),
				[-1, -1],
			);
		});

		if (!kind.stream) return;

		test("sends at once what is written over a connection", async () => {
			const heard = gate();
			let length = 0;
			await using server = kind.make(async ({ rfile, wfile }) => {
				length = await wfile.write("write data\n");
				await rfile.readline();
				heard.open();
			});
			void server.serveForever();
			using client = await clientOf(kind, server);
			assert.equal(`${await client.recv(100)}`, "write data\n");
			await client.sendall("client data\n");
			await heard.opened;
			assert.equal(length, 11);
		});
	});
}

describe("a port that cannot be", () => {
	test("is refused each time, and a thousand refusals leave no descriptor", async () => {
		class Nothing extends StreamRequestHandler {
			override handle() {}
		}
		for (let count = 0; count < 1000; count++) {
			const server = new TCPServer({ host: "127.0.0.1", port: -1 }, Nothing);
			assert.throws(() => server.open(), RangeError);
			assert.equal(server.fileno(), -1);
		}
	});
});

describe("a handler's failure", () => {
	for (const Server of [TCPServer, AsyncTCPServer]) {
		test(`goes to handleError() of ${Server.name} when it handles a single request, too`, async () => {
			const seen: unknown[] = [];
			class Failing extends StreamRequestHandler {
				override handle() {
					throw new RangeError("the handler failed");
				}
			}
			await using server = new Server({ host: "127.0.0.1", port: 0 }, Failing);
			const failed = gate();
			server.handleError = (_request, _address, error) => {
				seen.push(error);
				failed.open();
			};
			const handled = server.handleRequest();
			using client = await createConnection(server.serverAddress);
			client.shutdown(SHUT_WR);
			await handled;
			await failed.opened;
			assert.deepEqual(seen.map(String), ["RangeError: the handler failed"]);
		});
	}

	test("is no failure where it ends the process: handleError() is not called", async () => {
		const { code, stdout } = await runProgram("exitinhandler");
		assert.equal(code, 3);
		assert.equal(stdout, "the handler is called\n");
	});

	test("is none where the handler has closed the connection itself", async () => {
		class Leaving extends StreamRequestHandler {
			override handle() {
				this.connection.close();
			}
		}
		await using server = new AsyncTCPServer({ host: "127.0.0.1", port: 0 }, Leaving);
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => {
			errors.push(error);
		};
		void server.serveForever();
		for (let count = 0; count < 3; count++) {
			using client = await createConnection(server.serverAddress);
			assert.equal((await client.recv(1)).length, 0);
		}
		assert.deepEqual(errors, []);
	});
});
