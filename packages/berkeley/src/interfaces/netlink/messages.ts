/**
 * Netlink messages, struct nlmsghdr (netlink(7)): a request is written, and what arrives is taken apart. A message
 * that claims more bytes than there are ends the reading.
 */
import {
	NLM_F_ACK_TLVS,
	NLM_F_CAPPED,
	NLMSG_HDRLEN,
	NLMSGERR_ATTR_MSG,
} from "../../sys/linux/constants/netlink.js";
import { Attributes } from "./attributes.js";

const align = 4;

/** A received message. */
export interface NetlinkMessage {
	type: number;
	flags: number;
	sequence: number;
	/** What follows the header, a part of what was received and valid as long as that. */
	body: Buffer;
}

/** The bytes of a request. */
export function encodeMessage(type: number, flags: number, sequence: number, body: Uint8Array): Buffer {
	const bytes = Buffer.alloc(NLMSG_HDRLEN + body.length);
	bytes.writeUInt32LE(bytes.length, 0);
	bytes.writeUInt16LE(type, 4);
	bytes.writeUInt16LE(flags, 6);
	bytes.writeUInt32LE(sequence, 8);
	bytes.set(body, NLMSG_HDRLEN);
	return bytes;
}

/** The messages of a datagram; the first that is broken ends them. */
export function* messagesOf(datagram: Buffer): Generator<NetlinkMessage> {
	for (let at = 0; at + NLMSG_HDRLEN <= datagram.length; ) {
		const length = datagram.readUInt32LE(at);
		if (length < NLMSG_HDRLEN || at + length > datagram.length) return;
		yield {
			type: datagram.readUInt16LE(at + 4),
			flags: datagram.readUInt16LE(at + 6),
			sequence: datagram.readUInt32LE(at + 8),
			body: datagram.subarray(at + NLMSG_HDRLEN, at + length),
		};
		at += (length + align - 1) & ~(align - 1);
	}
}

/** What the kernel says in a message of type NLMSG_ERROR or NLMSG_DONE: 0 or the negative errno, and why. */
export interface Verdict {
	result: number;
	/** The kernel's own words, where it has any: "FIB table does not exist". */
	reason?: string;
}

/** Reads the body of NLMSG_ERROR. Without even an errno it is 0. */
export function decodeError({ flags, body }: NetlinkMessage): Verdict {
	const result = body.length >= 4 ? body.readInt32LE(0) : 0;
	if ((flags & NLM_F_ACK_TLVS) === 0 || body.length < 4 + NLMSG_HDRLEN) return { result };
	// The header of the request follows, and the rest of the request unless it was left out.
	const quoted = flags & NLM_F_CAPPED ? NLMSG_HDRLEN : Math.max(body.readUInt32LE(4), NLMSG_HDRLEN);
	return { result, ...reasonOf(body, 4 + Math.ceil(quoted / align) * align) };
}

/** Reads the body of NLMSG_DONE. */
export function decodeDone({ flags, body }: NetlinkMessage): Verdict {
	const result = body.length >= 4 ? body.readInt32LE(0) : 0;
	return flags & NLM_F_ACK_TLVS ? { result, ...reasonOf(body, 4) } : { result };
}

function reasonOf(body: Buffer, start: number): { reason?: string } {
	const reason = new Attributes(body, start).text(NLMSGERR_ATTR_MSG);
	return reason === undefined ? {} : { reason };
}
