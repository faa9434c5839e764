/**
 * The steps of `recvEach()` and `acceptEach()`: one call of the kernel, and one of the user's function.
 */
import type { Address } from "../../address/types.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "../../sys/linux/constants/types.js";
import { ECONNABORTED } from "../../sys/linux/errnos.js";
import { accept4 } from "../../sys/sockets.js";
import { recv, recvfrom } from "../../sys/transfer.js";
import { arrivalsOf, showArrivals } from "../arrivals.js";
import { HANDED, HANDED_ALL, OVER, type Step } from "../flow.js";
import { outcome, type Unfinished } from "../operation.js";
import { addressRoom } from "../scratch.js";

/**
 * Receives from a stream.
 * @param tells whether less than there was room for means that nothing is left, as with TCP
 */
export function streamStep(size: number, tells: () => boolean, handler: (data: Buffer) => void): Step {
	return (fd) => {
		const room = arrivalsOf(size);
		const count = recv(fd, room.address, size, 0);
		if (count < 0) return outcome("recv", count) as Unfinished;
		if (count === 0) return OVER;
		const all = count < size && tells();
		handler(showArrivals(count));
		return all ? HANDED_ALL : HANDED;
	};
}

/** Receives datagrams or records. @param ends whether one without data is the end, as it is of a seqpacket socket */
export function datagramStep(
	size: number,
	ends: boolean,
	handler: (data: Buffer, address: Address | undefined) => void,
): Step {
	return (fd) => {
		const room = arrivalsOf(size);
		const count = recvfrom(fd, room.address, size, 0, addressRoom.address, addressRoom.clear());
		if (count < 0) return outcome("recvfrom", count) as Unfinished;
		if (count === 0 && ends) return OVER;
		handler(showArrivals(count), addressRoom.decode());
		return HANDED;
	};
}

/** Accepts connections. One that was given up before it was accepted is nobody's. */
export function acceptStep(handler: (fd: number, address: Address | undefined) => void): Step {
	return (fd) => {
		const room = addressRoom.clear();
		const accepted = accept4(fd, addressRoom.address, room, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (accepted === -ECONNABORTED) return HANDED;
		if (accepted < 0) return outcome("accept", accepted) as Unfinished;
		handler(accepted, addressRoom.decode());
		return HANDED;
	};
}
