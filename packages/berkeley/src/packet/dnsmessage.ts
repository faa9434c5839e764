/**
 * The questions and records of a message, read and written: RFC 1035 section 4.1.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { bit, bits, copyOf, put16, u16, u32 } from "./bytes.js";
import {
	checkData,
	type DataField,
	fieldsOf,
	listOf,
	numberOfType,
	OPT,
	readField,
	skipField,
	typeOf,
	writeField,
} from "./dnsdata.js";
import {
	DNS_HEADER_SIZE,
	keyOfText,
	NameTable,
	nameKey,
	nameProblem,
	skipName,
	textOfKey,
} from "./dnsname.js";
import type { DnsEncodings, DnsQuestion, DnsRecord, OptRecord } from "./dnsrecords.js";
import { Growing } from "./growing.js";
import type { FaultSink, Mark } from "./layer.js";

/** The sections of a message, in order. */
export const sections = ["questions", "answers", "authorities", "additionals"] as const;

/** What a class is when it is left out: the internet. */
const IN = 1;
const usualPayloadSize = 1232;

/**
 * Finds where the questions and records end that can be read.
 * @returns the offset behind the last one
 */
export function measureMessage(bytes: Uint8Array, base: number, end: number, faults: FaultSink): number {
	let at = base + DNS_HEADER_SIZE;
	for (let section = 0; section < 4; section++) {
		const count = u16(bytes, base + 4 + section * 2);
		for (let index = 0; index < count; index++) {
			const behind = skipName(bytes, at, base, end);
			const name = sections[section] as string;
			if (behind < 0) {
				const problem = at < end ? nameProblem(behind) : `it says ${count}, and ${index} are there`;
				faults.fault("dns", at < end ? `${name}[${index}].name` : name, at, problem);
				return at;
			}
			const next = section === 0 ? behind + 4 : recordEnd(bytes, behind, end);
			if (next > end) {
				faults.fault("dns", `${name}[${index}]`, at, "it is cut off");
				return at;
			}
			if (section > 0) checkRecord(bytes, base, behind, next, name, index, faults);
			at = next;
		}
	}
	return at;
}

/** Behind a record whose name ends at an offset. */
function recordEnd(bytes: Uint8Array, at: number, end: number): number {
	return at + 10 > end ? end + 1 : at + 10 + u16(bytes, at + 8);
}

function checkRecord(
	bytes: Uint8Array,
	base: number,
	fixed: number,
	end: number,
	section: string,
	index: number,
	faults: FaultSink,
): void {
	const type = u16(bytes, fixed);
	const fields = fieldsOf(type);
	// Records without data stand for something else: prerequisites and deletions, RFC 2136.
	if (fields === undefined || end === fixed + 10) return;
	const problem = checkData(fields, bytes, fixed + 10, end, base, fixed);
	if (problem < 0) {
		const text = problem > -100 ? nameProblem(problem) : `they are not those of ${typeOf(type)}`;
		faults.fault("dns", `${section}[${index}].data`, fixed + 10, text);
	}
}

/** Reads questions and records of a message that measureMessage() measured. */
export class DnsReader {
	readonly bytes: Uint8Array;
	readonly #base: number;
	readonly #end: number;
	readonly #names: NameTable | undefined;
	#at: number;
	#encodings: Record<string, Uint8Array> | undefined;

	/** @param lossless whether to tell how names are written, where it is not as build() does it */
	constructor(bytes: Uint8Array, base: number, end: number, lossless: boolean) {
		this.bytes = bytes;
		this.#base = base;
		this.#end = end;
		this.#at = base + DNS_HEADER_SIZE;
		this.#names = lossless ? new NameTable() : undefined;
	}

