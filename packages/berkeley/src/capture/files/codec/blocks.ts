/**
 * The bodies of pcapng's blocks, as values. draft-ietf-opsawg-pcapng, section 4.
 */

import type { Direction } from "../../captured.js";
import { describeBlock } from "./blocktypes.js";
import { CaptureFileError } from "./error.js";
import { linkOf } from "./linktypes.js";
import { readNameRecord } from "./names.js";
import { type OptionTable, readOptions } from "./options.js";
import {
	commentOptions,
	interfaceOptions,
	nameOptions,
	packetOptions,
	sectionOptions,
	statisticsOptions,
} from "./tables.js";
import { Clock, microseconds } from "./timestamps.js";
import type {
	CaptureSection,
	CustomData,
	DecryptionSecrets,
	FileInterface,
	FilePacket,
	InterfaceStatistics,
	NamedAddress,
	NameRecord,
	NameResolution,
} from "./values.js";

/** A block in hand, or a record of pcap. One object serves for many, for there are millions. */
export class BlockBody {
	bytes: Uint8Array = new Uint8Array(0);
	view: DataView = new DataView(this.bytes.buffer);
	little = true;
	/** Where the body begins, behind type and length. */
	start = 0;
	/** Where it ends, before the second length. */
	end = 0;
	type = 0;
	/** Where the block begins in the file. */
	offset = 0;

	/** @throws CaptureFileError that says what is wrong with the block */
	fail(problem: string): never {
		throw new CaptureFileError("MALFORMED", this.offset, describeBlock(this.type), problem);
	}
}

/** An interface of a section, with the clock of its times. */
export interface KnownInterface {
	readonly description: FileInterface;
	readonly clock: Clock;
}

/** Requires a body to have so many bytes, for its fixed part. */
function atLeast(body: BlockBody, count: number): void {
	const there = body.end - body.start;
	if (there < count) body.fail(`its body has ${there} bytes, and ${count} at least are needed`);
}

function options(body: BlockBody, start: number, table: OptionTable, into: object): void {
	if (start === body.end) return;
	const members = into as Record<string, unknown>;
	readOptions(body.bytes, start, body.end, body.little, table, members, (problem) => body.fail(problem));
}

/** The interface of a number. */
function known(body: BlockBody, interfaces: readonly KnownInterface[], number: number): KnownInterface {
	const found = interfaces[number];
	if (found !== undefined) return found;
	return body.fail(`it is of interface ${number}, and the section has described ${interfaces.length} so far`);
}

/** The section header: the byte order is known already. */
export function readSection(body: BlockBody): CaptureSection {
	atLeast(body, 16);
	const major = body.view.getUint16(body.start + 4, body.little);
	const minor = body.view.getUint16(body.start + 6, body.little);
	if (major !== 1) body.fail(`it is of version ${major}.${minor} of the format, and 1.0 is known`);
	const section: CaptureSection = {};
	options(body, body.start + 16, sectionOptions, section);
	return section;
}

/** An interface description. */
export function readInterface(body: BlockBody, index: number): KnownInterface {
	atLeast(body, 8);
	const { view, little, start } = body;
	const snapLength = view.getUint32(start + 4, little);
	const description: FileInterface = {
		index,
		link: linkOf(view.getUint16(start, little)),
		...(snapLength === 0 ? {} : { snapLength }),
	};
	options(body, start + 8, interfaceOptions, description);
	const { resolution = microseconds, timestampOffset = 0 } = description;
	return { description, clock: new Clock(resolution, timestampOffset) };
}

/** An enhanced packet. */
export function readEnhanced(body: BlockBody, interfaces: readonly KnownInterface[]): FilePacket {
	const { view, little, start } = body;
	atLeast(body, 20);
	const { description, clock } = known(body, interfaces, view.getUint32(start, little));
	const captured = view.getUint32(start + 12, little);
	clock.split(view.getUint32(start + 4, little), view.getUint32(start + 8, little));
	const packet: FilePacket = {
		bytes: packetBytes(body, start + 20, captured),
		length: view.getUint32(start + 16, little),
		seconds: clock.seconds,
		nanoseconds: clock.nanoseconds,
		link: description.link,
		interface: description,
	};
	const next = start + 20 + captured + (-captured & 3);
	if (next < body.end) packetMembers(body, next, packet);
	return packet;
}

/** An obsolete packet. */
export function readObsolete(body: BlockBody, interfaces: readonly KnownInterface[]): FilePacket {
	const { view, little, start } = body;
	atLeast(body, 20);
	const { description, clock } = known(body, interfaces, view.getUint16(start, little));
	const captured = view.getUint32(start + 12, little);
	const dropCount = view.getUint16(start + 2, little);
	clock.split(view.getUint32(start + 4, little), view.getUint32(start + 8, little));
	const packet: FilePacket = {
		bytes: packetBytes(body, start + 20, captured),
		length: view.getUint32(start + 16, little),
		seconds: clock.seconds,
		nanoseconds: clock.nanoseconds,
		link: description.link,
		interface: description,
		// All bits mean that it is not known.
		...(dropCount === 0xffff ? {} : { dropCount }),
	};
	const next = start + 20 + captured + (-captured & 3);
	if (next < body.end) packetMembers(body, next, packet);
	return packet;
}

