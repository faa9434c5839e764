/**
 * UDP: RFC 768; over IPv6 RFC 8200 section 8.1; in jumbograms RFC 2675 section 4.
 */
import { put16, u16 } from "./bytes.js";
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
import { transportChecksum } from "./pseudoheader.js";

const IPPROTO_UDP = 17;
const size = 8;

/** A UDP header, 8 bytes. */
export interface Udp extends LayerValue {
	/** "udp". */
	readonly layer: "udp";
	/** The sender's port; 0 for none. */
	readonly sourcePort: number;
	/** The receiver's port. The one at which the payload's protocol is served when left out, or else 0. */
	readonly destinationPort?: number;
	/** The length of header and payload in bytes; 0 where that is more than 65535 (RFC 2675). Computed when left out. */
	readonly length?: number;
	/** 0 for none. Computed when left out, where there is an IP header around. */
	readonly checksum?: number;
}

/** A UDP header in a packet. */
export class UdpView extends Layer<Udp> {
	/** "udp". */
	get layer(): "udp" {
		return "udp";
	}

	/** The sender's port; 0 for none. */
	get sourcePort(): number {
		return u16(this.bytes, this.start);
	}

	/** The receiver's port. */
	get destinationPort(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** The length of header and payload, as the header says. */
	get length(): number {
		return u16(this.bytes, this.start + 4);
	}

	/** The checksum, as it stands there; 0 for none. */
	get checksum(): number {
		return u16(this.bytes, this.start + 6);
	}

	/** Whether the checksum is right; undefined where there is none, no IP header around, or not all is there. */
	get checksumIsRight(): boolean | undefined {
		if (this.checksum === 0 || !this.whole) return undefined;
		const sum = transportChecksum(this, IPPROTO_UDP, this.end);
		return sum === undefined ? undefined : sum === 0;
	}

	/** Whether all of the payload is there. */
	override get whole(): boolean {
		return super.whole && this.start + this.length <= this.end;
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byUdpPorts(this.sourcePort, this.destinationPort);
	}

	/** All fields as a plain value. */
	toValue(): Udp {
		const { sourcePort, destinationPort, length, checksum } = this;
		return { layer: "udp", sourcePort, destinationPort, length, checksum };
	}

	/** One line. */
	summary(): string {
		return `${this.sourcePort} > ${this.destinationPort} length ${this.end - this.payloadStart}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["sourcePort", 2],
			["destinationPort", 2],
			["length", 2],
			["checksum", 2],
		]);
	}
}

/** UDP. */
export const udp: Protocol<Udp, UdpView> = protocol({
	layer: "udp",
	computed: ["length", "checksum"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < size) {
			faults.fault("udp", "sourcePort", start, `a header has ${size} bytes, and ${there} are there`);
			return undefined;
		}
		const length = u16(bytes, start + 4);
		let last = start + length;
		if (length < size || last > end) {
			// 0 is what a host hands to a device that cuts large packets itself, and a jumbogram has (RFC 2675).
			if (length !== 0) {
				const problem = length < size ? "less than a header has" : `and ${there} are there`;
				faults.fault("udp", "length", start + 4, `it says ${length} bytes, ${problem}`);
			}
			last = end;
		}
		return new UdpView(bytes, start, start + size, last, outer);
	},
	measure: () => size,
	write(value, { bytes, start, end, inner }, links) {
		put16(bytes, start, value.sourcePort, "udp.sourcePort");
		const port = value.destinationPort ?? links.udpPortOf(inner?.layer) ?? 0;
		put16(bytes, start + 2, port, "udp.destinationPort");
		const length = end - start > 0xffff ? 0 : end - start;
		put16(bytes, start + 4, value.length ?? length, "udp.length");
	},
	seal({ checksum }, place) {
		const computed = transportChecksum(place, IPPROTO_UDP, place.end);
		// 0 says that there is none, so a sum of 0 is sent as its other form.
		const sum = checksum ?? (computed === 0 ? 0xffff : (computed ?? 0));
		put16(place.bytes, place.start + 6, sum, "udp.checksum");
	},
});