	/** The questions. */
	questions(): DnsQuestion[] {
		const list: DnsQuestion[] = [];
		for (let left = u16(this.bytes, this.#base + 4); left > 0 && this.#at < this.#end; left--) {
			const name = this.#owner();
			const at = this.#at;
			this.#at += 4;
			list.push({
				name,
				type: typeOf(u16(this.bytes, at)),
				class: u16(this.bytes, at + 2),
				...this.#kept(),
			});
		}
		return list;
	}

	/** The records of the next section. */
	records(section: 1 | 2 | 3): DnsRecord[] {
		const list: DnsRecord[] = [];
		for (let left = u16(this.bytes, this.#base + 4 + section * 2); left > 0 && this.#at < this.#end; left--) {
			list.push(this.#record());
		}
		return list;
	}

	/** Goes over the questions, or the records of the next section. */
	skip(section: 0 | 1 | 2 | 3): void {
		for (let left = u16(this.bytes, this.#base + 4 + section * 2); left > 0 && this.#at < this.#end; left--) {
			const behind = skipName(this.bytes, this.#at, this.#base, this.#end);
			this.#at = section === 0 ? behind + 4 : recordEnd(this.bytes, behind, this.#end);
		}
	}

	/** Where the questions and records stand, field by field. */
	marks(): Mark[] {
		const list: Mark[] = [];
		const { bytes } = this;
		const base = this.#base;
		const end = this.#end;
		let at = this.#at;
		const mark = (field: string, behind: number): void => {
			if (behind > at) list.push({ field, start: at, end: behind });
			at = behind;
		};
		for (const [section, title] of sections.entries()) {
			const count = u16(bytes, base + 4 + section * 2);
			for (let index = 0; index < count && at < end; index++) {
				const prefix = `${title}[${index}]`;
				mark(`${prefix}.name`, skipName(bytes, at, base, end));
				const fixed = at;
				mark(`${prefix}.type`, at + 2);
				const isOpt = section > 0 && u16(bytes, fixed) === OPT;
				mark(`${prefix}.${isOpt ? "udpPayloadSize" : "class"}`, at + 2);
				if (section === 0) continue;
				if (isOpt) {
					mark(`${prefix}.extendedRcode`, at + 1);
					mark(`${prefix}.version`, at + 1);
					mark(`${prefix}.z`, at + 2);
				} else mark(`${prefix}.ttl`, at + 4);
				mark(`${prefix}'s length`, at + 2);
				const behind = at + u16(bytes, at - 2);
				for (const [name, kind] of this.#shape(fixed, behind) ?? []) {
					mark(`${prefix}.${name}`, skipField(kind, bytes, at, behind, base, fixed));
				}
				mark(`${prefix}.data`, behind);
			}
		}
		return list;
	}

	/** A name of a record's data. */
	name(field: string, at: number, behind: number, compress: boolean): string {
		const key = nameKey(this.bytes, at, this.#base);
		const names = this.#names;
		if (names !== undefined) {
			if (!names.isUsual(this.bytes, at, behind, key, compress)) {
				this.#encodings ??= {};
				this.#encodings[field] = copyOf(this.bytes, at, behind);
			}
			names.note(this.bytes, at, this.#base, key);
		}
		return textOfKey(key);
	}

	#owner(): string {
		const start = this.#at;
		this.#at = skipName(this.bytes, start, this.#base, this.#end);
		return this.name("name", start, this.#at, true);
	}

	#kept(): { encodings?: DnsEncodings } {
		const encodings = this.#encodings;
		this.#encodings = undefined;
		return encodings === undefined ? {} : { encodings };
	}

	/** The fields of a record's data; undefined when they are not as they should be, or the type is not known. */
	#shape(fixed: number, end: number): readonly DataField[] | undefined {
		const fields = fieldsOf(u16(this.bytes, fixed));
		if (fields === undefined) return undefined;
		return checkData(fields, this.bytes, fixed + 10, end, this.#base, fixed) === 0 ? fields : undefined;
	}

	#record(): DnsRecord {
		const { bytes } = this;
		const name = this.#owner();
		const fixed = this.#at;
		const type = u16(bytes, fixed);
		const end = fixed + 10 + u16(bytes, fixed + 8);
		this.#at = end;
		const fields = this.#shape(fixed, end);
		if (fields === undefined) {
			return {
				name,
				type,
				class: u16(bytes, fixed + 2),
				ttl: u32(bytes, fixed + 4),
				data: copyOf(bytes, fixed + 10, end),
				...this.#kept(),
			};
		}
		const record: Record<string, unknown> = { name, type: typeOf(type) };
		const ttl = u32(bytes, fixed + 4);
		if (type === OPT) {
			record.udpPayloadSize = u16(bytes, fixed + 2);
			record.extendedRcode = ttl >>> 24;
			record.version = (ttl >>> 16) & 255;
			record.dnssecOk = (ttl & 0x8000) !== 0;
			record.z = ttl & 0x7fff;
		} else {
			record.class = u16(bytes, fixed + 2);
			record.ttl = ttl;
		}
		let at = fixed + 10;
		for (const [field, kind] of fields) {
			const behind = skipField(kind, bytes, at, end, this.#base, fixed);
			record[field] = readField(kind, this, field, at, behind);
			at = behind;
		}
		return { ...record, ...this.#kept() } as unknown as DnsRecord;
	}
}

/** Writes a message's questions and records. */
export class DnsWriter extends Growing {
	readonly #names = new NameTable();
	#encodings: DnsEncodings | undefined;
	#fixed = -1;

	/** A question. */
	question(question: DnsQuestion, field: string): void {
		this.#owner(question, question.name, field);
		this.u16(numberOfType(question.type, `${field}.type`), `${field}.type`);
		this.u16(question.class ?? IN, `${field}.class`);
	}

	/** A record. */
	record(record: DnsRecord, field: string): void {
		const isOpt = record.type === "OPT";
		this.#owner(record, isOpt ? (record.name ?? ".") : record.name, field);
		const type = numberOfType(record.type, `${field}.type`);
		const fixed = this.take(10);
		put16(this.bytes, fixed, type, `${field}.type`);
		if (isOpt) this.#opt(record, fixed, field);
		else {
			put16(this.bytes, fixed + 2, record.class ?? IN, `${field}.class`);
			const ttl = bits(record.ttl ?? 0, 32, `${field}.ttl`);
			put16(this.bytes, fixed + 4, ttl >>> 16, `${field}.ttl`);
			put16(this.bytes, fixed + 6, ttl & 0xffff, `${field}.ttl`);
		}
		this.#fixed = fixed;
		if (typeof record.type === "number") {
			const { data } = record as { data?: unknown };
			if (!isBytes(data)) throw new TypeError(`${field}.data must be bytes, not ${kindOf(data)}`);
			this.put(data);
		} else {
			const fields = fieldsOf(type);
			if (fields === undefined) throw new RangeError(`${field}.type ${record.type} is one of questions`);
			for (const [name, kind] of fields) {
				writeField(kind, this, record[name as keyof DnsRecord], name, `${field}.${name}`);
			}
		}
		this.#fixed = -1;
		put16(this.bytes, fixed + 8, this.size - fixed - 10, `${field}'s length`);
	}

	/** A name. */
	name(text: string, name: string, compress: boolean, field: string): void {
		const key = keyOfText(text, field);
		const encoding = this.#encodings?.[name];
		const start = this.size;
		if (encoding === undefined || !this.#keeps(encoding, key, `${field}'s encoding`)) {
			const labels = this.#names.split(key, compress);
			const { target } = this.#names;
			this.take(labels);
			for (let index = 0; index < labels; index++) this.bytes[start + index] = key.charCodeAt(index);
			if (target >= 0) this.u16(0xc000 | target, field);
		}
		this.#names.note(this.bytes, start, 0, key);
	}

	/** Writes a name's bytes as they were, if they still stand for it. */
	#keeps(encoding: unknown, key: string, field: string): boolean {
		if (!isBytes(encoding)) throw new TypeError(`${field} must be bytes, not ${kindOf(encoding)}`);
		const start = this.size;
		this.put(encoding);
		const behind = skipName(this.bytes, start, 0, this.size, this.#fixed);
		if (behind === this.size && nameKey(this.bytes, start, 0) === key) return true;
		this.bytes.fill(0, start, this.size);
		this.size = start;
		return false;
	}

	#owner(value: DnsQuestion | DnsRecord, text: string, field: string): void {
		const { encodings } = value;
		if (encodings !== undefined && (typeof encodings !== "object" || encodings === null)) {
			throw new TypeError(`${field}.encodings must be an object, not ${kindOf(encodings)}`);
		}
		this.#encodings = encodings;
		this.name(text, "name", true, `${field}.name`);
	}

	#opt(record: OptRecord, fixed: number, field: string): void {
		put16(this.bytes, fixed + 2, record.udpPayloadSize ?? usualPayloadSize, `${field}.udpPayloadSize`);
		this.bytes[fixed + 4] = bits(record.extendedRcode ?? 0, 8, `${field}.extendedRcode`);
		this.bytes[fixed + 5] = bits(record.version ?? 0, 8, `${field}.version`);
		const flags = bit(record.dnssecOk ?? false, `${field}.dnssecOk`) << 15;
		put16(this.bytes, fixed + 6, flags | bits(record.z ?? 0, 15, `${field}.z`), `${field}.z`);
	}
}

/** The lists of a message's value. */
export interface DnsLists {
	readonly questions?: readonly DnsQuestion[];
	readonly answers?: readonly DnsRecord[];
	readonly authorities?: readonly DnsRecord[];
	readonly additionals?: readonly DnsRecord[];
}

/** A message with a header of zeros, which names may not lead into. */
export function writeMessage(lists: DnsLists): Uint8Array {
	const out = new DnsWriter();
	out.take(DNS_HEADER_SIZE);
	for (const section of sections) {
		const list = lists[section];
		if (list === undefined) continue;
		for (const [index, each] of listOf(list, `dns.${section}`).entries()) {
			const field = `dns.${section}[${index}]`;
			if (section === "questions") out.question(each as DnsQuestion, field);
			else out.record(each as DnsRecord, field);
		}
	}
	return out.written;
}
