/**
 * How packets are sent and answers waited for, as users say it, checked before anything is opened.
 */

import { checkInteger, checkText, kindOf } from "../address/bytes.js";
import { checkWaitOptions } from "../arguments.js";
import { answers } from "../packet/index.js";
import type { Packet } from "../packet/packet.js";
import type { ExchangeManner } from "./exchange.js";
import type { IpWireOptions } from "./ipwire.js";
import type { PaceOptions } from "./pace.js";

/** How packets are sent. */
export interface SendingOptions extends PaceOptions {
	/** Ends it with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
}

/** How send() sends. */
export interface SendOptions extends SendingOptions, IpWireOptions {}

/** How sendp() sends. */
export interface SendpOptions extends SendingOptions {
	/** The name of the interface that the frames leave by. */
	readonly interface: string;
}

/** How answers are waited for. */
export interface AnswerOptions {
	/**
	 * For how many milliseconds after a packet was sent an answer is waited for; 2000 when left out. A full queue is
	 * tried again for as long.
	 */
	readonly timeout?: number | undefined;
	/** How often a packet is sent again that nobody answered in time; 0 when left out. */
	readonly retries?: number | undefined;
	/** How many packets may wait for an answer at a time; 256 when left out. Others are sent later. */
	readonly outstanding?: number | undefined;
	/**
	 * Whether every answer counts that comes within the timeout, as when a request to all has answers from many;
	 * false when left out: the first one. After 65536 of them no more are looked at.
	 */
	readonly multi?: boolean | undefined;
	/**
	 * Which packets are looked at, in the language of compileFilter(). When left out, a filter is made from the
	 * requests, if they are an array: the kernel hands over little but the answers.
	 */
	readonly filter?: string | undefined;
	/** Whether a packet is an answer to a request; answers() of `berkeley/packet` when left out. */
	readonly matches?: ((request: Packet, reply: Packet) => boolean) | undefined;
}

/** How sr() sends and waits. */
export interface SrOptions extends SendOptions, AnswerOptions {}

/** How srp() sends and waits. */
export interface SrpOptions extends SendpOptions, AnswerOptions {
	/**
	 * Whether the interface is to receive what is for other stations too, where answers to forged senders may come;
	 * false when left out.
	 */
	readonly promiscuous?: boolean | undefined;
}

const mostRate = 10_000_000;
const largestMtu = 0xffff;
const largestInterval = 86_400_000;

/** Requires options of sending. */
export function checkSending(name: string, options: SendOptions): void {
	checkObject(name, options);
	const { rate, interval, mtu, signal } = options;
	if (rate !== undefined) checkInteger(rate, 1, mostRate, `${name}: rate`);
	if (interval !== undefined) checkDuration(interval, `${name}: interval`);
	if (mtu !== undefined) checkInteger(mtu, 68, largestMtu, `${name}: mtu`);
	if (options.interface !== undefined) checkInterface(name, options.interface);
	checkWaitOptions({ signal });
}

/** Requires the name of an interface. */
export function checkInterface(name: string, given: unknown): string {
	checkText(given, `${name}: interface`);
	if (given === "") throw new RangeError(`${name}: interface must be a name, such as "eth0", and not empty`);
	return given;
}

/** Requires options of waiting, and fills in what is left out. */
export function checkAnswering(name: string, options: SendOptions & AnswerOptions): ExchangeManner {
	const { rate, interval, timeout = 2000, retries = 0, outstanding = 256 } = options;
	const { multi = false, matches, filter } = options;
	checkInteger(retries, 0, 1000, `${name}: retries`);
	checkInteger(outstanding, 1, 65536, `${name}: outstanding`);
	if (typeof multi !== "boolean")
		throw new TypeError(`${name}: multi must be a boolean, not ${kindOf(multi)}`);
	if (filter !== undefined) checkText(filter, `${name}: filter`);
	if (matches !== undefined && typeof matches !== "function") {
		throw new TypeError(`${name}: matches must be a function, not ${kindOf(matches)}`);
	}
	return {
		rate,
		interval,
		timeout: checkDuration(timeout, `${name}: timeout`),
		retries,
		outstanding,
		multi,
		matches: matches ?? answers,
		keyed: matches === undefined,
	};
}

function checkObject(name: string, options: unknown): void {
	if (typeof options === "object" && options !== null) return;
	throw new TypeError(`${name}: the options must be an object, not ${kindOf(options)}`);
}

function checkDuration(given: unknown, what: string): number {
	if (typeof given !== "number") throw new TypeError(`${what} must be a number, not ${kindOf(given)}`);
	if (given >= 0 && given <= largestInterval) return given;
	throw new RangeError(`${what} must be from 0 to ${largestInterval} milliseconds, not ${given}`);
}
