/**
 * Selectors: one interface for the ways to wait for many descriptors, with data of the program's own for each.
 */
import { checkInteger } from "../address/bytes.js";
import { socketError } from "../errors.js";
import { POLLIN, POLLOUT } from "../sys/linux/constants/poll.js";
import { EBADF, EEXIST, ENOENT } from "../sys/linux/errnos.js";
import { PollSet } from "../sys/pollset.js";
import { type Epoll, epoll } from "./epoll.js";
import { type PollResult, resultsOf } from "./poll.js";
import { type Question, Waits, waitForSet, waitForSetSync } from "./pollwait.js";
import { type Lists, type Selected, selectAmong, selectSync } from "./select.js";
import { limitOf, type SelectOptions } from "./wait.js";
import { checkWaitable, filenoOf, type Waitable } from "./waitable.js";

/** There is something to read, or a connection to accept, or the end. */
export const EVENT_READ = 1;
/** Writing would not block. */
export const EVENT_WRITE = 2;

/** What is registered. Python's SelectorKey. */
export interface SelectorKey<Data = unknown> {
	/** What was given to register(). */
	readonly fileobj: Waitable;
	/** Its descriptor's number. */
	readonly fd: number;
	/** What is waited for: EVENT_READ, EVENT_WRITE or both. */
	readonly events: number;
	/** What the program gave with it. */
	readonly data: Data;
}

/** The argument that is the data of a key; it may be left out where the type of the data has undefined. */
export type SelectorData<Data> = undefined extends Data ? [data?: Data] : [data: Data];

/** A key whose descriptor is ready, and for what. */
export type SelectorEvent<Data = unknown> = [key: SelectorKey<Data>, events: number];

/** What a selector has registered, by what was registered; it follows the selector. Python's get_map(). */
class SelectorMap<Data> implements ReadonlyMap<Waitable, SelectorKey<Data>> {
	readonly #keys: ReadonlyMap<number, SelectorKey<Data>>;
	readonly #find: (fileobj: Waitable) => SelectorKey<Data> | undefined;

	constructor(
		keys: ReadonlyMap<number, SelectorKey<Data>>,
		find: (fileobj: Waitable) => SelectorKey<Data> | undefined,
	) {
		this.#keys = keys;
		this.#find = find;
	}

	get size(): number {
		return this.#keys.size;
	}

	get(fileobj: Waitable): SelectorKey<Data> | undefined {
		return this.#find(fileobj);
	}

	has(fileobj: Waitable): boolean {
		return this.#find(fileobj) !== undefined;
	}

