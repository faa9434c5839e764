/**
 * `build()`: the bytes of a packet from the values of its layers.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import type { AnyCodec, LayerValue, Links, Place } from "./layer.js";
import { links } from "./protocols.js";
import type { KnownLayerValue } from "./values.js";

/**
 * A layer, or a payload: bytes, or text as UTF-8. The union has the known values beside what they have in common, for
 * the compiler takes a literal such as `{ ...frame, type: 5 }` only where it knows the fields.
 */
export type Part = KnownLayerValue | LayerValue | Uint8Array | string;

type Tail = ((value: LayerValue, payloadLength: number) => number) | undefined;
type Write = (value: LayerValue, place: Place, table: Links) => void;
type Seal = ((value: LayerValue, place: Place) => void) | undefined;

/** What writes the layers of a protocol. A class, so that all have the same shape, which codecs have not. */
class Writer {
	readonly measure: (value: LayerValue) => number;
	readonly tail: Tail;
	readonly write: Write;
	readonly seal: Seal;

	constructor(codec: AnyCodec) {
		this.measure = codec.measure as (value: LayerValue) => number;
		this.tail = codec.tail as Tail;
		this.write = codec.write as Write;
		this.seal = codec.seal as Seal;
	}
}

/** The place of a layer. A class, for the same reason. */
class Slot implements Place {
	readonly value: LayerValue;
	readonly layer: string;
	readonly writer: Writer;
	readonly trailer: Uint8Array | undefined;
	readonly outer: Slot | undefined;
	inner: Slot | undefined = undefined;
	bytes: Uint8Array = nothing;
	start: number;
	payloadStart: number;
	payloadEnd = 0;
	end = 0;

	constructor(value: LayerValue, writer: Writer, outer: Slot | undefined, start: number) {
		this.value = value;
		this.layer = value.layer;
		this.writer = writer;
		this.trailer = value.trailer;
		this.outer = outer;
		this.start = start;
		this.payloadStart = start + writer.measure(value);
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
	let at = 0;
	for (let index = 0; index < parts.length; index++) {
		const value = layerOf(parts[index] as Part);
		const slot: Slot = new Slot(value, writerOf(value.layer), last, at);
		at = slot.payloadStart;
		if (last === undefined) first = slot;
		else last.inner = slot;
		last = slot;
	}
	// From the innermost to the outermost: each ends with its own trailer and tail, behind what is in it.
	for (let slot = last; slot !== undefined; slot = slot.outer) {
		const { trailer } = slot;
		const { tail } = slot.writer;
		if (trailer !== undefined) {
			if (!isBytes(trailer))
				throw new TypeError(`${slot.layer}.trailer must be bytes, not ${kindOf(trailer)}`);
			at += trailer.length;
		}
		slot.payloadEnd = at;
		if (tail !== undefined) at += tail(slot.value, at - slot.payloadStart);
		slot.end = at;
	}
	const bytes = new Uint8Array(at);
	for (let slot = first; slot !== undefined; slot = slot.inner) {
		slot.bytes = bytes;
		const { trailer, writer } = slot;
		if (trailer !== undefined) bytes.set(trailer, slot.payloadEnd - trailer.length);
		writer.write(slot.value, slot, links);
	}
	// A checksum covers those of the layers inside.
	for (let slot = last; slot !== undefined; slot = slot.outer) slot.writer.seal?.(slot.value, slot);
	return bytes;
}

const writers = new Map<string, Writer>();

function writerOf(layer: string): Writer {
	const known = writers.get(layer);
	if (known !== undefined) return known;
	const codec = links.codec(layer);
	if (codec === undefined) {
		throw new RangeError(`there is no layer ${JSON.stringify(layer)}; there are ${links.layers.join(", ")}`);
	}
	const writer = new Writer(codec);
	writers.set(layer, writer);
	return writer;
}

function layerOf(part: Part): LayerValue {
	if (typeof part === "string") return { layer: "raw", data: utf8.encode(part) } as LayerValue;
	if (typeof part === "object" && part !== null) {
		if (typeof (part as LayerValue).layer === "string") return part as LayerValue;
		if (isBytes(part)) return { layer: "raw", data: part } as LayerValue;
	}
	throw new TypeError(`build takes layers, bytes and texts, not ${kindOf(part)}`);
}

/**
 * The same layer without what build() can compute: lengths, numbers of protocols, checksums. For values that dissect()
 * gave, which have them all, when something else is changed.
 */
export function recomputed<Value extends LayerValue>(value: Value): Value {
	const copy = { ...value };
	for (const field of links.codec(value.layer)?.computed ?? []) omit(copy, field);
	return copy;
}

/** Leaves out a field, or `field.member`; the objects inside are not changed, for they are the caller's. */
function omit(copy: object, path: string): void {
	const [field = "", member] = path.split(".");
	const name = field as keyof typeof copy;
	if (member === undefined) {
		delete copy[name];
		return;
	}
	const inner: unknown = copy[name];
	if (typeof inner !== "object" || inner === null) return;
	const { [member]: _omitted, ...rest } = inner as Record<string, unknown>;
	copy[name] = rest as never;
}
