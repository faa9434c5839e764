/**
 * What routers add to the errors of ICMP and ICMPv6, behind the packet that these quote: RFC 4884, with the label
 * stacks of MPLS, RFC 4950. Objects of other classes are bytes.
 */
import { checkBytes, isBytes, kindOf } from "../address/bytes.js";
import { bit, bits, copyOf, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
import { checksum } from "./checksum.js";
import { type Mark, marksOf } from "./layer.js";

const headerSize = 4;
const usualVersion = 2;
const mplsClass = 1;
const incomingStack = 1;
/** The shortest quotation that may have an extension behind it. */
const shortestQuotation = 128;
const longestLength = 255;

/** An entry of a stack of MPLS labels. RFC 3032 section 2.1. */
export interface MplsLabel {
	/** The label: 20 bits. */
	readonly label: number;
	/** The traffic class, 3 bits that were once for experiments (RFC 5462); 0 when left out. */
	readonly trafficClass?: number;
	/** Whether it is the lowest of the stack; true of the last one when left out. */
	readonly bottom?: boolean;
	/** The time to live; 0 when left out. */
	readonly ttl?: number;
}

/** The labels with which a packet came to the router that could not pass it on. RFC 4950. */
export interface MplsLabelStack {
	/** Which object it is: class 1, type 1. */
	readonly kind: "mplsLabelStack";
	/** The labels, the uppermost first. */
	readonly labels: readonly MplsLabel[];
}

/** An object that nothing more is known of. */
export interface UnknownExtensionObject {
	/** Which object it is. */
	readonly kind: "unknown";
	/** The number of its class. */
	readonly class: number;
	/** The number of its type within the class. */
	readonly type: number;
	/** What follows its header; words of four bytes, as the RFC has it. */
	readonly data: Uint8Array;
}

/** The rest of an extension whose next length is wrong, or all of one whose version is not 2. */
export interface MalformedExtensionObjects {
	/** Which object it is. */
	readonly kind: "malformed";
	/** All that is left. */
	readonly data: Uint8Array;
}

/** An object of an extension. */
export type ExtensionObject = MplsLabelStack | UnknownExtensionObject | MalformedExtensionObjects;

/** What a router adds to an error. */
export interface IcmpExtension {
	/** 4 bits; 2 when left out. */
	readonly version?: number;
	/** 12 bits that must be 0. */
	readonly reserved?: number;
	/** Computed when left out; 0 for none. */
	readonly checksum?: number;
	/** What it tells; nothing when left out. */
	readonly objects?: readonly ExtensionObject[];
}

/**
 * Reads an extension, of which no ICMP header is there: as in what MSG_ERRQUEUE gives, where the lower 16 bits of an
 * ExtendedError's `data` tell the offset (IP_RECVERR_RFC4884). The views of ICMP and ICMPv6 have it as `extension`.
 * @returns undefined when there are not the four bytes of its header
 */
export function readIcmpExtension(
	bytes: Uint8Array,
	start = 0,
	end: number = bytes.length,
): IcmpExtension | undefined {
	checkBytes(bytes, "bytes");
	if (!(start >= 0 && end <= bytes.length && start + headerSize <= end)) return undefined;
	const word = u16(bytes, start);
	return {
		version: word >>> 12,
		reserved: word & 0xfff,
		checksum: u16(bytes, start + 2),
		objects: readObjects(bytes, start, end),
	};
}

/** Behind the object at an offset; -1 where its length is wrong. */
function behind(bytes: Uint8Array, at: number, end: number): number {
	if (at + headerSize > end) return -1;
	const next = at + u16(bytes, at);
	return next < at + headerSize || next > end ? -1 : next;
}

function readObjects(bytes: Uint8Array, start: number, end: number): ExtensionObject[] {
	const objects: ExtensionObject[] = [];
	const isKnown = u8(bytes, start) >>> 4 === usualVersion;
	for (let at = start + headerSize; at < end; ) {
		const next = isKnown ? behind(bytes, at, end) : -1;
		if (next < 0) {
			objects.push({ kind: "malformed", data: copyOf(bytes, at, end) });
			break;
		}
		objects.push(readObject(bytes, at, next));
		at = next;
	}
	return objects;
}

function readObject(bytes: Uint8Array, at: number, next: number): ExtensionObject {
	const [number, type] = [u8(bytes, at + 2), u8(bytes, at + 3)];
	const first = at + headerSize;
	if (number !== mplsClass || type !== incomingStack || (next - first) % 4 !== 0) {
		return { kind: "unknown", class: number, type, data: copyOf(bytes, first, next) };
	}
	const labels: MplsLabel[] = [];
	for (let entry = first; entry < next; entry += 4) {
		const word = u32(bytes, entry);
		labels.push({
			label: word >>> 12,
			trafficClass: (word >>> 9) & 7,
			bottom: (word & 0x100) !== 0,
			ttl: word & 0xff,
		});
	}
	return { kind: "mplsLabelStack", labels };
}

/** Where the extension of an error begins; at `end` when there is none. `quoted` is how long it says the quotation is. */
export function extensionStart(start: number, quoted: number, end: number): number {
	return quoted > 0 && start + quoted + headerSize <= end ? start + quoted : end;
}

/** What is wrong with an error's length or extension. */
export interface ExtensionFault {
	/** The field. */
	readonly field: string;
	/** Where in the packet it shows; undefined where that is the field of the length. */
	readonly offset: number | undefined;
	/** What is wrong. */
	readonly problem: string;
}

/** What is wrong with a quotation of so many bytes, and what follows it; undefined where nothing is. */
export function extensionFault(
	bytes: Uint8Array,
	start: number,
	quoted: number,
	end: number,
): ExtensionFault | undefined {
	if (quoted === 0) return undefined;
	const there = end - start;
	if (quoted > there) {
		const problem = `it says that ${quoted} bytes are quoted, and ${there} are there`;
		return { field: "length", offset: undefined, problem };
	}
	const first = start + quoted;
	if (first === end) return undefined;
	if (first + headerSize > end) {
		const problem = `it has at least ${headerSize} bytes, and ${end - first} are there`;
		return { field: "extension", offset: first, problem };
	}
	const version = u8(bytes, first) >>> 4;
	if (version !== usualVersion) {
		return { field: "extension.version", offset: first, problem: `it is ${version}, not ${usualVersion}` };
	}
	for (let at = first + headerSize; at < end; ) {
		const next = behind(bytes, at, end);
		if (next < 0) {
			const problem = `an object is shorter than its header, or longer than the message`;
			return { field: "extension.objects", offset: at, problem };
		}
		at = next;
	}
	return undefined;
}

/** Whether the checksum is right; undefined where none was sent. */
export function extensionChecksumIsRight(bytes: Uint8Array, start: number, end: number): boolean | undefined {
	return u16(bytes, start + 2) === 0 ? undefined : checksum(bytes, start, end) === 0;
}

/** Where the fields stand. */
export function extensionMarks(bytes: Uint8Array, start: number, end: number): Mark[] {
	const marks = marksOf(start, [
		["extension.version", 0],
		["extension.reserved", 2],
		["extension.checksum", 2],
	]);
	const isKnown = u8(bytes, start) >>> 4 === usualVersion;
	for (let at = start + headerSize, index = 0; at < end; index++) {
		const next = isKnown ? behind(bytes, at, end) : -1;
		const last = next < 0 ? end : next;
		marks.push({ field: `extension.objects[${index}]`, start: at, end: last });
		at = last;
	}
	return marks;
}

/** The labels and other objects in a few words. */
export function extensionSummary({ objects = [] }: IcmpExtension): string {
	return objects
		.map((object) => {
			if (object.kind === "mplsLabelStack")
				return `mpls ${object.labels.map(({ label }) => label).join("/")}`;
			return object.kind === "unknown" ? `object ${object.class}/${object.type}` : "malformed extension";
		})
		.join(", ");
}

/** How many bytes an extension has. */
function measureExtension(extension: IcmpExtension, layer: string): number {
	const field = `${layer}.extension`;
	if (typeof extension !== "object" || extension === null || Array.isArray(extension) || isBytes(extension)) {
		throw new TypeError(`${field} must be an object such as { objects: [] }, not ${kindOf(extension)}`);
	}
	const { objects = [] } = extension;
	if (!Array.isArray(objects)) {
		throw new TypeError(`${field}.objects must be an array, not ${kindOf(objects)}`);
	}
	let size = headerSize;
	for (const [index, object] of (objects as readonly ExtensionObject[]).entries()) {
		size += measureObject(object, `${field}.objects[${index}]`);
	}
	return size;
}

function measureObject(object: ExtensionObject, field: string): number {
	const kind: unknown = typeof object === "object" && object !== null ? object.kind : undefined;
	if (kind !== "mplsLabelStack" && kind !== "unknown" && kind !== "malformed") {
		const kinds = "mplsLabelStack, unknown or malformed";
		throw new TypeError(`${field} must be an object with kind ${kinds}, not ${kindOf(object)}`);
	}
	if (object.kind === "mplsLabelStack") {
		const { labels } = object;
		if (!Array.isArray(labels)) {
			throw new TypeError(`${field}.labels must be an array, not ${kindOf(labels)}`);
		}
		return bits(headerSize + labels.length * 4, 16, `${field}'s length`);
	}
	checkBytes(object.data, `${field}.data`);
	if (object.kind === "malformed") return object.data.length;
	return bits(headerSize + object.data.length, 16, `${field}'s length`);
}

/**
 * How many bytes an error has behind what it quotes: the extension, and before it zeros to the length that a quotation
 * then has, unless the length is given.
 * @param quoted how long the quotation is
 * @param unit in how many bytes its length is counted
 */
export function extensionTail(
	layer: string,
	extension: IcmpExtension | undefined,
	length: number | undefined,
	quoted: number,
	unit: 4 | 8,
): number {
	if (extension === undefined) return 0;
	const size = measureExtension(extension, layer);
	if (length !== undefined) return size;
	return size + Math.max(Math.ceil(quoted / unit) * unit, shortestQuotation) - quoted;
}

/**
 * Writes the extension before `end`.
 * @param start where the quotation begins
 * @returns the length of the quotation, in units
 */
export function writeExtension(
	layer: string,
	extension: IcmpExtension,
	bytes: Uint8Array,
	start: number,
	end: number,
	unit: 4 | 8,
): number {
	const field = `${layer}.extension`;
	const first = end - measureExtension(extension, layer);
	const version = bits(extension.version ?? usualVersion, 4, `${field}.version`);
	put16(bytes, first, (version << 12) | bits(extension.reserved ?? 0, 12, `${field}.reserved`), field);
	let at = first + headerSize;
	for (const [index, object] of (extension.objects ?? []).entries()) {
		at = writeObject(object, bytes, at, `${field}.objects[${index}]`);
	}
	// Zero would say that there is none; both stand for the same sum.
	const sum = extension.checksum ?? (checksum(bytes, first, end) || 0xffff);
	put16(bytes, first + 2, sum, `${field}.checksum`);
	return (first - start) / unit;
}

/** The length of a quotation before an extension, for its field. */
export function quotedLength(layer: string, units: number, unit: 4 | 8): number {
	if (units <= longestLength) return units;
	const most = longestLength * unit;
	throw new RangeError(
		`${layer}.length: what is quoted before an extension has at most ${most} bytes, not ${units * unit}`,
	);
}

function writeObject(object: ExtensionObject, bytes: Uint8Array, at: number, field: string): number {
	if (object.kind === "malformed") {
		bytes.set(object.data, at);
		return at + object.data.length;
	}
	const size = measureObject(object, field);
	put16(bytes, at, size, `${field}'s length`);
	const isStack = object.kind === "mplsLabelStack";
	put8(bytes, at + 2, isStack ? mplsClass : object.class, `${field}.class`);
	put8(bytes, at + 3, isStack ? incomingStack : object.type, `${field}.type`);
	const first = at + headerSize;
	if (isStack) {
		const { labels } = object;
		for (const [index, label] of labels.entries()) {
			const isLast = index === labels.length - 1;
			put32(bytes, first + index * 4, entryOf(label, isLast, `${field}.labels[${index}]`), field);
		}
	} else bytes.set(object.data, first);
	return at + size;
}

function entryOf(entry: MplsLabel, isLast: boolean, field: string): number {
	if (typeof entry !== "object" || entry === null) {
		throw new TypeError(`${field} must be a label such as { label: 16 }, not ${kindOf(entry)}`);
	}
	const { label, trafficClass = 0, bottom = isLast, ttl = 0 } = entry;
	const word =
		(bits(label, 20, `${field}.label`) << 12) |
		(bits(trafficClass, 3, `${field}.trafficClass`) << 9) |
		(bit(bottom, `${field}.bottom`) << 8) |
		bits(ttl, 8, `${field}.ttl`);
	return word >>> 0;
}
