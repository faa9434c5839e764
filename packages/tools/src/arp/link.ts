/**
 * The link that neighbours are asked on: which interface, and the addresses that questions come from.
 */
import { type AF_INET, AF_INET6, inetPton } from "berkeley";
import { interfaceOf, interfaces, type NetworkInterface, routeTo } from "berkeley/interfaces";
import { Failure } from "../failure.js";
import type { Host } from "../probe/targets.js";

/** The hardware address of everybody on an Ethernet. */
export const broadcast = "ff:ff:ff:ff:ff:ff";

/** An Ethernet interface, and who asks on it. */
export interface Link {
	readonly name: string;
	readonly index: number;
	/** Its hardware address. */
	readonly mac: string;
	/** The address that questions come from; undefined when the interface has none. */
	readonly source: string | undefined;
	/** All addresses of this machine on it. */
	readonly own: ReadonlySet<string>;
}

/** Where to look for it. */
export interface LinkOptions {
	/** The interface's name; undefined asks the routes. */
	readonly device: string | undefined;
	/** The source address; undefined takes one of the interface. */
	readonly source: string | undefined;
	/**
	 * What the address is: a neighbour's; this machine's own, or to be so; or one of a block, which may have both.
	 */
	readonly address: "neighbour" | "own" | "block";
}

/**
 * The link that leads to an address.
 * @throws Failure when the address is not on a link, is this machine's own, or the interface is no Ethernet
 */
export async function findLink(
	family: typeof AF_INET | typeof AF_INET6,
	{ host, scopeId }: Host,
	{ device, source, address }: LinkOptions,
): Promise<Link> {
	const given = device ?? scopeId;
	const found = given === undefined ? await search(host, address) : await interfaceOf(given);
	if (found.type !== "ethernet" || found.flags.includes("NOARP")) {
		throw new Failure(`${found.name} is no Ethernet, where neighbours could be asked: it is ${found.type}`);
	}
	if (!found.up) throw new Failure(`${found.name} is not up: ip link set ${found.name} up`);
	const addresses = found.addresses.filter((one) => one.family === family);
	const own = new Set(addresses.map((one) => one.host));
	return {
		name: found.name,
		index: found.index,
		mac: found.mac,
		source: source ?? sourceFor(host, addresses),
		own,
	};
}

async function search(host: string, address: LinkOptions["address"]): Promise<NetworkInterface> {
	const found = address === "neighbour" ? undefined : await owner(host);
	if (found !== undefined) return found;
	if (address === "own") throw new Failure(`no interface has a network with ${host}: name it with -I`);
	return leading(host);
}

/** The interface that packets to a neighbour leave by. */
async function leading(host: string): Promise<NetworkInterface> {
	const route = await routeTo(host);
	if (route.type === "local") {
		throw new Failure(`${host} is this machine's own address: -D finds out whether others have it too`);
	}
	if (route.gateway !== undefined) {
		throw new Failure(
			`${host} is on no link of this machine, but behind ${route.gateway} (${route.interface.name}): only neighbours can be asked; -I asks on a link all the same`,
		);
	}
	return interfaceOf(route.interface.index);
}

/** The interface that has an address, or the one on whose network it is. */
async function owner(host: string): Promise<NetworkInterface | undefined> {
	const all = await interfaces();
	return (
		all.find(({ addresses }) => addresses.some((address) => address.host === host)) ??
		all.find(({ addresses }) => addresses.some((address) => isNear(host, address)))
	);
}

type InterfaceAddress = NetworkInterface["addresses"][number];

function sourceFor(host: string, addresses: readonly InterfaceAddress[]): string | undefined {
	const near = addresses.find((address) => isNear(host, address));
	return (near ?? addresses[0])?.host;
}

/** Whether a host is in the network of an interface's address. */
function isNear(host: string, { host: other, prefix, family }: InterfaceAddress): boolean {
	if (host.includes(":") !== (family === AF_INET6)) return false;
	const [one, another] = [host, other].map((text) => Buffer.from(inetPton(family, text)).toString("hex")) as [
		string,
		string,
	];
	const rest = BigInt(4 * one.length - prefix);
	return BigInt(`0x${one}`) >> rest === BigInt(`0x${another}`) >> rest;
}
