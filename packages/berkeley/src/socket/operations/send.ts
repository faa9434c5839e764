/**
 * send(2) and sendto(2) as operations.
 */
import type { Address } from "../../address/types.js";
import { checkFlags } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { MSG_NOSIGNAL } from "../../sys/linux/constants/msg.js";
import { encodeSockaddr } from "../../sys/sockaddr.js";
import { send, sendto } from "../../sys/transfer.js";
import { FOR_WRITING, GIVE_WAY, INTERRUPTED, type Operation, outcome } from "../operation.js";
import { addressRoom } from "../scratch.js";
import { mustNotWait } from "./receive.js";

/** Sends what the kernel takes; the count. */
export function sendSome(bytes: Uint8Array, flags: number): Operation<number> {
	checkFlags("send", flags);
	return {
		syscall: "send",
		need: FOR_WRITING,
		dontWait: mustNotWait(flags),
		attempt: (fd) => outcome("send", send(fd, bytes, bytes.byteLength, flags | MSG_NOSIGNAL)),
	};
}

// A reader as fast as we are must not keep the thread in here for as long as there is something to send.
const callsInARow = 16;

/** Sends everything, in as many calls as it takes. */
export function sendEverything(bytes: Uint8Array, flags: number): Operation<void> {
	checkFlags("sendall", flags);
	let rest = bytes;
	return {
		syscall: "sendall",
		need: FOR_WRITING,
		dontWait: mustNotWait(flags),
		attempt(fd) {
			for (let calls = 0; calls < callsInARow; calls++) {
				const count = outcome("sendall", send(fd, rest, rest.byteLength, flags | MSG_NOSIGNAL));
				if (count === INTERRUPTED) continue;
				if (typeof count === "symbol") return count;
				if (count >= rest.byteLength) return undefined;
				rest = rest.subarray(count);
			}
			return GIVE_WAY;
		},
	};
}

/** Sends one datagram to an address, whose host is numeric by now; the count. */
export function sendTo(
	bytes: Uint8Array,
	flags: number,
	family: number,
	address: Address,
): Operation<number> {
	checkFlags("sendto", flags);
	return {
		syscall: "sendto",
		address,
		need: FOR_WRITING,
		dontWait: mustNotWait(flags),
		attempt(fd) {
			const length = encodeSockaddr(family, address, addressRoom.bytes);
			if (length < 0) throw socketError("sendto", length, { address });
			return outcome(
				"sendto",
				sendto(fd, bytes, bytes.byteLength, flags | MSG_NOSIGNAL, addressRoom.address, length),
				address,
			);
		},
	};
}
