/**
 * Servers with child processes: what they do with them, and what becomes of requests and children when things go
 * wrong.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
	type Address,
	AF_INET,
	AF_INET6,
	AF_UNIX,
	Cidr,
	createConnection,
	hasIpv6,
	SHUT_WR,
	SOCK_DGRAM,
	Socket,
} from "../src/index.js";
import { usualArguments } from "../src/server/childcommand.js";
import {
	ChildExitError,
	ForkingMixIn,
	ForkingTCPServer,
	ForkingUDPServer,
	ForkingUnixDatagramServer,
	ForkingUnixStreamServer,
	ShutdownError,
	StreamRequestHandler,
	serve,
	TCPServer,
	WorkerExitError,
} from "../src/server/index.js";
import { startProgram } from "./support/dialogue.js";
import { askPython, noPython } from "./support/oracles.js";
import { rejectsWith } from "./support/rejects.js";
import { isDeno } from "./support/runtime.js";
import { freshName } from "./support/servers.js";
import { until } from "./support/until.js";

const noPrlimit = spawnSync("prlimit", ["--version"]).status === 0 ? false : "there is no prlimit";
const anyPort = { host: "127.0.0.1", port: 0 };
const handlers = new URL("./support/childhandlers.js", import.meta.url);
const onDemand = new URL("#OnDemand", handlers);
const datagrams = new URL("#Datagrams", handlers);

/** A server whose errors are noted. */
function noted(Server: typeof ForkingTCPServer = ForkingTCPServer): {
	server: ForkingTCPServer;
	errors: unknown[];
	losses: Error[];
} {
	const server = new Server(anyPort, onDemand);
	const errors: unknown[] = [];
	const losses: Error[] = [];
	server.handleError = (_request, _address, error) => void errors.push(error);
	server.handleWorkerError = (error) => void losses.push(error);
	server.spareChildren = 0;
	return { server, errors, losses };
}

/** A client, with a line to say and a line to hear. */
class Client {
	readonly #socket: Socket;
	readonly #lines: { readline(): Promise<Buffer> };

	constructor(socket: Socket) {
		this.#socket = socket;
		this.#lines = socket.makefile("rb");
	}

	static async of(server: { serverAddress: Address }): Promise<Client> {
		return new Client(await createConnection(server.serverAddress as { host: string; port: number }));
	}

	/** Says a line, and gives the answer; empty when the connection ended, in whichever way. */
	async ask(text: string): Promise<string> {
		await this.#socket.sendall(`${text}\n`).catch(() => {});
		return await this.line();
	}

	async line(): Promise<string> {
		return `${await this.#lines.readline().catch(() => "")}`.trimEnd();
	}

	async send(text: string): Promise<void> {
		await this.#socket.sendall(text);
	}

	/** Ends the conversation, and waits until the server has done so too. */
	async end(): Promise<void> {
		this.#socket.shutdown(SHUT_WR);
		while ((await this.line()) !== "");
		this.close();
	}

	close(): void {
		this.#socket.close();
	}

	[Symbol.dispose](): void {
		this.close();
	}
}

/** One question, in a connection of its own. */
async function askOnce(server: { serverAddress: Address }, text: string): Promise<string> {
	using client = await Client.of(server);
	const answer = await client.ask(text);
	if (answer !== "") await client.end();
	return answer;
}

/** Whether there is such a process, which also a zombie is. */
function exists(pid: number): boolean {
	return existsSync(`/proc/${pid}`);
}

/** Whether there is such a process, and it is no zombie. */
function runs(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		return stat[stat.lastIndexOf(")") + 2] !== "Z";
	} catch {
		return false;
	}
}

