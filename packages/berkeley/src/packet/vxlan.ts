/**
 * VXLAN: Ethernet in UDP. RFC 7348 section 5.
 */
import { put8, put24, u8, u24 } from "./bytes.js";
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

/** The port of UDP. */
export const VXLAN_PORT = 4789;
/** The flag that says that `vni` counts. */
const VNI = 0x08;
const size = 8;

/** A VXLAN header, 8 bytes. */
export interface Vxlan extends LayerValue {
	/** "vxlan". */
	readonly layer: "vxlan";
	/** 8 bits, of which 0x08 says that `vni` counts; 0x08 when left out. */
	readonly flags?: number;
	/** The 24 bits behind the flags, which must be 0. */
	readonly reserved?: number;
	/** Which network it is: the VXLAN network identifier, 24 bits. */
	readonly vni: number;
	/** The 8 bits behind `vni`, which must be 0. */
	readonly reserved2?: number;
}

/** A VXLAN header in a packet. */
export class VxlanView extends Layer<Vxlan> {
	/** "vxlan". */
	get layer(): "vxlan" {
		return "vxlan";
	}

	/** The flags: 0x08 says that `vni` counts. */
	get flags(): number {
		return u8(this.bytes, this.start);
	}

	/** The 24 bits behind the flags. */
	get reserved(): number {
		return u24(this.bytes, this.start + 1);
	}

	/** Which network it is. */
	get vni(): number {
		return u24(this.bytes, this.start + 4);
	}

	/** The 8 bits behind `vni`. */
	get reserved2(): number {
		return u8(this.bytes, this.start + 7);
	}

	/** What the payload is: an Ethernet frame. */
	override next(links: Links): AnyCodec | undefined {
		return links.codec("ethernet");
	}

	/** All fields as a plain value. */
	toValue(): Vxlan {
		const { flags, reserved, vni, reserved2 } = this;
		return { layer: "vxlan", flags, reserved, vni, reserved2 };
	}

	/** One line. */
	summary(): string {
		return `network ${this.vni}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["flags", 1],
			["reserved", 3],
			["vni", 3],
			["reserved2", 1],
		]);
	}
}

/** VXLAN. */
export const vxlan: Protocol<Vxlan, VxlanView> = protocol({
	layer: "vxlan",
	computed: [],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			faults.fault("vxlan", "flags", start, `a header has ${size} bytes, and ${end - start} are there`);
			return undefined;
		}
		return new VxlanView(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write(value, { bytes, start }) {
		put8(bytes, start, value.flags ?? VNI, "vxlan.flags");
		put24(bytes, start + 1, value.reserved ?? 0, "vxlan.reserved");
		put24(bytes, start + 4, value.vni, "vxlan.vni");
		put8(bytes, start + 7, value.reserved2 ?? 0, "vxlan.reserved2");
	},
});
