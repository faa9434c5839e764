/**
 * DNS: RFC 1035 section 4, with RFC 2535 for AD and CD; over TCP section 4.2.2 and RFC 7766; RFC 6762 for multicast.
 */
import { bit, bits, put16, u8, u16 } from "./bytes.js";
import { typeOf } from "./dnsdata.js";
import { DnsReader, measureMessage, writeMessage } from "./dnsmessage.js";
import { DNS_HEADER_SIZE } from "./dnsname.js";
import type { DnsQuestion, DnsRecord } from "./dnsrecords.js";
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

/**
 * A DNS message. Names are text as in master files, without a dot at the end: `www.example.com`, and `.` for the root;
 * bytes that are no printable ASCII are `\DDD`, and a dot within a label is `\.`.
 *
 * Names are written with pointers as RFC 1035 has it: the labels up to the longest part that stands in the message
 * already, byte by byte, then a pointer to its first place; so are names of records, and those in the data of NS,
 * CNAME, SOA, PTR and MX. Names that are read and stand otherwise keep their bytes in `encodings`.
 */
export interface Dns extends LayerValue {
	/** "dns". */
	readonly layer: "dns";
	/** By which a response is matched to its query; 0 when left out. */
	readonly id?: number;
	/** Whether it is a response (QR); false when left out. */
	readonly response?: boolean;
	/** The kind of query, 4 bits; 0, an ordinary one, when left out. */
	readonly opcode?: number;
	/** Whether the server is one of the zone's (AA); false when left out. */
	readonly authoritativeAnswer?: boolean;
	/** Whether it was cut to fit into a datagram (TC); false when left out. */
	readonly truncation?: boolean;
	/** Whether the server is to ask others (RD); false when left out. */
	readonly recursionDesired?: boolean;
	/** Whether the server does ask others (RA); false when left out. */
	readonly recursionAvailable?: boolean;
	/** The bit that must be 0 (Z). */
	readonly reserved?: boolean;
	/** Whether the data were verified (AD); false when left out. */
	readonly authenticData?: boolean;
	/** Whether they need not be (CD); false when left out. */
	readonly checkingDisabled?: boolean;
	/** What became of the query (RCODE), 4 bits; 0, no error, when left out. */
	readonly responseCode?: number;
	/** How many questions there are (QDCOUNT). Computed when left out. */
	readonly questionCount?: number;
	/** How many answers (ANCOUNT). Computed when left out. */
	readonly answerCount?: number;
	/** How many authorities (NSCOUNT). Computed when left out. */
	readonly authorityCount?: number;
	/** How many additionals (ARCOUNT). Computed when left out. */
	readonly additionalCount?: number;
	/** The questions; none when left out. */
	readonly questions?: readonly DnsQuestion[];
	/** The records that answer; none when left out. */
	readonly answers?: readonly DnsRecord[];
	/** The records of who knows more; none when left out. */
	readonly authorities?: readonly DnsRecord[];
	/** More records, and OPT; none when left out. */
	readonly additionals?: readonly DnsRecord[];
}

const responseCodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];
const mostShown = 4;

/** A DNS message in a packet. */
export class DnsView extends Layer<Dns> {
	/** "dns". */
	get layer(): "dns" {
		return "dns";
	}

	/** By which a response is matched to its query. */
	get id(): number {
		return u16(this.bytes, this.start);
	}

	/** Whether it is a response. */
	get response(): boolean {
		return this.#flag(15);
	}

	/** The kind of query. */
	get opcode(): number {
		return (u8(this.bytes, this.start + 2) >>> 3) & 15;
	}

	/** Whether the server is one of the zone's. */
	get authoritativeAnswer(): boolean {
		return this.#flag(10);
	}

	/** Whether it was cut to fit into a datagram. */
	get truncation(): boolean {
		return this.#flag(9);
	}

	/** Whether the server is to ask others. */
	get recursionDesired(): boolean {
		return this.#flag(8);
	}

	/** Whether the server does ask others. */
	get recursionAvailable(): boolean {
		return this.#flag(7);
	}

	/** The bit that must be 0. */
	get reserved(): boolean {
		return this.#flag(6);
	}

	/** Whether the data were verified. */
	get authenticData(): boolean {
		return this.#flag(5);
	}

	/** Whether they need not be. */
	get checkingDisabled(): boolean {
		return this.#flag(4);
	}

