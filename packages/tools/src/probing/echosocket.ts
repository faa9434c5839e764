/**
 * A socket for ICMP echoes: a ping socket (icmp(7)), which needs no privilege where net.ipv4.ping_group_range has the
 * user's group, or else a raw one.
 */
import {
	AF_INET6,
	ICMP_FILTER,
	ICMPV6_FILTER,
	IPPROTO_ICMP,
	IPPROTO_ICMPV6,
	ifNametoindex,
	SOCK_DGRAM,
	SOCK_RAW,
	SOL_ICMPV6,
	SOL_RAW,
	Socket,
} from "berkeley";
import {
	build,
	checksum,
	dissect,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
	icmpv4,
	icmpv6,
	ipv4,
} from "berkeley/packet";
import { codeOf, describeFailure, Failure } from "../failure.js";
import type { Source } from "./source.js";
import type { Target } from "./target.js";
import { receiveOnly } from "./wordfilter.js";

/** An ICMP message that came. */
export interface Message {
	readonly type: number;
	readonly code: number;
	readonly identifier: number;
	readonly sequence: number;
	/** What follows the header of 8 bytes. */
	readonly payload: Buffer;
	/** All of it, from the ICMP header on. */
	readonly bytes: Buffer;
	/** Whether the checksum is right; the kernel has looked at it where this process cannot. */
	readonly isSound: boolean;
}

const headerSize = 8;
const identifierOffset = 4;

/** The socket, and how echoes look on it. */
export class EchoSocket {
	readonly socket: Socket;
	readonly kind: "ping" | "raw";
	/** What all requests bear, and by which answers are known. */
	readonly identifier: number;
	readonly #six: boolean;

	/**
	 * @param identifier what the requests are to bear; any when left out
	 * @throws Failure when neither kind of socket is allowed
	 */
	constructor(target: Target, { host, device }: Source, identifier?: number) {
		this.#six = target.family === AF_INET6;
		const protocol = this.#six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		[this.socket, this.kind] = openEither(target.family, protocol);
		try {
			const local = host ?? (this.#six ? "::" : "0.0.0.0");
			const scopeId = this.#six && device !== undefined ? ifNametoindex(device) : 0;
			if (this.kind === "ping" || host !== undefined) {
				// The port of a ping socket is the identifier.
				const port = this.kind === "ping" ? (identifier ?? 0) : 0;
				this.socket.bind({ host: local, port, ...(scopeId > 0 && isLinkLocal(local) && { scopeId }) });
			}
			this.identifier =
				this.kind === "ping"
					? (this.socket.getsockname() as { port: number }).port
					: (identifier ?? 1 + Math.floor(Math.random() * 0xffff));
			if (this.kind === "raw") {
				this.#filter();
				receiveOnly(this.socket, [[identifierOffset, this.identifier]]);
			}
		} catch (error) {
			this.socket.close();
			throw error;
		}
	}

	/** An echo request. The kernel fills in what it computes itself: the identifier of ping sockets, checksums of IPv6. */
	request(sequence: number, payload: Uint8Array): Uint8Array {
		const { identifier } = this;
		return this.#six
			? build(icmpv6({ type: ICMP6_ECHO_REQUEST, checksum: 0, identifier, sequence }), payload)
			: build(icmpv4({ type: ICMP_ECHO, identifier, sequence }), payload);
	}

	/** What came on the socket: an answer to this socket's requests, or undefined. */
	answer(data: Buffer): Message | undefined {
		const message = this.message(data);
		if (message === undefined || message.identifier !== this.identifier) return undefined;
		return message.type === (this.#six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) ? message : undefined;
	}

	/** What came on the socket, whatever it is. Raw sockets of IPv4 have the IP header before it. */
	message(data: Buffer): Message | undefined {
		let bytes = data;
		if (!this.#six && this.kind === "raw") {
			const header = dissect(data, { first: ipv4 }).get(ipv4);
			if (header === undefined) return undefined;
			bytes = data.subarray(header.payloadStart, header.end);
		}
		if (bytes.length < headerSize) return undefined;
		return {
			type: bytes.readUInt8(0),
			code: bytes.readUInt8(1),
			identifier: bytes.readUInt16BE(identifierOffset),
			sequence: bytes.readUInt16BE(6),
			payload: bytes.subarray(headerSize),
			bytes,
			isSound: this.#six || checksum(bytes) === 0,
		};
	}

	/** The sequence of the request that an ICMP error quotes; undefined when it is not of this socket. */
	quoted(bytes: Buffer): number | undefined {
		if (bytes.length < headerSize) return undefined;
		if (bytes.readUInt8(0) !== (this.#six ? ICMP6_ECHO_REQUEST : ICMP_ECHO)) return undefined;
		return bytes.readUInt16BE(identifierOffset) === this.identifier ? bytes.readUInt16BE(6) : undefined;
	}

	/** A raw socket gets every ICMP message of the machine: all but answers are kept out (raw(7), RFC 3542). */
	#filter(): void {
		if (this.#six) {
			// A bit that is set keeps the type out: RFC 3542 has it the other way round.
			const blocked = Buffer.alloc(32, 0xff);
			const word = ICMP6_ECHO_REPLY >>> 5;
			blocked.writeUInt32LE((0xffffffff & ~(1 << (ICMP6_ECHO_REPLY & 31))) >>> 0, 4 * word);
			this.socket.setsockopt(SOL_ICMPV6, ICMPV6_FILTER, blocked);
		} else {
			const blocked = Buffer.alloc(4);
			blocked.writeUInt32LE(~(1 << ICMP_ECHOREPLY) >>> 0);
			this.socket.setsockopt(SOL_RAW, ICMP_FILTER, blocked);
		}
	}
}

function isLinkLocal(host: string): boolean {
	return /^fe[89ab]/i.test(host);
}

function openEither(family: number, protocol: number): [Socket, "ping" | "raw"] {
	let first: unknown;
	try {
		return [new Socket(family, SOCK_DGRAM, protocol), "ping"];
	} catch (error) {
		// EPROTONOSUPPORT: a kernel without ping sockets.
		if (!isRefusal(error) && codeOf(error) !== "EPROTONOSUPPORT") throw error;
		first = error;
	}
	try {
		return [new Socket(family, SOCK_RAW, protocol), "raw"];
	} catch (error) {
		if (!isRefusal(error)) throw error;
		throw new Failure(`${describeFailure(first)}; else ${describeFailure(error)}`, { cause: error });
	}
}

function isRefusal(error: unknown): boolean {
	return ["EACCES", "EPERM"].includes(codeOf(error) ?? "");
}
