/**
 * What `sock trace` does.
 */
import { IP_PMTUDISC_DONT, IP_PMTUDISC_PROBE } from "berkeley";
import type { Run } from "../commands/run.js";
import { Failure } from "../failure.js";
import { isTooBig } from "../probing/icmptext.js";
import { Names } from "../probing/names.js";
import { caughtUp, type Refusal } from "../probing/probesocket.js";
import { checkDevice, checkHost } from "../probing/source.js";
import { type Target, targetOf, versionOf } from "../probing/target.js";
import { IcmpProber } from "./icmp.js";
import type { TraceOptions } from "./options.js";
import { hasReached, Printer } from "./printer.js";
import { type Answer, type Listener, localMessage, type Prober, type ProbeShape } from "./prober.js";
import { type Probe, Route } from "./route.js";
import { TcpProber } from "./tcp.js";
import { UdpProber } from "./udp.js";

/** How long late answers are let pass when probes must be sent once more. */
const settling = 1000;
/** How long packets are with which the search for the MTU begins: longer than any link takes. */
const longest = 65_000;
/** What every link must take (RFC 791). */
const leastMtu = 68;

/** Traces the route to a host and gives the exit code, which is 0 however far it got. */
export async function trace(name: string, options: TraceOptions, { report, stop }: Run): Promise<number> {
	const target = await targetOf(name, options.version, stop);
	const printer = new Printer(report, target, options, new Names(options.names));
	const tracer = new Tracer(target, options, printer, stop);
	using prober = await openProber(target, options, tracer);
	await tracer.run(prober);
	return 0;
}

function openProber(target: Target, options: TraceOptions, listener: Listener): Prober | Promise<Prober> {
	const { method, port, flow, device, host, tos, dontFragment, mtu } = options;
	const size = mtu ? longest : options.size;
	if (device !== undefined) checkDevice("-i", device, target.family);
	if (host !== undefined) checkHost("-s", host, target.family);
	const shape: ProbeShape = {
		target,
		source: { ...(device !== undefined && { device }), ...(host !== undefined && { host }) },
		// What is known of the path does not count: the routers are to say it.
		settings: { tos, device, pmtudisc: dontFragment || mtu ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT },
		port,
		flow,
		size,
	};
	switch (method) {
		case "udp":
			return new UdpProber(shape, listener);
		case "icmp":
			return new IcmpProber(shape, listener);
		case "tcp":
			return TcpProber.open(shape, listener);
	}
}

/** Sends probes, a few at once, and prints hop after hop. */
class Tracer implements Listener {
	readonly #target: Target;
	readonly #options: TraceOptions;
	readonly #printer: Printer;
	readonly #route: Route;
	readonly #end = new AbortController();
	readonly #stop: AbortSignal;
	#prober: Prober | undefined;
	#failure: unknown;
	#parallel: number;
	/** Nothing is sent before, on the clock of performance.now(). */
	#notBefore = 0;
	/** Ends the pause of the loop. */
	#wake: () => void = () => {};

	constructor(target: Target, options: TraceOptions, printer: Printer, stop: AbortSignal) {
		this.#target = target;
		this.#options = options;
		this.#printer = printer;
		this.#parallel = options.mtu ? 1 : options.parallel;
		this.#route = new Route(options, versionOf(target));
		this.#stop = stop;
	}

	answered(answer: Answer): void {
		const { refusal } = answer;
		const isLong = refusal !== undefined && isTooBig(versionOf(this.#target), refusal);
		if (!isLong || !this.#shrink(refusal)) this.#route.answered(answer);
		this.#wake();
	}

	blocked(refusal: Refusal): void {
		if (refusal.code === "EMSGSIZE" && this.#shrink(refusal)) this.#wake();
		else this.failed(new Failure(localMessage(refusal)));
	}

	/** Lets the probe that is under way go out once more, as long as the refusal says; with --mtu. */
	#shrink({ info: mtu }: Refusal): boolean {
		const prober = this.#prober;
		const [probe] = this.#route.underWay;
		if (!this.#options.mtu || prober === undefined || probe === undefined) return false;
		if (mtu < leastMtu || mtu >= prober.size) return false;
		prober.resize(mtu);
		prober.forget(probe.number);
		probe.state = "waiting";
		probe.mtu = mtu;
		return true;
	}

	unnamed(): void {
		if (this.#parallel === 1) return;
		// From now on one by one, and those that are under way once more.
		this.#parallel = 1;
		for (const probe of this.#route.underWay) probe.state = "waiting";
		this.#notBefore = performance.now() + settling;
		this.#wake();
	}

	failed(error: unknown): void {
		if (!this.#end.signal.aborted) this.#failure = error;
		this.#end.abort();
		this.#wake();
	}

	async run(prober: Prober): Promise<void> {
		const stop = (): void => {
			this.#end.abort();
			this.#wake();
		};
		this.#stop.addEventListener("abort", stop);
		if (this.#stop.aborted) stop();
		this.#prober = prober;
		await this.#printer.begin(prober);
		const receiving = prober.receive(this.#end.signal).catch((error: unknown) => this.failed(error));
		let hops = 0;
		try {
			hops = await this.#loop(prober);
		} catch (error) {
			this.failed(error);
		}
		this.#end.abort();
		await receiving;
		this.#stop.removeEventListener("abort", stop);
		if (this.#failure !== undefined) throw this.#failure;
		const { probes } = this.#route;
		const reached = probes.some((probe) => hasReached(this.#target, probe));
		const mtu = this.#options.mtu ? prober.size : undefined;
		await this.#printer.end(reached, hops, probes, mtu);
	}

	/** Goes on until all hops are printed, and gives the last that is. */
	async #loop(prober: Prober): Promise<number> {
		const route = this.#route;
		const { signal } = this.#end;
		let hop = this.#options.first;
		while (!signal.aborted) {
			const now = performance.now();
			const isDue = (probe: Probe): boolean => probe.state === "sent" && route.deadline(probe) <= now;
			const due = route.underWay.filter(isDue);
			if (due.length > 0) await caughtUp();
			// Some may have been answered meanwhile, or their hop by others.
			for (const probe of due.filter(isDue)) {
				probe.state = "lost";
				prober.forget(probe.number);
			}
			for (; hop <= route.last && route.isSettled(hop); hop++) {
				await this.#printer.hop(hop, route.at(hop));
			}
			if (hop > route.last) return route.last;
			const next = route.next();
			const isFree = next !== undefined && route.underWay.length < this.#parallel;
			if (isFree && this.#notBefore <= now) await this.#send(prober, next);
			else await this.#pause(isFree);
		}
		return hop - 1;
	}

	async #send(prober: Prober, probe: Probe): Promise<void> {
		// Answers may come before the sending returns.
		probe.state = "sent";
		probe.moment.now = performance.now();
		delete probe.moment.stamp;
		await prober.send(probe.number, probe.hop, probe.moment, this.#end.signal);
		this.#notBefore = Math.max(this.#notBefore, probe.moment.now + this.#options.pause);
	}

	/** Waits for the next answer, deadline, or time to send. */
	async #pause(mayCome: boolean): Promise<void> {
		const times = this.#route.underWay.map((probe) => this.#route.deadline(probe));
		if (mayCome) times.push(this.#notBefore);
		const until = Math.min(...times) - performance.now();
		await new Promise<void>((resolve) => {
			// A timer may come early by a fraction of a millisecond.
			const timer = setTimeout(resolve, Math.max(Math.ceil(until), 1));
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#wake = () => {};
	}
}
