/**
 * ICMPv6, with neighbour discovery and multicast listener discovery: RFC 4443, RFC 4861, RFC 2710, RFC 3810,
 * RFC 4884.
 */
import { put8, put16, u8, u16 } from "./bytes.js";
import { checkMembers, type Message, writeField } from "./fields.js";
import {
	type GroupRecord,
	measureRecords,
	readAddresses,
	readRecords,
	recordsEnd,
	wholeRecords,
	writeAddresses,
	writeRecords,
} from "./grouprecords.js";
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
	hasOptions,
	ICMP6_DST_UNREACH,
	ICMP6_PARAM_PROB,
	ICMP6_TIME_EXCEEDED,
	MLD_LISTENER_QUERY,
	messageOf,
	mldQuery2,
	mldReport2,
	nameOf,
} from "./icmpv6messages.js";
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
import {
	malformedNdOption,
	measureNdOptions,
	type NdOption,
	readNdOptions,
	writeNdOptions,
} from "./ndoptions.js";
import { transportChecksum } from "./pseudoheader.js";

const IPPROTO_ICMPV6 = 58;
const smallest = 4;
/** Where the length of a quotation stands, and in how many bytes it is counted. */
const lengthAt = 4;
const unitSize = 8;
const common = new Set(["layer", "trailer", "type", "code", "checksum"]);

/**
 * An ICMPv6 message. Which fields there are depends on the type; of a type that is not known here the header has four
 * bytes, and what follows is the payload. Numbers that are left out are 0, flags false.
 */
export interface Icmpv6 extends LayerValue {
	/** "icmpv6". */
	readonly layer: "icmpv6";
	/** ICMP6_ECHO_REQUEST, ND_NEIGHBOR_SOLICIT … */
	readonly type: number;
	/** What the type leaves open; 0 when left out. */
	readonly code?: number;
	/** Computed when left out, where there is an IPv6 header around. */
	readonly checksum?: number;
	/** Echo: what the questions of one asker have in common. */
	readonly identifier?: number;
	/** Echo: which question it is. */
	readonly sequence?: number;
	/**
	 * Destination unreachable, time exceeded: how long the quotation is, in units of eight bytes, where an extension
	 * follows it. When it is left out, it is 0 without an extension, and with one it is computed, and the quotation
	 * filled up with zeros to 128 bytes, or whole units. RFC 4884 section 5.
	 */
	readonly length?: number;
	/**
	 * Destination unreachable, time exceeded: what follows the quotation. It is read where `length` tells of it: not of
	 * routers older than RFC 4884, which put it behind 128 bytes without a word.
	 */
	readonly extension?: IcmpExtension;
	/** Destination unreachable, time exceeded: 24 bits that must be 0. */
	readonly unused?: number;
	/** Packet too big: how large packets may be. */
	readonly mtu?: number;
	/** Parameter problem: which byte of the quotation is wrong. */
	readonly pointer?: number;
	/** Bits that must be 0: 16 in listener discovery, 3, 29 or 32 in neighbour discovery. */
	readonly reserved?: number;
	/** Listener queries: how long hosts may take to answer, in milliseconds, from 32768 on as RFC 3810 section 5.1.3 says. */
	readonly maximumResponseCode?: number;
	/** Listener discovery: the group; `::`, in queries for any, when left out. */
	readonly multicastAddress?: string;
	/** Listener queries of version 2: four bits that must be 0. */
	readonly reserved2?: number;
	/** Listener queries of version 2: whether routers shall leave their timers. */
	readonly suppress?: boolean;
	/** Listener queries of version 2: how many losses are provided for, 3 bits. */
	readonly robustness?: number;
	/** Listener queries of version 2: how often is asked, in seconds, from 128 on as RFC 3810 section 5.1.9 says. */
	readonly queryIntervalCode?: number;
	/** Listener queries of version 2: computed when left out. */
	readonly numberOfSources?: number;
	/** Listener queries of version 2, which is what it makes them: the senders that are asked about. */
	readonly sources?: readonly string[];
	/** Listener reports of version 2: computed when left out. */
	readonly numberOfRecords?: number;
	/** Listener reports of version 2: what is wanted of each group. */
	readonly records?: readonly GroupRecord[];
	/** Router advertisement: the hop limit that hosts should use; 0 for none said. */
	readonly currentHopLimit?: number;
	/** Router advertisement: whether DHCPv6 gives addresses. */
	readonly managed?: boolean;
	/** Router advertisement: whether DHCPv6 gives other things. */
	readonly otherConfiguration?: boolean;
	/** Router advertisement: whether it serves mobile nodes. RFC 6275. */
	readonly homeAgent?: boolean;
	/** Router advertisement: how it is preferred to others: 1 high, 0 medium, 3 low. RFC 4191. */
	readonly preference?: number;
	/** Router advertisement: for how many seconds it is a default router; 0 for not. */
	readonly routerLifetime?: number;
	/** Router advertisement: for how many milliseconds a neighbour counts as reachable; 0 for none said. */
	readonly reachableTime?: number;
	/** Router advertisement: after how many milliseconds a solicitation is repeated; 0 for none said. */
	readonly retransTimer?: number;
	/** Neighbour advertisement: whether the sender is a router. */
	readonly router?: boolean;
	/** Neighbour advertisement: whether it was asked for. */
	readonly solicited?: boolean;
	/** Neighbour advertisement: whether it replaces what the receiver knows. */
	readonly override?: boolean;
	/** Neighbour solicitation and advertisement: whose hardware address it is. Redirect: where to send to. */
	readonly targetAddress?: string;
	/** Redirect: for what destination. */
	readonly destinationAddress?: string;
	/** Neighbour discovery: options; none when left out. */
	readonly options?: readonly NdOption[];
}

