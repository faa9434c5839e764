/**
 * What ping says: to people in the words of iputils' ping, to programs in JSON.
 */
import type { Instant, Report } from "../json.js";
import { describeIcmp, isTooBig } from "../probing/icmptext.js";
import { exact } from "../probing/instants.js";
import type { Names } from "../probing/names.js";
import type { Arrival, Refusal } from "../probing/probesocket.js";
import type { Source } from "../probing/source.js";
import { type Target, versionOf } from "../probing/target.js";
import { say } from "../say.js";
import type { PingOptions } from "./options.js";
import type { Statistics } from "./statistics.js";

/** An answer, judged. */
export interface Reply {
	readonly sequence: number;
	/** Of the ICMP message. */
	readonly bytes: number;
	/** Milliseconds. */
	readonly rtt: number;
	/** Whether the time is that between the kernel's stamps. */
	readonly stamped: boolean;
	readonly duplicate: boolean;
	readonly isSound: boolean;
	/** The first byte that is not the one that was sent. */
	readonly wrong: { offset: number; expected: number; actual: number } | undefined;
	readonly payload: Uint8Array;
}

// IP and ICMP headers, as ping counts them.
const headers4 = 28;

/** Prints what happens. */
export class Printer {
	readonly #report: Report;
	readonly #target: Target;
	readonly #options: PingOptions;
	readonly #names: Names;

	constructor(report: Report, target: Target, options: PingOptions, names: Names) {
		this.#report = report;
		this.#target = target;
		this.#options = options;
		this.#names = names;
	}

	/** The first line. */
	begin(kind: "ping" | "raw", { host, device }: Source): Promise<void> {
		const { name, host: address } = this.#target;
		const { size, ttl } = this.#options;
		const version = versionOf(this.#target);
		const source = host === undefined && device === undefined ? undefined : { host, device };
		const from =
			source === undefined ? "" : ` from ${[host, device].filter((part) => part !== undefined).join(" ")}:`;
		return this.#report.tell(
			"start",
			{ target: name, address, version, size, socket: kind, source, ttl },
			version === 4
				? `PING ${name} (${address})${from} ${size}(${size + headers4}) bytes of data.`
				: `PING ${name}(${address})${from} ${size} data bytes`,
		);
	}

