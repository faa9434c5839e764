/**
 * sendmsg(2) and recvmsg(2) as operations.
 */

import { checkInteger } from "../../address/bytes.js";
import type { Address } from "../../address/types.js";
import { checkFlags, checkSize, checkSteady, sizeOf } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { type ControlMessage, controlSize, decodeControl, encodeControl } from "../../sys/cmsg.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { MSG_CMSG_CLOEXEC, MSG_NOSIGNAL, MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import { NativeMemory } from "../../sys/memory.js";
import { MessageHeader } from "../../sys/msghdr.js";
import { decodeSockaddr, encodeSockaddr, sockaddrCapacity } from "../../sys/sockaddr.js";
import { recvmsg, sendmsg } from "../../sys/transfer.js";
import { type AncillaryMessage, decodeAncillary } from "../ancillary.js";
import {
	charge,
	FOR_WRITING,
	type Operation,
	outcome,
	type Quota,
	type Unfinished,
	within,
} from "../operation.js";
import { largestSlab, slabOf } from "../scratch.js";
import { chargeReceived, endOf, mustNotWait, receivingNeed } from "./receive.js";
import { addressedNeed } from "./send.js";

const header = new MessageHeader();

/** What recvmsg() gives. */
export interface ReceivedMessage<A extends Address = Address> {
	/** The data, at most the size that was asked for; empty at the end of a stream. */
	data: Buffer;
	/** The control messages. Descriptors among them belong to the receiver, who must close them. */
	ancillary: AncillaryMessage[];
	/** MSG_TRUNC: the datagram was longer. MSG_CTRUNC: control messages are missing. MSG_EOR, MSG_OOB … */
	flags: number;
	/** Who sent it. Undefined where the kernel names nobody, as on a connected stream. */
	address: A;
}

/** What recvmsgInto() gives. */
export interface ReceivedInto<A extends Address = Address> extends Omit<ReceivedMessage<A>, "data"> {
	/** How many bytes arrived in the buffers. */
	size: number;
}

/** Calls with native memory for `size` bytes: the thread's slab, or memory of its own when that is too small. */
function withMemory<T>(size: number, call: (memory: NativeMemory) => T): T {
	if (size <= largestSlab) return call(slabOf(size));
	const own = new NativeMemory(size);
	try {
		return call(own);
	} finally {
		own.free();
	}
}

/**
 * Sends the parts as one message. On a stream socket the kernel may take a part of it.
 * @param whole whether all must go out at once: false for a stream
 * @param address numeric by now; undefined on a connected socket
 */
export function sendMessage(
	parts: readonly Uint8Array[],
	control: readonly ControlMessage[],
	flags: number,
	whole: boolean,
	family: number,
	address: Address | undefined,
): Operation<number> {
	checkFlags("sendmsg", flags);
	const total = checkSize("sendmsg: the length of all buffers", sumOf(parts));
	const size = whole ? total : Math.min(total, largestSlab);
	const room = controlSize(control);
	return {
		syscall: "sendmsg",
		address,
		need: address === undefined ? FOR_WRITING : addressedNeed(family),
		dontWait: mustNotWait(flags),
		// Addresses of typed arrays must not stand in a struct, so the data is gathered in native memory.
		attempt: (fd, quota) =>
			withMemory(size, (memory) => {
				// What is missing would be filled up with what stood in the slab, and be sent.
				checkSteady("sendmsg", sumOf(parts), total);
				gather(parts, memory.bytes.subarray(0, size));
				const length = address === undefined ? 0 : encodeSockaddr(family, address, header.name);
				if (length < 0) throw socketError("sendmsg", length, { address });
				header.setName(length);
				header.setIov(0, memory.address, within(quota, size));
				header.setIovCount(1);
				header.setControl(room);
				if (room > 0) encodeControl(control, header.control);
				header.setFlags(0);
				const count = sendmsg(fd, header.address, flags | MSG_NOSIGNAL);
				charge(quota, count);
				return outcome("sendmsg", count, address);
			}),
	};
}

