/**
 * Proxies with faults: what other programs, curl among them, see through them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type CapturedPacket, createCapture } from "../src/capture/index.js";
import {
	type ProxyAddress,
	replay,
	type StreamImpairments,
	type TcpProxy,
	tcpProxy,
	udpProxy,
	type Verdict,
} from "../src/impair/index.js";
import { AF_INET, createConnection, SHUT_WR, SOCK_DGRAM, Socket } from "../src/index.js";
import { dissect, ipv4, tcp, udp } from "../src/packet/index.js";
import { soon, until } from "./support/until.js";

const noCurl = spawnSync("curl", ["--version"]).status === 0 ? false : "there is no curl";
const noTshark = spawnSync("tshark", ["--version"]).status === 0 ? false : "there is no tshark";

/** A UDP socket that sends back what it gets, until it is closed. */
function udpEcho() {
	const socket = new Socket(AF_INET, SOCK_DGRAM);
	socket.bind({ host: "127.0.0.1", port: 0 });
	const flow = socket.recvEach(
		(data, address) => void socket.sendto(Buffer.from(data), address).catch(() => {}),
	);
	return {
		address: socket.getsockname(),
		async [Symbol.asyncDispose]() {
			flow.stop();
			await flow.ended;
			socket.close();
		},
	};
}

/** A UDP socket that sends to a proxy. */
function clientOf(address: ProxyAddress) {
	const socket = new Socket(AF_INET, SOCK_DGRAM);
	socket.connectSync({ ...address });
	return socket;
}

/** Sends numbers through a proxy, and gives the answers until the proxy has had its say. */
async function answered(count: number, plan: Parameters<typeof udpProxy>[1], log: Verdict[] = []) {
	await using echo = udpEcho();
	using proxy = await udpProxy(echo.address, plan, { seed: 5, log });
	using client = clientOf(proxy.address);
	const numbers: number[] = [];
	for (let number = 1; number <= count; number++) {
		await client.send(`${number}`);
		const { there, back } = proxy.statistics;
		// One after another, so that the answers are packets in the order of the questions.
		await until(() => {
			const now = proxy.statistics;
			if (now.there.lost > there.lost) return true;
			return now.there.delivered > there.delivered && now.back.packets > back.packets;
		});
	}
	await proxy.drained();
	for (;;) {
		const data = await client.recv(100, 0, { timeout: 0 }).catch(() => undefined);
		if (data === undefined) return numbers;
		numbers.push(Number(data));
	}
}

