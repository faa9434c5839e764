/**
 * The authentication header of IPv4 and IPv6: RFC 4302 section 2.
 */
import { checkBytes } from "../address/bytes.js";
import { copyOf, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
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

const smallest = 12;

/** An authentication header, 12 bytes and the integrity check value. */
export interface Ah extends LayerValue {
	/** "ah". */
	readonly layer: "ah";
	/** What follows: IPPROTO_TCP … The payload's when left out. */
	readonly nextHeader?: number;
	/** The header's length in words of four bytes, minus 2. Computed when left out. */
	readonly payloadLength?: number;
	/** 16 bits that must be 0. */
	readonly reserved?: number;
	/** The security parameters index. */
	readonly spi: number;
	/** The sequence number; 0 when left out. */
	readonly sequence?: number;
	/** The integrity check value, with its padding: whole words of four bytes. It is not computed. */
	readonly icv?: Uint8Array;
}

/** An authentication header in a packet. */
export class AhView extends Layer<Ah> {
	/** "ah". */
	get layer(): "ah" {
		return "ah";
	}

	/** What follows. */
	get nextHeader(): number {
		return u8(this.bytes, this.start);
	}

	/** The header's length in words of four bytes, minus 2. */
	get payloadLength(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** 16 bits that must be 0. */
	get reserved(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** The security parameters index. */
	get spi(): number {
		return u32(this.bytes, this.start + 4);
	}

	/** The sequence number. */
	get sequence(): number {
		return u32(this.bytes, this.start + 8);
	}

	/** The integrity check value with its padding, not copied. */
	get icv(): Uint8Array {
		return this.bytes.subarray(this.start + smallest, this.payloadStart);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byIpProtocol(this.nextHeader);
	}

	/** All fields as a plain value. */
	toValue(): Ah {
		const { nextHeader, payloadLength, reserved, spi, sequence } = this;
		return { layer: "ah", nextHeader, payloadLength, reserved, spi, sequence, icv: copyOf(this.icv) };
	}

	/** One line. */
	summary(): string {
		return `spi 0x${this.spi.toString(16)} seq ${this.sequence}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const rows: [string, number][] = [
			["nextHeader", 1],
			["payloadLength", 1],
			["reserved", 2],
			["spi", 4],
			["sequence", 4],
		];
		if (this.headerLength > smallest) rows.push(["icv", this.headerLength - smallest]);
		return marksOf(this.start, rows);
	}
}

/** The authentication header. */
export const ah: Protocol<Ah, AhView> = protocol({
	layer: "ah",
	computed: ["nextHeader", "payloadLength"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < smallest) {
			const problem = `a header has at least ${smallest} bytes, and ${there} are there`;
			faults.fault("ah", "nextHeader", start, problem);
			return undefined;
		}
		const size = (u8(bytes, start + 1) + 2) * 4;
		if (size < smallest || size > there) {
			const problem = size < smallest ? `a header has at least ${smallest}` : `${there} are there`;
			faults.fault("ah", "payloadLength", start + 1, `it says ${size} bytes, and ${problem}`);
			return undefined;
		}
		return new AhView(bytes, start, start + size, end, outer);
	},
	measure({ icv }) {
		if (icv === undefined) return smallest;
		checkBytes(icv, "ah.icv");
		if (icv.length % 4 !== 0)
			throw new RangeError(`ah.icv has whole words of 4 bytes, not ${icv.length} bytes`);
		return smallest + icv.length;
	},
	write(value, { bytes, start, payloadStart, inner }, links) {
		put8(bytes, start, value.nextHeader ?? nextHeaderOf(inner, links), "ah.nextHeader");
		put8(bytes, start + 1, value.payloadLength ?? (payloadStart - start) / 4 - 2, "ah.payloadLength");
		put16(bytes, start + 2, value.reserved ?? 0, "ah.reserved");
		put32(bytes, start + 4, value.spi, "ah.spi");
		put32(bytes, start + 8, value.sequence ?? 0, "ah.sequence");
		if (value.icv !== undefined) bytes.set(value.icv, start + smallest);
	},
});
