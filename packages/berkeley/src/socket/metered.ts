/**
 * A descriptor whose bytes are limited. It stands in the place of a plain one, which knows nothing of limits: so
 * they cost a socket nothing that has none.
 */
import { EPOLLIN, EPOLLOUT } from "../sys/linux/constants/epoll.js";
import { Descriptor } from "./descriptor.js";
import type { Gate, Mover } from "./gate.js";
import {
	FOR_ERRORS,
	FOR_READING,
	type Need,
	type Operation,
	type Quota,
	type Unfinished,
	WOULD_BLOCK,
} from "./operation.js";
import { Socket } from "./socket.js";

/** What limits a connection: the gates that its bytes must pass, each of them. */
export interface ByteGates {
	/** What is received. */
	readonly received: readonly Gate[];
	/** What is sent. */
	readonly sent: readonly Gate[];
}

/** One direction of a connection, before its gates. */
class Side implements Mover {
	readonly #gates: readonly Gate[];
	readonly #go: () => void;
	#blocking = false;
	/** The gate that had least room the last time. */
	#narrowest: Gate | undefined;

	constructor(gates: readonly Gate[], go: () => void) {
		this.#gates = gates;
		this.#go = go;
	}

	go(): void {
		this.#go();
	}

	/** How many bytes may be moved now; 0 when it stands in line. */
	room(): number {
		let room = Number.MAX_SAFE_INTEGER;
		for (const gate of this.#gates) {
			const here = this.#blocking ? gate.roomAtOnce : gate.room(this);
			if (here >= room) continue;
			room = here;
			this.#narrowest = gate;
			if (room === 0) {
				if (!this.#blocking) gate.join(this);
				break;
			}
		}
		return room;
	}

	spend(count: number): void {
		for (const gate of this.#gates) gate.spend(count);
	}

	/** Lets an operation try with what there is; where that was not enough for it, stands in line. */
	attempt<T>(operation: Operation<T>, fd: number, blocking: boolean): T | Unfinished {
		const quota: Quota = { left: 0 };
		let room = 0;
		let result: T | Unfinished;
		this.#blocking = blocking;
		try {
			room = this.room();
			if (room === 0) return WOULD_BLOCK;
			quota.left = room;
			result = operation.attempt(fd, quota);
		} finally {
			this.#blocking = false;
			this.spend(room - quota.left);
		}
		if (typeof result !== "symbol" || quota.left > 0) return result;
		// What it got may be its share only, of a gate that is open: then it comes behind the others.
		if (!blocking && this.room() > 0) this.#narrowest?.join(this);
		return WOULD_BLOCK;
	}

	/** How long it has to wait who holds the thread up. */
	get holdup(): number {
		const closed = this.#gates.filter((gate) => gate.roomAtOnce === 0);
		return Math.max(0, ...closed.map((gate) => gate.pause));
	}

	leave(): void {
		for (const gate of this.#gates) gate.leave(this);
	}
}

class MeteredDescriptor extends Descriptor {
	readonly #receiving: Side | undefined;
	readonly #sending: Side | undefined;

	constructor(fd: number, { received, sent }: ByteGates) {
		super(fd);
		if (received.length > 0) this.#receiving = new Side(received, () => this.ready(EPOLLIN));
		if (sent.length > 0) this.#sending = new Side(sent, () => this.ready(EPOLLOUT));
	}

	override attempt<T>(operation: Operation<T>, blocking = false): T | Unfinished {
		const side = this.#sideOf(operation.direction ?? operation.need);
		return side === undefined ? super.attempt(operation) : side.attempt(operation, this.fd, blocking);
	}

	override holdup(operation: Operation<unknown>): number {
		return this.#sideOf(operation.direction ?? operation.need)?.holdup ?? 0;
	}

	override grant(need: Need, size: number): number {
		const side = this.#sideOf(need);
		return side === undefined ? size : Math.min(size, side.room());
	}

	override spend(need: Need, count: number): void {
		this.#sideOf(need)?.spend(count);
	}

	// What would go out at once, write()'s, has to stand in line instead.
	override get free(): boolean {
		return this.#sending === undefined && super.free;
	}

	override release(): number {
		this.#receiving?.leave();
		this.#sending?.leave();
		return super.release();
	}

	#sideOf(need: Need): Side | undefined {
		if (need === FOR_ERRORS) return undefined;
		return need === FOR_READING ? this.#receiving : this.#sending;
	}
}

/**
 * The same connection with its bytes limited, as a new object; the one given counts as closed from then on. It is for
 * a stream on which nothing waits.
 */
export function meter<Family extends number>(socket: Socket<Family>, gates: ByteGates): Socket<Family> {
	const timeout = socket.gettimeout();
	const { family, type, proto } = socket;
	const metered = new Socket(family, type, proto, new MeteredDescriptor(socket.detach(), gates));
	metered.settimeout(timeout);
	return metered;
}
