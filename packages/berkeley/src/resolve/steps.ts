/**
 * How a look-up is run. Each is written once, as a generator of the C calls that it needs; one driver makes
 * them on this thread, which waits, and one on the runtime's thread pool.
 */

/** One C call, and the native memory that it uses. */
export interface Call {
	/** Held until the call has ended: the C function works in this memory. */
	readonly memory: unknown;
	/** Makes the call on this thread. */
	here(): number;
	/** Makes the call on a thread of the pool. */
	inPool(): Promise<number>;
}

/**
 * A look-up: yields its calls, is given the result of each, and returns the answer. It frees what C has
 * allocated in `finally` blocks, because a look-up that was aborted ends at its `yield`.
 */
export type Steps<T> = Generator<Call, T, number>;

/** Runs a look-up on this thread. */
export function runSync<T>(steps: Steps<T>): T {
	let step = steps.next();
	while (!step.done) step = steps.next(step.value.here());
	return step.value;
}

/**
 * Runs a look-up on the thread pool. When the signal is aborted the promise rejects with its reason at once;
 * a call that has begun cannot be stopped, so it ends unseen and its memory is freed then.
 */
export async function run<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
	signal?.throwIfAborted();
	const work = advance(steps, signal);
	if (signal === undefined) return work;
	let abort: (() => void) | undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		abort = () => reject(signal.reason);
		signal.addEventListener("abort", abort);
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		if (abort !== undefined) signal.removeEventListener("abort", abort);
	}
}

async function advance<T>(steps: Steps<T>, signal: AbortSignal | undefined): Promise<T> {
	let step = steps.next();
	while (!step.done) {
		const call = step.value;
		await lane();
		let result = 0;
		if (signal?.aborted) {
			leave();
		} else {
			inFlight.add(call);
			try {
				result = await call.inPool();
			} finally {
				inFlight.delete(call);
				leave();
			}
		}
		if (signal?.aborted) {
			steps.return(undefined as never);
			throw signal.reason;
		}
		step = steps.next(result);
	}
	return step.value;
}

// Nothing but this set may refer to a call while C is working in its memory.
const inFlight = new Set<Call>();

// A look-up can hold its thread for many seconds. File and crypto operations share the pool, so look-ups use
// half of it at most, as those of Node's own `dns.lookup` do. It also keeps koffi's limit of 256 calls away.
const poolSize = Number(process.env.UV_THREADPOOL_SIZE) || 4;
const lanes = Math.min(Math.max((poolSize + 1) >> 1, 1), 64);
let taken = 0;
const queue: (() => void)[] = [];

async function lane(): Promise<void> {
	if (taken < lanes) taken++;
	else await new Promise<void>((resolve) => queue.push(resolve));
}

// The lane goes to the first in the queue, without becoming free in between.
function leave(): void {
	const next = queue.shift();
	if (next) next();
	else taken--;
}
