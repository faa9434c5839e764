/**
 * What `sock ping` does.
 */
import { AF_INET, SocketError } from "berkeley";
import type { Run } from "../commands/run.js";
import { codeOf, describeFailure, Failure } from "../failure.js";
import { EchoSocket } from "../probing/echosocket.js";
import { Names } from "../probing/names.js";
import {
	type Arrival,
	caughtUp,
	elapsed,
	type Moment,
	ProbeSocket,
	type Refusal,
} from "../probing/probesocket.js";
import { type Source, sourceAddress, sourceOf } from "../probing/source.js";
import { type Target, targetOf } from "../probing/target.js";
import type { PingOptions } from "./options.js";
import { Printer } from "./printer.js";
import { Statistics } from "./statistics.js";

/** The least time between requests when they are sent as fast as they are answered: a hundred a second. */
const floodPace = 10;
/** How far the times of requests may fall behind before they are no longer made up for. */
const mostBehind = 20;
/** How long the last answers are waited for at least. */
const leastLinger = 100;
const sequences = 0x10000;
// IP options and room to see that an answer is longer than its request.
const overhead = 60 + 8 + 64;
const largest4 = 65507;

/** Pings a host and gives the exit code: 0, or 1 when nothing was answered, or not enough within the deadline. */
export async function ping(name: string, options: PingOptions, { report, stop }: Run): Promise<number> {
	const target = await targetOf(name, options.version, stop);
	if (target.family === AF_INET && options.size > largest4) {
		throw new Failure(`-s is at most ${largest4} over IPv4, not ${options.size}`);
	}
	const printer = new Printer(report, target, options, new Names(options.names));
	using pinger = new Pinger(target, options, printer, stop);
	return await pinger.run();
}

interface Request {
	readonly moment: Moment;
	answered: boolean;
}

class Pinger {
	readonly #target: Target;
	readonly #options: PingOptions;
	readonly #printer: Printer;
	readonly #echo: EchoSocket;
	readonly #socket: ProbeSocket;
	readonly #source: Source;
	readonly #payload: Uint8Array;
	readonly #statistics = new Statistics();
	/** By sequence; those that are still remembered. */
	readonly #requests = new Map<number, Request>();
	readonly #end = new AbortController();
	#failure: unknown;
	#firstAt = 0;
	#lastAt = 0;
	/** Ends the pause before the next request. */
	#hurry: () => void = () => {};

