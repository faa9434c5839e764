/**
 * Control messages (cmsg(3)): the sizes, and the layout of the buffer that sendmsg(2) and recvmsg(2) take.
 * Bytes only; what a message means is not known here.
 *
 * struct cmsghdr on 64-bit Linux: size_t cmsg_len, which counts the header; int cmsg_level; int cmsg_type.
 * The data follow, padded to 8 bytes.
 */

/** One control message to be sent. */
export interface ControlMessage {
	/** The protocol that it belongs to: SOL_SOCKET, SOL_IP … */
	level: number;
	/** Its type within the level: SCM_RIGHTS, IP_PKTINFO … */
	type: number;
	data: Uint8Array;
}

/** One control message that arrived. The data are a copy. */
export interface ReceivedControl extends ControlMessage {
	data: Buffer;
}

const HEADER_SIZE = 16;
const ALIGNMENT = 8;
const TYPE_OFFSET = 12;
const LEVEL_OFFSET = 8;
/** No length in a control buffer may pass what a socklen_t holds for certain; Python has the same limit. */
const LIMIT = 0x7fffffff;

/** A length rounded up to the alignment of control messages, 8. No check is made. */
export function CMSG_ALIGN(length: number): number {
	return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/**
 * What a control message with `length` bytes of data occupies, without padding after it: the buffer size with
 * which recvmsg() takes exactly one such message. Python's socket.CMSG_LEN, CMSG_LEN of cmsg(3).
 * A RangeError for a negative length, or one over 2147483631.
 */
export function CMSG_LEN(length: number): number {
	checkLength("CMSG_LEN", length, LIMIT - HEADER_SIZE);
	return HEADER_SIZE + length;
}

/**
 * What a control message with `length` bytes of data occupies, with the padding after it: the sum over several
 * messages is the buffer size that takes them all. Python's socket.CMSG_SPACE, CMSG_SPACE of cmsg(3).
 * A RangeError for a negative length, or one over 2147483623.
 */
export function CMSG_SPACE(length: number): number {
	checkLength("CMSG_SPACE", length, LIMIT - HEADER_SIZE - ALIGNMENT);
	return HEADER_SIZE + CMSG_ALIGN(length);
}

/** The bytes of control buffer that the messages need. */
export function controlSize(messages: readonly ControlMessage[]): number {
	let size = 0;
	for (const message of messages) size += CMSG_SPACE(message.data.length);
	return size;
}

/**
 * Writes the messages one after another to the start of `target` and returns how many bytes they take, which is
 * `controlSize(messages)`; a RangeError when there is less room. Level and type are 32-bit integers.
 */
export function encodeControl(messages: readonly ControlMessage[], target: Buffer): number {
	const size = controlSize(messages);
	if (size > target.length) {
		throw new RangeError(`the control messages need ${size} bytes, the buffer has ${target.length}`);
	}
	let at = 0;
	for (const { level, type, data } of messages) {
		target.writeUInt32LE(HEADER_SIZE + data.length, at);
		target.writeUInt32LE(0, at + 4);
		target.writeInt32LE(level, at + LEVEL_OFFSET);
		target.writeInt32LE(type, at + TYPE_OFFSET);
		target.set(data, at + HEADER_SIZE);
		const end = at + HEADER_SIZE + data.length;
		at += HEADER_SIZE + CMSG_ALIGN(data.length);
		target.fill(0, end, at);
	}
	return size;
}

/**
 * The messages in the first `length` bytes of a control buffer that recvmsg(2) filled.
 *
 * As in Python's recvmsg(), a message whose data are cut off keeps what arrived and is the last; a header that
 * is itself cut off, or says less than its own size, ends the list. A last message whose padding alone is cut
 * off counts as whole: not every CMSG_NXTHDR() returns it, but it may hold descriptors that must be closed.
 * Nothing throws, whatever the bytes are.
 */
export function decodeControl(control: Buffer, length: number): ReceivedControl[] {
	const messages: ReceivedControl[] = [];
	const end = Math.min(length, control.length);
	let at = 0;
	while (at + HEADER_SIZE <= end) {
		const size = control.readUInt32LE(at) + control.readUInt32LE(at + 4) * 2 ** 32;
		if (size < HEADER_SIZE) break;
		messages.push({
			level: control.readInt32LE(at + LEVEL_OFFSET),
			type: control.readInt32LE(at + TYPE_OFFSET),
			data: Buffer.from(control.subarray(at + HEADER_SIZE, Math.min(at + size, end))),
		});
		at += CMSG_ALIGN(size);
	}
	return messages;
}

/**
 * Where the data of the first message of a kind stand in the first `length` bytes of a control buffer, when
 * there are at least `size` of them; -1 otherwise. For what is asked of every datagram: nothing is copied.
 */
export function findControl(
	control: Buffer,
	length: number,
	level: number,
	type: number,
	size: number,
): number {
	const end = Math.min(length, control.length);
	let at = 0;
	while (at + HEADER_SIZE <= end) {
		const whole = control.readUInt32LE(at);
		if (whole < HEADER_SIZE || control.readUInt32LE(at + 4) !== 0) return -1;
		if (control.readInt32LE(at + LEVEL_OFFSET) === level && control.readInt32LE(at + TYPE_OFFSET) === type) {
			return Math.min(whole, end - at) >= HEADER_SIZE + size ? at + HEADER_SIZE : -1;
		}
		at += CMSG_ALIGN(whole);
	}
	return -1;
}

function checkLength(name: string, length: number, limit: number): void {
	if (!Number.isInteger(length)) {
		throw new TypeError(`${name}: the length must be an integer, not ${String(length)}`);
	}
	if (length < 0 || length > limit) {
		throw new RangeError(`${name}: the length must be 0 to ${limit}, not ${length}`);
	}
}
