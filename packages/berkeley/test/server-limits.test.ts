/**
 * The limits of servers: connections and bytes, of all clients and of each.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
	AF_INET,
	allocNative,
	createConnection,
	MSG_PEEK,
	MSG_WAITALL,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_STREAM,
	Socket,
	splice,
	spliceSync,
} from "../src/index.js";
import { reactor } from "../src/reactor/reactor.js";
import { ClientBuckets } from "../src/server/clientbuckets.js";
import {
	AsyncTCPServer,
	BaseRequestHandler,
	ForkingTCPServer,
	type RequestEvent,
	type ServerLimits,
	serve,
	TCPServer,
	ThreadingTCPServer,
	UDPServer,
	type UnixStreamServer,
} from "../src/server/index.js";
import { amount as workersAmount } from "./support/limithandlers.js";
import { freshName, gate } from "./support/servers.js";
import { until } from "./support/until.js";

const anyPort = { host: "127.0.0.1", port: 0 };
/** A rate at which nothing more comes while a test runs. */
const hardlyEver = { rate: 1, interval: 3_600_000 };

class Hello extends BaseRequestHandler<Socket<typeof AF_INET>> {
	override async handle() {
		await this.request.sendall("hello");
	}
}

async function hello(connection: Socket): Promise<void> {
	await connection.sendall("hello");
}

/** What a client that comes from an address is answered: "hello", or nothing when it is refused. */
async function answerTo(server: { serverAddress: { host: string; port: number } }, host = "127.0.0.1") {
	using client = new Socket(AF_INET, SOCK_STREAM);
	client.bind({ host, port: 0 });
	await client.connect(server.serverAddress);
	let text = "";
	for await (const piece of client) text += piece;
	return text;
}

async function answers(server: { serverAddress: { host: string; port: number } }, hosts: string[]) {
	const all: string[] = [];
	for (const host of hosts) all.push(await answerTo(server, host));
	return all;
}

describe("a limit on connections", () => {
	for (const Server of [TCPServer, AsyncTCPServer]) {
		test(`${Server.name}: beyond the burst they are refused, counted and told of`, async () => {
			await using server = new Server(anyPort, Hello as never);
			server.limits = { connections: { ...hardlyEver, burst: 2 } };
			server.verifyRequest = (request) => request instanceof Socket;
			const told: RequestEvent[] = [];
			const listener = (message: unknown) => void told.push(message as RequestEvent);
			subscribe("berkeley.server.request.refuse", listener);
			try {
				void server.serveForever();
				const here = "127.0.0.1";
				assert.deepEqual(await answers(server, [here, here, here, here]), ["hello", "hello", "", ""]);
				await until(() => server.activeRequests === 0);
				const { accepted, refused, limited, finished } = server.statistics();
				assert.deepEqual(
					{ accepted, refused, limited, finished },
					{ accepted: 4, refused: 2, limited: 2, finished: 2 },
				);
				assert.deepEqual(
					told.map(({ by }) => by),
					["limit", "limit"],
				);
			} finally {
				unsubscribe("berkeley.server.request.refuse", listener);
			}
		});
	}

	test("of each client leaves the others theirs", async () => {
		await using server = serve(anyPort, hello, { limits: { connectionsPerClient: hardlyEver } });
		assert.deepEqual(
			await answers(server, ["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.2"]),
			["hello", "", "hello", "hello", ""],
		);
	});

	test("takes a block of addresses for one client", async () => {
		await using server = serve(anyPort, hello, {
			limits: { connectionsPerClient: { ...hardlyEver, ipv4Prefix: 24 } },
		});
		assert.deepEqual(await answers(server, ["127.0.0.1", "127.0.0.250", "127.0.1.1"]), [
			"hello",
			"",
			"hello",
		]);
	});

	test("of a client that is refused costs the others nothing", async () => {
		await using server = serve(anyPort, hello, {
			limits: { connections: { ...hardlyEver, burst: 2 }, connectionsPerClient: hardlyEver },
		});
		const hosts = ["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3"];
		assert.deepEqual(await answers(server, hosts), ["hello", "", "", "hello", ""]);
	});

	test("lets them come again when time has passed", async () => {
		await using server = serve(anyPort, hello, { limits: { connections: { rate: 1, interval: 50 } } });
		let refused = 0;
		for (let served = 0; served < 3; ) {
			if ((await answerTo(server)) === "hello") served++;
			else refused++;
		}
		assert.equal(server.statistics().limited, refused);
	});

	test("may be set while the server serves, and taken away", async () => {
		await using server = serve(anyPort, hello);
		assert.equal(await answerTo(server), "hello");
		server.limits = { connections: hardlyEver };
		assert.equal(await answerTo(server), "hello");
		assert.equal(await answerTo(server), "");
		server.limits = { connections: hardlyEver };
		assert.equal(await answerTo(server), "hello");
		server.limits = null;
		assert.equal(await answerTo(server), "hello");
	});

	test("holds for datagrams", async () => {
		const log: string[] = [];
		await using server = serve(anyPort, ([data]) => void log.push(`${data}`), {
			type: SOCK_DGRAM,
			limits: { connectionsPerClient: hardlyEver },
		});
		for (const host of ["127.0.0.2", "127.0.0.2", "127.0.0.3"]) {
			using client = new Socket(AF_INET, SOCK_DGRAM);
			client.bind({ host, port: 0 });
			await client.sendto(host, server.serverAddress);
		}
		await until(() => server.statistics().accepted === 3);
		assert.deepEqual(log, ["127.0.0.2", "127.0.0.3"]);
		assert.equal(server.statistics().limited, 1);
	});

	test("of each client lets those pass whose address says nothing", async () => {
		await using server = serve(freshName(), hello as never, { limits: { connectionsPerClient: hardlyEver } });
		for (let count = 0; count < 3; count++) {
			using client = new Socket((server as UnixStreamServer).addressFamily, SOCK_STREAM);
			await client.connect(server.serverAddress as string);
			assert.equal(`${await client.recv(100)}`, "hello");
		}
	});
});

