/**
 * Who is served, and what can be seen of a server: the lists of addresses, the counters, the channels.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, test } from "node:test";
import { socketError } from "../src/errors.js";
import { AF_INET, AF_INET6, Cidr, createConnection, hasIpv6, SOCK_DGRAM, Socket } from "../src/index.js";
import {
	type RequestEvent,
	ShutdownError,
	StreamRequestHandler,
	serve,
	TCPServer,
} from "../src/server/index.js";
import { EMFILE } from "../src/sys/linux/errnos.js";
import { noCounts } from "./support/counts.js";
import { clientOf, gate, kinds } from "./support/servers.js";

const anyPort = { host: "127.0.0.1", port: 0 };
const home = new Cidr("127.0.0.0/8");
const elsewhere = new Cidr("192.0.2.0/24");

class Hello extends StreamRequestHandler {
	override async handle() {
		await this.wfile.write("hello");
	}
}

/** Whether a server with these lists answers a client on the loopback. */
async function serves(allow: readonly Cidr[] | null, deny: readonly Cidr[]): Promise<boolean> {
	await using server = serve(anyPort, async (connection) => connection.sendall("hello"), { allow, deny });
	using client = await createConnection(server.serverAddress);
	return (await client.recv(100)).length > 0;
}

describe("the lists of addresses", () => {
	const table: [allow: readonly Cidr[] | null, deny: readonly Cidr[], served: boolean][] = [
		[null, [], true],
		[[home], [], true],
		[[elsewhere, home], [], true],
		[[elsewhere], [], false],
		[[], [], false],
		[null, [elsewhere], true],
		[null, [home], false],
		[[home], [new Cidr("127.0.0.1")], false],
		[[home], [new Cidr("127.0.0.2")], true],
	];
	for (const [allow, deny, served] of table) {
		const lists = `allow ${allow === null ? "all" : `[${allow}]`}, deny [${deny}]`;
		test(`${lists}: a client of 127.0.0.1 is ${served ? "served" : "not served"}`, async () => {
			assert.equal(await serves(allow, deny), served);
		});
	}

	test("are looked at before verifyRequest(), whatever that says", async () => {
		await using server = new TCPServer(anyPort, Hello);
		server.deny = [home];
		server.verifyRequest = () => assert.fail("it is not to be asked");
		const ended = server.handleRequest();
		using client = await createConnection(server.serverAddress);
		assert.equal((await client.recv(100)).length, 0);
		await ended;
	});

	test("hold for datagrams", async () => {
		const log: string[] = [];
		await using server = serve(anyPort, ([data]) => void log.push(`${data}`), {
			type: SOCK_DGRAM,
			allow: [new Cidr("127.0.0.1")],
		});
		using stranger = new Socket(AF_INET, SOCK_DGRAM);
		stranger.bind({ host: "127.0.0.2", port: 0 });
		await stranger.sendto("from a stranger", server.serverAddress);
		using friend = new Socket(AF_INET, SOCK_DGRAM);
		friend.bind(anyPort);
		await friend.sendto("from a friend", server.serverAddress);
		while (log.length === 0) await new Promise(setImmediate);
		assert.deepEqual(log, ["from a friend"]);
		assert.equal(server.statistics().refused, 1);
	});

	test("know an IPv4 client over IPv6", {
		skip: hasIpv6() ? false : "this machine has no IPv6",
	}, async () => {
		await using server = serve({ host: "::ffff:127.0.0.1", port: 0 }, (c) => c.sendall("hello"), {
			allow: [home],
		});
		assert.equal(server.addressFamily, AF_INET6);
		using client = await createConnection({ host: "127.0.0.1", port: server.serverAddress.port });
		assert.equal(`${await client.recv(100)}`, "hello");
	});
});

for (const kind of kinds) {
	describe(`statistics() of ${kind.name}`, { skip: kind.skip }, () => {
		test("counts what came and what became of it", async () => {
			const never = gate();
			await using server = kind.make(async (files) => {
				const line = `${await files.rfile.readline()}`;
				if (line === "fail\n") throw new Error("it failed");
				if (line === "hang\n") {
					never.open();
					await new Promise(() => {});
				}
			});
			server.handleError = () => {};
			let refuse = false;
			server.verifyRequest = () => !refuse;
			assert.deepEqual(server.statistics(), noCounts);
			const serving = server.serveForever();
			const clients: Socket[] = [];
			const send = async (text: string, count: number) => {
				const client = await clientOf(kind, server);
				clients.push(client);
				await client.sendall(text);
				while (server.statistics().accepted < count) await new Promise(setImmediate);
				while (text !== "hang\n" && server.activeRequests > 0) await new Promise(setImmediate);
			};
			await send("ok\n", 1);
			await send("fail\n", 2);
			refuse = true;
			await send("refused\n", 3);
			refuse = false;
			await send("hang\n", 4);
			await never.opened;
			const counts = { ...noCounts, accepted: 4, refused: 1, finished: 1, failed: 1 };
			assert.deepEqual(server.statistics(), { ...counts, ended: 0, active: 1 });
			assert.equal(await server.shutdown({ grace: 0 }), 1);
			await serving;
			assert.deepEqual(server.statistics(), { ...counts, ended: 1, active: 0 });
			for (const client of clients) client.close();
		});
	});
}

describe("the diagnostics channels", () => {
	test("tell of every request, and of failures to accept", async () => {
		const log: string[] = [];
		const seen: RequestEvent[] = [];
		const listeners = [
			"request.start",
			"request.finish",
			"request.error",
			"request.refuse",
			"accept.error",
		].map((name) => {
			const listener = (event: unknown) => {
				log.push(name);
				seen.push(event as RequestEvent);
			};
			subscribe(`berkeley.server.${name}`, listener);
			return () => unsubscribe(`berkeley.server.${name}`, listener);
		});
		try {
			await using server = new TCPServer(anyPort, Hello);
			server.handleAcceptError = () => {};
			const original = server.getRequest;
			server.getRequest = () => {
				server.getRequest = original;
				return Promise.reject(socketError("accept", -EMFILE));
			};
			const ended = server.handleRequest();
			using first = await createConnection(server.serverAddress);
			assert.equal(`${await first.recv(100)}`, "hello");
			await ended;
			assert.deepEqual(log.splice(0), ["accept.error", "request.start", "request.finish"]);
			assert.ok(seen.every((event) => event.server === server));
			assert.ok(seen[1]?.request instanceof Socket);
			assert.deepEqual(seen[1]?.clientAddress, first.getsockname());
			assert.match(String(seen[0]?.error), /EMFILE/);

			server.deny = [home];
			const refused = server.handleRequest();
			using _second = await createConnection(server.serverAddress);
			await refused;
			assert.deepEqual(log.splice(0), ["request.refuse"]);

			server.deny = [];
			server.finishRequest = () => new Promise(() => {});
			const hanging = server.handleRequest();
			using _third = await createConnection(server.serverAddress);
			while (server.activeRequests === 0) await new Promise(setImmediate);
			assert.equal(await server.shutdown({ grace: 0 }), 1);
			await hanging;
			assert.deepEqual(log.splice(0), ["request.start", "request.error"]);
			assert.ok(seen.at(-1)?.error instanceof ShutdownError);
		} finally {
			for (const stop of listeners) stop();
		}
	});
});
