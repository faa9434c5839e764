/**
 * What everything that is impaired can be told beside its plan.
 */
import { kindOf } from "../address/bytes.js";
import { checkWaitOptions } from "../arguments.js";
import { checkNames } from "./impairments.js";
import { checkSeed } from "./injector.js";
import type { VerdictLog } from "./line.js";
import { checkSink, type PacketSink } from "./trace.js";

/** What impaired things have beside a plan. */
export interface ImpairOptions {
	/** 0 to 4294967295: the same seed gives the same faults. Random when left out; `seed` of the object tells it. */
	readonly seed?: number | undefined;
	/** Takes the verdicts on all packets to which something happened; an array does. For `replay()`. */
	readonly log?: VerdictLog | undefined;
	/**
	 * Records what is delivered, as it is delivered, and what is lost, with the verdicts as comments: a writer of
	 * pcapng files. It stays open.
	 */
	readonly trace?: PacketSink | undefined;
}

/** What links and proxies have beside. */
export interface RelayOptions extends ImpairOptions {
	/** Closes it when it fires. */
	readonly signal?: AbortSignal | undefined;
}

/** Options that were looked at. */
export interface CheckedOptions {
	readonly seed: number;
	readonly log: VerdictLog | undefined;
	readonly trace: PacketSink | undefined;
}

/** Requires options; others than these are taken where they are named. */
export function checkOptions(options: ImpairOptions, others: readonly string[] = []): CheckedOptions {
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`the options must be { seed, log, trace }, not ${kindOf(options)}`);
	}
	checkNames(options, ["seed", "log", "trace", ...others], "the options");
	const { seed, log, trace } = options;
	if (log !== undefined && typeof log?.push !== "function") {
		throw new TypeError(`log must be an array, or something with push(verdict), not ${kindOf(log)}`);
	}
	return { seed: checkSeed(seed), log, trace: checkSink(trace) };
}

/** Calls `close` when the signal fires, if there is one; at once when it has. @returns what takes that back */
export function closeBy(signal: AbortSignal | undefined, close: () => void): () => void {
	if (signal === undefined) return () => {};
	if (signal.aborted) close();
	else signal.addEventListener("abort", close, { once: true });
	return () => signal.removeEventListener("abort", close);
}

/** Requires an AbortSignal, or nothing, that has not fired. */
export function checkSignal(signal: AbortSignal | undefined): void {
	checkWaitOptions({ signal });
	signal?.throwIfAborted();
}
