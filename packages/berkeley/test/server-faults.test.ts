/**
 * What clients, handlers and the machine do wrong: the server goes on, and says what it must.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { socketError } from "../src/errors.js";
import { createConnection, SHUT_RD, SHUT_WR, type Socket, so } from "../src/index.js";
import { AsyncTCPServer, StreamRequestHandler, TCPServer } from "../src/server/index.js";
import { rejectsWith } from "./support/rejects.js";
import { isDeno, runtimeArguments } from "./support/runtime.js";
import { gate } from "./support/servers.js";

const anyPort = { host: "127.0.0.1", port: 0 };

class Upper extends StreamRequestHandler {
	override async handle() {
		for await (const line of this.rfile) await this.wfile.write(`${line}`.toUpperCase());
	}
}

async function lineFrom(client: Socket, text: string): Promise<string> {
	await client.sendall(text);
	return `${await client.makefile("rb").readline()}`;
}

/** Resets the connection. */
function reset(client: Socket): void {
	client.set(so.linger, { seconds: 0 });
	client.close();
}

describe("clients that misbehave", () => {
	for (const Server of [TCPServer, AsyncTCPServer]) {
		test(`${Server.name}: one that resets in mid-request is told by handleError(), and the next is served`, async () => {
			await using server = new Server(anyPort, Upper);
			const told = gate();
			const codes: unknown[] = [];
			server.handleError = (_request, _address, error) => {
				codes.push((error as { code?: string }).code);
				told.open();
			};
			void server.serveForever();
			const rude = await createConnection(server.serverAddress);
			assert.equal(await lineFrom(rude, "hello\nhalf a li"), "HELLO\n");
			reset(rude);
			await told.opened;
			assert.deepEqual(codes, ["ECONNRESET"]);
			using client = await createConnection(server.serverAddress);
			assert.equal(await lineFrom(client, "next\n"), "NEXT\n");
			client.close();
		});

		test(`${Server.name}: those that are gone before they are accepted do no harm`, async () => {
			await using server = new Server(anyPort, Upper);
			server.handleError = () => {};
			server.open();
			for (let count = 0; count < 3; count++) reset(await createConnection(server.serverAddress));
			void server.serveForever();
			using client = await createConnection(server.serverAddress);
			assert.equal(await lineFrom(client, "next\n"), "NEXT\n");
			client.close();
		});
	}

	test("one that sends a byte at a time holds nobody up", async () => {
		await using server = new AsyncTCPServer(anyPort, Upper);
		void server.serveForever();
		using slow = await createConnection(server.serverAddress);
		for (const letter of "slowly") {
			await slow.sendall(letter);
			using quick = await createConnection(server.serverAddress);
			assert.equal(await lineFrom(quick, "quick\n"), "QUICK\n");
		}
		assert.equal(await lineFrom(slow, "\n"), "SLOWLY\n");
		slow.close();
	});

	test("silent ones are dropped after the idle timeout, and others are served meanwhile", async () => {
		await using server = new AsyncTCPServer(anyPort, Upper);
		server.idleTimeout = 1000;
		const codes: unknown[] = [];
		server.handleError = (_request, _address, error) => void codes.push((error as { code?: string }).code);
		void server.serveForever();
		const silent: Socket[] = [];
		for (let count = 0; count < 200; count++) silent.push(await createConnection(server.serverAddress));
		using client = await createConnection(server.serverAddress);
		assert.equal(await lineFrom(client, "served\n"), "SERVED\n");
		client.close();
		for (const each of silent) {
			assert.equal((await each.recv(1)).length, 0);
			each.close();
		}
		assert.deepEqual(codes, Array(200).fill("ETIMEDOUT"));
		assert.equal(server.activeRequests, 0);
	});

	test("one that trickles is dropped after the total timeout", async () => {
		await using server = new AsyncTCPServer(anyPort, Upper);
		server.idleTimeout = 10_000;
		server.totalTimeout = 80;
		const errors: Error[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error as Error);
		void server.serveForever();
		using slow = await createConnection(server.serverAddress);
		const ended = slow.recv(1).catch(() => Buffer.alloc(0));
		let over = false;
		void ended.then(() => {
			over = true;
		});
		while (!over) {
			await slow.sendall("x").catch(() => {});
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		assert.equal((await ended).length, 0);
		assert.equal(errors.length, 1);
		assert.match(String(errors[0]), /TimeoutError: request 127\.0\.0\.1:\d+: timed out after 80 ms/);
	});

	test("a request that ends in time leaves no deadline behind", async () => {
		const { reactor } = await import("../src/reactor/reactor.js");
		await using server = new AsyncTCPServer(anyPort, Upper);
		server.totalTimeout = 60_000;
		const serving = server.serveForever({ pollInterval: null });
		for (let count = 0; count < 3; count++) {
			using client = await createConnection(server.serverAddress);
			assert.equal(await lineFrom(client, "x\n"), "X\n");
		}
		assert.equal(await server.shutdown(), 0);
		await serving;
		assert.equal(reactor().deadlines.size, 0);
	});
});

describe("the limit of connections", () => {
	test("lets the others wait in the kernel, and takes them in when there is room", async () => {
		await using server = new AsyncTCPServer(anyPort, Upper);
		server.maxConnections = 2;
		void server.serveForever();
		const clients: Socket[] = [];
		for (let count = 0; count < 4; count++) clients.push(await createConnection(server.serverAddress));
		const answers = clients.map((client, index) => lineFrom(client, `client ${index}\n`));
		assert.equal(await answers[0], "CLIENT 0\n");
		assert.equal(await answers[1], "CLIENT 1\n");
		for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
		assert.equal(server.activeRequests, 2);
		for (let index = 0; index < 2; index++) clients[index]?.shutdown(SHUT_WR);
		assert.equal(await answers[2], "CLIENT 2\n");
		assert.equal(await answers[3], "CLIENT 3\n");
		for (const client of clients) client.close();
	});

	test("does not keep a shutdown waiting", async () => {
		await using server = new AsyncTCPServer(anyPort, Upper);
		server.maxConnections = 1;
		const serving = server.serveForever();
		using first = await createConnection(server.serverAddress);
		assert.equal(await lineFrom(first, "x\n"), "X\n");
		using _second = await createConnection(server.serverAddress);
		assert.equal(await server.shutdown({ grace: 5 }), 1);
		await serving;
	});
});

describe("accepting", () => {
	for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"] as const) {
		test(`goes on after ${code}, and tells it once`, async () => {
			const { [code]: errno } = await import("../src/sys/linux/errnos.js");
			await using server = new AsyncTCPServer(anyPort, Upper);
			const told: string[] = [];
			server.handleAcceptError = (error) => void told.push(error.code);
			const original = server.getRequest;
			let failures = 2;
			server.getRequest = (options) =>
				failures-- > 0 ? Promise.reject(socketError("accept", -errno)) : original.call(server, options);
			void server.serveForever();
			using client = await createConnection(server.serverAddress);
			assert.equal(await lineFrom(client, "x\n"), "X\n");
			assert.deepEqual(told, [code]);
			client.close();
		});
	}

	test("passes over a connection that was aborted", async () => {
		const { ECONNABORTED } = await import("../src/sys/linux/errnos.js");
		await using server = new TCPServer(anyPort, Upper);
		server.handleAcceptError = () => assert.fail("it is not to be told");
		const original = server.getRequest;
		let failures = 3;
		server.getRequest = (options) =>
			failures-- > 0 ? Promise.reject(socketError("accept", -ECONNABORTED)) : original.call(server, options);
		const ended = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		client.shutdown(SHUT_WR);
		await ended;
	});

	test("a shutdown does not wait for the end of a pause", async () => {
		const { EMFILE } = await import("../src/sys/linux/errnos.js");
		await using server = new TCPServer(anyPort, Upper);
		const told = gate();
		server.handleAcceptError = () => told.open();
		server.getRequest = () => Promise.reject(socketError("accept", -EMFILE));
		const serving = server.serveForever();
		await told.opened;
		assert.equal(await server.shutdown(), 0);
		await serving;
	});

	for (const Server of [TCPServer, AsyncTCPServer]) {
		test(`${Server.name} raises any other failure`, async () => {
			await using server = new Server(anyPort, Upper);
			const serving = server.serveForever();
			const failed = rejectsWith(serving, { code: "EINVAL", syscall: "accept" });
			server.socket.shutdown(SHUT_RD); // It listens no more.
			await failed;
			await rejectsWith(server.handleRequest(), { code: "EINVAL" });
			await rejectsWith(server.ended, { code: "EINVAL" });
		});
	}
});

