/**
 * What every kind of probe has in common: `sock trace` numbers its probes, and a prober sends them, all in one flow,
 * and tells which of them an answer is to.
 */
import type { Arrival, Moment, PacketSettings, Refusal } from "../probing/probesocket.js";
import type { Source } from "../probing/source.js";
import type { Target } from "../probing/target.js";

/** An answer to a probe. */
export interface Answer {
	/** The number of the probe. */
	readonly probe: number;
	/** Who answered. */
	readonly from: string;
	readonly at: Moment;
	/** The ICMP error, or undefined when the target itself answered in its protocol. */
	readonly refusal: Refusal | undefined;
	/** How the target answered: "echo reply", "SYN/ACK", "RST", "data". */
	readonly word: string | undefined;
}

/** What identifies the flow for those who choose a path by it; what does not apply is left out. */
export interface Flow {
	readonly sourcePort?: number;
	readonly destinationPort?: number;
	/** Of ICMP echoes. */
	readonly identifier?: number;
}

/** Who is told. */
export interface Listener {
	answered(answer: Answer): void;
	/** An answer quotes so little of its probe that nobody can tell which it was. */
	unnamed(): void;
	/** A probe could not leave this machine. */
	blocked(refusal: Refusal): void;
}

/** How probes are. */
export interface ProbeShape {
	readonly target: Target;
	readonly source: Source;
	readonly settings: PacketSettings;
	/** The destination's port; undefined takes what is usual. */
	readonly port: number | undefined;
	/** The number of the flow; undefined takes any. */
	readonly flow: number | undefined;
	/** The length of a whole packet in bytes; undefined takes what is usual. */
	readonly size: number | undefined;
}

/** Sends probes of one kind. */
export interface Prober {
	readonly method: "udp" | "icmp" | "tcp";
	readonly flow: Flow;
	/** The length of a whole packet in bytes. */
	readonly size: number;
	/** Makes the packets that follow of another length, as near to it as can be. */
	resize(size: number): void;
	/**
	 * Sends a probe.
	 * @param moment becomes the moment of sending
	 */
	send(probe: number, ttl: number, moment: Moment, signal: AbortSignal): Promise<void>;
	/** No answer to a probe is waited for any more. */
	forget(probe: number): void;
	/** Takes answers until the signal is aborted, and rejects with its reason then. */
	receive(signal: AbortSignal): Promise<never>;
	[Symbol.dispose](): void;
}

/** The source port, or identifier, of the flow with number 0. */
export const firstFlow = 33456;

/** The most flows that can be chosen from. */
export const flows = 10_000;

/** The length of an IP header without options. */
export function ipHeader({ family }: Target, six: number): number {
	return family === six ? 40 : 20;
}

/** The answer that an ICMP error is. */
export function refusedAnswer(probe: number, refusal: Refusal): Answer {
	return { probe, from: refusal.from ?? "", at: refusal.at, refusal, word: undefined };
}

/** The answer that a packet of the target's is. */
export function ownAnswer(probe: number, { from, at }: Arrival, word: string): Answer {
	return { probe, from, at, refusal: undefined, word };
}

/** The error of what could not leave this machine. */
export function localMessage({ code, info }: Refusal): string {
	return code === "EMSGSIZE"
		? `local error: message too long, mtu=${info} (EMSGSIZE)`
		: `local error: ${code}`;
}
