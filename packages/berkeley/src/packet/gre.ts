/**
 * GRE: packets in packets. RFC 2784, with the key and sequence number of RFC 2890. The versions of RFC 1701 (with
 * source routes) and RFC 2637 (PPTP) are not read.
 */
import { bit, bits, put16, put32, u8, u16, u32 } from "./bytes.js";
import { checksum } from "./checksum.js";
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

const smallest = 4;
const CHECKSUM = 0x80;
const ROUTING = 0x40;
const KEY = 0x20;
const SEQUENCE = 0x10;

/** A GRE header, 4 to 16 bytes. */
export interface Gre extends LayerValue {
	/** "gre". */
	readonly layer: "gre";
	/** Whether there is a checksum; true when `checksum` or `reserved1` is given, or else false. */
	readonly checksumPresent?: boolean;
	/** The nine bits between the flags and the version, which must be 0. */
	readonly reserved0?: number;
	/** 0. */
	readonly version?: number;
	/** What is carried, as an EtherType: 0x6558 for Ethernet. The payload's when left out. */
	readonly protocolType?: number;
	/** Computed when left out, where `checksumPresent` is true. */
	readonly checksum?: number;
	/** 16 bits behind the checksum that must be 0. */
	readonly reserved1?: number;
	/** Which tunnel it is; none when left out. */
	readonly key?: number;
	/** The sequence number; none when left out. */
	readonly sequence?: number;
}

/** A GRE header in a packet. */
export class GreView extends Layer<Gre> {
	/** "gre". */
	get layer(): "gre" {
		return "gre";
	}

	/** Whether there is a checksum. */
	get checksumPresent(): boolean {
		return (u8(this.bytes, this.start) & CHECKSUM) !== 0;
	}

	/** Whether there is a key. */
	get keyPresent(): boolean {
		return (u8(this.bytes, this.start) & KEY) !== 0;
	}

	/** Whether there is a sequence number. */
	get sequencePresent(): boolean {
		return (u8(this.bytes, this.start) & SEQUENCE) !== 0;
	}

	/** The nine bits between the flags and the version. */
	get reserved0(): number {
		return (u16(this.bytes, this.start) >>> 3) & 0x1ff;
	}

	/** The version, which is 0. */
	get version(): number {
		return u8(this.bytes, this.start + 1) & 7;
	}

	/** What is carried, as an EtherType. */
	get protocolType(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** The checksum, as it stands there; undefined where there is none. */
	get checksum(): number | undefined {
		return this.checksumPresent ? u16(this.bytes, this.start + 4) : undefined;
	}

	/** Whether the checksum is right; undefined where there is none, or not all of the payload is there. */
	get checksumIsRight(): boolean | undefined {
		if (!this.checksumPresent || !this.whole) return undefined;
		return checksum(this.bytes, this.start, this.end) === 0;
	}

	/** 16 bits behind the checksum; undefined where there is none. */
	get reserved1(): number | undefined {
		return this.checksumPresent ? u16(this.bytes, this.start + 6) : undefined;
	}

	/** Which tunnel it is; undefined where it does not say. */
	get key(): number | undefined {
		if (!this.keyPresent) return undefined;
		return u32(this.bytes, this.start + (this.checksumPresent ? 8 : 4));
	}

	/** The sequence number; undefined where there is none. */
	get sequence(): number | undefined {
		return this.sequencePresent ? u32(this.bytes, this.payloadStart - 4) : undefined;
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byEthertype(this.protocolType);
	}

	/** All fields as a plain value. */
	toValue(): Gre {
		const { checksumPresent, reserved0, version, protocolType, reserved1, key, sequence } = this;
		return {
			layer: "gre",
			checksumPresent,
			reserved0,
			version,
			protocolType,
			...(reserved1 === undefined ? {} : { checksum: this.checksum as number, reserved1 }),
			...(key === undefined ? {} : { key }),
			...(sequence === undefined ? {} : { sequence }),
		};
	}

	/** One line. */
	summary(): string {
		const { key, sequence } = this;
		const parts = [`type 0x${this.protocolType.toString(16).padStart(4, "0")}`];
		if (key !== undefined) parts.push(`key ${key}`);
		if (sequence !== undefined) parts.push(`seq ${sequence}`);
		return parts.join(" ");
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const rows: [string, number][] = [
			["checksumPresent", 0],
			["reserved0", 1],
			["version", 1],
			["protocolType", 2],
		];
		if (this.checksumPresent) rows.push(["checksum", 2], ["reserved1", 2]);
		if (this.keyPresent) rows.push(["key", 4]);
		if (this.sequencePresent) rows.push(["sequence", 4]);
		return marksOf(this.start, rows);
	}
}

function hasChecksum({ checksumPresent, checksum: sum, reserved1 }: Gre): boolean {
	const given = sum !== undefined || reserved1 !== undefined;
	if (checksumPresent === false && given) {
		throw new TypeError("gre.checksum and gre.reserved1 are no fields where gre.checksumPresent is false");
	}
	return checksumPresent ?? given;
}

/** GRE. */
export const gre: Protocol<Gre, GreView> = protocol({
	layer: "gre",
	computed: ["protocolType", "checksum"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < smallest) {
			const problem = `a header has at least ${smallest} bytes, and ${there} are there`;
			faults.fault("gre", "protocolType", start, problem);
			return undefined;
		}
		const flags = u8(bytes, start);
		const version = u8(bytes, start + 1) & 7;
		if (version !== 0 || (flags & ROUTING) !== 0) {
			const problem = version !== 0 ? `the version is 0, not ${version}` : "source routes are not read";
			faults.fault("gre", version !== 0 ? "version" : "routingPresent", start, problem);
			return undefined;
		}
		const words = 1 + ((flags & CHECKSUM) >>> 7) + ((flags & KEY) >>> 5) + ((flags & SEQUENCE) >>> 4);
		if (words * 4 > there) {
			const problem = `with what it says that it has it takes ${words * 4} bytes, and ${there} are there`;
			faults.fault("gre", "checksumPresent", start, problem);
			return undefined;
		}
		return new GreView(bytes, start, start + words * 4, end, outer);
	},
	measure: (value) =>
		smallest +
		(hasChecksum(value) ? 4 : 0) +
		(value.key === undefined ? 0 : 4) +
		(value.sequence === undefined ? 0 : 4),
	write(value, { bytes, start, payloadStart, inner }, links) {
		const { key, sequence } = value;
		const withChecksum = hasChecksum(value);
		const flags =
			(bit(withChecksum, "gre.checksumPresent") << 15) |
			(key === undefined ? 0 : KEY << 8) |
			(sequence === undefined ? 0 : SEQUENCE << 8) |
			(bits(value.reserved0 ?? 0, 9, "gre.reserved0") << 3) |
			bits(value.version ?? 0, 3, "gre.version");
		put16(bytes, start, flags, "gre.reserved0");
		put16(bytes, start + 2, value.protocolType ?? ethertypeOf(inner, links), "gre.protocolType");
		if (withChecksum) put16(bytes, start + 6, value.reserved1 ?? 0, "gre.reserved1");
		if (key !== undefined) put32(bytes, start + (withChecksum ? 8 : 4), key, "gre.key");
		if (sequence !== undefined) put32(bytes, payloadStart - 4, sequence, "gre.sequence");
	},
	seal(value, { bytes, start, end }) {
		if (!hasChecksum(value)) return;
		put16(bytes, start + 4, value.checksum ?? checksum(bytes, start, end), "gre.checksum");
	},
});
