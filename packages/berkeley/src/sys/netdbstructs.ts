/**
 * The structs of <netdb.h>, the same on x64 and arm64: what is given and what comes back.
 */
import { copyOf, pointerAt, pointersAt, textsAt } from "./copy.js";
import { textAt } from "./ffi.js";

/** Offsets in struct addrinfo. */
export const addrinfo = {
	size: 48,
	ai_flags: 0,
	ai_family: 4,
	ai_socktype: 8,
	ai_protocol: 12,
	ai_addrlen: 16,
	ai_addr: 24,
	ai_canonname: 32,
	ai_next: 40,
} as const;

/** Offsets in struct hostent. */
export const hostent = {
	size: 32,
	h_name: 0,
	h_aliases: 8,
	h_addrtype: 16,
	h_length: 20,
	h_addr_list: 24,
} as const;

/** Offsets in struct servent. */
export const servent = { size: 32, s_name: 0, s_aliases: 8, s_port: 16, s_proto: 24 } as const;

/** Offsets in struct protoent. */
export const protoent = { size: 24, p_name: 0, p_aliases: 8, p_proto: 16 } as const;

/** What getaddrinfo is asked for: 0 leaves a field open. */
export interface Hints {
	flags: number;
	family: number;
	type: number;
	proto: number;
}

/** One struct addrinfo, copied out. */
export interface Addrinfo {
	family: number;
	type: number;
	proto: number;
	/** "" where there is none; only the first of a list has one. */
	canonname: string;
	/** The sockaddr, from its family on. */
	sockaddr: Buffer;
}

/** One struct hostent, copied out. */
export interface Hostent {
	name: string;
	aliases: string[];
	family: number;
	/** The addresses in network byte order, 4 or 16 bytes each. */
	addresses: Buffer[];
}

/** Writes the hints at an offset of zeroed native memory. */
export function writeHints(view: DataView, offset: number, hints: Hints): void {
	view.setInt32(offset + addrinfo.ai_flags, hints.flags, true);
	view.setInt32(offset + addrinfo.ai_family, hints.family, true);
	view.setInt32(offset + addrinfo.ai_socktype, hints.type, true);
	view.setInt32(offset + addrinfo.ai_protocol, hints.proto, true);
}

/** The list that getaddrinfo made, from its head on. */
export function readAddrinfos(head: number): Addrinfo[] {
	const list: Addrinfo[] = [];
	for (let address = head; address !== 0; ) {
		const bytes = copyOf(address, addrinfo.size);
		list.push({
			family: bytes.readInt32LE(addrinfo.ai_family),
			type: bytes.readInt32LE(addrinfo.ai_socktype),
			proto: bytes.readInt32LE(addrinfo.ai_protocol),
			canonname: textAt(pointerAt(bytes, addrinfo.ai_canonname)),
			sockaddr: copyOf(pointerAt(bytes, addrinfo.ai_addr), bytes.readUInt32LE(addrinfo.ai_addrlen)),
		});
		address = pointerAt(bytes, addrinfo.ai_next);
	}
	return list;
}

/** The struct hostent at an address. */
export function readHostent(address: number): Hostent {
	const bytes = copyOf(address, hostent.size);
	const length = bytes.readInt32LE(hostent.h_length);
	return {
		name: textAt(pointerAt(bytes, hostent.h_name)),
		aliases: textsAt(pointerAt(bytes, hostent.h_aliases)),
		family: bytes.readInt32LE(hostent.h_addrtype),
		addresses: pointersAt(pointerAt(bytes, hostent.h_addr_list)).map((each) => copyOf(each, length)),
	};
}

/** The name and the port of the struct servent at an address. */
export function readServent(address: number): { name: string; port: number } {
	const bytes = copyOf(address, servent.size);
	// The port is an int that holds 16 bits in network byte order.
	return { name: textAt(pointerAt(bytes, servent.s_name)), port: bytes.readUInt16BE(servent.s_port) };
}

/** The number of the struct protoent at an address. */
export function readProtoent(address: number): number {
	return copyOf(address, protoent.size).readInt32LE(protoent.p_proto);
}
