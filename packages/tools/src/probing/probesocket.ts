/**
 * A socket that sends probes and takes what comes of them: answers, ICMP errors from the socket's error queue
 * (IP_RECVERR, ip(7)), and the times at which the kernel sent and received each packet (timestamping.rst).
 */
import {
	AF_INET6,
	type AncillaryInput,
	type AncillaryMessage,
	type AncillaryName,
	type AncillaryValue,
	type ExtendedError,
	IP_TTL,
	IPV6_HOPLIMIT,
	ip,
	ipv6,
	MSG_ERRQUEUE,
	MSG_TRUNC,
	type ReceivedMessage,
	SO_EE_ORIGIN_ICMP,
	SO_EE_ORIGIN_ICMP6,
	SO_EE_ORIGIN_LOCAL,
	SO_EE_ORIGIN_TIMESTAMPING,
	SO_EE_RFC4884_FLAG_INVALID,
	SOF_TIMESTAMPING_OPT_ID,
	SOF_TIMESTAMPING_OPT_TSONLY,
	SOF_TIMESTAMPING_SOFTWARE,
	SOF_TIMESTAMPING_TX_SOFTWARE,
	SOL_IP,
	SOL_IPV6,
	type Socket,
	SocketError,
	so,
} from "berkeley";
import { codeOf } from "../failure.js";
import type { Instant } from "../json.js";
import { millisecondsBetween } from "./instants.js";
import { hostOf, type InetAddress } from "./target.js";

/** When something happened: on this process's own clock, and by the kernel's stamp where there is one. */
export interface Moment {
	/** performance.now(). */
	now: number;
	/** The kernel's stamp. */
	stamp?: Instant;
}

/** A packet that came. */
export interface Arrival {
	readonly data: Buffer;
	/** The sender's address. */
	readonly from: string;
	/** The time to live or hop limit that was left. */
	readonly ttl: number | undefined;
	/** The kernel cut it: it was longer than there was room for. */
	readonly truncated: boolean;
	readonly at: Moment;
}

/** An error that a packet of ours caused: by ICMP, or "local" in this machine before it was sent. */
export interface Refusal {
	readonly origin: "icmp" | "local";
	/** The errno's name that the kernel makes of it. */
	readonly code: string;
	/** Who reported it; undefined for a local error. */
	readonly from: string | undefined;
	/** Of the ICMP message. */
	readonly type: number;
	/** Of the ICMP message. */
	readonly subcode: number;
	/** The path's MTU, the pointer of a parameter problem; 0 otherwise. */
	readonly info: number;
	/** What the message quotes of our packet, from the header of the socket's protocol on, with what follows it. */
	readonly quoted: Buffer;
	/** Where an RFC 4884 extension begins in `quoted`; 0 where there is none. */
	readonly extension: number;
	readonly at: Moment;
}

/** What is done with what comes. */
export interface Handlers {
	arrived(arrival: Arrival): Promise<void> | void;
	refused(refusal: Refusal): Promise<void> | void;
}

/** How the packets of a socket are. */
export interface PacketSettings {
	ttl?: number | undefined;
	/** The type of service or traffic class. */
	tos?: number | undefined;
	/** IP_PMTUDISC_*. */
	pmtudisc?: number | undefined;
	/** The name of the interface through which all goes. */
	device?: string | undefined;
	/** Allows broadcast addresses. */
	broadcast?: boolean | undefined;
}

const stamping = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
const controlRoom = 512;
// An ICMPv6 error is of 1280 bytes at most (RFC 4443, section 2.4); ICMP errors quote less as a rule.
const quotationRoom = 2048;
/** How many sent packets without a stamp are remembered: an interface may never stamp. */
const mostUnstamped = 1024;
/** How often sending is tried when the socket has the errors of earlier packets. */
const mostAttempts = 16;
/** What ICMP errors and local ones leave as the socket's error, beside the entry in the queue. */
const reported = new Set([
	"ECONNREFUSED",
	"EHOSTDOWN",
	"EHOSTUNREACH",
	"EACCES",
	"EMSGSIZE",
	"ENETUNREACH",
	"ENONET",
	"ENOPROTOOPT",
	"EOPNOTSUPP",
	"EPROTO",
]);

/** Probes out, answers and errors in. It owns its socket. */
export class ProbeSocket {
	readonly socket: Socket;
	readonly #six: boolean;
	readonly #handlers: Handlers;
	readonly #unstamped = new Map<number, Moment>();
	#nextKey = 0;

