/**
 * Requests and their answers: what sr() and srp() do. Requests go out one after another; as many as are allowed wait
 * for an answer at a time; those that got none in time are sent again.
 */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { CapturedPacket } from "../capture/captured.js";
import type { SocketError } from "../errors.js";
import { dissect } from "../packet/index.js";
import type { AnyCodec } from "../packet/layer.js";
import type { Packet } from "../packet/packet.js";
import type { Timestamp } from "../socket/ancillary.js";
import { Bell } from "./bell.js";
import type { Arrival } from "./listener.js";
import { Pace, type PaceOptions } from "./pace.js";
import { networkIndex, replyKeys, requestKeys } from "./replykeys.js";
import { isRefusal, type Prepared, type Wire } from "./wire.js";

/** What is known of a request that was answered. */
export interface AnswerDetails {
	/** Which of the packets it is that was answered, from 0. */
	readonly index: number;
	/** How often it had been sent by then. */
	readonly attempts: number;
	/** Milliseconds from when it was sent, the last time, to when the kernel got the answer. */
	readonly rtt: number;
	/** When it was sent, the last time. */
	readonly sent: Timestamp;
	/** The answer as it was captured: its bytes, when and where it came. */
	readonly captured: CapturedPacket;
	/** Only of a request that was refused. */
	readonly error?: undefined;
}

/** What is known of a request that nobody answered. */
export interface NoAnswerDetails {
	/** Which of the packets it is, from 0. */
	readonly index: number;
	/** How often it was sent. */
	readonly attempts: number;
	/** When it was sent, the last time. */
	readonly sent: Timestamp;
	/** Only of a request that was refused. */
	readonly error?: undefined;
}

/** What is known of a request that the kernel refused to send. */
export interface RefusedDetails {
	/** Which of the packets it is, from 0. */
	readonly index: number;
	/** How often it had been sent before, without an answer: 0 unless it was refused when it was sent again. */
	readonly attempts: number;
	/**
	 * Why: ENETUNREACH, EHOSTUNREACH, EACCES and EINVAL by a route or the lack of one, EPERM by a firewall, EMSGSIZE
	 * for what is too long, ENOBUFS when the interface's queue had no room within the timeout, ETIMEDOUT when the
	 * socket's buffer had none.
	 */
	readonly error: SocketError;
}

/** A request and its answer. */
export type Answer = readonly [request: Packet, reply: Packet, details: AnswerDetails];

/** A request without an answer. */
export type NoAnswer = readonly [request: Packet, reply: undefined, details: NoAnswerDetails];

/** A request that the kernel refused to send. */
export type Refused = readonly [request: Packet, reply: undefined, details: RefusedDetails];

/** What became of a request; `details.error` is there when it was refused. */
export type Exchange = Answer | NoAnswer | Refused;

/** How requests are made, checked. */
export interface ExchangeManner extends PaceOptions {
	/** Milliseconds that an answer is waited for, each time; and before, that what is full is tried again. */
	readonly timeout: number;
	/** How often a request is sent again. */
	readonly retries: number;
	/** How many requests may wait for an answer. */
	readonly outstanding: number;
	/** Whether a request may have several answers. */
	readonly multi: boolean;
	/** Whether a packet is an answer. */
	readonly matches: (request: Packet, reply: Packet) => boolean;
	/** Whether `matches` is what the keys of requests agree with. */
	readonly keyed: boolean;
}

/** What an exchanger works with. */
export interface Surroundings {
	readonly wire: Wire;
	readonly signal: AbortSignal;
	/** What reads an answer. */
	readonly codec: (bytes: Uint8Array) => AnyCodec;
	/** Told of each request that was answered, or not, or refused; how many of them nobody has taken yet. */
	readonly emit: (exchange: Exchange) => void;
	readonly untaken: () => number;
	/** What grows while packets that have arrived wait to be looked at; 0 when none do. */
	readonly backlog: () => number;
}

/** A request that is waited for. */
interface Waiting {
	readonly prepared: Prepared;
	readonly index: number;
	readonly keys: readonly string[];
	attempts: number;
	sent: Timestamp;
	/** performance.now() when it is given up, or sent again. */
	deadline: number;
	/** What has answered it, when there may be several, as far as they are compared with others. */
	readonly answers: CapturedPacket[];
	/** How many answers it had. */
	count: number;
	/** Whether it was answered, and is not to be any more. */
	isOver: boolean;
}

/** What comes after so many answers to one request is not compared with them any more. */
const mostCompared = 1024;
/** And after so many it is not looked at. */
const mostAnswers = 65536;

// For so long what has arrived may wait to be looked at when the time is over.
const longestBacklogMs = 1000;

