/**
 * What may go wrong when a process takes over the sockets of another: each time exactly one of them serves on.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, test } from "node:test";
import {
	AF_INET,
	AF_UNIX,
	createConnection,
	createServer,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
	sendFds,
} from "../src/index.js";
import {
	AsyncTCPServer,
	AsyncUDPServer,
	AsyncUnixStreamServer,
	type Handover,
	type HandoverOptions,
	handover,
	restartable,
	StreamRequestHandler,
	serve,
	TCPServer,
	ThreadingTCPServer,
	takeOver,
} from "../src/server/index.js";
import { noPython } from "./support/oracles.js";
import { startGeneration } from "./support/restarts.js";
import { isDeno } from "./support/runtime.js";
import { freshName, gate } from "./support/servers.js";
import { soon, until } from "./support/until.js";

const anyPort = { host: "127.0.0.1", port: 0 };
const notRoot = process.getuid?.() === 0 ? false : "only root can run a process as another user";

class Name extends StreamRequestHandler<number> {
	static who = "";
	override async handle() {
		await this.wfile.write((this.constructor as typeof Name).who);
	}
}

/** A class of handlers that answer with a name. */
function named(name: string): typeof Name {
	return class extends Name {
		static override who = name;
	};
}

/** Who answers. */
async function whoServes(server: { serverAddress: unknown }): Promise<string> {
	const address = server.serverAddress as { host: string; port: number } | string;
	using client = new Socket<number>(typeof address === "string" ? AF_UNIX : AF_INET, SOCK_STREAM);
	await client.connect(address);
	return `${await client.recv(100, 0, { timeout: 10_000 })}`;
}

let directory = "";
let place = "";
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "berkeley-restart-"));
	place = join(directory, "restart");
});
afterEach(() => rmSync(directory, { recursive: true }));

/** An old server that offers its socket, and what its offer failed with. */
function old(options: HandoverOptions = {}, path = place) {
	const errors: unknown[] = [];
	const server = new AsyncTCPServer(anyPort, named("old"));
	void server.serveForever();
	const offer = handover(server, path, { onError: (error) => errors.push(error), ...options });
	return {
		server,
		offer,
		errors,
		async [Symbol.asyncDispose]() {
			offer.close();
			await server.close();
			await offer.done;
		},
	};
}

/** A server on a socket that was taken over. */
async function successor(path = place) {
	const taken = await takeOver(path);
	assert.ok(taken);
	const server = new AsyncTCPServer(anyPort, named("new")).adopt(taken.socket());
	void server.serveForever();
	return {
		taken,
		server,
		async [Symbol.asyncDispose]() {
			taken.close();
			await server.close();
		},
	};
}