describe("a UDP proxy", () => {
	test("brings datagrams there and back, and loses those of the plan", async () => {
		const log: Verdict[] = [];
		const plan = { there: { loss: { packets: [2] } }, back: { loss: { packets: [3] } } };
		assert.deepEqual(await answered(6, plan, log), [1, 3, 5, 6]);
		assert.deepEqual(
			log.map(({ direction, flow, packet, lost }) => [direction, flow, packet, lost]),
			[
				["there", 1, 2, "loss"],
				["back", 1, 3, "loss"],
			],
		);
	});

	test("does with a log what it did with a seed", async () => {
		const log: Verdict[] = [];
		const first = await answered(40, { there: { loss: 0.2 }, back: { loss: 0.2 } }, log);
		assert.ok(first.length > 15 && first.length < 35);
		const again: Verdict[] = [];
		assert.deepEqual(await answered(40, replay(JSON.parse(JSON.stringify(log))), again), first);
		assert.deepEqual(again, log);
	});

	test("keeps clients apart, each with fates of its own", async () => {
		await using echo = udpEcho();
		using proxy = await udpProxy(echo.address, { there: { loss: { packets: [1] } }, back: { delay: 20 } });
		const clients = [clientOf(proxy.address), clientOf(proxy.address)];
		for (const [index, client] of clients.entries()) {
			await client.send("lost");
			await client.send(`client ${index}`);
		}
		const start = performance.now();
		const texts = await soon(Promise.all(clients.map((client) => client.recv(100))));
		assert.deepEqual(texts.map(String), ["client 0", "client 1"]);
		assert.ok(performance.now() - start >= 15);
		assert.equal(proxy.statistics.flows, 2);
		assert.equal(proxy.statistics.there.lost, 2);
		for (const client of clients) client.close();
	});

	test("forgets clients that are silent, and those that are too many", async () => {
		await using echo = udpEcho();
		using proxy = await udpProxy(echo.address, { back: { loss: 1 } }, { clients: 1, idle: 50 });
		using one = clientOf(proxy.address);
		using other = clientOf(proxy.address);
		await one.send("1");
		await until(() => proxy.statistics.flows === 1);
		await other.send("2");
		await until(() => proxy.statistics.flows === 2);
		await one.send("3");
		await until(() => proxy.statistics.flows === 3);
		assert.ok(proxy.statistics.open <= 1);
		await until(() => proxy.statistics.open === 0);
		await one.send("4");
		await until(() => proxy.statistics.flows === 4);
		assert.equal(proxy.statistics.there.packets, 4);
	});

	test("counts what the target refuses, and goes on", async () => {
		const gone = new Socket(AF_INET, SOCK_DGRAM);
		gone.bind({ host: "127.0.0.1", port: 0 });
		const address = gone.getsockname();
		gone.close();
		using proxy = await udpProxy(address, {});
		using client = clientOf(proxy.address);
		await client.send("anybody?");
		await until(() => proxy.statistics.errors > 0);
		using target = new Socket(AF_INET, SOCK_DGRAM);
		target.bind(address);
		await client.send("now?");
		const [data, from] = await soon(target.recvfrom(100));
		assert.equal(String(data), "now?");
		await target.sendto("yes", from);
		assert.equal(String(await soon(client.recv(100))), "yes");
	});

	test("records what passes between client and target", async () => {
		await using echo = udpEcho();
		const packets: CapturedPacket[] = [];
		using proxy = await udpProxy(
			echo.address,
			{ there: { duplicate: { packets: [1] } } },
			{ trace: { write: (packet) => packets.push(packet) } },
		);
		using client = clientOf(proxy.address);
		await client.send("twice");
		await soon(client.recv(10));
		await soon(client.recv(10));
		const own = client.getsockname().port;
		const target = echo.address.port;
		assert.deepEqual(
			packets.map(({ bytes, comment }) => {
				const layer = dissect(bytes, { first: ipv4 }).get(udp);
				return [layer?.sourcePort, layer?.destinationPort, comment];
			}),
			[
				[own, target, "packet 1: copied 1×"],
				[own, target, "packet 1: copied 1× (copy 1)"],
				[target, own, undefined],
				[target, own, undefined],
			],
		);
	});

	test("ends with what a function of the plan throws", async () => {
		await using echo = udpEcho();
		const where = () => {
			throw new Error("a mistake in the plan");
		};
		for (const direction of ["there", "back"]) {
			using proxy = await udpProxy(echo.address, { [direction]: { loss: { where } } });
			using client = clientOf(proxy.address);
			const failed = assert.rejects(soon(proxy.ended), /a mistake in the plan/);
			await client.send("anything");
			await failed;
		}
	});

	test("ends by a signal, and refuses what is none", async () => {
		const stop = new AbortController();
		const target = { host: "127.0.0.1", port: 9 };
		const proxy = await udpProxy(target, {}, { signal: stop.signal });
		stop.abort();
		await soon(proxy.ended);
		await assert.rejects(udpProxy(target, {}, { signal: stop.signal }), { name: "AbortError" });
		await assert.rejects(udpProxy({ host: "127.0.0.1" } as never, {}), /target: port must be a number/);
		await assert.rejects(
			udpProxy(target, { send: {} } as never),
			/a plan has no "send": it may have there, back/,
		);
		await assert.rejects(udpProxy(target, {}, { clients: 0 }), /clients must be an integer from 1/);
		await assert.rejects(udpProxy(target, {}, { lissten: target } as never), /the options has no "lissten"/);
	});
});

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
const digestOf = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

