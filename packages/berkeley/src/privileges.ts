/**
 * What to do where a privilege is missing: which capability it is (capabilities(7)), and how a program gets it.
 */
import { AF_INET, AF_INET6 } from "./sys/linux/constants/families.js";
import { IP_TRANSPARENT } from "./sys/linux/constants/ip.js";
import {
	IPV6_2292DSTOPTS,
	IPV6_2292HOPOPTS,
	IPV6_2292RTHDR,
	IPV6_DSTOPTS,
	IPV6_HOPOPTS,
	IPV6_RTHDR,
	IPV6_RTHDRDSTOPTS,
	IPV6_TRANSPARENT,
} from "./sys/linux/constants/ipv6.js";
import { SOL_SOCKET } from "./sys/linux/constants/levels.js";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IP, IPPROTO_IPV6 } from "./sys/linux/constants/protocols.js";
import {
	SO_BINDTODEVICE,
	SO_BINDTOIFINDEX,
	SO_MARK,
	SO_PRIORITY,
	SO_RCVMARK,
	SO_RCVPRIORITY,
} from "./sys/linux/constants/so.js";
import { SOCK_DGRAM, SOCK_RAW } from "./sys/linux/constants/types.js";
import { EACCES, EPERM } from "./sys/linux/errnos.js";

/** A privilege that the kernel asks for, by its name in capabilities(7). */
export type Capability = "CAP_NET_ADMIN" | "CAP_NET_BIND_SERVICE" | "CAP_NET_RAW" | "CAP_SYS_ADMIN";

/** The advice for a missing capability: `raw and packet sockets need CAP_NET_RAW: run it with sudo, or …`. */
export function needsCapability(what: string, capability: Capability): string {
	const advice = `${what} ${capability}: run it with sudo, or allow it to every program of this runtime: ${grant(capability)}`;
	// Root lacks it in containers alone.
	if (process.geteuid?.() !== 0) return advice;
	return `${advice}; a container gets it by --cap-add ${capability.slice("CAP_".length)}`;
}

/** The command that gives a capability to whatever the runtime runs. */
function grant(capability: Capability): string {
	const { execPath } = process;
	const path = /^[\w./+@-]+$/.test(execPath) ? execPath : `'${execPath.replaceAll("'", "'\\''")}'`;
	return `\`sudo setcap ${capability.toLowerCase()}+ep ${path}\``;
}

/** What to do when socket(2) refuses; undefined where the reason is no privilege. */
export function socketPrivilege(
	family: number,
	type: number,
	proto: number,
	result: number,
): string | undefined {
	const isPing =
		(family === AF_INET && proto === IPPROTO_ICMP) || (family === AF_INET6 && proto === IPPROTO_ICMPV6);
	if (result === -EACCES && isPing && type === SOCK_DGRAM) {
		return (
			"ping sockets are for the groups that net.ipv4.ping_group_range names: " +
			"`sudo sysctl net.ipv4.ping_group_range='0 2147483647'` allows them to all"
		);
	}
	if (result !== -EPERM) return undefined;
	const advice = needsCapability("raw and packet sockets need", "CAP_NET_RAW");
	return isPing && type === SOCK_RAW
		? `${advice}; a ping socket (SOCK_DGRAM) needs none where net.ipv4.ping_group_range allows it`
		: advice;
}

const rawOptions: Readonly<Record<number, readonly number[]>> = {
	[SOL_SOCKET]: [SO_BINDTODEVICE, SO_BINDTOIFINDEX, SO_MARK, SO_PRIORITY, SO_RCVMARK, SO_RCVPRIORITY],
	[IPPROTO_IP]: [IP_TRANSPARENT],
	[IPPROTO_IPV6]: [
		IPV6_2292DSTOPTS,
		IPV6_2292HOPOPTS,
		IPV6_2292RTHDR,
		IPV6_DSTOPTS,
		IPV6_HOPOPTS,
		IPV6_RTHDR,
		IPV6_RTHDRDSTOPTS,
		IPV6_TRANSPARENT,
	],
};

/** What to do when setsockopt(2) says EPERM for an option; undefined for any other result. */
export function optionPrivilege(level: number, name: number, result: number): string | undefined {
	if (result !== -EPERM) return undefined;
	const isRaw = rawOptions[level]?.includes(name) ?? false;
	return needsCapability("the option needs", isRaw ? "CAP_NET_RAW" : "CAP_NET_ADMIN");
}