	/** @param socket of datagrams or raw, IPv4 or IPv6; closed by this object from now on */
	constructor(socket: Socket, settings: PacketSettings, handlers: Handlers) {
		this.socket = socket;
		this.#six = socket.family === AF_INET6;
		this.#handlers = handlers;
		try {
			this.#prepare(settings);
		} catch (error) {
			socket.close();
			throw error;
		}
	}

	#prepare({ ttl, tos, pmtudisc, device, broadcast }: PacketSettings): void {
		const { socket } = this;
		if (device !== undefined) socket.set(so.bindtodevice, device);
		if (broadcast) socket.set(so.broadcast, true);
		if (this.#six) {
			socket.set(ipv6.recverr, true);
			tryToSet(() => socket.set(ipv6.recverrRfc4884, true));
			socket.set(ipv6.recvhoplimit, true);
			// Else the kernel would make up a flow label for each socket, by which routers may choose paths.
			socket.set(ipv6.autoflowlabel, false);
			if (tos !== undefined) socket.set(ipv6.tclass, tos);
			if (pmtudisc !== undefined) socket.set(ipv6.mtuDiscover, pmtudisc);
			if (ttl !== undefined) {
				socket.set(ipv6.unicastHops, ttl);
				socket.set(ipv6.multicastHops, ttl);
			}
		} else {
			socket.set(ip.recverr, true);
			tryToSet(() => socket.set(ip.recverrRfc4884, true));
			socket.set(ip.recvttl, true);
			if (tos !== undefined) socket.set(ip.tos, tos);
			if (pmtudisc !== undefined) socket.set(ip.mtuDiscover, pmtudisc);
			if (ttl !== undefined) {
				socket.set(ip.ttl, ttl);
				socket.set(ip.multicastTtl, ttl);
			}
		}
		socket.set(so.timestampns, true);
		this.#countFromZero();
	}

	/** The kernel counts the packets that it is to stamp anew: a packet that failed may have been counted or not. */
	#countFromZero(): void {
		this.socket.set(so.timestamping, stamping);
		this.socket.set(so.timestamping, stamping | SOF_TIMESTAMPING_OPT_ID);
		this.#unstamped.clear();
		this.#nextKey = 0;
	}

	/**
	 * Sends a packet. False says that it was not sent and that `refused` was told why.
	 * @param moment is made the moment of sending, before any answer can come; the stamp is filled in when the kernel
	 *   reports it
	 * @param ttl for this packet alone
	 * @throws SocketError
	 */
	async send(
		parts: readonly Uint8Array[],
		address: InetAddress | undefined,
		moment: Moment,
		{ ttl, signal }: { ttl?: number; signal?: AbortSignal } = {},
	): Promise<boolean> {
		const ancillary: AncillaryInput[] = ttl === undefined ? [] : [this.#ttl(ttl)];
		for (let attempts = mostAttempts; ; attempts--) {
			moment.now = performance.now();
			this.#unstamped.set(this.#nextKey, moment);
			this.#unstamped.delete(this.#nextKey - mostUnstamped);
			try {
				await this.socket.sendmsg(parts, ancillary, 0, address, { signal });
				this.#nextKey++;
				return true;
			} catch (error) {
				if (!(error instanceof SocketError)) throw error;
				const refusals = await this.drain();
				this.#countFromZero();
				if (refusals.some(({ origin }) => origin === "local")) return false;
				// It may be the error of an earlier packet, whose entry in the queue is read now.
				if (attempts === 0 || !reported.has(error.code)) throw error;
			}
		}
	}

	/** Takes what comes until the signal is aborted, and rejects with its reason then. */
	async receive(size: number, signal: AbortSignal): Promise<never> {
		for (;;) {
			try {
				const message = await this.socket.recvmsg(size, controlRoom, 0, { signal });
				const moment: Moment = { now: performance.now() };
				// What was sent was stamped before the answer came.
				await this.drain();
				await this.#handlers.arrived(arrivalOf(message, moment));
			} catch (error) {
				if (!reported.has(codeOf(error) ?? "")) throw error;
				await this.drain();
			}
		}
	}

	/** Reads the error queue empty: notes stamps, and reports refusals, which it gives too. Does not wait. */
	async drain(): Promise<Refusal[]> {
		const refusals: Refusal[] = [];
		// All is read at once, so that what is sent meanwhile cannot come in between.
		for (let entry = this.#nextEntry(); entry !== undefined; entry = this.#nextEntry()) {
			const refusal = this.#take(entry);
			if (refusal !== undefined) refusals.push(refusal);
		}
		for (const refusal of refusals) await this.#handlers.refused(refusal);
		return refusals;
	}

	[Symbol.dispose](): void {
		this.socket.close();
	}

	#nextEntry(): ReceivedMessage | undefined {
		try {
			return this.socket.recvmsgSync(quotationRoom, controlRoom, MSG_ERRQUEUE, { timeout: 0 });
		} catch (error) {
			if (codeOf(error) === "EAGAIN") return undefined;
			throw error;
		}
	}

	#take({ data, ancillary }: ReceivedMessage): Refusal | undefined {
		const error = valueNamed(ancillary, "IP_RECVERR") ?? valueNamed(ancillary, "IPV6_RECVERR");
		if (error === undefined) return undefined;
		if (error.origin === SO_EE_ORIGIN_TIMESTAMPING) {
			const stamp = valueNamed(ancillary, "SCM_TIMESTAMPING")?.software;
			const moment = this.#unstamped.get(error.data);
			if (stamp !== undefined && moment !== undefined) moment.stamp = stamp;
			this.#unstamped.delete(error.data);
			return undefined;
		}
		const { origin } = error;
		if (origin !== SO_EE_ORIGIN_LOCAL && origin !== SO_EE_ORIGIN_ICMP && origin !== SO_EE_ORIGIN_ICMP6) {
			return undefined;
		}
		return refusalOf(data, error, momentOf(ancillary));
	}

	#ttl(value: number): AncillaryInput {
		return this.#six
			? { level: SOL_IPV6, type: IPV6_HOPLIMIT, value }
			: { level: SOL_IP, type: IP_TTL, value };
	}
}

