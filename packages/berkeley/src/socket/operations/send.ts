/**
 * send(2) and sendto(2) as operations.
 */
import type { Address } from "../../address/types.js";
import { checkFlags, checkSteady, sizeOf } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { MSG_NOSIGNAL } from "../../sys/linux/constants/msg.js";
import { encodeSockaddr } from "../../sys/sockaddr.js";
import { send, sendto } from "../../sys/transfer.js";
import {
	charge,
	FOR_LATER,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Need,
	type Operation,
	outcome,
	type Quota,
	type Unfinished,
	WOULD_BLOCK,
	within,
} from "../operation.js";
import { addressRoom } from "../scratch.js";
import { mustNotWait } from "./receive.js";

/** Sends what the kernel takes; the count. */
export function sendSome(bytes: Uint8Array, flags: number): Operation<number> {
	checkFlags("send", flags);
	const size = sizeOf(bytes);
	return {
		syscall: "send",
		need: FOR_WRITING,
		dontWait: mustNotWait(flags),
		attempt(fd, quota) {
			checkSteady("send", sizeOf(bytes), size);
			const count = send(fd, bytes, within(quota, size), flags | MSG_NOSIGNAL);
			charge(quota, count);
			return outcome("send", count);
		},
	};
}

// A reader as fast as we are must not keep the thread in here for as long as there is something to send.
const callsInARow = 16;

/** Sends everything, in as many calls as it takes. */
export function sendEverything(bytes: Uint8Array, flags: number): Operation<void> {
	checkFlags("sendall", flags);
	return new SendEverything(bytes, flags);
}

class SendEverything implements Operation<void> {
	readonly syscall = "sendall";
	readonly need: Need = FOR_WRITING;
	readonly dontWait: boolean;
	readonly #flags: number;
	#rest: Uint8Array;
	#left: number;

	constructor(bytes: Uint8Array, flags: number) {
		this.#flags = flags | MSG_NOSIGNAL;
		this.#rest = bytes;
		this.#left = sizeOf(bytes);
		this.dontWait = mustNotWait(flags);
	}

	attempt(fd: number, quota?: Quota): undefined | Unfinished {
		for (let calls = 0; calls < callsInARow; calls++) {
			const left = this.#left;
			checkSteady("sendall", sizeOf(this.#rest), left);
			const size = within(quota, left);
			if (size === 0 && left > 0) return WOULD_BLOCK;
			const result = send(fd, this.#rest, size, this.#flags);
			charge(quota, result);
			if (result === left) return undefined;
			const count = outcome("sendall", result);
			if (count === INTERRUPTED) continue;
			if (typeof count === "symbol") return count;
			this.#rest = this.#rest.subarray(count);
			this.#left = left - count;
		}
		return GIVE_WAY;
	}
}

/**
 * What sending to an address waits for. When the receiver's queue is full on a Unix socket, nothing tells the
 * sender that there is room again, unless the two are connected: epoll(7) and poll(2) take it for writable.
 */
export function addressedNeed(family: number): Need {
	return family === AF_UNIX ? FOR_LATER : FOR_WRITING;
}

/** Sends one datagram to an address, whose host is numeric by now; the count. */
export function sendTo(
	bytes: Uint8Array,
	flags: number,
	family: number,
	address: Address,
): Operation<number> {
	checkFlags("sendto", flags);
	const size = sizeOf(bytes);
	return {
		syscall: "sendto",
		address,
		need: addressedNeed(family),
		dontWait: mustNotWait(flags),
		attempt(fd, quota) {
			checkSteady("sendto", sizeOf(bytes), size);
			const length = encodeSockaddr(family, address, addressRoom.bytes);
			if (length < 0) throw socketError("sendto", length, { address });
			const most = within(quota, size);
			const count = sendto(fd, bytes, most, flags | MSG_NOSIGNAL, addressRoom.address, length);
			charge(quota, count);
			return outcome("sendto", count, address);
		},
	};
}
