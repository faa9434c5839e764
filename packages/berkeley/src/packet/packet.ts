/**
 * A packet that was read: its layers, and what is wrong with it.
 */
import { copyOf } from "./bytes.js";
import type { FaultSink, Layer, LayerValue } from "./layer.js";
import { RawView } from "./raw.js";

/** What is wrong with a packet. It is no Error, for it is not thrown: a broken packet is a packet. */
export interface PacketFault {
	/** The layer that cannot be read, or not as a whole. */
	readonly layer: string;
	/** The field at which that shows. */
	readonly field: string;
	/** Where the field is, in bytes from the packet's first. */
	readonly offset: number;
	/** A sentence for people: `ipv4.totalLength at byte 16: it says 1500 bytes, and 60 are there`. */
	readonly message: string;
}

/** The layers of a packet, the outermost first. Made by dissect(). */
export class Packet implements FaultSink {
	/** The packet, not copied: who changes the bytes changes what the layers tell. */
	readonly bytes: Uint8Array;
	/** The headers, and at last a raw layer where something is left over. */
	readonly layers: Layer[] = [];
	/** What is wrong, the first of it; undefined for a packet that could be read as a whole. */
	error: PacketFault | undefined = undefined;
	/** Whether what is short is no fault, for it is a quotation. */
	quoted = false;

	/** Use dissect(). */
	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	/** Notes what is wrong; the first stays. */
	fault(layer: string, field: string, offset: number, problem: string): void {
		if (this.quoted) return;
		this.error ??= { layer, field, offset, message: `${layer}.${field} at byte ${offset}: ${problem}` };
	}

	/** The outermost layer of a protocol: `packet.get(tcp)?.destinationPort`. */
	get<View extends Layer>(protocol: {
		readonly layer: string;
		readonly open: Opener<View>;
	}): View | undefined {
		for (const layer of this.layers) if (layer.layer === protocol.layer) return layer as View;
		return undefined;
	}

	/** Whether there is a layer of a protocol. */
	has(protocol: { layer: string }): boolean {
		return this.layers.some(({ layer }) => layer === protocol.layer);
	}

	/** What the last header carries; empty when it carries nothing. Not copied. */
	get payload(): Uint8Array {
		const last = this.layers.at(-1);
		if (last === undefined) return this.bytes;
		return last instanceof RawView ? last.data : last.payload;
	}

	/**
	 * The layers as plain values, from which build() makes the same bytes. What is behind the first layer's end, such as
	 * what fills up a frame of which only the IP packet is read, is in its trailer.
	 */
	toValues(): LayerValue[] {
		const { layers, bytes } = this;
		return layers.map((layer, index) => {
			const value = layer.toValue();
			const inner = layers[index + 1];
			const from = inner === undefined ? layer.payloadStart : inner.end;
			const { payloadEnd, end } = layer;
			const to = payloadEnd === end && index === 0 ? bytes.length : payloadEnd;
			return from < to ? { ...value, trailer: copyOf(bytes, from, to) } : value;
		});
	}

	/** One line: each layer's name and what it says. */
	summary(): string {
		const parts = this.layers.map((layer) => `${layer.layer} ${layer.summary()}`);
		if (this.error !== undefined) parts.push(`(${this.error.message})`);
		return parts.join(" | ");
	}
}

type Opener<View> = (
	bytes: Uint8Array,
	start: number,
	end: number,
	outer: Layer | undefined,
	faults: FaultSink,
) => View | undefined;
