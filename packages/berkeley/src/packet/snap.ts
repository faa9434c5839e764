/**
 * SNAP: an EtherType behind an LLC header. IEEE 802 section 10.3; RFC 1042.
 */
import { put16, put24, u16, u24 } from "./bytes.js";
import { ethertypeOf } from "./ethertypes.js";
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

/** A SNAP header, 5 bytes. */
export interface Snap extends LayerValue {
	/** "snap". */
	readonly layer: "snap";
	/** Whose protocol identifiers are meant, 24 bits; 0, for EtherTypes, when left out. */
	readonly oui?: number;
	/** The protocol identifier: an EtherType where `oui` is 0. The payload's when left out. */
	readonly type?: number;
}

/** A SNAP header in a packet. */
export class SnapView extends Layer<Snap> {
	/** "snap". */
	get layer(): "snap" {
		return "snap";
	}

	/** Whose protocol identifiers are meant. */
	get oui(): number {
		return u24(this.bytes, this.start);
	}

	/** The protocol identifier. */
	get type(): number {
		return u16(this.bytes, this.start + 3);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return this.oui === 0 ? links.byEthertype(this.type) : undefined;
	}

	/** All fields as a plain value. */
	toValue(): Snap {
		return { layer: "snap", oui: this.oui, type: this.type };
	}

	/** One line. */
	summary(): string {
		return `oui 0x${this.oui.toString(16).padStart(6, "0")} type 0x${this.type.toString(16).padStart(4, "0")}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["oui", 3],
			["type", 2],
		]);
	}
}

const size = 5;

/** SNAP. */
export const snap: Protocol<Snap, SnapView> = protocol({
	layer: "snap",
	computed: ["type"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			faults.fault("snap", "oui", start, `a header has ${size} bytes, and ${end - start} are there`);
			return undefined;
		}
		return new SnapView(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write({ oui, type }, { bytes, start, inner }, links) {
		put24(bytes, start, oui ?? 0, "snap.oui");
		put16(bytes, start + 3, type ?? ethertypeOf(inner, links), "snap.type");
	},
});