function gather(parts: readonly Uint8Array[], target: Buffer): void {
	let at = 0;
	for (const part of parts) {
		const room = target.byteLength - at;
		if (room <= 0) return;
		const length = sizeOf(part);
		target.set(length > room ? part.subarray(0, room) : part, at);
		at += length;
	}
}

/** A message of at most `size` bytes, with at most `controlSize` bytes of control messages. */
export function receiveMessage(
	size: number,
	controlSize: number,
	flags: number,
	family: number,
	stream: boolean,
): Operation<ReceivedMessage> {
	checkSize("recvmsg: size", size);
	checkControlSize(controlSize);
	checkFlags("recvmsg", flags);
	return {
		syscall: "recvmsg",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, stream, () => ({ data: Buffer.alloc(0), ...nothing() }) as ReceivedMessage),
		attempt: (fd, quota) =>
			withMemory(size, (memory) => {
				const count = receiveHeader(fd, memory, size, controlSize, flags, family, quota);
				if (typeof count === "symbol") return count;
				const data = Buffer.from(memory.bytes.subarray(0, Math.min(count, size)));
				return { data, ...received() } as ReceivedMessage;
			}),
	};
}

/** A message that fills the targets one after another. */
export function receiveMessageInto(
	targets: readonly Uint8Array[],
	controlSize: number,
	flags: number,
	family: number,
	stream: boolean,
): Operation<ReceivedInto> {
	const size = checkSize("recvmsgInto: the length of all buffers", sumOf(targets));
	checkControlSize(controlSize);
	checkFlags("recvmsgInto", flags);
	return {
		syscall: "recvmsg",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, stream, () => ({ size: 0, ...nothing() }) as ReceivedInto),
		attempt: (fd, quota) =>
			withMemory(size, (memory) => {
				checkSteady("recvmsgInto", sumOf(targets), size);
				const count = receiveHeader(fd, memory, size, controlSize, flags, family, quota);
				if (typeof count === "symbol") return count;
				scatter(memory.bytes.subarray(0, Math.min(count, size)), targets);
				return { size: count, ...received() } as ReceivedInto;
			}),
	};
}

function scatter(data: Buffer, targets: readonly Uint8Array[]): void {
	let at = 0;
	for (const target of targets) {
		const part = data.subarray(at, at + sizeOf(target));
		Uint8Array.prototype.set.call(target, part);
		at += part.byteLength;
	}
}

function receiveHeader(
	fd: number,
	memory: NativeMemory,
	size: number,
	controlSize: number,
	flags: number,
	family: number,
	quota: Quota | undefined,
): number | Unfinished {
	// With MSG_TRUNC TCP stores nothing: what stood in the thread's slab must not be taken for data.
	if (flags & MSG_TRUNC) memory.bytes.fill(0, 0, size);
	header.setName(sockaddrCapacity);
	header.setIov(0, memory.address, within(quota, size));
	header.setIovCount(1);
	header.setControl(controlSize);
	header.setFlags(0);
	// Only Unix sockets carry descriptors, and packet sockets answer EINVAL to the flag.
	const closeOnExec = family === AF_UNIX ? MSG_CMSG_CLOEXEC : 0;
	const count = recvmsg(fd, header.address, flags | closeOnExec);
	chargeReceived(quota, count, flags);
	return outcome("recvmsg", count);
}

function nothing(): ReturnType<typeof received> {
	return { ancillary: [], flags: 0, address: undefined };
}

function received(): { ancillary: AncillaryMessage[]; flags: number; address: Address | undefined } {
	return {
		ancillary: decodeAncillary(decodeControl(header.control, header.controlLength)),
		// The kernel gives MSG_CMSG_CLOEXEC back, which nobody asked for.
		flags: header.flags & ~MSG_CMSG_CLOEXEC,
		address: decodeSockaddr(header.name, Math.min(header.nameLength, sockaddrCapacity)),
	};
}

function checkControlSize(size: number): void {
	// No message carries more than net.core.optmem_max, 128 KiB as a rule; and the room is kept.
	checkInteger(size, 0, 0x100000, "recvmsg: the size for control messages");
}

function sumOf(parts: readonly Uint8Array[]): number {
	return parts.reduce((sum, part) => sum + sizeOf(part), 0);
}
