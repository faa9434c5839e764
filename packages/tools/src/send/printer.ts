/**
 * What `sock send` shows: lines or hexdumps for people, JSON for programs.
 */
import {
	dissect,
	ethernet,
	hexdump,
	ipv4,
	ipv6,
	type LayerValue,
	type Packet,
	toJson,
} from "berkeley/packet";
import type { AnswerDetails, Exchange, NoAnswerDetails, RefusedDetails } from "berkeley/raw";
import { detailsOf } from "../failure.js";
import type { Report } from "../json.js";

/** What came of it all. */
export interface Totals {
	sent: number;
	answered: number;
	unanswered: number;
	/** Packets that the kernel refused to send, where answers were waited for. */
	refused: number;
}

/** Prints what happens. */
export class Printer {
	readonly #report: Report;
	readonly #isFrame: boolean;
	readonly #dumps: boolean;

	/** @param dumps whether packets are shown byte by byte */
	constructor(report: Report, isFrame: boolean, dumps: boolean) {
		this.#report = report;
		this.#isFrame = isFrame;
		this.#dumps = dumps;
	}

	/** Reads bytes that were built. */
	read(bytes: Uint8Array): Packet {
		if (this.#isFrame) return dissect(bytes, { first: ethernet });
		return dissect(bytes, { first: (bytes[0] ?? 0) >>> 4 === 6 ? ipv6 : ipv4 });
	}

	/** A packet, which is sent or would be. */
	packet(packet: Packet, index: number): Promise<void> {
		const data = () => ({ index, layer: this.#isFrame ? "link" : "network", ...described(packet) });
		return this.#report.tell("packet", data, () => this.#text(`${index}: ${lengthOf(packet)}`, packet));
	}

	/** An answer, or that there is none, or why there cannot be any. */
	exchange([request, reply, details]: Exchange): Promise<void> {
		if (details.error !== undefined) return this.#refusal(request, details);
		return reply === undefined
			? this.#silence(request, details)
			: this.#answer(reply, details as AnswerDetails);
	}

	#answer(reply: Packet, { index, attempts, rtt, captured }: AnswerDetails): Promise<void> {
		const { seconds, nanoseconds, direction } = captured;
		const data = () => ({
			index,
			attempts,
			rtt,
			interface: captured.interface?.name,
			direction,
			...described(reply),
		});
		const text = () => this.#text(`${index}: ${lengthOf(reply)} time=${rtt.toFixed(3)} ms`, reply);
		return this.#report.tell("answer", data, text, { seconds, nanoseconds });
	}

	#silence(request: Packet, { index, attempts }: NoAnswerDetails): Promise<void> {
		const text = () => `${index}: no answer${this.#dumps ? "" : ` to ${request.summary()}`}`;
		return this.#report.tell("no-answer", { index, attempts }, text);
	}

	#refusal(request: Packet, { index, attempts, error }: RefusedDetails): Promise<void> {
		const text = () => `${index}: not sent: ${error.message}${this.#dumps ? "" : `: ${request.summary()}`}`;
		const data = () => {
			const { code, message, syscall, address } = detailsOf(error);
			return { index, attempts, code, message, syscall, address };
		};
		return this.#report.tell("refused", data, text);
	}

	/** The end. @param waits whether answers were waited for */
	summary({ sent, answered, unanswered, refused }: Totals, waits: boolean): Promise<void> {
		const packets = `${sent} ${sent === 1 ? "packet" : "packets"} sent`;
		return this.#report.tell(
			"summary",
			{ sent, ...(waits ? { answered, unanswered, refused } : {}) },
			waits
				? `${packets}, ${answered} answered, ${unanswered} not${refused > 0 ? `, ${refused} refused` : ""}`
				: packets,
		);
	}

	#text(begin: string, packet: Packet): string {
		if (this.#dumps) return `${begin}\n${hexdump(packet, { color: process.stdout.isTTY === true })}`;
		return `${begin}: ${packet.summary()}`;
	}
}

function lengthOf({ bytes }: Packet): string {
	return `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}`;
}

function described(packet: Packet): { length: number; hex: string; layers: unknown; error?: string } {
	const values: LayerValue[] = packet.toValues();
	return {
		length: packet.bytes.length,
		hex: Buffer.from(packet.bytes).toString("hex"),
		layers: JSON.parse(toJson(values)),
		...(packet.error === undefined ? {} : { error: packet.error.message }),
	};
}
