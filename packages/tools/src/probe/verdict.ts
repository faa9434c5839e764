/**
 * What a probe of one port found, and why.
 */
import type { IcmpError } from "./icmp.js";

/**
 * - open: a connection was accepted, or a datagram answered
 * - closed: the host itself says that nothing listens
 * - filtered: something on the way, or nothing at all, answers
 * - open|filtered: no datagram came back, which an open port may do as well as a firewall
 * - unknown: this machine could not send the probe, so that nothing was learnt
 */
export type State = "open" | "closed" | "filtered" | "open|filtered" | "unknown";

/** The states in the order in which they are counted and shown. */
export const states: readonly State[] = ["open", "closed", "filtered", "open|filtered", "unknown"];

/** The kind of evidence. */
export type Reason = "syn-ack" | "reset" | "refused" | "reply" | "icmp" | "no-answer" | "local-error";

/** What was found at one port. */
export interface Verdict {
	readonly port: number;
	readonly state: State;
	readonly reason: Reason;
	/** The evidence in words. */
	readonly evidence: string;
	/** How many packets were sent to the port. */
	readonly attempts?: number | undefined;
	/** From the last packet sent to the answer. */
	readonly milliseconds?: number | undefined;
	/** The ICMP error that answered. */
	readonly icmp?: IcmpError | undefined;
	/** The datagram that answered. */
	readonly reply?: Reply | undefined;
	/** What the service said by itself. */
	readonly banner?: string | undefined;
}

/** A datagram that answered. */
export interface Reply {
	/** The protocol that was asked in; left out where only an empty datagram was sent. */
	readonly protocol?: string | undefined;
	/** What the answer says; left out where it is none of the protocol. */
	readonly says?: string | undefined;
	readonly length: number;
	/** The port that it came from. */
	readonly port: number;
}

/** Milliseconds as a person reads them: 0.12 ms, 23.4 ms. */
export function inMilliseconds(milliseconds: number): string {
	return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`;
}

/** Seconds as a person reads them: 1.5 s. */
export function inSeconds(milliseconds: number): string {
	return `${Number((milliseconds / 1000).toFixed(2))} s`;
}