describe("a limit on connections that holds back", () => {
	for (const Server of [TCPServer, AsyncTCPServer]) {
		test(`${Server.name}: serves each in its turn, and none before`, async () => {
			const begun: number[] = [];
			class Noting extends Hello {
				override async handle() {
					begun.push(performance.now());
					await super.handle();
				}
			}
			await using server = new Server(anyPort, Noting as never);
			server.limits = { connections: { rate: 1, interval: 60 }, longestDelay: null };
			void server.serveForever();
			const start = performance.now();
			const all = await Promise.all([1, 2, 3, 4].map(() => answerTo(server)));
			assert.deepEqual(all, ["hello", "hello", "hello", "hello"]);
			// The bucket may have been made up to the first accept later than `start`, and never before.
			for (const [index, at] of begun.entries()) assert.ok(at - start >= index * 60 - 1, String(begun));
			await until(() => server.activeRequests === 0);
			const { refused, delayed, finished } = server.statistics();
			assert.equal(refused, 0);
			assert.equal(finished, 4);
			assert.ok(delayed >= 1 && delayed <= 3, String(delayed));
		});
	}

	test("refuses what would be held too long", async () => {
		const delays: unknown[] = [];
		const listener = (message: unknown) => void delays.push((message as RequestEvent).delay);
		subscribe("berkeley.server.request.delay", listener);
		try {
			await using server = serve(anyPort, hello, {
				limits: { connections: { rate: 1, interval: 3_600_000 }, longestDelay: 3_600_000 },
				gracePeriod: 0,
				onError() {},
			});
			assert.equal(await answerTo(server), "hello");
			const held = answerTo(server);
			await until(() => server.statistics().delayed === 1);
			assert.equal(await answerTo(server), "");
			assert.equal(server.statistics().limited, 1);
			assert.equal(delays.length, 1);
			assert.ok((delays[0] as number) > 3_500_000 && (delays[0] as number) <= 3_600_000);
			// What is held is under way: a shutdown ends it after the grace time.
			assert.equal(server.activeRequests, 1);
			assert.equal(await server.shutdown(), 1);
			assert.equal(await held, "");
			assert.equal(reactor().deadlines.size, 0);
		} finally {
			unsubscribe("berkeley.server.request.delay", listener);
		}
	});

	test("counts what is held against the total timeout", async () => {
		const errors: unknown[] = [];
		await using server = serve(anyPort, hello, {
			limits: { connections: hardlyEver, longestDelay: null },
			totalTimeout: 30,
			onError: (error) => void errors.push((error as { code?: string }).code),
		});
		assert.equal(await answerTo(server), "hello");
		assert.equal(await answerTo(server), "");
		assert.deepEqual(errors, ["ETIMEDOUT"]);
	});
});

