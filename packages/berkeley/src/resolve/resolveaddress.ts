/**
 * What sockets do before they connect, bind or send: they turn the host's name in an address into a number.
 */
import { isNumericHost } from "../address/host.js";
import type { Address, Inet4Address, Inet6Address } from "../address/types.js";
import { AF_INET, AF_INET6, SOCK_DGRAM } from "../sys/linux/constants/index.js";
import { decodeSockaddr } from "../sys/sockaddr.js";
import { addrinfoSteps } from "./getaddrinfo.js";
import { run, runSync, type Steps } from "./steps.js";

type InternetAddress = Inet4Address | Inet6Address;

/**
 * Whether the address is one of a host by name. Not so for other families, for "" and "<broadcast>", and for
 * what is no address at all, which is for the encoder to refuse. Cheap: it is asked for every datagram.
 */
export function needsResolving(family: number, address: Address): boolean {
	if (family !== AF_INET && family !== AF_INET6) return false;
	if (typeof address !== "object" || address === null || !("host" in address)) return false;
	const { host } = address;
	return typeof host === "string" && host !== "" && host !== "<broadcast>" && !isNumericHost(family, host);
}

/**
 * The address with its host as a number: of a name the first address of the family, as in Python. What needs
 * no resolving is returned unchanged. Does not block.
 * @throws GaiError with the codes of `getaddrinfo`
 */
export async function resolveAddress(
	family: number,
	address: Address,
	signal?: AbortSignal,
): Promise<Address> {
	return needsResolving(family, address) ? run(steps(family, address as InternetAddress), signal) : address;
}

/** `resolveAddress` that blocks the thread: same arguments, results and errors. */
export function resolveAddressSync(family: number, address: Address): Address {
	return needsResolving(family, address) ? runSync(steps(family, address as InternetAddress)) : address;
}

function* steps(family: number, address: InternetAddress): Steps<Address> {
	const hints = { flags: 0, family, type: SOCK_DGRAM, proto: 0 };
	const [first] = yield* addrinfoSteps("getaddrinfo", address.host, null, hints, address);
	const found = first && (decodeSockaddr(first.sockaddr, first.sockaddr.length) as Inet6Address | undefined);
	if (found === undefined) throw new Error("getaddrinfo succeeded without a result");
	if (family === AF_INET) return { ...address, host: found.host };
	// A scope that the caller names wins over one that came with the name, as in "fe80::1%eth0".
	const scopeId = ("scopeId" in address && address.scopeId) || found.scopeId || 0;
	return { ...address, host: found.host, scopeId };
}
