/**
 * Ancillary messages, what sendmsg() and recvmsg() carry beside the data: the types that users see, and the way
 * between those and the bytes. What each kind means is in the tables of `ancillary/`, one file a level.
 */
import { checkInteger, isBytes, kindOf } from "../address/bytes.js";
import type { ControlMessage, ReceivedControl } from "../sys/cmsg.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { SCM_PIDFD, SCM_RIGHTS } from "../sys/linux/constants/scm.js";
import type { Kind, SendableKind } from "./ancillary/codec.js";
import { decodeRights, type GenericKinds, genericKinds } from "./ancillary/generic.js";
import { type InetKinds, inetKinds } from "./ancillary/ip.js";
import { type Inet6Kinds, inet6Kinds } from "./ancillary/ipv6.js";
import { type PacketKinds, packetKinds } from "./ancillary/packet.js";
import { type TransportKinds, transportKinds } from "./ancillary/transport.js";

export type { ExtendedError } from "./ancillary/extended-error.js";
export type { Credentials, DescriptorInput } from "./ancillary/generic.js";
export type { Inet4PacketInfo, Inet4PacketInfoInput } from "./ancillary/ip.js";
export type { Inet6PacketInfo, Inet6PacketInfoInput, PathMtu } from "./ancillary/ipv6.js";
export type { PacketAuxdata } from "./ancillary/packet.js";
export type { Timestamp, Timestamps } from "./ancillary/timestamps.js";

type Kinds = GenericKinds & InetKinds & Inet6Kinds & TransportKinds & PacketKinds;

/** The names of the kinds whose values are decoded: "SCM_RIGHTS", "IP_PKTINFO" … */
export type AncillaryName = keyof Kinds;

/** The decoded value of a kind: `AncillaryValue<"IP_TTL">` is a number. */
export type AncillaryValue<Name extends AncillaryName> =
	Kinds[Name] extends Kind<number, number, infer Value> ? Value : never;

/** A received message of a known kind. */
export interface KnownAncillaryMessage<Name extends AncillaryName> {
	/** The level: SOL_SOCKET, IPPROTO_IP … */
	level: number;
	/** The type within its level: SCM_RIGHTS, IP_TTL … */
	type: number;
	/** The bytes that arrived. */
	data: Buffer;
	/** The kind. */
	name: Name;
	/** What the data mean; left out where they are too short, because the message was cut off (MSG_CTRUNC). */
	value?: AncillaryValue<Name>;
}

/** A received message of a kind that is not decoded. It has neither `name` nor `value`. */
export interface UnknownAncillaryMessage {
	/** The level: SOL_SOCKET, IPPROTO_IP … */
	level: number;
	/** The type within its level: SCM_RIGHTS, IP_TTL … */
	type: number;
	/** The bytes that arrived. */
	data: Buffer;
	/** Absent, which tells such a message from one of a known kind. */
	name?: undefined;
	/** Absent: only the bytes are known. */
	value?: undefined;
}

/**
 * A message that recvmsg() received. `message.name === "SCM_RIGHTS"` makes `message.value` an array of
 * descriptors. It can be given to sendmsg() as it is.
 */
export type AncillaryMessage =
	| { [Name in AncillaryName]: KnownAncillaryMessage<Name> }[AncillaryName]
	| UnknownAncillaryMessage;

/** A message to be sent whose bytes are given; a string stands for its UTF-8. */
export interface AncillaryBytesInput {
	/** The level: SOL_SOCKET, IPPROTO_IP … */
	level: number;
	/** The type within its level: SCM_RIGHTS, IP_TTL … */
	type: number;
	/** The bytes, without the header (struct cmsghdr). */
	data: Uint8Array | string;
	/** Not looked at: it may be there because the message was received. */
	name?: string | undefined;
	/** Not looked at: to send another value than was received, leave `data` out. */
	value?: unknown;
}

type ValueInput<K> =
	K extends SendableKind<infer Level, infer Type, infer _Value, infer Input>
		? { level: Level; type: Type; value: Input; name?: string | undefined; data?: undefined }
		: never;

/** A message to be sent whose value is given, for the kinds that the library can encode. */
export type AncillaryValueInput = { [Name in AncillaryName]: ValueInput<Kinds[Name]> }[AncillaryName];

