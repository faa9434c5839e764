/**
 * `capture()`: packets of an interface, as they come.
 */
import { kindOf } from "../../address/bytes.js";
import { checkTimeout, checkWaitOptions, type WaitOptions } from "../../arguments.js";
import { socketError } from "../../errors.js";
import * as packetOptions from "../../options/packet.js";
import * as so from "../../options/so.js";
import { descriptorOf } from "../../socket/base.js";
import { performSync } from "../../socket/blocking.js";
import type { Flow, FlowOptions } from "../../socket/flow.js";
import { FOR_READING, type Operation, WOULD_BLOCK } from "../../socket/operation.js";
import { ifIndextoname } from "../../sys/interfaces.js";
import { EBADF, ENETDOWN } from "../../sys/linux/errnos.js";
import type { CapturedPacket } from "../captured.js";
import type { LinkName } from "../filter/links.js";
import { EachPacket } from "./each.js";
import { type Opened, openLive } from "./open.js";
import { type CaptureOptions, checkOptions, type FanoutMode } from "./options.js";
import type { LivePacket } from "./packet.js";
import { Ring } from "./ring.js";

/** What became of packets since the capture began. */
export interface CaptureStatistics {
	/** Packets that were handed to the program. */
	captured: number;
	/** Packets that passed the filter, the dropped ones and those that wait included. */
	received: number;
	/** Of them, those for which there was no room. */
	dropped: number;
	/** How often the ring was full and stood still; 0 without a ring. */
	freezes: number;
}

// The kernel counts in 32 bits, from the last time that it was asked.
const askAfter = 2 ** 30;

/** Packets of an interface. Made by capture(); to be closed, or used by `using`. */
export class Capture {
	/** The index of the interface; 0 for all. */
	readonly interface: number;
	/** How the bytes of the packets begin. */
	readonly link: LinkName;
	/** How many bytes of a packet are kept. */
	readonly snaplen: number;
	/** Whether packets come by a ring, and not by a call for each. */
	readonly ring: boolean;
	/** The group that shares the packets, where there is one: others join it with `id` and `mode`. */
	readonly fanout: { readonly id: number; readonly mode: FanoutMode } | undefined;
	readonly #opened: Opened;
	readonly #signal: AbortSignal | undefined;
	// Behind those who wait, so that they learn the signal's reason, and not that it is closed.
	readonly #abort = (): void => queueMicrotask(() => this.close());
	#received = 0;
	#dropped = 0;
	#freezes = 0;
	#asked = 0;

	/** Use capture(). */
	constructor(options: CaptureOptions) {
		const checked = checkOptions(options);
		checked.signal?.throwIfAborted();
		this.#opened = openLive(checked);
		const { source, index, fanout } = this.#opened;
		this.interface = index;
		this.link = source.packet.link;
		this.snaplen = checked.snaplen;
		this.ring = source instanceof Ring;
		this.fanout = fanout;
		this.#signal = checked.signal;
		this.#signal?.addEventListener("abort", this.#abort);
	}