/** An ICMPv6 message in a packet. Fields that its type does not have are undefined. */
export class Icmpv6View extends IcmpMessageView<Icmpv6> {
	/** "icmpv6". */
	get layer(): "icmpv6" {
		return "icmpv6";
	}

	protected get message(): Message {
		const { type } = this;
		return type === MLD_LISTENER_QUERY && this.headerLength >= mldQuery2.size ? mldQuery2 : messageOf(type);
	}

	/** ICMP6_ECHO_REQUEST, ND_NEIGHBOR_SOLICIT … */
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

	/** Whether the checksum is right; undefined where no IPv6 header is around, or not all of the message is there. */
	get checksumIsRight(): boolean | undefined {
		if (!this.whole) return undefined;
		const sum = transportChecksum(this, IPPROTO_ICMPV6, this.end);
		return sum === undefined ? undefined : sum === 0;
	}

	/** Echo: what the questions of one asker have in common. */
	get identifier(): number | undefined {
		return this.number("identifier");
	}

	/** Echo: which question it is. */
	get sequence(): number | undefined {
		return this.number("sequence");
	}

	/** How long the quotation is, in units of eight bytes, where an extension follows it. */
	get length(): number | undefined {
		return this.number("length");
	}

	/** Destination unreachable, time exceeded: 24 bits that must be 0. */
	get unused(): number | undefined {
		return this.number("unused");
	}

	/** Packet too big: how large packets may be. */
	get mtu(): number | undefined {
		return this.number("mtu");
	}

	/** Parameter problem: which byte of the quotation is wrong. */
	get pointer(): number | undefined {
		return this.number("pointer");
	}

	/** Bits that must be 0. */
	get reserved(): number | undefined {
		return this.number("reserved");
	}

	/** Listener queries: how long hosts may take to answer, as a code. */
	get maximumResponseCode(): number | undefined {
		return this.number("maximumResponseCode");
	}

	/** Listener discovery: the group. */
	get multicastAddress(): string | undefined {
		return this.address("multicastAddress");
	}

	/** Listener queries of version 2: four bits that must be 0. */
	get reserved2(): number | undefined {
		return this.number("reserved2");
	}

	/** Listener queries of version 2: whether routers shall leave their timers. */
	get suppress(): boolean | undefined {
		return this.flag("suppress");
	}

	/** Listener queries of version 2: how many losses are provided for. */
	get robustness(): number | undefined {
		return this.number("robustness");
	}

	/** Listener queries of version 2: how often is asked, as a code. */
	get queryIntervalCode(): number | undefined {
		return this.number("queryIntervalCode");
	}

	/** Listener queries of version 2: how many sources there are, as it says. */
	get numberOfSources(): number | undefined {
		return this.number("numberOfSources");
	}

	/** Listener queries of version 2: the senders that are asked about. */
	get sources(): string[] | undefined {
		return this.message === mldQuery2
			? readAddresses(this.bytes, this.start + mldQuery2.size, this.payloadStart, 16)
			: undefined;
	}

	/** Listener reports of version 2: how many records there are, as it says. */
	get numberOfRecords(): number | undefined {
		return this.number("numberOfRecords");
	}

	/** Listener reports of version 2: what is wanted of each group. */
	get records(): GroupRecord[] | undefined {
		return this.message === mldReport2
			? readRecords(this.bytes, this.start + mldReport2.size, this.payloadStart, 16)
			: undefined;
	}

	/** Router advertisement: the hop limit that hosts should use. */
	get currentHopLimit(): number | undefined {
		return this.number("currentHopLimit");
	}

