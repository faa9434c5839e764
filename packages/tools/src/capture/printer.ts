/**
 * What `sock capture` prints of packets.
 */
import type { FilePacket } from "berkeley/capture";
import { dissect, hexdump, toJson } from "berkeley/packet";
import type { Report } from "../json.js";
import { lineOf, visible } from "./line.js";
import type { CaptureSettings, TimeForm } from "./options.js";

/** The last of the year 9999, beyond which a time has more digits than the envelope's. */
const lastSecond = 253_402_300_799;

/** Prints packets, each a line and what is asked for beside it, or an event of JSON. */
export class Printer {
	readonly #report: Report;
	readonly #settings: CaptureSettings;
	#count = 0;
	#first: FilePacket | undefined;
	#last: FilePacket | undefined;

	constructor(report: Report, settings: CaptureSettings) {
		this.#report = report;
		this.#settings = settings;
	}

	async packet(captured: FilePacket): Promise<void> {
		this.#count++;
		const data = (): object => this.#data(captured);
		const text = (): string => this.#text(captured);
		await this.#report.tell("packet", data, text, captured.seconds <= lastSecond ? captured : undefined);
	}

	#data(captured: FilePacket): object {
		const {
			bytes,
			link,
			length,
			seconds,
			nanoseconds,
			interface: where,
			direction,
			vlan,
			comment,
		} = captured;
		const packet = dissect(bytes, { link });
		return {
			number: this.#count,
			seconds,
			nanoseconds,
			link,
			length,
			captured: bytes.length,
			...(where === undefined ? {} : { interface: { index: where.index, name: where.name } }),
			direction,
			vlan,
			comment,
			summary: lineOf(captured, packet, { link: false }),
			layers: JSON.parse(toJson(packet.toValues())) as unknown,
			...(packet.error === undefined ? {} : { fault: packet.error }),
			...(this.#settings.hex ? { bytes: Buffer.from(bytes).toString("hex") } : {}),
		};
	}

	#text(captured: FilePacket): string {
		const { times, link, hex, fields } = this.#settings;
		const packet = dissect(captured.bytes, { link: captured.link });
		const time = timeOf(captured, times, this.#first, this.#last);
		this.#first ??= captured;
		this.#last = captured;
		let text = `${time}${lineOf(captured, packet, { link })}`;
		if (hex) text += `\n${hexdump(captured.bytes).trimEnd()}`;
		if (fields) text += `\n${hexdump(packet).trimEnd().split("\n").map(visible).join("\n")}`;
		return text;
	}
}

/** The time at the beginning of a line, with the space behind it, as tcpdump shows it. */
export function timeOf(
	packet: FilePacket,
	form: TimeForm,
	first: FilePacket | undefined,
	last: FilePacket | undefined,
): string {
	const { seconds, nanoseconds } = packet;
	const micro = digits(Math.floor(nanoseconds / 1000), 6);
	switch (form) {
		case "none":
			return "";
		case "epoch":
			return `${seconds}.${micro} `;
		case "since-first":
			return `${sinceOf(packet, first ?? packet)} `;
		case "since-last":
			return `${sinceOf(packet, last ?? packet)} `;
		default: {
			const date = new Date(seconds * 1000);
			// A time may be beyond those that dates know.
			if (Number.isNaN(date.getTime())) return `${seconds}.${micro} `;
			const clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
				.map((part) => digits(part, 2))
				.join(":");
			if (form === "clock") return `${clock}.${micro} `;
			return `${date.getFullYear()}-${digits(date.getMonth() + 1, 2)}-${digits(date.getDate(), 2)} ${clock}.${micro} `;
		}
	}
}

function sinceOf(packet: FilePacket, earlier: FilePacket): string {
	let seconds = packet.seconds - earlier.seconds;
	let micro = Math.floor(packet.nanoseconds / 1000) - Math.floor(earlier.nanoseconds / 1000);
	const negative = seconds < 0 || (seconds === 0 && micro < 0);
	if (negative) [seconds, micro] = [-seconds, -micro];
	if (micro < 0) [seconds, micro] = [seconds - 1, micro + 1_000_000];
	const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	return `${negative ? "-" : " "}${clock.map((part) => digits(part, 2)).join(":")}.${digits(micro, 6)}`;
}

function digits(value: number, count: number): string {
	return String(value).padStart(count, "0");
}
