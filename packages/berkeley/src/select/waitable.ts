/**
 * What can be waited for: a descriptor's number, or an object that has one.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import { socketError } from "../errors.js";
import { EBADF } from "../sys/linux/errnos.js";

/** A descriptor's number, or anything with a `fileno()`: a Socket, a selector, an epoll object. */
export type Waitable =
	| number
	| {
			/** The descriptor's number; a negative one when it is closed. */
			fileno(): number;
	  };

/**
 * The descriptor's number.
 * @throws SocketError EBADF for what is closed; TypeError for what has no number
 */
export function filenoOf(waitable: Waitable, syscall: string): number {
	checkWaitable(waitable, syscall);
	if (typeof waitable === "number") return waitable;
	const fd = waitable.fileno();
	if (!Number.isInteger(fd)) throw new TypeError(`${syscall}: fileno() gave ${kindOf(fd)}, not a descriptor`);
	if (fd < 0) throw socketError(syscall, -EBADF, { advice: "it is closed" });
	return fd;
}

/** Requires a descriptor's number, or an object that may have one. */
export function checkWaitable(waitable: Waitable, syscall: string): void {
	if (typeof waitable === "number") checkInteger(waitable, 0, 0x7fffffff, `${syscall}: descriptor`);
	else if (typeof waitable !== "object" || waitable === null || typeof waitable.fileno !== "function") {
		throw new TypeError(`${syscall} takes a descriptor or an object with fileno(), not ${kindOf(waitable)}`);
	}
}