/** Sends requests and finds their answers. */
export class Exchanger {
	readonly #manner: ExchangeManner;
	readonly #around: Surroundings;
	readonly #pace: Pace;
	readonly #bell = new Bell();
	/** In the order of their deadlines. */
	readonly #waiting = new Set<Waiting>();
	readonly #byKey = new Map<string, Set<Waiting>>();
	/** What is to be sent again. */
	readonly #again: Waiting[] = [];
	#timer: NodeJS.Timeout | undefined;
	#backlog = 0;

	constructor(manner: ExchangeManner, around: Surroundings) {
		this.#manner = manner;
		this.#around = around;
		this.#pace = new Pace(manner);
	}

	/**
	 * Sends all requests, and is over when none is waited for any more.
	 * @throws the signal's reason, and what sending fails with that concerns not one packet alone
	 */
	async run(requests: readonly Prepared[] | AsyncIterable<Prepared>): Promise<void> {
		const { signal } = this.#around;
		const ring = (): void => this.#bell.ring();
		signal.addEventListener("abort", ring);
		try {
			let index = 0;
			for await (const prepared of this.#each(requests)) {
				await this.#send({
					prepared,
					index: index++,
					keys: this.#manner.keyed ? requestKeys(prepared.packet.layers) : [""],
					attempts: 0,
					sent: { seconds: 0, nanoseconds: 0 },
					deadline: 0,
					answers: [],
					count: 0,
					isOver: false,
				});
			}
			while (this.#waiting.size + this.#again.length > 0) {
				await this.#sendAgain();
				if (this.#waiting.size > 0) await this.#bell.heard();
			}
			signal.throwIfAborted();
		} finally {
			signal.removeEventListener("abort", ring);
			clearTimeout(this.#timer);
		}
	}

