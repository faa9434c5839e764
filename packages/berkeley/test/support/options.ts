/**
 * What the tests of socket options share: sockets of each kind as bare descriptors, options read and set on
 * them, and what this machine allows.
 */
import { readFileSync } from "node:fs";
import { release } from "node:os";
import { check } from "../../src/errors.js";
import type { ReadableOption, WritableOption } from "../../src/options/option.js";
import { close } from "../../src/sys/descriptors.js";
import {
	AF_INET,
	AF_INET6,
	AF_PACKET,
	AF_UNIX,
	IPPROTO_ICMP,
	IPPROTO_ICMPV6,
	IPPROTO_UDPLITE,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_STREAM,
} from "../../src/sys/linux/constants/index.js";
import * as sys from "../../src/sys/sockets.js";

/** The kinds of socket that the tests make. */
export type Kind = keyof typeof kinds;

// Not IPPROTO_ICMPV6 for the raw socket over IPv6: its checksum cannot be moved.
const kinds = {
	tcp: [AF_INET, SOCK_STREAM, 0],
	tcp6: [AF_INET6, SOCK_STREAM, 0],
	udp: [AF_INET, SOCK_DGRAM, 0],
	udp6: [AF_INET6, SOCK_DGRAM, 0],
	udplite: [AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE],
	unix: [AF_UNIX, SOCK_STREAM, 0],
	unixgram: [AF_UNIX, SOCK_DGRAM, 0],
	raw: [AF_INET, SOCK_RAW, IPPROTO_ICMP],
	raw6: [AF_INET6, SOCK_RAW, 253],
	icmp6: [AF_INET6, SOCK_RAW, IPPROTO_ICMPV6],
	packet: [AF_PACKET, SOCK_RAW, 0],
} as const;

/** A descriptor of a new blocking socket. */
export function makeSocket(kind: Kind): number {
	const [family, type, protocol] = kinds[kind];
	return check("socket", sys.socket(family, type, protocol));
}

/** Runs with the descriptor of a new socket, and closes it. */
export function withSocket<T>(kind: Kind, use: (fd: number) => T): T {
	const fd = makeSocket(kind);
	try {
		return use(fd);
	} finally {
		close(fd);
	}
}

/** A connected pair of AF_UNIX sockets. */
export function withPair<T>(use: (a: number, b: number) => T): T {
	const pair = new Int32Array(2);
	check("socketpair", sys.socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	const [a = -1, b = -1] = pair;
	try {
		return use(a, b);
	} finally {
		close(a);
		close(b);
	}
}

/** A listener on 127.0.0.1, a connection to it and its accepted end. */
export function withConnection<T>(use: (client: number, accepted: number, listener: number) => T): T {
	return withSocket("tcp", (listener) =>
		withSocket("tcp", (client) => {
			const address = Buffer.alloc(16);
			address.writeUInt16LE(AF_INET, 0);
			address.set([127, 0, 0, 1], 4);
			const length = Int32Array.of(16);
			check("bind", sys.bind(listener, address, 16));
			check("listen", sys.listen(listener, 1));
			check("getsockname", sys.getsockname(listener, address, length));
			check("connect", sys.connect(client, address, 16));
			const accepted = check("accept", sys.accept4(listener, null, null, 0));
			try {
				return use(client, accepted, listener);
			} finally {
				close(accepted);
			}
		}),
	);
}

/** The bytes that getsockopt(2) gives for an option. */
export function getBytes(fd: number, option: ReadableOption<unknown>): Buffer {
	const room = Buffer.alloc(option.size);
	if (option.request) room.set(option.request);
	const length = Int32Array.of(room.length);
	check(`getsockopt ${option.kernelName}`, sys.getsockopt(fd, option.level, option.name, room, length));
	return room.subarray(0, (length[0] ?? 0) * (option.lengthUnit ?? 1));
}

/** An option's value. */
export function get<T>(fd: number, option: ReadableOption<T>): T {
	return option.decode(getBytes(fd, option));
}

/** Sets an option. */
export function set<T>(fd: number, option: WritableOption<T>, value: T): void {
	const bytes = option.encode(value);
	const result = sys.setsockopt(fd, option.level, option.name, bytes, bytes.length);
	check(`setsockopt ${option.kernelName}`, result);
}

const [major = 0, minor = 0] = release().split(".").map(Number);

/** Whether the running kernel is of a version, such as "6.16", or later. */
export function kernelHas(version: string): boolean {
	const [wantedMajor = 0, wantedMinor = 0] = version.split(".").map(Number);
	return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

const capabilities = BigInt(`0x${/^CapEff:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]}`);

/** Whether this process has CAP_NET_ADMIN and CAP_NET_RAW. */
export const privileged: boolean = (capabilities & 0x3000n) === 0x3000n;
