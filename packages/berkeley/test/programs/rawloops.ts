/**
 * What calls of JSON cannot say: packets that come from iterators, signals, other protocols. Runs in a host that has
 * loopback and an interface eth0 with nobody behind it that answers.
 */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { AF_PACKET, SOCK_RAW, Socket } from "../../src/index.js";
import {
	build,
	ETHERTYPE_LOCAL_EXPERIMENTAL,
	ethernet,
	ICMP_ECHO,
	icmpv4,
	ipv4,
	udp,
} from "../../src/packet/index.js";
import { type OutgoingPacket, send, sr, sr1, srIter, srp } from "../../src/raw/index.js";

const host = "127.0.0.1";
const echo = (sequence: number): OutgoingPacket => [
	ipv4({ source: host, destination: host }),
	icmpv4({ type: ICMP_ECHO, identifier: sequence >>> 16, sequence: sequence & 0xffff }),
];
const unanswerable = (sequence: number): OutgoingPacket => [
	ipv4({ source: host, destination: host }),
	icmpv4({ type: 0, identifier: 7, sequence }),
];

const tests: Record<string, () => Promise<void>> = {
	async "packets from iterators are asked for when their turn comes"() {
		let asked = 0;
		let answered = 0;
		let most = 0;
		function* endless(): Generator<OutgoingPacket> {
			for (;;) yield echo(asked++);
		}
		for await (const [, reply, { index }] of srIter(endless(), { outstanding: 8, timeout: 20_000 })) {
			assert.notEqual(reply, undefined);
			most = Math.max(most, asked - answered);
			answered++;
			if (index === 500) break;
		}
		assert.ok(answered >= 500 && most <= 9 + 1, `${answered} answered, ${most} waited`);
	},
	async "who takes answers slowly slows the sending down"() {
		let asked = 0;
		function* many(): Generator<OutgoingPacket> {
			while (asked < 100) yield echo(asked++);
		}
		const iterator = srIter(many(), { outstanding: 4, timeout: 20_000 });
		await iterator.next();
		await delay(50);
		assert.ok(asked <= 8, `${asked} were sent`);
		await iterator.return();
	},
	async "an asynchronous iterator that never gives anything can be left"() {
		async function* one(): AsyncGenerator<OutgoingPacket> {
			yield echo(1);
			await new Promise(() => {});
		}
		for await (const [, reply] of srIter(one(), { timeout: 20_000 })) {
			assert.notEqual(reply, undefined);
			break;
		}
		const reply = await sr1(one(), { timeout: 20_000 });
		assert.notEqual(reply, undefined);
		const reason = new Error("enough");
		const controller = new AbortController();
		const sending = send(one(), { signal: controller.signal });
		controller.abort(reason);
		await assert.rejects(sending, (error) => error === reason);
	},
	async "a signal ends it with its reason, while it waits, and before it begins"() {
		const controller = new AbortController();
		const reason = new Error("enough");
		const waiting = sr([unanswerable(1)], { timeout: 60_000, signal: controller.signal });
		setTimeout(() => controller.abort(reason), 20);
		await assert.rejects(waiting, (error) => error === reason);
		await assert.rejects(sr([echo(1)], { signal: controller.signal }), (error) => error === reason);
		const other = new AbortController();
		const slow = send([echo(1), echo(2)], { interval: 60_000, signal: other.signal });
		setTimeout(() => other.abort(reason), 20);
		await assert.rejects(slow, (error) => error === reason);
	},
	async "what is no packet is refused before anything is sent, when it is in an array"() {
		const counter = new Counter();
		await assert.rejects(send([echo(1), [ethernet({ destination: mac, source: mac })]]), {
			name: "TypeError",
			message: /the first layer is ipv4 or ipv6, not ethernet; frames are sent by sendp\(\)$/,
		});
		await assert.rejects(send([echo(1), new Uint8Array(3)]), { name: "RangeError" });
		await assert.rejects(sr([echo(1), new Uint8Array(3)]), { name: "RangeError" });
		assert.equal(await send([]), 0);
		assert.equal(await counter.end(), 0);
	},
	async "packets are sent again while an iterator is waited for"() {
		let release = (): void => {};
		const released = new Promise<void>((resolve) => {
			release = resolve;
		});
		async function* slow(): AsyncGenerator<OutgoingPacket> {
			yield unanswerable(1);
			await released;
		}
		for await (const [, reply, { attempts }] of srIter(slow(), { timeout: 5, retries: 3 })) {
			assert.deepEqual([reply, attempts], [undefined, 4]);
			release();
		}
	},
	async "refusals without end leave time for everything else"() {
		function* endless(): Generator<OutgoingPacket> {
			for (;;) yield [{ layer: "ipv4", destination: "192.0.2.1" }, "no route"];
		}
		const controller = new AbortController();
		const reason = new Error("enough");
		setTimeout(() => controller.abort(reason), 20);
		let refused = 0;
		await assert.rejects(
			async () => {
				for await (const [request, reply, { error, attempts }] of srIter(endless(), {
					signal: controller.signal,
				})) {
					assert.deepEqual([reply, error?.code, attempts], [undefined, "ENETUNREACH", 0]);
					assert.equal(request.get(ipv4)?.source, "0.0.0.0");
					refused++;
				}
			},
			(error) => error === reason,
		);
		assert.ok(refused > 0);
		const whole = build(ipv4({ source: "0.0.0.0", destination: "192.0.2.1", identification: 5 }), "no route");
		const outcome = await sr([whole, whole]);
		assert.deepEqual(
			outcome.refused.map(([request, , { index }]) => [index, Buffer.from(request.bytes).equals(whole)]),
			[
				[0, true],
				[1, true],
			],
		);
	},
	async "what an iterator throws ends it"() {
		async function* broken(): AsyncGenerator<OutgoingPacket> {
			yield echo(1);
			throw new Error("broken");
		}
		await assert.rejects(sr(broken()), /broken/);
		await assert.rejects(send(broken()), /broken/);
	},
	async "what `matches` says is an answer is one, of any protocol"() {
		const frame = [
			ethernet({ destination: mac, source: mac, type: ETHERTYPE_LOCAL_EXPERIMENTAL }),
			"question",
		] as const;
		const matches = (_: unknown, reply: { payload: Uint8Array }): boolean =>
			Buffer.from(reply.payload).toString().startsWith("answer");
		const answering = srp([frame], { interface: "lo", timeout: 20_000, matches });
		using socket = new Socket(AF_PACKET, SOCK_RAW, 0);
		socket.bind({ interface: "lo", protocol: 0 });
		const header = Buffer.from("020000000001020000000001".concat("88b5"), "hex");
		const address = { interface: "lo", protocol: ETHERTYPE_LOCAL_EXPERIMENTAL };
		await socket.sendto(Buffer.concat([header, Buffer.from("answer")]), address);
		const { answered } = await answering;
		assert.equal(answered.length, 1);
		await assert.rejects(
			sr([echo(1)], {
				matches: () => {
					throw new Error("mine");
				},
			}),
			/mine/,
		);
	},
	async "a thousand requests are answered, whatever order they are in"() {
		const packets = Array.from({ length: 1000 }, (_, sequence) => echo(sequence));
		const { answered, unanswered } = await sr(packets, { timeout: 20_000 });
		assert.equal(unanswered.length, 0);
		assert.equal(new Set(answered.map(([, , { index }]) => index)).size, 1000);
		for (const [request, reply] of answered) {
			assert.equal(request.get(icmpv4)?.sequence, reply.get(icmpv4)?.sequence);
		}
	},
	async "two at a time do not disturb each other"() {
		const ports = [1001, 1002, 1003];
		const all = await Promise.all(
			ports.map((destinationPort) =>
				sr1([ipv4({ source: host, destination: host }), udp({ sourcePort: 5000, destinationPort })], {
					timeout: 20_000,
				}),
			),
		);
		assert.deepEqual(
			all.map((reply) => reply?.get(udp)?.destinationPort),
			ports,
		);
	},
};

const mac = "02:00:00:00:00:01";

/** Counts the packets that loopback carries. */
class Counter {
	readonly #socket = new Socket(AF_PACKET, SOCK_RAW);
	#count = 0;
	constructor() {
		this.#socket.bind({ interface: "lo", protocol: 3 });
		this.#socket.recvEach(() => this.#count++);
	}
	async end(): Promise<number> {
		await delay(10);
		this.#socket.close();
		return this.#count;
	}
}

for (const [name, run] of Object.entries(tests)) {
	try {
		await run();
		console.log(JSON.stringify([name]));
	} catch (error) {
		console.log(JSON.stringify([name, error instanceof Error ? error.stack : String(error)]));
	}
}
