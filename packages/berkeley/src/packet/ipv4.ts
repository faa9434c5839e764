/**
 * IPv4: RFC 791, with RFC 2474 and RFC 3168 for what was the type of service.
 */
import { inet4At, putInet4 } from "./addresses.js";
import { bit, bits, put8, put16, u8, u16 } from "./bytes.js";
import { checksum } from "./checksum.js";
import { type Ipv4Option, measureIpv4Options, readIpv4Options, writeIpv4Options } from "./ipv4options.js";
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

/** The number of no protocol, which a payload gets that is none: IPPROTO_RAW. */
const reserved = 255;
const smallest = 20;

/** An IPv4 header, 20 to 60 bytes. What is left out is as it usually is. */
export interface Ipv4 extends LayerValue {
	/** "ipv4". */
	readonly layer: "ipv4";
	/** 4. */
	readonly version?: number;
	/** The header's length in words of four bytes. Computed when left out. */
	readonly ihl?: number;
	/** The differentiated services code point, 6 bits; 0 when left out. */
	readonly dscp?: number;
	/** Explicit congestion notification, 2 bits; 0 when left out. */
	readonly ecn?: number;
	/** The length of header and payload in bytes. Computed when left out. */
	readonly totalLength?: number;
	/** What the fragments of a packet have in common; 0 when left out. */
	readonly identification?: number;
	/** The flag that must be 0. */
	readonly reserved?: boolean;
	/** Whether routers must not cut it; false when left out. */
	readonly dontFragment?: boolean;
	/** Whether it is a fragment, and not the last one. */
	readonly moreFragments?: boolean;
	/** Where in the packet a fragment's payload belongs, in units of eight bytes; 0 when left out. */
	readonly fragmentOffset?: number;
	/** How many routers it may pass; 64 when left out. */
	readonly ttl?: number;
	/** What it carries: IPPROTO_TCP … The payload's when left out. */
	readonly protocol?: number;
	/** The header's checksum. Computed when left out. */
	readonly checksum?: number;
	/** Who sends it. */
	readonly source: string;
	/** Who is to get it. */
	readonly destination: string;
	/** Options; none when left out. */
	readonly options?: readonly Ipv4Option[];
}

/** An IPv4 header in a packet. */
export class Ipv4View extends Layer<Ipv4> {
	/** "ipv4". */
	get layer(): "ipv4" {
		return "ipv4";
	}

	/** The version, which is 4. */
	get version(): number {
		return u8(this.bytes, this.start) >>> 4;
	}

	/** The header's length in words of four bytes. */
	get ihl(): number {
		return u8(this.bytes, this.start) & 15;
	}

	/** The differentiated services code point. */
	get dscp(): number {
		return u8(this.bytes, this.start + 1) >>> 2;
	}

	/** Explicit congestion notification. */
	get ecn(): number {
		return u8(this.bytes, this.start + 1) & 3;
	}

