/**
 * `sock probe`: probes the ports of hosts and reports what was found.
 */
import { setMaxListeners } from "node:events";
import type { Run } from "../commands/run.js";
import { Misuse } from "../failure.js";
import { inParallel, Pace } from "./pace.js";
import { parsePorts, serviceOf, type Transport } from "./ports.js";
import { probeHalfOpen } from "./syn.js";
import { closing, counted, tableOf } from "./table.js";
import { findTargets, type Host, type Targets } from "./targets.js";
import { connectTo } from "./tcp.js";
import { probeHost } from "./udphost.js";
import type { State, Verdict } from "./verdict.js";

/** What the command line says. Times are milliseconds. */
export interface ProbeOptions {
	readonly version: 4 | 6 | undefined;
	readonly timeout: number;
	readonly retries: number;
	/** TCP half-open, by raw packets. */
	readonly syn: boolean;
	readonly parallel: number;
	readonly rate: number;
	/** The most probes, hosts times ports, that are begun at all. */
	readonly limit: number;
	readonly banner: number | undefined;
	readonly open: boolean;
	readonly all: boolean;
}

/** Probes, reports, and gives the exit code: 0 when a port is open. */
export async function probe(
	transport: Transport,
	where: string,
	which: string,
	options: ProbeOptions,
	run: Run,
): Promise<number> {
	const ports = parsePorts(which, transport);
	const targets = await findTargets(where, options.version, run.stop);
	const planned = targets.count * ports.length;
	if (planned > options.limit) {
		throw new Misuse(
			`${targets.count} hosts times ${ports.length} ports are ${planned} probes, more than ${options.limit}: say --limit ${planned} if that is meant`,
		);
	}
	// Each probe that is under way listens.
	setMaxListeners(0, run.stop);
	const began = performance.now();
	const findings = new Findings(transport, targets, ports.length, options, run);
	const work = transport === "udp" ? probeUdp : options.syn ? probeSyn : probeTcp;
	try {
		await work(targets, ports, options, run.stop, findings);
	} catch (error) {
		if (!run.stop.aborted) throw error;
	}
	// Nothing to tell: the signal ends it.
	if (findings.ports === 0) run.stop.throwIfAborted();
	await findings.end(planned, performance.now() - began);
	return (findings.count.get("open") ?? 0) > 0 ? 0 : 1;
}

async function probeTcp(
	targets: Targets,
	ports: readonly number[],
	{ rate, parallel, timeout, banner }: ProbeOptions,
	signal: AbortSignal,
	findings: Findings,
): Promise<void> {
	const pace = new Pace(rate);
	function* each(): Generator<[host: Host, port: number]> {
		for (const host of targets.hosts()) for (const port of ports) yield [host, port];
	}
	await inParallel(each(), parallel, signal, async ([host, port]) => {
		await pace.turn(signal);
		await findings.add(host, await connectTo(targets.family, host, port, { timeout, banner, signal }));
	});
}

async function probeSyn(
	targets: Targets,
	ports: readonly number[],
	{ rate, parallel, timeout, retries }: ProbeOptions,
	signal: AbortSignal,
	findings: Findings,
): Promise<void> {
	const options = { timeout, attempts: retries + 1, parallel, rate, signal };
	await probeHalfOpen(targets, ports, options, (host, verdict) => findings.add(host, verdict));
}

async function probeUdp(
	targets: Targets,
	ports: readonly number[],
	{ rate, parallel, timeout, retries }: ProbeOptions,
	signal: AbortSignal,
	findings: Findings,
): Promise<void> {
	const pace = new Pace(rate);
	const each = Math.min(ports.length, parallel);
	await inParallel(targets.hosts(), Math.floor(parallel / each), signal, async (host) => {
		const options = { attempts: retries + 1, timeout, parallel: each, pace, signal };
		const reported: Promise<void>[] = [];
		await probeHost(targets.family, host, ports, options, (verdict) => {
			const added = findings.add(host, verdict);
			// A failure to write is seen when the host is done.
			added.catch(() => {});
			reported.push(added);
		});
		await Promise.all(reported);
	});
}

/** What was found, reported port by port in JSON and host by host to people. */
class Findings {
	/** How many ports are of each state. */
	readonly count = new Map<State, number>();
	/** How many ports there is a verdict of. */
	ports = 0;
	readonly #transport: Transport;
	readonly #targets: Targets;
	readonly #portsOfEach: number;
	readonly #options: ProbeOptions;
	readonly #run: Run;
	readonly #unfinished = new Map<Host, Verdict[]>();
	#hosts = 0;
	#shown = 0;

	constructor(transport: Transport, targets: Targets, portsOfEach: number, options: ProbeOptions, run: Run) {
		this.#transport = transport;
		this.#targets = targets;
		this.#portsOfEach = portsOfEach;
		this.#options = options;
		this.#run = run;
	}

	/** Takes a verdict. */
	async add(host: Host, verdict: Verdict): Promise<void> {
		this.ports++;
		for (const [state, number] of counted([verdict])) {
			this.count.set(state, (this.count.get(state) ?? 0) + number);
		}
		const found = this.#unfinished.get(host) ?? [];
		if (found.push(verdict) === 1) {
			this.#hosts++;
			this.#unfinished.set(host, found);
		}
		const isDone = found.length === this.#portsOfEach;
		if (isDone) this.#unfinished.delete(host);
		if (!this.#options.open || verdict.state === "open") {
			await this.#run.report.tell("port", () => this.#data(host, verdict), undefined);
		}
		if (isDone) await this.#show(host, found);
	}

	/** Shows what is left of an interruption, and the sum. */
	async end(planned: number, milliseconds: number): Promise<void> {
		for (const [host, verdicts] of this.#unfinished) await this.#show(host, verdicts);
		const { count, ports } = this;
		const hosts = this.#hosts;
		await this.#run.report.tell(
			"summary",
			() => ({
				transport: this.#transport,
				hosts,
				ports,
				planned,
				open: count.get("open") ?? 0,
				closed: count.get("closed") ?? 0,
				filtered: count.get("filtered") ?? 0,
				openOrFiltered: count.get("open|filtered") ?? 0,
				unknown: count.get("unknown") ?? 0,
				seconds: milliseconds / 1000,
			}),
			() => `${this.#shown > 0 ? "\n" : ""}${closing({ hosts, ports, planned }, count, milliseconds)}`,
		);
	}

	async #show(host: Host, verdicts: readonly Verdict[]): Promise<void> {
		if (this.#run.report.json) return;
		const transport = this.#transport;
		const table = tableOf(host, this.#targets, verdicts, { ...this.#options, transport });
		if (table === undefined) return;
		await this.#run.report.write(`${this.#shown++ > 0 ? "\n" : ""}${table}\n`);
	}

	#data({ host }: Host, verdict: Verdict): object {
		const transport = this.#transport;
		const { port, ...others } = verdict;
		return {
			transport,
			address: host,
			name: this.#targets.name,
			port,
			service: serviceOf(port, transport),
			...others,
		};
	}
}
