/**
 * The probes of a trace and what became of them. It decides which goes out next, how long each is waited for, and
 * which hop is the last; it sends nothing itself.
 */
import { type IcmpFacts, isExpired } from "../probing/icmptext.js";
import type { Moment } from "../probing/probesocket.js";
import { elapsed } from "../probing/probesocket.js";
import type { Answer } from "./prober.js";

/** A probe. */
export interface Probe {
	readonly number: number;
	/** The hop that it is for: its time to live. */
	readonly hop: number;
	/** waiting to go out, under way, answered, or waited for in vain. */
	state: "waiting" | "sent" | "answered" | "lost";
	/** When it went out. */
	readonly moment: Moment;
	answer?: Answer;
	/** The round trip in milliseconds, when it is answered. */
	rtt?: number;
	/** Whether that is the time between the kernel's stamps. */
	stamped?: boolean;
	/** The length to which packets had to be cut to get as far as this. */
	mtu?: number;
}

/** The part of the plan that the probes follow from. */
export interface RoutePlan {
	readonly first: number;
	readonly most: number;
	readonly queries: number;
	/** How long an answer is waited for, in milliseconds; undefined: 5 seconds, and less where others have answered. */
	readonly wait: number | undefined;
}

// As traceroute does: who has answered once will not take so many times as long the next time.
const ofSameHop = 3;
const ofLaterHop = 10;
const usualWait = 5000;
/** But this long is always waited: a machine may be busy. */
const leastWait = 500;

/** All probes of a trace, hop by hop. */
export class Route {
	readonly probes: Probe[] = [];
	/** The hop behind which nothing is to be found. */
	last: number;
	readonly #plan: RoutePlan;
	readonly #version: 4 | 6;

	constructor(plan: RoutePlan, version: 4 | 6) {
		this.#plan = plan;
		this.#version = version;
		this.last = plan.most;
		for (let hop = plan.first; hop <= plan.most; hop++) {
			for (let query = 0; query < plan.queries; query++) {
				this.probes.push({ number: this.probes.length, hop, state: "waiting", moment: { now: 0 } });
			}
		}
	}

	/** The probes of a hop. */
	at(hop: number): Probe[] {
		const start = (hop - this.#plan.first) * this.#plan.queries;
		return this.probes.slice(start, start + this.#plan.queries);
	}

	/** The probe that goes out next; undefined when none does. */
	next(): Probe | undefined {
		const probe = this.probes.find(({ state }) => state === "waiting");
		return probe === undefined || probe.hop > this.last ? undefined : probe;
	}

	/** Those that are under way. */
	get underWay(): Probe[] {
		return this.probes.filter(({ state }) => state === "sent");
	}

	/** Notes an answer; the first for each probe counts, and none that is too late. */
	answered(answer: Answer): void {
		const probe = this.probes[answer.probe];
		if (probe?.state !== "sent") return;
		const { milliseconds, stamped } = elapsed(probe.moment, answer.at);
		probe.state = "answered";
		Object.assign(probe, { answer, rtt: milliseconds, stamped });
		if (!isPassing(this.#version, answer)) this.last = Math.min(this.last, probe.hop);
	}

	/** When a probe that is under way is given up: on the clock of performance.now(). */
	deadline({ hop, moment }: Probe): number {
		return moment.now + this.#patience(hop);
	}

	#patience(hop: number): number {
		const { wait } = this.#plan;
		if (wait !== undefined) return wait;
		for (let one = hop; one <= this.last; one++) {
			const rtt = this.at(one).find(({ state }) => state === "answered")?.rtt;
			if (rtt === undefined) continue;
			return Math.min(usualWait, Math.max(leastWait, rtt * (one === hop ? ofSameHop : ofLaterHop)));
		}
		return usualWait;
	}

	/** Whether all is known of a hop. */
	isSettled(hop: number): boolean {
		return this.at(hop).every(({ state }) => state === "answered" || state === "lost");
	}
}

/** Whether an answer is that of a router on the way, behind which there is more. */
export function isPassing(version: 4 | 6, { refusal }: Answer): boolean {
	return refusal !== undefined && isExpired(version, refusal satisfies IcmpFacts);
}