	constructor(target: Target, options: PingOptions, printer: Printer, stop: AbortSignal) {
		this.#target = target;
		this.#options = options;
		this.#printer = printer;
		this.#source = sourceOf(options.sources, target);
		this.#payload = payloadOf(options);
		this.#echo = new EchoSocket(target, this.#source);
		const { ttl, tos, pmtudisc, broadcast } = options;
		const { device } = this.#source;
		this.#socket = new ProbeSocket(
			this.#echo.socket,
			{ ttl, tos, pmtudisc, broadcast, device },
			{ arrived: (arrival) => this.#arrived(arrival), refused: (refusal) => this.#refused(refusal) },
		);
		stop.addEventListener("abort", () => this.#end.abort());
		if (stop.aborted) this.#end.abort();
	}

	async run(): Promise<number> {
		const { deadline } = this.#options;
		const timer = deadline === undefined ? undefined : setTimeout(() => this.#end.abort(), deadline);
		const tellStatistics = (): void => {
			this.#printer.statistics(this.#statistics, this.#time).catch((error: unknown) => this.#fail(error));
		};
		process.on("SIGQUIT", tellStatistics);
		this.#firstAt = this.#lastAt = performance.now();
		try {
			await this.#printer.begin(this.#echo.kind, await shownSource(this.#source, this.#target));
			const receiving = this.#socket
				.receive(this.#options.size + overhead, this.#end.signal)
				.catch((error: unknown) => this.#fail(error));
			await this.#send().catch((error: unknown) => this.#fail(error));
			this.#end.abort();
			await receiving;
		} finally {
			clearTimeout(timer);
			process.off("SIGQUIT", tellStatistics);
		}
		if (this.#failure !== undefined) throw this.#failure;
		await this.#printer.summary(this.#statistics, this.#time);
		const { received } = this.#statistics;
		const { count } = this.#options;
		const isShort = deadline !== undefined && count !== undefined && received < count;
		return received === 0 || isShort ? 1 : 0;
	}

	[Symbol.dispose](): void {
		this.#socket[Symbol.dispose]();
	}

	get #time(): number {
		return this.#lastAt - this.#firstAt;
	}

	/** Ends everything for an error, unless it has ended and this is how the waiting ends. */
	#fail(error: unknown): void {
		if (!this.#end.signal.aborted) this.#failure = error;
		this.#end.abort();
	}

	/** Sends requests until it is enough, and waits for the last answers. */
	async #send(): Promise<void> {
		const { count, deadline, interval } = this.#options;
		let due = performance.now();
		while (!this.#end.signal.aborted) {
			if (count !== undefined && this.#statistics.transmitted >= count && deadline === undefined) {
				return this.#linger();
			}
			await this.#request();
			const now = performance.now();
			// A timer comes late; what is behind is made up for, but not a night in suspension.
			due = Math.max(due + interval, now - mostBehind);
			if (interval > 0) await this.#pause(due - now, false);
			else await this.#pause(floodPace, true);
		}
	}

	async #request(): Promise<void> {
		const statistics = this.#statistics;
		const { outstanding, flood } = this.#options;
		const sequence = (statistics.transmitted + 1) % sequences;
		const before = this.#requests.get((sequence + sequences - 1) % sequences);
		if (outstanding && !flood && before !== undefined && !before.answered) {
			await this.#printer.overdue((sequence + sequences - 1) % sequences);
		}
		const isFirst = statistics.transmitted++ === 0;
		this.#lastAt = performance.now();
		const moment: Moment = { now: this.#lastAt };
		// Known before it goes out: the answer may come before the sending returns.
		this.#requests.set(sequence, { moment, answered: false });
		try {
			const parts = [this.#echo.request(sequence, this.#payload)];
			const { signal } = this.#end;
			if (!(await this.#socket.send(parts, this.#target.address, moment, { signal }))) {
				this.#requests.delete(sequence);
				return;
			}
			await this.#printer.sent();
		} catch (error) {
			this.#requests.delete(sequence);
			// What fails at once will go on failing: no route, a broadcast address.
			if (isFirst || !(error instanceof SocketError)) throw this.#explained(error);
			statistics.errors++;
			await this.#printer.unsent(sequence, error.code, undefined, describeFailure(error));
			this.#checkEnd();
		}
	}

	#explained(error: unknown): unknown {
		if (codeOf(error) !== "EACCES" || this.#options.broadcast) return error;
		const { host } = this.#target.address;
		return new Failure(`${host}: a broadcast address needs -b; else a firewall forbids it (EACCES)`, {
			cause: error,
		});
	}

	async #arrived(arrival: Arrival): Promise<void> {
		const message = this.#echo.answer(arrival.data);
		const request = message === undefined ? undefined : this.#requests.get(message.sequence);
		if (message === undefined || request === undefined) return;
		const { sequence, payload, bytes, isSound } = message;
		const statistics = this.#statistics;
		const duplicate = request.answered;
		const wrong = isSound ? firstDifference(this.#payload, payload) : undefined;
		const { milliseconds: rtt, stamped } = elapsed(request.moment, arrival.at);
		this.#lastAt = arrival.at.now;
		if (!isSound || wrong !== undefined) statistics.corrupted++;
		if (isSound) {
			statistics.add(rtt);
			if (duplicate) statistics.duplicates++;
			else statistics.received++;
			this.#settle(sequence, request);
		}
		await this.#printer.reply(
			{ sequence, bytes: bytes.length, rtt, stamped, duplicate, isSound, wrong, payload },
			arrival,
		);
		this.#hurry();
		this.#checkEnd();
	}

	async #refused(refusal: Refusal): Promise<void> {
		if (refusal.origin === "local") {
			const { code, info } = refusal;
			const mtu = code === "EMSGSIZE" ? info : undefined;
			const what = mtu === undefined ? code : `message too long, mtu=${mtu}`;
			this.#statistics.errors++;
			await this.#printer.unsent(this.#statistics.transmitted % sequences, code, mtu, `local error: ${what}`);
			this.#checkEnd();
			return;
		}
		const sequence = this.#echo.quoted(refusal.quoted);
		const request = sequence === undefined ? undefined : this.#requests.get(sequence);
		if (sequence === undefined || request === undefined) return;
		this.#statistics.errors++;
		this.#lastAt = refusal.at.now;
		this.#settle(sequence, request);
		await this.#printer.refusal(sequence, elapsed(request.moment, refusal.at).milliseconds, refusal);
		this.#checkEnd();
	}

	/** The request is no longer under way; those that were sent since still are, as far as ping's "pipe" goes. */
	#settle(sequence: number, request: Request): void {
		const statistics = this.#statistics;
		request.answered = true;
		const since = (statistics.transmitted - sequence) & (sequences - 1);
		if (since < sequences / 2) statistics.pipe = Math.max(statistics.pipe, since + 1);
	}

	/** Ends when all are answered; with a deadline also with the first error. */
	#checkEnd(): void {
		const { count, deadline } = this.#options;
		const { received, errors } = this.#statistics;
		const enough = count !== undefined && received + errors >= count;
		if (enough || (deadline !== undefined && errors > 0)) this.#end.abort();
	}

	/** Waits for the last answers: two round trips, or as long as it was said when nothing was ever answered. */
	async #linger(): Promise<void> {
		const { timeout, interval } = this.#options;
		const { received, max } = this.#statistics;
		if (received > 0) await this.#pause(Math.max(2 * max, interval, leastLinger), false);
		else await this.#pause(timeout === 0 ? undefined : timeout, false);
		await caughtUp();
	}

