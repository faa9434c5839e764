/**
 * What a command reports: to people as text, or with --json as lines of JSON of one envelope, which
 * schema/sock.schema.json describes.
 */
import { detailsOf } from "./failure.js";
import { writeOut } from "./transfer/output.js";

/** When something happened: whole seconds since the epoch, and nanoseconds, as the kernel stamps packets. */
export interface Instant {
	readonly seconds: number;
	readonly nanoseconds: number;
}

/** One line of --json. */
export interface Envelope {
	/** The version of the envelope. */
	readonly sock: 1;
	/** The command's name; "sock" for what failed before any command was known. */
	readonly command: string;
	/** What happened; "error" with any command. */
	readonly event: string;
	/** ISO 8601 in UTC, to the millisecond, or to the nanosecond where the kernel stamped a packet. */
	readonly time: string;
	readonly data: object;
}

/** ISO 8601 in UTC: an instant to the nanosecond, the time of now to the millisecond. */
export function isoTime(instant?: Instant): string {
	if (instant === undefined) return new Date().toISOString();
	const second = new Date(instant.seconds * 1000).toISOString().slice(0, -5);
	return `${second}.${String(instant.nanoseconds).padStart(9, "0")}Z`;
}

/** A line of --json, with its newline. What is undefined in the data is left out. */
export function jsonLine(command: string, event: string, data: object, instant?: Instant): string {
	const envelope: Envelope = { sock: 1, command, event, time: isoTime(instant), data };
	return `${JSON.stringify(envelope)}\n`;
}

type Given<T> = T | (() => T);

/** Where a command reports to: standard output, at the pace at which it is read. */
export class Report {
	/** Whether it reports in JSON. */
	readonly json: boolean;
	readonly #command: string;

	constructor(command: string, json: boolean) {
		this.#command = command;
		this.json = json;
	}

	/**
	 * Reports what happened. Only the form that is asked for is made, where a function is given.
	 * @param data the event's data for --json
	 * @param text the line or lines for people, without the last newline; undefined says nothing
	 * @param instant when it happened, where the kernel stamped it
	 * @throws OutputClosed when nobody reads it any more
	 */
	async tell(
		event: string,
		data: Given<object>,
		text: Given<string | undefined>,
		instant?: Instant,
	): Promise<void> {
		if (this.json) {
			const made = typeof data === "function" ? (data as () => object)() : data;
			await this.write(jsonLine(this.#command, event, made, instant));
		} else {
			const made = typeof text === "function" ? text() : text;
			if (made !== undefined) await this.write(`${made}\n`);
		}
	}

	/** Reports a failure in JSON; nothing for people, whom standard error tells. */
	async fail(error: unknown): Promise<void> {
		await this.tell("error", () => detailsOf(error), undefined);
	}

	/** Writes text as it is, such as a dot without a newline. */
	write(text: string): Promise<void> {
		return writeOut(Buffer.from(text));
	}
}
