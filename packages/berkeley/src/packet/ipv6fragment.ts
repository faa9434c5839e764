/**
 * The fragment header of IPv6: RFC 8200 section 4.5.
 */
import { bit, bits, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
import { nextHeaderOf } from "./ipv6.js";
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

/** A fragment header of IPv6, 8 bytes. */
export interface Ipv6Fragment extends LayerValue {
	/** "ipv6Fragment". */
	readonly layer: "ipv6Fragment";
	/** What the first fragment begins with: IPPROTO_TCP … The payload's when left out. */
	readonly nextHeader?: number;
	/** Eight bits that must be 0. */
	readonly reserved?: number;
	/** Where in the packet the payload belongs, in units of eight bytes; 0 when left out. */
	readonly fragmentOffset?: number;
	/** Two bits that must be 0. */
	readonly reserved2?: number;
	/** Whether it is not the last one; false when left out. */
	readonly moreFragments?: boolean;
	/** What the fragments of a packet have in common, 32 bits; 0 when left out. */
	readonly identification?: number;
}

/** A fragment header in a packet. */
export class Ipv6FragmentView extends Layer<Ipv6Fragment> {
	/** "ipv6Fragment". */
	get layer(): "ipv6Fragment" {
		return "ipv6Fragment";
	}

	/** What the first fragment begins with. */
	get nextHeader(): number {
		return u8(this.bytes, this.start);
	}

	/** Eight bits that must be 0. */
	get reserved(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** Where in the packet the payload belongs, in units of eight bytes. */
	get fragmentOffset(): number {
		return u16(this.bytes, this.start + 2) >>> 3;
	}

	/** Two bits that must be 0. */
	get reserved2(): number {
		return (u8(this.bytes, this.start + 3) >>> 1) & 3;
	}

	/** Whether it is not the last one. */
	get moreFragments(): boolean {
		return (u8(this.bytes, this.start + 3) & 1) !== 0;
	}

	/** What the fragments of a packet have in common. */
	get identification(): number {
		return u32(this.bytes, this.start + 4);
	}

	/** Whether all of the payload is there: neither cut off nor a part. */
	override get whole(): boolean {
		return super.whole && !this.moreFragments && this.fragmentOffset === 0;
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		// A later fragment begins anywhere in what it is a part of.
		return this.fragmentOffset === 0 ? links.byIpProtocol(this.nextHeader) : undefined;
	}

	/** All fields as a plain value. */
	toValue(): Ipv6Fragment {
		return {
			layer: "ipv6Fragment",
			nextHeader: this.nextHeader,
			reserved: this.reserved,
			fragmentOffset: this.fragmentOffset,
			reserved2: this.reserved2,
			moreFragments: this.moreFragments,
			identification: this.identification,
		};
	}

	/** One line. */
	summary(): string {
		return `${this.identification}@${this.fragmentOffset * 8}${this.moreFragments ? "+" : ""}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["nextHeader", 1],
			["reserved", 1],
			["fragmentOffset", 0],
			["reserved2", 0],
			["moreFragments", 2],
			["identification", 4],
		]);
	}
}

const size = 8;

/** A fragment header of IPv6. */
export const ipv6Fragment: Protocol<Ipv6Fragment, Ipv6FragmentView> = protocol({
	layer: "ipv6Fragment",
	computed: ["nextHeader"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			const problem = `a header has ${size} bytes, and ${end - start} are there`;
			faults.fault("ipv6Fragment", "nextHeader", start, problem);
			return undefined;
		}
		return new Ipv6FragmentView(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write(value, { bytes, start, inner }, links) {
		put8(bytes, start, value.nextHeader ?? nextHeaderOf(inner, links), "ipv6Fragment.nextHeader");
		put8(bytes, start + 1, value.reserved ?? 0, "ipv6Fragment.reserved");
		const word =
			(bits(value.fragmentOffset ?? 0, 13, "ipv6Fragment.fragmentOffset") << 3) |
			(bits(value.reserved2 ?? 0, 2, "ipv6Fragment.reserved2") << 1) |
			bit(value.moreFragments ?? false, "ipv6Fragment.moreFragments");
		put16(bytes, start + 2, word, "ipv6Fragment.fragmentOffset");
		put32(bytes, start + 4, value.identification ?? 0, "ipv6Fragment.identification");
	},
});