/**
 * A message for sendmsg(): `{ level, type, data }` with its bytes, or `{ level, type, value }`, where the type of
 * the value follows from level and type. Where both are present, as in a received message, the data are sent
 * and the value is not looked at: the bytes are exact, and a value may be less than them.
 */
export type AncillaryInput = AncillaryBytesInput | AncillaryValueInput;

interface Entry {
	name: string;
	decode(data: Buffer): unknown;
	encode?(value: unknown): Uint8Array;
	also?: readonly (readonly [level: number, type: number])[];
}

const entries = new Map<number, Map<number, Entry>>();

for (const kinds of [genericKinds, inetKinds, inet6Kinds, transportKinds, packetKinds]) {
	for (const [name, kind] of Object.entries(kinds) as [string, Omit<Entry, "name"> & ControlMessage][]) {
		const entry: Entry = { ...kind, name };
		for (const [level, type] of [[kind.level, kind.type] as const, ...(kind.also ?? [])]) {
			const types = entries.get(level) ?? new Map<number, Entry>();
			entries.set(level, types.set(type, entry));
		}
	}
}

/** Names the messages that arrived and decodes their values. Nothing throws, whatever the bytes are. */
export function decodeAncillary(raw: readonly ReceivedControl[]): AncillaryMessage[] {
	return raw.map(({ level, type, data }) => {
		const entry = entries.get(level)?.get(type);
		if (entry === undefined) return { level, type, data };
		const { name } = entry;
		const value = entry.decode(data);
		return (
			value === undefined ? { level, type, data, name } : { level, type, data, name, value }
		) as AncillaryMessage;
	});
}

/**
 * The bytes of the messages that a user wants to be sent.
 * A TypeError or RangeError when a level or type is no 32-bit integer, when there is neither data nor value,
 * when a value does not fit its kind, or when the kind of a value is unknown or only received.
 */
export function encodeAncillary(input: readonly AncillaryInput[]): ControlMessage[] {
	if (!Array.isArray(input)) {
		throw new TypeError(`ancillary messages must be an array of { level, type, data }, not ${kindOf(input)}`);
	}
	return input.map((message: AncillaryInput) => {
		if (typeof message !== "object" || message === null) {
			throw new TypeError(`an ancillary message must be { level, type, data }, not ${kindOf(message)}`);
		}
		const { level, type, data, value } = message;
		checkInteger(level, -0x80000000, 0x7fffffff, "an ancillary message's level");
		checkInteger(type, -0x80000000, 0x7fffffff, "an ancillary message's type");
		if (data === undefined) return { level, type, data: encodeValue(level, type, value) };
		if (typeof data === "string") return { level, type, data: Buffer.from(data) };
		// A copy: the message may wait to be sent, and its room is measured only once.
		if (isBytes(data)) return { level, type, data: Buffer.from(new Uint8Array(data).buffer) };
		throw new TypeError(`an ancillary message's data must be a Uint8Array or a string, not ${kindOf(data)}`);
	});
}

/**
 * Every descriptor that arrived, in SCM_RIGHTS and SCM_PIDFD messages. They belong to this process from the
 * moment recvmsg(2) returned: whoever receives closes those that are not handed on.
 */
export function descriptorsIn(raw: readonly ReceivedControl[]): number[] {
	const descriptors: number[] = [];
	for (const { level, type, data } of raw) {
		if (level !== SOL_SOCKET || (type !== SCM_RIGHTS && type !== SCM_PIDFD)) continue;
		// In place of a pidfd that it cannot make the kernel gives a negative errno.
		for (const descriptor of decodeRights(data)) if (descriptor >= 0) descriptors.push(descriptor);
	}
	return descriptors;
}

function encodeValue(level: number, type: number, value: unknown): Uint8Array {
	const entry = entries.get(level)?.get(type);
	const what = entry === undefined ? "" : ` (${entry.name})`;
	const message = `the ancillary message of level ${level} and type ${type}${what}`;
	if (value === undefined) throw new TypeError(`${message} needs data or a value`);
	if (entry === undefined) throw new TypeError(`${message} is of no known kind: give its bytes as data`);
	if (entry.encode === undefined) {
		throw new TypeError(`${message} has no value that can be sent: give its bytes as data`);
	}
	return entry.encode(value);
}