describe("takeOver() and handover()", () => {
	test("pass the socket: only when the new server is ready the old one stops", async () => {
		await using one = old();
		await using two = await successor();
		assert.deepEqual(two.server.serverAddress, one.server.serverAddress);
		assert.ok(one.server.serving);
		await two.taken.ready();
		assert.ok(!one.server.serving || one.server.stopping.aborted);
		assert.deepEqual(await one.offer.done, { pid: process.pid, ended: 0 });
		assert.equal(one.server.fileno(), -1);
		assert.equal(await whoServes(two.server), "new");
		assert.deepEqual(one.errors, []);
	});

	test("give undefined where nobody offers", async () => {
		assert.equal(await takeOver(place), undefined);
		assert.equal(await takeOver(freshName()), undefined);
	});

	test("wait for what is running, and end what takes longer than the grace time", async () => {
		const begun = gate();
		const server = new AsyncTCPServer(
			anyPort,
			class extends StreamRequestHandler {
				override async handle() {
					begun.open();
					await this.rfile.readline();
				}
			},
		);
		server.handleError = () => {};
		void server.serveForever();
		using offer = handover(server, place, { grace: 0 });
		using client = await createConnection(server.serverAddress);
		await begun.opened;
		await using two = await successor();
		await two.taken.ready();
		assert.deepEqual(await offer.done, { pid: process.pid, ended: 1 });
		assert.equal((await client.recv(1)).length, 0);
	});

	test("pass several servers by name, of any kind", async () => {
		const web = new AsyncTCPServer(anyPort, named("old"));
		const admin = new AsyncUnixStreamServer(join(directory, "admin"), named("old admin"));
		const time = serve(anyPort, () => {}, { type: SOCK_DGRAM });
		void web.serveForever();
		void admin.serveForever();
		using offer = handover({ web, admin, time }, place);
		const taken = await takeOver(place);
		assert.ok(taken);
		assert.deepEqual(taken.names, ["web", "admin", "time"]);
		assert.equal(taken.pid, process.pid);
		assert.throws(
			() => taken.socket("api"),
			/no socket "api" is left of those that process \d+ passed, which are/,
		);
		assert.throws(
			() => taken.socket("web", { family: AF_UNIX }),
			/"web" .* is AF_INET, SOCK_STREAM, not AF_UNIX/,
		);
		await using web2 = serve(anyPort, (c) => c.sendall("new"), { socket: taken.socket("web") });
		await using time2 = serve(anyPort, ([data, s], { clientAddress }) => void s.sendto(data, clientAddress), {
			type: SOCK_DGRAM,
			socket: taken.socket("time"),
		});
		// Nobody took "admin": with the old process it is gone.
		await taken.ready();
		assert.deepEqual(await offer.done, { pid: process.pid, ended: 0 });
		taken.close();
		assert.equal(await whoServes(web2), "new");
		using client = new Socket(AF_INET, SOCK_DGRAM);
		await client.sendto("now", time2.serverAddress);
		assert.equal(`${await client.recv(100, 0, { timeout: 10_000 })}`, "now");
		await assert.rejects(createConnectionTo(join(directory, "admin")), { code: "ECONNREFUSED" });
	});

	test("let a second successor wait for the first, and take over from it", async () => {
		await using one = old();
		const first = takeOver(place);
		const second = takeOver(place);
		const [taken] = await Promise.all([first]);
		assert.ok(taken);
		const server = new AsyncTCPServer(anyPort, named("new")).adopt(taken.socket());
		void server.serveForever();
		await taken.ready();
		await one.offer.done;
		using offer = handover(server, taken);
		assert.equal(offer.predecessor, process.pid);
		const next = await soon(second, "the second successor");
		assert.ok(next);
		await using newest = new AsyncTCPServer(anyPort, named("newest")).adopt(next.socket());
		void newest.serveForever();
		await next.ready();
		await offer.done;
		assert.equal(await whoServes(newest), "newest");
		assert.ok(existsSync(place));
		next.close();
		assert.ok(!existsSync(place));
	});

	test("reject `done` with what a server fails with", async () => {
		const server = new AsyncTCPServer(anyPort, named("old"));
		let fail: ((error: Error) => void) | undefined;
		server.getRequest = () => new Promise((_, reject) => (fail = reject));
		void server.serveForever();
		using offer = handover(server, place);
		await until(() => fail !== undefined);
		fail?.(new Error("broken"));
		await assert.rejects(offer.done, /broken/);
		assert.ok(!existsSync(place));
		server.serverClose();
	});

	test("end the offer when nothing serves any more", async () => {
		const one = old();
		await one.server.close();
		assert.equal(await one.offer.done, undefined);
		assert.ok(!existsSync(place));
	});
});

async function createConnectionTo(path: string): Promise<void> {
	using client = new Socket(AF_UNIX, SOCK_STREAM);
	await client.connect(path);
}

