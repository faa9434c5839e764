/**
 * Where proxies listen, and where they send to.
 */
import { checkInteger, checkText, kindOf } from "../address/bytes.js";
import { resolveAddress } from "../resolve/resolveaddress.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { checkNames } from "./impairments.js";

/** A host and a port. */
export interface ProxyAddress {
	/** An address, or a name, which is looked up as IPv4. */
	readonly host: string;
	/** The port. */
	readonly port: number;
}

/** An address with its family, its host a number. */
export interface ResolvedAddress {
	readonly family: number;
	readonly address: { readonly host: string; readonly port: number };
}

/** Where a proxy listens that is not told: only this machine reaches it. */
export const ownAddress: ProxyAddress = { host: "127.0.0.1", port: 0 };

/** Requires an address. */
export function checkProxyAddress(given: ProxyAddress, what: string): void {
	if (typeof given !== "object" || given === null) {
		throw new TypeError(`${what} must be { host, port }, not ${kindOf(given)}`);
	}
	checkNames(given, ["host", "port", "flowinfo", "scopeId"], what);
	checkText(given.host, `${what}: host`);
	checkInteger(given.port, 0, 0xffff, `${what}: port`);
}

/** The address with its host as a number. */
export async function resolveProxyAddress(given: ProxyAddress): Promise<ResolvedAddress> {
	const family = given.host.includes(":") ? AF_INET6 : AF_INET;
	const address = await resolveAddress(family, { ...given });
	return { family, address: address as ResolvedAddress["address"] };
}