interface Program {
	line(): Promise<string>;
	say(text: string): void;
	kill(signal: NodeJS.Signals): void;
	closed: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
}

/** A program of ours with a limit of descriptors, and a conversation by lines. */
function program(task: string, limit: number): Program {
	const file = fileURLToPath(new URL("./programs/server.js", import.meta.url));
	const child = spawn(
		"sh",
		["-c", `ulimit -n ${limit}; exec "$@"`, "sh", process.execPath, ...runtimeArguments, file, task],
		{ stdio: ["pipe", "pipe", "inherit"], timeout: 30_000, killSignal: "SIGKILL" },
	);
	const lines = child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false });
	let text = "";
	const closed = once(child, "close") as Program["closed"];
	return {
		async line() {
			while (!text.includes("\n")) {
				const { value, done } = await lines.next();
				if (done) return text;
				text += value;
			}
			const end = text.indexOf("\n");
			const line = text.slice(0, end);
			text = text.slice(end + 1);
			return line;
		},
		say: (words) => void child.stdin.write(words),
		// Not child.kill(), after which Deno takes the child for dead.
		kill: (signal) => void process.kill(child.pid as number, signal),
		closed,
	};
}

describe("a server in a process of its own", () => {
	const skip = isDeno ? "Deno opens descriptors of its own at will" : false;
	test("has its descriptors used up, says so, and serves when there are some again", { skip }, async () => {
		const server = program("exhausted", 512);
		const port = Number(await server.line());
		using client = await createConnection({ host: "127.0.0.1", port });
		const answer = lineFrom(client, "patience\n");
		assert.equal(await server.line(), "EMFILE");
		server.say("give back\n");
		assert.equal(await answer, "PATIENCE\n");
		client.close();
		server.kill("SIGTERM");
		assert.equal(await server.line(), "ended 0");
		assert.deepEqual(await server.closed, [0, null]);
	});

	for (const signal of ["SIGTERM", "SIGINT"] as const) {
		test(`is shut down by ${signal}, with its grace period`, async () => {
			const server = program("signals", 1024);
			const port = Number(await server.line());
			using client = await createConnection({ host: "127.0.0.1", port });
			assert.equal(await lineFrom(client, "x\n"), "X\n");
			server.kill(signal);
			assert.equal((await client.recv(1).catch(() => Buffer.alloc(0))).length, 0);
			assert.equal(await server.line(), "ended");
			assert.deepEqual(await server.closed, [0, null]);
		});
	}

	test("is ended by the second signal", async () => {
		const server = program("patient", 1024);
		const port = Number(await server.line());
		using client = await createConnection({ host: "127.0.0.1", port });
		assert.equal(await lineFrom(client, "x\n"), "X\n");
		server.kill("SIGTERM");
		assert.equal(await server.line(), "stopping");
		server.kill("SIGTERM");
		assert.deepEqual(await server.closed, [null, "SIGTERM"]);
	});
});
