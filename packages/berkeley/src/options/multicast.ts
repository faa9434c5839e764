/**
 * The structs of multicast membership and source filters, for both IP levels (ip(7), ipv6(7), RFC 3678).
 */
import { inetNtop, inetPton } from "../address/inet.js";
import { AF_INET, AF_INET6, MCAST_EXCLUDE, MCAST_INCLUDE } from "../sys/linux/constants/index.js";
import { type Interface, interfaceIndex } from "./interface.js";
import type { Encoder, ReadableOption } from "./option.js";
import { checkObject, misuse } from "./validate.js";

/** A group to join or leave. */
export interface Membership {
	/** The group's address: "239.1.2.3", "ff02::1:3". */
	group: string;
	/** The interface to join it on; when left out the kernel chooses by its routes. */
	interface?: Interface;
}

/** An IPv4 group to join or leave: struct ip_mreqn. */
export interface Membership4 extends Membership {
	/** The interface by one of its addresses, when `interface` is left out. */
	address?: string;
}

/** An anycast group to join or leave: struct ipv6_mreq. */
export interface AnycastMembership {
	/** The group's address, a unicast address by its form. */
	address: string;
	/** The interface to join it on; when left out the kernel chooses by its routes. */
	interface?: Interface;
}

/** A source within an IPv4 group: struct ip_mreq_source. */
export interface SourceMembership4 {
	/** The group's IPv4 address. */
	group: string;
	/** The sender's address. */
	source: string;
	/** The interface by one of its addresses; when left out the kernel chooses by its routes. */
	address?: string;
}

/** A source within a group: struct group_source_req. */
export interface SourceMembership extends Membership {
	/** The sender's address. */
	source: string;
}

/** The senders of a group that a socket listens to. */
export interface SourceFilter {
	/** "include": only these sources. "exclude": all but these. */
	mode: "include" | "exclude";
	/** The senders' addresses, of the group's family. */
	sources: string[];
}

/** The filter of an IPv4 membership: struct ip_msfilter. */
export interface SourceFilter4 extends SourceFilter {
	/** The group's IPv4 address. */
	group: string;
	/** The interface by one of its addresses, as it was joined. */
	address?: string;
}

/** The filter of a membership: struct group_filter. */
export interface GroupFilter extends SourceFilter {
	/** The group's address, of the level's family. */
	group: string;
	/** The interface that the group was joined on. */
	interface?: Interface;
}

/** struct ip_mreqn: in_addr group, in_addr address, int ifindex. */
export const membership4: Encoder<Membership4> = {
	encode(value, owner) {
		checkObject(owner, value, "{ group, interface?, address? }");
		const result = Buffer.alloc(12);
		result.set(addressBytes(owner, "group", AF_INET, value.group), 0);
		if (value.address !== undefined) result.set(addressBytes(owner, "address", AF_INET, value.address), 4);
		if (value.interface !== undefined) result.writeInt32LE(interfaceIndex(owner, value.interface), 8);
		return result;
	},
};

/** struct ipv6_mreq: in6_addr group, int ifindex. */
export const membership6: Encoder<Membership> = {
	encode(value, owner) {
		checkObject(owner, value, "{ group, interface? }");
		const result = Buffer.alloc(20);
		result.set(addressBytes(owner, "group", AF_INET6, value.group), 0);
		if (value.interface !== undefined) result.writeInt32LE(interfaceIndex(owner, value.interface), 16);
		return result;
	},
};

/** struct ipv6_mreq for an anycast address. */
export const anycast: Encoder<AnycastMembership> = {
	encode(value, owner) {
		checkObject(owner, value, "{ address, interface? }");
		const { address, ...rest } = value;
		return membership6.encode({ group: address, ...rest }, owner);
	},
};

/** struct ip_mreq_source: in_addr group, in_addr interface, in_addr source. */
export const sourceMembership4: Encoder<SourceMembership4> = {
	encode(value, owner) {
		checkObject(owner, value, "{ group, source, address? }");
		const result = Buffer.alloc(12);
		result.set(addressBytes(owner, "group", AF_INET, value.group), 0);
		if (value.address !== undefined) result.set(addressBytes(owner, "address", AF_INET, value.address), 4);
		result.set(addressBytes(owner, "source", AF_INET, value.source), 8);
		return result;
	},
};

// struct group_req and its kin: a u32 interface, then sockaddr_storage aligned to 8.
const storageSize = 128;

/** struct group_req, of addresses of a family. */
/* @__NO_SIDE_EFFECTS__ */
export function groupRequest(family: number): Encoder<Membership> {
	return {
		encode(value, owner) {
			checkObject(owner, value, "{ group, interface? }");
			const result = Buffer.alloc(8 + storageSize);
			if (value.interface !== undefined) result.writeUInt32LE(interfaceIndex(owner, value.interface), 0);
			writeSockaddr(result, 8, owner, "group", family, value.group);
			return result;
		},
	};
}

/** struct group_source_req, of addresses of a family. */
/* @__NO_SIDE_EFFECTS__ */
export function groupSourceRequest(family: number): Encoder<SourceMembership> {
	return {
		encode(value, owner) {
			checkObject(owner, value, "{ group, source, interface? }");
			const result = Buffer.alloc(8 + 2 * storageSize);
			if (value.interface !== undefined) result.writeUInt32LE(interfaceIndex(owner, value.interface), 0);
			writeSockaddr(result, 8, owner, "group", family, value.group);
			writeSockaddr(result, 8 + storageSize, owner, "source", family, value.source);
			return result;
		},
	};
}

