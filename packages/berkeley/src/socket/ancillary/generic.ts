/**
 * The ancillary messages of SOL_SOCKET (unix(7), socket(7)), sorted by name.
 */
import { kindOf } from "../../address/bytes.js";
import { SOL_IP, SOL_SOCKET } from "../../sys/linux/constants/levels.js";
import {
	SCM_CREDENTIALS,
	SCM_INQ,
	SCM_PIDFD,
	SCM_RIGHTS,
	SCM_SECURITY,
	SCM_TIMESTAMP,
	SCM_TIMESTAMPING,
	SCM_TIMESTAMPNS,
	SCM_TS_OPT_ID,
	SCM_TXTIME,
	SCM_WIFI_STATUS,
} from "../../sys/linux/constants/scm.js";
import {
	SO_MARK,
	SO_PRIORITY,
	SO_RXQ_OVFL,
	SO_TIMESTAMP_NEW,
	SO_TIMESTAMPING_NEW,
	SO_TIMESTAMPNS_NEW,
} from "../../sys/linux/constants/so.js";
import { checked, checkFields, int32, type Kind, type SendableKind, uint32 } from "./codec.js";
import {
	decodeTimespec,
	decodeTimestamping,
	decodeTimeval,
	type Timestamp,
	type Timestamps,
} from "./timestamps.js";

/** Who sent a message (struct ucred). The kernel vouches for it. */
export interface Credentials {
	/** The process; 0 when it is of another PID namespace. */
	pid: number;
	/** The user. */
	uid: number;
	/** The group. */
	gid: number;
}

/** A descriptor, or what has one: a Socket, or any object with `fileno()`. */
export type DescriptorInput =
	| number
	| {
			/** The number of the open descriptor. */
			fileno(): number;
	  };

type Level = typeof SOL_SOCKET;

/** The kinds of SOL_SOCKET. */
export interface GenericKinds {
	/** Who sent the message; received with SO_PASSCRED. To send another's needs privileges. */
	SCM_CREDENTIALS: SendableKind<Level, typeof SCM_CREDENTIALS, Credentials>;
	/** How many bytes of a Unix stream are still to be read; received with SO_INQ (Linux 6.17). */
	SCM_INQ: Kind<Level, typeof SCM_INQ, number>;
	/** A pidfd of the sender, received with SO_PASSPIDFD; a negative errno where it could not be made. */
	SCM_PIDFD: Kind<Level, typeof SCM_PIDFD, number>;
	/** Descriptors, at most 253 a message. Those received belong to the receiver, who closes them. */
	SCM_RIGHTS: SendableKind<Level, typeof SCM_RIGHTS, number[], readonly DescriptorInput[]>;
	/** The security label (SELinux context) of the sender; received with SO_PASSSEC, or IP_PASSSEC at SOL_IP. */
	SCM_SECURITY: Kind<Level, typeof SCM_SECURITY, string>;
	/** When a packet arrived, in microseconds; received with SO_TIMESTAMP. */
	SCM_TIMESTAMP: Kind<Level, typeof SCM_TIMESTAMP, Timestamp>;
	/**
	 * When a packet arrived or was sent; received with SO_TIMESTAMPING. What is sent is a mask of
	 * SOF_TIMESTAMPING_TX_* flags that asks for timestamps of this one packet.
	 */
	SCM_TIMESTAMPING: SendableKind<Level, typeof SCM_TIMESTAMPING, Timestamps, number>;
	/** When a packet arrived; received with SO_TIMESTAMPNS. */
	SCM_TIMESTAMPNS: Kind<Level, typeof SCM_TIMESTAMPNS, Timestamp>;
	/** The key that the transmit timestamp of this packet is to bear; only sent (Linux 6.13). */
	SCM_TS_OPT_ID: SendableKind<Level, typeof SCM_TS_OPT_ID, number>;
	/** When a packet is to be sent, in nanoseconds on the clock that SO_TXTIME chose (tc-etf(8)). */
	SCM_TXTIME: SendableKind<Level, typeof SCM_TXTIME, bigint, bigint | number>;
	/** Whether the peer acknowledged the 802.11 frame: 1 or 0; received with SO_WIFI_STATUS. */
	SCM_WIFI_STATUS: Kind<Level, typeof SCM_WIFI_STATUS, number>;
	/** The firewall mark; received with SO_RCVMARK. To send one needs CAP_NET_RAW or CAP_NET_ADMIN. */
	SO_MARK: SendableKind<Level, typeof SO_MARK, number>;
	/** The queueing priority; received with SO_RCVPRIORITY, sent on Linux 6.14 and later. */
	SO_PRIORITY: SendableKind<Level, typeof SO_PRIORITY, number>;
	/** How many packets the socket has dropped since it was made; received with SO_RXQ_OVFL. */
	SO_RXQ_OVFL: Kind<Level, typeof SO_RXQ_OVFL, number>;
}

const MAX_DESCRIPTORS = 253;
const MAX_INT = 0x7fffffff;
const MAX_ID = 0xffffffff;