/** A simple packet. */
export function readSimple(body: BlockBody, interfaces: readonly KnownInterface[]): FilePacket {
	atLeast(body, 4);
	const { description } = known(body, interfaces, 0);
	const length = body.view.getUint32(body.start, body.little);
	const captured = simpleLength(length, description.snapLength);
	return {
		bytes: packetBytes(body, body.start + 4, captured),
		length,
		seconds: 0,
		nanoseconds: 0,
		link: description.link,
		interface: description,
		simple: true,
	};
}

/** How many bytes of a packet a simple packet block has. */
export function simpleLength(length: number, snapLength = 0): number {
	return snapLength > 0 && snapLength < length ? snapLength : length;
}

/** The bytes of a packet, which are not copied. */
export function packetBytes(body: BlockBody, start: number, captured: number): Uint8Array {
	const { bytes, end } = body;
	if (captured > end - start)
		body.fail(`it says ${captured} bytes of a packet, and ${end - start} are in it`);
	return new Uint8Array(bytes.buffer, bytes.byteOffset + start, captured);
}

function packetMembers(body: BlockBody, start: number, packet: FilePacket): void {
	options(body, start, packetOptions, packet);
	const direction = packet.flags === undefined ? undefined : directionOf(packet.flags);
	if (direction !== undefined) (packet as { direction?: Direction }).direction = direction;
}

const receptions: readonly (Direction | undefined)[] = [
	undefined,
	"in",
	"multicast",
	"broadcast",
	"otherhost",
];

/** The direction in flags: the kind of address tells more than that it came in. */
function directionOf(flags: number): Direction | undefined {
	if ((flags & 3) === 2) return "out";
	return receptions[(flags >>> 2) & 7] ?? ((flags & 3) === 1 ? "in" : undefined);
}

/** The flags that say a direction. */
export function flagsOf(direction: Direction): number {
	return direction === "out" ? 2 : 1 | (receptions.indexOf(direction) << 2);
}

/** Interface statistics. */
export function readStatistics(body: BlockBody, interfaces: readonly KnownInterface[]): InterfaceStatistics {
	atLeast(body, 12);
	const { view, little, start } = body;
	const { description, clock } = known(body, interfaces, view.getUint32(start, little));
	clock.split(view.getUint32(start + 4, little), view.getUint32(start + 8, little));
	const { seconds, nanoseconds } = clock;
	const statistics = { interface: description.index, seconds, nanoseconds };
	options(body, start + 12, statisticsOptions, statistics);
	for (const name of ["begin", "end"]) {
		const members = statistics as Record<string, unknown>;
		const halves = members[name] as { high: number; low: number } | undefined;
		if (halves === undefined) continue;
		clock.split(halves.high, halves.low);
		members[name] = { seconds: clock.seconds, nanoseconds: clock.nanoseconds };
	}
	return statistics;
}

/** Name resolution: records, then options. */
export function readNames(body: BlockBody): NameResolution {
	const records: (NamedAddress | NameRecord)[] = [];
	const { bytes, view, little, end } = body;
	let at = body.start;
	for (;;) {
		if (end - at < 4) body.fail("its records have no end");
		const type = view.getUint16(at, little);
		const length = view.getUint16(at + 2, little);
		const from = at + 4;
		at = from + length + (-length & 3);
		if (at > end)
			body.fail(`a record of ${length} bytes is longer than the ${end - from} bytes that are left`);
		if (type === 0) break;
		records.push(readNameRecord(type, bytes.slice(from, from + length)));
	}
	const names: NameResolution = { records };
	options(body, at, nameOptions, names);
	return names;
}

/** Decryption secrets. */
export function readSecrets(body: BlockBody): DecryptionSecrets {
	atLeast(body, 8);
	const { bytes, view, little, start, end } = body;
	const length = view.getUint32(start + 4, little);
	if (length > end - start - 8) {
		body.fail(`it says ${length} bytes of secrets, and ${end - start - 8} are in it`);
	}
	const from = start + 8;
	const secrets: DecryptionSecrets = {
		secretsType: view.getUint32(start, little),
		secrets: bytes.slice(from, from + length),
	};
	options(body, from + length + (-length & 3), commentOptions, secrets);
	return secrets;
}

/** A custom block. */
export function readCustom(body: BlockBody, copyable: boolean): CustomData {
	atLeast(body, 4);
	const enterprise = body.view.getUint32(body.start, body.little);
	return { enterprise, copyable, data: body.bytes.slice(body.start + 4, body.end) };
}