describe("a TCP proxy", () => {
	let server: Server;
	let target: ProxyAddress;
	let folder = "";

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), "berkeley-proxy-"));
		server = createHttpServer((request, response) => {
			if (request.method === "POST") {
				const hash = createHash("sha256");
				request.on("data", (data) => hash.update(data));
				request.on("end", () => response.end(hash.digest("hex")));
			} else {
				response.setHeader("Content-Length", content.length);
				response.end(content);
			}
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
	});
	after(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		rmSync(folder, { recursive: true });
	});

	/** What curl gets through a proxy, and its exit status. */
	function curl(
		proxy: TcpProxy,
		...options: string[]
	): Promise<{ code: number; body: Buffer; took: number }> {
		const start = performance.now();
		const words = ["-s", "--max-time", "30", ...options, `http://127.0.0.1:${proxy.address.port}/`];
		return new Promise((resolve) => {
			execFile("curl", words, { encoding: "buffer", maxBuffer: 1e8 }, (error, body) =>
				resolve({ code: Number(error?.code ?? 0), body, took: performance.now() - start }),
			);
		});
	}

	/** What curl gets when the answer goes through these faults. */
	async function fetched(back: StreamImpairments, ...options: string[]) {
		using proxy = await tcpProxy(target, { back }, { seed: 3 });
		const result = await curl(proxy, ...options);
		await until(() => proxy.statistics.open === 0);
		return { ...result, statistics: proxy.statistics };
	}

	test("brings everything there and back, in any pieces", { skip: noCurl }, async () => {
		for (const back of [{}, { pieces: { least: 1, most: 3000 } }, { delay: { time: 2, jitter: 2 } }]) {
			const { code, body, statistics } = await fetched(back);
			assert.equal(code, 0);
			assert.ok(body.equals(content));
			assert.equal(statistics.back.delivered, statistics.back.bytes);
			assert.equal(statistics.errors, 0);
		}
		const upload = join(folder, "upload");
		writeFileSync(upload, content);
		using proxy = await tcpProxy(target, { there: { pieces: 1000, delay: 1 } });
		const { body } = await curl(proxy, "--data-binary", `@${upload}`);
		assert.equal(body.toString(), digestOf(content));
	});

	test("delays, throttles and stalls", { skip: noCurl }, async () => {
		const delayed = await fetched({ delay: 300 });
		assert.ok(delayed.took >= 300 && delayed.body.equals(content));
		const throttled = await fetched({ rate: 250_000 });
		assert.ok(throttled.took >= 400 && throttled.body.equals(content), `${throttled.took}`);
		const stalled = await fetched({ stall: { at: 50_000, time: 400 } });
		assert.ok(stalled.took >= 400 && stalled.body.equals(content));
		using still = await tcpProxy(target, { back: { stall: { at: 0, time: 20_000 } } });
		const impatient = await curl(still, "--max-time", "0.3");
		assert.equal(impatient.code, 28, "curl's: the time is over");
	});

	test("ends too early, and resets, at the byte that is wanted", { skip: noCurl }, async () => {
		const ended = await fetched({ end: { at: 20_000 } });
		assert.equal(ended.code, 18, "curl's: a part of the file");
		assert.ok(ended.statistics.back.delivered === 20_000);
		assert.ok(ended.body.length < 20_000 && content.subarray(0, ended.body.length).equals(ended.body));
		const reset = await fetched({ reset: { at: 20_000 } });
		assert.equal(reset.code, 56, "curl's: a failure in receiving");
		assert.equal(reset.statistics.errors, 0, "it was planned");
		using proxy = await tcpProxy(target, { there: { reset: { at: 0 } } });
		using client = await createConnection({ ...proxy.address });
		await assert.rejects(soon(client.recv(1)), { code: "ECONNRESET" });
	});

	test("flips the same bits at the same places for the same seed", { skip: noCurl }, async () => {
		const back = { corrupt: { chance: 0.1, start: 600 }, pieces: 1000 };
		const [first, second] = [await fetched(back), await fetched(back)];
		assert.equal(first.body.length, content.length);
		assert.notEqual(digestOf(first.body), digestOf(content));
		assert.equal(digestOf(first.body), digestOf(second.body));
	});

	test("passes on ends, each way for itself, and resets", async () => {
		const peer = createTcpServer({ allowHalfOpen: true }, (socket) => {
			const chunks: Buffer[] = [];
			socket.on("data", (data) => chunks.push(data));
			socket.on("end", () => socket.end(Buffer.concat(chunks).toString().toUpperCase()));
			socket.on("error", () => {});
		});
		await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
		const address = { host: "127.0.0.1", port: (peer.address() as AddressInfo).port };
		using proxy = await tcpProxy(address, { there: { delay: 10 }, back: { delay: 10 } });
		{
			using client = await createConnection({ ...proxy.address });
			await client.sendall("to the end");
			client.shutdown(SHUT_WR);
			assert.equal(String(await soon(client.makefile("rb").read())), "TO THE END");
		}
		await until(() => proxy.statistics.open === 0);
		const broken = new Promise<string>((resolve) =>
			peer.once("connection", (socket) =>
				socket.once("error", (error: { code?: string }) => resolve(error.code ?? "")),
			),
		);
		const client = connect(proxy.address.port, "127.0.0.1", () => {
			client.write("not to the end");
			peer.once("connection", () => client.resetAndDestroy());
		});
		await once(client);
		assert.equal(await soon(broken), "ECONNRESET");
		await until(() => proxy.statistics.open === 0);
		assert.equal(proxy.statistics.errors, 1);
		await new Promise((resolve) => peer.close(resolve));
	});

	test("refuses where the target does, and holds back those who are too many", async () => {
		const gone = createTcpServer();
		await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
		const { port } = gone.address() as AddressInfo;
		await new Promise((resolve) => gone.close(resolve));
		using refused = await tcpProxy({ host: "127.0.0.1", port }, {});
		using client = await createConnection({ ...refused.address });
		await assert.rejects(soon(client.recv(1)), { code: "ECONNRESET" });
		assert.equal(refused.statistics.errors, 1);

		using narrow = await tcpProxy(target, {}, { connections: 1 });
		const first = await createConnection({ ...narrow.address });
		await until(() => narrow.statistics.open === 1);
		using second = await createConnection({ ...narrow.address });
		await second.sendall("GET / HTTP/1.0\r\n\r\n");
		await assert.rejects(second.recv(1, 0, { timeout: 30 }), { code: "ETIMEDOUT" });
		first.close();
		assert.equal(String(await soon(second.recv(4))), "HTTP");
	});

	test("records a conversation that tshark follows", { skip: noCurl || noTshark }, async () => {
		const file = join(folder, "trace.pcapng");
		const trace = await createCapture(file);
		{
			using proxy = await tcpProxy(
				target,
				{ back: { delay: { time: 5, chance: { packets: [2] } } } },
				{ trace },
			);
			assert.ok((await curl(proxy)).body.equals(content));
			await until(() => proxy.statistics.open === 0);
		}
		await trace.close();
		const shark = (...options: string[]): string[] => {
			const { stdout, stderr } = spawnSync("tshark", ["-r", file, ...options], { encoding: "utf8" });
			assert.doesNotMatch(stderr, /appears|error/i);
			return stdout.trim().split("\n");
		};
		// Nothing lost, repeated or out of order, and no checksum wrong.
		const check = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
		assert.deepEqual(
			shark(
				...check,
				"-Y",
				"tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.checksum.status == 0 || ip.checksum.status == 0",
			),
			[""],
		);
		assert.deepEqual(
			shark("-Y", "http", "-T", "fields", "-e", "http.request.method", "-e", "http.content_length"),
			["GET\t", `\t${content.length}`],
		);
		assert.deepEqual(shark("-Y", "frame.comment", "-T", "fields", "-e", "frame.comment"), [
			"piece 2: delayed 5 ms",
		]);
		assert.equal(shark("-Y", "tcp.flags.fin == 1").length, 2);
	});

	test("refuses what no stream knows", async () => {
		const cases: [plan: unknown, message: RegExp][] = [
			[{ there: { loss: 0.1 } }, /a stream knows no loss: it brings all bytes, in order, or breaks/],
			[{ back: { reorder: 0.1 } }, /a stream knows no reorder/],
			[{ back: { delay: { time: 1, overtake: true } } }, /overtake is not for streams/],
			[{ back: { corrupt: { where: () => true } } }, /corrupt: where is not for streams/],
			[{ back: { pieces: 0 } }, /pieces must be an integer from 1/],
			[{ back: { pieces: { least: 3, most: 2 } } }, /pieces: most must be an integer from 3/],
			[{ back: { stall: { time: 3 } } }, /stall must say where: by `chance` or `at`/],
			[{ back: { reset: { after: 3 } } }, /reset must be a probability/],
			[{ send: {} }, /a plan has no "send"/],
			[replay([]), /a stream is replayed by its seed/],
		];
		for (const [plan, message] of cases) await assert.rejects(tcpProxy(target, plan as never), message);
		await assert.rejects(tcpProxy(target, {}, { log: [] } as never), /a stream has no log/);
		const stop = new AbortController();
		const proxy = await tcpProxy(target, {}, { signal: stop.signal });
		using client = await createConnection({ ...proxy.address });
		await until(() => proxy.statistics.open === 1);
		stop.abort();
		await soon(proxy.ended);
		await assert.rejects(soon(client.recv(1)), { code: "ECONNRESET" });
		assert.ok(dissect(new Uint8Array(0)).get(tcp) === undefined);
	});
});

function once(socket: ReturnType<typeof connect>): Promise<void> {
	return new Promise((resolve) => socket.once("close", () => resolve()));
}