	/** Router advertisement: whether DHCPv6 gives addresses. */
	get managed(): boolean | undefined {
		return this.flag("managed");
	}

	/** Router advertisement: whether DHCPv6 gives other things. */
	get otherConfiguration(): boolean | undefined {
		return this.flag("otherConfiguration");
	}

	/** Router advertisement: whether it serves mobile nodes. */
	get homeAgent(): boolean | undefined {
		return this.flag("homeAgent");
	}

	/** Router advertisement: how it is preferred to others: 1 high, 0 medium, 3 low. */
	get preference(): number | undefined {
		return this.number("preference");
	}

	/** Router advertisement: for how many seconds it is a default router. */
	get routerLifetime(): number | undefined {
		return this.number("routerLifetime");
	}

	/** Router advertisement: for how many milliseconds a neighbour counts as reachable. */
	get reachableTime(): number | undefined {
		return this.number("reachableTime");
	}

	/** Router advertisement: after how many milliseconds a solicitation is repeated. */
	get retransTimer(): number | undefined {
		return this.number("retransTimer");
	}

	/** Neighbour advertisement: whether the sender is a router. */
	get router(): boolean | undefined {
		return this.flag("router");
	}

	/** Neighbour advertisement: whether it was asked for. */
	get solicited(): boolean | undefined {
		return this.flag("solicited");
	}

	/** Neighbour advertisement: whether it replaces what the receiver knows. */
	get override(): boolean | undefined {
		return this.flag("override");
	}

	/** Neighbour solicitation and advertisement: whose hardware address it is. Redirect: where to send to. */
	get targetAddress(): string | undefined {
		return this.address("targetAddress");
	}

	/** Redirect: for what destination. */
	get destinationAddress(): string | undefined {
		return this.address("destinationAddress");
	}

	/** Neighbour discovery: the options, decoded. */
	get options(): NdOption[] | undefined {
		return hasOptions(this.type)
			? readNdOptions(this.bytes, this.start + this.message.size, this.payloadStart)
			: undefined;
	}

	protected override get quotedBytes(): number {
		return quotedBytes(this.bytes, this.start);
	}

	/** Whether it is an error, which quotes the packet that it is about. */
	override get quotes(): boolean {
		const { type } = this;
		return type >= ICMP6_DST_UNREACH && type <= ICMP6_PARAM_PROB;
	}

	/** What the payload is: the packet that is quoted. */
	override next(links: Links): AnyCodec | undefined {
		return this.quotes ? links.codec("ipv6") : undefined;
	}

	/** All fields as a plain value. */
	toValue(): Icmpv6 {
		const value = { layer: "icmpv6" as const, type: this.type, code: this.code, checksum: this.checksum };
		this.addFields(value);
		const { options, sources, records, extension } = this;
		if (extension !== undefined) return { ...value, extension };
		if (options !== undefined) return { ...value, options };
		if (sources !== undefined) return { ...value, sources };
		return records === undefined ? value : { ...value, records };
	}

	/** One line. */
	summary(): string {
		const { type, code, identifier, mtu, targetAddress, records, extension } = this;
		const parts = [nameOf(type)];
		if (code !== 0 || type === ICMP6_DST_UNREACH || type === ICMP6_TIME_EXCEEDED) parts.push(`code ${code}`);
		if (identifier !== undefined) parts.push(`id ${identifier} seq ${this.sequence}`);
		if (mtu !== undefined) parts.push(`mtu ${mtu}`);
		if (extension?.objects?.length) parts.push(extensionSummary(extension));
		if (targetAddress !== undefined) parts.push(targetAddress);
		if (records !== undefined) {
			parts.push(records.map(({ multicastAddress }) => multicastAddress).join(", "));
		} else if (this.multicastAddress !== undefined) parts.push(this.multicastAddress);
		return parts.join(" ");
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const head: [string, number][] = [
			["type", 1],
			["code", 1],
			["checksum", 2],
		];
		const { message: table, start, payloadStart: end } = this;
		const list = start + table.size;
		const field = table === mldQuery2 ? "sources" : table === mldReport2 ? "records" : "options";
		const rest = list < end ? [{ field, start: list, end }] : [];
		return [...marksOf(start, head), ...this.fieldMarks(), ...rest];
	}
}

/** How long the message at `start` says that its quotation is; 0 where it does not. */
function quotedBytes(bytes: Uint8Array, start: number): number {
	const type = u8(bytes, start);
	const tells = type === ICMP6_DST_UNREACH || type === ICMP6_TIME_EXCEEDED;
	return tells ? u8(bytes, start + lengthAt) * unitSize : 0;
}

