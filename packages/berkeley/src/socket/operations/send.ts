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
	FOR_LATER,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Need,
	type Operation,
	outcome,
	type Unfinished,
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
		attempt(fd) {
			checkSteady("send", sizeOf(bytes), size);
			return outcome("send", send(fd, bytes, size, flags | MSG_NOSIGNAL));
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

	attempt(fd: number): undefined | Unfinished {
		for (let calls = 0; calls < callsInARow; calls++) {
			const left = this.#left;
			checkSteady("sendall", sizeOf(this.#rest), left);
			const result = send(fd, this.#rest, left, this.#flags);
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
		attempt(fd) {
			checkSteady("sendto", sizeOf(bytes), size);
			const length = encodeSockaddr(family, address, addressRoom.bytes);
			if (length < 0) throw socketError("sendto", length, { address });
			return outcome(
				"sendto",
				sendto(fd, bytes, size, flags | MSG_NOSIGNAL, addressRoom.address, length),
				address,
			);
		},
	};
}
