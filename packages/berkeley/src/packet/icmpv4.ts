/**
 * ICMP: RFC 792, with RFC 950 for address masks, RFC 1191 for the next hop's MTU and RFC 4884 for what follows the
 * packet that an error quotes.
 */
import { put8, put16, u8, u16 } from "./bytes.js";
import { checksum } from "./checksum.js";
import {
	bytesField,
	checkMembers,
	inet4Field,
	type Message,
	message,
	numberField,
	writeField,
} from "./fields.js";
import { IcmpMessageView } from "./icmperror.js";
import {
	extensionFault,
	extensionSummary,
	extensionTail,
	type IcmpExtension,
	quotedLength,
	writeExtension,
} from "./icmpextension.js";
import {
	type AnyCodec,
	type FaultSink,
	type Layer,
	type LayerValue,
	type Links,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";

/** Answers ICMP_ECHO. */
export const ICMP_ECHOREPLY = 0;
/** The packet that is quoted did not arrive; the code says why. */
export const ICMP_DEST_UNREACH = 3;
/** Send slower (not to be used any more, RFC 6633). */
export const ICMP_SOURCE_QUENCH = 4;
/** Another router is nearer. */
export const ICMP_REDIRECT = 5;
/** Asks for an answer. */
export const ICMP_ECHO = 8;
/** The packet that is quoted passed too many routers, or too few of its fragments came. */
export const ICMP_TIME_EXCEEDED = 11;
/** A field of the packet that is quoted is wrong. */
export const ICMP_PARAMETERPROB = 12;
/** Asks for the time. */
export const ICMP_TIMESTAMP = 13;
/** Answers ICMP_TIMESTAMP. */
export const ICMP_TIMESTAMPREPLY = 14;
/** Asks for the mask of the network. */
export const ICMP_ADDRESS = 17;
/** Answers ICMP_ADDRESS. */
export const ICMP_ADDRESSREPLY = 18;

const smallest = 8;
/** Where the length of a quotation stands, and in how many bytes it is counted. */
const lengthAt = 5;
const wordSize = 4;
const common = new Set(["layer", "trailer", "type", "code", "checksum"]);
const identified = [numberField("identifier", 4, 2), numberField("sequence", 6, 2)];
const echo = message("an echo", 8, identified);
const timestamp = message("a timestamp", 20, [
	...identified,
	numberField("originateTimestamp", 8, 4),
	numberField("receiveTimestamp", 12, 4),
	numberField("transmitTimestamp", 16, 4),
]);
const mask = message("an address mask", 12, [...identified, inet4Field("addressMask", 8)]);
const other = message("this type", 8, [bytesField("rest", 4, 4)]);
const messages: readonly (Message | undefined)[] = [
	echo, // 0
	undefined,
	undefined,
	message(
		"a destination unreachable",
		8,
		[numberField("unused", 4, 1), numberField("length", 5, 1), numberField("nextHopMtu", 6, 2)],
		["extension"],
	),
	undefined, // 4
	message("a redirect", 8, [inet4Field("gateway", 4)]),
	undefined,
	undefined,
	echo, // 8
	undefined,
	undefined,
	message(
		"a time exceeded",
		8,
		[numberField("unused", 4, 1), numberField("length", 5, 1), numberField("unused2", 6, 2)],
		["extension"],
	),
	message(
		"a parameter problem",
		8,
		[numberField("pointer", 4, 1), numberField("length", 5, 1), numberField("unused2", 6, 2)],
		["extension"],
	),
	timestamp, // 13
	timestamp,
	undefined,
	undefined,
	mask, // 17
	mask,
];
const names = new Map([
	[ICMP_ECHOREPLY, "echo reply"],
	[ICMP_DEST_UNREACH, "destination unreachable"],
	[ICMP_SOURCE_QUENCH, "source quench"],
	[ICMP_REDIRECT, "redirect"],
	[ICMP_ECHO, "echo request"],
	[ICMP_TIME_EXCEEDED, "time exceeded"],
	[ICMP_PARAMETERPROB, "parameter problem"],
	[ICMP_TIMESTAMP, "timestamp"],
	[ICMP_TIMESTAMPREPLY, "timestamp reply"],
	[ICMP_ADDRESS, "address mask request"],
	[ICMP_ADDRESSREPLY, "address mask reply"],
]);

/** An ICMP header: 8 bytes, of some types 12 or 20. Which fields there are depends on the type. */
export interface Icmpv4 extends LayerValue {
	/** "icmpv4". */
	readonly layer: "icmpv4";
	/** ICMP_ECHO, ICMP_DEST_UNREACH … */
	readonly type: number;
	/** What the type leaves open; 0 when left out. */
	readonly code?: number;
	/** Computed when left out. */
	readonly checksum?: number;
	/** Echo, timestamp, address mask: what the questions of one asker have in common; 0 when left out. */
	readonly identifier?: number;
	/** Echo, timestamp, address mask: which question it is; 0 when left out. */
	readonly sequence?: number;
	/** Destination unreachable, time exceeded: 8 bits that must be 0. */
	readonly unused?: number;
	/** Time exceeded, parameter problem: 16 bits that must be 0. */
	readonly unused2?: number;
	/**
	 * Destination unreachable, time exceeded, parameter problem: how long the quotation is, in words of four bytes,
	 * where an extension follows it. When it is left out, it is 0 without an extension, and with one it is computed, and
	 * the quotation filled up with zeros to 128 bytes, or whole words. RFC 4884 section 5.
	 */
	readonly length?: number;
	/**
	 * Destination unreachable, time exceeded, parameter problem: what follows the quotation. It is read where `length`
	 * tells of it: not of routers older than RFC 4884, which put it behind 128 bytes without a word.
	 */
	readonly extension?: IcmpExtension;
	/** Destination unreachable: how large packets may be, where the code is 4 (fragmentation needed); 0 when left out. */
	readonly nextHopMtu?: number;
	/** Parameter problem: which byte of the quotation is wrong; 0 when left out. */
	readonly pointer?: number;
	/** Redirect: the router that is nearer. */
	readonly gateway?: string;
	/** Timestamp: when the question was sent, in milliseconds since midnight UTC; 0 when left out. */
	readonly originateTimestamp?: number;
	/** Timestamp: when the question arrived; 0 when left out. */
	readonly receiveTimestamp?: number;
	/** Timestamp: when the answer was sent; 0 when left out. */
	readonly transmitTimestamp?: number;
	/** Address mask: the mask. */
	readonly addressMask?: string;
	/** Other types: the four bytes behind the checksum; zeros when left out. */
	readonly rest?: Uint8Array;
}

/** An ICMP header in a packet. */
export class Icmpv4View extends IcmpMessageView<Icmpv4> {
	/** "icmpv4". */
	get layer(): "icmpv4" {
		return "icmpv4";
	}

	protected get message(): Message {
		return messages[this.type] ?? other;
	}

	/** ICMP_ECHO, ICMP_DEST_UNREACH … */
	get type(): number {
		return u8(this.bytes, this.start);
	}

	/** What the type leaves open. */
	get code(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** The checksum, as it stands there. */
	get checksum(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** Whether the checksum is right; undefined where not all of the message is there. */
	get checksumIsRight(): boolean | undefined {
		return this.whole ? checksum(this.bytes, this.start, this.end) === 0 : undefined;
	}

	/** Echo, timestamp, address mask: what the questions of one asker have in common. */
	get identifier(): number | undefined {
		return this.number("identifier");
	}

	/** Echo, timestamp, address mask: which question it is. */
	get sequence(): number | undefined {
		return this.number("sequence");
	}

	/** Destination unreachable, time exceeded: 8 bits that must be 0. */
	get unused(): number | undefined {
		return this.number("unused");
	}

	/** Time exceeded, parameter problem: 16 bits that must be 0. */
	get unused2(): number | undefined {
		return this.number("unused2");
	}

	/** How long the quotation is, in words of four bytes, where an extension follows it. */
	get length(): number | undefined {
		return this.number("length");
	}

	/** Destination unreachable: how large packets may be. */
	get nextHopMtu(): number | undefined {
		return this.number("nextHopMtu");
	}

	/** Parameter problem: which byte of the quotation is wrong. */
	get pointer(): number | undefined {
		return this.number("pointer");
	}

	/** Redirect: the router that is nearer. */
	get gateway(): string | undefined {
		return this.address("gateway");
	}

	/** Timestamp: when the question was sent, in milliseconds since midnight UTC. */
	get originateTimestamp(): number | undefined {
		return this.number("originateTimestamp");
	}

	/** Timestamp: when the question arrived. */
	get receiveTimestamp(): number | undefined {
		return this.number("receiveTimestamp");
	}

	/** Timestamp: when the answer was sent. */
	get transmitTimestamp(): number | undefined {
		return this.number("transmitTimestamp");
	}

	/** Address mask: the mask. */
	get addressMask(): string | undefined {
		return this.address("addressMask");
	}

	/** Other types: the four bytes behind the checksum. */
	get rest(): Uint8Array | undefined {
		return this.field("rest") as Uint8Array | undefined;
	}

	protected override get quotedBytes(): number {
		return quotedBytes(this.bytes, this.start);
	}

	/** Whether it is an error, which quotes the packet that it is about. */
	override get quotes(): boolean {
		const { type } = this;
		return (
			type === ICMP_DEST_UNREACH ||
			type === ICMP_TIME_EXCEEDED ||
			type === ICMP_PARAMETERPROB ||
			type === ICMP_REDIRECT ||
			type === ICMP_SOURCE_QUENCH
		);
	}

	/** What the payload is: the packet that is quoted. */
	override next(links: Links): AnyCodec | undefined {
		return this.quotes ? links.codec("ipv4") : undefined;
	}

	/** All fields as a plain value. */
	toValue(): Icmpv4 {
		const value = { layer: "icmpv4" as const, type: this.type, code: this.code, checksum: this.checksum };
		this.addFields(value);
		const { extension } = this;
		return extension === undefined ? value : { ...value, extension };
	}

	/** One line. */
	summary(): string {
		const { type, code, identifier, sequence, nextHopMtu, gateway, extension } = this;
		const parts = [names.get(type) ?? `type ${type}`];
		if (code !== 0 || this.quotes) parts.push(`code ${code}`);
		if (identifier !== undefined) parts.push(`id ${identifier} seq ${sequence}`);
		if (nextHopMtu !== undefined && nextHopMtu !== 0) parts.push(`mtu ${nextHopMtu}`);
		if (gateway !== undefined) parts.push(`to ${gateway}`);
		if (extension?.objects?.length) parts.push(extensionSummary(extension));
		return parts.join(" ");
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const head: [string, number][] = [
			["type", 1],
			["code", 1],
			["checksum", 2],
		];
		return [...marksOf(this.start, head), ...this.fieldMarks()];
	}
}

/** How long the message at `start` says that its quotation is; 0 where it does not. */
function quotedBytes(bytes: Uint8Array, start: number): number {
	const type = u8(bytes, start);
	const tells = type === ICMP_DEST_UNREACH || type === ICMP_TIME_EXCEEDED || type === ICMP_PARAMETERPROB;
	return tells ? u8(bytes, start + lengthAt) * wordSize : 0;
}

/** ICMP, over IPv4. What an error quotes are the layers behind it. */
export const icmpv4: Protocol<Icmpv4, Icmpv4View> = protocol({
	layer: "icmpv4",
	computed: ["checksum", "length", "extension.checksum"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		const size = there < smallest ? smallest : (messages[u8(bytes, start)] ?? other).size;
		if (there < size) {
			faults.fault(
				"icmpv4",
				"type",
				start,
				`a header of this type has ${size} bytes, and ${there} are there`,
			);
			return undefined;
		}
		const quoted = quotedBytes(bytes, start);
		const wrong = quoted === 0 ? undefined : extensionFault(bytes, start + size, quoted, end);
		if (wrong !== undefined) {
			faults.fault("icmpv4", wrong.field, wrong.offset ?? start + lengthAt, wrong.problem);
		}
		return new Icmpv4View(bytes, start, start + size, end, outer);
	},
	measure: ({ type }) => (messages[type] ?? other).size,
	tail: ({ extension, length }, quoted) => extensionTail("icmpv4", extension, length, quoted, wordSize),
	write(value, { bytes, start, payloadStart, end }) {
		put8(bytes, start, value.type, "icmpv4.type");
		put8(bytes, start + 1, value.code ?? 0, "icmpv4.code");
		const table = messages[value.type] ?? other;
		checkMembers("icmpv4", value, common, table);
		for (const field of table.fields) {
			writeField(field, value[field.name as keyof Icmpv4], bytes, start, "icmpv4");
		}
		const { extension, length } = value;
		if (extension === undefined) return;
		const words = writeExtension("icmpv4", extension, bytes, payloadStart, end, wordSize);
		if (length === undefined) bytes[start + lengthAt] = quotedLength("icmpv4", words, wordSize);
	},
	seal(value, { bytes, start, end }) {
		put16(bytes, start + 2, value.checksum ?? checksum(bytes, start, end), "icmpv4.checksum");
	},
});
