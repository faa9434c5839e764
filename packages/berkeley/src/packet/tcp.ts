/**
 * TCP: RFC 9293, with RFC 3168 for ECE and CWR and RFC 3540 for the bit that was NS.
 */
import { bits, put16, put32, u8, u16, u32 } from "./bytes.js";
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
import { measureTcpOptions, readTcpOptions, type TcpOption, writeTcpOptions } from "./tcpoptions.js";

/** No more data from the sender. */
export const TH_FIN = 0x01;
/** Synchronizes sequence numbers: the first of a connection. */
export const TH_SYN = 0x02;
/** Resets the connection. */
export const TH_RST = 0x04;
/** The receiver should hand the data on at once. */
export const TH_PUSH = 0x08;
/** The acknowledgment counts. */
export const TH_ACK = 0x10;
/** The urgent pointer counts. */
export const TH_URG = 0x20;
/** Echoes a congestion that IP told of. */
export const TH_ECE = 0x40;
/** The congestion window was reduced. */
export const TH_CWR = 0x80;

const IPPROTO_TCP = 6;
const smallest = 20;
const flagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

/** A TCP header, 20 to 60 bytes. */
export interface Tcp extends LayerValue {
	/** "tcp". */
	readonly layer: "tcp";
	/** The sender's port. */
	readonly sourcePort: number;
	/** The receiver's port. */
	readonly destinationPort: number;
	/** The number of the first byte of data; 0 when left out. */
	readonly sequence?: number;
	/** The number of the byte that the sender expects next; 0 when left out. */
	readonly acknowledgment?: number;
	/** The header's length in words of four bytes. Computed when left out. */
	readonly dataOffset?: number;
	/** The four bits between `dataOffset` and `flags`; 0 when left out. */
	readonly reserved?: number;
	/** TH_SYN | TH_ACK …; 0 when left out. */
	readonly flags?: number;
	/** How much the sender takes, before it is scaled; 65535 when left out. */
	readonly window?: number;
	/** Computed when left out, where there is an IP header around. */
	readonly checksum?: number;
	/** Where urgent data end; 0 when left out. */
	readonly urgentPointer?: number;
	/** Options; none when left out. */
	readonly options?: readonly TcpOption[];
}

/** A TCP header in a packet. */
export class TcpView extends Layer<Tcp> {
	/** "tcp". */
	get layer(): "tcp" {
		return "tcp";
	}

	/** The sender's port. */
	get sourcePort(): number {
		return u16(this.bytes, this.start);
	}

