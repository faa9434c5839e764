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

/** The addresses of a place, in the order in which to try them. @throws GaiError */
export function addressesOf(place: InternetPlace, signal: AbortSignal): Promise<AddressInfo[]> {
	return getaddrinfo(place.host, portOf(place), {
		family: place.version === 4 ? AF_INET : place.version === 6 ? AF_INET6 : AF_UNSPEC,
		type: place.kind === "stream" ? SOCK_STREAM : SOCK_DGRAM,
		flags: AI_PASSIVE,
		signal,
	});
}

/** The first address of a place. */
export async function addressOf(place: InternetPlace, signal: AbortSignal): Promise<AddressInfo> {
	const [first] = await addressesOf(place, signal);
	if (first === undefined) throw new Failure(`${place.host} has no address`);
	return first;
}
