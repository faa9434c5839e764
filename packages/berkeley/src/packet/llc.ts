/**
 * LLC: what a frame carries that has a length in place of an EtherType. IEEE 802.2; IEEE 802.3 section 3.2.6.
 */
import { put8, u8, u16 } from "./bytes.js";
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

/** The service access point of SNAP. */
const SNAP = 0xaa;
const UNNUMBERED_INFORMATION = 3;
/** An LLC header, 3 or 4 bytes. */
export interface Llc extends LayerValue {
	/** "llc". */
	readonly layer: "llc";
	/** The receiver's service access point; 0xaa, SNAP's, when left out. */
	readonly dsap?: number;
	/** The sender's service access point; 0xaa, SNAP's, when left out. */
	readonly ssap?: number;
	/** The first byte of the control field; 3, unnumbered information, when left out. */
	readonly control?: number;
	/** The second byte of the control field, which there is where not both of the two lowest bits of the first are 1. */
	readonly control2?: number;
}

/** An LLC header in a packet. */
export class LlcView extends Layer<Llc> {
	/** "llc". */
	get layer(): "llc" {
		return "llc";
	}

	/** The receiver's service access point. */
	get dsap(): number {
		return u8(this.bytes, this.start);
	}

	/** The sender's service access point. */
	get ssap(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** The first byte of the control field. */
	get control(): number {
		return u8(this.bytes, this.start + 2);
	}

	/** The second byte of the control field; undefined where it has one. */
	get control2(): number | undefined {
		return this.headerLength === 4 ? u8(this.bytes, this.start + 3) : undefined;
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		const { dsap, ssap, control } = this;
		return dsap === SNAP && ssap === SNAP && control === UNNUMBERED_INFORMATION
			? links.codec("snap")
			: undefined;
	}

	/** All fields as a plain value. */
	toValue(): Llc {
		const { dsap, ssap, control, control2 } = this;
		const value = { layer: "llc" as const, dsap, ssap, control };
		return control2 === undefined ? value : { ...value, control2 };
	}

	/** One line. */
	summary(): string {
		return `0x${this.ssap.toString(16)} > 0x${this.dsap.toString(16)} control 0x${this.control.toString(16)}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const rows: [string, number][] = [
			["dsap", 1],
			["ssap", 1],
			["control", 1],
		];
		if (this.headerLength === 4) rows.push(["control2", 1]);
		return marksOf(this.start, rows);
	}
}

function sizeOf(control: number): number {
	return (control & 3) === 3 ? 3 : 4;
}

/** LLC, in frames of IEEE 802.3. The length of the frame, in the header before, says where its payload ends. */
export const llc: Protocol<Llc, LlcView> = protocol({
	layer: "llc",
	computed: [],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		let last = end;
		if (outer?.layer === "ethernet" || outer?.layer === "vlan") {
			const at = start - 2;
			const length = u16(bytes, at);
			if (start + length <= end) last = start + length;
			else {
				faults.fault(outer.layer, "type", at, `it says ${length} bytes, and ${end - start} are there`);
			}
		}
		const there = last - start;
		const size = there < 3 ? 3 : sizeOf(u8(bytes, start + 2));
		if (there < size) {
			faults.fault("llc", "dsap", start, `a header has at least ${size} bytes, and ${there} are there`);
			return undefined;
		}
		return new LlcView(bytes, start, start + size, last, outer);
	},
	measure: ({ control, control2 }) => {
		const size = sizeOf(control ?? UNNUMBERED_INFORMATION);
		if (size === 3 && control2 !== undefined) {
			throw new TypeError("llc.control2 is no field where the two lowest bits of llc.control are 1");
		}
		return size;
	},
	write(value, { bytes, start, payloadStart }) {
		put8(bytes, start, value.dsap ?? SNAP, "llc.dsap");
		put8(bytes, start + 1, value.ssap ?? SNAP, "llc.ssap");
		put8(bytes, start + 2, value.control ?? UNNUMBERED_INFORMATION, "llc.control");
		if (payloadStart - start === 4) put8(bytes, start + 3, value.control2 ?? 0, "llc.control2");
	},
});
