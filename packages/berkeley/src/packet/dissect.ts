/**
 * `dissect()`: the layers of a packet.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { ethernet } from "./ethernet.js";
import type { AnyCodec, Layer } from "./layer.js";
import { Packet } from "./packet.js";
import { links } from "./protocols.js";
import { RawView } from "./raw.js";

/** How a packet is read. */
export interface DissectOptions {
	/** What the packet begins with; ethernet when left out. */
	first?: AnyCodec;
}

// Headers of a few bytes may be put into each other without end.
const most = 64;

/**
 * Reads a packet. It never throws for what the bytes are: where a packet is short or broken, there are the layers that
 * could be read, the rest as a raw layer, and `error`, which names the layer, the field and the offset.
 *
 * The layers are views: their fields are read from the bytes when they are asked for, and nothing is copied.
 * @throws TypeError when it is given no bytes
 */
export function dissect(bytes: Uint8Array, options: DissectOptions = {}): Packet {
	if (!isBytes(bytes)) throw new TypeError(`dissect takes bytes, not ${kindOf(bytes)}`);
	const packet = new Packet(bytes);
	const { layers } = packet;
	let codec: AnyCodec | undefined = options.first ?? ethernet;
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
		if (layer.quotes) packet.quoted = true;
		// A payload of nothing is no header.
		codec = start < end ? layer.next(links) : undefined;
	}
	if (start < end && !(outer instanceof RawView)) layers.push(new RawView(bytes, start, end, end, outer));
	return packet;
}
