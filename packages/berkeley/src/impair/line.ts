/**
 * One direction of a line of packets: each is judged when it comes, and delivered when it is due.
 */
import type { Injector } from "./injector.js";
import { impairBytes, isUnharmed, type Verdict } from "./verdict.js";

/** Takes the verdicts on packets to which something happened: an array, or what else has push(). */
export interface VerdictLog {
	/** Takes a verdict. */
	push(verdict: Verdict): unknown;
}

/** What became of the packets of a direction. */
export interface LineStatistics {
	/** How many came. */
	readonly packets: number;
	/** How many bytes these had. */
	readonly bytes: number;
	/** How many were delivered, copies included. */
	readonly delivered: number;
	/** How many were lost as the plan wants it. */
	readonly lost: number;
	/** How many were lost because too many waited. */
	readonly overLimit: number;
	/** How many were cut. */
	readonly cut: number;
	/** How many had bits flipped. */
	readonly corrupted: number;
	/** How many copies were made. */
	readonly copies: number;
	/** How many were held back so that others overtook them. */
	readonly reordered: number;
	/** How many were delayed. */
	readonly delayed: number;
	/** How many wait now. */
	readonly waiting: number;
}

/** The statistics of several lines together. */
export function sumOf(all: readonly LineStatistics[]): LineStatistics {
	const sum = { ...noStatistics };
	for (const each of all) {
		for (const name of Object.keys(sum) as (keyof LineStatistics)[]) sum[name] += each[name];
	}
	return sum;
}

/** Of a line to which nothing came. */
export const noStatistics: LineStatistics = {
	packets: 0,
	bytes: 0,
	delivered: 0,
	lost: 0,
	overLimit: 0,
	cut: 0,
	corrupted: 0,
	copies: 0,
	reordered: 0,
	delayed: 0,
	waiting: 0,
};

/** What a line does with packets. */
export interface LineEnds<Context> {
	/**
	 * A packet has arrived; `copy` is 0, or the number of the copy. The bytes are valid for the call, unless it waited.
	 * What it returns is waited for, when it is a promise, which must not reject: until then the packet counts as one
	 * that waits.
	 */
	deliver(bytes: Uint8Array, context: Context, verdict: Verdict, copy: number): Promise<unknown> | undefined;
	/** A packet is lost. */
	lose(bytes: Uint8Array, context: Context, verdict: Verdict): void;
}

interface Waiting<Context> {
	readonly bytes: Uint8Array;
	readonly context: Context;
	readonly verdict: Verdict;
	/** When it is due by itself, on the clock of performance.now(). */
	due: number;
	/** Who came before goes before, where both are due. */
	order: number;
	/** How many are still to pass. */
	ahead: number;
}