	/** The requests, each when there is room for it. While a slow source is waited for, others are sent again. */
	async *#each(
		requests: readonly Prepared[] | AsyncIterable<Prepared>,
	): AsyncGenerator<Prepared, void, undefined> {
		if (Array.isArray(requests)) {
			for (const prepared of requests as readonly Prepared[]) {
				await this.#room();
				yield prepared;
			}
			return;
		}
		const iterator = (requests as AsyncIterable<Prepared>)[Symbol.asyncIterator]();
		try {
			for (;;) {
				await this.#room();
				const step = await this.#meanwhile(iterator.next());
				if (step.done) return;
				yield step.value;
			}
		} finally {
			// Not waited for: it may be in the middle of something that never comes.
			iterator.return?.().catch(() => {});
		}
	}

	async #meanwhile<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const settle = (): void => {
			settled = true;
			this.#bell.ring();
		};
		promise.then(settle, settle);
		while (!settled) {
			await this.#sendAgain();
			if (!settled) await this.#bell.heard();
		}
		return promise;
	}

	/** Somebody took what was emitted. */
	taken(): void {
		this.#bell.ring();
	}

	/** Waits until one more may wait for an answer. What is to be sent again goes first. */
	async #room(): Promise<void> {
		const { outstanding } = this.#manner;
		for (;;) {
			await this.#sendAgain();
			if (this.#waiting.size + this.#around.untaken() < outstanding) return;
			await this.#bell.heard();
		}
	}

	async #sendAgain(): Promise<void> {
		this.#around.signal.throwIfAborted();
		for (let next = this.#again.shift(); next !== undefined; next = this.#again.shift()) {
			// It may have been answered late.
			if (!next.isOver) await this.#send(next);
		}
	}

	async #send(request: Waiting): Promise<void> {
		const { signal, wire } = this.#around;
		const { prepared } = request;
		if (prepared.refusal !== undefined) return this.#refuse(request, prepared.refusal);
		await this.#pace.turn(signal);
		if (request.isOver) return;
		request.attempts++;
		// It may be answered before this is told that it was sent.
		this.#enter(request);
		const tell = (stamp: Timestamp): void => {
			request.sent = stamp;
		};
		try {
			await wire.send(prepared, { signal, patience: this.#manner.timeout, tell });
		} catch (error) {
			signal.throwIfAborted();
			if (!isRefusal(error)) throw error;
			request.attempts--;
			return this.#refuse(request, error);
		}
		if (request.isOver) return;
		request.deadline = performance.now() + this.#manner.timeout;
		if (this.#timer === undefined) this.#watch();
	}

	/** Tells that a request was refused, which is the end of it. */
	async #refuse(request: Waiting, error: SocketError): Promise<void> {
		if (request.isOver) return;
		this.#leave(request);
		if (request.count === 0) {
			const { index, attempts, prepared } = request;
			this.#around.emit([prepared.packet, undefined, { index, attempts, error }]);
		}
		this.#bell.ring();
		// Many of them, one after another, would keep everything else of the process waiting.
		await nextTurn();
	}

	#enter(request: Waiting): void {
		// Until it is sent, which a full queue may delay.
		request.deadline = Number.POSITIVE_INFINITY;
		this.#waiting.add(request);
		for (const key of request.keys) {
			const others = this.#byKey.get(key);
			if (others === undefined) this.#byKey.set(key, new Set([request]));
			else others.add(request);
		}
	}

	#leave(request: Waiting): void {
		request.isOver = true;
		this.#waiting.delete(request);
		for (const key of request.keys) {
			const others = this.#byKey.get(key);
			others?.delete(request);
			if (others?.size === 0) this.#byKey.delete(key);
		}
	}

	/** Looks again when the first of those that wait is over. */
	#watch(): void {
		const [first] = this.#waiting;
		if (first === undefined || first.deadline === Number.POSITIVE_INFINITY) {
			this.#timer = undefined;
			return;
		}
		const wait = Math.max(1, Math.ceil(first.deadline - performance.now()));
		this.#timer = setTimeout(() => {
			// What has arrived in time is looked at before: the loop may have been busy with something else.
			setImmediate(() => setImmediate(() => this.#expire()));
		}, wait);
	}

	#expire(): void {
		if (this.#around.signal.aborted) return;
		const time = performance.now();
		if (this.#isBehind(time)) {
			this.#watch();
			return;
		}
		for (const request of this.#waiting) {
			if (request.deadline > time) break;
			if (request.count === 0 && request.attempts <= this.#manner.retries) {
				this.#waiting.delete(request);
				this.#again.push(request);
				continue;
			}
			this.#leave(request);
			if (request.count > 0) continue;
			const { index, attempts, sent, prepared } = request;
			this.#around.emit([prepared.packet, undefined, { index, attempts, sent }]);
		}
		this.#bell.ring();
		this.#watch();
	}

	/** Whether answers that came in time may still wait to be looked at. */
	#isBehind(time: number): boolean {
		const before = this.#backlog;
		this.#backlog = this.#around.backlog();
		const [first] = this.#waiting;
		if (this.#backlog === 0 || this.#backlog === before || first === undefined) return false;
		return time < first.deadline + longestBacklogMs;
	}

	/** Looks whether what arrived is an answer. */
	take(arrival: Arrival): void {
		if (this.#byKey.size === 0) return;
		const { codec } = this.#around;
		const seen = dissect(arrival.bytes, { first: codec(arrival.bytes) });
		const request = this.#requestOf(seen);
		if (request === undefined) return;
		const captured = arrival.captured();
		if (this.#manner.multi) {
			// Stacked interfaces, such as a bridge and its port, show a packet more than once.
			if (request.answers.some((other) => isCopy(other, captured))) return;
			if (request.answers.length < mostCompared) request.answers.push(captured);
		}
		request.count++;
		if (!this.#manner.multi || request.count === mostAnswers) this.#leave(request);
		const { index, attempts, sent, prepared } = request;
		const reply = dissect(captured.bytes, { first: codec(captured.bytes) });
		const rtt = millisecondsBetween(sent, captured);
		this.#around.emit([prepared.packet, reply, { index, attempts, rtt, sent, captured }]);
		this.#bell.ring();
	}

	#requestOf(reply: Packet): Waiting | undefined {
		const { keyed, matches } = this.#manner;
		for (const key of keyed ? replyKeys(reply.layers) : [""]) {
			for (const request of this.#byKey.get(key) ?? []) {
				const { packet } = request.prepared;
				if (matches(packet, reply) && !isItself(packet, reply)) return request;
			}
		}
		return undefined;
	}
}

/** Whether a packet is the request, which came back by the loopback interface, and looks like its own answer. */
function isItself(request: Packet, seen: Packet): boolean {
	const one = request.bytes.subarray(request.layers[networkIndex(request.layers)]?.start ?? 0);
	const two = seen.bytes.subarray(seen.layers[networkIndex(seen.layers)]?.start ?? 0);
	return isSame(one, two);
}

function isCopy(one: CapturedPacket, other: CapturedPacket): boolean {
	return one.interface?.index !== other.interface?.index && isSame(one.bytes, other.bytes);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
	return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** The clock may be set meanwhile: a time is never below 0. */
function millisecondsBetween(from: Timestamp, to: Timestamp): number {
	const nanoseconds = to.nanoseconds - from.nanoseconds;
	return Math.max(0, (to.seconds - from.seconds) * 1000 + nanoseconds / 1e6);
}
