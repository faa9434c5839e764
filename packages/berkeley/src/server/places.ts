/**
 * Places where requests are handled, threads or processes: who gets the next request, and what becomes of the
 * requests of a place that dies. What a place is made of, it does not know.
 */
import { Backoff } from "./accepting.js";
import { errorFrom } from "./remote/errors.js";
import type { Report } from "./remote/messages.js";

/** A thread or a process that handles requests. */
export interface Place {
	/** Fulfilled when it has ended and its descriptors are closed, with the reason why it ended. */
	readonly gone: Promise<Error>;
	/** Hands a request over, which is closed there when its handler is through. Reports "finish" or "fail" of it. */
	serve(id: number, request: unknown, clientAddress: unknown): void;
	/** Has a request ended, and "end" reported. */
	end(id: number, reason: Error): void;
	/** Tells the handlers that the server begins to shut down. */
	windDown(): void;
	/** Gives other attributes to the server there, which hold for the requests that are handed over from now on. */
	configure(attributes: Readonly<Record<string, unknown>>): void;
	/** Has the place leave when it handles nothing any more. No request is handed over after that. */
	stop(): void;
	/** Ends the place, whatever it does. */
	kill(): void;
	/** When the place is gone: the request, if it was not begun. Called once for each that was not reported. */
	reclaim(id: number): unknown;
}

/** How many places there are to be, and what each takes. */
export interface PlaceLimits {
	/** How many there are from the beginning. */
	readonly least: number;
	/** How many there may be, when the others are full. */
	readonly most: number;
	/** How many requests a place handles at the same time. */
	readonly each: number;
	/** How many that handle nothing are kept ready, if `most` allows it. */
	readonly spare: number;
}

/** How the places are to be. */
export interface PlacesOptions {
	/** How many there are to be, which may change. */
	limits(): PlaceLimits;
	/** Whether a place that handled so many requests, and was or was not told to end one, is not to get another. */
	spent(served: number, ended: boolean): boolean;
	/** Milliseconds that a place has to obey when it is told to end a request, or to leave; then it is killed. */
	readonly patience: number;
	/**
	 * Starts a place. Fulfilled when it can take requests, rejected when it cannot and is gone. The signal aborts
	 * when nobody waits for it any more: then it rejects when it is gone.
	 */
	start(report: (report: Report) => void, signal: AbortSignal): Promise<Place>;
	/** Closes a request that no place has. */
	release(request: unknown): void;
	/** Called with what the places cannot begin at all for. Every request fails with the same. */
	failed(error: Error): void;
	/** Called when a place died that handled no request, and so nobody is told by one. */
	died(error: Error): void;
}

/** A worker, a thread or a process, ended before it was through with a request. */
export class WorkerExitError extends Error {
	/** Always "ERR_SERVER_WORKER_EXIT". */
	readonly code: string = "ERR_SERVER_WORKER_EXIT";

	static {
		WorkerExitError.prototype.name = "WorkerExitError";
	}
}

interface Task {
	readonly id: number;
	readonly clientAddress: unknown;
	/** What the server knows the request as. */
	readonly key: unknown;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
	/** What is handed over: another object than the key when a place that died had not begun it. */
	request: unknown;
	seat: Seat | undefined;
}

/** One place, from its start to its end. */
interface Seat {
	readonly tasks: Map<number, Task>;
	readonly starting: AbortController;
	place: Place | undefined;
	/** How many requests it was handed. */
	served: number;
	/** Whether it was told to end one before it was through. */
	ended: boolean;
	/** When it had nothing to do any more, by performance.now(). */
	idleSince: number;
	/** Whether it was told to leave. */
	stopped: boolean;
	/** Of the requests that it was told to end, those that it has not answered for. */
	readonly ending: Set<number>;
	impatience: NodeJS.Timeout | undefined;
	/** Attributes that have changed while it was starting. */
	news: Readonly<Record<string, unknown>> | undefined;
}