export const genericKinds: GenericKinds = {
	SCM_CREDENTIALS: {
		level: SOL_SOCKET,
		type: SCM_CREDENTIALS,
		decode(data) {
			if (data.length < 12) return undefined;
			return { pid: data.readInt32LE(0), uid: data.readUInt32LE(4), gid: data.readUInt32LE(8) };
		},
		encode(value) {
			checkFields(value, "SCM_CREDENTIALS", "pid, uid, gid");
			const { pid, uid, gid } = value;
			const data = Buffer.alloc(12);
			data.writeInt32LE(checked("SCM_CREDENTIALS: pid", pid, 0, MAX_INT), 0);
			data.writeUInt32LE(checked("SCM_CREDENTIALS: uid", uid, 0, MAX_ID), 4);
			data.writeUInt32LE(checked("SCM_CREDENTIALS: gid", gid, 0, MAX_ID), 8);
			return data;
		},
	},
	SCM_INQ: { level: SOL_SOCKET, type: SCM_INQ, decode: int32("SCM_INQ").decode },
	SCM_PIDFD: { level: SOL_SOCKET, type: SCM_PIDFD, decode: int32("SCM_PIDFD").decode },
	SCM_RIGHTS: { level: SOL_SOCKET, type: SCM_RIGHTS, decode: decodeRights, encode: encodeRights },
	SCM_SECURITY: {
		level: SOL_SOCKET,
		type: SCM_SECURITY,
		also: [[SOL_IP, SCM_SECURITY]],
		decode: (data) => data.toString().replace(/\0+$/, ""),
	},
	SCM_TIMESTAMP: {
		level: SOL_SOCKET,
		type: SCM_TIMESTAMP,
		also: [[SOL_SOCKET, SO_TIMESTAMP_NEW]],
		decode: decodeTimeval,
	},
	SCM_TIMESTAMPING: {
		level: SOL_SOCKET,
		type: SCM_TIMESTAMPING,
		also: [[SOL_SOCKET, SO_TIMESTAMPING_NEW]],
		decode: decodeTimestamping,
		encode: uint32("SCM_TIMESTAMPING: the mask of SOF_TIMESTAMPING_TX_* flags").encode,
	},
	SCM_TIMESTAMPNS: {
		level: SOL_SOCKET,
		type: SCM_TIMESTAMPNS,
		also: [[SOL_SOCKET, SO_TIMESTAMPNS_NEW]],
		decode: decodeTimespec,
	},
	SCM_TS_OPT_ID: { level: SOL_SOCKET, type: SCM_TS_OPT_ID, ...uint32("SCM_TS_OPT_ID") },
	SCM_TXTIME: {
		level: SOL_SOCKET,
		type: SCM_TXTIME,
		decode: (data) => (data.length < 8 ? undefined : data.readBigUInt64LE(0)),
		encode: encodeTxtime,
	},
	SCM_WIFI_STATUS: { level: SOL_SOCKET, type: SCM_WIFI_STATUS, decode: int32("SCM_WIFI_STATUS").decode },
	SO_MARK: { level: SOL_SOCKET, type: SO_MARK, ...uint32("SO_MARK") },
	SO_PRIORITY: { level: SOL_SOCKET, type: SO_PRIORITY, ...uint32("SO_PRIORITY") },
	SO_RXQ_OVFL: { level: SOL_SOCKET, type: SO_RXQ_OVFL, decode: uint32("SO_RXQ_OVFL").decode },
};

/** The descriptors in the data of an SCM_RIGHTS message; of a message that was cut off, those that are whole. */
export function decodeRights(data: Buffer): number[] {
	const descriptors: number[] = [];
	for (let at = 0; at + 4 <= data.length; at += 4) descriptors.push(data.readInt32LE(at));
	return descriptors;
}

function encodeRights(value: readonly DescriptorInput[]): Buffer {
	if (!Array.isArray(value)) {
		throw new TypeError(`SCM_RIGHTS must be an array of descriptors, not ${kindOf(value)}`);
	}
	if (value.length > MAX_DESCRIPTORS) {
		throw new RangeError(`SCM_RIGHTS takes at most ${MAX_DESCRIPTORS} descriptors, not ${value.length}`);
	}
	const data = Buffer.alloc(4 * value.length);
	value.forEach((entry: DescriptorInput, index) => {
		data.writeInt32LE(descriptorOf(entry, `SCM_RIGHTS[${index}]`), 4 * index);
	});
	return data;
}

function descriptorOf(entry: DescriptorInput, what: string): number {
	if (typeof entry === "number") return checked(what, entry, 0, MAX_INT);
	if (typeof entry !== "object" || entry === null || typeof entry.fileno !== "function") {
		throw new TypeError(`${what} must be a descriptor or an object with fileno(), not ${kindOf(entry)}`);
	}
	const descriptor = entry.fileno();
	if (descriptor === -1) throw new RangeError(`${what} is closed: its fileno() is -1`);
	return checked(`${what}.fileno()`, descriptor, 0, MAX_INT);
}

function encodeTxtime(value: bigint | number): Buffer {
	if (typeof value !== "bigint" && !Number.isSafeInteger(value)) {
		throw new TypeError(`SCM_TXTIME must be nanoseconds as a bigint or a safe integer, not ${String(value)}`);
	}
	const time = BigInt(value);
	if (time < 0n || time >= 1n << 64n) {
		throw new RangeError(`SCM_TXTIME must be 0 to 18446744073709551615 nanoseconds, not ${time}`);
	}
	const data = Buffer.alloc(8);
	data.writeBigUInt64LE(time);
	return data;
}
