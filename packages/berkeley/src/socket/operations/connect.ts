/**
 * connect(2) as an operation.
 */
import type { Address } from "../../address/types.js";
import { socketError } from "../../errors.js";
import { SOL_SOCKET } from "../../sys/linux/constants/levels.js";
import { SO_ERROR } from "../../sys/linux/constants/so.js";
import { EAGAIN, EALREADY, EINPROGRESS, EINTR, EISCONN, ENOTCONN } from "../../sys/linux/errnos.js";
import { encodeSockaddr } from "../../sys/sockaddr.js";
import { connect, getpeername, getsockopt } from "../../sys/sockets.js";
import {
	FOR_LATER,
	FOR_WRITING,
	type Need,
	type Operation,
	type Unfinished,
	WOULD_BLOCK,
} from "../operation.js";
import { addressRoom } from "../scratch.js";

const value = new Int32Array(1);
const length = new Uint32Array(1);

/** Connects to an address, whose host is numeric by now. */
export class Connect implements Operation<void> {
	readonly syscall = "connect";
	readonly address: Address;
	readonly #family: number;
	readonly #asksAgain: boolean;
	#started = false;
	need: Need = FOR_WRITING;
	blocked: number = -EINPROGRESS;

	/**
	 * @param asksAgain whether the end is learnt by a second connect(2), as for TCP: Linux takes a stream for
	 *   connecting until somebody asks, so that connecting it again would succeed instead of EISCONN, and after
	 *   a refusal fail with ECONNABORTED. Of other protocols a second call may begin a second attempt.
	 */
	constructor(family: number, address: Address, asksAgain: boolean) {
		this.#family = family;
		this.#asksAgain = asksAgain;
		this.address = address;
	}

	attempt(fd: number): undefined | Unfinished {
		return this.#started && !this.#asksAgain ? this.#finish(fd) : this.#start(fd);
	}

	#start(fd: number): undefined | Unfinished {
		const { address } = this;
		const size = encodeSockaddr(this.#family, address, addressRoom.bytes);
		if (size < 0) throw socketError("connect", size, { address });
		const result = connect(fd, addressRoom.address, size);
		if (result >= 0 || (result === -EISCONN && this.#started)) return undefined;
		// A connect that a signal interrupts goes on in the background, as a non-blocking one does.
		if (result === -EINPROGRESS || result === -EALREADY || result === -EINTR) {
			this.#started = true;
			this.need = FOR_WRITING;
			this.blocked = result === -EALREADY ? result : -EINPROGRESS;
			return WOULD_BLOCK;
		}
		// A Unix listener whose backlog is full, or, on a busy machine, no local port at this moment: nothing tells when
		// that is over, poll(2) least of all.
		if (result === -EAGAIN) {
			this.need = FOR_LATER;
			this.blocked = result;
			return WOULD_BLOCK;
		}
		throw socketError("connect", result, { address });
	}

	#finish(fd: number): undefined | Unfinished {
		const { address } = this;
		length[0] = 4;
		const asked = getsockopt(fd, SOL_SOCKET, SO_ERROR, value, length);
		const error = asked < 0 ? asked : -(value[0] as number);
		if (error < 0) throw socketError("connect", error, { address });
		// Readiness is a hint: without an error and without a peer the connection is still being made.
		const peer = getpeername(fd, addressRoom.address, addressRoom.clear());
		if (peer === -ENOTCONN) return WOULD_BLOCK;
		if (peer < 0) throw socketError("connect", peer, { address });
		return undefined;
	}
}