describe("ForkingMixIn", () => {
	test("handles requests in other processes, one at a time in each, and uses them again", async () => {
		const { server } = noted();
		await using _server = server;
		void server.serveForever();
		using one = await Client.of(server);
		using two = await Client.of(server);
		const pids = [Number(await one.ask("pid")), Number(await two.ask("pid"))];
		assert.equal(new Set([...pids, process.pid]).size, 3);
		assert.deepEqual(new Set(pids), server.activeChildren);
		assert.deepEqual(server.children, server.activeChildren);
		await one.end();
		await two.end();
		await until(() => server.activeChildren.size === 0);
		for (let count = 0; count < 3; count++) {
			assert.ok(pids.includes(Number(await askOnce(server, "pid"))));
			await until(() => server.activeRequests === 0);
		}
		assert.equal(server.children.size, 2);
		assert.deepEqual(server.statistics(), {
			...server.statistics(),
			accepted: 5,
			finished: 5,
			failed: 0,
			ended: 0,
		});
	});

	test("has Python's attributes, in milliseconds", { skip: noPython }, () => {
		const script = `
import socketserver
def answer(name):
    mixin = socketserver.ForkingMixIn
    return [mixin.timeout * 1000, mixin.max_children, mixin.block_on_close]
`;
		const server = new ForkingTCPServer(anyPort, onDemand);
		assert.deepEqual(askPython(script, [""]), [[server.timeout, server.maxChildren, server.blockOnClose]]);
		server.serverClose();
	});

	test("hands over the addresses and the timeout", async () => {
		const { server } = noted();
		await using _server = server;
		server.idleTimeout = 12_345;
		void server.serveForever();
		using client = await Client.of(server);
		assert.equal(await client.ask("timeout"), "12345");
		const [from, at] = JSON.parse(await client.ask("address"));
		assert.equal(from.host, "127.0.0.1");
		assert.deepEqual(at, server.serverAddress);
		await client.end();
	});

	test("hands over connections of IPv6, and of Unix sockets", {
		skip: !hasIpv6() && "this machine has no IPv6",
	}, async () => {
		class Forking6 extends ForkingTCPServer {
			override readonly addressFamily = AF_INET6;
		}
		await using six = new Forking6({ host: "::1", port: 0 }, onDemand);
		await using unix = new ForkingUnixStreamServer(freshName(), onDemand);
		for (const server of [six, unix]) {
			server.spareChildren = 0;
			void server.serveForever();
			using socket = new Socket(server === six ? AF_INET6 : AF_UNIX);
			const name = freshName();
			if (server === unix) socket.bind(name);
			await socket.connect(server.serverAddress as never);
			const client = new Client(socket);
			const [from, at] = JSON.parse(await client.ask("address"));
			assert.deepEqual(from, server === six ? { ...(socket.getsockname() as object) } : name);
			assert.deepEqual(at, server.serverAddress);
			await client.end();
		}
	});

	test("handles datagrams, large ones too", async () => {
		await using udp = new ForkingUDPServer(anyPort, datagrams);
		await using unix = new ForkingUnixDatagramServer(freshName(), datagrams);
		udp.maxPacketSize = 65_507;
		unix.maxPacketSize = 200_000;
		for (const [server, family, size] of [
			[udp, AF_INET, 65_507],
			[unix, AF_UNIX, 150_000],
		] as const) {
			server.spareChildren = 0;
			void server.serveForever();
			using client = new Socket(family, SOCK_DGRAM);
			if (family === AF_UNIX) client.bind(freshName());
			await client.connect(server.serverAddress as never);
			for (const length of [0, 1, size]) {
				await client.send(Buffer.alloc(length, "x"));
				const [pid, told] = `${await client.recv(100)}`.split(" ").map(Number);
				assert.notEqual(pid, process.pid);
				assert.equal(told, length);
			}
		}
	});

	test("takes a function for a handler, as the default export", async () => {
		await using server = new ForkingTCPServer(anyPort, handlers);
		server.spareChildren = 0;
		void server.serveForever();
		using client = await Client.of(server);
		assert.match(await client.line(), /^hello from \d+$/);
	});

	test("keeps idle children ready, and replaces those that get something to do", async () => {
		const { server } = noted();
		await using _server = server;
		server.spareChildren = 2;
		void server.serveForever();
		await until(() => server.children.size === 2);
		using one = await Client.of(server);
		await one.ask("pid");
		await until(() => server.children.size === 3);
		using two = await Client.of(server);
		await two.ask("pid");
		await until(() => server.children.size === 4);
		server.maxChildren = 4;
		using three = await Client.of(server);
		await three.ask("pid");
		assert.equal(server.children.size, 4);
	});

	test("collectChildren() ends those that nobody needs any more", async () => {
		const { server } = noted();
		await using _server = server;
		server.childIdleTimeout = null;
		void server.serveForever({ pollInterval: 5 });
		const clients = [await Client.of(server), await Client.of(server), await Client.of(server)];
		for (const client of clients) await client.ask("pid");
		assert.equal(server.children.size, 3);
		for (const client of clients) await client.end();
		await until(() => server.activeRequests === 0);
		server.collectChildren();
		assert.equal(server.children.size, 3);
		server.spareChildren = 1;
		server.childIdleTimeout = 0; // serviceActions() calls it.
		await until(() => server.children.size === 1);
		assert.match(await askOnce(server, "pid"), /^\d+$/);
	});

	test("gives each request a process of its own when maxRequestsPerChild is 1, as Python does", async () => {
		const { server } = noted();
		await using _server = server;
		server.maxRequestsPerChild = 1;
		void server.serveForever();
		const pids = new Set<number>();
		for (let count = 0; count < 3; count++) pids.add(Number(await askOnce(server, "pid")));
		assert.equal(pids.size, 3);
		await until(() => server.children.size === 0);
		for (const pid of pids) assert.equal(exists(pid), false);
	});

	test("lets further connections wait in the kernel when there are maxChildren", async () => {
		const { server } = noted();
		await using _server = server;
		server.maxChildren = 2;
		void server.serveForever();
		const clients: Client[] = [];
		for (let count = 0; count < 4; count++) clients.push(await Client.of(server));
		const answers = clients.map((client, index) => client.ask(`echo ${index}`));
		const over: number[] = [];
		for (const answer of answers) void answer.then((text) => over.push(Number(text)));
		await until(() => over.length === 2);
		assert.equal(server.statistics().accepted, 2);
		assert.equal(server.children.size, 2);
		for (const index of over.slice()) await clients[index]?.end();
		await until(() => over.length === 4);
		assert.equal(server.statistics().accepted, 4);
		assert.ok(server.children.size <= 2);
		for (const client of clients) client.close();
	});

	test("refuses in this process, without a child", async () => {
		const { server } = noted();
		await using _server = server;
		server.deny = [new Cidr("127.0.0.1")];
		void server.serveForever();
		assert.equal(await askOnce(server, "pid"), "");
		server.deny = [];
		server.verifyRequest = () => false;
		assert.equal(await askOnce(server, "pid"), "");
		await until(() => server.statistics().refused === 2);
		assert.equal(server.children.size, 0);
	});

	test("gives a child none of the descriptors that it does not need", {
		skip: isDeno && "Deno's own cannot be told apart",
	}, async () => {
		const { server } = noted();
		await using _server = server;
		void server.serveForever();
		using idle = await Client.of(server);
		await idle.ask("pid");
		using client = await Client.of(server);
		const found = JSON.parse(await client.ask("descriptors")) as [fd: number, target: string][];
		// Beside the standard streams.
		const sockets = found.filter(([fd, target]) => fd > 2 && target.startsWith("socket:"));
		assert.equal(sockets.length, 2, `the channel and the connection: ${found.join("; ")}`);
		const lines = JSON.parse(await client.ask("descriptors-of-program")) as string[];
		for (const [, target] of sockets) {
			assert.ok(!lines.some((line) => line.includes(target)), lines.join("\n"));
		}
		await client.end();
	});

	test("starts children with this process's arguments, or with others", {
		skip: isDeno && "those of Node",
	}, async () => {
		assert.deepEqual(
			usualArguments(["--conditions=x", "--inspect=0", "-e", "code", "--test", "--import", "y"]),
			["--conditions=x", "--import", "y"],
		);
		const typed = [
			"--input-type",
			"module",
			"--no-warnings",
			"-p",
			"1",
			"--watch-path=.",
			"--test-only",
			"-i",
		];
		assert.deepEqual(usualArguments(typed), ["--no-warnings"]);
		assert.deepEqual(usualArguments(["--eval=1", "--inspect-brk", "--inspect-port", "9", "--title=x"]), [
			"--title=x",
		]);
		const { server } = noted();
		await using _server = server;
		server.execArgv = ["--no-deprecation", "--conditions=other"];
		void server.serveForever();
		assert.deepEqual(JSON.parse(await askOnce(server, "arguments")), server.execArgv);
	});

	test("refuses what it cannot serve with before anything is started", async () => {
		class Handler extends StreamRequestHandler {
			override handle() {}
		}
		for (const wrong of [Handler, "./handlers.js", undefined]) {
			assert.throws(() => new ForkingTCPServer(anyPort, wrong as never), /give its URL/);
		}
		assert.throws(() => ForkingMixIn(7 as never), /ForkingMixIn takes a class of servers, not/);
		const wrong: [keyof ForkingTCPServer, unknown, RegExp][] = [
			["maxChildren", 0, /maxChildren must be a whole number from 1 on, not 0/],
			["maxChildren", Number.NaN, /maxChildren/],
			["spareChildren", -1, /spareChildren must be a whole number from 0 on, not -1/],
			["maxRequestsPerChild", 0.5, /maxRequestsPerChild/],
			["childIdleTimeout", -1, /childIdleTimeout/],
			["execArgv", "--x", /execArgv must be null or an array of strings, not/],
			["execArgv", [7], /execArgv/],
			["workerPatience", -1, /workerPatience/],
		];
		for (const [name, value, message] of wrong) {
			using server = new ForkingTCPServer(anyPort, onDemand);
			Object.assign(server, { [name]: value });
			await assert.rejects(server.serveForever(), message);
			assert.equal(server.children.size, 0);
		}
	});

	test("rejects with what is wrong with the module", async () => {
		const cases: [URL, RegExp][] = [
			[new URL("./support/nothing.js#Handler", import.meta.url), /nothing\.js/],
			[
				new URL("#Other", handlers),
				/"Other" must be a class of handlers or a function, not undefined; it exports/,
			],
			[new URL("#number", handlers), /"number" must be/],
		];
		for (const [url, message] of cases) {
			await using server = new ForkingTCPServer(anyPort, url);
			await assert.rejects(server.serveForever(), message);
			await assert.rejects(server.ended, message);
			await until(() => server.children.size === 0);
			await using served = serve(anyPort, url, { children: 1 });
			await assert.rejects(served.ended, message);
		}
	});

	test("mixes into a class of one's own", async () => {
		class Mine extends TCPServer {
			override allowReuseAddress = true;
			greeting = "hello";
		}
		class Forking extends ForkingMixIn(Mine) {
			override spareChildren = 0;
		}
		await using server = new Forking(anyPort, onDemand);
		void server.serveForever();
		assert.equal(server.greeting, "hello");
		assert.notEqual(Number(await askOnce(server, "pid")), process.pid);
	});
});