describe("the old server goes on when", () => {
	test("the new one gives up before it is ready", async () => {
		await using one = old();
		{
			await using two = await successor();
			assert.ok(two.server.serving);
		}
		await until(() => one.errors.length > 0);
		assert.match(String(one.errors[0]), /went away before it was ready to serve; this process goes on/);
		assert.equal(await whoServes(one.server), "old");
		await using two = await successor();
		await two.taken.ready();
		assert.equal((await one.offer.done)?.pid, process.pid);
	});

	test("the new one is killed before it is ready", { skip: noPython }, async () => {
		await using one = old();
		await using python = runPython(asking, place);
		assert.match(await python.line(), /"type": ?"sockets"/);
		python.process.kill("SIGKILL");
		await until(() => one.errors.length > 0);
		assert.match(String(one.errors[0]), new RegExp(`to process ${python.process.pid}: it went away`));
		assert.equal(await whoServes(one.server), "old");
	});

	test("the new one is not ready in time, which it is told", async () => {
		await using one = old({ timeout: 20 });
		await using two = await successor();
		await until(() => one.errors.length > 0);
		assert.equal((one.errors[0] as { code: string }).code, "ETIMEDOUT");
		await assert.rejects(two.taken.ready(), {
			code: "ETIMEDOUT",
			message: /it goes on serving: .* after 20 ms/,
		});
		await two.server.close();
		assert.equal(await whoServes(one.server), "old");
	});

	test("the offer is withdrawn, which the new one is told", async () => {
		await using one = old();
		await using two = await successor();
		one.offer.close();
		await assert.rejects(two.taken.ready(), { code: "ECANCELED", message: /the offer was withdrawn/ });
		await two.server.close();
		assert.equal(await one.offer.done, undefined);
		assert.equal(await whoServes(one.server), "old");
		assert.ok(!existsSync(place));
	});

	test("the new one speaks another version of the protocol", async () => {
		await using one = old();
		using strange = new Socket(AF_UNIX, SOCK_SEQPACKET);
		await strange.connect(place);
		await strange.send(JSON.stringify({ protocol: "berkeley-restart", type: "take", version: 99 }));
		const answer = JSON.parse(`${await strange.recv(4096)}`);
		assert.equal(answer.code, "EPROTONOSUPPORT");
		assert.match(answer.reason, /version 99 of the protocol, and this process version 1/);
		await until(() => one.errors.length > 0);
		assert.equal(await whoServes(one.server), "old");
	});

	const nonsense: [name: string, message: string][] = [
		["text", "hello"],
		["JSON of something else", `{"type":"take","version":1}`],
		["JSON that is no object", "null"],
		["the wrong message", `{"protocol":"berkeley-restart","type":"ready"}`],
		["a message without a version", `{"protocol":"berkeley-restart","type":"take"}`],
		["more than a message can be", "x".repeat(100_000)],
	];
	for (const [name, message] of nonsense) {
		test(`what comes is ${name}`, async () => {
			await using one = old();
			using strange = new Socket(AF_UNIX, SOCK_SEQPACKET);
			await strange.connect(place);
			await strange.send(message);
			assert.equal(JSON.parse(`${await strange.recv(4096)}`).code, "EINVAL");
			await until(() => one.errors.length > 0);
			await using two = await successor();
			await two.taken.ready();
			assert.ok(await one.offer.done);
		});
	}

	test("descriptors come that nobody asked for, which are closed", async () => {
		await using one = old();
		using strange = new Socket(AF_UNIX, SOCK_SEQPACKET);
		await strange.connect(place);
		const take = JSON.stringify({ protocol: "berkeley-restart", type: "take", version: 1 });
		await sendFds(strange, [take], [0, 0]);
		assert.match(
			JSON.parse(`${await strange.recv(4096)}`).reason,
			/2 descriptors came where there should be 0/,
		);
		await until(() => one.errors.length > 0);
	});

	test("somebody connects and says nothing", async () => {
		await using one = old();
		{
			using silent = new Socket(AF_UNIX, SOCK_SEQPACKET);
			await silent.connect(place);
		}
		await using two = await successor();
		await two.taken.ready();
		assert.ok(await one.offer.done);
		assert.deepEqual(one.errors, []);
	});

	test("the new one is of another user", { skip: notRoot || noPython }, async () => {
		const name = freshName();
		await using one = old({}, name);
		await using python = runPython(asking, name, 65534);
		assert.match(await python.line(), /"code": ?"EACCES".*is of user 65534/);
		await until(() => one.errors.length > 0);
		assert.equal((one.errors[0] as { code: string }).code, "EACCES");
		assert.equal(await whoServes(one.server), "old");
	});

	test("restartable() cannot bind another server of the new one", async () => {
		await using one = old();
		using occupied = createServer(anyPort);
		const server = new AsyncTCPServer(one.server.serverAddress, named("new"));
		const another = new AsyncTCPServer(occupied.getsockname(), named("new"));
		await assert.rejects(restartable({ server, another }, place), { code: "EADDRINUSE" });
		await until(() => one.errors.length > 0);
		assert.equal(server.fileno(), -1);
		assert.equal(await whoServes(one.server), "old");
	});

	test("an attribute of the new one makes serving impossible", async () => {
		await using one = old();
		const server = new AsyncTCPServer(one.server.serverAddress, named("new"));
		server.maxConnections = 0;
		await assert.rejects(restartable(server, place), RangeError);
		await until(() => one.errors.length > 0);
		assert.equal(server.fileno(), -1);
		assert.equal(await whoServes(one.server), "old");
	});
});