	/** The length of header and payload, as the header says. */
	get totalLength(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** What the fragments of a packet have in common. */
	get identification(): number {
		return u16(this.bytes, this.start + 4);
	}

	/** The flag that must be 0. */
	get reserved(): boolean {
		return (u8(this.bytes, this.start + 6) & 0x80) !== 0;
	}

	/** Whether routers must not cut it. */
	get dontFragment(): boolean {
		return (u8(this.bytes, this.start + 6) & 0x40) !== 0;
	}

	/** Whether it is a fragment, and not the last one. */
	get moreFragments(): boolean {
		return (u8(this.bytes, this.start + 6) & 0x20) !== 0;
	}

	/** Where in the packet a fragment's payload belongs, in units of eight bytes. */
	get fragmentOffset(): number {
		return u16(this.bytes, this.start + 6) & 0x1fff;
	}

	/** How many routers it may pass. */
	get ttl(): number {
		return u8(this.bytes, this.start + 8);
	}

	/** What it carries. */
	get protocol(): number {
		return u8(this.bytes, this.start + 9);
	}

	/** The header's checksum, as it stands there. */
	get checksum(): number {
		return u16(this.bytes, this.start + 10);
	}

	/** Whether the header's checksum is right. */
	get checksumIsRight(): boolean {
		return checksum(this.bytes, this.start, this.payloadStart) === 0;
	}

	/** Who sends it. */
	get source(): string {
		return inet4At(this.bytes, this.start + 12);
	}

	/** Who is to get it. */
	get destination(): string {
		return inet4At(this.bytes, this.start + 16);
	}

	/** The options, decoded. */
	get options(): Ipv4Option[] {
		return readIpv4Options(this.bytes, this.start + smallest, this.payloadStart);
	}

	/** Whether all of the payload is there: neither cut off nor a fragment. */
	override get whole(): boolean {
		const { start, totalLength, end, moreFragments, fragmentOffset } = this;
		return super.whole && start + totalLength <= end && !moreFragments && fragmentOffset === 0;
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		// A later fragment begins anywhere in what it is a part of.
		return this.fragmentOffset === 0 ? links.byIpProtocol(this.protocol) : undefined;
	}

	/** All fields as a plain value. */
	toValue(): Ipv4 {
		const value = {
			layer: "ipv4" as const,
			version: this.version,
			ihl: this.ihl,
			dscp: this.dscp,
			ecn: this.ecn,
			totalLength: this.totalLength,
			identification: this.identification,
			reserved: this.reserved,
			dontFragment: this.dontFragment,
			moreFragments: this.moreFragments,
			fragmentOffset: this.fragmentOffset,
			ttl: this.ttl,
			protocol: this.protocol,
			checksum: this.checksum,
			source: this.source,
			destination: this.destination,
		};
		return this.headerLength > smallest ? { ...value, options: this.options } : value;
	}

	/** One line. */
	summary(): string {
		const { fragmentOffset, moreFragments } = this;
		const fragment =
			fragmentOffset > 0 || moreFragments
				? ` fragment ${this.identification}@${fragmentOffset * 8}${moreFragments ? "+" : ""}`
				: "";
		return `${this.source} > ${this.destination} ttl ${this.ttl}${fragment}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const options = this.headerLength - smallest;
		return marksOf(this.start, [
			["version", 0],
			["ihl", 1],
			["dscp", 0],
			["ecn", 1],
			["totalLength", 2],
			["identification", 2],
			["reserved", 0],
			["dontFragment", 0],
			["moreFragments", 0],
			["fragmentOffset", 2],
			["ttl", 1],
			["protocol", 1],
			["checksum", 2],
			["source", 4],
			["destination", 4],
			...(options > 0 ? [["options", options] as const] : []),
		]);
	}
}

/** IPv4. */
export const ipv4: Protocol<Ipv4, Ipv4View> = protocol({
	layer: "ipv4",
	computed: ["ihl", "totalLength", "protocol", "checksum"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < smallest) {
			faults.fault(
				"ipv4",
				"version",
				start,
				`a header has at least ${smallest} bytes, and ${there} are there`,
			);
			return undefined;
		}
		const first = u8(bytes, start);
		if (first >>> 4 !== 4) {
			faults.fault("ipv4", "version", start, `the version is 4, not ${first >>> 4}`);
			return undefined;
		}
		const size = (first & 15) * 4;
		if (size < smallest || size > there) {
			const problem =
				size < smallest ? `a header has at least 5 words, not ${size / 4}` : `${there} bytes are there`;
			faults.fault("ipv4", "ihl", start, `${problem}, where it says ${size} bytes`);
			return undefined;
		}
		const total = u16(bytes, start + 2);
		let last = start + total;
		if (total < size || last > end) {
			// 0 is what a host hands to a device that cuts large packets itself (TSO).
			if (total !== 0) {
				const problem = total < size ? `less than the header's ${size}` : `and ${there} are there`;
				faults.fault("ipv4", "totalLength", start + 2, `it says ${total} bytes, ${problem}`);
			}
			last = end;
		}
		if (size > smallest) {
			readIpv4Options(bytes, start + smallest, start + size, (offset) =>
				faults.fault(
					"ipv4",
					"options",
					offset,
					"an option is shorter than two bytes, or longer than the header",
				),
			);
		}
		return new Ipv4View(bytes, start, start + size, last, outer);
	},
	measure: ({ options }) => smallest + (options === undefined ? 0 : measureIpv4Options(options)),
	write(value, { bytes, start, payloadStart, end, inner }, links) {
		const size = payloadStart - start;
		bytes[start] =
			(bits(value.version ?? 4, 4, "ipv4.version") << 4) | bits(value.ihl ?? size / 4, 4, "ipv4.ihl");
		bytes[start + 1] = (bits(value.dscp ?? 0, 6, "ipv4.dscp") << 2) | bits(value.ecn ?? 0, 2, "ipv4.ecn");
		put16(bytes, start + 2, value.totalLength ?? end - start, "ipv4.totalLength");
		put16(bytes, start + 4, value.identification ?? 0, "ipv4.identification");
		const flags =
			(bit(value.reserved ?? false, "ipv4.reserved") << 15) |
			(bit(value.dontFragment ?? false, "ipv4.dontFragment") << 14) |
			(bit(value.moreFragments ?? false, "ipv4.moreFragments") << 13);
		const offset = bits(value.fragmentOffset ?? 0, 13, "ipv4.fragmentOffset");
		put16(bytes, start + 6, flags | offset, "ipv4.fragmentOffset");
		put8(bytes, start + 8, value.ttl ?? 64, "ipv4.ttl");
		put8(bytes, start + 9, value.protocol ?? links.ipProtocolOf(inner?.layer) ?? reserved, "ipv4.protocol");
		putInet4(bytes, start + 12, value.source, "ipv4.source");
		putInet4(bytes, start + 16, value.destination, "ipv4.destination");
		if (value.options !== undefined) writeIpv4Options(value.options, bytes, start + smallest);
		put16(bytes, start + 10, value.checksum ?? checksum(bytes, start, payloadStart), "ipv4.checksum");
	},
});
