/**
 * Whether a packet belongs to another, as its reply: ARP RFC 826, IP and ICMP errors RFC 1122 section 3.2.2 and
 * RFC 4443 section 2.4, TCP RFC 9293 sections 3.5 and 3.10, neighbour discovery RFC 4861, DNS RFC 5452 section 9,
 * DHCP RFC 2131.
 */
import { kindOf } from "../address/bytes.js";
import { answersTransport, type Lines } from "./answerstransport.js";
import type { ArpView } from "./arp.js";
import { u8 } from "./bytes.js";
import type { EthernetView } from "./ethernet.js";
import type { GreView } from "./gre.js";
import type { Ipv4View } from "./ipv4.js";
import type { Ipv6View } from "./ipv6.js";
import type { Ipv6FragmentView } from "./ipv6fragment.js";
import { Layer } from "./layer.js";
import { Packet } from "./packet.js";
import type { VlanView } from "./vlan.js";
import type { VxlanView } from "./vxlan.js";

const links = new Set(["ethernet", "vlan", "llc", "snap", "sll", "sll2"]);
const extensions = new Set(["ipv6HopByHop", "ipv6DestinationOptions", "ipv6Routing", "ipv6Fragment", "ah"]);
const IPPROTO_ICMP = 1;
const IPPROTO_UDP = 17;
const IPPROTO_ICMPV6 = 58;

/**
 * Whether a packet is a reply to another: addresses and ports are swapped, and what both have tells that they belong
 * together.
 *
 * - ARP: a reply that has the address which was asked for.
 * - ICMP and ICMPv6: echo, timestamp and mask by identifier and sequence; neighbour and router discovery.
 * - Errors of ICMP and ICMPv6, when they quote the request, of which eight bytes behind the IP header do.
 * - TCP: what acknowledges the request or resets the connection; a SYN is answered with SYN and ACK.
 * - UDP: and in it DNS by id and question, DHCPv4 by xid; in VXLAN, GRE and IP in IP what is inside.
 *
 * A request to a group (224.0.0.0/4, ff00::/8) or to everybody (255.255.255.255) may be answered by anybody, and one
 * from nobody (0.0.0.0, ::) to anywhere. The broadcast address of a network, such as 192.0.2.255, looks like any other
 * without the network's mask: it is known by a hardware address of everybody or a group alone, so that of a request
 * that is an IP packet, as sr() has them, answers from other addresses are none; send it by srp(), or to
 * 255.255.255.255. Link headers may be missing in either; where both have a VLAN tag, it is the same. A reply to
 * another station is none.
 * @param request a packet of dissect(), or its layers
 * @param reply the same, of what arrived
 */
export function answers(request: Packet | readonly Layer[], reply: Packet | readonly Layer[]): boolean {
	return match(layersOf(request, "request"), 0, layersOf(reply, "reply"), 0);
}

function layersOf(packet: Packet | readonly Layer[], what: string): readonly Layer[] {
	if (packet instanceof Packet) return packet.layers;
	if (Array.isArray(packet) && packet.every((layer) => layer instanceof Layer)) return packet;
	throw new TypeError(`the ${what} must be a packet of dissect() or its layers, not ${kindOf(packet)}`);
}

/** From one link or network header on. */
function match(request: readonly Layer[], from: number, reply: readonly Layer[], other: number): boolean {
	const asked = afterLinks(request, from);
	const told = afterLinks(reply, other);
	const question = request[asked];
	const answer = reply[told];
	if (question === undefined || answer === undefined) return false;
	if (!linksAgree(request.slice(from, asked), reply.slice(other, told))) return false;
	if (question.layer === "arp")
		return answer.layer === "arp" && answersArp(question as ArpView, answer as ArpView);
	if (!isIp(question) || !isIp(answer)) return false;
	// There is no reply to an error.
	if (quotesAt(request, asked) >= 0) return false;
	const quote = quotesAt(reply, told);
	if (quote >= 0) return isForSender(question, answer) && isQuoted(request, asked, reply, quote);
	if (question.layer !== answer.layer) return false;
	const group = isGroup(question.destination) || isBroadcast(request, from);
	if (!isForSender(question, answer) || (!group && answer.source !== question.destination)) return false;
	return upper(request, asked, reply, told, group);
}

/** What IP carries. */
function upper(
	request: readonly Layer[],
	asked: number,
	reply: readonly Layer[],
	told: number,
	group: boolean,
): boolean {
	const one = afterExtensions(request, asked);
	const two = afterExtensions(reply, told);
	if (one.protocol !== two.protocol) return false;
	const question = request[one.index];
	const answer = reply[two.index];
	// Nothing but headers of IP, or a later fragment.
	if (question === undefined || answer === undefined) return question === answer;
	if (question.layer !== answer.layer) return false;
	if (question.layer === "gre") {
		if ((question as GreView).key !== (answer as GreView).key) return false;
		return match(request, one.index + 1, reply, two.index + 1);
	}
	if (isIp(question)) return match(request, one.index, reply, two.index);
	const inside: Lines = { request, asked: one.index, reply, told: two.index, group };
	const vxlan = request[one.index + 1];
	if (vxlan?.layer === "vxlan") {
		// Its source ports are for spreading the load, and both ends are served at the same port.
		const back = reply[two.index + 1];
		if (back?.layer !== "vxlan" || (vxlan as VxlanView).vni !== (back as VxlanView).vni) return false;
		return match(request, one.index + 2, reply, two.index + 2);
	}
	return answersTransport(inside);
}

