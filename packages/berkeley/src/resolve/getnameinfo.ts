/**
 * getnameinfo: from a socket address to the names of its host and its service.
 */

import type { Inet4Address, Inet6Address } from "../address/types.js";
import { checkAddress } from "../address/validate.js";
import { AF_INET, AF_INET6, EAI_NONAME, NI_MAXHOST, NI_MAXSERV } from "../sys/linux/constants/index.js";
import { ENODEV } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import { getnameinfo as libc } from "../sys/netdb.js";
import { encodeSockaddr, sockaddrCapacity } from "../sys/sockaddr.js";
import { checkInt } from "./arguments.js";
import { gaiError } from "./gaierror.js";
import { run, runSync, type Steps } from "./steps.js";

/** What getnameinfo gives: the host's name or address, and the service's name or port. */
export type NameInfo = [host: string, service: string];

/** What the forms of the look-ups that do not block can be given. */
export interface LookupOptions {
	/** Aborts the wait: the promise rejects with the signal's reason. */
	signal?: AbortSignal | undefined;
}

/**
 * Translates an address into the names of its host and service; what has no name is given as a number.
 * Python's getnameinfo, getnameinfo(3). Does not block.
 * @param address its host must be numeric; one with a colon is IPv6
 * @param flags NI_NUMERICHOST, NI_NUMERICSERV, NI_NAMEREQD, NI_DGRAM, NI_NOFQDN; 0 by default
 * @throws GaiError: EAI_NONAME (the host is not numeric, or has no name and NI_NAMEREQD was given), EAI_AGAIN,
 *   EAI_BADFLAGS, EAI_FAIL, EAI_OVERFLOW, EAI_MEMORY, EAI_SYSTEM
 */
export async function getnameinfo(
	address: Inet4Address | Inet6Address,
	flags: number = 0,
	options: LookupOptions = {},
): Promise<NameInfo> {
	return run(steps(address, flags), options.signal);
}

/** `getnameinfo` that blocks the thread: same arguments, results and errors. */
export function getnameinfoSync(address: Inet4Address | Inet6Address, flags: number = 0): NameInfo {
	return runSync(steps(address, flags));
}

function* steps(address: Inet4Address | Inet6Address, flags: number): Steps<NameInfo> {
	const family = String(address?.host).includes(":") ? AF_INET6 : AF_INET;
	checkAddress(family, address);
	checkInt(flags, "the flags");
	const subject = address.host;
	const hostAt = sockaddrCapacity;
	const serviceAt = hostAt + NI_MAXHOST;
	const memory = new NativeMemory(serviceAt + NI_MAXSERV);
	const length = encodeSockaddr(family, address, memory.bytes);
	if (length < 0) {
		throw gaiError("getnameinfo", EAI_NONAME, {
			subject,
			address,
			advice:
				length === -ENODEV
					? "no interface has the name of its zone"
					: "the host must be a numeric address; gethostbyname turns a name into one",
		});
	}
	const base = memory.address;
	const args = [base, length, base + hostAt, NI_MAXHOST, base + serviceAt, NI_MAXSERV, flags] as const;
	const status = yield { memory, here: () => libc.here(...args), inPool: () => libc.inPool(...args) };
	if (status !== 0) {
		const advice = status === EAI_NONAME ? "the address has no name" : undefined;
		throw gaiError("getnameinfo", status, { subject, address, advice });
	}
	return [textIn(memory, hostAt), textIn(memory, serviceAt)];
}

function textIn(memory: NativeMemory, offset: number): string {
	return memory.bytes.toString("utf8", offset, memory.bytes.indexOf(0, offset));
}