/** A line. */
export class Line<Context> {
	readonly #injector: Injector;
	readonly #ends: LineEnds<Context>;
	readonly #log: VerdictLog | undefined;
	/** Sorted by when they are due. */
	readonly #queue: Waiting<Context>[] = [];
	readonly #held: Waiting<Context>[] = [];
	#underway = 0;
	#order = 0;
	#lastDue = 0;
	/** When what came before is through, by the rate. */
	#free = 0;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Number.POSITIVE_INFINITY;
	#closed = false;
	#idle: (() => void)[] = [];
	readonly #counts = {
		packets: 0,
		bytes: 0,
		delivered: 0,
		lost: 0,
		overLimit: 0,
		cut: 0,
		corrupted: 0,
		copies: 0,
		reordered: 0,
		delayed: 0,
	};

	constructor(injector: Injector, ends: LineEnds<Context>, log: VerdictLog | undefined) {
		this.#injector = injector;
		this.#ends = ends;
		this.#log = log;
	}

	/** What became of the packets. */
	get statistics(): LineStatistics {
		return { ...this.#counts, waiting: this.waiting };
	}

	/** How many packets wait, or are being delivered. */
	get waiting(): number {
		return this.#queue.length + this.#held.length + this.#underway;
	}

	/** Takes a packet. It is delivered within the call if nothing holds it up, and is copied if something does. */
	put(bytes: Uint8Array, context: Context): void {
		if (this.#closed) return;
		this.#counts.packets += 1;
		this.#counts.bytes += bytes.length;
		const now = performance.now();
		const verdict = this.#timed(this.#injector.judge(bytes), now);
		const { lost, cut, flipped, copies, distance } = verdict;
		if (lost !== undefined) {
			if (lost === "limit") this.#counts.overLimit += 1;
			else this.#counts.lost += 1;
			this.#log?.push(verdict);
			this.#ends.lose(bytes, context, verdict);
			return;
		}
		if (cut !== undefined) this.#counts.cut += 1;
		if (flipped !== undefined) this.#counts.corrupted += 1;
		if (copies !== undefined) this.#counts.copies += copies;
		if (distance !== undefined) this.#counts.reordered += 1;
		if (verdict.delay !== undefined) this.#counts.delayed += 1;
		if (!isUnharmed(verdict)) this.#log?.push(verdict);

		const due = this.#dueOf(now + (verdict.delay ?? 0), verdict);
		const impaired = impairBytes(bytes, verdict);
		const isDue = distance === undefined && due <= now;
		if (isDue && this.#queue.length === 0 && this.#held.length === 0) {
			this.#deliver(impaired, context, verdict);
			return;
		}
		const own = impaired === bytes ? new Uint8Array(bytes) : impaired;
		const packet: Waiting<Context> = {
			bytes: own,
			context,
			verdict,
			due,
			order: ++this.#order,
			ahead: distance ?? 0,
		};
		if (distance === undefined) {
			this.#enqueue(packet);
			this.#pass(due);
		} else {
			packet.due = now + Math.max(verdict.patience ?? 0, verdict.delay ?? 0);
			this.#held.push(packet);
		}
		this.#run();
	}

	/** Resolves when no packet waits any more. */
	drained(): Promise<void> {
		if (this.waiting === 0) return Promise.resolve();
		return new Promise((resolve) => {
			this.#idle.push(resolve);
		});
	}

	/** Ends it: what waits is lost. @returns the contexts of what did */
	close(): Context[] {
		this.#closed = true;
		const dropped = [...this.#queue.splice(0), ...this.#held.splice(0)].map(({ context }) => context);
		clearTimeout(this.#timer);
		this.#timerAt = Number.POSITIVE_INFINITY;
		this.#tellIdle();
		return dropped;
	}

	/** The verdict with what time adds: the wait for the rate, and the limit. */
	#timed(verdict: Verdict, now: number): Verdict {
		if (verdict.lost !== undefined) return verdict;
		const { rate, limit } = this.#injector;
		if (this.waiting >= limit) {
			const { direction, flow, packet, length } = verdict;
			const basis = { direction, packet, length, lost: "limit" as const };
			return flow === undefined ? basis : { ...basis, flow };
		}
		if (rate === undefined) return verdict;
		const through = Math.max(now, this.#free) + (verdict.length * 1000) / rate;
		this.#free = through;
		const delay = Math.round((through - now + (verdict.delay ?? 0)) * 1000) / 1000;
		return { ...verdict, delay };
	}

	/** When a packet is due, which is not before the one ahead of it where they stay in order. */
	#dueOf(due: number, { overtaken, distance }: Verdict): number {
		if (overtaken || distance !== undefined) return due;
		this.#lastDue = Math.max(this.#lastDue, due);
		return this.#lastDue;
	}

	#enqueue(packet: Waiting<Context>): void {
		const queue = this.#queue;
		let at = queue.length;
		for (; at > 0; at--) {
			const before = queue[at - 1] as Waiting<Context>;
			if (before.due < packet.due || (before.due === packet.due && before.order < packet.order)) break;
		}
		queue.splice(at, 0, packet);
	}

	/** A packet goes by those that are held back; who has let enough by goes right behind it. */
	#pass(due: number): void {
		for (let index = 0; index < this.#held.length; ) {
			const packet = this.#held[index] as Waiting<Context>;
			packet.ahead -= 1;
			if (packet.ahead > 0) {
				index += 1;
				continue;
			}
			this.#held.splice(index, 1);
			packet.due = due;
			packet.order = ++this.#order;
			this.#enqueue(packet);
		}
	}

	readonly #run = (): void => {
		clearTimeout(this.#timer);
		this.#timerAt = Number.POSITIVE_INFINITY;
		const now = performance.now();
		for (let index = 0; index < this.#held.length; ) {
			const packet = this.#held[index] as Waiting<Context>;
			if (packet.due > now) {
				index += 1;
				continue;
			}
			this.#held.splice(index, 1);
			packet.order = ++this.#order;
			this.#enqueue(packet);
		}
		for (let first = this.#queue[0]; first !== undefined && first.due <= now; first = this.#queue[0]) {
			this.#queue.shift();
			this.#deliver(first.bytes, first.context, first.verdict);
		}
		this.#arm(now);
		this.#tellIdle();
	};

	#arm(now: number): void {
		let next = this.#queue[0]?.due ?? Number.POSITIVE_INFINITY;
		for (const { due } of this.#held) next = Math.min(next, due);
		if (next === Number.POSITIVE_INFINITY || next === this.#timerAt) return;
		clearTimeout(this.#timer);
		this.#timerAt = next;
		this.#timer = setTimeout(this.#run, Math.ceil(next - now));
	}

	#deliver(bytes: Uint8Array, context: Context, verdict: Verdict): void {
		for (let copy = 0; copy <= (verdict.copies ?? 0) && !this.#closed; copy++) {
			this.#counts.delivered += 1;
			const delivery = this.#ends.deliver(bytes, context, verdict, copy);
			if (delivery === undefined) continue;
			this.#underway += 1;
			void delivery.then(() => {
				this.#underway -= 1;
				this.#tellIdle();
			});
		}
	}

	#tellIdle(): void {
		if (this.waiting > 0) return;
		const told = this.#idle;
		this.#idle = [];
		for (const tell of told) tell();
	}
}
