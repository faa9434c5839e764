/**
 * The types of ICMPv6 messages, and the fields of each behind the checksum: RFC 4443, RFC 2710 and RFC 3810 (multicast
 * listener discovery), RFC 4861 and RFC 4191 (neighbour discovery), RFC 4884 (the length of what is quoted).
 */
import { bitsField, flagField, inet6Field, type Message, message, numberField } from "./fields.js";

/** The packet that is quoted did not arrive; the code says why. */
export const ICMP6_DST_UNREACH = 1;
/** The packet that is quoted is too large for the next network. */
export const ICMP6_PACKET_TOO_BIG = 2;
/** The packet that is quoted passed too many routers, or too few of its fragments came. */
export const ICMP6_TIME_EXCEEDED = 3;
/** A field of the packet that is quoted is wrong. */
export const ICMP6_PARAM_PROB = 4;
/** Asks for an answer. */
export const ICMP6_ECHO_REQUEST = 128;
/** Answers ICMP6_ECHO_REQUEST. */
export const ICMP6_ECHO_REPLY = 129;
/** A router asks who listens to a multicast group, or to any. */
export const MLD_LISTENER_QUERY = 130;
/** A host listens to a group, version 1. */
export const MLD_LISTENER_REPORT = 131;
/** A host listens no more, version 1. */
export const MLD_LISTENER_REDUCTION = 132;
/** Asks routers to advertise themselves. */
export const ND_ROUTER_SOLICIT = 133;
/** A router tells of itself and of the network. */
export const ND_ROUTER_ADVERT = 134;
/** Asks for a neighbour's hardware address. */
export const ND_NEIGHBOR_SOLICIT = 135;
/** Tells a hardware address. */
export const ND_NEIGHBOR_ADVERT = 136;
/** Another router is nearer, or the destination is a neighbour. */
export const ND_REDIRECT = 137;
/** What a host wants of its groups, version 2. */
export const MLD2_LISTENER_REPORT = 143;

const quotation = [numberField("length", 4, 1), numberField("unused", 5, 3)];
const echo = message("an echo", 8, [numberField("identifier", 4, 2), numberField("sequence", 6, 2)]);
const listener = [
	numberField("maximumResponseCode", 4, 2),
	numberField("reserved", 6, 2),
	inet6Field("multicastAddress", 8),
];
const mld = message("multicast listener discovery of version 1", 24, listener);

/** A query of version 2, which is longer than one of version 1. */
export const mldQuery2: Message = message(
	"a query of version 2",
	28,
	[
		...listener,
		bitsField("reserved2", 24, 1, 4, 4),
		flagField("suppress", 24, 3),
		bitsField("robustness", 24, 1, 0, 3),
		numberField("queryIntervalCode", 25, 1),
		numberField("numberOfSources", 26, 2),
	],
	["sources"],
);

/** A report of version 2. */
export const mldReport2: Message = message(
	"a report of version 2",
	8,
	[numberField("reserved", 4, 2), numberField("numberOfRecords", 6, 2)],
	["records"],
);

const table = new Map<number, Message>([
	[ICMP6_DST_UNREACH, message("a destination unreachable", 8, quotation, ["extension"])],
	[ICMP6_PACKET_TOO_BIG, message("a packet too big", 8, [numberField("mtu", 4, 4)])],
	[ICMP6_TIME_EXCEEDED, message("a time exceeded", 8, quotation, ["extension"])],
	[ICMP6_PARAM_PROB, message("a parameter problem", 8, [numberField("pointer", 4, 4)])],
	[ICMP6_ECHO_REQUEST, echo],
	[ICMP6_ECHO_REPLY, echo],
	[MLD_LISTENER_QUERY, mld],
	[MLD_LISTENER_REPORT, mld],
	[MLD_LISTENER_REDUCTION, mld],
	[ND_ROUTER_SOLICIT, message("a router solicitation", 8, [numberField("reserved", 4, 4)], ["options"])],
	[
		ND_ROUTER_ADVERT,
		message(
			"a router advertisement",
			16,
			[
				numberField("currentHopLimit", 4, 1),
				flagField("managed", 5, 7),
				flagField("otherConfiguration", 5, 6),
				flagField("homeAgent", 5, 5),
				bitsField("preference", 5, 1, 3, 2),
				bitsField("reserved", 5, 1, 0, 3),
				numberField("routerLifetime", 6, 2),
				numberField("reachableTime", 8, 4),
				numberField("retransTimer", 12, 4),
			],
			["options"],
		),
	],
	[
		ND_NEIGHBOR_SOLICIT,
		message(
			"a neighbour solicitation",
			24,
			[numberField("reserved", 4, 4), inet6Field("targetAddress", 8)],
			["options"],
		),
	],
	[
		ND_NEIGHBOR_ADVERT,
		message(
			"a neighbour advertisement",
			24,
			[
				flagField("router", 4, 7),
				flagField("solicited", 4, 6),
				flagField("override", 4, 5),
				bitsField("reserved", 4, 4, 0, 29),
				inet6Field("targetAddress", 8),
			],
			["options"],
		),
	],
	[
		ND_REDIRECT,
		message(
			"a redirect",
			40,
			[numberField("reserved", 4, 4), inet6Field("targetAddress", 8), inet6Field("destinationAddress", 24)],
			["options"],
		),
	],
	[MLD2_LISTENER_REPORT, mldReport2],
]);

const other = message("this type", 4, []);

/** What a type has; a query is taken for one of version 1. */
export function messageOf(type: number): Message {
	return table.get(type) ?? other;
}

/** Whether a type of message has options of neighbour discovery. */
export function hasOptions(type: number): boolean {
	return type >= ND_ROUTER_SOLICIT && type <= ND_REDIRECT;
}

const names = new Map([
	[ICMP6_DST_UNREACH, "destination unreachable"],
	[ICMP6_PACKET_TOO_BIG, "packet too big"],
	[ICMP6_TIME_EXCEEDED, "time exceeded"],
	[ICMP6_PARAM_PROB, "parameter problem"],
	[ICMP6_ECHO_REQUEST, "echo request"],
	[ICMP6_ECHO_REPLY, "echo reply"],
	[MLD_LISTENER_QUERY, "listener query"],
	[MLD_LISTENER_REPORT, "listener report"],
	[MLD_LISTENER_REDUCTION, "listener done"],
	[ND_ROUTER_SOLICIT, "router solicitation"],
	[ND_ROUTER_ADVERT, "router advertisement"],
	[ND_NEIGHBOR_SOLICIT, "neighbour solicitation"],
	[ND_NEIGHBOR_ADVERT, "neighbour advertisement"],
	[ND_REDIRECT, "redirect"],
	[MLD2_LISTENER_REPORT, "listener report v2"],
]);

/** What people call a type. */
export function nameOf(type: number): string {
	return names.get(type) ?? `type ${type}`;
}
