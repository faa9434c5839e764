/**
 * routes(): the entries of the routing tables (rtnetlink(7), RTM_GETROUTE).
 */
import { checkInteger } from "../address/bytes.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RT_TABLE_MAIN, RTM_GETROUTE } from "../sys/linux/constants/rtnetlink.js";
import { EAFNOSUPPORT, ENOENT, EOPNOTSUPP } from "../sys/linux/errnos.js";
import { checkFamily, checkOptions } from "./arguments.js";
import { checkInterface, locate, ReferencedInterfaces } from "./names.js";
import { attribute32, encodeAttributes } from "./netlink/attributes.js";
import { ask, type Conversation, converse, converseSync } from "./netlink/conversation.js";
import { decodeRoute, type Route, rtmsg } from "./routemessage.js";

/** Which routes are asked for. */
export interface RoutesOptions {
	/** AF_INET or AF_INET6 alone. */
	family?: typeof AF_INET | typeof AF_INET6 | undefined;
	/** The table; RT_TABLE_MAIN when left out, null for those of all tables. */
	table?: number | null | undefined;
	/** Those alone that lead to an interface, by name or index; one of several next hops is enough. */
	interface?: string | number | undefined;
}

/**
 * The routes of a table, IPv4 before IPv6, in the kernel's order: what `ip route` and `ip -6 route` show. Cached
 * copies are left out. A table that is not there is empty.
 * @throws SocketError ENODEV, ENXIO when there is no such interface; EMFILE, ENFILE, ENOBUFS; EINTR when routes
 *   change faster than they are read
 */
export async function routes(options: RoutesOptions = {}): Promise<Route[]> {
	return converse(asked(checked(options)));
}

/** `routes` that blocks the thread. */
export function routesSync(options: RoutesOptions = {}): Route[] {
	return converseSync(asked(checked(options)));
}

function checked(options: RoutesOptions): RoutesOptions {
	checkOptions(options, ["family", "table", "interface"]);
	checkFamily(options.family);
	const { table } = options;
	if (table !== undefined && table !== null) checkInteger(table, 1, 0xffffffff, "table");
	if (options.interface !== undefined) checkInterface(options.interface);
	return options;
}

function* asked(options: RoutesOptions): Conversation<Route[]> {
	const { family, table = RT_TABLE_MAIN } = options;
	const only = options.interface === undefined ? undefined : yield* locate(options.interface);
	const names = new ReferencedInterfaces();
	const found: Route[] = [];
	for (const each of family === undefined ? [AF_INET, AF_INET6] : [family]) {
		const header = Buffer.alloc(rtmsg.size);
		header[rtmsg.rtm_family] = each;
		// Routes with several next hops are not filtered by interface in the kernel: it looks at their first.
		const filter = table === null ? [] : [attribute32(rt.RTA_TABLE, table)];
		const question = {
			type: RTM_GETROUTE,
			body: Buffer.concat([header, encodeAttributes(filter)]),
			dump: true,
			subject: "routes",
			// A table that nobody has used is not there. Neither is IPv6, on some machines.
			empty: [-ENOENT, -EAFNOSUPPORT, -EOPNOTSUPP],
		};
		for (const { route, cloned } of yield* ask(question, (message) => decodeRoute(message, names))) {
			// What the kernel does not filter, because it is old or does not have the family.
			if (cloned || route.family !== each || (table !== null && route.table !== table)) continue;
			if (only === undefined || leadsTo(route, only.index)) found.push(route);
		}
	}
	return found;
}

function leadsTo(route: Route, index: number): boolean {
	const ways = [route, ...(route.nexthops ?? [])];
	return ways.some((way) => way.interface?.index === index);
}
