/**
 * The tracer: records what passes as packets, for a pcapng file or whatever else takes them.
 */
import { kindOf } from "../address/bytes.js";
import type { CapturedInterface, CapturedPacket, Direction } from "../capture/captured.js";
import type { LinkName } from "../capture/filter/links.js";
import { clockGettime } from "../sys/clock.js";
import { describeVerdict, isUnharmed, type Verdict } from "./verdict.js";

/** What takes recorded packets: a writer of capture files, or a function of one's own in an object. */
export interface PacketSink {
	/** Takes a packet, which nobody changes later. A promise that it returns may reject: that ends the trace. */
	write(packet: CapturedPacket): unknown;
}

/** CLOCK_REALTIME. */
const realtime = 0;
const now = new BigInt64Array(2);

/** Requires a sink, or nothing. */
export function checkSink(sink: PacketSink | undefined): PacketSink | undefined {
	if (sink === undefined) return undefined;
	if (typeof sink === "object" && sink !== null && typeof sink.write === "function") return sink;
	throw new TypeError(`trace must be something with write(packet), not ${kindOf(sink)}`);
}

/** Records packets. What the sink fails with ends the trace, with a warning, and never what is traced. */
export class Trace {
	#sink: PacketSink | undefined;

	constructor(sink: PacketSink | undefined) {
		this.#sink = checkSink(sink);
	}

	/** Whether packets are recorded: making them up costs more than asking. */
	get records(): boolean {
		return this.#sink !== undefined;
	}

	/** Records a packet, now. @param bytes the sink's from now on */
	record(
		bytes: Uint8Array,
		link: LinkName,
		details: { direction?: Direction; interface?: CapturedInterface; comment?: string | undefined },
		length: number = bytes.length,
	): void {
		const sink = this.#sink;
		if (sink === undefined) return;
		clockGettime(realtime, now);
		const { comment, ...others } = details;
		const packet: CapturedPacket = {
			bytes,
			length,
			seconds: Number(now[0]),
			nanoseconds: Number(now[1]),
			link,
			...others,
			...(comment === undefined || comment === "" ? {} : { comment }),
		};
		try {
			const written = sink.write(packet);
			if (written instanceof Promise) void written.catch(this.#fail);
		} catch (error) {
			this.#fail(error);
		}
	}

	readonly #fail = (reason: unknown): void => {
		if (this.#sink === undefined) return;
		this.#sink = undefined;
		process.emitWarning(`the trace has ended: ${reason instanceof Error ? reason.message : String(reason)}`);
	};
}

/** The comment on a packet; undefined where nothing happened to it. */
export function commentOn(verdict: Verdict | undefined, copy = 0): string | undefined {
	if (verdict === undefined || isUnharmed(verdict)) return undefined;
	const words = `packet ${verdict.packet}: ${describeVerdict(verdict)}`;
	return copy === 0 ? words : `${words} (copy ${copy})`;
}
