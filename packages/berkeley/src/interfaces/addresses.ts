/**
 * The addresses of interfaces: struct ifaddrmsg and its attributes (rtnetlink(7)).
 */
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RTM_NEWADDR } from "../sys/linux/constants/rtnetlink.js";
import { Attributes } from "./netlink/attributes.js";
import type { NetlinkMessage } from "./netlink/messages.js";
import {
	type AddressFlag,
	addressFlags,
	flagsOf,
	hostText,
	type Names,
	nameOf,
	type Scope,
	scopes,
} from "./numbers.js";

/** Offsets in struct ifaddrmsg. */
export const ifaddrmsg = {
	size: 8,
	ifa_family: 0,
	ifa_prefixlen: 1,
	ifa_flags: 2,
	ifa_scope: 3,
	ifa_index: 4,
} as const;

/** Offsets in struct ifa_cacheinfo. */
export const ifaCacheinfo = { size: 16, ifa_prefered: 0, ifa_valid: 4 } as const;

/** An address of an interface. */
export interface InterfaceAddress {
	/** AF_INET or AF_INET6. */
	family: typeof AF_INET | typeof AF_INET6;
	/** The numeric address, without a zone. */
	host: string;
	/** The length of its prefix in bits. */
	prefix: number;
	/** How far it is valid. */
	scope: Scope | number;
	/** What is known of it; flags without a name in hexadecimal. */
	flags: (AddressFlag | `0x${string}`)[];
	/** IPv4: the address of all in its network, where one is set. */
	broadcast?: string;
	/** The address of the other end, on a link between two. */
	peer?: string;
	/** IPv4: its label, the interface's name as a rule. */
	label?: string;
	/** The metric of the route to its prefix, where one is set. */
	metric?: number;
	/** For how many more milliseconds new connections may use it; Infinity without end. */
	preferredLifetime: number;
	/** For how many more milliseconds it is valid; Infinity without end. */
	validLifetime: number;
}

/** Reads an address; undefined when the message holds none. */
export function decodeAddress(
	message: NetlinkMessage,
): { index: number; address: InterfaceAddress } | undefined {
	const { type, body } = message;
	if (type !== RTM_NEWADDR || body.length < ifaddrmsg.size) return undefined;
	const family = body[ifaddrmsg.ifa_family];
	if (family !== AF_INET && family !== AF_INET6) return undefined;
	const attributes = new Attributes(body, ifaddrmsg.size);
	const local = hostText(family, attributes.bytes(rt.IFA_LOCAL));
	const other = hostText(family, attributes.bytes(rt.IFA_ADDRESS));
	const host = local ?? other;
	if (host === undefined) return undefined;
	const lifetimes = attributes.bytes(rt.IFA_CACHEINFO);
	const mask = attributes.u32(rt.IFA_FLAGS) ?? (body[ifaddrmsg.ifa_flags] as number);
	const address: InterfaceAddress = {
		family,
		host,
		prefix: body[ifaddrmsg.ifa_prefixlen] as number,
		scope: nameOf(scopes, body[ifaddrmsg.ifa_scope] as number),
		flags: flagsOf(family === AF_INET ? addressFlags : inet6Flags, mask),
		preferredLifetime: lifetime(lifetimes, ifaCacheinfo.ifa_prefered),
		validLifetime: lifetime(lifetimes, ifaCacheinfo.ifa_valid),
	};
	const broadcast = hostText(family, attributes.bytes(rt.IFA_BROADCAST));
	if (broadcast !== undefined) address.broadcast = broadcast;
	if (other !== undefined && other !== host) address.peer = other;
	const label = attributes.text(rt.IFA_LABEL);
	if (label !== undefined) address.label = label;
	const metric = attributes.u32(rt.IFA_RT_PRIORITY);
	if (metric !== undefined) address.metric = metric;
	return { index: body.readInt32LE(ifaddrmsg.ifa_index), address };
}

const inet6Flags: Names<AddressFlag> = { ...addressFlags, [rt.IFA_F_SECONDARY]: "temporary" };

const forever = 0xffffffff;

function lifetime(cacheinfo: Buffer | undefined, offset: number): number {
	if (cacheinfo === undefined || cacheinfo.length < ifaCacheinfo.size) return Number.POSITIVE_INFINITY;
	const seconds = cacheinfo.readUInt32LE(offset);
	return seconds === forever ? Number.POSITIVE_INFINITY : seconds * 1000;
}
