/**
 * The host that a command on packets is about, from the command line to one address.
 */
import {
	type Address,
	type AF_INET,
	AF_INET6,
	getaddrinfo,
	type Inet4Address,
	type Inet6Address,
	ifIndextoname,
	SOCK_DGRAM,
} from "berkeley";
import { Failure } from "../failure.js";
import { familyOf } from "../transfer/resolve.js";

/** An IPv4 or IPv6 address with a port, which is 0 where there are none. */
export type InetAddress = Inet4Address | Inet6Address;

/** A host, looked up. */
export interface Target {
	/** As it was given. */
	readonly name: string;
	readonly family: typeof AF_INET | typeof AF_INET6;
	/** With port 0. */
	readonly address: InetAddress;
	/** The address as a person writes it, with the interface of one that is of one link only. */
	readonly host: string;
}

/** Looks a host up: its first address, of one IP version if wanted. @throws GaiError */
export async function targetOf(
	name: string,
	version: 4 | 6 | undefined,
	signal: AbortSignal,
): Promise<Target> {
	const [first] = await getaddrinfo(name, 0, { family: familyOf(version), type: SOCK_DGRAM, signal });
	if (first === undefined) throw new Failure(`${name} has no address`);
	const { family, address } = first;
	return { name, family, address, host: hostOf(address) ?? address.host };
}

/** The number of the IP version. */
export function versionOf({ family }: Target): 4 | 6 {
	return family === AF_INET6 ? 6 : 4;
}

/** The host of an address, with its interface where it is of one link only; undefined for other kinds of addresses. */
export function hostOf(address: Address | undefined): string | undefined {
	if (address === undefined || typeof address === "string" || !("host" in address)) return undefined;
	const { host } = address;
	const scopeId = "scopeId" in address ? address.scopeId : undefined;
	if (!scopeId || host.includes("%")) return host;
	try {
		return `${host}%${ifIndextoname(scopeId)}`;
	} catch {
		return `${host}%${scopeId}`;
	}
}