	/** A request went out. */
	async sent(): Promise<void> {
		const { flood, quiet } = this.#options;
		if (flood && !quiet && !this.#report.json) await this.#report.write(".");
	}

	/** An answer came. */
	async reply(reply: Reply, { from, ttl, truncated, at }: Arrival): Promise<void> {
		const { quiet, flood } = this.#options;
		if (quiet) return;
		if (flood && !this.#report.json) return this.#report.write(reply.isSound ? "\b \b" : "\bC");
		const name = await this.#names.of(from);
		const { sequence, bytes, rtt, duplicate, isSound, wrong } = reply;
		await this.#report.tell(
			"reply",
			() => ({
				sequence,
				from,
				name,
				bytes,
				ttl,
				rtt: exact(rtt),
				stamps: reply.stamped ? "kernel" : "process",
				duplicate,
				truncated,
				badChecksum: !isSound,
				wrong,
			}),
			() => {
				const who = name === undefined ? from : `${name} (${from})`;
				const marks = `${duplicate ? " (DUP!)" : ""}${isSound ? "" : " (BAD CHECKSUM!)"}`;
				const line = `${this.#stamp(at.stamp)}${bytes} bytes from ${who}: icmp_seq=${sequence}${ttl === undefined ? "" : ` ttl=${ttl}`}${truncated ? " (truncated)" : ""} time=${milliseconds(rtt)} ms${marks}`;
				return wrong === undefined ? line : `${line}\n${describeWrong(wrong, reply.payload)}`;
			},
			at.stamp,
		);
	}

	/** An ICMP error came for a request. */
	async refusal(sequence: number, rtt: number, refusal: Refusal): Promise<void> {
		const { quiet, flood } = this.#options;
		if (quiet) return;
		if (flood && !this.#report.json) return this.#report.write("\bE");
		const { from = "", type, subcode, info, at } = refusal;
		const version = versionOf(this.#target);
		const message = describeIcmp(version, refusal);
		const name = await this.#names.of(from);
		const mtu = isTooBig(version, refusal) ? info : undefined;
		await this.#report.tell(
			"icmp-error",
			{ sequence, from, name, type, code: subcode, message, mtu, rtt: exact(rtt) },
			`${this.#stamp(at.stamp)}From ${name === undefined ? from : `${name} (${from})`} icmp_seq=${sequence} ${message}`,
			at.stamp,
		);
	}

	/** A request could not be sent. */
	async unsent(sequence: number, code: string, mtu: number | undefined, message: string): Promise<void> {
		if (this.#options.quiet) return;
		if (!this.#report.json) say(`sock: ${message}`);
		await this.#report.tell("local-error", { sequence, code, message, mtu }, undefined);
	}

	/** The next request goes out, and this one is not answered. */
	async overdue(sequence: number): Promise<void> {
		if (this.#options.quiet) return;
		await this.#report.tell(
			"overdue",
			{ sequence },
			() => `${this.#stamp()}no answer yet for icmp_seq=${sequence}`,
		);
	}

	/** What was counted, in between: on standard error for people, as ping does on SIGQUIT. */
	async statistics(statistics: Statistics, time: number): Promise<void> {
		const { transmitted, received, loss, min, avg, ewma, max } = statistics;
		if (this.#report.json) {
			await this.#report.tell("statistics", summaryOf(this.#target, statistics, time), undefined);
			return;
		}
		const times = [min, avg, ewma, max].map((one) => one.toFixed(3)).join("/");
		const spread = statistics.hasTimes ? `, min/avg/ewma/max = ${times} ms` : "";
		say(`\r${received}/${transmitted} packets, ${Math.round(loss)}% loss${spread}`);
	}

	/** The end. */
	summary(statistics: Statistics, time: number): Promise<void> {
		return this.#report.tell("summary", summaryOf(this.#target, statistics, time), () => {
			const { transmitted, received, duplicates, corrupted, errors, loss, pipe } = statistics;
			const extras = [
				duplicates > 0 ? ` +${duplicates} duplicates,` : "",
				corrupted > 0 ? ` +${corrupted} corrupted,` : "",
				errors > 0 ? ` +${errors} errors,` : "",
			].join("");
			const lines = [
				`\n--- ${this.#target.name} ping statistics ---`,
				`${transmitted} packets transmitted, ${received} received,${extras} ${Number(loss.toPrecision(6))}% packet loss, time ${Math.round(time)}ms`,
				rtts(statistics, pipe > 1 ? `, pipe ${pipe}` : "", this.#perPacket(statistics, time)),
			];
			return lines.join("\n");
		});
	}

	/** In a flood the time between packets tells how fast it was. */
	#perPacket({ transmitted, received, ewma }: Statistics, time: number): string {
		const { flood, interval } = this.#options;
		if (received === 0 || transmitted < 2 || !(flood || interval === 0)) return "";
		return `, ipg/ewma ${(time / (transmitted - 1)).toFixed(3)}/${ewma.toFixed(3)} ms`;
	}

	/** The time before a line, when it is wanted: Unix seconds and microseconds. */
	#stamp(instant?: Instant): string {
		if (!this.#options.stamps) return "";
		const now = Date.now();
		const { seconds, nanoseconds } = instant ?? {
			seconds: Math.floor(now / 1000),
			nanoseconds: (now % 1000) * 1e6,
		};
		return `[${seconds}.${String(Math.floor(nanoseconds / 1000)).padStart(6, "0")}] `;
	}
}

function rtts(statistics: Statistics, pipe: string, perPacket: string): string {
	if (!statistics.hasTimes) return pipe.replace(/^, /, "");
	const { min, avg, max, mdev } = statistics;
	const times = [min, avg, max, mdev].map((one) => one.toFixed(3)).join("/");
	return `rtt min/avg/max/mdev = ${times} ms${pipe}${perPacket}`;
}

function summaryOf({ name, host }: Target, statistics: Statistics, time: number): object {
	const { transmitted, received, duplicates, corrupted, errors, loss, pipe } = statistics;
	const { min, avg, max, mdev, ewma } = statistics;
	return {
		target: name,
		address: host,
		transmitted,
		received,
		duplicates,
		corrupted,
		errors,
		loss,
		time: exact(time),
		pipe,
		rtt: statistics.hasTimes
			? { min: exact(min), avg: exact(avg), max: exact(max), mdev: exact(mdev), ewma: exact(ewma) }
			: undefined,
	};
}

/** A time with three digits or so, as ping writes it. */
function milliseconds(time: number): string {
	if (time >= 99.95) return String(Math.round(time));
	return time.toFixed(time >= 9.995 ? 1 : time >= 0.9995 ? 2 : 3);
}

function describeWrong(
	{ offset, expected, actual }: { offset: number; expected: number; actual: number },
	payload: Uint8Array,
): string {
	const lines = [
		`wrong data byte #${offset} should be 0x${expected.toString(16)} but was 0x${actual.toString(16)}`,
	];
	// As ping shows it: 32 bytes a line, and no more than the first few lines.
	for (let start = 0; start < Math.min(payload.length, 256); start += 32) {
		const bytes = [...payload.subarray(start, Math.min(start + 32, payload.length))];
		lines.push(`#${start}\t${bytes.map((byte) => byte.toString(16)).join(" ")}`);
	}
	return lines.join("\n");
}
