/**
 * MSG_ZEROCOPY: the kernel sends from the program's memory, and says when it is through with it.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import {
	checkFlags,
	checkSteady,
	checkTimeout,
	checkWaitOptions,
	sizeOf,
	type WaitOptions,
} from "../arguments.js";
import { socketError, TimeoutError, timeoutError } from "../errors.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { MSG_NOSIGNAL, MSG_ZEROCOPY } from "../sys/linux/constants/msg.js";
import { SO_ZEROCOPY } from "../sys/linux/constants/so.js";
import { ENOBUFS, EOPNOTSUPP } from "../sys/linux/errnos.js";
import { addressInPages, allocatePages } from "../sys/pages.js";
import { setsockopt } from "../sys/sockets.js";
import { send } from "../sys/transfer.js";
import { descriptorOf, type SocketBase } from "./base.js";
import { performSync } from "./blocking.js";
import type { Descriptor } from "./descriptor.js";
import {
	charge,
	FOR_ERRORS,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Operation,
	outcome,
	WOULD_BLOCK,
	within,
} from "./operation.js";
import { Completions, type Loan } from "./operations/completions.js";
import { mustNotWait } from "./operations/receive.js";

/** What sendZerocopy() gives once the memory may be used again. */
export interface ZerocopyResult {
	/** Whether the kernel copied the data, or a part of it, after all: then send() would have been cheaper. */
	copied: boolean;
}

/**
 * A Buffer of zeroed native memory, which begins a page, for sendZerocopy(). It is freed when it and all its
 * views have been collected, which may be while the kernel still reads it. Its ArrayBuffer cannot be transferred.
 * It takes whole pages of 64 KiB, so make few and large ones and use them again.
 * @throws RangeError when there is not so much memory
 */
export function allocNative(size: number): Buffer {
	return allocatePages(checkInteger(size, 1, 0x7ffff000, "allocNative: size"));
}

const completionsOf = new WeakMap<Descriptor, Completions>();
const one = new Int32Array([1]);
/** What older kernels answer, which is no errno of the C library's: operation is not supported. */
const ENOTSUPP = 524;
const unfit = "zero copy is for TCP and UDP";

// A reader as fast as we are must not keep the thread in here for as long as there is something to send.
const callsInARow = 16;

/** Sends, then waits for the kernel's word, in the event loop. */
export async function sendZerocopy(
	socket: SocketBase,
	data: ArrayBufferView | ArrayBuffer,
	flags: number,
	options: WaitOptions | undefined,
): Promise<ZerocopyResult> {
	const sending = new Sending(socket, data, flags, options);
	const { descriptor, signal } = sending;
	try {
		await descriptor.perform(sending.calls(FOR_WRITING), socket, sending.limit, signal);
		if (!sending.loan.over) await descriptor.perform(sending.reports(false), socket, sending.left(), signal);
	} catch (error) {
		sending.tellOthers(); // Behind us somebody may stand whose reports have come.
		throw sending.failure(error);
	}
	return { copied: sending.loan.copied };
}

/** The same, blocking the thread. */
export function sendZerocopySync(
	socket: SocketBase,
	data: ArrayBufferView | ArrayBuffer,
	flags: number,
	options: WaitOptions | undefined,
): ZerocopyResult {
	const sending = new Sending(socket, data, flags, options);
	const { descriptor, loan } = sending;
	sending.signal?.throwIfAborted();
	try {
		performSync(descriptor, sending.calls(FOR_ERRORS), sending.limit);
		// A wait of its own for each report: to the driver an error that is told again and again looks like one that
		// nothing can be done about, and it looks more and more seldom.
		while (!loan.over) performSync(descriptor, sending.reports(true), sending.left());
	} catch (error) {
		throw sending.failure(error);
	} finally {
		sending.tellOthers();
	}
	return { copied: loan.copied };
}

/** One call: the memory, checked, and its loan. */
class Sending {
	readonly descriptor: Descriptor;
	readonly limit: number | null;
	readonly signal: AbortSignal | undefined;
	readonly loan: Loan;
	readonly #completions: Completions;
	readonly #memory: Uint8Array;
	readonly #address: number;
	readonly #flags: number;
	readonly #deadline: number | null;

