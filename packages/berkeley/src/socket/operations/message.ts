/**
 * sendmsg(2) and recvmsg(2) as operations.
 */

import { checkInteger } from "../../address/bytes.js";
import type { Address } from "../../address/types.js";
import { checkFlags, checkSize, checkSteady, sizeOf } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { type ControlMessage, controlSize, encodeControl } from "../../sys/cmsg.js";
import { MSG_NOSIGNAL } from "../../sys/linux/constants/msg.js";
import type { NativeMemory } from "../../sys/memory.js";
import { encodeSockaddr } from "../../sys/sockaddr.js";
import { sendmsg } from "../../sys/transfer.js";
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
import { largestSlab } from "../scratch.js";
import {
	type Beside,
	besideInHeader,
	header,
	hideOld,
	receiveHeader,
	scatter,
	withMemory,
} from "./messagecall.js";
import { chargeReceived, endOf, mustNotWait, ownMemory, receivingNeed } from "./receive.js";
import { addressedNeed } from "./send.js";
import { receiveAll, wantsAll } from "./waitall.js";
import { MessagePieces } from "./waitallmessage.js";

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
	if (stream && wantsAll(flags)) {
		const own = ownMemory(size, flags);
		const pieces = new MessagePieces("recvmsg", [own], controlSize, flags, family);
		const finish = (count: number) => ({ data: own.subarray(0, count), ...shown(pieces.beside) });
		return receiveAll("recvmsg", flags, pieces, finish);
	}
	return {
		syscall: "recvmsg",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, stream, () => ({ data: Buffer.alloc(0), ...shown(nothing) })),
		attempt: (fd, quota) =>
			withMemory(size, (memory) => {
				const count = receive(fd, memory, size, controlSize, flags, family, quota);
				if (typeof count === "symbol") return count;
				const data = Buffer.from(memory.bytes.subarray(0, Math.min(count, size)));
				return { data, ...shown(besideInHeader()) };
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
	if (stream && wantsAll(flags)) {
		const pieces = new MessagePieces("recvmsg", targets, controlSize, flags, family);
		return receiveAll("recvmsg", flags, pieces, (count) => ({ size: count, ...shown(pieces.beside) }));
	}
	return {
		syscall: "recvmsg",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, stream, () => ({ size: 0, ...shown(nothing) })),
		attempt: (fd, quota) =>
			withMemory(size, (memory) => {
				checkSteady("recvmsgInto", sumOf(targets), size);
				const count = receive(fd, memory, size, controlSize, flags, family, quota);
				if (typeof count === "symbol") return count;
				scatter(memory.bytes.subarray(0, Math.min(count, size)), targets);
				return { size: count, ...shown(besideInHeader()) };
			}),
	};
}

function receive(
	fd: number,
	memory: NativeMemory,
	size: number,
	controlSize: number,
	flags: number,
	family: number,
	quota: Quota | undefined,
): number | Unfinished {
	hideOld(memory, size, flags);
	const most = within(quota, size);
	const count = receiveHeader("recvmsg", fd, memory, most, controlSize, flags, family);
	chargeReceived(quota, count, flags);
	return count;
}

const nothing: Beside = { control: [], flags: 0, address: undefined };

/** What the user is given beside the data. */
function shown({ control, flags, address }: Beside): Omit<ReceivedInto<Address>, "size"> {
	return { ancillary: decodeAncillary(control), flags, address: address as Address };
}

function checkControlSize(size: number): void {
	// No message carries more than net.core.optmem_max, 128 KiB as a rule; and the room is kept.
	checkInteger(size, 0, 0x100000, "recvmsg: the size for control messages");
}

function sumOf(parts: readonly Uint8Array[]): number {
	return parts.reduce((sum, part) => sum + sizeOf(part), 0);
}
