/**
 * From a host and a port on the command line to addresses.
 */
import {
	type AddressInfo,
	AF_INET,
	AF_INET6,
	AF_UNSPEC,
	AI_PASSIVE,
	getaddrinfo,
	getservbyname,
	SOCK_DGRAM,
	SOCK_STREAM,
} from "berkeley";
import { Failure } from "../failure.js";
import type { InternetPlace } from "../place.js";

/** The port's number. @throws Failure for a service that this machine does not know */
export function portOf({ port, kind }: InternetPlace): number {
	if (/^\d+$/.test(port)) return Number(port);
	const transport = kind === "stream" ? "tcp" : "udp";
	try {
		return getservbyname(port, transport);
	} catch {
		throw new Failure(`no ${transport} service is called ${port}: see /etc/services, or give a number`);
	}
}

/** The family of an IP version, for those who look names up. */
export function familyOf(
	version: InternetPlace["version"],
): typeof AF_INET | typeof AF_INET6 | typeof AF_UNSPEC {
	return version === 4 ? AF_INET : version === 6 ? AF_INET6 : AF_UNSPEC;
}

/** The first address of a place. @throws GaiError */
export async function addressOf(place: InternetPlace, signal: AbortSignal): Promise<AddressInfo> {
	const [first] = await getaddrinfo(place.host, portOf(place), {
		family: familyOf(place.version),
		type: place.kind === "stream" ? SOCK_STREAM : SOCK_DGRAM,
		flags: AI_PASSIVE,
		signal,
	});
	if (first === undefined) throw new Failure(`${place.host} has no address`);
	return first;
}
