/**
 * splice(2) between two sockets, or from a socket into a file: what a proxy and a download need, without the
 * data passing through this process.
 */
import { fstatSync } from "node:fs";
import { checkInteger, kindOf } from "../address/bytes.js";
import { checkTimeout, checkWaitOptions, type WaitOptions } from "../arguments.js";
import { TimeoutError, timeoutError } from "../errors.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import { descriptorOf, SocketBase } from "./base.js";
import { performSync } from "./blocking.js";
import type { Descriptor } from "./descriptor.js";
import { FOR_READING, FOR_WRITING, type Operation, type Unfinished, WOULD_BLOCK } from "./operation.js";
import { Pump, type PumpTarget } from "./operations/pump.js";
import type { Socket } from "./socket.js";

/** An open file: its descriptor, or an object that has it as `fd`, as fs.promises.open() gives. */
export type FileTarget =
	| number
	| {
			/** The descriptor. */
			fd: number;
	  };

/** How much splice() moves, and how it waits. The timeout covers the whole; the source's own when left out. */
export interface SpliceOptions extends WaitOptions {
	/** How many bytes; to the end of the source when left out. More is never taken from the source. */
	count?: number | undefined;
	/** Where in the file to write. Left out, that is the file's own position, which moves along. */
	offset?: number | undefined;
	/**
	 * Is called when the call fails, by an abort, a timeout or a target that is gone: with the number of bytes that
	 * reached the target, and with those that were taken from the source and did not, up to 1 MiB. Without it
	 * those are lost.
	 */
	rescue?: ((moved: number, unsent: Buffer) => void) | undefined;
}

/**
 * Moves what arrives on a stream socket to another, or into a regular file, inside the kernel: for TCP without a
 * copy. Ends when the source's peer has ended its side, or after `count` bytes, and gives how many bytes moved.
 * The target is not shut down then: a proxy does that, `target.shutdown(SHUT_WR)`. Receiving from the source and
 * sending to the target stand in line behind it. The two may be the same socket. splice(2), Python's
 * os.splice().
 *
 * Writing to a file takes the thread for as long as the file system does. A file goes to a socket by sendfile().
 * @throws SocketError ECONNRESET, EPIPE, ENOSPC …, EINVAL where the kernel cannot splice, EMFILE for the pipe
 *   that is needed meanwhile; TimeoutError; BlockingIOError when the timeout is 0, whatever has moved
 */
export async function splice(
	source: Socket,
	target: Socket | FileTarget,
	options?: SpliceOptions,
): Promise<number> {
	const way = new Way(source, target, options);
	// What must not wait needs no place in a line.
	if (way.limit === 0) return way.blocking();
	return way.awaited(options?.signal);
}

/** The blocking twin of `splice`. */
export function spliceSync(source: Socket, target: Socket | FileTarget, options?: SpliceOptions): number {
	return new Way(source, target, options).blocking();
}

/** One call of splice(): its two ends, checked, and the pump between them. */
class Way {
	readonly limit: number | null;
	readonly #source: Descriptor;
	/** Undefined when the target is a file, which is always ready. */
	readonly #target: Descriptor | undefined;
	readonly #sockets: object;
	readonly #pump: Pump;
	readonly #rescue: SpliceOptions["rescue"];

	constructor(source: Socket, target: Socket | FileTarget, options: SpliceOptions | undefined) {
		checkWaitOptions(options);
		const { count, offset, rescue, timeout, signal } = options ?? {};
		if (count !== undefined) checkInteger(count, 1, Number.MAX_SAFE_INTEGER, "splice: count");
		if (offset !== undefined) checkInteger(offset, 0, Number.MAX_SAFE_INTEGER, "splice: offset");
		if (rescue !== undefined && typeof rescue !== "function") {
			throw new TypeError(`splice: rescue must be a function, not ${kindOf(rescue)}`);
		}
		if (!(source instanceof SocketBase)) {
			throw new TypeError(`splice takes a Socket as its source, not ${kindOf(source)}`);
		}
		this.limit = timeout === undefined ? source.gettimeout() : checkTimeout("timeout", timeout);
		this.#source = streamOf(source);
		this.#sockets = [source, target];
		this.#rescue = rescue;
		let end: PumpTarget["descriptor"];
		if (target instanceof SocketBase) {
			if (offset !== undefined) throw new TypeError("splice: an offset is for a file, not for a socket");
			this.#target = streamOf(target);
			end = this.#target;
		} else {
			this.#target = undefined;
			const fd = fileOf(target);
			end = { open: () => fd, grant: (_need, size) => size, spend() {} };
		}
		signal?.throwIfAborted();
		const position = offset === undefined ? null : new BigInt64Array([BigInt(offset)]);
		this.#pump = new Pump(this.#source, { descriptor: end, position }, count ?? Number.POSITIVE_INFINITY);
	}