	forEach(
		callback: (
			key: SelectorKey<Data>,
			fileobj: Waitable,
			map: ReadonlyMap<Waitable, SelectorKey<Data>>,
		) => void,
	): void {
		for (const key of this.#keys.values()) callback(key, key.fileobj, this);
	}

	*keys(): MapIterator<Waitable> {
		for (const { fileobj } of this.#keys.values()) yield fileobj;
	}

	values(): MapIterator<SelectorKey<Data>> {
		return this.#keys.values();
	}

	*entries(): MapIterator<[Waitable, SelectorKey<Data>]> {
		for (const key of this.#keys.values()) yield [key.fileobj, key];
	}

	[Symbol.iterator](): MapIterator<[Waitable, SelectorKey<Data>]> {
		return this.entries();
	}
}

/** What all selectors are. Python's BaseSelector. `Data` is the type of what the program keeps with each. */
export abstract class BaseSelector<Data = unknown> {
	protected readonly keys: Map<number, SelectorKey<Data>> = new Map();
	readonly #map: SelectorMap<Data> = new SelectorMap(this.keys, (fileobj) => this.#find(fileobj));
	#closed = false;

	/** Whether it is closed. */
	get closed(): boolean {
		return this.#closed;
	}

	/**
	 * Waits for a descriptor from now on.
	 * @param events EVENT_READ, EVENT_WRITE or both
	 * @param data what the key is to hold
	 * @throws SocketError EEXIST when it is registered already, EBADF when it is closed; TypeError and RangeError for
	 *   what has no descriptor and for other events
	 */
	register(fileobj: Waitable, events: number, ...[data]: SelectorData<Data>): SelectorKey<Data> {
		this.#open("register");
		checkEvents(events);
		const fd = filenoOf(fileobj, "register");
		if (this.keys.has(fd)) throw socketError("register", -EEXIST, { subject: `register ${fd}` });
		const key: SelectorKey<Data> = { fileobj, fd, events, data: data as Data };
		this.added(key);
		this.keys.set(fd, key);
		return key;
	}

	/**
	 * Waits for it no more. What was closed meanwhile can be given too, as the object that was registered.
	 * @returns the key that it had
	 * @throws SocketError ENOENT when it is not registered
	 */
	unregister(fileobj: Waitable): SelectorKey<Data> {
		const key = this.#keyOf("unregister", fileobj);
		this.keys.delete(key.fd);
		this.removed(key);
		return key;
	}

	/**
	 * Changes what is waited for, and the data: they are undefined when they are not given again.
	 * @returns the new key
	 * @throws SocketError ENOENT when it is not registered
	 */
	modify(fileobj: Waitable, events: number, ...[data]: SelectorData<Data>): SelectorKey<Data> {
		checkEvents(events);
		const old = this.#keyOf("modify", fileobj);
		const key: SelectorKey<Data> = { ...old, events, data: data as Data };
		try {
			if (events !== old.events) this.changed(key);
		} catch (error) {
			this.keys.delete(key.fd); // It was closed, and is no longer waited for.
			throw error;
		}
		this.keys.set(key.fd, key);
		return key;
	}

	/**
	 * Waits until something is ready. What is registered, modified or unregistered meanwhile counts. What is closed
	 * without being unregistered is not told: unregister first.
	 * @param timeout milliseconds, 0 or less to look only; undefined and null wait without end
	 * @returns the keys that are ready, and for what; empty when the time was over
	 */
	abstract select(timeout?: number | null, options?: SelectOptions): Promise<SelectorEvent<Data>[]>;

	/** The blocking twin of `select`. */
	abstract selectSync(timeout?: number | null, options?: SelectOptions): SelectorEvent<Data>[];

	/** The key of what is registered. @throws SocketError ENOENT when it is not */
	getKey(fileobj: Waitable): SelectorKey<Data> {
		return this.#keyOf("getKey", fileobj);
	}

	/** All keys by what was registered, following the selector; null when it is closed. */
	getMap(): ReadonlyMap<Waitable, SelectorKey<Data>> | null {
		return this.#closed ? null : this.#map;
	}

	/**
	 * Forgets everything and closes what it has of its own; a wait rejects with EBADF. The descriptors that were
	 * registered stay open.
	 */
	close(): void {
		this.#closed = true;
		this.keys.clear();
	}

	/** Closes it: `using selector = new DefaultSelector()`. */
	[Symbol.dispose](): void {
		this.close();
	}

	/** A key was added. */
	protected added(_key: SelectorKey<Data>): void {}
	/** A key has other events. */
	protected changed(_key: SelectorKey<Data>): void {}
	/** A key is gone; its descriptor may be closed. */
	protected removed(_key: SelectorKey<Data>): void {}

	/** Throws when it is closed. */
	protected checkOpen(): void {
		this.#open("select");
	}

	/** What a result of poll(2) or epoll_wait(2) says of the keys. A hang-up and an error are both ready. */
	protected eventsOf(results: readonly PollResult[]): SelectorEvent<Data>[] {
		const ready: SelectorEvent<Data>[] = [];
		for (const [fd, mask] of results) {
			const key = this.keys.get(fd);
			if (key === undefined) continue;
			const events = (mask & ~POLLIN ? EVENT_WRITE : 0) | (mask & ~POLLOUT ? EVENT_READ : 0);
			if (events & key.events) ready.push([key, events & key.events]);
		}
		return ready;
	}

	#open(syscall: string): void {
		if (this.#closed) throw socketError(syscall, -EBADF, { advice: "the selector is closed" });
	}

	#keyOf(name: string, fileobj: Waitable): SelectorKey<Data> {
		this.#open(name);
		const key = this.#find(fileobj);
		if (key === undefined) checkWaitable(fileobj, name);
		if (key === undefined) throw socketError(name, -ENOENT, { advice: "it is not registered" });
		return key;
	}

	#find(fileobj: Waitable): SelectorKey<Data> | undefined {
		const fd = typeof fileobj === "number" ? fileobj : fileobj?.fileno?.();
		if (typeof fd === "number" && fd >= 0) return this.keys.get(fd);
		// It is closed, and has no number any more.
		for (const key of this.keys.values()) {
			if (key.fileobj === fileobj) return key;
		}
		return undefined;
	}
}

function checkEvents(events: number): void {
	checkInteger(events, 1, EVENT_READ | EVENT_WRITE, "events (EVENT_READ, EVENT_WRITE or both)");
}

/** What a selector's timeout means to poll(2), where a negative one waits without end. */
function atLeastZero(timeout: number | null | undefined): number | null | undefined {
	return typeof timeout === "number" ? Math.max(timeout, 0) : timeout;
}

/** A selector whose keys are put to the kernel with each wait; an awaited one puts them anew when they change. */
abstract class SetSelector<Data> extends BaseSelector<Data> {
	/** What waits in the event loop. */
	readonly #waits = new Waits();

	protected override added(_key: SelectorKey<Data>): void {
		this.#waits.again();
	}

	protected override changed(_key: SelectorKey<Data>): void {
		this.#waits.again();
	}

	protected override removed(_key: SelectorKey<Data>): void {
		this.#waits.again();
	}

