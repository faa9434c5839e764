/**
 * By which request a packet may be answered is found quickly: keys that a request and all replies to it have in
 * common, so that answers() is asked for few of those that are waited for. They agree with what answers() requires.
 */

import type { ArpView } from "../packet/arp.js";
import { u8, u16, u32 } from "../packet/bytes.js";
import {
	ICMP_ADDRESS,
	ICMP_ADDRESSREPLY,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP_TIMESTAMP,
	ICMP_TIMESTAMPREPLY,
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
} from "../packet/index.js";
import type { Ipv4View } from "../packet/ipv4.js";
import type { Ipv6View } from "../packet/ipv6.js";
import type { Ipv6FragmentView } from "../packet/ipv6fragment.js";
import type { Layer } from "../packet/layer.js";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "../sys/linux/constants/protocols.js";

/** The key of requests that anybody may answer. */
export const anybody = "";

const networks = new Set(["ipv4", "ipv6", "arp"]);
const extensions = new Set(["ipv6HopByHop", "ipv6DestinationOptions", "ipv6Routing", "ipv6Fragment", "ah"]);
// What is in these ports need not be swapped in a reply.
const otherPorts = new Set(["vxlan", "dhcpv4"]);

/** The first header of a network in a packet; -1 where there is none. */
export function networkIndex(layers: readonly Layer[], from = 0): number {
	for (let index = from; index < layers.length; index++) {
		if (networks.has((layers[index] as Layer).layer)) return index;
	}
	return -1;
}

/** What IP carries, as far as its first four bytes tell, which are the ports of TCP and UDP. */
export interface Carried {
	readonly protocol: number;
	readonly layer: Layer;
	/** Its place among the layers. */
	readonly index: number;
}

/** What the IP header at an index carries; undefined for a later fragment and where it is cut off. */
export function carriedBy(layers: readonly Layer[], ip: number): Carried | undefined {
	const header = layers[ip] as Ipv4View | Ipv6View;
	let protocol = header.layer === "ipv4" ? header.protocol : header.nextHeader;
	if (header.layer === "ipv4" && header.fragmentOffset > 0) return undefined;
	let index = ip + 1;
	for (; index < layers.length; index++) {
		const layer = layers[index] as Layer;
		if (!extensions.has(layer.layer)) return { protocol, layer, index };
		if (layer.layer === "ipv6Fragment" && (layer as Ipv6FragmentView).fragmentOffset > 0) return undefined;
		protocol = u8(layer.bytes, layer.start);
	}
	return undefined;
}

/** The ports, when IP carries TCP or UDP. */
export function portsOf(carried: Carried | undefined): [source: number, destination: number] | undefined {
	if (carried === undefined) return undefined;
	const { protocol, layer } = carried;
	if (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) return undefined;
	if (layer.bytes.length < layer.start + 4) return undefined;
	return [u16(layer.bytes, layer.start), u16(layer.bytes, layer.start + 2)];
}

// Of requests and their replies, which have identifier and sequence in common.
const icmpv4Types: readonly number[] = [
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP_TIMESTAMP,
	ICMP_TIMESTAMPREPLY,
	ICMP_ADDRESS,
	ICMP_ADDRESSREPLY,
];
const icmpv6Types: readonly number[] = [ICMP6_ECHO_REQUEST, ICMP6_ECHO_REPLY];

/**
 * What tells the conversations of two hosts apart: ports as the request has them, or identifier and sequence.
 * @param isReply whether the ports are swapped
 */
function conversation(carried: Carried | undefined, isReply: boolean): string {
	const ports = portsOf(carried);
	if (ports !== undefined) return isReply ? ` ${ports[0]} ${ports[1]}` : ` ${ports[1]} ${ports[0]}`;
	if (carried === undefined) return "";
	const { protocol, layer } = carried;
	const { bytes, start } = layer;
	const types = protocol === IPPROTO_ICMP ? icmpv4Types : protocol === IPPROTO_ICMPV6 ? icmpv6Types : [];
	if (bytes.length < start + 8 || !types.includes(u8(bytes, start))) return "";
	return ` icmp ${u32(bytes, start + 4)}`;
}

/** The keys under which a request waits. */
export function requestKeys(layers: readonly Layer[]): string[] {
	const index = networkIndex(layers);
	const network = layers[index];
	if (network === undefined) return [anybody];
	if (network.layer === "arp") return [`arp ${String((network as ArpView).targetProtocolAddress)}`];
	const { destination } = network as Ipv4View | Ipv6View;
	const isToAll = layers[0]?.layer === "ethernet" && (u8(layers[0].bytes, layers[0].start) & 1) !== 0;
	if (isToAll || isGroup(destination)) return [anybody];
	// On the way the destination becomes another.
	if (layers.some(({ layer }) => layer === "ipv6Routing")) return [anybody];
	const carried = carriedBy(layers, index);
	const inside = layers[(carried?.index ?? 0) + 1]?.layer ?? "";
	const talk = otherPorts.has(inside) ? "" : conversation(carried, false);
	return talk === "" ? [destination] : [destination + talk, shortQuote(destination)];
}

/** The keys under which a request may wait that a packet is a reply to. */
export function replyKeys(layers: readonly Layer[]): string[] {
	const keys = [anybody];
	const index = networkIndex(layers);
	const network = layers[index];
	if (network === undefined) return keys;
	if (network.layer === "arp") {
		keys.push(`arp ${String((network as ArpView).senderProtocolAddress)}`);
		return keys;
	}
	const { source } = network as Ipv4View | Ipv6View;
	const carried = carriedBy(layers, index);
	addKeys(keys, source, conversation(carried, true));
	if (carried?.layer.quotes !== true) return keys;
	const quoted = layers[carried.index + 1];
	if (quoted === undefined || (quoted.layer !== "ipv4" && quoted.layer !== "ipv6")) return keys;
	const { destination } = quoted as Ipv4View | Ipv6View;
	const talk = conversation(carriedBy(layers, carried.index + 1), false);
	addKeys(keys, destination, talk);
	if (talk === "") keys.push(shortQuote(destination));
	return keys;
}

/** For what an error is about that quotes nothing behind the header of IP. */
function shortQuote(destination: string): string {
	return `${destination} quoted`;
}

function addKeys(keys: string[], address: string, talk: string): void {
	keys.push(address);
	if (talk !== "") keys.push(address + talk);
}

/** Whether an address is that of a group, or of everybody. */
export function isGroup(address: string): boolean {
	if (address.includes(":")) return /^ff[0-9a-f]{2}:/.test(address);
	return address === "255.255.255.255" || /^2(2[4-9]|3\d)\./.test(address);
}
