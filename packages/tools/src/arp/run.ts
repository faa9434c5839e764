/**
 * `sock arp`: asks one neighbour again and again, or all of a block; detects duplicate addresses, and announces one.
 */
import { setMaxListeners } from "node:events";
import { AF_INET, type AF_INET6 } from "berkeley";
import type { Run } from "../commands/run.js";
import { codeOf, detailsOf, Failure, Misuse } from "../failure.js";
import { Pace, sleep } from "../probe/pace.js";
import { findTargets, type Targets } from "../probe/targets.js";
import { inMilliseconds, inSeconds } from "../probe/verdict.js";
import { arp } from "./arp.js";
import type { Asker, Claim } from "./asker.js";
import { findLink, type Link } from "./link.js";
import { nd } from "./nd.js";
import { Session } from "./session.js";

/** What is done with one address. */
export type Mode = "ask" | "detect" | "request" | "answer";

/** What the command line says. Times are milliseconds. */
export interface ArpOptions {
	readonly version: 4 | 6 | undefined;
	readonly mode: Mode;
	readonly device: string | undefined;
	readonly source: string | undefined;
	/** How often to send; undefined is until it is stopped, and for a block twice. */
	readonly count: number | undefined;
	readonly interval: number;
	readonly deadline: number | undefined;
	/** Ends with the first answer. */
	readonly first: boolean;
	readonly rate: number;
	/** The most addresses of a block. */
	readonly limit: number;
}

/** How long the answer to the last question is waited for. */
const lastWait = 1000;
/** How long others are waited for, when all questions are answered. */
const othersWait = 200;
/** RFC 5227 section 1.1 (PROBE_NUM). */
const detections = 3;
const rounds = 2;

/** Does what the command line says, and gives the exit code. */
export async function runArp(where: string, options: ArpOptions, run: Run): Promise<number> {
	const targets = await findTargets(where, options.version, run.stop);
	const isBlock = where.includes("/");
	if (isBlock && options.mode !== "ask") throw new Misuse("-D, -A and -U are about one address, not a block");
	if (targets.count > options.limit) {
		throw new Misuse(
			`${targets.count} addresses are more than ${options.limit}: say --limit ${targets.count} if that is meant`,
		);
	}
	setMaxListeners(0, run.stop);
	const [first] = targets.hosts();
	if (first === undefined) throw new Failure(`${where} has no address`);
	const { device, source, mode } = options;
	checkSource(source, targets.family);
	const address = isBlock ? "block" : mode === "ask" ? "neighbour" : "own";
	const link = await findLink(targets.family, first, { device, source, address });
	const asker = targets.family === AF_INET ? arp : nd;
	const work = isBlock
		? new Scan(asker, link, targets, options, run)
		: new Single(asker, link, first.host, options, run);
	return work.run();
}

function checkSource(source: string | undefined, family: typeof AF_INET | typeof AF_INET6): void {
	if (source !== undefined && source.includes(":") === (family === AF_INET)) {
		throw new Misuse(`-s ${source} is no address of the IP version of the target`);
	}
}

/** What both kinds of work have: who was heard, and when who was asked. */
abstract class Work {
	protected readonly asker: Asker;
	protected readonly link: Link;
	protected readonly options: ArpOptions;
	protected readonly run_: Run;
	/** By the address: the hardware addresses that claim it. */
	protected readonly heard = new Map<string, Set<string>>();
	protected sent = 0;
	protected received = 0;
	#told: Promise<void> = Promise.resolve();

	constructor(asker: Asker, link: Link, options: ArpOptions, run: Run) {
		this.asker = asker;
		this.link = link;
		this.options = options;
		this.run_ = run;
	}

	/** Sends and listens until there is no more to do. */
	protected abstract work(session: Session, signal: AbortSignal): Promise<void>;
	/** Takes what somebody said. */
	protected abstract hear(claim: Claim): void;
	/** The last lines for people, and the exit code. */
	protected abstract summary(milliseconds: number): { text: string; code: number };
	/** What was asked for, as JSON has it. */
	protected abstract readonly target: string;