function afterLinks(layers: readonly Layer[], from: number): number {
	let index = from;
	while (links.has(layers[index]?.layer ?? "")) index++;
	return index;
}

function linksAgree(request: readonly Layer[], reply: readonly Layer[]): boolean {
	const asker = request.find(({ layer }) => layer === "ethernet") as EthernetView | undefined;
	const receiver = reply.find(({ layer }) => layer === "ethernet") as EthernetView | undefined;
	if (asker !== undefined && receiver !== undefined) {
		if (!isGroupMac(receiver) && receiver.destination !== asker.source) return false;
	}
	const vids = (layers: readonly Layer[]): number[] =>
		layers.filter(({ layer }) => layer === "vlan").map((layer) => (layer as VlanView).vid);
	const [one, two] = [vids(request), vids(reply)];
	// An interface may take the tags off.
	return one.length === 0 || two.length === 0 || one.join() === two.join();
}

/** Whether a frame is for a group: the lowest bit of the first byte. */
function isGroupMac({ bytes, start }: Layer): boolean {
	return (u8(bytes, start) & 1) !== 0;
}

function isBroadcast(layers: readonly Layer[], from: number): boolean {
	const outer = layers[from];
	return outer?.layer === "ethernet" && isGroupMac(outer);
}

function answersArp(question: ArpView, answer: ArpView): boolean {
	return (
		// Requests are odd, also those of RARP and InARP, and their replies follow them.
		question.operation % 2 === 1 &&
		answer.operation === question.operation + 1 &&
		answer.protocolType === question.protocolType &&
		String(answer.senderProtocolAddress) === String(question.targetProtocolAddress) &&
		String(answer.targetProtocolAddress) === String(question.senderProtocolAddress)
	);
}

function isIp(layer: Layer): layer is Ipv4View | Ipv6View {
	return layer.layer === "ipv4" || layer.layer === "ipv6";
}

function isGroup(address: string): boolean {
	if (address.includes(":")) return /^ff[0-9a-f]{2}:/.test(address);
	return address === "255.255.255.255" || /^2(2[4-9]|3\d)\./.test(address);
}

function isForSender({ source }: Ipv4View | Ipv6View, { destination }: Ipv4View | Ipv6View): boolean {
	return destination === source || isGroup(destination) || source === "0.0.0.0" || source === "::";
}

interface Upper {
	readonly index: number;
	readonly protocol: number;
	/** Where in the packet a fragment belongs; 0 for a whole packet. */
	readonly fragment: number;
}

/** What IP carries, behind the extensions of IPv6. */
function afterExtensions(layers: readonly Layer[], ip: number): Upper {
	const header = layers[ip] as Ipv4View | Ipv6View;
	let protocol = header.layer === "ipv4" ? header.protocol : header.nextHeader;
	let fragment = header.layer === "ipv4" ? header.fragmentOffset : 0;
	let index = ip + 1;
	for (
		let layer = layers[index];
		layer !== undefined && extensions.has(layer.layer);
		layer = layers[++index]
	) {
		protocol = u8(layer.bytes, layer.start);
		if (layer.layer === "ipv6Fragment") fragment = (layer as Ipv6FragmentView).fragmentOffset;
	}
	return { index, protocol, fragment };
}

/** Where the packet that an error quotes begins; -1 where there is no error. */
function quotesAt(layers: readonly Layer[], ip: number): number {
	const { index } = afterExtensions(layers, ip);
	const layer = layers[index];
	if (layer?.layer !== "icmpv4" && layer?.layer !== "icmpv6") return -1;
	return layer.quotes ? index + 1 : -1;
}

/** Whether a packet is the one that an error quotes, which may have passed routers and be cut. */
function isQuoted(request: readonly Layer[], asked: number, reply: readonly Layer[], quote: number): boolean {
	const sent = request[asked] as Ipv4View | Ipv6View;
	const quoted = reply[quote];
	if (quoted === undefined || !isIp(quoted) || quoted.source !== sent.source) return false;
	const one = afterExtensions(request, asked);
	const two = afterExtensions(reply, quote);
	// With a routing header the destination changes on the way.
	const routed = request.slice(asked, one.index).some(({ layer }) => layer === "ipv6Routing");
	if (!routed && quoted.destination !== sent.destination) return false;
	if (sent.layer === "ipv4" && quoted.layer === "ipv4" && sent.identification !== quoted.identification)
		return false;
	if (one.fragment !== two.fragment) return false;
	const question = request[one.index];
	const there = reply[two.index];
	// All of the headers of IP, and nothing behind them.
	if (question === undefined || there === undefined)
		return two.protocol === one.protocol || there === undefined;
	if (one.protocol !== two.protocol) return false;
	return sameBeginning(one.fragment > 0 ? -1 : one.protocol, question, there);
}

/** What errors quote behind the header of IP: eight bytes at least, or all where there are fewer. */
function sameBeginning(protocol: number, sent: Layer, quoted: Layer): boolean {
	const length = Math.min(8, sent.bytes.length - sent.start, quoted.bytes.length - quoted.start);
	for (let at = 0; at < length; at++) {
		// Checksums are filled in by the interface, and left so in what was captured before.
		if (protocol === IPPROTO_UDP && at >= 6) break;
		if ((protocol === IPPROTO_ICMP || protocol === IPPROTO_ICMPV6) && (at === 2 || at === 3)) continue;
		if (u8(sent.bytes, sent.start + at) !== u8(quoted.bytes, quoted.start + at)) return false;
	}
	return true;
}
