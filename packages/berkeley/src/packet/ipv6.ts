/**
 * IPv6: RFC 8200 section 3, with RFC 2474 and RFC 3168 for the traffic class and RFC 2675 for jumbograms.
 */
import { inet6At, putInet6 } from "./addresses.js";
import { bits, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
import { JUMBO_PAYLOAD, jumboLengthOf } from "./ipv6options.js";
import {
	type AnyCodec,
	type FaultSink,
	Layer,
	type LayerValue,
	type Links,
	type Mark,
	marksOf,
	type Place,
	type Protocol,
	protocol,
} from "./layer.js";

/** The next header that says that there is none. RFC 8200 section 4.7. */
export const IPPROTO_NONE = 59;
/** The number of no protocol, which a payload gets that is none: IPPROTO_RAW. */
const reserved = 255;
const HOP_BY_HOP = 0;
const size = 40;

/** The next header for the layer inside: IPPROTO_NONE where there is none. */
export function nextHeaderOf(inner: Place | undefined, links: Links): number {
	if (inner === undefined) return IPPROTO_NONE;
	return links.ipProtocolOf(inner.layer) ?? reserved;
}

/** An IPv6 header, 40 bytes. Extension headers are layers of their own. What is left out is as it usually is. */
export interface Ipv6 extends LayerValue {
	/** "ipv6". */
	readonly layer: "ipv6";
	/** 6. */
	readonly version?: number;
	/** The differentiated services code point, 6 bits of the traffic class; 0 when left out. */
	readonly dscp?: number;
	/** Explicit congestion notification, 2 bits of the traffic class; 0 when left out. */
	readonly ecn?: number;
	/** What the packets of a flow have in common, 20 bits; 0 when left out. */
	readonly flowLabel?: number;
	/** The length of what follows, extension headers too, in bytes; 0 in a jumbogram. Computed when left out. */
	readonly payloadLength?: number;
	/** What follows: IPPROTO_TCP … The payload's when left out. */
	readonly nextHeader?: number;
	/** How many routers it may pass; 64 when left out. */
	readonly hopLimit?: number;
	/** Who sends it. */
	readonly source: string;
	/** Who is to get it, next if there is a routing header. */
	readonly destination: string;
}

/** An IPv6 header in a packet. */
export class Ipv6View extends Layer<Ipv6> {
	/** "ipv6". */
	get layer(): "ipv6" {
		return "ipv6";
	}

	/** The version, which is 6. */
	get version(): number {
		return u8(this.bytes, this.start) >>> 4;
	}

	/** The traffic class: `dscp` and `ecn` as one byte. */
	get trafficClass(): number {
		return (u16(this.bytes, this.start) >>> 4) & 0xff;
	}

	/** The differentiated services code point. */
	get dscp(): number {
		return this.trafficClass >>> 2;
	}

	/** Explicit congestion notification. */
	get ecn(): number {
		return this.trafficClass & 3;
	}

	/** What the packets of a flow have in common. */
	get flowLabel(): number {
		return u32(this.bytes, this.start) & 0xfffff;
	}

	/** The length of what follows, as the header says; 0 in a jumbogram. */
	get payloadLength(): number {
		return u16(this.bytes, this.start + 4);
	}

	/** What follows. */
	get nextHeader(): number {
		return u8(this.bytes, this.start + 6);
	}

	/** How many routers it may pass. */
	get hopLimit(): number {
		return u8(this.bytes, this.start + 7);
	}

	/** Who sends it. */
	get source(): string {
		return inet6At(this.bytes, this.start + 8);
	}

	/** Who is to get it, next if there is a routing header. */
	get destination(): string {
		return inet6At(this.bytes, this.start + 24);
	}

	/** Whether all of the payload is there. */
	override get whole(): boolean {
		const { payloadStart, end } = this;
		const length = this.payloadLength || jumboOf(this.bytes, this.start, end) || 0;
		return super.whole && payloadStart + length <= end;
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byIpProtocol(this.nextHeader);
	}

	/** All fields as a plain value. */
	toValue(): Ipv6 {
		return {
			layer: "ipv6",
			version: this.version,
			dscp: this.dscp,
			ecn: this.ecn,
			flowLabel: this.flowLabel,
			payloadLength: this.payloadLength,
			nextHeader: this.nextHeader,
			hopLimit: this.hopLimit,
			source: this.source,
			destination: this.destination,
		};
	}

	/** One line. */
	summary(): string {
		return `${this.source} > ${this.destination} hop limit ${this.hopLimit}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const { start } = this;
		return [
			{ field: "version", start, end: start + 1 },
			{ field: "dscp", start, end: start + 2 },
			{ field: "ecn", start: start + 1, end: start + 2 },
			{ field: "flowLabel", start: start + 1, end: start + 4 },
			...marksOf(start + 4, [
				["payloadLength", 2],
				["nextHeader", 1],
				["hopLimit", 1],
				["source", 16],
				["destination", 16],
			]),
		];
	}
}

/** The length of a jumbogram's payload; undefined where the header at `start` has no such option. */
function jumboOf(bytes: Uint8Array, start: number, end: number): number | undefined {
	return u8(bytes, start + 6) === HOP_BY_HOP ? jumboLengthOf(bytes, start + size, end) : undefined;
}

/** Whether what follows the header says itself how long it is. */
function isJumbo({ inner }: Place): boolean {
	if (inner?.layer !== "ipv6HopByHop") return false;
	const { options } = inner.value as { options?: readonly { kind: unknown }[] };
	return options?.some(({ kind }) => kind === JUMBO_PAYLOAD) ?? false;
}

/** IPv6. */
export const ipv6: Protocol<Ipv6, Ipv6View> = protocol({
	layer: "ipv6",
	computed: ["payloadLength", "nextHeader"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < size) {
			faults.fault("ipv6", "version", start, `a header has ${size} bytes, and ${there} are there`);
			return undefined;
		}
		const version = u8(bytes, start) >>> 4;
		if (version !== 6) {
			faults.fault("ipv6", "version", start, `the version is 6, not ${version}`);
			return undefined;
		}
		const length = u16(bytes, start + 4);
		let last = start + size + length;
		if (length === 0 && u8(bytes, start + 6) !== IPPROTO_NONE) {
			// A jumbogram's, or what a host hands to a device that cuts large packets itself.
			last = start + size + (jumboOf(bytes, start, end) ?? end - start - size);
		}
		if (last > end) {
			const problem = `it says ${last - start - size} bytes, and ${there - size} are there`;
			faults.fault("ipv6", "payloadLength", start + 4, problem);
			last = end;
		}
		return new Ipv6View(bytes, start, start + size, last, outer);
	},
	measure: () => size,
	write(value, place, links) {
		const { bytes, start, payloadStart, end, inner } = place;
		const trafficClass = (bits(value.dscp ?? 0, 6, "ipv6.dscp") << 2) | bits(value.ecn ?? 0, 2, "ipv6.ecn");
		const flowLabel = bits(value.flowLabel ?? 0, 20, "ipv6.flowLabel");
		const version = bits(value.version ?? 6, 4, "ipv6.version");
		put32(bytes, start, ((version << 28) | (trafficClass << 20) | flowLabel) >>> 0, "ipv6.version");
		const { payloadLength = isJumbo(place) ? 0 : end - payloadStart } = value;
		put16(bytes, start + 4, payloadLength, "ipv6.payloadLength");
		put8(bytes, start + 6, value.nextHeader ?? nextHeaderOf(inner, links), "ipv6.nextHeader");
		put8(bytes, start + 7, value.hopLimit ?? 64, "ipv6.hopLimit");
		putInet6(bytes, start + 8, value.source, "ipv6.source");
		putInet6(bytes, start + 24, value.destination, "ipv6.destination");
	},
});
