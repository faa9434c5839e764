/**
 * accept(2) as an operation.
 */
import type { Address } from "../../address/types.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "../../sys/linux/constants/types.js";
import { accept4 } from "../../sys/sockets.js";
import { FOR_READING, type Operation, outcome } from "../operation.js";
import { addressRoom } from "../scratch.js";

/** Accepts the next connection, made into what `wrap` makes of its descriptor and the peer's address. */
export function acceptConnection<T>(wrap: (fd: number, address: Address | undefined) => T): Operation<T> {
	return {
		syscall: "accept",
		need: FOR_READING,
		attempt(fd) {
			const { address } = addressRoom;
			const flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
			const accepted = outcome("accept", accept4(fd, address, addressRoom.clear(), flags));
			return typeof accepted === "symbol" ? accepted : wrap(accepted, addressRoom.decode());
		},
	};
}
