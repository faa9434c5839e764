/**
 * What the servers' attributes do, how servers are made, and serve().
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
	AF_INET,
	AF_INET6,
	AF_UNIX,
	createConnection,
	createServer,
	hasIpv6,
	IPPROTO_TCP,
	SHUT_WR,
	SO_REUSEADDR,
	SO_REUSEPORT,
	SOCK_DGRAM,
	SOL_SOCKET,
	Socket,
	TCP_NODELAY,
} from "../src/index.js";
import {
	AsyncMixIn,
	AsyncTCPServer,
	AsyncUDPServer,
	AsyncUnixDatagramServer,
	AsyncUnixStreamServer,
	BaseRequestHandler,
	StreamRequestHandler,
	serve,
	TCPServer,
	UDPServer,
	UnixStreamServer,
} from "../src/server/index.js";
import { rejectsWith } from "./support/rejects.js";
import { freshName, gate } from "./support/servers.js";

const anyPort = { host: "127.0.0.1", port: 0 };

class Nothing extends StreamRequestHandler<number> {
	override handle() {}
}

class Echo extends StreamRequestHandler {
	override async handle() {
		for await (const line of this.rfile) await this.wfile.write(line);
	}
}

describe("a server's attributes", () => {
	test("are Python's at first", () => {
		const server = new TCPServer(anyPort, Nothing);
		assert.equal(server.addressFamily, AF_INET);
		assert.equal(server.requestQueueSize, 5);
		assert.equal(server.allowReuseAddress, false);
		assert.equal(server.allowReusePort, false);
		assert.equal(server.timeout, null);
		assert.equal(new UDPServer(anyPort, Nothing as never).maxPacketSize, 8192);
		assert.equal(server.RequestHandlerClass, Nothing);
	});

	test("may be fields of a subclass, or be set before the server is first used", async () => {
		class Mine extends TCPServer {
			override allowReuseAddress = true;
			override requestQueueSize = 7;
		}
		await using server = new Mine(anyPort, Echo);
		server.allowReusePort = true;
		assert.ok(server.serverAddress.port > 0);
		assert.equal(server.socket.getsockopt(SOL_SOCKET, SO_REUSEADDR), 1);
		assert.equal(server.socket.getsockopt(SOL_SOCKET, SO_REUSEPORT), 1);
		await using other = new TCPServer(anyPort, Echo).open();
		assert.equal(other.socket.getsockopt(SOL_SOCKET, SO_REUSEADDR), 0);
		assert.equal(other.socket.getsockopt(SOL_SOCKET, SO_REUSEPORT), 0);
	});

	test("allowReusePort does not disturb a Unix socket", async () => {
		await using server = new UnixStreamServer(freshName(), Nothing);
		server.allowReusePort = true;
		server.open();
	});

	test("maxPacketSize cuts longer datagrams", async () => {
		await using server = new UDPServer(
			anyPort,
			class extends BaseRequestHandler<readonly [Buffer, Socket<never>], never> {
				override async handle() {
					const [data, socket] = this.request;
					await socket.sendto(`${data.length}`, this.clientAddress);
				}
			} as never,
		);
		server.maxPacketSize = 4;
		const ended = server.handleRequest();
		using client = new Socket(AF_INET, SOCK_DGRAM);
		await client.connect(server.serverAddress);
		await client.sendall("123456");
		assert.equal(`${await client.recv(100)}`, "4");
		await ended;
	});

	test("handleRequest() heeds the socket's own timeout", async () => {
		await using server = new TCPServer(anyPort, Echo);
		server.open();
		server.socket.settimeout(10);
		server.timeout = 60_000;
		let timeouts = 0;
		server.handleTimeout = () => {
			timeouts++;
		};
		await server.handleRequest();
		assert.equal(timeouts, 1);
	});
});

describe("making a server", () => {
	test("that cannot be bound says so when it opens, and leaves nothing open", async () => {
		await using server = new TCPServer(anyPort, Echo).open();
		const second = new TCPServer(server.serverAddress, Echo);
		assert.throws(() => second.open(), { code: "EADDRINUSE" });
		assert.throws(() => second.open(), { code: "EBADF" });
		await rejectsWith(new TCPServer(server.serverAddress, Echo).serveForever(), { code: "EADDRINUSE" });
		await rejectsWith(new TCPServer(server.serverAddress, Echo).handleRequest(), { code: "EADDRINUSE" });
	});

	test("can be done by hand", async () => {
		await using server = new TCPServer(anyPort, Echo, false);
		assert.equal(server.serverAddress.port, 0);
		server.socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
		server.serverBind();
		server.serverActivate();
		assert.ok(server.serverAddress.port > 0);
		const ended = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		await client.sendall("hand\n");
		client.shutdown(SHUT_WR);
		assert.equal(`${await client.recv(100)}`, "hand\n");
		await ended;
	});

	test("takes a socket that listens already", async () => {
		const listener = createServer(anyPort);
		await using server = new TCPServer(listener.getsockname(), Echo, false);
		server.socket = listener;
		const ended = server.handleRequest();
		using client = await createConnection(listener.getsockname());
		client.shutdown(SHUT_WR);
		assert.equal((await client.recv(1)).length, 0);
		await ended;
		using another = new Socket(AF_INET);
		assert.throws(() => {
			server.socket = another;
		}, /has its socket already/);
		assert.throws(() => {
			server.socket = 5 as never;
		}, /must be a Socket, not a number/);
	});

	test("needs a class of handlers", () => {
		assert.throws(() => new TCPServer(anyPort, undefined as never), /class of request handlers/);
		assert.throws(() => AsyncMixIn(undefined as never), /class of servers/);
	});

	test("of a Unix socket leaves the file, as Python does", async () => {
		const folder = mkdtempSync(join(tmpdir(), "berkeley-server-"));
		try {
			const path = join(folder, "socket");
			const server = new UnixStreamServer(path, Nothing);
			assert.equal(server.serverAddress, path);
			await server.close();
			assert.ok(existsSync(path));
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe("a stream handler", () => {
	test("has the options of its connection set, and a buffer for what it writes", async () => {
		let nodelay = 0;
		let timeout: number | null = 0;
		class Buffered extends StreamRequestHandler {
			override wbufsize = -1;
			override timeout = 5000;
			override disableNagleAlgorithm = true;
			override async handle() {
				nodelay = this.connection.getsockopt(IPPROTO_TCP, TCP_NODELAY);
				timeout = this.request.gettimeout();
				assert.equal(await this.wfile.write("abc"), 3);
				await this.wfile.writelines(["def", Buffer.from("ghi")]);
			}
		}
		await using server = new TCPServer(anyPort, Buffered);
		const ended = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		assert.equal(`${await client.makefile("rb").read()}`, "abcdefghi");
		await ended;
		assert.ok(nodelay !== 0);
		assert.equal(timeout, 5000);
	});

	test("sends all of a long answer, without a buffer too", async () => {
		const long = Buffer.alloc(3_000_000, "x");
		class Long extends StreamRequestHandler {
			override async handle() {
				assert.equal(await this.wfile.write(long), long.length);
				await this.wfile.flush();
				await this.wfile.close();
				assert.equal(this.wfile.closed, true);
				await assert.rejects(this.wfile.write("more"), /closed/);
			}
		}
		await using server = new TCPServer(anyPort, Long);
		const ended = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		assert.equal((await client.makefile("rb").read()).length, long.length);
		await ended;
	});

	test("whose own setup() does not call the one above it is told so", async () => {
		class Forgetful extends StreamRequestHandler {
			override setup() {}
			override async handle() {
				await this.rfile.readline();
			}
		}
		await using server = new TCPServer(anyPort, Forgetful);
		const errors: unknown[] = [];
		server.handleError = (_request, _address, error) => void errors.push(error);
		const ended = server.handleRequest();
		using _client = await createConnection(server.serverAddress);
		await ended;
		assert.match(String(errors[0]), /call super\.setup\(\)/);
	});

	test("whose setup() fails is not finished, and its connection is closed", async () => {
		const log: string[] = [];
		class Failing extends StreamRequestHandler {
			override setup() {
				throw new Error("no setup");
			}
			override handle() {
				log.push("handle");
			}
			override async finish() {
				log.push("finish");
			}
		}
		await using server = new TCPServer(anyPort, Failing);
		server.handleError = (_request, _address, error) => void log.push(String(error));
		const ended = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		assert.equal((await client.recv(1)).length, 0);
		await ended;
		assert.deepEqual(log, ["Error: no setup"]);
	});

	test("knows its server, with what a class of servers adds", async () => {
		class Counting extends AsyncMixIn(TCPServer) {
			count = 0;
		}
		class Count extends StreamRequestHandler<typeof AF_INET | typeof AF_INET6, Counting> {
			override async handle() {
				await this.wfile.write(`${++this.server.count} ${this.clientAddress.host}`);
			}
		}
		await using server = new Counting(anyPort, Count);
		void server.serveForever();
		for (const expected of ["1 127.0.0.1", "2 127.0.0.1"]) {
			using client = await createConnection(server.serverAddress);
			assert.equal(`${await client.recv(100)}`, expected);
		}
	});
});

describe("serve()", () => {
	test("serves connections by a function", async () => {
		await using server = serve(anyPort, async (connection, { clientAddress }) => {
			await connection.sendall(`hello ${clientAddress.host}`);
		});
		assert.ok(server instanceof AsyncTCPServer);
		assert.equal(server.allowReuseAddress, true);
		assert.equal(server.requestQueueSize, 1024);
		using client = await createConnection(server.serverAddress);
		assert.equal(`${await client.recv(100)}`, "hello 127.0.0.1");
		assert.equal((await client.recv(100)).length, 0);
	});

	test("serves by a class of handlers", async () => {
		await using server = serve(anyPort, Echo);
		using client = await createConnection(server.serverAddress);
		await client.sendall("echo\n");
		assert.equal(`${await client.recv(100)}`, "echo\n");
		client.close();
	});

	test("serves on a Unix path", async () => {
		await using server = serve(freshName(), async (connection) => connection.sendall("unix"));
		assert.ok(server instanceof AsyncUnixStreamServer);
		using client = new Socket(AF_UNIX);
		await client.connect(server.serverAddress);
		assert.equal(`${await client.recv(100)}`, "unix");
	});

	test("serves over IPv6 where the host is one of it", {
		skip: hasIpv6() ? false : "this machine has no IPv6",
	}, async () => {
		await using server = serve({ host: "::1", port: 0 }, async (connection) => connection.sendall("six"));
		assert.equal(server.addressFamily, AF_INET6);
		using client = await createConnection(server.serverAddress);
		assert.equal(`${await client.recv(100)}`, "six");
		await using all = serve({ host: "", port: 0 }, () => {}, { family: AF_INET6 });
		assert.equal(all.serverAddress.host, "::");
	});

	test("serves datagrams", async () => {
		await using server = serve(
			anyPort,
			async ([data, socket], { clientAddress }) => {
				await socket.sendto(`${data}!`, clientAddress);
			},
			{ type: SOCK_DGRAM, maxPacketSize: 3 },
		);
		assert.ok(server instanceof AsyncUDPServer);
		using client = new Socket(AF_INET, SOCK_DGRAM);
		await client.connect(server.serverAddress);
		await client.sendall("abcdef");
		assert.equal(`${await client.recv(100)}`, "abc!");
		await using unix = serve(freshName(), ([data]) => void log.push(`${data}`), { type: SOCK_DGRAM });
		assert.ok(unix instanceof AsyncUnixDatagramServer);
		const log: string[] = [];
		// The sender has no name.
		using nameless = new Socket(AF_UNIX, SOCK_DGRAM);
		await nameless.sendto("x", unix.serverAddress);
		while (log.length === 0) await new Promise(setImmediate);
		assert.deepEqual(log, ["x"]);
	});

	test("takes what the server is to do as options", async () => {
		const errors: unknown[] = [];
		const told = gate();
		let refuse = false;
		await using server = serve(
			anyPort,
			async () => {
				throw new Error("from the handler");
			},
			{
				verify: () => !refuse,
				onError(error, { host }) {
					errors.push(error, host);
					told.open();
				},
				onAcceptError: () => {},
				maxConnections: 3,
				idleTimeout: 1000,
				totalTimeout: 2000,
				gracePeriod: 50,
				allowReuseAddress: false,
				allowReusePort: true,
				requestQueueSize: 2,
				pollInterval: null,
			},
		);
		using client = await createConnection(server.serverAddress);
		await told.opened;
		assert.match(String(errors[0]), /from the handler/);
		assert.equal(errors[1], "127.0.0.1");
		refuse = true;
		using refused = await createConnection(server.serverAddress);
		assert.equal((await refused.recv(1)).length, 0);
		assert.equal(errors.length, 2);
		const { maxConnections, idleTimeout, totalTimeout, gracePeriod, requestQueueSize } = server;
		assert.deepEqual(
			{ maxConnections, idleTimeout, totalTimeout, gracePeriod, requestQueueSize },
			{ maxConnections: 3, idleTimeout: 1000, totalTimeout: 2000, gracePeriod: 50, requestQueueSize: 2 },
		);
		client.close();
	});

	test("throws what opening fails with, and refuses what it does not understand", async () => {
		await using server = serve(anyPort, () => {});
		assert.throws(() => serve(server.serverAddress, () => {}), { code: "EADDRINUSE" });
		assert.throws(() => serve(anyPort, 5 as never), /takes a handler, not a number/);
		assert.throws(() => serve(anyPort, () => {}, 5 as never), /object of options/);
		assert.throws(() => serve(anyPort, () => {}, { type: 99 as never }), /SOCK_STREAM or SOCK_DGRAM/);
		assert.throws(() => serve(anyPort, () => {}, { signals: 5 as never }), /signals must be/);
		assert.throws(() => serve(anyPort, () => {}, { maxConnections: 0 }), /maxConnections must be at least 1/);
		assert.throws(() => serve(anyPort, () => {}, { idleTimeout: -1 }), /idleTimeout must not be negative/);
		assert.throws(() => serve(5 as never, () => {}), TypeError);
	});
});
