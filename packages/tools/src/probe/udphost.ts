/**
 * Probes the UDP ports of one host, and is not misled by hosts that limit how many ICMP errors they send.
 *
 * Each port is asked several times, with growing waits. Of those that are still silent, errors may have been
 * suppressed (errorlimit.ts); where any port was answered by an error, they are asked again in batches, each with a
 * check, until their silence is to be believed.
 */
import { ErrorLimit } from "./errorlimit.js";
import { type Pace, sleep } from "./pace.js";
import type { Host, Targets } from "./targets.js";
import { PortProbe } from "./udp.js";
import { inSeconds, type Verdict } from "./verdict.js";

/** How UDP ports are probed. */
export interface UdpOptions {
	/** How often a port is asked at least before its silence counts. */
	readonly attempts: number;
	/** How long all these attempts are waited for, in milliseconds: each twice as long as the one before. */
	readonly timeout: number;
	/** How many ports are asked at the same time. */
	readonly parallel: number;
	readonly pace: Pace;
	readonly signal: AbortSignal;
}

/** Probes the ports, and tells of each as soon as it is known. */
export async function probeHost(
	family: Targets["family"],
	host: Host,
	ports: readonly number[],
	options: UdpOptions,
	tell: (verdict: Verdict) => void,
): Promise<void> {
	const limit = new ErrorLimit(family, host, options.pace);
	for (let start = 0; start < ports.length; start += options.parallel) {
		const probes: PortProbe[] = [];
		try {
			const some = ports.slice(start, start + options.parallel);
			for (const port of some) {
				const probe = new PortProbe(family, host, port);
				probes.push(probe);
				void probe.settled.then((verdict) => {
					limit.note(verdict);
					probe.close();
					tell(verdict);
				});
			}
			const silent = await askBelieved(await askAll(probes, limit, options), limit, options);
			for (const probe of silent) {
				if (probe.verdict === undefined) tell(silence(probe, limit));
				probe.close();
			}
		} finally {
			for (const probe of probes) probe.close();
		}
	}
}

/** Asks all ports as often as it takes, or but for the last time where that is to be checked. Gives the silent ones. */
async function askAll(
	probes: readonly PortProbe[],
	limit: ErrorLimit,
	options: UdpOptions,
): Promise<PortProbe[]> {
	const { attempts, timeout, signal } = options;
	let silent = [...probes];
	for (let attempt = 1; attempt <= attempts && silent.length > 0; attempt++) {
		if (attempt > 1 && attempt === attempts && limit.isKnown) break;
		await sendTo(silent, options);
		await within((timeout * 2 ** (attempt - 1)) / (2 ** attempts - 1), silent, signal);
		silent = withoutVerdict(silent);
	}
	return silent;
}

/** Asks ports until their silence is to be believed, or nothing is to be learnt. Gives those that stay silent. */
async function askBelieved(
	probes: PortProbe[],
	limit: ErrorLimit,
	options: UdpOptions,
): Promise<PortProbe[]> {
	const { signal } = options;
	const believed: PortProbe[] = [];
	let silent = probes;
	while (silent.length > 0 && limit.isKnown) {
		const batch = silent.slice(0, limit.size);
		const others = silent.slice(batch.length);
		const began = performance.now();
		await sendTo(batch, options);
		if (limit.canCheckLater) await within(limit.wait, batch, signal);
		using check = withoutVerdict(batch).length === 0 ? undefined : await limit.check(began, signal);
		if (check !== undefined) await within(limit.wait, [...batch, ...check.probes], signal);
		const left = withoutVerdict(batch);
		if (limit.learn(batch.length, left.length, check)) believed.push(...left);
		else others.push(...left);
		silent = others;
		if (silent.length > 0) await sleep(limit.pause, signal);
	}
	return [...believed, ...silent];
}

async function sendTo(probes: readonly PortProbe[], { pace, signal }: UdpOptions): Promise<void> {
	for (const probe of probes) {
		await pace.turn(signal);
		await probe.send(signal);
	}
}

function withoutVerdict(probes: readonly PortProbe[]): PortProbe[] {
	return probes.filter(({ verdict }) => verdict === undefined);
}

function silence({ port, attempts, milliseconds }: PortProbe, { isHopeless }: ErrorLimit): Verdict {
	const doubt = isHopeless ? "; icmp errors from there are limited, so that it may be closed" : "";
	const times = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
	const evidence = `no answer to ${times} in ${inSeconds(milliseconds)}${doubt}`;
	return { port, state: "open|filtered", reason: "no-answer", evidence, attempts };
}

/** Waits until all have a verdict, but not longer than so many milliseconds. */
async function within(
	milliseconds: number,
	probes: readonly PortProbe[],
	signal: AbortSignal,
): Promise<void> {
	const over = new AbortController();
	const all = Promise.all(probes.map(({ settled }) => settled)).then(() => over.abort());
	const either = AbortSignal.any([over.signal, signal]);
	await Promise.race([all, sleep(milliseconds, either).catch(() => {})]);
	over.abort();
	signal.throwIfAborted();
}