describe("serve() with children", () => {
	test("makes servers of every kind whose handlers run in child processes", async () => {
		const options = { children: 1, spareChildren: 0, workerData: { name: "data" } };
		await using tcp = serve(anyPort, onDemand, { ...options, maxRequestsPerChild: 1 });
		await using unix = serve(freshName(), onDemand, options);
		await using udp = serve(anyPort, datagrams, { ...options, type: SOCK_DGRAM });
		await using unixDatagrams = serve(freshName(), datagrams, { ...options, type: SOCK_DGRAM });
		assert.ok(tcp instanceof ForkingTCPServer && unix instanceof ForkingUnixStreamServer);
		assert.ok(udp instanceof ForkingUDPServer && unixDatagrams instanceof ForkingUnixDatagramServer);
		assert.deepEqual([tcp.maxChildren, tcp.spareChildren, tcp.maxRequestsPerChild], [1, 0, 1]);
		assert.deepEqual(JSON.parse(await askOnce(tcp, "data")), { name: "data" });
	});

	test("refuses options that do not go together", () => {
		const cases: [unknown, object, RegExp][] = [
			[onDemand, { children: 0 }, /maxChildren must be a whole number from 1 on, not 0/],
			[onDemand, { children: 2, workers: 2 }, /workers is for worker threads/],
			[onDemand, { spareChildren: 2 }, /spareChildren is for child processes: say by `children`/],
			[
				() => {},
				{ children: 2 },
				/children is for handlers in worker threads or child processes: give the URL/,
			],
			[() => {}, { maxRequestsPerChild: 2 }, /maxRequestsPerChild is for handlers/],
		];
		for (const [handler, options, message] of cases) {
			assert.throws(() => serve(anyPort, handler as never, options), message);
		}
	});
});