const filter4Size = 16;

/** struct ip_msfilter: group, interface, mode, count, then 4 bytes a source. */
export const sourceFilter4: Encoder<SourceFilter4> = {
	encode(value, owner) {
		checkObject(owner, value, "{ group, mode, sources, address? }");
		const sources = checkSources(owner, value.sources);
		const result = Buffer.alloc(filter4Size + sources.length * 4);
		result.set(addressBytes(owner, "group", AF_INET, value.group), 0);
		if (value.address !== undefined) result.set(addressBytes(owner, "address", AF_INET, value.address), 4);
		result.writeUInt32LE(modeNumber(owner, value.mode), 8);
		result.writeUInt32LE(sources.length, 12);
		for (const [index, source] of sources.entries())
			result.set(addressBytes(owner, "source", AF_INET, source), filter4Size + index * 4);
		return result;
	},
};

const groupFilterSize = 8 + storageSize + 8;

/** struct group_filter: interface, group, mode, count, then a sockaddr_storage for each source. */
/* @__NO_SIDE_EFFECTS__ */
export function groupFilter(family: number): Encoder<GroupFilter> {
	return {
		encode(value, owner) {
			checkObject(owner, value, "{ group, mode, sources, interface? }");
			const sources = checkSources(owner, value.sources);
			const result = Buffer.alloc(groupFilterSize + sources.length * storageSize);
			if (value.interface !== undefined) result.writeUInt32LE(interfaceIndex(owner, value.interface), 0);
			writeSockaddr(result, 8, owner, "group", family, value.group);
			result.writeUInt32LE(modeNumber(owner, value.mode), 8 + storageSize);
			result.writeUInt32LE(sources.length, 8 + storageSize + 4);
			for (const [index, source] of sources.entries())
				writeSockaddr(result, groupFilterSize + index * storageSize, owner, "source", family, source);
			return result;
		},
	};
}

/** The sources that a filter is read with room for: more than the kernel's limits on them, as a rule. */
const readableSources = 1024;

/** A question for the filter of one IPv4 membership. */
export function sourceFilterQuery4(
	level: number,
	name: number,
	kernelName: string,
	group: string,
	address: string | undefined,
): ReadableOption<SourceFilter> {
	const size = filter4Size + readableSources * 4;
	const request = Buffer.alloc(filter4Size);
	request.set(addressBytes(kernelName, "group", AF_INET, group), 0);
	if (address !== undefined) request.set(addressBytes(kernelName, "address", AF_INET, address), 4);
	request.writeUInt32LE(readableSources, 12);
	return {
		level,
		name,
		kernelName,
		size,
		request,
		decode(bytes) {
			const sources: string[] = [];
			for (let offset = filter4Size; offset + 4 <= bytes.length; offset += 4)
				sources.push(inetNtop(AF_INET, bytes.subarray(offset, offset + 4)));
			return { mode: modeName(bytes.readUInt32LE(8)), sources };
		},
	};
}

/** A question for the filter of one membership of a family. */
export function groupFilterQuery(
	family: number,
	level: number,
	name: number,
	kernelName: string,
	group: string,
	on: Interface | undefined,
): ReadableOption<SourceFilter> {
	const size = groupFilterSize + readableSources * storageSize;
	const request = Buffer.alloc(groupFilterSize);
	if (on !== undefined) request.writeUInt32LE(interfaceIndex(kernelName, on), 0);
	writeSockaddr(request, 8, kernelName, "group", family, group);
	request.writeUInt32LE(readableSources, 8 + storageSize + 4);
	// The address within a sockaddr_in, a sockaddr_in6.
	const [start, length] = family === AF_INET ? [4, 4] : [8, 16];
	return {
		level,
		name,
		kernelName,
		size,
		request,
		decode(bytes) {
			const sources: string[] = [];
			for (let at = groupFilterSize + start; at + length <= bytes.length; at += storageSize)
				sources.push(inetNtop(family, bytes.subarray(at, at + length)));
			return { mode: modeName(bytes.readUInt32LE(8 + storageSize)), sources };
		},
	};
}

/** The bytes of an address in text; a field of an option. */
export function addressBytes(owner: string, field: string, family: number, text: unknown): Uint8Array {
	const takes = `as ${field} an ${family === AF_INET ? "IPv4" : "IPv6"} address`;
	if (typeof text !== "string") throw new TypeError(misuse(owner, takes, text));
	try {
		return inetPton(family, text);
	} catch {
		throw new TypeError(misuse(owner, takes, text));
	}
}

/** Writes a sockaddr_in or sockaddr_in6 with port 0. */
export function writeSockaddr(
	result: Buffer,
	offset: number,
	owner: string,
	field: string,
	family: number,
	text: string,
): void {
	result.writeUInt16LE(family, offset);
	result.set(addressBytes(owner, field, family, text), offset + (family === AF_INET ? 4 : 8));
}

function checkSources(owner: string, sources: unknown): readonly string[] {
	if (!Array.isArray(sources))
		throw new TypeError(misuse(owner, "as sources an array of addresses", sources));
	return sources;
}

function modeNumber(owner: string, mode: unknown): number {
	if (mode === "include") return MCAST_INCLUDE;
	if (mode === "exclude") return MCAST_EXCLUDE;
	throw new TypeError(misuse(owner, 'as mode "include" or "exclude"', mode));
}

function modeName(mode: number): "include" | "exclude" {
	return mode === MCAST_INCLUDE ? "include" : "exclude";
}
