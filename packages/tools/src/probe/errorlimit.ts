/**
 * How a host limits the ICMP errors that it sends, and how to know whether one was suppressed.
 *
 * Linux sends to one peer six errors at once and then, over IPv4, one a second (net.ipv4.icmp_ratelimit; icmp(7)); so
 * of many closed ports most are as silent as open ones. But where a port is known that an error answers to, two more
 * datagrams to that port, right behind a batch, tell: if both are answered, the host had errors left all the time, and
 * the silence of the batch is true. If not, the batch is to be asked again, in smaller ones, after a pause.
 */

import { AF_INET } from "berkeley";
import type { Pace } from "./pace.js";
import type { Host, Targets } from "./targets.js";
import { PortProbe } from "./udp.js";
import type { Verdict } from "./verdict.js";

/**
 * How long it may take from the first datagram of a batch to the check, in milliseconds. If a host could get two more
 * errors to give meanwhile, the check would prove nothing: Linux gets one in a second, and over IPv6 one in 25 to
 * 1000 ms.
 */
const longest = { inet4: 900, inet6: 20 };
/** For how long a batch is sent at most. */
const longestBatch = { inet4: 200, inet6: 16 };
/** How long the errors are waited for at least. */
const leastWait = 400;
/** What Linux sends at once. */
const burst = 6;
/** How many ports are asked at once, where errors are limited and ports are closed. */
const mostAtLimit = burst - 2;
/** The longest pause for each error, longer than Linux's second. */
const slowest = 1100;
/** How many checks in a row may fail before silence is taken for what it is. */
const patience = 8;

/** Two datagrams to a port that errors answer to. */
export interface Check extends Disposable {
	readonly probes: readonly PortProbe[];
	/** Whether they went out soon enough to prove anything. */
	readonly isTimely: boolean;
}

/** What is known about one host. */
export class ErrorLimit {
	/** How many ports may be asked at once. */
	size: number;
	/** Checks have failed for so long that it is of no use to go on. */
	isHopeless = false;
	/** How long to wait before the next batch, in milliseconds, for the host to have errors to give. */
	pause = 0;
	readonly #family: Targets["family"];
	readonly #host: Host;
	readonly #longest: number;
	readonly #most: number;
	#port: number | undefined;
	#failures = 0;
	/** How long the host needs for one error, as far as is known; 0 until a check fails. */
	#interval = 0;
	#roundTrip = 0;

	constructor(family: Targets["family"], host: Host, pace: Pace) {
		this.#family = family;
		this.#host = host;
		const which = family === AF_INET ? "inet4" : "inet6";
		this.#longest = longest[which];
		this.#most = Math.max(1, Math.floor(longestBatch[which] / pace.interval));
		this.size = this.#most;
	}

	/** Whether a port is known that errors answer to, so that silence can be checked. */
	get isKnown(): boolean {
		return this.#port !== undefined && !this.isHopeless;
	}

	/** How long errors are to be waited for, in milliseconds. */
	get wait(): number {
		return Math.max(leastWait, 3 * this.#roundTrip);
	}

	/**
	 * Whether the check can wait for the answers to the batch, and be left out when all ports answer: the errors that
	 * it costs are then for other ports.
	 */
	get canCheckLater(): boolean {
		return this.size <= mostAtLimit && 1.5 * this.wait < this.#longest;
	}

	/** Takes note of what was found at a port. */
	note({ port, reason, milliseconds = 0 }: Verdict): void {
		if (reason !== "icmp") return;
		this.#port = port;
		this.#roundTrip = Math.max(this.#roundTrip, milliseconds);
	}

	/**
	 * Sends what checks a batch.
	 * @param began when the sending of the batch began, on the clock of performance.now()
	 */
	async check(began: number, signal: AbortSignal): Promise<Check> {
		const port = this.#port as number;
		const probes = [1, 2].map(() => new PortProbe(this.#family, this.#host, port));
		const close = (): void => {
			for (const probe of probes) probe.close();
		};
		try {
			for (const probe of probes) await probe.send(signal);
		} catch (error) {
			close();
			throw error;
		}
		const isTimely = performance.now() - began <= this.#longest;
		return { probes, isTimely, [Symbol.dispose]: close };
	}

	/**
	 * Learns from a batch.
	 * @param check undefined when all answered before
	 * @returns whether its silence is to be believed
	 */
	learn(asked: number, silent: number, check: Check | undefined): boolean {
		const answered = asked - silent;
		const gotThrough = check?.probes.every(({ verdict }) => verdict?.reason === "icmp") ?? true;
		if (!gotThrough && silent > 0) {
			this.isHopeless = ++this.#failures >= patience;
			this.#interval = Math.min(slowest, Math.max(250, this.#interval * 2));
			this.pause = burst * this.#interval;
			this.size = Math.max(1, Math.floor(Math.min(this.size, asked) / 4));
			return false;
		}
		this.#failures = 0;
		// What it gave is to come back before the next batch.
		this.pause = (answered + (check?.probes.length ?? 0)) * this.#interval;
		if (answered === 0) this.size = Math.min(this.#most, this.size * 2);
		else if (this.size < mostAtLimit) this.size++;
		return check?.isTimely ?? true;
	}
}