/** Python's own, with the same handler. It prints its port, and ends with its input. */
const pythonServer = `
import os, signal, socketserver, sys, threading
def end_with_test():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=end_with_test, daemon=True).start()
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            verb, _, word = line.decode().strip().partition(" ")
            if verb == "pid": answer = str(os.getpid())
            elif verb == "echo": answer = word
            elif verb == "kill": os.kill(os.getpid(), getattr(signal, word))
            elif verb == "exit": os._exit(int(word))
            elif verb == "throw": raise ValueError(word)
            self.wfile.write(answer.encode() + b"\\n")
class Server(socketserver.ForkingTCPServer):
    max_children = 2
    def handle_error(self, request, client_address): pass
with Server(("127.0.0.1", 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
`;

describe("clients of ForkingTCPServer", { skip: noPython }, () => {
	/** What clients see of a server. */
	async function experience(server: { serverAddress: Address }): Promise<unknown> {
		const pids: number[] = [];
		for (let count = 0; count < 3; count++) pids.push(Number(await askOnce(server, "pid")));
		const seen: unknown[] = [new Set(pids).size];
		for (const fault of ["kill SIGKILL", "exit 3", "throw it"]) {
			using other = await Client.of(server);
			seen.push(await other.ask("echo first"), await askOnce(server, fault));
			seen.push(await other.ask("echo then"), await askOnce(server, "echo next"));
			await other.end();
		}
		// The third waits until one of the first two is through.
		const clients = [await Client.of(server), await Client.of(server), await Client.of(server)];
		const over: number[] = [];
		const answers = clients.map(async (client, index) => {
			seen.push(await client.ask("echo there"));
			over.push(index);
		});
		await until(() => over.length === 2);
		for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
		seen.push(over.length);
		await clients[over[0] ?? 0]?.end();
		await Promise.all(answers);
		for (const client of clients) client.close();
		return seen;
	}

	test("see the same as those of Python's", async () => {
		const { server } = noted();
		await using _server = server;
		server.maxChildren = 2;
		server.maxRequestsPerChild = 1;
		void server.serveForever();
		const python = spawn("python3", ["-c", pythonServer], { stdio: ["pipe", "pipe", "inherit"] });
		try {
			const port = Number(`${(await once(python.stdout, "data"))[0]}`);
			const theirs = await experience({ serverAddress: { host: "127.0.0.1", port } });
			assert.deepEqual(await experience(server), theirs);
		} finally {
			const ended = once(python, "close");
			python.stdin.end();
			await ended;
		}
	});
});