	/**
	 * The next packet, a copy that lasts.
	 * @throws SocketError EBADF when the capture is closed, ENETDOWN when the interface is gone; TimeoutError
	 */
	recv(options?: WaitOptions): Promise<CapturedPacket> {
		try {
			checkWaitOptions(options);
			this.#throwIfAborted();
			const timeout = checkTimeout("timeout", options?.timeout ?? null);
			const { socket } = this.#opened;
			return descriptorOf(socket).perform(
				this.#next(undefined),
				this,
				timeout,
				this.#signals(options?.signal),
			);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** The blocking twin of `recv`. */
	recvSync(options?: WaitOptions): CapturedPacket {
		checkWaitOptions(options);
		this.#throwIfAborted();
		options?.signal?.throwIfAborted();
		const timeout = checkTimeout("timeout", options?.timeout ?? null);
		return performSync(descriptorOf(this.#opened.socket), this.#next(undefined), timeout);
	}

	/**
	 * Hands every packet to a function, as it comes: the fastest way to capture, with no promise and no copy.
	 * @param handler is given the packet where it lies, in memory that is used again: **it is valid for the call only**;
	 *   `packet.copy()` lasts. Who keeps its bytes reads other packets in them later, and zeros after close(), but
	 *   harms nothing else. What it throws ends the flow.
	 * @returns the flow, to be paused, resumed and stopped; what comes meanwhile waits in the ring, and is dropped
	 *   and counted when that is full. Until it has ended other receiving operations fail with EBUSY.
	 */
	recvEach(handler: (packet: LivePacket) => void, options: FlowOptions = {}): Flow {
		if (typeof handler !== "function")
			throw new TypeError(`recvEach takes a function, not ${kindOf(handler)}`);
		checkWaitOptions(options);
		this.#throwIfAborted();
		const { socket, source } = this.#opened;
		const each = new EachPacket(descriptorOf(socket), source, this.#advance, handler);
		return each.begin(this, { ...options, signal: this.#signals(options.signal) });
	}

	/** All packets, as copies that last, until the capture is closed; who breaks off leaves it open. */
	async *[Symbol.asyncIterator](): AsyncGenerator<CapturedPacket, void, undefined> {
		const end = (): undefined => undefined;
		for (;;) {
			this.#throwIfAborted();
			if (this.closed) return;
			const { socket } = this.#opened;
			const packet = await descriptorOf(socket).perform<CapturedPacket | undefined>(
				this.#next(end),
				this,
				null,
				this.#signal,
			);
			if (packet === undefined) continue;
			yield packet;
		}
	}

	/** What became of packets. After close(), what it was then. PACKET_STATISTICS. */
	statistics(): CaptureStatistics {
		this.#ask();
		return {
			captured: this.#opened.source.given,
			received: this.#received,
			dropped: this.#dropped,
			freezes: this.#freezes,
		};
	}

	/** The descriptor's number, for poll() and its like; -1 when it is closed. */
	fileno(): number {
		return this.#opened.socket.fileno();
	}

	/** Whether the capture is closed. */
	get closed(): boolean {
		return this.#opened.socket.closed;
	}

	/**
	 * Ends the capture. What waits for a packet rejects with EBADF, iterators and flows just end; packets that were
	 * not read are lost. Does nothing the second time.
	 */
	close(): void {
		this.#signal?.removeEventListener("abort", this.#abort);
		const { socket, source } = this.#opened;
		if (socket.closed) return;
		this.#ask();
		source.end();
		socket.close();
	}

	/** Closes the capture: `using packets = capture(…)`. */
	[Symbol.dispose](): void {
		this.close();
	}

	#ask(): void {
		const { socket, source } = this.#opened;
		if (socket.closed) return;
		const { packets, drops, freezeQCnt = 0 } = socket.get(packetOptions.statistics);
		this.#asked = source.given;
		this.#received += packets;
		this.#dropped += drops;
		this.#freezes += freezeQCnt;
	}

	#throwIfAborted(): void {
		this.#signal?.throwIfAborted();
	}

	#signals(signal: AbortSignal | undefined): AbortSignal | undefined {
		if (signal === undefined || this.#signal === undefined) return signal ?? this.#signal;
		return AbortSignal.any([signal, this.#signal]);
	}

	/** Moves to the next packet, if there is one. @throws SocketError when the interface is gone */
	readonly #advance = (fd: number): boolean => {
		const { source, socket } = this.#opened;
		const result = source.advance(fd);
		if (result > 0) {
			if (source.given - this.#asked > askAfter) this.#ask();
			return true;
		}
		// A ring says nothing of errors.
		const error = result < 0 ? -result : this.ring ? socket.get(so.error) : 0;
		if (error !== 0) this.#require(error);
		return false;
	};

	/** An interface that is down may come up again; one that is gone will not. */
	#require(error: number): void {
		if (error !== ENETDOWN) throw socketError("capture", -error);
		if (this.interface === 0 || typeof ifIndextoname(this.interface) === "string") return;
		throw socketError("capture", -error, { advice: "the interface is gone" });
	}

	#next<T extends CapturedPacket | undefined>(closed: (() => T) | undefined): Operation<CapturedPacket | T> {
		const { source } = this.#opened;
		return {
			syscall: "capture",
			need: FOR_READING,
			closed,
			attempt: (fd) => {
				if (fd < 0) throw socketError("capture", -EBADF);
				if (!this.#advance(fd)) return WOULD_BLOCK;
				const copy = source.packet.copy();
				source.release();
				return copy;
			},
		};
	}
}

/**
 * Captures the packets of an interface, by a ring of memory that the kernel fills (TPACKET_V3), without a system call
 * for each packet. packet(7); libpcap's pcap_open_live().
 *
 * Nothing comes that the filter does not let pass, not even before it is set. Packets come as on the wire: a VLAN tag
 * that the hardware took off is put back.
 * @throws SocketError ENODEV for an interface that is not there, ENETDOWN for one that is down, EPERM without
 *   CAP_NET_RAW; FilterError for a filter that cannot be compiled
 */
export function capture(options: CaptureOptions): Capture {
	return new Capture(options);
}