describe("limits that cannot be kept are refused before anything is touched", () => {
	const wrong: [limits: unknown, message: RegExp][] = [
		["fast", /limits must be an object or null, not a string|limits must be/],
		[{ connections: 5 }, /limits\.connections must be \{ rate, burst\?, interval\? \}/],
		[{ connections: { rate: 0 } }, /limits\.connections: rate/],
		[{ connectionsPerClient: { rate: 1, ipv4Prefix: 33 } }, /ipv4Prefix/],
		[{ connectionsPerClient: { rate: 1, ipv6Prefix: -1 } }, /ipv6Prefix/],
		[{ connectionsPerClient: { rate: 1, clients: 0 } }, /clients/],
		[{ longestDelay: -1 }, /limits\.longestDelay/],
		[{ bytesSent: { rate: 1.5 } }, /limits\.bytesSent: rate/],
	];
	for (const [limits, message] of wrong) {
		test(JSON.stringify(limits), async () => {
			assert.throws(() => serve(anyPort, hello, { limits: limits as ServerLimits }), { message });
			using server = new TCPServer(anyPort, Hello as never);
			server.limits = limits as ServerLimits;
			await assert.rejects(server.serveForever(), { message });
			await assert.rejects(server.handleRequest(), { message });
		});
	}

	test("bytes of datagrams", async () => {
		using server = new UDPServer(anyPort, Hello as never);
		server.limits = { bytesReceived: { rate: 1 } };
		await assert.rejects(server.serveForever(), /bytes are limited on the connections of a stream/);
	});
});

