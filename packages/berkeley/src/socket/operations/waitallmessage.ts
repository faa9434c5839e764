/**
 * MSG_WAITALL with what comes beside the data. The kernel, where it waits itself, puts together what belongs
 * together: nothing behind descriptors (unix(7)), and with SO_PASSCRED nothing of another sender. So do we.
 */
import { checkSteady, sizeOf } from "../../arguments.js";
import { CMSG_SPACE, decodeControl, type ReceivedControl } from "../../sys/cmsg.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../../sys/linux/constants/levels.js";
import { MSG_CTRUNC, MSG_EOR, MSG_PEEK } from "../../sys/linux/constants/msg.js";
import { IPPROTO_TCP } from "../../sys/linux/constants/protocols.js";
import { SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS } from "../../sys/linux/constants/scm.js";
import { SO_PASSCRED } from "../../sys/linux/constants/so.js";
import { NativeMemory } from "../../sys/memory.js";
import { getsockopt } from "../../sys/sockets.js";
import type { Unfinished } from "../operation.js";
import { largestSlab, slabOf } from "../scratch.js";
import { type Beside, besideInHeader, header, hideOld, receiveHeader, scatter } from "./messagecall.js";
import type { Pieces } from "./waitall.js";

// struct ucred, three ints, is the first of the control messages, where the socket asks for it.
const credentialsRoom = CMSG_SPACE(12);

const option = new NativeMemory(8);

function passesCredentials(fd: number): boolean {
	option.view.setInt32(4, 4, true);
	const result = getsockopt(fd, SOL_SOCKET, SO_PASSCRED, option.address, option.address + 4);
	return result === 0 && option.view.getInt32(0, true) !== 0;
}

/** Pieces that come by recvmsg(2). */
export class MessagePieces implements Pieces {
	readonly wanted: number;
	parted = false;
	/** What came beside the data, as one message would have it. */
	readonly beside: Beside = { control: [], flags: 0, address: undefined };
	readonly #syscall: string;
	readonly #targets: readonly Uint8Array[];
	readonly #controlSize: number;
	readonly #flags: number;
	readonly #family: number;
	/** Room for control messages: the user's, or so much that those who send can be told apart. */
	#room = -1;
	/** Who sent what is there, as it stands in the control messages; empty where the socket does not ask for that. */
	#sender: Buffer = Buffer.alloc(0);

	/** @param syscall what the user called, for errors */
	constructor(
		syscall: string,
		targets: readonly Uint8Array[],
		controlSize: number,
		flags: number,
		family: number,
	) {
		this.wanted = targets.reduce((sum, target) => sum + sizeOf(target), 0);
		this.#syscall = syscall;
		this.#targets = targets;
		this.#controlSize = controlSize;
		this.#flags = flags;
		this.#family = family;
	}

	receive(fd: number, size: number, most: number): number | Unfinished {
		const now = this.#targets.reduce((sum, target) => sum + sizeOf(target), 0);
		checkSteady(this.#syscall, now, this.wanted);
		if (size > 0 && this.#sender.length > 0) {
			const same = this.#comesFromSame(fd);
			if (typeof same === "symbol") return same;
			if (!same) return 0;
		}
		if (this.#room < 0) this.#room = this.#roomFor(fd);
		const length = Math.min(most, largestSlab);
		const memory = slabOf(length);
		hideOld(memory, length, this.#flags);
		const count = this.#call(fd, memory, length, this.#room, this.#flags);
		if (typeof count === "symbol") return count;
		// What the end of a stream has beside it belongs to nobody.
		if (count === 0 && size > 0) return 0;
		scatter(memory.bytes.subarray(0, Math.min(count, length)), this.#targets, size);
		this.#note(size === 0);
		return count;
	}

	#call(fd: number, memory: NativeMemory, size: number, room: number, flags: number): number | Unfinished {
		return receiveHeader(this.#syscall, fd, memory, size, room, flags, this.#family);
	}

	#roomFor(fd: number): number {
		const own = this.#family === AF_UNIX && passesCredentials(fd) ? credentialsRoom : 0;
		return Math.max(this.#controlSize, own);
	}

	/** Looks who sent what comes next; the end comes from nobody. */
	#comesFromSame(fd: number): boolean | Unfinished {
		const found = this.#call(fd, slabOf(1), 0, credentialsRoom, this.#flags | MSG_PEEK);
		return typeof found === "symbol" ? found : this.#sender.equals(senderInHeader());
	}

	/** Adds what the last call gave beside the data. */
	#note(first: boolean): void {
		const all = this.beside;
		const { control, flags, address } = besideInHeader(this.#controlSize);
		// Descriptors for which there was no room parted the data all the same.
		const lost = this.#family === AF_UNIX && (flags & MSG_CTRUNC) !== 0;
		this.parted = lost || (flags & MSG_EOR) !== 0 || control.some(parts);
		if (first) {
			all.address = address;
			this.#sender = senderInHeader();
		}
		// Of what comes each time, a time stamp for example, the last one counts.
		const earlier = all.control.filter((one) => !control.some((other) => isSameKind(one, other)));
		all.control = [...earlier, ...control];
		all.flags |= header.controlLength > this.#controlSize ? flags | MSG_CTRUNC : flags;
	}
}

/** The credentials in the header; empty where there are none. */
function senderInHeader(): Buffer {
	const [first] = decodeControl(header.control, header.controlLength);
	const isThere = first?.level === SOL_SOCKET && first.type === SCM_CREDENTIALS;
	return isThere ? first.data : Buffer.alloc(0);
}

/** Whether a control message belongs to the data of its own call alone: descriptors, the type of a TLS record … */
function parts({ level, type }: ReceivedControl): boolean {
	if (level === SOL_SOCKET) return type === SCM_RIGHTS || type === SCM_PIDFD;
	return level !== IPPROTO_TCP;
}

function isSameKind(one: ReceivedControl, other: ReceivedControl): boolean {
	return one.level === other.level && one.type === other.type;
}
