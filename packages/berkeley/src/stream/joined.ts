/**
 * Gathering what is written in pieces, so that it is sent in few calls.
 */

// Pieces up to this much are joined for one send: a copy is cheaper than a system call.
const largestJoin = 0x10000;

/** The pieces in order, neighbours joined as long as they are small. */
export function* joined(chunks: Buffer[]): Generator<Buffer, void, undefined> {
	let run: Buffer[] = [];
	let size = 0;
	for (const chunk of chunks) {
		if (size > 0 && size + chunk.byteLength > largestJoin) {
			yield run.length === 1 ? (run[0] as Buffer) : Buffer.concat(run, size);
			run = [];
			size = 0;
		}
		run.push(chunk);
		size += chunk.byteLength;
	}
	if (size > 0) yield run.length === 1 ? (run[0] as Buffer) : Buffer.concat(run, size);
}
