/**
 * acceptEach(): every connection is handed out.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AF_INET, SHUT_RD, SOCK_STREAM, Socket, TimeoutError } from "../src/index.js";
import { connectedKinds, type Kind, listen } from "./support/kinds.js";
import { runProgram } from "./support/programs.js";
import { rejectsWith } from "./support/rejects.js";
import { soon, turns, until } from "./support/until.js";

function suite(kind: Kind): void {
	const dial = (listener: Socket): Socket => {
		const client = new Socket(kind.family, kind.type);
		client.connectSync(listener.getsockname());
		return client;
	};

	describe(`over ${kind.name}`, { skip: kind.skip }, () => {
		test("those who have come and those who come are handed out, with their addresses", async () => {
			using listener = listen(kind, 128);
			const clients = Array.from({ length: 40 }, () => dial(listener));
			const got: [Socket, unknown][] = [];
			const flow = listener.acceptEach((socket, address) => got.push([socket, address]));
			assert.equal(got.length, 0);
			await until(() => got.length === 40);
			clients.push(...Array.from({ length: 40 }, () => dial(listener)));
			await until(() => got.length === 80);
			for (const [index, [server, address]] of got.entries()) {
				const client = clients[index] as Socket;
				assert.deepEqual(address, client.getsockname());
				assert.equal(server.family, kind.family);
				assert.equal(server.type, kind.type);
				assert.equal(server.getInheritable(), false);
				client.sendSync(`${index}`);
				assert.equal(`${server.recvSync(10)}`, `${index}`);
				server.close();
				client.close();
			}
			flow.stop();
			await flow.ended;
		});

		test("paused they stay in the backlog, and after stop() accept() gets them", async () => {
			using listener = listen(kind);
			let count = 0;
			const flow = listener.acceptEach((socket) => {
				count++;
				socket.close();
				flow.pause();
			});
			using one = dial(listener);
			using two = dial(listener);
			using three = dial(listener);
			await turns(6);
			assert.equal(count, 1);
			assert.equal(flow.paused, true);
			await rejectsWith(listener.accept(), { code: "EBUSY", syscall: "accept" });
			assert.throws(() => listener.acceptSync(), { code: "EBUSY" });
			await rejectsWith(listener.accept({ timeout: 0 }), { code: "EBUSY" });
			flow.resume();
			await until(() => count === 2);
			flow.stop();
			(await soon(listener.accept()))[0].close();
			assert.ok([one, two, three].every(({ closed }) => !closed));
		});

		test("who waits in accept() is served first", async () => {
			using listener = listen(kind);
			const first = listener.accept();
			const got: Socket[] = [];
			const flow = listener.acceptEach((socket) => got.push(socket));
			await rejectsWith(listener.accept(), { code: "EBUSY" });
			using one = dial(listener);
			using two = dial(listener);
			const [server] = await soon(first);
			await until(() => got.length === 1);
			one.sendSync("one");
			two.sendSync("two");
			assert.equal(`${server.recvSync(10)}`, "one");
			assert.equal(`${got[0]?.recvSync(10)}`, "two");
			server.close();
			got[0]?.close();
			flow.stop();
		});

		test("closing the listener ends it, from without and within the handler", async () => {
			for (const within of [true, false]) {
				using listener = listen(kind);
				let count = 0;
				const flow = listener.acceptEach((socket) => {
					count++;
					socket.close();
					if (within) listener.close();
				});
				using _one = dial(listener);
				using _two = dial(listener);
				await until(() => count === (within ? 1 : 2));
				listener.close();
				await soon(flow.ended);
				assert.equal(count, within ? 1 : 2);
			}
		});

		test("a handler that throws ends it with that, and it can be begun again", async () => {
			using listener = listen(kind);
			const flow = listener.acceptEach((socket) => {
				socket.close();
				throw new Error("thrown by the handler");
			});
			const ended = assert.rejects(flow.ended, /thrown by the handler/);
			using _one = dial(listener);
			using _two = dial(listener);
			await soon(ended);
			const got: Socket[] = [];
			const again = listener.acceptEach((socket) => got.push(socket));
			await until(() => got.length === 1);
			got[0]?.close();
			again.stop();
		});

		test("the connections flow and are written to in turn", async () => {
			using listener = listen(kind);
			const ends: Promise<void>[] = [];
			const flow = listener.acceptEach((socket) => {
				const each = socket.recvEach((data) => socket.write(`${data}`.toUpperCase()));
				ends.push(each.ended.finally(() => socket.close()));
			});
			const clients = Array.from({ length: 20 }, () => dial(listener));
			for (const [index, client] of clients.entries()) client.sendSync(`hello ${index}`);
			for (const [index, client] of clients.entries()) {
				assert.equal(`${await soon(client.recv(20))}`, `HELLO ${index}`);
				client.close();
			}
			await soon(Promise.all(ends));
			flow.stop();
		});

		test("it has a signal, and a timeout for when nobody comes", async () => {
			using listener = listen(kind);
			const controller = new AbortController();
			const flow = listener.acceptEach(() => {}, { signal: controller.signal });
			controller.abort(new Error("enough"));
			await assert.rejects(flow.ended, /enough/);
			await assert.rejects(listener.acceptEach(() => {}, { timeout: 10 }).ended, TimeoutError);
			assert.throws(() => listener.acceptEach(() => {}, { timeout: -1 }), RangeError);
		});
	});
}

for (const kind of connectedKinds) suite(kind);

test("a socket that does not listen says so", async () => {
	using socket = new Socket(AF_INET, SOCK_STREAM);
	await rejectsWith(soon(socket.acceptEach(() => {}).ended), { code: "EINVAL", syscall: "accept" });
	socket.close();
	assert.throws(() => socket.acceptEach(() => {}), { code: "EBADF", syscall: "acceptEach" });
});

test("a listener that is shut down says so", async () => {
	using listener = listen(connectedKinds[0] as Kind);
	const flow = listener.acceptEach(() => {});
	const ended = rejectsWith(flow.ended, { code: "EINVAL" });
	await turns();
	listener.shutdown(SHUT_RD);
	await soon(ended);
});

test("without a free descriptor it ends with EMFILE, and begun again it has those who waited", async () => {
	assert.deepEqual(await runProgram("flows", ["crowded"]), {
		code: 0,
		signal: null,
		stdout: "EMFILE\nhello\n",
		stderr: "",
	});
});

test("the process stays alive while something flows or waits to be sent, and ends afterwards", async () => {
	for (const [way, said] of [
		["stopped", "x\nstopped\n"],
		["written", "0\n"],
		["echo", "echo echo\n"],
	] as const) {
		const { code, signal, stdout, stderr } = await runProgram("flows", [way], { patience: 20_000 });
		assert.deepEqual({ code, signal, stdout, stderr }, { code: 0, signal: null, stdout: said, stderr: "" });
	}
});

test("a socket that nobody refers to flows on, and is closed and warned about when nothing flows", async () => {
	const { code, signal, stdout, stderr } = await runProgram("flows", ["collected"]);
	assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
	assert.match(
		stdout,
		/^still flowing\n0\nResourceWarning: unclosed socket: descriptor \d+, AF_UNIX, SOCK_STREAM/,
	);
});

test("an error that nobody asked for is an unhandled rejection, with a timeout or without", async () => {
	for (const way of ["unasked", "unasked with a timeout"]) {
		const { code, stderr } = await runProgram("flows", [way]);
		assert.equal(code, 1);
		assert.match(stderr, /thrown by the handler/);
	}
});
