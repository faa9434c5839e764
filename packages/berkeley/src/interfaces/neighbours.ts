/**
 * Neighbours: the kernel's tables of ARP and of IPv6 neighbour discovery (rtnetlink(7), RTM_GETNEIGH).
 */
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RTM_GETNEIGH, RTM_NEWNEIGH } from "../sys/linux/constants/rtnetlink.js";
import { checkFamily, checkOptions } from "./arguments.js";
import { checkInterface, type InterfaceReference, locate, ReferencedInterfaces } from "./names.js";
import { Attributes, attribute32, encodeAttributes } from "./netlink/attributes.js";
import { ask, type Conversation, converse, converseSync } from "./netlink/conversation.js";
import type { NetlinkMessage } from "./netlink/messages.js";
import {
	flagsOf,
	hardwareText,
	hostText,
	type NeighbourFlag,
	type NeighbourState,
	nameOf,
	neighbourFlags,
	neighbourStates,
} from "./numbers.js";
import { withPresent } from "./present.js";

/** Offsets in struct ndmsg. */
export const ndmsg = { size: 12, ndm_family: 0, ndm_ifindex: 4, ndm_state: 8, ndm_flags: 10 } as const;

/** Offsets in struct nda_cacheinfo, whose times are hundredths of seconds. */
export const ndaCacheinfo = { size: 16, ndm_confirmed: 0, ndm_used: 4, ndm_updated: 8 } as const;

/** A neighbour: a host on the link of an interface. */
export interface Neighbour {
	/** AF_INET or AF_INET6. */
	family: typeof AF_INET | typeof AF_INET6;
	/** The neighbour's numeric address, without a zone. */
	host: string;
	/** The interface that it is reached by. */
	interface: InterfaceReference;
	/** Its hardware address in hexadecimal with colons; undefined while it is not known. */
	mac?: string;
	/** What is known of it: "reachable" says that it answered a short while ago, "failed" that it does not answer. */
	state: NeighbourState | number;
	/** More about it; flags without a name in hexadecimal. */
	flags: (NeighbourFlag | `0x${string}`)[];
	/** How many probes went unanswered, where the kernel tells. */
	probes?: number;
	/** How many milliseconds ago it was last used, in steps of ten. */
	used?: number;
	/** How many milliseconds ago it last confirmed that it is there. */
	confirmed?: number;
	/** How many milliseconds ago something about it changed. */
	updated?: number;
}

/** Which neighbours are asked for. */
export interface NeighboursOptions {
	/** Those of an interface alone, by name or index. */
	interface?: string | number | undefined;
	/** AF_INET or AF_INET6 alone. */
	family?: typeof AF_INET | typeof AF_INET6 | undefined;
}

/**
 * The neighbours that the kernel knows of, also those that it failed to find and the entries of its own for
 * multicast, whose state is "noarp": what `ip neighbour show nud all` shows.
 * @throws SocketError ENODEV, ENXIO when there is no such interface; EMFILE, ENFILE, ENOBUFS, EINTR
 */
export async function neighbours(options: NeighboursOptions = {}): Promise<Neighbour[]> {
	return converse(asked(checked(options)));
}

/** `neighbours` that blocks the thread. */
export function neighboursSync(options: NeighboursOptions = {}): Neighbour[] {
	return converseSync(asked(checked(options)));
}

function checked(options: NeighboursOptions): NeighboursOptions {
	checkOptions(options, ["interface", "family"]);
	if (options.interface !== undefined) checkInterface(options.interface);
	checkFamily(options.family);
	return options;
}

function* asked(options: NeighboursOptions): Conversation<Neighbour[]> {
	const only = options.interface === undefined ? undefined : yield* locate(options.interface);
	const header = Buffer.alloc(ndmsg.size);
	header[ndmsg.ndm_family] = options.family ?? 0;
	const filter = only ? encodeAttributes([attribute32(rt.NDA_IFINDEX, only.index)]) : Buffer.alloc(0);
	const body = Buffer.concat([header, filter]);
	const names = new ReferencedInterfaces();
	const question = { type: RTM_GETNEIGH, body, dump: true, subject: "neighbours" };
	const found = yield* ask(question, (message) => decodeNeighbour(message, names));
	// The kernel filters, unless it is an old one.
	return found.filter(
		(each) =>
			(only === undefined || each.interface.index === only.index) &&
			(options.family === undefined || each.family === options.family),
	);
}

/** Reads a neighbour; undefined when the message holds none of an IP address. */
export function decodeNeighbour(
	{ type, body }: NetlinkMessage,
	names: ReferencedInterfaces,
): Neighbour | undefined {
	if (type !== RTM_NEWNEIGH || body.length < ndmsg.size) return undefined;
	const family = body[ndmsg.ndm_family];
	if (family !== AF_INET && family !== AF_INET6) return undefined;
	const attributes = new Attributes(body, ndmsg.size);
	const host = hostText(family, attributes.bytes(rt.NDA_DST));
	const reference = names.of(body.readInt32LE(ndmsg.ndm_ifindex));
	if (host === undefined || reference === undefined) return undefined;
	const found: Neighbour = {
		family,
		host,
		interface: reference,
		state: nameOf(neighbourStates, body.readUInt16LE(ndmsg.ndm_state)),
		flags: flagsOf(neighbourFlags, body[ndmsg.ndm_flags] as number),
	};
	const times = attributes.bytes(rt.NDA_CACHEINFO);
	const ago = (offset: number): number | undefined =>
		times !== undefined && times.length >= ndaCacheinfo.size ? times.readUInt32LE(offset) * 10 : undefined;
	const optional = {
		mac: hardwareText(attributes.bytes(rt.NDA_LLADDR)) || undefined,
		probes: attributes.u32(rt.NDA_PROBES),
		used: ago(ndaCacheinfo.ndm_used),
		confirmed: ago(ndaCacheinfo.ndm_confirmed),
		updated: ago(ndaCacheinfo.ndm_updated),
	};
	return withPresent(found, optional);
}