/** Sets an option that kernels before 5.9 do not know, and that can be done without. */
function tryToSet(set: () => void): void {
	try {
		set();
	} catch (error) {
		if (codeOf(error) !== "ENOPROTOOPT") throw error;
	}
}

/** The milliseconds between two moments: by the kernel's stamps where both have one that can be true. */
export function elapsed(start: Moment, end: Moment): { milliseconds: number; stamped: boolean } {
	const outside = Math.max(end.now - start.now, 0);
	if (start.stamp !== undefined && end.stamp !== undefined) {
		const inside = millisecondsBetween(start.stamp, end.stamp);
		// What the kernel saw lies within what this process saw, unless somebody has set the clock meanwhile.
		if (inside >= 0 && inside <= outside + 1) return { milliseconds: inside, stamped: true };
	}
	return { milliseconds: outside, stamped: false };
}

function arrivalOf({ data, ancillary, flags, address }: ReceivedMessage, { now }: Moment): Arrival {
	return {
		data,
		from: hostOf(address) ?? "",
		ttl: valueNamed(ancillary, "IP_TTL") ?? valueNamed(ancillary, "IPV6_HOPLIMIT"),
		truncated: (flags & MSG_TRUNC) !== 0,
		at: { ...momentOf(ancillary), now },
	};
}

function refusalOf(data: Buffer, error: ExtendedError, at: Moment): Refusal {
	const length = error.data & 0xffff;
	const isInvalid = ((error.data >>> 16) & SO_EE_RFC4884_FLAG_INVALID) !== 0;
	return {
		origin: error.origin === SO_EE_ORIGIN_LOCAL ? "local" : "icmp",
		code: error.code,
		from: error.origin === SO_EE_ORIGIN_LOCAL ? undefined : hostOf(error.offender),
		type: error.type,
		subcode: error.subcode,
		info: error.info,
		quoted: data,
		extension: isInvalid ? 0 : length,
		at,
	};
}

function momentOf(ancillary: readonly AncillaryMessage[]): Moment {
	const stamp = valueNamed(ancillary, "SCM_TIMESTAMPNS");
	return { now: performance.now(), ...(stamp !== undefined && { stamp }) };
}

function valueNamed<Name extends AncillaryName>(
	ancillary: readonly AncillaryMessage[],
	name: Name,
): AncillaryValue<Name> | undefined {
	return ancillary.find((message) => message.name === name)?.value as AncillaryValue<Name> | undefined;
}

/** Lets what has come already be handled: a timer that was late goes off before it. */
export async function caughtUp(): Promise<void> {
	// One round of the event loop to see that something has come, one to handle it, one for what that leads to.
	for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}