describe("the table of clients", () => {
	const address = (index: number) => ({
		host: `${10 + (index >> 24)}.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
		port: 1,
	});

	test("keeps account of so many at most, a million addresses or not, and forgets the quietest", () => {
		const clients = new ClientBuckets({ ...hardlyEver, clients: 1000 });
		const busy = address(0);
		assert.equal(clients.of(busy)?.tryTake(), true);
		for (let index = 1; index < 1_000_000; index++) {
			assert.equal(clients.of(address(index))?.tryTake(), true);
			// Who asks now and then is remembered.
			if (index % 500 === 0) assert.equal(clients.of(busy)?.tryTake(), false);
		}
		assert.equal(clients.size, 1000);
		assert.equal(clients.of(address(1))?.tryTake(), true);
		assert.equal(clients.of(address(999_999))?.tryTake(), false);
	});

	test("lets go of those whose buckets are full again", () => {
		let now = 0;
		const clients = new ClientBuckets({ rate: 1 }, () => now);
		for (let index = 0; index < 100; index++) clients.of(address(index))?.tryTake();
		assert.equal(clients.size, 100);
		now = 1000;
		for (let index = 100; index < 200; index++) clients.of(address(index))?.tryTake();
		assert.equal(clients.size, 100);
	});

	test("knows who is one client", () => {
		const same: [a: string, b: string, prefixes: object, same: boolean][] = [
			["192.0.2.1", "192.0.2.1", {}, true],
			["192.0.2.1", "192.0.2.2", {}, false],
			["192.0.2.1", "::ffff:192.0.2.1", {}, true],
			["192.0.2.1", "192.0.3.1", { ipv4Prefix: 23 }, true],
			["192.0.2.1", "192.0.4.1", { ipv4Prefix: 23 }, false],
			["192.0.2.1", "203.0.113.1", { ipv4Prefix: 0 }, true],
			["2001:db8::1", "2001:db8::ffff:1", {}, true],
			["2001:db8::1", "2001:db8:0:1::1", {}, false],
			["2001:db8::1", "2001:db8:0:1::1", { ipv6Prefix: 63 }, true],
			["2001:db8::1", "2001:db8::2", { ipv6Prefix: 128 }, false],
			["fe80::1%lo", "fe80::1", { ipv6Prefix: 128 }, true],
			["2001:db8::1", "192.0.2.1", { ipv4Prefix: 0, ipv6Prefix: 0 }, false],
		];
		for (const [a, b, prefixes, expected] of same) {
			const clients = new ClientBuckets({ ...hardlyEver, ...prefixes });
			const found = clients.of({ host: a, port: 1 }) === clients.of({ host: b, port: 2 });
			assert.equal(found, expected, `${a} ${b} ${JSON.stringify(prefixes)}`);
		}
		assert.equal(new ClientBuckets(hardlyEver).of(""), undefined);
		assert.equal(new ClientBuckets(hardlyEver).of(undefined), undefined);
	});
});

const rate = 400_000;
const burst = 20_000;
/** More than the burst by what comes in 60 ms. */
const amount = burst + rate * 0.06;
const content = Buffer.alloc(amount, "0123456789abcdef");

/** How a handler receives everything until the end; `sent` is when the client has sent it. */
const receivers: Record<string, (connection: Socket, sent: Promise<void>) => Promise<Buffer>> = {
	async recv(connection) {
		const pieces: Buffer[] = [];
		for (;;) {
			const piece = await connection.recv(65536);
			if (piece.length === 0) return Buffer.concat(pieces);
			pieces.push(piece);
		}
	},
	async "recv of more than the slab"(connection) {
		const pieces: Buffer[] = [];
		for (;;) {
			const piece = await connection.recv(4 * 1024 * 1024);
			if (piece.length === 0) return Buffer.concat(pieces);
			pieces.push(piece);
		}
	},
	async "recv with MSG_WAITALL"(connection) {
		return connection.recv(amount, MSG_WAITALL);
	},
	async "recvmsg with MSG_WAITALL"(connection) {
		return (await connection.recvmsg(amount, 0, MSG_WAITALL)).data;
	},
	async "recv after MSG_PEEK"(connection) {
		const pieces: Buffer[] = [];
		for (;;) {
			const seen = await connection.recv(1000, MSG_PEEK);
			if (seen.length === 0) return Buffer.concat(pieces);
			const piece = await connection.recv(seen.length);
			assert.ok(seen.subarray(0, piece.length).equals(piece) || piece.length > seen.length);
			pieces.push(piece);
		}
	},
	async recvInto(connection) {
		const all = Buffer.alloc(amount);
		for (let at = 0; at < amount; ) at += await connection.recvInto(all.subarray(at));
		return all;
	},
	async recvfrom(connection) {
		const pieces: Buffer[] = [];
		for (;;) {
			const [piece] = await connection.recvfrom(65536);
			if (piece.length === 0) return Buffer.concat(pieces);
			pieces.push(piece);
		}
	},
	async recvfromInto(connection) {
		const all = Buffer.alloc(amount);
		for (let at = 0; at < amount; ) at += (await connection.recvfromInto(all.subarray(at)))[0];
		return all;
	},
	async recvmsg(connection) {
		const pieces: Buffer[] = [];
		for (;;) {
			const { data } = await connection.recvmsg(65536);
			if (data.length === 0) return Buffer.concat(pieces);
			pieces.push(data);
		}
	},
	async recvmsgInto(connection) {
		const all = Buffer.alloc(amount);
		for (let at = 0; at < amount; ) at += (await connection.recvmsgInto([all.subarray(at)])).size;
		return all;
	},
	async recvEach(connection) {
		const pieces: Buffer[] = [];
		await connection.recvEach((data) => void pieces.push(Buffer.from(data))).ended;
		return Buffer.concat(pieces);
	},
	async recvSync(connection, sent) {
		const pieces: Buffer[] = [];
		// The client is in the same thread. Everything fits into the kernel's buffers.
		await sent;
		for (let size = 0; size < amount; ) {
			const piece = connection.recvSync(65536);
			pieces.push(piece);
			size += piece.length;
		}
		return Buffer.concat(pieces);
	},
	async iteration(connection) {
		const pieces: Buffer[] = [];
		for await (const piece of connection) pieces.push(piece);
		return Buffer.concat(pieces);
	},
	async makefile(connection) {
		return connection.makefile("rb").read();
	},
	async toStream(connection) {
		const pieces: Buffer[] = [];
		for await (const piece of connection.toStream()) pieces.push(piece as Buffer);
		return Buffer.concat(pieces);
	},
	async readable(connection) {
		const pieces: Uint8Array[] = [];
		for await (const piece of connection.readable) pieces.push(piece);
		return Buffer.concat(pieces);
	},
};

describe("bytes received are limited, whatever the handler receives by", () => {
	for (const [name, receive] of Object.entries(receivers)) {
		for (const limit of ["bytesReceived", "bytesReceivedPerConnection"] as const) {
			test(`${name}, ${limit}`, async () => {
				const got = gate();
				const sent = gate();
				let received: Buffer | undefined;
				let took = 0;
				await using server = serve(
					anyPort,
					async (connection) => {
						const start = performance.now();
						received = await receive(connection, sent.opened);
						took = performance.now() - start;
						got.open();
					},
					{ limits: { [limit]: { rate, burst } } },
				);
				using client = await createConnection(server.serverAddress);
				const sending = client.sendall(content).then(() => client.shutdown(SHUT_WR));
				void sending.then(sent.open);
				await got.opened;
				await sending;
				assert.ok(received?.equals(content));
				assert.ok(took >= ((amount - burst) / rate) * 1000 - 1, `${took} ms`);
			});
		}
	}
});

/** How a handler sends everything. */
const senders: Record<string, (connection: Socket) => Promise<void>> = {
	sendall: (connection) => connection.sendall(content),
	async send(connection) {
		for (let at = 0; at < amount; ) at += await connection.send(content.subarray(at));
	},
	async sendmsg(connection) {
		for (let at = 0; at < amount; ) {
			at += await connection.sendmsg([content.subarray(at, at + 100), content.subarray(at + 100)]);
		}
	},
	async write(connection) {
		connection.write(content.subarray(0, 10_000));
		connection.write(content.subarray(10_000));
		await connection.drain();
	},
	async sendallSync(connection) {
		connection.sendallSync(content);
	},
	async sendSync(connection) {
		for (let at = 0; at < amount; ) at += connection.sendSync(content.subarray(at));
	},
	async sendfile(connection) {
		const folder = mkdtempSync(join(tmpdir(), "berkeley-limits-"));
		const file = join(folder, "content");
		writeFileSync(file, content);
		const fd = openSync(file, "r");
		try {
			assert.equal(await connection.sendfile(fd), amount);
		} finally {
			closeSync(fd);
			rmSync(folder, { recursive: true });
		}
	},
	async sendZerocopy(connection) {
		const memory = allocNative(amount);
		memory.set(content);
		await connection.sendZerocopy(memory);
	},
	async sendZerocopySync(connection) {
		const memory = allocNative(amount);
		memory.set(content);
		connection.sendZerocopySync(memory);
	},
	async makefile(connection) {
		const file = connection.makefile("wb");
		await file.write(content);
		await file.close();
	},
	async toStream(connection) {
		const stream = connection.toStream();
		const closed = once(stream, "close");
		stream.resume();
		stream.end(content);
		await closed;
	},
	async writable(connection) {
		const writer = connection.writable.getWriter();
		await writer.write(content);
		await writer.close();
	},
};

async function everything(client: Socket): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of client) pieces.push(piece);
	return Buffer.concat(pieces);
}

describe("bytes sent are limited, whatever the handler sends by", () => {
	for (const [name, send] of Object.entries(senders)) {
		for (const limit of ["bytesSent", "bytesSentPerConnection"] as const) {
			test(`${name}, ${limit}`, async () => {
				let start = 0;
				await using server = serve(
					anyPort,
					async (connection) => {
						start = performance.now();
						await send(connection);
					},
					{ limits: { [limit]: { rate, burst } }, onError: (error) => assert.fail(String(error)) },
				);
				using client = await createConnection(server.serverAddress);
				client.shutdown(SHUT_WR);
				const received = await everything(client);
				const took = performance.now() - start;
				assert.ok(received.equals(content));
				assert.ok(took >= ((amount - burst) / rate) * 1000 - 1, `${took} ms`);
			});
		}
	}
});

describe("splice() keeps to the limits of both its ends", () => {
	for (const [name, move] of [
		["awaited", splice],
		["blocking", async (...ends: Parameters<typeof spliceSync>) => spliceSync(...ends)],
	] as const) {
		for (const limit of ["bytesReceived", "bytesSent"] as const) {
			test(`${name}, ${limit}`, async () => {
				const sent = gate();
				await using server = serve(
					anyPort,
					async (connection) => {
						await sent.opened;
						const start = performance.now();
						assert.equal(await move(connection, connection, { count: amount }), amount);
						const took = performance.now() - start;
						assert.ok(took >= ((amount - burst) / rate) * 1000 - 1, `${took} ms`);
					},
					{ limits: { [limit]: { rate, burst } }, onError: (error) => assert.fail(String(error)) },
				);
				using client = await createConnection(server.serverAddress);
				await client.sendall(content);
				sent.open();
				const received = await everything(client);
				assert.ok(received.equals(content));
			});
		}
	}
});

describe("servers with workers", () => {
	const handlers = new URL("./support/limithandlers.js#giveOut", import.meta.url);
	const refusal = /the bytes of all connections together cannot be limited in workers/;
	for (const Server of [ThreadingTCPServer, ForkingTCPServer]) {
		test(`${Server.name}: limits connections here, and the bytes of each in the worker`, async () => {
			await using server = new Server(anyPort, handlers);
			server.limits = {
				connectionsPerClient: { ...hardlyEver, burst: 2 },
				bytesSentPerConnection: { rate, burst },
			};
			void server.serveForever();
			for (let count = 0; count < 2; count++) {
				const start = performance.now();
				using client = await createConnection(server.serverAddress);
				assert.equal((await everything(client)).length, workersAmount);
				const took = performance.now() - start;
				assert.ok(took >= ((workersAmount - burst) / rate) * 1000 - 1, `${took} ms`);
			}
			assert.equal(await answerTo(server), "");
			assert.equal(server.statistics().limited, 1);
		});

		test(`${Server.name}: refuses to limit the bytes of all`, async () => {
			using server = new Server(anyPort, handlers);
			server.limits = { bytesSent: { rate: 1 } };
			await assert.rejects(server.serveForever(), refusal);
		});
	}

	test("that listen themselves have no limits", async () => {
		using server = new ThreadingTCPServer(anyPort, handlers);
		server.listenInWorkers = true;
		server.limits = { connections: { rate: 1 } };
		await assert.rejects(server.serveForever(), /with listenInWorkers there are no limits/);
	});
});

describe("a limit on bytes", () => {
	test("of all connections is shared among them, turn by turn", async () => {
		const received = [0, 0, 0, 0];
		let pieces = 0;
		const total = 60_000;
		let start = 0;
		await using server = serve(
			anyPort,
			async (connection) => {
				start ||= performance.now();
				const index = (await connection.recv(1))[0] as number;
				received[index] = 1;
				for (;;) {
					const piece = await connection.recv(65536);
					if (piece.length === 0) return;
					pieces++;
					received[index] = (received[index] as number) + piece.length;
				}
			},
			{ limits: { bytesReceived: { rate: 200_000, burst: 4000 } }, gracePeriod: 0, onError() {} },
		);
		const clients = await Promise.all(received.map(() => createConnection(server.serverAddress)));
		const sending = clients.map((client, index) =>
			client.sendall(Buffer.alloc(200_000, index)).catch(() => {}),
		);
		await until(() => received.reduce((sum, each) => sum + each) >= total);
		const took = performance.now() - start;
		const deadlines = reactor().deadlines.size;
		for (const client of clients) client.close();
		await Promise.all(sending);
		assert.ok(took >= ((total - 4000) / 200_000) * 1000 - 1, `${took} ms`);
		// 2000 bytes a turn: each is at most a turn or two ahead, beside what was there at first.
		const [least, most] = [Math.min(...received), Math.max(...received)];
		assert.ok(least > 0 && most - least <= 12_000, String(received));
		// One deadline for all that wait.
		assert.ok(deadlines <= 2, String(deadlines));
		// By its share, and not byte by byte as they come.
		assert.ok(pieces < 100, String(pieces));
	});

	test("keeps its connection waiting without work", async () => {
		await using server = serve(
			anyPort,
			async (connection) => void (await connection.recv(1000, MSG_WAITALL)),
			{
				limits: { bytesReceivedPerConnection: { rate: 1000, burst: 700 } },
			},
		);
		using client = await createConnection(server.serverAddress);
		const before = process.cpuUsage();
		await client.sendall(Buffer.alloc(1000));
		assert.equal((await client.recv(1)).length, 0);
		const { user, system } = process.cpuUsage(before);
		assert.ok(user + system < 150_000, `${user + system} µs in 300 ms`);
	});

	test("slows the peer down: what is not received fills the kernel's buffers", async () => {
		await using server = serve(anyPort, async (connection) => void (await everything(connection)), {
			limits: { bytesReceivedPerConnection: { rate: 1000, burst: 1000 } },
			gracePeriod: 0,
			onError() {},
		});
		using client = await createConnection(server.serverAddress);
		client.setblocking(false);
		const piece = Buffer.alloc(65536);
		let blocked = 0;
		// A connection that nobody reads takes some megabytes; one that is read would take this without an end.
		for (let size = 0; blocked < 50 && size < 1e9; ) {
			try {
				size += await client.send(piece);
				blocked = 0;
			} catch {
				blocked++;
				await new Promise(setImmediate);
			}
		}
		assert.equal(blocked, 50);
	});

	test("goes with timeouts, aborts and a close: nothing hangs, and nothing is left", async () => {
		const codes: unknown[] = [];
		await using server = serve(
			anyPort,
			async (connection) => {
				await connection.recv(10);
				const aborted = connection.recv(10, 0, { signal: AbortSignal.timeout(5) });
				codes.push(await aborted.catch((error) => (error as Error).name));
				codes.push(await connection.recv(10, 0, { timeout: 5 }).catch((error) => error.code));
				codes.push(await connection.recv(10, 0, { timeout: 0 }).catch((error) => error.code));
				const waiting = connection.recv(10).catch((error) => error.code);
				connection.close();
				codes.push(await waiting);
			},
			{ limits: { bytesReceivedPerConnection: { ...hardlyEver, burst: 10 } } },
		);
		using client = await createConnection(server.serverAddress);
		await client.sendall(Buffer.alloc(100));
		await client.recv(1).catch(() => {});
		assert.deepEqual(codes, ["TimeoutError", "ETIMEDOUT", "EAGAIN", "EBADF"]);
		await until(() => server.activeRequests === 0);
		assert.equal(reactor().deadlines.size, 0);
	});

	test("of one direction leaves the other alone", async () => {
		await using server = serve(anyPort, async (connection) => connection.sendall(content), {
			limits: { bytesReceived: { ...hardlyEver, burst: 1 } },
		});
		using client = await createConnection(server.serverAddress);
		assert.equal((await everything(client)).length, amount);
	});

	test("holds for connections that verifyRequest() and the handler see alike, timeouts included", async () => {
		const seen: Socket[] = [];
		class Noting extends BaseRequestHandler<Socket<typeof AF_INET>> {
			override handle() {
				seen.push(this.request);
			}
		}
		await using server = new AsyncTCPServer(anyPort, Noting as never);
		server.idleTimeout = 1234;
		server.limits = { bytesSentPerConnection: { rate: 1 } };
		server.verifyRequest = (request) => {
			seen.push(request as Socket);
			return true;
		};
		void server.serveForever();
		using client = await createConnection(server.serverAddress);
		await client.recv(1);
		assert.equal(seen.length, 2);
		assert.equal(seen[0], seen[1]);
		assert.equal(seen[0]?.gettimeout(), 1234);
	});

	test("needs connections that are Sockets", async () => {
		const errors: unknown[] = [];
		using server = new TCPServer(anyPort, Hello as never);
		server.limits = { bytesSent: { rate: 1 } };
		server.getRequest = async () => [{ close() {}, shutdown() {} } as never, anyPort];
		server.handleError = (_request, _address, error) => void errors.push(String(error));
		await server.handleRequest();
		assert.match(String(errors), /bytes are limited where getRequest\(\) gives a Socket/);
	});
});