/** Assigns requests to places: to the least busy one. */
export class Places {
	readonly #options: PlacesOptions;
	readonly #seats = new Set<Seat>();
	/** Requests for which no place has room, the oldest first. */
	readonly #queue: Task[] = [];
	readonly #tasks = new Map<unknown, Task>();
	readonly #backoff = new Backoff();
	readonly #stop = new AbortController();
	#lastId = 0;
	/** Whether a place could ever be started. */
	#proven = false;
	#failure: { error: Error } | undefined = undefined;
	#windingDown = false;
	/** How many wait to be started again, after a pause. */
	#paused = 0;
	#closed: (() => void) | undefined = undefined;
	/** Fulfilled when, after close(), every place is gone. */
	readonly gone: Promise<void>;
	/** Fulfilled when a place can take requests, or none is kept; rejects when none could be started. */
	readonly ready: Promise<void>;
	#onReady: () => void = () => {};
	#onFailure: (error: Error) => void = () => {};

	constructor(options: PlacesOptions) {
		this.#options = options;
		this.gone = new Promise((resolve) => {
			this.#closed = resolve;
		});
		this.ready = new Promise((resolve, reject) => {
			this.#onReady = resolve;
			this.#onFailure = reject;
		});
		// Whoever waits for it is told.
		this.ready.catch(() => {});
		const { least } = options.limits();
		for (let count = 0; count < least; count++) this.#start();
		this.replenish();
		if (this.#seats.size === 0) this.#onReady();
	}

	/** How many places there are, those that are starting too. */
	get size(): number {
		return this.#seats.size;
	}

	/** Whether all requests that were handed over are over. */
	get idle(): boolean {
		return this.#queue.length === 0 && [...this.#seats].every(({ tasks }) => tasks.size === 0);
	}

	/** Has a request handled, and settles as its handler does. A WorkerExitError tells that its place died. */
	run(request: unknown, clientAddress: unknown): Promise<void> {
		if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
		return new Promise((resolve, reject) => {
			const id = ++this.#lastId;
			const task: Task = { id, key: request, request, clientAddress, resolve, reject, seat: undefined };
			this.#tasks.set(request, task);
			this.#assign(task);
		});
	}

	/** Ends a request: run() settles when its place says so, or is gone. */
	end(request: unknown, reason: Error): void {
		const task = this.#tasks.get(request);
		if (task === undefined) return;
		const { seat } = task;
		if (seat === undefined) {
			this.#queue.splice(this.#queue.indexOf(task), 1);
			this.#options.release(task.request);
			this.#settle(task, () => task.reject(reason));
			this.#stopIdle();
			return;
		}
		seat.place?.end(task.id, reason);
		seat.ended = true;
		seat.ending.add(task.id);
		this.#expectObedience(seat);
	}

	/** Starts as many places as are missing to the spare ones. */
	replenish(): void {
		const { most, spare } = this.#options.limits();
		if (spare === 0 || this.#closing || this.#paused > 0) return;
		const ready = [...this.#seats].filter(({ tasks, stopped }) => tasks.size === 0 && !stopped).length;
		let missing = spare - ready + this.#queue.length;
		while (missing-- > 0 && this.#seats.size < most) this.#start();
	}

	/** Has places leave of which there are more than are to be spare, and that have had nothing to do for so long. */
	collect(milliseconds: number): void {
		const { least, spare } = this.#options.limits();
		const seats = [...this.#seats].filter(({ stopped }) => !stopped);
		const idle = seats.filter(({ place, tasks }) => place !== undefined && tasks.size === 0);
		const latest = performance.now() - milliseconds;
		let surplus = Math.min(idle.length - spare, seats.length - least);
		for (const seat of idle.sort((a, b) => a.idleSince - b.idleSince)) {
			if (surplus-- <= 0 || seat.idleSince > latest) return;
			this.#stopSeat(seat);
		}
	}

	/** Tells the handlers that the server begins to shut down. */
	windDown(): void {
		this.#windingDown = true;
		for (const { place } of this.#seats) place?.windDown();
	}

	/** Gives other attributes to the servers in all places. */
	configure(attributes: Readonly<Record<string, unknown>>): void {
		for (const seat of this.#seats) {
			if (seat.place === undefined) seat.news = { ...seat.news, ...attributes };
			else seat.place.configure(attributes);
		}
	}

	/** Has the places leave when what was handed over is over. `gone` tells when they are gone. */
	close(): Promise<void> {
		this.#stop.abort();
		this.#stopIdle();
		this.#checkClosed();
		return this.gone;
	}

	get #closing(): boolean {
		return this.#stop.signal.aborted;
	}

	#assign(task: Task): void {
		const seat = this.#leastBusy();
		if (seat !== undefined) {
			this.#serve(seat, task);
			return;
		}
		this.#queue.push(task);
		this.#startForQueue();
		this.replenish();
	}

	#leastBusy(): Seat | undefined {
		let best: Seat | undefined;
		let least = this.#options.limits().each;
		for (const seat of this.#seats) {
			if (seat.place === undefined || seat.stopped || seat.tasks.size >= least) continue;
			best = seat;
			least = seat.tasks.size;
		}
		return best;
	}

	#serve(seat: Seat, task: Task): void {
		try {
			seat.place?.serve(task.id, task.request, task.clientAddress);
		} catch (error) {
			this.#settle(task, () => task.reject(error));
			return;
		}
		seat.served++;
		task.seat = seat;
		seat.tasks.set(task.id, task);
		this.replenish();
	}

	#start(): void {
		const seat: Seat = {
			tasks: new Map(),
			starting: new AbortController(),
			place: undefined,
			served: 0,
			ended: false,
			idleSince: 0,
			stopped: false,
			ending: new Set(),
			impatience: undefined,
			news: undefined,
		};
		this.#seats.add(seat);
		this.#options
			.start((report) => this.#take(seat, report), seat.starting.signal)
			.then(
				(place) => this.#arrived(seat, place),
				(error: Error) => this.#left(seat, error),
			);
	}

	#arrived(seat: Seat, place: Place): void {
		seat.place = place;
		if (seat.news !== undefined) place.configure(seat.news);
		this.#proven = true;
		this.#onReady();
		seat.idleSince = performance.now();
		void place.gone.then((reason) => this.#left(seat, reason));
		// It may have been given up in the very moment in which it was there.
		if (seat.stopped) place.stop();
		else if (this.#windingDown) place.windDown();
		this.#fill(seat);
		this.#stopIdle();
	}

	/** Gives a place what waits. */
	#fill(seat: Seat): void {
		while (!seat.stopped && this.#queue.length > 0 && seat.tasks.size < this.#options.limits().each) {
			this.#serve(seat, this.#queue.shift() as Task);
		}
	}

	#take(seat: Seat, report: Report): void {
		if (report.did === "retire") this.#stopSeat(seat);
		if (report.did !== "finish" && report.did !== "fail" && report.did !== "end") return;
		if (report.did === "end") {
			seat.ending.delete(report.id);
			if (seat.ending.size === 0 && !seat.stopped) this.#expectNothing(seat);
			return;
		}
		const task = seat.tasks.get(report.id);
		if (task === undefined) return;
		seat.tasks.delete(report.id);
		if (seat.tasks.size === 0) seat.idleSince = performance.now();
		this.#backoff.reset();
		if (seat.stopped || this.#options.spent(seat.served, seat.ended)) this.#stopSeat(seat);
		this.#settle(task, () =>
			report.did === "finish" ? task.resolve() : task.reject(errorFrom(report.error)),
		);
		this.#fill(seat);
		this.#stopIdle();
	}

	#settle(task: Task, settle: () => void): void {
		this.#tasks.delete(task.key);
		settle();
	}