	/** What became of the query. */
	get responseCode(): number {
		return u8(this.bytes, this.start + 3) & 15;
	}

	/** How many questions there are, as the header says. */
	get questionCount(): number {
		return u16(this.bytes, this.start + 4);
	}

	/** How many answers, as the header says. */
	get answerCount(): number {
		return u16(this.bytes, this.start + 6);
	}

	/** How many authorities, as the header says. */
	get authorityCount(): number {
		return u16(this.bytes, this.start + 8);
	}

	/** How many additionals, as the header says. */
	get additionalCount(): number {
		return u16(this.bytes, this.start + 10);
	}

	/** The questions, decoded. */
	get questions(): DnsQuestion[] {
		return this.#reader(false).questions();
	}

	/** The records that answer, decoded. */
	get answers(): DnsRecord[] {
		return this.#section(1);
	}

	/** The records of who knows more, decoded. */
	get authorities(): DnsRecord[] {
		return this.#section(2);
	}

	/** More records, decoded. */
	get additionals(): DnsRecord[] {
		return this.#section(3);
	}

	/** All fields as a plain value. */
	toValue(): Dns {
		const reader = this.#reader(true);
		return {
			layer: "dns",
			id: this.id,
			response: this.response,
			opcode: this.opcode,
			authoritativeAnswer: this.authoritativeAnswer,
			truncation: this.truncation,
			recursionDesired: this.recursionDesired,
			recursionAvailable: this.recursionAvailable,
			reserved: this.reserved,
			authenticData: this.authenticData,
			checkingDisabled: this.checkingDisabled,
			responseCode: this.responseCode,
			questionCount: this.questionCount,
			answerCount: this.answerCount,
			authorityCount: this.authorityCount,
			additionalCount: this.additionalCount,
			questions: reader.questions(),
			answers: reader.records(1),
			authorities: reader.records(2),
			additionals: reader.records(3),
		};
	}

	/** One line. */
	summary(): string {
		const { questions, responseCode } = this;
		const asked = questions.slice(0, mostShown).map(({ name, type }) => `${type} ${name}`);
		const parts = [this.response ? "response" : "query", String(this.id)];
		if (this.response || responseCode !== 0) parts.push(responseCodes[responseCode] ?? String(responseCode));
		const { answers } = this;
		const found = answers.slice(0, mostShown).map(tell);
		if (questions.length > mostShown) asked.push("…");
		if (answers.length > mostShown) found.push("…");
		if (asked.length > 0) parts.push(asked.join(", "));
		if (found.length > 0) parts.push("=", found.join(", "));
		return parts.join(" ");
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const header = marksOf(this.start, [
			["id", 2],
			["response", 0],
			["opcode", 0],
			["authoritativeAnswer", 0],
			["truncation", 0],
			["recursionDesired", 1],
			["recursionAvailable", 0],
			["reserved", 0],
			["authenticData", 0],
			["checkingDisabled", 0],
			["responseCode", 1],
			["questionCount", 2],
			["answerCount", 2],
			["authorityCount", 2],
			["additionalCount", 2],
		]);
		return [...header, ...this.#reader(false).marks()];
	}

	#flag(bit: number): boolean {
		return (u16(this.bytes, this.start + 2) & (1 << bit)) !== 0;
	}

	#reader(lossless: boolean): DnsReader {
		return new DnsReader(this.bytes, this.start, this.payloadStart, lossless);
	}

	#section(section: 1 | 2 | 3): DnsRecord[] {
		const reader = this.#reader(false);
		for (let before = 0; before < section; before++) reader.skip(before as 0 | 1 | 2);
		return reader.records(section);
	}
}

/** A record in a few words. */
function tell(record: DnsRecord): string {
	if ("address" in record) return `${record.type} ${record.address}`;
	if ("target" in record && typeof record.target === "string") return `${record.type} ${record.target}`;
	if ("exchange" in record) return `${record.type} ${record.exchange}`;
	return String(typeof record.type === "number" ? typeOf(record.type) : record.type);
}

// A message is written to be measured; what is kept of it is let go when it is copied into the packet.
let measured: { value: Dns; message: Uint8Array } | undefined;

function messageOf(value: Dns): Uint8Array {
	if (measured?.value === value) return measured.message;
	const message = writeMessage(value);
	measured = { value, message };
	return message;
}