	/** The receiver's port. */
	get destinationPort(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** The number of the first byte of data. */
	get sequence(): number {
		return u32(this.bytes, this.start + 4);
	}

	/** The number of the byte that the sender expects next. */
	get acknowledgment(): number {
		return u32(this.bytes, this.start + 8);
	}

	/** The header's length in words of four bytes. */
	get dataOffset(): number {
		return u8(this.bytes, this.start + 12) >>> 4;
	}

	/** The four bits between `dataOffset` and `flags`. */
	get reserved(): number {
		return u8(this.bytes, this.start + 12) & 15;
	}

	/** TH_SYN | TH_ACK … */
	get flags(): number {
		return u8(this.bytes, this.start + 13);
	}

	/** How much the sender takes, before it is scaled. */
	get window(): number {
		return u16(this.bytes, this.start + 14);
	}

	/** The checksum, as it stands there. */
	get checksum(): number {
		return u16(this.bytes, this.start + 16);
	}

	/** Whether the checksum is right; undefined where no IP header is around, or not all of the segment is there. */
	get checksumIsRight(): boolean | undefined {
		if (!this.whole) return undefined;
		const sum = transportChecksum(this, IPPROTO_TCP, this.end);
		return sum === undefined ? undefined : sum === 0;
	}

	/** Where urgent data end. */
	get urgentPointer(): number {
		return u16(this.bytes, this.start + 18);
	}

	/** The options, decoded. */
	get options(): TcpOption[] {
		return readTcpOptions(this.bytes, this.start + smallest, this.payloadStart);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byTcpPorts(this.sourcePort, this.destinationPort);
	}

	/** All fields as a plain value. */
	toValue(): Tcp {
		const value = {
			layer: "tcp" as const,
			sourcePort: this.sourcePort,
			destinationPort: this.destinationPort,
			sequence: this.sequence,
			acknowledgment: this.acknowledgment,
			dataOffset: this.dataOffset,
			reserved: this.reserved,
			flags: this.flags,
			window: this.window,
			checksum: this.checksum,
			urgentPointer: this.urgentPointer,
		};
		return this.headerLength > smallest ? { ...value, options: this.options } : value;
	}

	/** One line. */
	summary(): string {
		const { flags } = this;
		const names = flagNames.filter((_, index) => (flags & (1 << index)) !== 0).join(",");
		const acknowledgment = (flags & TH_ACK) !== 0 ? ` ack ${this.acknowledgment}` : "";
		return `${this.sourcePort} > ${this.destinationPort} ${names || "-"} seq ${this.sequence}${acknowledgment} win ${this.window}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const options = this.headerLength - smallest;
		return marksOf(this.start, [
			["sourcePort", 2],
			["destinationPort", 2],
			["sequence", 4],
			["acknowledgment", 4],
			["dataOffset", 0],
			["reserved", 1],
			["flags", 1],
			["window", 2],
			["checksum", 2],
			["urgentPointer", 2],
			...(options > 0 ? [["options", options] as const] : []),
		]);
	}
}

/** TCP. */
export const tcp: Protocol<Tcp, TcpView> = protocol({
	layer: "tcp",
	computed: ["dataOffset", "checksum"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < smallest) {
			faults.fault(
				"tcp",
				"sourcePort",
				start,
				`a header has at least ${smallest} bytes, and ${there} are there`,
			);
			return undefined;
		}
		const size = (u8(bytes, start + 12) >>> 4) * 4;
		if (size < smallest || size > there) {
			const problem = size < smallest ? "a header has at least 20" : `${there} are there`;
			faults.fault("tcp", "dataOffset", start + 12, `it says ${size} bytes, and ${problem}`);
			return undefined;
		}
		if (size > smallest) {
			readTcpOptions(bytes, start + smallest, start + size, (offset) =>
				faults.fault(
					"tcp",
					"options",
					offset,
					"an option is shorter than two bytes, or longer than the header",
				),
			);
		}
		return new TcpView(bytes, start, start + size, end, outer);
	},
	measure: ({ options }) => smallest + (options === undefined ? 0 : measureTcpOptions(options)),
	write(value, { bytes, start, payloadStart }) {
		put16(bytes, start, value.sourcePort, "tcp.sourcePort");
		put16(bytes, start + 2, value.destinationPort, "tcp.destinationPort");
		put32(bytes, start + 4, value.sequence ?? 0, "tcp.sequence");
		put32(bytes, start + 8, value.acknowledgment ?? 0, "tcp.acknowledgment");
		const words = (payloadStart - start) / 4;
		bytes[start + 12] =
			(bits(value.dataOffset ?? words, 4, "tcp.dataOffset") << 4) |
			bits(value.reserved ?? 0, 4, "tcp.reserved");
		bytes[start + 13] = bits(value.flags ?? 0, 8, "tcp.flags");
		put16(bytes, start + 14, value.window ?? 0xffff, "tcp.window");
		put16(bytes, start + 18, value.urgentPointer ?? 0, "tcp.urgentPointer");
		if (value.options !== undefined) writeTcpOptions(value.options, bytes, start + smallest);
	},
	seal(value, place) {
		const sum = value.checksum ?? transportChecksum(place, IPPROTO_TCP, place.end) ?? 0;
		put16(place.bytes, place.start + 16, sum, "tcp.checksum");
	},
});
