/**
 * Ethernet: the frame of a local network, with an EtherType or a length. IEEE 802.3 section 3; RFC 894.
 */
import { macAt, putMac } from "./addresses.js";
import { put16, u16 } from "./bytes.js";
import { byTypeOrLength, typeOrLengthOf } from "./ethertypes.js";
import {
	type AnyCodec,
	type FaultSink,
	Layer,
	type LayerValue,
	type Links,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";

/** An Ethernet II header, 14 bytes. */
export interface Ethernet extends LayerValue {
	/** "ethernet". */
	readonly layer: "ethernet";
	/** The receiver's hardware address; `ff:ff:ff:ff:ff:ff` is everybody's. */
	readonly destination: string;
	/** The sender's hardware address. */
	readonly source: string;
	/** The EtherType: what is carried. A value up to 1500 is a length (IEEE 802.3). The payload's when left out. */
	readonly type?: number;
}

/** An Ethernet II header in a packet. */
export class EthernetView extends Layer<Ethernet> {
	/** "ethernet". */
	get layer(): "ethernet" {
		return "ethernet";
	}

	/** The receiver's hardware address. */
	get destination(): string {
		return macAt(this.bytes, this.start);
	}

	/** The sender's hardware address. */
	get source(): string {
		return macAt(this.bytes, this.start + 6);
	}

	/** The EtherType. */
	get type(): number {
		return u16(this.bytes, this.start + 12);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return byTypeOrLength(this.type, links);
	}

	/** All fields as a plain value. */
	toValue(): Ethernet {
		return { layer: "ethernet", destination: this.destination, source: this.source, type: this.type };
	}

	/** One line. */
	summary(): string {
		return `${this.source} > ${this.destination}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["destination", 6],
			["source", 6],
			["type", 2],
		]);
	}
}

const size = 14;

/** An Ethernet II frame, without the checksum at its end, which the interface adds and takes off. */
export const ethernet: Protocol<Ethernet, EthernetView> = protocol({
	layer: "ethernet",
	computed: ["type"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			const field = end - start < 6 ? "destination" : end - start < 12 ? "source" : "type";
			faults.fault("ethernet", field, start, `a header has ${size} bytes, and ${end - start} are there`);
			return undefined;
		}
		return new EthernetView(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write(value, { bytes, start, inner }, links) {
		putMac(bytes, start, value.destination, "ethernet.destination");
		putMac(bytes, start + 6, value.source, "ethernet.source");
		put16(bytes, start + 12, value.type ?? typeOrLengthOf(inner, links), "ethernet.type");
	},
});