const queryMembers = [...mldQuery2.members].filter(
	(name) => !messageOf(MLD_LISTENER_QUERY).members.has(name),
) as (keyof Icmpv6)[];

function tableOf(value: Icmpv6): Message {
	const { type } = value;
	const isVersion2 = type === MLD_LISTENER_QUERY && queryMembers.some((name) => value[name] !== undefined);
	return isVersion2 ? mldQuery2 : messageOf(type);
}

/** How many of the lists behind the fields are there, and where they end. */
function listEnd(bytes: Uint8Array, start: number, end: number, table: Message, faults: FaultSink): number {
	const at = start + table.size;
	if (table === mldQuery2) {
		const count = u16(bytes, start + 26);
		const fitting = Math.floor((end - at) / 16);
		if (count > fitting) {
			const problem = `it says ${count} sources, and ${fitting} are there`;
			faults.fault("icmpv6", "numberOfSources", start + 26, problem);
		}
		return at + Math.min(count, fitting) * 16;
	}
	if (table === mldReport2) {
		const count = u16(bytes, start + 6);
		const whole = wholeRecords(bytes, at, end, count, 16);
		if (whole < count) {
			const problem = `it says ${count} records, and ${whole} are there`;
			faults.fault("icmpv6", "numberOfRecords", start + 6, problem);
		}
		return recordsEnd(bytes, at, whole, 16);
	}
	if (!hasOptions(u8(bytes, start))) return at;
	const wrong = malformedNdOption(bytes, at, end);
	if (wrong >= 0)
		faults.fault("icmpv6", "options", wrong, "an option is of length 0, or longer than the message");
	return end;
}

/** ICMPv6. What an error quotes are the layers behind it. */
export const icmpv6: Protocol<Icmpv6, Icmpv6View> = protocol({
	layer: "icmpv6",
	computed: ["checksum", "length", "extension.checksum", "numberOfSources", "numberOfRecords"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		const type = there < smallest ? 0 : u8(bytes, start);
		const table = type === MLD_LISTENER_QUERY && there >= mldQuery2.size ? mldQuery2 : messageOf(type);
		if (there < table.size) {
			const problem = `a header of this type has ${table.size} bytes, and ${there} are there`;
			faults.fault("icmpv6", "type", start, problem);
			return undefined;
		}
		const quoted = quotedBytes(bytes, start);
		const wrong = quoted === 0 ? undefined : extensionFault(bytes, start + table.size, quoted, end);
		if (wrong !== undefined) {
			faults.fault("icmpv6", wrong.field, wrong.offset ?? start + lengthAt, wrong.problem);
		}
		return new Icmpv6View(bytes, start, listEnd(bytes, start, end, table, faults), end, outer);
	},
	measure(value) {
		const { size } = tableOf(value);
		const { options, records, sources } = value;
		if (options !== undefined) return size + measureNdOptions(options);
		if (records !== undefined) return size + measureRecords(records, 16, "icmpv6");
		return size + (sources?.length ?? 0) * 16;
	},
	tail: ({ extension, length }, quoted) => extensionTail("icmpv6", extension, length, quoted, unitSize),
	write(value, { bytes, start, payloadStart, end }) {
		const table = tableOf(value);
		checkMembers("icmpv6", value, common, table);
		put8(bytes, start, value.type, "icmpv6.type");
		put8(bytes, start + 1, value.code ?? 0, "icmpv6.code");
		for (const field of table.fields) {
			writeField(field, value[field.name as keyof Icmpv6], bytes, start, "icmpv6");
		}
		const { sources = [], records = [], options } = value;
		if (table === mldQuery2) {
			put16(bytes, start + 26, value.numberOfSources ?? sources.length, "icmpv6.numberOfSources");
			writeAddresses(sources, bytes, start + table.size, 16, "icmpv6.sources");
		} else if (table === mldReport2) {
			put16(bytes, start + 6, value.numberOfRecords ?? records.length, "icmpv6.numberOfRecords");
			writeRecords(records, bytes, start + table.size, 16, "icmpv6");
		} else if (options !== undefined) writeNdOptions(options, bytes, start + table.size);
		const { extension, length } = value;
		if (extension === undefined) return;
		const units = writeExtension("icmpv6", extension, bytes, payloadStart, end, unitSize);
		if (length === undefined) bytes[start + lengthAt] = quotedLength("icmpv6", units, unitSize);
	},
	seal(value, place) {
		const sum = value.checksum ?? transportChecksum(place, IPPROTO_ICMPV6, place.end) ?? 0;
		put16(place.bytes, place.start + 2, sum, "icmpv6.checksum");
	},
});