describe("restartable() with workers", () => {
	test("is not ready before they are: when they cannot start the old server goes on", {
		skip: isDeno && "Deno keeps the descriptors of a thread that could not begin",
	}, async () => {
		await using one = old();
		const nowhere = new URL("./nowhere.js", import.meta.url);
		const server = new ThreadingTCPServer(one.server.serverAddress, nowhere);
		await assert.rejects(restartable(server, place), { code: "ERR_MODULE_NOT_FOUND" });
		await until(() => one.errors.length > 0);
		assert.equal(await whoServes(one.server), "old");
	});

	test("refuses sockets that the workers have for themselves", async () => {
		const server = new ThreadingTCPServer(anyPort, new URL("./nowhere.js", import.meta.url));
		server.listenInWorkers = true;
		await assert.rejects(
			restartable(server, place),
			/"server" have sockets of their own, .* listenInWorkers to false/,
		);
		using listener = createServer(anyPort);
		assert.throws(() => server.adopt(listener), /listenInWorkers/);
	});
});

describe("the new server goes on when", () => {
	/** An old process as it should not be. */
	async function strangeOffer(speak: (channel: Socket<typeof AF_UNIX>, listener: Socket) => Promise<void>) {
		using meeting = new Socket(AF_UNIX, SOCK_SEQPACKET);
		meeting.bind(place);
		meeting.listen(1);
		const [channel] = await meeting.accept({ timeout: 10_000 });
		using _ = channel;
		await speak(channel, meeting);
	}
	const sockets = (names: string[]) =>
		JSON.stringify({ protocol: "berkeley-restart", type: "sockets", names });

	test("the old one dies while it waits for it", async () => {
		using listener = createServer(anyPort);
		const offer = strangeOffer(async (channel, meeting) => {
			await channel.recv(100);
			await sendFds(channel, [sockets(["server"])], [meeting, listener]);
		});
		await using two = await successor();
		await offer;
		await two.taken.ready();
		assert.equal(await whoServes(two.server), "new");
	});

	test("the old one dies before it gives anything: then it is the first one", async () => {
		const offer = strangeOffer(async () => {});
		assert.equal(await takeOver(place), undefined);
		await offer;
	});

	test("the old one is shut down by a signal meanwhile, and its file stays for the next one", async () => {
		const one = await startGeneration("AsyncTCPServer", place, anyPort);
		try {
			await using two = await successor();
			one.kill("SIGTERM");
			assert.equal((await one.over).successor, undefined);
			await two.taken.ready();
			assert.equal(await whoServes(two.server), "new");
			using offer = handover(two.server, two.taken);
			const three = await takeOver(offer.path);
			assert.equal(three?.size, 1);
			three?.close();
		} finally {
			one.process.kill("SIGKILL");
		}
	});

	test("the old one is killed: nothing but the two files is left of it, and they are replaced", async () => {
		const path = join(directory, "server");
		const one = await startGeneration("AsyncUnixStreamServer", place, path);
		one.process.kill("SIGKILL");
		await once(one.process, "close");
		assert.ok(existsSync(place) && existsSync(path));
		await using server = new AsyncUnixStreamServer(path, named("new"));
		using offer = await restartable(server, place);
		assert.equal(offer.predecessor, undefined);
		assert.equal(await whoServes(server), "new");
	});

	test("the answer is late, malformed or short of descriptors: takeOver() rejects", async () => {
		const table: [message: string, fds: number, code: string][] = [
			["hello", 0, "EINVAL"],
			[`{"protocol":"berkeley-restart","type":"ready"}`, 0, "EINVAL"],
			[`{"protocol":"berkeley-restart","type":"sockets","names":[1]}`, 0, "EINVAL"],
			[sockets(["a", "b"]), 2, "EINVAL"],
			[`{"protocol":"berkeley-restart","type":"refused","code":"ESTRANGE","reason":"so"}`, 0, "ECANCELED"],
			[`{"protocol":"berkeley-restart","type":"refused"}`, 0, "EINVAL"],
		];
		for (const [message, count, code] of table) {
			const offer = strangeOffer(async (channel, meeting) => {
				await channel.recv(100);
				await sendFds(channel, [message], Array(count).fill(meeting));
				await channel.recv(100);
			});
			await assert.rejects(takeOver(place), { code }, message);
			await offer;
			rmSync(place);
		}
		const offer = strangeOffer(async (channel) => {
			await channel.recv(100);
			await channel.recv(100);
		});
		await assert.rejects(takeOver(place, { timeout: 20 }), { code: "ETIMEDOUT" });
		await offer;
	});

	test("takeOver() can be given up", async () => {
		const { signal, abort } = withAbort();
		const offer = strangeOffer(async (channel) => {
			await channel.recv(100);
			abort(new Error("enough"));
			await channel.recv(100);
		});
		await assert.rejects(takeOver(place, { signal }), /enough/);
		await offer;
	});

	test("the old one is of another user: takeOver() asks for nothing, unless it is named", {
		skip: notRoot || noPython,
	}, async () => {
		const name = freshName();
		await using python = runPython(offering, name, 65534);
		assert.equal(await python.line(), "listening");
		await assert.rejects(takeOver(name), {
			code: "EACCES",
			message: /is of user 65534, this one of user 0: name it by \{ user: 65534 \}/,
		});
		const taken = await takeOver(name, { user: 65534 });
		assert.deepEqual(taken?.names, ["python"]);
		taken?.close();
	});
});

