/**
 * Routes as netlink tells them: struct rtmsg, struct rtnexthop and their attributes (rtnetlink(7)).
 */
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RTM_NEWROUTE } from "../sys/linux/constants/rtnetlink.js";
import type { InterfaceReference, ReferencedInterfaces } from "./names.js";
import { Attributes } from "./netlink/attributes.js";
import type { NetlinkMessage } from "./netlink/messages.js";
import {
	flagsOf,
	hostText,
	type NexthopFlag,
	nameOf,
	nexthopFlags,
	type RouteProtocol,
	type RouteType,
	routeProtocols,
	routeTypes,
	type Scope,
	scopes,
} from "./numbers.js";
import { withPresent } from "./present.js";

/** Offsets in struct rtmsg. */
export const rtmsg = {
	size: 12,
	rtm_family: 0,
	rtm_dst_len: 1,
	rtm_src_len: 2,
	rtm_tos: 3,
	rtm_table: 4,
	rtm_protocol: 5,
	rtm_scope: 6,
	rtm_type: 7,
	rtm_flags: 8,
} as const;

/** Offsets in struct rtnexthop. */
export const rtnexthop = {
	size: 8,
	rtnh_len: 0,
	rtnh_flags: 2,
	rtnh_hops: 3,
	rtnh_ifindex: 4,
} as const;

/** Offsets in struct rta_cacheinfo, whose times are hundredths of seconds. */
export const rtaCacheinfo = { size: 32, rta_expires: 8, rta_error: 12 } as const;

/** One of several ways that a route has. */
export interface Nexthop {
	/** The numeric address of the router; undefined when the destination is on the link. */
	gateway?: string;
	/** The interface that packets leave by. */
	interface?: InterfaceReference;
	/** How much of the traffic goes there, from 1 on. */
	weight: number;
	/** What is to be known of it; flags without a name in hexadecimal. */
	flags: (NexthopFlag | `0x${string}`)[];
}

/** A route. */
export interface Route {
	/** AF_INET or AF_INET6. */
	family: typeof AF_INET | typeof AF_INET6;
	/** Where packets go that it is for, as a block: "10.0.0.0/8"; "0.0.0.0/0" or "::/0" is the default route. */
	destination: string;
	/** What it does with them: "unicast" sends them on, "local" takes them in, "blackhole" drops them. */
	type: RouteType | number;
	/** The numeric address of the next router, without a zone; undefined when the destination is on the link. */
	gateway?: string;
	/** The interface that packets leave by; undefined when there are `nexthops`, or when none leaves. */
	interface?: InterfaceReference;
	/** The source address that packets get whose sender has bound to none. */
	preferredSource?: string;
	/** The block of source addresses that it is for alone, where there is one. */
	source?: string;
	/** What decides between routes to the same destination: the least. */
	metric: number;
	/** Who made it. */
	protocol: RouteProtocol | number;
	/** How far the destination is away. */
	scope: Scope | number;
	/** The number of its table: RT_TABLE_MAIN, RT_TABLE_LOCAL, or one that an administrator chose. */
	table: number;
	/** The type of service that it is for; 0 is all. */
	tos: number;
	/** What is to be known of its next hop; flags without a name in hexadecimal. */
	flags: (NexthopFlag | `0x${string}`)[];
	/** Its ways, when there are several. */
	nexthops?: Nexthop[];
	/** The number of the next hop object that it uses, where it uses one. */
	nexthopId?: number;
	/** IPv6: the preference that its router announced (RFC 4191). */
	preference?: "low" | "medium" | "high" | number;
	/** The MTU of the path, where it is set or was discovered. */
	mtu?: number;
	/** The maximum segment size to announce, where it is set. */
	advertisedMss?: number;
	/** The hop limit, where it is set. */
	hopLimit?: number;
	/** In how many milliseconds it expires, where it does; negative when it has. */
	expires?: number;
}

/** A route, and what belongs to its message alone. */
export interface RouteMessage {
	route: Route;
	/** Whether it is a cached copy and no entry of a table. */
	cloned: boolean;
	/** The error that packets meet: 0 or a negative errno. */
	error: number;
}

const preferences = { 0: "medium", 1: "high", 3: "low" } as const;