	/** Waits for so long, or without end; less when it ends, or `hurry` is wanted and an answer comes. */
	async #pause(milliseconds: number | undefined, hurry: boolean): Promise<void> {
		const { signal } = this.#end;
		if (signal.aborted) return;
		await new Promise<void>((resolve) => {
			const timer = milliseconds === undefined ? undefined : setTimeout(finish, Math.max(milliseconds, 0));
			function finish(): void {
				clearTimeout(timer);
				signal.removeEventListener("abort", finish);
				resolve();
			}
			signal.addEventListener("abort", finish);
			if (hurry) this.#hurry = finish;
		});
		this.#hurry = () => {};
	}
}

/** What -I said, with the address that the kernel takes on an interface. */
async function shownSource(source: Source, target: Target): Promise<Source> {
	if (source.device === undefined || source.host !== undefined) return source;
	const host = await sourceAddress(target, source).catch(() => undefined);
	return host === undefined ? source : { ...source, host };
}

/** The data of a request: the pattern over and over, or bytes that count up. */
function payloadOf({ size, pattern }: PingOptions): Uint8Array {
	return Uint8Array.from({ length: size }, (_, index) =>
		pattern === undefined ? index & 0xff : (pattern[index % pattern.length] ?? 0),
	);
}

function firstDifference(
	sent: Uint8Array,
	came: Uint8Array,
): { offset: number; expected: number; actual: number } | undefined {
	const length = Math.min(sent.length, came.length);
	if (Buffer.compare(sent.subarray(0, length), came.subarray(0, length)) === 0) return undefined;
	for (let offset = 0; offset < length; offset++) {
		const [expected = 0, actual = 0] = [sent[offset], came[offset]];
		if (expected !== actual) return { offset, expected, actual };
	}
	return undefined;
}