function withAbort() {
	const controller = new AbortController();
	return { signal: controller.signal, abort: (reason: Error) => controller.abort(reason) };
}

describe("the meeting place", () => {
	test("is a file that only its user can use", async () => {
		await using one = old();
		assert.equal(statSync(one.offer.path).mode & 0o777, 0o600);
	});

	for (const mode of [0o777, 0o770, 0o702, 0o1777]) {
		test(`is not made in a directory of mode ${mode.toString(8)}`, async () => {
			chmodSync(directory, mode);
			await using server = serve(anyPort, () => {});
			assert.throws(() => handover(server, place), {
				code: "EACCES",
				message: /others may write in its directory .* \(mode [01]7\d\d\)/,
			});
			assert.ok(!existsSync(place));
		});
	}

	test("is not made in a directory of another user", { skip: notRoot }, async () => {
		chownSync(directory, 65534, 65534);
		await using server = serve(anyPort, () => {});
		assert.throws(() => handover(server, place), { code: "EACCES", message: /belongs to user 65534/ });
	});

	test("is not made where another process listens, or where a file is no socket", async () => {
		await using one = old();
		await using server = serve(anyPort, () => {});
		assert.throws(() => handover(server, place), {
			code: "EADDRINUSE",
			message: /takeOver\(\) asks for its sockets/,
		});
		const file = join(directory, "file");
		writeFileSync(file, "precious");
		assert.throws(() => handover(server, file), { code: "EADDRINUSE", message: /the file is no socket/ });
		assert.ok(existsSync(file));
		assert.throws(() => handover(server, join(directory, "nowhere", "restart")), { code: "ENOENT" });
		const name = freshName();
		using first = handover(server, name);
		assert.throws(() => handover(server, first.path), { code: "EADDRINUSE" });
		assert.ok(existsSync(one.offer.path));
	});

	test("replaces a file that nobody listens on any more", async () => {
		const dead = new Socket(AF_UNIX, SOCK_SEQPACKET);
		dead.bind(place);
		dead.listen(1);
		dead.close();
		await using one = old();
		await using two = await successor();
		await two.taken.ready();
		await one.offer.done;
	});

	test("does not remove a file that somebody else has put there", async () => {
		const one = old();
		rmSync(place);
		writeFileSync(place, "another");
		one.offer.close();
		assert.ok(existsSync(place));
		await one.server.close();
	});
});