	/** Waits in poll(2), for one end and then for the other. */
	blocking(): number {
		const { limit } = this;
		const pump = this.#pump;
		const deadline = limit === null ? null : performance.now() + limit;
		try {
			for (;;) {
				const side = pump.waitsFor;
				const end = side === "target" ? this.#target : this.#source;
				// A wait of 0 would be another thing than one whose time is over.
				const left = deadline === null ? null : Math.max(deadline - performance.now(), 0.001);
				const result = performSync<number | undefined>(
					end ?? this.#source,
					{
						syscall: "splice",
						need: side === "target" ? FOR_WRITING : FOR_READING,
						attempt() {
							const moved = pump.step();
							return moved === WOULD_BLOCK && pump.waitsFor !== side ? undefined : moved;
						},
					},
					limit === 0 ? 0 : left,
				);
				if (result !== undefined) return result;
			}
		} catch (error) {
			this.#rescue?.(pump.moved, pump.rest());
			// What ran out was what the last wait had left of it.
			if (limit && error instanceof TimeoutError && error.timeout !== undefined) {
				throw timeoutError("splice", limit);
			}
			throw error;
		} finally {
			pump.close();
		}
	}

	/**
	 * Waits in the event loop, with a place in the source's line of readers and one in the target's line of writers.
	 * When both places are at the head, whichever end becomes ready drives the pump.
	 */
	async awaited(signal: AbortSignal | undefined): Promise<number> {
		const controller = new AbortController();
		const abort = () => controller.abort(signal?.reason);
		signal?.addEventListener("abort", abort);
		try {
			const ends = this.#target === undefined ? ["source" as const] : (["source", "target"] as const);
			const standing = new Set<string>();
			let driver: "source" | "target" | undefined;
			let through = false;
			const attempt = (side: "source" | "target"): number | Unfinished => {
				if (through) return this.#pump.moved;
				standing.add(side);
				if (standing.size < ends.length) return WOULD_BLOCK;
				if (driver !== undefined && driver !== side) return WOULD_BLOCK; // Ready, and not waited for.
				through = true; // Also when it throws.
				const result = this.#pump.step();
				through = typeof result !== "symbol";
				driver = result === WOULD_BLOCK ? this.#pump.waitsFor : side;
				return result;
			};
			return await Promise.race(
				ends.map((side) => {
					const operation: Operation<number> = {
						syscall: "splice",
						need: side === "source" ? FOR_READING : FOR_WRITING,
						attempt: () => attempt(side),
					};
					const end = side === "source" ? this.#source : (this.#target as Descriptor);
					const limit = side === "source" ? this.limit : null;
					return end.perform(operation, this.#sockets, limit, controller.signal);
				}),
			);
		} catch (error) {
			this.#rescue?.(this.#pump.moved, this.#pump.rest());
			throw error;
		} finally {
			signal?.removeEventListener("abort", abort);
			this.#pump.close();
			controller.abort(); // The other end's place in line.
			// Readiness that was told while we stood at the head is not told again to those behind.
			this.#source.stir(FOR_READING);
			this.#target?.stir(FOR_WRITING);
		}
	}
}

function streamOf(socket: Socket | SocketBase): Descriptor {
	if (socket.type !== SOCK_STREAM) throw new TypeError("splice needs stream sockets");
	const descriptor = descriptorOf(socket);
	descriptor.open("splice");
	return descriptor;
}

function fileOf(target: FileTarget): number {
	const fd = typeof target === "number" ? target : target?.fd;
	if (typeof fd !== "number") {
		throw new TypeError(`splice takes a Socket or a file's descriptor as its target, not ${kindOf(target)}`);
	}
	if (!fstatSync(fd).isFile()) {
		throw new TypeError("splice writes to a socket or a regular file: not to a pipe or a device");
	}
	return fd;
}