describe("a child that dies", () => {
	test("takes its request with it, and nothing else", async () => {
		const { server, errors, losses } = noted();
		await using _server = server;
		void server.serveForever();
		using other = await Client.of(server);
		await other.ask("pid");
		using client = await Client.of(server);
		const pid = Number(await client.ask("pid"));
		process.kill(pid, "SIGKILL");
		assert.equal(await client.line(), "");
		assert.equal(await other.ask("echo still there"), "still there");
		await until(() => errors.length === 1);
		const [error] = errors as ChildExitError[];
		assert.ok(error instanceof ChildExitError && error instanceof WorkerExitError);
		assert.equal(error.message, `child process ${pid} was killed by SIGKILL before the request was finished`);
		assert.deepEqual(
			[error.pid, error.signal, error.exitCode, error.code],
			[pid, "SIGKILL", null, "ERR_SERVER_WORKER_EXIT"],
		);
		assert.equal(exists(pid), false);
		assert.match(await askOnce(server, "pid"), /^\d+$/);
		assert.equal(await other.ask("echo and now"), "and now");
		assert.deepEqual([server.statistics().failed, losses], [1, []]);
	});

	for (const [what, code, message] of [
		["exit 3", 3, /^child process \d+ exited with code 3 before the request was finished$/],
		["crash", 1, /^child process \d+ exited with code 1 before the request was finished$/],
	] as const) {
		test(`of itself (${what}) is told by handleError(), and the next request is served`, async () => {
			const { server, errors } = noted();
			await using _server = server;
			void server.serveForever();
			assert.equal(await askOnce(server, what), "");
			await until(() => errors.length === 1);
			const [error] = errors as ChildExitError[];
			assert.match(String(error?.message), message);
			assert.deepEqual([error?.exitCode, error?.signal], [code, null]);
			assert.equal(await askOnce(server, "echo next"), "next");
		});
	}

	test("while it is idle is told by handleWorkerError(), and replaced", async () => {
		const { server, errors, losses } = noted();
		await using _server = server;
		server.spareChildren = 1;
		void server.serveForever();
		const pid = Number(await askOnce(server, "pid"));
		await until(() => server.activeRequests === 0);
		process.kill(pid, "SIGKILL");
		await until(() => losses.length === 1);
		assert.equal(
			losses[0]?.message,
			`child process ${pid} was killed by SIGKILL while it waited for a request`,
		);
		await until(() => server.children.size >= 1 && !server.children.has(pid));
		assert.match(await askOnce(server, "pid"), /^\d+$/);
		assert.deepEqual(errors, []);
	});

	test("in the moment when it gets a request loses none that it did not get", async () => {
		const { server, errors, losses } = noted();
		await using _server = server;
		void server.serveForever();
		const pid = Number(await askOnce(server, "pid"));
		await until(() => server.activeRequests === 0);
		process.kill(pid, "SIGKILL");
		// This loop does not turn meanwhile, so that the server does not know.
		while (runs(pid));
		assert.notEqual(Number(await askOnce(server, "pid")), pid);
		assert.deepEqual(errors, []);
		assert.ok(losses.length <= 1);
	});

	test("is killed when it says what makes no sense", async () => {
		const { server, errors } = noted();
		await using _server = server;
		void server.serveForever();
		assert.equal(await askOnce(server, "garbage"), "");
		await until(() => errors.length === 1);
		assert.match(
			String(errors[0]),
			/child process \d+ was killed by SIGKILL before the request was finished/,
		);
		assert.equal(await askOnce(server, "echo next"), "next");
	});

	test("over datagrams, too, loses its own alone", async () => {
		await using server = new ForkingUDPServer(anyPort, datagrams);
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		server.spareChildren = 0;
		void server.serveForever();
		using client = new Socket(AF_INET, SOCK_DGRAM);
		await client.connect(server.serverAddress);
		await client.send("kill SIGKILL");
		await until(() => errors.length === 1);
		assert.match(String(errors[0]), /was killed by SIGKILL/);
		await client.send("next");
		assert.match(`${await client.recv(100)}`, /^\d+ 4$/);
	});
});

