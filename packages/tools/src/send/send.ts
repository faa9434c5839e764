/**
 * What `sock send` does.
 */
import { build, type LayerValue } from "berkeley/packet";
import { answerFilter, type Exchange, send, sendp, srIter, srpIter } from "berkeley/raw";
import type { Run } from "../commands/run.js";
import { Misuse } from "../failure.js";
import { isFrame, type PacketSource, packetsOf } from "./packets.js";
import { Printer, type Totals } from "./printer.js";

/** What the command line says. Times are in milliseconds. */
export interface SendingOptions extends PacketSource {
	readonly count: number;
	/** Packets a second. */
	readonly rate: number;
	readonly interval?: number | undefined;
	readonly mtu?: number | undefined;
	/** Whether answers are waited for. */
	readonly answers: boolean;
	readonly timeout: number;
	readonly retries: number;
	/** Whether there may be several answers to a packet. */
	readonly multi: boolean;
	readonly hexdump?: boolean | undefined;
	readonly dryRun?: boolean | undefined;
}

/** Sends packets, and gives the exit code: 0, or 1 when answers were waited for and none came. */
export async function sendPackets(
	layers: readonly string[],
	options: SendingOptions,
	{ report, stop }: Run,
): Promise<number> {
	const { answers, dryRun = false, hexdump = dryRun } = options;
	const values = await packetsOf(layers, options);
	const frames = isFrame(values[0] ?? []);
	const packets = values.map((packet) => built(packet));
	const printer = new Printer(report, frames, hexdump);
	if (hexdump) {
		for (const [index, bytes] of packets.entries()) await printer.packet(printer.read(bytes), index);
	}
	if (dryRun) return 0;
	const sender = new Sender(packets, frames, options, stop);
	try {
		if (answers) await sender.exchange(printer);
		else await sender.send();
	} catch (error) {
		// How far it came is told all the same.
		if (!stop.aborted) throw error;
	}
	await printer.summary(sender.totals, answers);
	return answers && sender.totals.answered === 0 ? 1 : 0;
}

/** What does not show in a layer by itself, such as a length that cannot be, shows here. */
function built(packet: readonly LayerValue[]): Uint8Array {
	try {
		return build(...packet);
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) throw new Misuse(error.message);
		throw error;
	}
}

class Sender {
	readonly #fates = { answered: 0, unanswered: 0, refused: 0 };
	/** How many packets were handed over, and how many of these never went out. */
	#taken = 0;
	#unsent = 0;
	readonly #packets: readonly Uint8Array[];
	readonly #frames: boolean;
	readonly #options: SendingOptions;
	readonly #stop: AbortSignal;

	constructor(packets: readonly Uint8Array[], frames: boolean, options: SendingOptions, stop: AbortSignal) {
		this.#packets = packets;
		this.#frames = frames;
		this.#options = options;
		this.#stop = stop;
	}

	/** What came of it so far. */
	get totals(): Totals {
		return { sent: Math.max(0, this.#taken - this.#unsent), ...this.#fates };
	}

	/** Sends all. */
	async send(): Promise<void> {
		const { rate, interval, mtu, interface: device } = this.#options;
		const common = { rate, interval, signal: this.#stop };
		if (this.#frames) await sendp(this.#all(), { ...common, interface: device ?? "" });
		else await send(this.#all(), { ...common, mtu, interface: device });
	}

	/** Sends all, and shows what answers. */
	async exchange(printer: Printer): Promise<void> {
		const answered = new Set<number>();
		for await (const exchange of this.#exchanges(printer)) {
			const [, reply, { index, attempts, error }] = exchange;
			if (error !== undefined) {
				this.#fates.refused++;
				if (attempts === 0) this.#unsent++;
			} else if (reply === undefined) this.#fates.unanswered++;
			else if (!answered.has(index)) {
				this.#fates.answered++;
				// With several answers to a packet the first one counts.
				if (this.#options.multi) answered.add(index);
			}
			await printer.exchange(exchange);
		}
	}

	#exchanges(printer: Printer): AsyncGenerator<Exchange, void, undefined> {
		const { rate, interval, timeout, retries, multi, mtu, interface: device } = this.#options;
		// They are given one by one, to be counted, and known all the same.
		const filter = answerFilter(this.#packets.map((bytes) => printer.read(bytes)));
		const common = { rate, interval, timeout, retries, multi, filter, signal: this.#stop };
		if (this.#frames) return srpIter(this.#all(), { ...common, interface: device ?? "" });
		return srIter(this.#all(), { ...common, mtu, interface: device });
	}

	/** One after another, counted when the next one is asked for: then it has gone out, or was refused. */
	*#all(): Generator<Uint8Array, void, undefined> {
		for (let round = 0; round < this.#options.count; round++) {
			for (const packet of this.#packets) {
				yield packet;
				this.#taken++;
			}
		}
	}
}
