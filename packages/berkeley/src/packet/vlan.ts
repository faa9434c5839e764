/**
 * VLAN tags: IEEE 802.1Q section 9, customer and service tags (802.1ad).
 */
import { bit, bits, put16, u8, u16 } from "./bytes.js";
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

/**
 * A VLAN tag, 4 bytes: what follows the EtherType that says that there is one. Two tags are two layers, the first of
 * which is a service tag where the header before says `type: ETHERTYPE_SERVICE_VLAN`.
 */
export interface Vlan extends LayerValue {
	/** "vlan". */
	readonly layer: "vlan";
	/** The priority code point, 3 bits; 0 when left out. */
	readonly pcp?: number;
	/** Whether the frame may be dropped first: the drop eligible indicator; false when left out. */
	readonly dei?: boolean;
	/** The VLAN's number, 12 bits; 0 is none, which leaves the priority alone. */
	readonly vid: number;
	/** The EtherType of what follows. The payload's when left out. */
	readonly type?: number;
}

/** A VLAN tag in a packet. */
export class VlanView extends Layer<Vlan> {
	/** "vlan". */
	get layer(): "vlan" {
		return "vlan";
	}

	/** The priority code point. */
	get pcp(): number {
		return u8(this.bytes, this.start) >>> 5;
	}

	/** Whether the frame may be dropped first. */
	get dei(): boolean {
		return (u8(this.bytes, this.start) & 0x10) !== 0;
	}

	/** The VLAN's number. */
	get vid(): number {
		return u16(this.bytes, this.start) & 0xfff;
	}

	/** The EtherType of what follows. */
	get type(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return byTypeOrLength(this.type, links);
	}

	/** All fields as a plain value. */
	toValue(): Vlan {
		return { layer: "vlan", pcp: this.pcp, dei: this.dei, vid: this.vid, type: this.type };
	}

	/** One line. */
	summary(): string {
		return `${this.vid} priority ${this.pcp}${this.dei ? " drop eligible" : ""}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["pcp", 0],
			["dei", 0],
			["vid", 2],
			["type", 2],
		]);
	}
}

const size = 4;

/** A VLAN tag of IEEE 802.1Q. */
export const vlan: Protocol<Vlan, VlanView> = protocol({
	layer: "vlan",
	computed: ["type"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			const field = end - start < 2 ? "vid" : "type";
			faults.fault("vlan", field, start, `a tag has ${size} bytes, and ${end - start} are there`);
			return undefined;
		}
		return new VlanView(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write(value, { bytes, start, inner }, links) {
		const tag =
			(bits(value.pcp ?? 0, 3, "vlan.pcp") << 13) |
			(bit(value.dei ?? false, "vlan.dei") << 12) |
			bits(value.vid, 12, "vlan.vid");
		put16(bytes, start, tag, "vlan.vid");
		put16(bytes, start + 2, value.type ?? typeOrLengthOf(inner, links), "vlan.type");
	},
});
