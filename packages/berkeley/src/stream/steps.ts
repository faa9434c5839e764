/**
 * What a file does is written once, as steps that ask for bytes or offer some; two drivers make the steps, one
 * in the event loop and one that blocks the thread.
 */
import { checkTimeout, checkWaitOptions, type WaitOptions } from "../arguments.js";
import { timeoutError } from "../errors.js";
import type { AsyncByteChannel, ByteChannel } from "./channel.js";
import type { Patience } from "./patience.js";

/** What is asked of the channel: at most so many bytes, or to take some of these. */
type Step = { readonly receive: number } | { readonly send: Uint8Array };

/** An operation in steps. It keeps nothing of its own between two of them that must not be lost. */
export type Steps<T> = Generator<Step, T, Buffer | number>;

/** Asks for at most `size` bytes. */
export function* receive(size: number): Steps<Buffer> {
	return (yield { receive: size }) as Buffer;
}

/** Offers bytes; the count that was taken. */
export function* send(bytes: Uint8Array): Steps<number> {
	return (yield { send: bytes }) as number;
}

/** Makes the steps in the event loop. */
export async function walk<T>(channel: AsyncByteChannel, steps: Steps<T>, patience: Patience): Promise<T> {
	let next = steps.next();
	while (next.done !== true) {
		const step = next.value;
		let answer: Buffer | number;
		try {
			const rest = patience.rest();
			answer =
				"receive" in step
					? await channel.recv(step.receive, 0, rest)
					: await channel.send(step.send, 0, rest);
		} catch (error) {
			// What the operation had taken out of a buffer it puts back.
			next = steps.throw(error);
			continue;
		}
		next = steps.next(answer);
	}
	return next.value;
}

/** Makes the steps, blocking the thread. */
export function walkSync<T>(
	channel: ByteChannel,
	syscall: string,
	steps: Steps<T>,
	options: WaitOptions | undefined,
): T {
	checkWaitOptions(options);
	options?.signal?.throwIfAborted();
	const asked = options?.timeout;
	const timeout = asked === undefined ? (channel.gettimeout?.() ?? null) : checkTimeout("timeout", asked);
	const deadline = timeout === null ? null : performance.now() + timeout;
	let next = steps.next();
	while (next.done !== true) {
		const step = next.value;
		let answer: Buffer | number;
		try {
			const left = deadline === null ? null : Math.max(0, Math.ceil(deadline - performance.now()));
			if (left === 0 && timeout !== 0) throw timeoutError(syscall, timeout ?? 0);
			answer =
				"receive" in step
					? channel.recvSync(step.receive, 0, { timeout: left })
					: channel.sendSync(step.send, 0, { timeout: left });
		} catch (error) {
			next = steps.throw(error);
			continue;
		}
		next = steps.next(answer);
	}
	return next.value;
}