	/** Forgets everything; a wait rejects with EBADF. */
	override close(): void {
		super.close();
		this.#waits.again();
	}

	/** Waits until something is ready. */
	override async select(timeout?: number | null, options?: SelectOptions): Promise<SelectorEvent<Data>[]> {
		return this.wait(limitOf(atLeastZero(timeout)), options, this.#waits);
	}

	/** Waits in the event loop; looks again, if the selector is open, when `waits` say so. */
	protected abstract wait(
		limit: number | null,
		options: SelectOptions | undefined,
		waits: Waits,
	): Promise<SelectorEvent<Data>[]>;
}

/** Waits by select(): the oldest way. Python's SelectSelector. */
export class SelectSelector<Data = unknown> extends SetSelector<Data> {
	protected override async wait(
		limit: number | null,
		options: SelectOptions | undefined,
		waits: Waits,
	): Promise<SelectorEvent<Data>[]> {
		return this.#ready(await selectAmong(() => this.#lists(), limit, options, waits));
	}

	/** The blocking twin of `select`. */
	override selectSync(timeout?: number | null, options?: SelectOptions): SelectorEvent<Data>[] {
		return this.#ready(selectSync(...this.#lists(), atLeastZero(timeout), options));
	}

	#lists(): Lists<number, number, number> {
		this.checkOpen();
		const waiting = (event: number): number[] =>
			[...this.keys.values()].filter(({ events }) => events & event).map(({ fd }) => fd);
		return [waiting(EVENT_READ), waiting(EVENT_WRITE), []];
	}

	#ready([read, write]: Selected<number, number, number>): SelectorEvent<Data>[] {
		const ready = new Map<number, number>(read.map((fd) => [fd, EVENT_READ]));
		for (const fd of write) ready.set(fd, (ready.get(fd) ?? 0) | EVENT_WRITE);
		const found: SelectorEvent<Data>[] = [];
		for (const [fd, events] of ready) {
			const key = this.keys.get(fd);
			if (key !== undefined && events & key.events) found.push([key, events & key.events]);
		}
		return found;
	}
}

function maskOf(events: number): number {
	return (events & EVENT_READ ? POLLIN : 0) | (events & EVENT_WRITE ? POLLOUT : 0);
}

/** Waits by poll(2). Python's PollSelector. */
export class PollSelector<Data = unknown> extends SetSelector<Data> {
	protected override async wait(
		limit: number | null,
		options: SelectOptions | undefined,
		waits: Waits,
	): Promise<SelectorEvent<Data>[]> {
		const { set } = await waitForSet(() => this.#question(), limit, options, waits);
		return this.eventsOf(resultsOf(set));
	}

	/** The blocking twin of `select`. */
	override selectSync(timeout?: number | null, options?: SelectOptions): SelectorEvent<Data>[] {
		const question = this.#question();
		waitForSetSync(question, limitOf(atLeastZero(timeout)), options);
		return this.eventsOf(resultsOf(question.set));
	}

	#question(): Question {
		this.checkOpen();
		const set = new PollSet();
		for (const { fd, events } of this.keys.values()) set.add(fd, maskOf(events));
		return { syscall: "poll", set };
	}
}

/** Waits by epoll(7): for many descriptors the fastest. Python's EpollSelector. */
export class EpollSelector<Data = unknown> extends BaseSelector<Data> {
	readonly #epoll: Epoll = epoll();

	/** The descriptor of epoll(7), which can be waited for itself; -1 when the selector is closed. */
	fileno(): number {
		return this.#epoll.fileno();
	}

	/** Waits until something is ready. */
	override async select(timeout?: number | null, options?: SelectOptions): Promise<SelectorEvent<Data>[]> {
		this.checkOpen();
		return this.eventsOf(await this.#epoll.poll(atLeastZero(timeout), this.#capacity, options));
	}

	/** The blocking twin of `select`. */
	override selectSync(timeout?: number | null, options?: SelectOptions): SelectorEvent<Data>[] {
		this.checkOpen();
		return this.eventsOf(this.#epoll.pollSync(atLeastZero(timeout), this.#capacity, options));
	}

	/** Forgets everything and closes its descriptor; a wait rejects with EBADF. */
	override close(): void {
		super.close();
		this.#epoll.close();
	}

	get #capacity(): number {
		return Math.max(this.keys.size, 1);
	}

	protected override added({ fd, events }: SelectorKey<Data>): void {
		this.#epoll.register(fd, maskOf(events));
	}

	protected override changed({ fd, events }: SelectorKey<Data>): void {
		this.#epoll.modify(fd, maskOf(events));
	}

	protected override removed({ fd }: SelectorKey<Data>): void {
		try {
			this.#epoll.unregister(fd);
		} catch {
			// It was closed, and with that the kernel has forgotten it.
		}
	}
}

/** The best that there is: epoll(7). Python's DefaultSelector. */
export class DefaultSelector<Data = unknown> extends EpollSelector<Data> {}