/** A DNS message, as it is in a UDP datagram, or behind `dnsTcp`. */
export const dns: Protocol<Dns, DnsView> = protocol({
	layer: "dns",
	computed: ["questionCount", "answerCount", "authorityCount", "additionalCount"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < DNS_HEADER_SIZE) {
			const problem = `a header has ${DNS_HEADER_SIZE} bytes, and ${end - start} are there`;
			faults.fault("dns", "id", start, problem);
			return undefined;
		}
		const behind = measureMessage(bytes, start, end, faults);
		return new DnsView(bytes, start, behind, end, outer);
	},
	measure: (value) => {
		measured = undefined;
		return messageOf(value).length;
	},
	write(value, { bytes, start }) {
		bytes.set(messageOf(value), start);
		measured = undefined;
		put16(bytes, start, value.id ?? 0, "dns.id");
		bytes[start + 2] =
			(bit(value.response ?? false, "dns.response") << 7) |
			(bits(value.opcode ?? 0, 4, "dns.opcode") << 3) |
			(bit(value.authoritativeAnswer ?? false, "dns.authoritativeAnswer") << 2) |
			(bit(value.truncation ?? false, "dns.truncation") << 1) |
			bit(value.recursionDesired ?? false, "dns.recursionDesired");
		bytes[start + 3] =
			(bit(value.recursionAvailable ?? false, "dns.recursionAvailable") << 7) |
			(bit(value.reserved ?? false, "dns.reserved") << 6) |
			(bit(value.authenticData ?? false, "dns.authenticData") << 5) |
			(bit(value.checkingDisabled ?? false, "dns.checkingDisabled") << 4) |
			bits(value.responseCode ?? 0, 4, "dns.responseCode");
		put16(bytes, start + 4, value.questionCount ?? value.questions?.length ?? 0, "dns.questionCount");
		put16(bytes, start + 6, value.answerCount ?? value.answers?.length ?? 0, "dns.answerCount");
		put16(bytes, start + 8, value.authorityCount ?? value.authorities?.length ?? 0, "dns.authorityCount");
		put16(bytes, start + 10, value.additionalCount ?? value.additionals?.length ?? 0, "dns.additionalCount");
	},
});

/** What stands before a DNS message in a stream: how long it is. */
export interface DnsTcp extends LayerValue {
	/** "dnsTcp". */
	readonly layer: "dnsTcp";
	/** How many bytes the message has. Computed when left out. */
	readonly length?: number;
}

/** The length before a DNS message. */
export class DnsTcpView extends Layer<DnsTcp> {
	/** "dnsTcp". */
	get layer(): "dnsTcp" {
		return "dnsTcp";
	}

	/** How many bytes the message has. */
	get length(): number {
		return u16(this.bytes, this.start);
	}

	/** Whether all of the message is there. */
	override get whole(): boolean {
		return super.whole && this.payloadStart + this.length <= this.end;
	}

	/** A message, where all of it is there. */
	override next(links: Links): AnyCodec | undefined {
		return this.payloadStart + this.length === this.end ? links.codec("dns") : undefined;
	}

	/** All fields as a plain value. */
	toValue(): DnsTcp {
		return { layer: "dnsTcp", length: this.length };
	}

	/** One line. */
	summary(): string {
		return `length ${this.length}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [["length", 2]]);
	}
}

/**
 * The length before a DNS message in TCP. A segment may begin and end anywhere in a message: one that goes on in
 * another segment is not looked into, and what follows a message is the trailer of `tcp`.
 */
export const dnsTcp: Protocol<DnsTcp, DnsTcpView> = protocol({
	layer: "dnsTcp",
	computed: ["length"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start - 2;
		if (there < 0) {
			faults.fault("dnsTcp", "length", start, "it has 2 bytes, and 1 is there");
			return undefined;
		}
		const length = u16(bytes, start);
		if (length > there) {
			faults.fault("dnsTcp", "length", start, `it says ${length} bytes, and ${there} are in this segment`);
		}
		return new DnsTcpView(bytes, start, start + 2, Math.min(end, start + 2 + length), outer);
	},
	measure: () => 2,
	write({ length }, { bytes, start, payloadStart, end }) {
		put16(bytes, start, length ?? end - payloadStart, "dnsTcp.length");
	},
});