	async run(): Promise<number> {
		const began = performance.now();
		const { deadline } = this.options;
		const over = new AbortController();
		const timer = deadline === undefined ? undefined : setTimeout(() => over.abort(), deadline);
		const signal = AbortSignal.any([over.signal, this.run_.stop, this.enough.signal]);
		setMaxListeners(0, signal);
		{
			using session = new Session(this.link, this.asker, (claim) => this.hear(claim));
			try {
				await this.work(session, signal);
			} catch (error) {
				if (!signal.aborted) throw error;
			} finally {
				clearTimeout(timer);
			}
		}
		await this.#told;
		const { text, code } = this.summary(performance.now() - began);
		const duplicates = [...this.heard]
			.filter(([, macs]) => macs.size > 1)
			.map(([address, macs]) => ({ address, macs: [...macs] }));
		const { name, mac, source } = this.link;
		const { sent, received, target } = this;
		const common = { target, interface: name, mac, source, mode: this.options.mode };
		await this.run_.report.tell(
			"summary",
			{
				...common,
				sent,
				received,
				hosts: this.heard.size,
				duplicates,
				seconds: (performance.now() - began) / 1000,
			},
			text,
		);
		return code;
	}

	/** Ends the work before it is through. */
	protected readonly enough: AbortController = new AbortController();

	/** Takes note of who claims an address. Whether another does already, and whether it is new. */
	protected note({ address, mac }: Claim): { isNew: boolean; duplicate: boolean } {
		const macs = this.heard.get(address) ?? new Set();
		this.heard.set(address, macs);
		const isNew = !macs.has(mac);
		macs.add(mac);
		this.received++;
		return { isNew, duplicate: macs.size > 1 };
	}

	/** Reports, in the order of the calls. */
	protected tell(event: string, data: object, text: string): void {
		this.#told = this.#told.then(() => this.run_.report.tell(event, data, text));
		// It is seen at the end, and ends the work.
		this.#told.catch(() => this.enough.abort());
	}
}

/** One address. */
class Single extends Work {
	protected readonly target: string;
	#sentAt = 0;

	constructor(asker: Asker, link: Link, target: string, options: ArpOptions, run: Run) {
		super(asker, link, options, run);
		this.target = target;
	}

	protected async work(session: Session, signal: AbortSignal): Promise<void> {
		const { interval, mode } = this.options;
		const { name, source } = this.link;
		const from = mode === "detect" ? "nobody" : mode === "ask" ? (source ?? "nobody") : this.target;
		const start = `${this.asker.name} ${this.target} from ${from} ${name}`;
		this.tell("start", { target: this.target, interface: name, mac: this.link.mac, source, mode }, start);
		const count = this.options.count ?? (mode === "detect" ? detections : mode === "ask" ? undefined : 1);
		const frame = this.#frame();
		// What runs for the first time is slow, and would be part of the first answer's time.
		this.asker.claim(frame);
		for (;;) {
			this.#sentAt = performance.now();
			await session.send(frame, signal);
			this.sent++;
			if (this.sent === count) break;
			await sleep(interval, signal);
		}
		if (mode === "ask" || mode === "detect") await sleep(lastWait, signal);
	}