describe("restartable()", () => {
	async function serving(server: AsyncTCPServer): Promise<Handover> {
		return restartable({ server }, place, { onError: () => {} });
	}

	test("takes over what is bound where it should be, and binds the rest", async () => {
		await using one = new AsyncTCPServer(anyPort, named("old"));
		using first = await serving(one);
		const { port } = one.serverAddress;
		await using two = new AsyncTCPServer({ host: "localhost", port }, named("new"));
		two.requestQueueSize = 50;
		two.serverBind = () => assert.fail("it is bound already");
		using second = await serving(two);
		assert.equal(second.predecessor, process.pid);
		assert.deepEqual(await first.done, { pid: process.pid, ended: 0 });
		assert.equal(await whoServes(two), "new");

		await using three = new AsyncTCPServer({ host: "127.0.0.2", port: 0 }, named("elsewhere"));
		using third = await serving(three);
		assert.equal(third.predecessor, process.pid);
		await second.done;
		assert.equal(three.serverAddress.host, "127.0.0.2");
		assert.equal(await whoServes(three), "elsewhere");
	});

	test("binds what has become another kind of server", async () => {
		await using one = new AsyncTCPServer(anyPort, named("old"));
		using first = await serving(one);
		await using two = new AsyncUDPServer(anyPort, named("new") as never);
		using second = await restartable({ server: two }, place);
		assert.ok(await first.done);
		assert.equal(second.predecessor, process.pid);
		assert.equal(two.serverAddress.host, "127.0.0.1");
	});

	test("refuses what it cannot do before it does anything", async () => {
		const server = new AsyncTCPServer(anyPort, named("x"));
		await assert.rejects(restartable(1 as never, place), /servers must be a server, or servers by name, not/);
		await assert.rejects(restartable({}, place), /1 to 252 servers, not 0/);
		await assert.rejects(restartable({ a: {} as never }, place), /"a" must be a server on a socket, not/);
		await assert.rejects(restartable(server, 5 as never), TypeError);
		await assert.rejects(restartable(server, ""), /path must not be empty/);
		await assert.rejects(restartable(server, place, { timeout: -1 }), RangeError);
		await assert.rejects(restartable(server, place, { grace: "x" as never }), TypeError);
		await assert.rejects(
			restartable(server, place, { user: "root" as never }),
			/user must be the number of a user/,
		);
		await assert.rejects(restartable(server, place, { onError: 1 as never }), /onError must be a function/);
		await assert.rejects(restartable(server, place, { signals: 1 as never }), TypeError);
		await assert.rejects(restartable(server, place, null as never), TypeError);
		await assert.rejects(takeOver(place, 5 as never), TypeError);
		assert.throws(() => handover(server, place), /does not serve: call serveForever\(\) first/);
		assert.ok(server.unopened);
		server.open();
		await assert.rejects(restartable(server, place), /"server" is open already/);
		server.serverClose();
		assert.ok(!existsSync(place));
	});

	test("ready() is said once", async () => {
		await using one = old();
		await using two = await successor();
		assert.throws(() => handover(two.server, two.taken), /once, after ready\(\)/);
		await two.taken.ready();
		await assert.rejects(two.taken.ready(), TypeError);
		await one.offer.done;
	});
});

