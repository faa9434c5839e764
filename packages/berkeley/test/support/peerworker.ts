/**
 * The thread behind support/peer.ts: takes a list of steps and performs it, as a rule once the main thread
 * sleeps, be it in a blocking call or in its event loop. Descriptors belong to the process, so they come as
 * numbers.
 */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type Address, close, dup, SHUT_WR, Socket } from "../../src/index.js";

/** One thing that the other end does. `fd` is the descriptor of a socket that stays the main thread's. */
export type Step =
	/** Waits until the main thread sleeps. */
	| { do: "await sleep" }
	| { do: "send"; fd: number; data: string | Uint8Array; flags?: number }
	/** Receives `count` bytes, at most `chunk` at a time, with the main thread asleep before each of them. */
	| { do: "trickle"; fd: number; count: number; chunk: number }
	/** Receives `count` bytes and returns how many there were until the end. */
	| { do: "receive"; fd: number; count: number }
	| { do: "end"; fd: number }
	/** Closes a descriptor, which the main thread has detached. */
	| { do: "close"; fd: number }
	/** Connects, sends a greeting and closes. */
	| { do: "connect"; family: number; type: number; address: Address; data?: string }
	/** Accepts a connection and closes it. */
	| { do: "accept"; fd: number };

/** What a list of steps comes to: a number for each step. */
export type StepResults = number[] | { error: string };

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Waits until the main thread, whose id we were given, has been asleep for some looks in a row. */
function awaitSleep(): void {
	for (let asleep = 0; asleep < 4; ) {
		const stat = readFileSync(`/proc/self/task/${workerData}/stat`, "latin1");
		asleep = stat[stat.lastIndexOf(")") + 2] === "S" ? asleep + 1 : 0;
		Atomics.wait(pause, 0, 0, 1);
	}
}

/** Calls with an object of this thread for the main thread's socket. */
function borrow<T>(fd: number, call: (socket: Socket) => T): T {
	const own = dup(fd);
	using socket = new Socket(undefined, undefined, undefined, { fileno: own });
	return call(socket);
}

function receive(socket: Socket, count: number, chunk: number, between?: () => void): number {
	let total = 0;
	while (total < count) {
		between?.();
		const size = socket.recvSync(Math.min(chunk, count - total)).length;
		if (size === 0) break;
		total += size;
	}
	return total;
}

function perform(step: Step): number {
	switch (step.do) {
		case "await sleep":
			awaitSleep();
			return 0;
		case "send":
			return borrow(step.fd, (socket) => {
				socket.sendallSync(step.data, step.flags);
				return Buffer.byteLength(step.data);
			});
		case "trickle":
			return borrow(step.fd, (socket) => receive(socket, step.count, step.chunk, awaitSleep));
		case "receive":
			return borrow(step.fd, (socket) => receive(socket, step.count, 0x10000));
		case "end":
			return borrow(step.fd, (socket) => {
				socket.shutdown(SHUT_WR);
				return 0;
			});
		case "close":
			close(step.fd);
			return 0;
		case "connect": {
			using socket = new Socket(step.family, step.type);
			socket.connectSync(step.address);
			if (step.data !== undefined) socket.sendallSync(step.data);
			return 0;
		}
		case "accept":
			return borrow(step.fd, (socket) => {
				socket.acceptSync()[0].close();
				return 0;
			});
	}
}

parentPort?.on("message", (steps: Step[]) => {
	let results: StepResults;
	try {
		results = steps.map(perform);
	} catch (error) {
		results = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
	parentPort?.postMessage(results);
});
parentPort?.postMessage("ready");
