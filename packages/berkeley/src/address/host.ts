/**
 * Hosts that need no resolver: numeric ones, and the two special ones of Python's `socket`.
 */
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { parseInet4, parseInet4Loose } from "./inet4.js";
import { parseInet6 } from "./inet6.js";

const scratch = new Uint8Array(16);

/**
 * Whether a host of an AF_INET or AF_INET6 address can be used as it is, without asking a resolver: "" (any
 * address), "<broadcast>" (AF_INET alone), an IPv4 address in any form that getaddrinfo(3) calls numeric
 * (`127.1` is one), or an IPv6 address, which may have a zone (`fe80::1%eth0`, `fe80::1%2`). Whether the
 * zone's interface exists is not looked at. False for every other family.
 */
export function isNumericHost(family: number, host: string): boolean {
	if (family === AF_INET) return hostToInet4(host) >= 0;
	if (family !== AF_INET6) return false;
	if (host === "") return true;
	const percent = host.indexOf("%");
	if (percent < 0) return parseInet6(host, scratch);
	return percent + 1 < host.length && parseInet6(host.slice(0, percent), scratch);
}

/** The number, in host order, of a host that is numeric for AF_INET (see `isNumericHost`); otherwise -1. */
export function hostToInet4(host: string): number {
	const address = parseInet4(host);
	if (address >= 0) return address;
	if (host === "") return 0;
	if (host === "<broadcast>") return 0xffffffff;
	return parseInet4Loose(host, false);
}
