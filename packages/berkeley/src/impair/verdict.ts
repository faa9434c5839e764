/**
 * What happens to a packet, and how bytes look after it.
 */

/** What happens to a packet. Plain data: a log of verdicts can be kept as JSON, and replayed. */
export interface Verdict {
	/** Which way it goes: "send" and "receive" of a socket, "there" and "back" of links and proxies. */
	readonly direction: string;
	/** Which of a proxy's clients it belongs to, from 1 on; absent where there is one alone. */
	readonly flow?: number;
	/** Its number among those of its direction and flow, lost ones included; the first is 1. */
	readonly packet: number;
	/** How many bytes it had. */
	readonly length: number;
	/** It does not arrive: "loss" was wanted, or too many packets waited already, "limit". */
	readonly lost?: "loss" | "limit";
	/** It is cut to so many bytes. */
	readonly cut?: number;
	/** Which bits are flipped; bit 0 is the highest of the first byte. */
	readonly flipped?: readonly number[];
	/** How many more of it there are. */
	readonly copies?: number;
	/** How many packets it is to let by. */
	readonly distance?: number;
	/** How many milliseconds it waits for these at most. */
	readonly patience?: number;
	/** How many milliseconds it takes, the wait for the rate included. */
	readonly delay?: number;
	/** Meanwhile others, which take less, overtake it. */
	readonly overtaken?: true;
}

/** Whether nothing happens to a packet. */
export function isUnharmed(verdict: Verdict): boolean {
	return (
		verdict.lost === undefined &&
		verdict.cut === undefined &&
		verdict.flipped === undefined &&
		verdict.copies === undefined &&
		verdict.distance === undefined &&
		verdict.delay === undefined
	);
}

/** The bytes as a verdict leaves them: cut, and with bits flipped. The same bytes, if it does not touch them; else a copy. */
export function impairBytes(bytes: Uint8Array, verdict: Pick<Verdict, "cut" | "flipped">): Uint8Array {
	const { cut, flipped } = verdict;
	if (cut === undefined && flipped === undefined) return bytes;
	const copy = new Uint8Array(bytes.subarray(0, cut ?? bytes.length));
	for (const bit of flipped ?? []) {
		const at = bit >>> 3;
		if (at < copy.length) copy[at] = (copy[at] as number) ^ (0x80 >>> (bit & 7));
	}
	return copy;
}

/** A verdict in words: "lost", "cut to 10 bytes, copied 1×, delayed 20 ms"; "unharmed". */
export function describeVerdict(verdict: Verdict): string {
	const { lost, cut, flipped, copies, distance, delay } = verdict;
	if (lost !== undefined) return lost === "limit" ? "lost: too many packets waited" : "lost";
	const words: string[] = [];
	if (cut !== undefined) words.push(`cut to ${cut} of ${verdict.length} bytes`);
	if (flipped !== undefined)
		words.push(`bit${flipped.length === 1 ? "" : "s"} ${flipped.join(", ")} flipped`);
	if (copies !== undefined) words.push(`copied ${copies}×`);
	if (distance !== undefined) words.push(`held back for ${distance} to pass`);
	if (delay !== undefined) words.push(`delayed ${delay} ms`);
	return words.join(", ") || "unharmed";
}
