/**
 * routeTo(): the way that the kernel would choose (rtnetlink(7), RTM_GETROUTE).
 */
import { checkInteger, checkText } from "../address/bytes.js";
import { inetPton } from "../address/inet.js";
import { parseInet4 } from "../address/inet4.js";
import { socketError } from "../errors.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RTM_GETROUTE } from "../sys/linux/constants/rtnetlink.js";
import { EACCES, EHOSTUNREACH, EINVAL, ENETUNREACH } from "../sys/linux/errnos.js";
import { checkOptions } from "./arguments.js";
import { checkInterface, type InterfaceReference, locate, ReferencedInterfaces } from "./names.js";
import { attribute32, encodeAttributes, type OutgoingAttribute } from "./netlink/attributes.js";
import { ask, type Conversation, converse, converseSync } from "./netlink/conversation.js";
import { lengthOf, type RouteType } from "./numbers.js";
import { decodeRoute, type RouteMessage, rtmsg } from "./routemessage.js";

/** What the packets have on which the way depends. */
export interface RouteToOptions {
	/** The source address that they are sent from: numeric, of the same family, and one of this machine's. */
	from?: string | undefined;
	/** The interface that they must leave by, by name or index (SO_BINDTODEVICE). */
	interface?: string | number | undefined;
	/** Their firewall mark (SO_MARK), which rules may look at. */
	mark?: number | undefined;
}

/** The way to a host. */
export interface RouteTo {
	/** AF_INET or AF_INET6. */
	family: typeof AF_INET | typeof AF_INET6;
	/** The host, without its zone. */
	host: string;
	/** "unicast"; "local" when the host is this machine, "broadcast" or "multicast" when it is many. */
	type: RouteType | number;
	/** The numeric address of the next router, without a zone; undefined when the host is on the link. */
	gateway?: string;
	/** The interface that packets leave by: "lo" when the host is this machine. */
	interface: InterfaceReference;
	/** The source address that packets get: `from`, or what the kernel chooses, where it does. */
	source?: string;
	/** The number of the table where the route was found. */
	table: number;
	/** The MTU of the path, where it is set or was discovered; otherwise that of the interface counts. */
	mtu?: number;
}

/**
 * The way that the kernel would send packets to a host: by which interface, to which router, from which address.
 * What `ip route get` shows. Nothing is sent.
 * @param host a numeric address; a zone (`fe80::1%eth0`) is the interface. `getaddrinfo` turns a name into one.
 * @throws SocketError ENETUNREACH when no route leads there, or, by the kernel's version EINVAL as well, when `from` is
 *   no address of this machine; EHOSTUNREACH, EACCES or EINVAL when a route refuses ("unreachable", "prohibit",
 *   "blackhole"); ENODEV or ENXIO when there is no such interface; RangeError when an address is not numeric or of
 *   another family
 */
export async function routeTo(host: string, options: RouteToOptions = {}): Promise<RouteTo> {
	return converse(asked(checked(host, options)));
}

/** `routeTo` that blocks the thread. */
export function routeToSync(host: string, options: RouteToOptions = {}): RouteTo {
	return converseSync(asked(checked(host, options)));
}

interface Checked {
	family: typeof AF_INET | typeof AF_INET6;
	host: string;
	target: Uint8Array;
	from: string | undefined;
	source: Uint8Array | undefined;
	interface: string | number | undefined;
	mark: number;
}

function checked(text: string, options: RouteToOptions): Checked {
	checkOptions(options, ["from", "interface", "mark"]);
	checkText(text, "the host");
	const percent = text.indexOf("%");
	const host = percent < 0 ? text : text.slice(0, percent);
	const zone = percent < 0 ? undefined : text.slice(percent + 1);
	const family = parseInet4(text) >= 0 ? AF_INET : AF_INET6;
	const target = numeric(family, host, text);
	const { from } = options;
	let source: Uint8Array | undefined;
	if (from !== undefined) {
		checkText(from, "from");
		source = numeric(family, from, from);
	}
	const { interface: given } = options;
	if (given !== undefined) checkInterface(given);
	if (zone !== undefined) {
		checkInterface(zone);
		if (given !== undefined && given !== zone) {
			throw new RangeError(
				`the zone of ${JSON.stringify(text)} is not the interface ${JSON.stringify(given)}`,
			);
		}
	}
	const mark = checkInteger(options.mark ?? 0, 0, 0xffffffff, "mark");
	return { family, host, target, from, source, interface: zone ?? given, mark };
}

function numeric(family: typeof AF_INET | typeof AF_INET6, host: string, text: string): Uint8Array {
	try {
		return inetPton(family, host);
	} catch {
		const kind = family === AF_INET ? "an IPv4 address" : "an IPv4 or IPv6 address";
		throw new RangeError(
			`not ${kind}: ${JSON.stringify(text)}; getaddrinfo() turns a name into numeric addresses`,
		);
	}
}

const refusals: Readonly<Record<string, number>> = {
	blackhole: EINVAL,
	prohibit: EACCES,
	throw: ENETUNREACH,
	unreachable: EHOSTUNREACH,
};

function* asked(question: Checked): Conversation<RouteTo> {
	const { family, host, target, from, source, mark } = question;
	const bits = lengthOf(family) * 8;
	const header = Buffer.alloc(rtmsg.size);
	header[rtmsg.rtm_family] = family;
	header[rtmsg.rtm_dst_len] = bits;
	if (source !== undefined) header[rtmsg.rtm_src_len] = bits;
	// IPv6 tells the table without being asked, and refuses to be.
	if (family === AF_INET) header.writeUInt32LE(rt.RTM_F_LOOKUP_TABLE, rtmsg.rtm_flags);
	const attributes: OutgoingAttribute[] = [{ type: rt.RTA_DST, data: target }];
	if (source !== undefined) attributes.push({ type: rt.RTA_SRC, data: source });
	if (question.interface !== undefined) {
		attributes.push(attribute32(rt.RTA_OIF, (yield* locate(question.interface)).index));
	}
	if (mark !== 0) attributes.push(attribute32(rt.RTA_MARK, mark));
	const body = Buffer.concat([header, encodeAttributes(attributes)]);
	const names = new ReferencedInterfaces();
	const subject = `route to ${host}`;
	const advice = (result: number): string | undefined => {
		if (result !== -ENETUNREACH && result !== -EINVAL) return undefined;
		if (from !== undefined) return `no route leads there from ${from}, or it is no address of this machine`;
		return result === -ENETUNREACH ? "no route leads there" : undefined;
	};
	const answer: RouteMessage[] = yield* ask(
		{ type: RTM_GETROUTE, body, dump: false, subject, advice },
		(message) => decodeRoute(message, names),
	);
	const { route, error } = answer[0] ?? {};
	const refused = route && refusals[route.type];
	if (route === undefined || route.interface === undefined || refused !== undefined) {
		const errno = error ? Math.abs(error) : (refused ?? ENETUNREACH);
		const why = refused === undefined ? "no route leads there" : `a route of type ${route?.type} refuses it`;
		throw socketError("netlink", -errno, { subject, advice: why });
	}
	const found: RouteTo = { family, host, type: route.type, interface: route.interface, table: route.table };
	const { gateway, preferredSource, mtu } = route;
	if (gateway !== undefined) found.gateway = gateway;
	const chosen = preferredSource ?? from;
	if (chosen !== undefined) found.source = chosen;
	if (mtu !== undefined) found.mtu = mtu;
	return found;
}
