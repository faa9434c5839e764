/**
 * Connections over which bytes flow, of every kind, and bytes whose order shows.
 */
import { AF_UNIX, SO_SNDBUF, SOCK_STREAM, SOL_SOCKET, type Socket } from "../../src/index.js";
import { connect, connectedKinds, type Pair, unnamedPair } from "./kinds.js";

/** A way to make two ends of a stream. */
export interface Stream {
	name: string;
	skip: string | false;
	make(): Pair;
}

/** The streams. */
export const streams: readonly Stream[] = [
	...connectedKinds
		.filter(({ type }) => type === SOCK_STREAM)
		.map((kind) => ({ name: kind.name, skip: kind.skip, make: () => connect(kind) })),
	{ name: "an unnamed stream pair", skip: false, make: () => unnamedPair() },
];

/** Bytes whose place in the stream shows: no two pieces of some length are the same. */
export function pattern(size: number, from = 0): Buffer {
	const data = Buffer.allocUnsafe(size);
	for (let at = 0; at < size; at++) data[at] = ((from + at) * 7 + ((from + at) >> 8)) & 255;
	return data;
}

/** Makes the writers' buffers small, so that they have to wait soon. */
export function narrow({ client, server }: Pair): void {
	for (const socket of [client, server]) socket.setsockopt(SOL_SOCKET, SO_SNDBUF, 8192);
}

/**
 * Sends until the kernel takes no more, and goes on taking nothing: TCP finds some more room when the peer has
 * acknowledged, which it may put off for 40 ms. How many bytes that were. What was sent is `pattern()`'s.
 */
export function fill(socket: Socket): number {
	const timeout = socket.gettimeout();
	socket.settimeout(0);
	let total = 0;
	for (let refusals = 0; refusals < (socket.family === AF_UNIX ? 1 : 4); ) {
		try {
			total += socket.sendSync(pattern(0x4000, total));
			refusals = 0;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
			refusals++;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
		}
	}
	socket.settimeout(timeout);
	return total;
}

/** Receives so many bytes, or what there is until the end. */
export async function take(socket: Socket, size: number, chunk = 0x10000): Promise<Buffer> {
	const parts: Buffer[] = [];
	for (let left = size; left > 0; ) {
		const part = await socket.recv(Math.min(chunk, left));
		if (part.length === 0) break;
		parts.push(part);
		left -= part.length;
	}
	return Buffer.concat(parts);
}