	constructor(
		socket: SocketBase,
		data: ArrayBufferView | ArrayBuffer,
		flags: number,
		options: WaitOptions | undefined,
	) {
		checkWaitOptions(options);
		const { timeout, signal } = options ?? {};
		this.#flags = checkFlags("sendZerocopy", flags);
		this.limit = timeout === undefined ? socket.gettimeout() : checkTimeout("timeout", timeout);
		this.#deadline = this.limit === null ? null : performance.now() + this.limit;
		this.signal = signal;
		this.#memory = bytesOf(data);
		const address = addressInPages(this.#memory);
		if (address === undefined) {
			throw new TypeError(
				"sendZerocopy takes memory of allocNative(), which stays where it is; send() and sendall() take any",
			);
		}
		this.#address = address;
		if (socket.family !== AF_INET && socket.family !== AF_INET6) {
			throw new TypeError("sendZerocopy needs a TCP or UDP socket");
		}
		this.descriptor = descriptorOf(socket);
		const fd = this.descriptor.open("sendZerocopy");
		let completions = completionsOf.get(this.descriptor);
		if (completions === undefined) {
			completions = new Completions();
			completionsOf.set(this.descriptor, completions);
		}
		if (!completions.enabled) {
			const result = setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, one, 4);
			if (result === -ENOTSUPP || result === -EOPNOTSUPP) {
				throw socketError("sendZerocopy", -EOPNOTSUPP, { advice: unfit });
			}
			if (result < 0) throw socketError("setsockopt", result, { subject: "setsockopt SO_ZEROCOPY" });
			completions.enabled = true;
		}
		this.#completions = completions;
		this.loan = completions.open(this.#memory);
	}

	/** How much of the timeout there is for what comes next. */
	left(): number | null {
		if (this.#deadline === null || this.limit === 0) return this.limit;
		// A wait of 0 would be another thing than one whose time is over.
		return Math.max(this.#deadline - performance.now(), 0.001);
	}

	/** The failure of a part as that of the whole. */
	failure(error: unknown): unknown {
		// There are no more calls: what is on loan comes back when later calls read the reports.
		this.#completions.close(this.loan);
		const late = error instanceof TimeoutError && error.timeout !== undefined;
		return late ? timeoutError("sendZerocopy", this.limit ?? 0) : error;
	}

	/**
	 * Hands all of the data to the kernel.
	 * @param first what to wait for while the numbers are not known: an event loop tells of errors together with
	 *   room to write, and keeps the place in line; poll(2) must be asked for errors alone
	 */
	calls(first: typeof FOR_WRITING | typeof FOR_ERRORS): Operation<void> {
		const { loan } = this;
		const completions = this.#completions;
		const memory = this.#memory;
		const flags = this.#flags | MSG_NOSIGNAL;
		const size = sizeOf(memory);
		let sent = 0;
		let known = true;
		return {
			syscall: "sendZerocopy",
			direction: FOR_WRITING,
			get need() {
				return known ? FOR_WRITING : first;
			},
			dontWait: mustNotWait(flags),
			attempt: (fd, quota) => {
				for (let calls = 0; calls < callsInARow; calls++) {
					if (sent === size) {
						completions.close(loan);
						return undefined;
					}
					checkSteady("sendZerocopy", sizeOf(memory), size);
					known = this.#mayCall(fd);
					if (!known) return WOULD_BLOCK;
					const address = this.#address + sent;
					const part = within(quota, size - sent);
					if (part === 0) return WOULD_BLOCK;
					let result = send(fd, address, part, flags | MSG_ZEROCOPY);
					if (result > 0) completions.call(loan);
					if (result === -ENOBUFS) {
						// The kernel keeps no more memory pinned, or no more reports, for this user or socket.
						if (this.#reap(fd) > 0) continue;
						result = send(fd, address, part, flags);
						if (result > 0) loan.copied = true;
					}
					charge(quota, result);
					const count = outcome("sendZerocopy", result);
					if (count === INTERRUPTED) continue;
					if (typeof count === "symbol") return count;
					sent += count;
				}
				return GIVE_WAY;
			},
		};
	}

	/**
	 * Whether the next call may be made. The socket may have sent without a copy before we knew it, in another
	 * thread or process, so the kernel's numbers are learned from its first report: the first call waits for it.
	 */
	#mayCall(fd: number): boolean {
		if (this.#completions.numbered) return true;
		this.#reap(fd);
		return this.#completions.numbered;
	}

	#reap(fd: number): number {
		const reports = this.#completions.reap(fd);
		if (reports > 0) this.tellOthers();
		return reports;
	}

	/** Waits until the kernel is through with the memory, or, with `oneByOne`, until it has said anything. */
	reports(oneByOne: boolean): Operation<true> {
		return {
			syscall: "sendZerocopy",
			need: FOR_ERRORS,
			attempt: (fd) => {
				const reports = this.#completions.reap(fd);
				return this.loan.over || (oneByOne && reports > 0) ? true : WOULD_BLOCK;
			},
		};
	}

	/** Lets those look again who wait for reports: what we have read, no event will tell them. */
	tellOthers(): void {
		this.descriptor.stir(FOR_ERRORS);
	}
}

/** The bytes as a view of our own, whose place and size are what they say. */
function bytesOf(data: ArrayBufferView | ArrayBuffer): Uint8Array {
	if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	if (data instanceof ArrayBuffer) return new Uint8Array(data);
	throw new TypeError(`sendZerocopy takes a Buffer of allocNative(), not ${kindOf(data)}`);
}