	#frame(): Uint8Array {
		const { asker, link, target } = this;
		const { mode } = this.options;
		if (mode === "ask") return asker.request(link, target);
		return mode === "detect" ? asker.detection(link, target) : asker.announcement(link, target, mode);
	}

	protected hear(claim: Claim): void {
		const { mode, first } = this.options;
		if (claim.address !== this.target) return;
		// Only answers count as such; but whoever uses an address has it.
		if (mode === "ask" && claim.kind !== "reply") return;
		const milliseconds = performance.now() - this.#sentAt;
		const { duplicate } = this.note(claim);
		const { address, mac, from, kind, unicast } = claim;
		const how =
			kind === "reply"
				? `${unicast ? "Unicast" : "Broadcast"} reply from`
				: `${kind === "probe" ? "Probe for" : "Packet from"}`;
		const by = from === mac ? "" : ` sent by ${from}`;
		const twice = duplicate ? "  DUPLICATE: several hosts have this address" : "";
		this.tell(
			"reply",
			{ address, mac, from, kind, unicast, duplicate, milliseconds },
			`${how} ${address} [${mac}]${by}  ${inMilliseconds(milliseconds)}${twice}`,
		);
		if (first || mode === "detect") this.enough.abort();
		if (mode === "ask" && this.sent === this.options.count && this.received === this.sent) {
			setTimeout(() => this.enough.abort(), othersWait);
		}
	}

	protected summary(): { text: string; code: number } {
		const { sent, received, target } = this;
		const macs = [...(this.heard.get(target) ?? [])];
		const lines = [`Sent ${sent} ${sent === 1 ? "packet" : "packets"}, received ${received}`];
		const { mode } = this.options;
		if (macs.length > 1) lines.push(`${target} is at several hosts: ${macs.join(", ")}`);
		else if (mode !== "ask" && macs.length > 0) lines.push(`${target} is in use by ${macs[0]}`);
		else if (mode === "detect") lines.push(`nobody uses ${target}`);
		const text = lines.join("\n");
		if (mode === "ask") return { text, code: received > 0 ? 0 : 1 };
		return { text, code: mode === "detect" && received > 0 ? 1 : 0 };
	}
}

/** All addresses of a block. */
class Scan extends Work {
	protected readonly target: string;
	readonly #targets: Targets;
	readonly #sentAt = new Map<string, number>();
	readonly #refused = new Set<string>();

	constructor(asker: Asker, link: Link, targets: Targets, options: ArpOptions, run: Run) {
		super(asker, link, options, run);
		this.#targets = targets;
		this.target = targets.text;
	}

	protected async work(session: Session, signal: AbortSignal): Promise<void> {
		const { rate, count = rounds } = this.options;
		const pace = new Pace(rate);
		for (let round = 0; round < count; round++) {
			const before = this.sent;
			for (const { host } of this.#targets.hosts()) {
				// This machine does not answer itself.
				if (this.heard.has(host) || this.link.own.has(host)) continue;
				await pace.turn(signal);
				if (this.#refused.has(host)) continue;
				this.#sentAt.set(host, performance.now());
				try {
					await session.ask(host, signal);
					this.sent++;
				} catch (error) {
					this.#unsent(host, error);
				}
			}
			if (this.sent === before) break;
			await sleep(lastWait, signal);
		}
	}

	/** Takes note of an address that cannot be asked for; throws what concerns all of them. */
	#unsent(address: string, error: unknown): void {
		if (codeOf(error) !== "ENOBUFS") throw error;
		this.#sentAt.delete(address);
		this.#refused.add(address);
		const { code, message } = detailsOf(error);
		this.tell("unsent", { address, code, message }, `${this.#padded(address)}  not sent: ${message}`);
	}

	#padded(address: string): string {
		return address.padEnd(this.#targets.family === AF_INET ? 15 : 25);
	}

	protected hear(claim: Claim): void {
		const { address, mac, from, kind, unicast } = claim;
		const sentAt = this.#sentAt.get(address);
		if (kind !== "reply" || sentAt === undefined) return;
		const milliseconds = performance.now() - sentAt;
		const { isNew, duplicate } = this.note(claim);
		if (!isNew) return;
		const twice = duplicate ? "  DUPLICATE: several hosts have this address" : "";
		this.tell(
			"reply",
			{ address, mac, from, kind, unicast, duplicate, milliseconds },
			`${this.#padded(address)}  ${mac}  ${inMilliseconds(milliseconds)}${twice}`,
		);
		if (this.options.first) this.enough.abort();
	}

	protected summary(milliseconds: number): { text: string; code: number } {
		const { size } = this.heard;
		const asked = this.#sentAt.size;
		const refused = this.#refused.size;
		const text = `${asked} ${asked === 1 ? "address" : "addresses"} on ${this.link.name} in ${inSeconds(milliseconds)}: ${size} answered${refused > 0 ? `, ${refused} could not be asked for` : ""}`;
		return { text, code: size > 0 ? 0 : 1 };
	}
}