	/** A place is gone, or could not be started. */
	#left(seat: Seat, reason: Error): void {
		this.#expectNothing(seat);
		this.#seats.delete(seat);
		const neverCame = seat.place === undefined && !seat.stopped;
		if (neverCame && (!this.#proven || this.#closing)) {
			this.#fail(reason);
			return;
		}
		if (seat.tasks.size === 0 && !seat.stopped && !this.#closing) this.#options.died(reason);
		this.#replace(seat);
		for (const task of seat.tasks.values()) this.#bereave(seat, task, reason);
		this.#stopIdle();
		this.#checkClosed();
	}

	/** A request lost its place: another one gets it, unless it was begun. */
	#bereave(seat: Seat, task: Task, reason: Error): void {
		const request = seat.place?.reclaim(task.id);
		if (request === undefined) {
			this.#settle(task, () => task.reject(reason));
		} else if (seat.ending.has(task.id)) {
			this.#options.release(request);
			this.#settle(task, () => task.reject(reason));
		} else {
			task.request = request;
			task.seat = undefined;
			this.#assign(task);
		}
	}

	/** No place could ever be started: the next would fail too. */
	#fail(error: Error): void {
		if (this.#failure !== undefined) return;
		this.#failure = { error };
		this.#onFailure(error);
		// The server closes them, as it has handed none of them over.
		for (const task of this.#queue.splice(0)) this.#settle(task, () => task.reject(error));
		void this.close();
		this.#options.failed(error);
	}

	/** Starts another in the place of one that is gone; after a pause if that one was of no use at all. */
	#replace(seat: Seat): void {
		if (seat.served > 0 || seat.stopped) {
			this.#startMissing();
			return;
		}
		this.#paused++;
		void this.#backoff.wait(this.#closing ? undefined : this.#stop.signal).then(() => {
			this.#paused--;
			this.#startMissing();
			this.#checkClosed();
		});
	}

	#startMissing(): void {
		const few = !this.#closing && this.#seats.size + this.#paused < this.#options.limits().least;
		if (few) this.#start();
		else this.#startForQueue();
		this.replenish();
	}

	/** Starts a place when those that are starting have no room for all who wait. */
	#startForQueue(): void {
		if (this.#queue.length === 0) return;
		const { most, each } = this.#options.limits();
		const coming = [...this.#seats].filter(({ place, stopped }) => place === undefined && !stopped).length;
		const starting = coming + this.#paused;
		if (starting > 0 && this.#queue.length <= starting * each) return;
		if (this.#seats.size + this.#paused < most) this.#start();
	}

	/** When the places are to leave: those that nobody needs any more. */
	#stopIdle(): void {
		if (!this.#closing || this.#queue.length > 0) return;
		for (const seat of this.#seats) {
			if (seat.tasks.size === 0) this.#stopSeat(seat);
		}
	}

	/** Has a place leave when it is through with what it has. */
	#stopSeat(seat: Seat): void {
		if (!seat.stopped) {
			seat.stopped = true;
			seat.starting.abort();
			seat.place?.stop();
		}
		if (seat.tasks.size === 0) this.#expectObedience(seat);
	}

	/** Kills a place that does not do what it was told within the time that it has. */
	#expectObedience(seat: Seat): void {
		seat.impatience ??= setTimeout(() => {
			// This thread may have been held up itself: let it hear first what was said meanwhile.
			setImmediate(() => {
				if (seat.impatience !== undefined) seat.place?.kill();
			});
		}, this.#options.patience);
	}

	#expectNothing(seat: Seat): void {
		clearTimeout(seat.impatience);
		seat.impatience = undefined;
	}

	#checkClosed(): void {
		if (this.#closing && this.#seats.size === 0 && this.#paused === 0 && this.#queue.length === 0) {
			this.#onReady(); // Nobody is to wait for it any more.
			this.#closed?.();
		}
	}
}
