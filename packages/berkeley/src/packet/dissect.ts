/**
 * `dissect()`: the layers of a packet.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { ethernet } from "./ethernet.js";
import { ipv4 } from "./ipv4.js";
import { ipv6 } from "./ipv6.js";
import type { AnyCodec, Layer } from "./layer.js";
import { Packet } from "./packet.js";
import { links } from "./protocols.js";
import { RawView, raw } from "./raw.js";
import { sll } from "./sll.js";
import { sll2 } from "./sll2.js";

/** How a packet is read. */
export interface DissectOptions {
	/** What the packet begins with; ethernet when left out. */
	first?: AnyCodec;
	/**
	 * What it begins with, by its link: what a captured packet has as `link`, a name or the number of a link type
	 * (pcap-linktype(7)). "raw" is IPv4 or IPv6, by its version. What is not known here is a raw layer.
	 */
	link?: "ethernet" | "raw" | "sll" | "sll2" | number;
}

/** By the link: the first layer, or undefined where its first byte tells. */
const firstOf = new Map<unknown, AnyCodec | undefined>([
	["ethernet", ethernet],
	["sll", sll],
	["sll2", sll2],
	["raw", undefined],
	[1, ethernet],
	[12, undefined],
	[14, undefined],
	[101, undefined],
	[113, sll],
	[228, ipv4],
	[229, ipv6],
	[276, sll2],
]);

function firstLayer(link: DissectOptions["link"], bytes: Uint8Array): AnyCodec {
	const known = firstOf.get(link);
	if (known !== undefined) return known;
	if (!firstOf.has(link)) {
		if (typeof link === "number") return raw;
		throw new RangeError(`link must be ethernet, raw, sll, sll2 or a number, not ${String(link)}`);
	}
	const version = (bytes[0] ?? 0) >> 4;
	return version === 4 ? ipv4 : version === 6 ? ipv6 : raw;
}

// Headers of a few bytes may be put into each other without end.
const most = 64;

/**
 * Reads a packet. It never throws for what the bytes are: where a packet is short or broken, there are the layers that
 * could be read, the rest as a raw layer, and `error`, which names the layer, the field and the offset.
 *
 * The layers are views: their fields are read from the bytes when they are asked for, and nothing is copied.
 * @throws TypeError when it is given no bytes; RangeError for a link that is none
 */
export function dissect(bytes: Uint8Array, options: DissectOptions = {}): Packet {
	if (!isBytes(bytes)) throw new TypeError(`dissect takes bytes, not ${kindOf(bytes)}`);
	const packet = new Packet(bytes);
	const { layers } = packet;
	const { first, link } = options;
	let codec: AnyCodec | undefined = first ?? (link === undefined ? ethernet : firstLayer(link, bytes));
	let outer: Layer | undefined;
	let start = 0;
	let end = bytes.length;
	while (codec !== undefined) {
		if (layers.length === most) {
			packet.fault(codec.layer, "start", start, `it is in ${most} others, and more are not looked at`);
			break;
		}
		const layer: Layer | undefined = codec.open(bytes, start, end, outer, packet);
		if (layer === undefined) break;
		layers.push(layer);
		start = layer.payloadStart;
		end = layer.end;
		outer = layer;
		if (layer.quotes) {
			packet.quoted = true;
			end = layer.payloadEnd;
		}
		// A payload of nothing is no header.
		codec = start < end ? layer.next(links) : undefined;
	}
	if (start < end && !(outer instanceof RawView)) layers.push(new RawView(bytes, start, end, end, outer));
	return packet;
}
