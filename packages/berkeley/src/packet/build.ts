/**
 * `build()`: the bytes of a packet from the values of its layers.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import type { AnyCodec, LayerValue, Links, Place } from "./layer.js";
import { links } from "./protocols.js";

/** A layer, or a payload: bytes, or text as UTF-8. */
export type Part = LayerValue | Uint8Array | string;

type Write = (value: LayerValue, place: Place, table: Links) => void;
type Seal = ((value: LayerValue, place: Place) => void) | undefined;

/** The place of a layer. A class, so that all have the same shape. */
class Slot implements Place {
	readonly value: LayerValue;
	readonly layer: string;
	readonly codec: AnyCodec;
	readonly outer: Slot | undefined;
	inner: Slot | undefined = undefined;
	bytes: Uint8Array = nothing;
	start = 0;
	payloadStart = 0;
	end = 0;

	constructor(value: LayerValue, codec: AnyCodec, outer: Slot | undefined) {
		this.value = value;
		this.layer = value.layer;
		this.codec = codec;
		this.outer = outer;
	}
}

const nothing = new Uint8Array(0);
const utf8 = new TextEncoder();

/**
 * Makes a packet: `build(ethernet({ … }), ipv4({ … }), udp({ … }), "hello")`. The layers are those of values, the
 * outermost first. Lengths, the numbers of protocols and checksums that are left out are filled in; what is given is
 * kept as it is given, right or wrong.
 * @throws TypeError, RangeError for what a field cannot hold, which they name
 */
export function build(...parts: readonly Part[]): Uint8Array {
	let first: Slot | undefined;
	let last: Slot | undefined;
	for (const part of parts) {
		const value = layerOf(part);
		const codec = links.codec(value.layer);
		if (codec === undefined) {
			throw new RangeError(
				`there is no layer ${JSON.stringify(value.layer)}; there are ${links.layers.join(", ")}`,
			);
		}
		const slot: Slot = new Slot(value, codec, last);
		if (last === undefined) first = slot;
		else last.inner = slot;
		last = slot;
	}
	let at = 0;
	for (let slot = first; slot !== undefined; slot = slot.inner) {
		slot.start = at;
		at += slot.codec.measure(slot.value as never);
		slot.payloadStart = at;
	}
	// From the innermost to the outermost: each ends with its own trailer, behind what is in it.
	for (let slot = last; slot !== undefined; slot = slot.outer) {
		const { trailer } = slot.value;
		if (trailer !== undefined) {
			if (!isBytes(trailer))
				throw new TypeError(`${slot.layer}.trailer must be bytes, not ${kindOf(trailer)}`);
			at += trailer.length;
		}
		slot.end = at;
	}
	const bytes = new Uint8Array(at);
	for (let slot = first; slot !== undefined; slot = slot.inner) {
		slot.bytes = bytes;
		const { trailer } = slot.value;
		if (trailer !== undefined) bytes.set(trailer, slot.end - trailer.length);
		(slot.codec.write as Write)(slot.value, slot, links);
	}
	// A checksum covers those of the layers inside.
	for (let slot = last; slot !== undefined; slot = slot.outer) {
		(slot.codec.seal as Seal)?.(slot.value, slot);
	}
	return bytes;
}

function layerOf(part: Part): LayerValue {
	if (typeof part === "string") return { layer: "raw", data: utf8.encode(part) } as LayerValue;
	if (isBytes(part)) return { layer: "raw", data: part } as LayerValue;
	if (typeof part === "object" && part !== null && typeof part.layer === "string") return part;
	throw new TypeError(`build takes layers, bytes and texts, not ${kindOf(part)}`);
}

/**
 * The same layer without what build() can compute: lengths, numbers of protocols, checksums. For values that dissect()
 * gave, which have them all, when something else is changed.
 */
export function recomputed<Value extends LayerValue>(value: Value): Value {
	const copy = { ...value };
	for (const field of links.codec(value.layer)?.computed ?? []) delete copy[field as keyof Value];
	return copy;
}