/** Reads a route; undefined when the message holds none of an IP address. */
export function decodeRoute(
	{ type, body }: NetlinkMessage,
	names: ReferencedInterfaces,
): RouteMessage | undefined {
	if (type !== RTM_NEWROUTE || body.length < rtmsg.size) return undefined;
	const family = body[rtmsg.rtm_family];
	if (family !== AF_INET && family !== AF_INET6) return undefined;
	const attributes = new Attributes(body, rtmsg.size);
	const flags = body.readUInt32LE(rtmsg.rtm_flags);
	const route: Route = {
		family,
		destination: blockOf(family, attributes.bytes(rt.RTA_DST), body[rtmsg.rtm_dst_len] as number),
		type: nameOf(routeTypes, body[rtmsg.rtm_type] as number),
		metric: attributes.u32(rt.RTA_PRIORITY) ?? 0,
		protocol: nameOf(routeProtocols, body[rtmsg.rtm_protocol] as number),
		scope: nameOf(scopes, body[rtmsg.rtm_scope] as number),
		table: attributes.u32(rt.RTA_TABLE) ?? (body[rtmsg.rtm_table] as number),
		tos: body[rtmsg.rtm_tos] as number,
		flags: flagsOf(nexthopFlags, flags & nexthopMask),
	};
	const sourceLength = body[rtmsg.rtm_src_len] as number;
	const metrics = attributes.nested(rt.RTA_METRICS);
	const cache = attributes.bytes(rt.RTA_CACHEINFO);
	const preference = attributes.u8(rt.RTA_PREF);
	withPresent(route, {
		gateway: gatewayOf(family, attributes),
		interface: names.of(attributes.s32(rt.RTA_OIF)),
		preferredSource: hostText(family, attributes.bytes(rt.RTA_PREFSRC)),
		source: sourceLength > 0 ? blockOf(family, attributes.bytes(rt.RTA_SRC), sourceLength) : undefined,
		nexthops: nexthopsOf(family, attributes.bytes(rt.RTA_MULTIPATH), names),
		nexthopId: attributes.u32(rt.RTA_NH_ID),
		preference: preference === undefined ? undefined : nameOf(preferences, preference),
		mtu: metrics?.u32(rt.RTAX_MTU),
		advertisedMss: metrics?.u32(rt.RTAX_ADVMSS),
		hopLimit: metrics?.u32(rt.RTAX_HOPLIMIT),
		expires: expiryOf(cache),
	});
	const error =
		cache !== undefined && cache.length >= rtaCacheinfo.size ? cache.readInt32LE(rtaCacheinfo.rta_error) : 0;
	return { route, cloned: (flags & rt.RTM_F_CLONED) !== 0, error };
}

/** The flags of struct rtmsg that are about the next hop. */
const nexthopMask = 0xff;

/** A block of addresses. One without an address, or with one of a wrong length, is that of all. */
function blockOf(family: number, bytes: Buffer | undefined, length: number): string {
	const all = family === AF_INET ? "0.0.0.0" : "::";
	return `${hostText(family, bytes) ?? all}/${length}`;
}

function gatewayOf(family: number, attributes: Attributes): string | undefined {
	const gateway = hostText(family, attributes.bytes(rt.RTA_GATEWAY));
	if (gateway !== undefined) return gateway;
	// struct rtvia: an IPv4 route by way of an IPv6 router.
	const via = attributes.bytes(rt.RTA_VIA);
	return via !== undefined && via.length > 2 ? hostText(via.readUInt16LE(0), via.subarray(2)) : undefined;
}

function nexthopsOf(
	family: number,
	bytes: Buffer | undefined,
	names: ReferencedInterfaces,
): Nexthop[] | undefined {
	if (bytes === undefined) return undefined;
	const found: Nexthop[] = [];
	for (let at = 0; at + rtnexthop.size <= bytes.length; ) {
		const length = bytes.readUInt16LE(at + rtnexthop.rtnh_len);
		if (length < rtnexthop.size || at + length > bytes.length) break;
		const attributes = new Attributes(bytes, at + rtnexthop.size, at + length);
		const nexthop: Nexthop = {
			weight: (bytes[at + rtnexthop.rtnh_hops] as number) + 1,
			flags: flagsOf(nexthopFlags, bytes[at + rtnexthop.rtnh_flags] as number),
		};
		const optional = {
			gateway: gatewayOf(family, attributes),
			interface: names.of(bytes.readInt32LE(at + rtnexthop.rtnh_ifindex)),
		};
		found.push(withPresent(nexthop, optional));
		at += (length + 3) & ~3;
	}
	return found;
}

function expiryOf(cache: Buffer | undefined): number | undefined {
	if (cache === undefined || cache.length < rtaCacheinfo.size) return undefined;
	// 0 is without end.
	const hundredths = cache.readInt32LE(rtaCacheinfo.rta_expires);
	return hundredths === 0 ? undefined : hundredths * 10;
}