describe("adopt()", () => {
	test("serves from a socket that is bound, and calls no hook that has been done", async () => {
		const hooks: string[] = [];
		class Hooked extends TCPServer {
			override serverBind() {
				hooks.push("bind");
			}
			override serverActivate() {
				hooks.push("activate");
				super.serverActivate();
			}
		}
		const listening = createServer(anyPort);
		const address = listening.getsockname();
		using first = new Hooked(anyPort, named("adopted")).adopt(listening);
		assert.deepEqual(first.serverAddress, address);
		assert.deepEqual(hooks, []);
		const bound = new Socket(AF_INET, SOCK_STREAM);
		bound.bind(anyPort);
		using second = new Hooked(anyPort, named("adopted")).adopt(bound);
		const handled = second.handleRequest();
		assert.equal(await whoServes(second), "adopted");
		await handled;
		assert.deepEqual(hooks, ["activate"]);
	});

	test("refuses what the server cannot serve from", async () => {
		using server = new TCPServer(anyPort, named("x"));
		using unix = createServer(freshName(), { family: AF_UNIX });
		using datagrams = new Socket(AF_INET, SOCK_DGRAM);
		using listener = createServer(anyPort);
		using client = await createConnection(listener.getsockname());
		assert.throws(() => server.adopt(unix), /is AF_UNIX, SOCK_STREAM, and the server's AF_INET, SOCK_STREAM/);
		assert.throws(() => server.adopt(datagrams), /is AF_INET, SOCK_DGRAM, and/);
		assert.throws(() => server.adopt(client), /is a connection; a server needs one that listens/);
		assert.throws(() => server.adopt(5 as never), /adopt takes a Socket, not/);
		server.open();
		assert.throws(() => server.adopt(listener), /open already/);
	});
});

/** Asks for sockets, prints the answer, and waits. */
const asking = `
import socket, sys, json, array
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.stdin.readline().rstrip("\\n").replace("@", "\\0"))
try: s.send(json.dumps({"protocol": "berkeley-restart", "type": "take", "version": 1}).encode())
except BrokenPipeError: pass
data, fds, flags, address = socket.recv_fds(s, 65536, 10)
print(data.decode(), flush=True)
sys.stdin.read()
`;

/** Gives a socket to everybody who asks. */
const offering = `
import socket, sys, json
meeting = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
meeting.bind(sys.stdin.readline().rstrip("\\n").replace("@", "\\0"))
meeting.listen()
listener = socket.create_server(("127.0.0.1", 0))
print("listening", flush=True)
for turn in range(2):
    peer, _ = meeting.accept()
    if not peer.recv(1000): continue
    answer = {"protocol": "berkeley-restart", "type": "sockets", "names": ["python"]}
    socket.send_fds(peer, [json.dumps(answer).encode()], [meeting.fileno(), listener.fileno()])
    peer.recv(1000)
`;

/** Python as the other process; its first line of input is the place. */
function runPython(script: string, path: string, uid?: number) {
	// Not spawn()'s uid, which Deno may not use.
	const user =
		uid === undefined
			? ""
			: `import os, socket, sys, json, array\nos.setgroups([])\nos.setgid(${uid})\nos.setuid(${uid})\n`;
	const child: ChildProcess = spawn("python3", ["-c", user + script], { stdio: ["pipe", "pipe", "inherit"] });
	child.stdin?.on("error", () => {});
	child.stdin?.write(`${path.replace("\0", "@")}\n`);
	const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
	return {
		process: child,
		line: async (): Promise<string> => (await soon(lines.next(), "Python")).value ?? "",
		async [Symbol.asyncDispose]() {
			const closed = child.exitCode === null && child.signalCode === null ? once(child, "close") : undefined;
			child.kill("SIGKILL");
			await closed;
		},
	};
}