describe("a child", () => {
	test("whose handler throws tells it with name, message, code, stack and cause, and is used again", async () => {
		const { server, errors } = noted();
		await using _server = server;
		void server.serveForever();
		const pid = await askOnce(server, "pid");
		assert.equal(await askOnce(server, "throw the handler failed"), "");
		await until(() => errors.length === 1);
		const [error] = errors as (RangeError & { code: string })[];
		assert.ok(error instanceof RangeError);
		assert.deepEqual(
			[error.name, error.message, error.code],
			["RangeError", "the handler failed", "ECHILDS"],
		);
		assert.match(String(error.stack), /childhandlers\.[jt]s/);
		assert.match(String(error.cause), /the cause/);
		assert.equal(await askOnce(server, "pid"), pid);
	});

	test("that has no descriptors left says so", { skip: noPrlimit }, async () => {
		const { server, errors } = noted();
		await using _server = server;
		void server.serveForever();
		const pid = await askOnce(server, "pid");
		await until(() => server.activeRequests === 0);
		assert.equal(spawnSync("prlimit", ["--pid", pid, "--nofile=1:"]).status, 0);
		assert.equal(await askOnce(server, "pid"), "");
		await until(() => errors.length === 1);
		assert.match(String(errors[0]), /SocketError: recvmsg: .*EMFILE/);
		assert.equal(spawnSync("prlimit", ["--pid", pid, "--nofile=100:"]).status, 0);
		assert.equal(await askOnce(server, "pid"), pid);
	});

	test("that never gives way is killed after the total timeout, and others are served meanwhile", async () => {
		const { server, errors } = noted();
		await using _server = server;
		server.workerPatience = 20;
		void server.serveForever();
		using other = await Client.of(server);
		await other.ask("pid");
		let told = "";
		let client: Client | undefined;
		// On a busy machine the time may be over before the child has begun.
		for (server.totalTimeout = 200; !told.startsWith("spinning"); server.totalTimeout *= 2) {
			client?.close();
			client = await Client.of(server);
			told = await client.ask("spin");
		}
		const pid = Number(told.split(" ")[1]);
		assert.equal(await other.ask("echo meanwhile"), "meanwhile");
		assert.equal(await client?.line(), "");
		client?.close();
		await until(
			() => !exists(pid) && !server.children.has(pid) && server.statistics().ended === errors.length,
		);
		assert.match(String(errors.at(-1)), /TimeoutError: request 127\.0\.0\.1:\d+: timed out after \d+ ms/);
		server.totalTimeout = null;
		assert.match(await askOnce(server, "pid"), /^\d+$/);
	});

	test("that blocks on its connection wakes when its request is ended", async () => {
		const { server, errors } = noted();
		await using _server = server;
		server.workerPatience = 60_000;
		void server.serveForever();
		using client = await Client.of(server);
		const pid = Number(await client.ask("pid"));
		assert.equal(await client.ask("block"), "blocking");
		assert.equal(await server.shutdown({ grace: 0 }), 1);
		assert.equal(await client.line(), "");
		assert.equal(exists(pid), false);
		assert.deepEqual(errors, []);
	});

	test("has time to tidy up when its request is ended, and is not used again", async () => {
		const folder = mkdtempSync(join(tmpdir(), "berkeley-forking-"));
		try {
			const { server, errors } = noted();
			await using _server = server;
			server.workerPatience = 60_000;
			void server.serveForever();
			const file = join(folder, "tidied");
			using client = await Client.of(server);
			const pid = Number(await client.ask("pid"));
			assert.equal(await client.ask(`tidy ${file}`), "holding");
			assert.equal(await server.shutdown({ grace: 0 }), 1);
			assert.equal(readFileSync(file, "utf8"), "ERR_SERVER_SHUTDOWN");
			assert.equal(exists(pid), false);
			assert.deepEqual(errors, []);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test("that gets SIGTERM ends when its request is over, and SIGINT is no business of its", async () => {
		const { server, errors, losses } = noted();
		await using _server = server;
		void server.serveForever();
		using client = await Client.of(server);
		const pid = Number(await client.ask("pid"));
		process.kill(pid, "SIGINT");
		process.kill(pid, "SIGTERM");
		assert.equal(await client.ask("echo still here"), "still here");
		await client.end();
		await until(() => !exists(pid));
		const next = Number(await askOnce(server, "pid"));
		assert.notEqual(next, pid);
		await until(() => server.activeRequests === 0);
		process.kill(next, "SIGTERM"); // An idle one.
		await until(() => !exists(next));
		assert.deepEqual([errors, losses], [[], []]);
	});
});

describe("the end of a server with children", () => {
	test("comes under load with every connection answered or closed, and no child left", async () => {
		const { server, errors } = noted();
		await using _server = server;
		server.spareChildren = 2;
		server.maxChildren = 4;
		server.requestQueueSize = 100;
		const serving = server.serveForever();
		let answered = 0;
		let closed = 0;
		let down = false;
		async function load(): Promise<void> {
			while (!down) {
				try {
					if ((await askOnce(server, "echo hello")) === "hello") answered++;
					else closed++;
				} catch {
					closed++;
				}
			}
		}
		const loads = Array.from({ length: 8 }, load);
		await until(() => answered > 50);
		const pids = server.children;
		assert.equal(await server.shutdown({ grace: null }), 0);
		await serving;
		down = true;
		// Those who are in line in the kernel are told by its close.
		server.serverClose();
		await Promise.all(loads);
		assert.equal(server.children.size, 0);
		for (const pid of pids) assert.equal(exists(pid), false);
		assert.deepEqual(errors, []);
		assert.ok(answered >= server.statistics().finished - 8);
		assert.ok(closed <= 16, `${closed} were closed`);
	});

	test("ends after the grace time what is still under way", async () => {
		const { server, errors } = noted();
		await using _server = server;
		void server.serveForever();
		using client = await Client.of(server);
		const pid = Number(await client.ask("pid"));
		assert.equal(await client.ask("hold"), "holding");
		assert.equal(await server.close({ grace: 10 }), 1);
		assert.equal(await client.line(), "");
		assert.equal(exists(pid), false);
		assert.deepEqual(errors, []);
		assert.equal(new ShutdownError().code, "ERR_SERVER_SHUTDOWN");
	});

	test("is told to the handlers, which can let their clients go", async () => {
		const { server, errors } = noted();
		await using _server = server;
		const serving = server.serveForever();
		using client = await Client.of(server);
		assert.equal(await client.ask("stopping"), "waiting");
		const down = server.shutdown({ grace: null });
		assert.equal(await client.line(), "the server stops");
		await client.end();
		assert.equal(await down, 0);
		await serving;
		assert.deepEqual(errors, []);
	});

	test("by serverClose() alone lets the children leave when they are through", async () => {
		const { server } = noted();
		const serving = server.serveForever();
		using client = await Client.of(server);
		const pid = Number(await client.ask("pid"));
		server.serverClose();
		await serving;
		assert.equal(await client.ask("echo goodbye"), "goodbye");
		assert.ok(exists(pid));
		await client.end();
		await until(() => !exists(pid) && server.children.size === 0);
	});

	test("is not waited for when blockOnClose is false", async () => {
		const { server } = noted();
		server.blockOnClose = false;
		server.workerPatience = 300;
		const serving = server.serveForever();
		using client = await Client.of(server);
		const pid = Number((await client.ask("spin")).split(" ")[1]);
		assert.equal(await server.close({ grace: 0 }), 1);
		await serving;
		assert.ok(exists(pid));
		await until(() => !exists(pid));
	});

	test("while children are starting leaves none of them", async () => {
		const { server } = noted();
		server.spareChildren = 3;
		const serving = server.serveForever();
		await until(() => server.children.size > 0);
		const pids = server.children;
		await server.close();
		await serving;
		assert.equal(server.children.size, 0);
		for (const pid of pids) assert.equal(exists(pid), false);
	});

	for (const signal of ["SIGKILL", "SIGTERM"] as const) {
		test(`by ${signal} is that of all its children, whatever they do`, async () => {
			const program = startProgram("forking", ["serve"]);
			const server = { serverAddress: { host: "127.0.0.1", port: Number(await program.line()) } };
			using idle = await Client.of(server);
			await idle.ask("pid");
			await idle.end();
			using busy = await Client.of(server);
			assert.equal(await busy.ask("hold"), "holding");
			using stuck = await Client.of(server);
			assert.match(await stuck.ask("spin"), /^spinning/);
			program.say("children\n");
			const pids = JSON.parse(await program.line()) as number[];
			assert.ok(pids.length >= 3);
			program.kill(signal);
			if (signal === "SIGTERM") {
				assert.equal(await program.line(), "ended 0");
				assert.deepEqual(await program.closed, [0, null]);
			} else {
				assert.deepEqual(await program.closed, [null, "SIGKILL"]);
			}
			await until(() => !pids.some(runs));
			assert.deepEqual([await busy.line(), await stuck.line()], ["", ""]);
		});
	}

	test("comes by itself when the program has nothing else to do than to keep an idle child", async () => {
		const program = startProgram("forking", ["one"]);
		const server = { serverAddress: { host: "127.0.0.1", port: Number(await program.line()) } };
		const pid = Number(await askOnce(server, "pid"));
		assert.deepEqual(JSON.parse(await program.line()), [pid]);
		assert.deepEqual(await program.closed, [0, null]);
		await until(() => !runs(pid));
	});

	test("closing refuses what comes then", async () => {
		const { server } = noted();
		await server.close();
		await rejectsWith(server.serveForever(), { code: "EBADF" });
	});
});
