/**
 * Fragments of IP packets put together again: RFC 791 section 3.2, RFC 815, RFC 8200 section 4.5; overlaps as RFC 5722
 * says, atomic fragments as RFC 6946, congestion marks as RFC 3168 section 5.3.
 */
import { checkBytes, checkInteger } from "../address/bytes.js";
import { copyOf, u8, u16 } from "./bytes.js";
import { perFragment, withoutFragmentHeader, withoutOffset } from "./fragments.js";

/** What a Reassembler may keep. */
export interface ReassemblerOptions {
	/** For how many milliseconds after its first fragment a packet is waited for; 60,000 when left out. */
	readonly timeout?: number;
	/** How many packets are waited for at a time; 1024 when left out. */
	readonly maxPackets?: number;
	/** How much memory they take, in bytes, about 100 for each fragment included; 4 MiB when left out. */
	readonly maxBytes?: number;
}

/** How many packets were given up, and fragments left out, and why. */
export interface Discarded {
	/** Packets of which two fragments covered the same bytes, but for a fragment that came twice. */
	overlap: number;
	/** Packets whose other fragments did not come in time. */
	timeout: number;
	/** Packets that were waited for longest when there were too many. */
	limit: number;
	/** Fragments cut off, of a length that cannot be, or behind the longest packet; and packets with wrong marks. */
	malformed: number;
}

/** What a piece takes in memory beside its bytes, about. */
const overhead = 100;
const longest = 0xffff;

interface Piece {
	readonly start: number;
	readonly data: Uint8Array;
}

/** A fragment, as it is in its packet. */
interface Found {
	readonly key: string;
	readonly headers: Uint8Array;
	/** IPv6: where the number is of what follows the headers, and what it becomes; IPv4: -1. */
	readonly nextAt: number;
	readonly next: number;
	readonly start: number;
	readonly more: boolean;
	readonly data: Uint8Array;
	readonly ecn: number;
}

/** A packet that is waited for. */
class Waiting {
	readonly since: number;
	/** In their order. */
	readonly pieces: Piece[] = [];
	first: Found | undefined = undefined;
	/** How long the whole is; -1 while that is not known. */
	total = -1;
	/** How much of it is there. */
	there = 0;
	/** What it takes in memory. */
	size = overhead;
	/** Which marks of congestion there were: a bit for each. */
	marks = 0;
	/** Whether fragments overlapped: then what still comes is left out. */
	isBad = false;

	constructor(since: number) {
		this.since = since;
	}

	/**
	 * Takes a fragment in.
	 * @returns whether it overlaps with one that is another
	 */
	add(found: Found): boolean {
		const { start, data, more } = found;
		const end = start + data.length;
		if (this.total >= 0 && (end > this.total || (!more && end !== this.total))) return true;
		const { pieces } = this;
		const index = this.#indexOf(start);
		const before = pieces[index - 1];
		const after = pieces[index];
		if (after !== undefined && after.start === start && equal(after.data, data)) return false;
		if (before !== undefined && before.start + before.data.length > start) return true;
		if (after !== undefined && after.start < end) return true;
		// A last one before others contradicts them.
		if (!more && after !== undefined) return true;
		pieces.splice(index, 0, { start, data: copyOf(data) });
		this.there += data.length;
		this.size += data.length + overhead;
		this.marks |= 1 << found.ecn;
		if (!more) this.total = end;
		if (start === 0) this.first = { ...found, headers: copyOf(found.headers), data: nothing };
		return false;
	}

	/** Where a piece belongs that begins at `start`. */
	#indexOf(start: number): number {
		let low = 0;
		let high = this.pieces.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.pieces[middle] as Piece).start < start) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** The payload of the whole. */
	join(): Uint8Array {
		const payload = new Uint8Array(this.there);
		for (const { start, data } of this.pieces) payload.set(data, start);
		return payload;
	}
}

const nothing = new Uint8Array(0);

function equal(one: Uint8Array, other: Uint8Array): boolean {
	return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/**
 * Puts fragments of IPv4 and IPv6 together, within limits of memory and time, so that it may be given what strangers
 * send. Packets whose fragments overlap are given up, for what they mean depends on who reads them.
 */
export class Reassembler {
	readonly #timeout: number;
	readonly #maxPackets: number;
	readonly #maxBytes: number;
	readonly #waiting = new Map<string, Waiting>();
	#bytes = 0;
	/** How much was given up, and why. */
	readonly discarded: Discarded = { overlap: 0, timeout: 0, limit: 0, malformed: 0 };

	/** Begins without fragments. */
	constructor(options: ReassemblerOptions = {}) {
		const { timeout = 60_000, maxPackets = 1024, maxBytes = 4 << 20 } = options;
		this.#timeout = checkInteger(timeout, 1, Number.MAX_SAFE_INTEGER, "timeout");
		this.#maxPackets = checkInteger(maxPackets, 1, Number.MAX_SAFE_INTEGER, "maxPackets");
		this.#maxBytes = checkInteger(maxBytes, 1, Number.MAX_SAFE_INTEGER, "maxBytes");
	}

	/** How many packets are waited for. */
	get packets(): number {
		return this.#waiting.size;
	}

	/** How much memory they take, in bytes, about. */
	get bytes(): number {
		return this.#bytes;
	}

	/**
	 * Takes a packet in.
	 * @param packet begins with its IP header
	 * @param now the time in milliseconds, of any clock that does not go back, such as that of a capture
	 * @returns the packet itself when it is no fragment (bytes that are no IP packet are none); the whole when its last
	 * missing fragment came; undefined when it is waited for more, or given up
	 */
	add(packet: Uint8Array, now: number = Date.now()): Uint8Array | undefined {
		checkBytes(packet, "packet");
		this.#expire(now);
		const found = fragmentOf(packet);
		if (found === undefined) return packet;
		const { start, more, data, next, nextAt, headers } = found;
		const isCut = more && data.length % 8 !== 0;
		const fixed = nextAt < 0 ? headers.length : headers.length - 40;
		if (isCut || data.length === 0 || start + data.length + fixed > longest) {
			this.discarded.malformed++;
			return undefined;
		}
		if (start === 0 && !more) return withoutFragmentHeader(headers, nextAt, next, data);
		let waiting = this.#waiting.get(found.key);
		if (waiting === undefined) {
			waiting = new Waiting(now);
			this.#waiting.set(found.key, waiting);
			this.#bytes += waiting.size;
		}
		if (waiting.isBad) return undefined;
		const before = waiting.size;
		if (waiting.add(found)) {
			this.#spoil(waiting);
			return undefined;
		}
		this.#bytes += waiting.size - before;
		if (waiting.there === waiting.total && waiting.first !== undefined) {
			this.#forget(found.key, waiting);
			return this.#join(waiting, waiting.first);
		}
		this.#limit();
		return undefined;
	}

	#join(waiting: Waiting, { headers, nextAt, next }: Found): Uint8Array | undefined {
		const { marks } = waiting;
		const isCongested = (marks & 8) !== 0;
		// A mark among fragments that cannot bear one.
		const fixed = nextAt < 0 ? headers.length : headers.length - 40;
		if ((isCongested && (marks & 1) !== 0) || fixed + waiting.there > longest) {
			this.discarded.malformed++;
			return undefined;
		}
		if (isCongested) headers[1] = u8(headers, 1) | (nextAt < 0 ? 0x03 : 0x30);
		const payload = waiting.join();
		return nextAt < 0
			? withoutOffset(headers, payload)
			: withoutFragmentHeader(headers, nextAt, next, payload);
	}

	/** Gives a packet up, and what still comes of it. */
	#spoil(waiting: Waiting): void {
		this.discarded.overlap++;
		this.#bytes -= waiting.size - overhead;
		waiting.size = overhead;
		waiting.pieces.length = 0;
		waiting.first = undefined;
		waiting.isBad = true;
	}

	#forget(key: string, waiting: Waiting): void {
		this.#waiting.delete(key);
		this.#bytes -= waiting.size;
	}

	/** The oldest come first in the map. */
	#expire(now: number): void {
		for (const [key, waiting] of this.#waiting) {
			if (now - waiting.since < this.#timeout) return;
			this.#forget(key, waiting);
			if (!waiting.isBad) this.discarded.timeout++;
		}
	}

	#limit(): void {
		for (const [key, waiting] of this.#waiting) {
			if (this.#waiting.size <= this.#maxPackets && this.#bytes <= this.#maxBytes) return;
			this.#forget(key, waiting);
			if (!waiting.isBad) this.discarded.limit++;
		}
	}
}

/** The fragment that a packet is; undefined for any other. */
function fragmentOf(packet: Uint8Array): Found | undefined {
	if (packet.length < 20) return undefined;
	const version = u8(packet, 0) >>> 4;
	if (version === 4) return fragmentOf4(packet);
	return version === 6 && packet.length >= 40 ? fragmentOf6(packet) : undefined;
}

function text(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}

function fragmentOf4(packet: Uint8Array): Found | undefined {
	const field = u16(packet, 6);
	const more = (field & 0x2000) !== 0;
	const start = (field & 0x1fff) * 8;
	if (start === 0 && !more) return undefined;
	const size = (u8(packet, 0) & 15) * 4;
	const total = u16(packet, 2);
	const isWhole = size >= 20 && total >= size && total <= packet.length;
	return {
		key: text(packet.subarray(12, 20)) + text(packet.subarray(4, 6)) + text(packet.subarray(9, 10)),
		headers: packet.subarray(0, size),
		nextAt: -1,
		next: 0,
		start,
		more,
		data: isWhole ? packet.subarray(size, total) : nothing,
		ecn: u8(packet, 1) & 3,
	};
}

function fragmentOf6(packet: Uint8Array): Found | undefined {
	const total = 40 + u16(packet, 4);
	const { end, nextAt, isFragment } = perFragment(packet, Math.min(total, packet.length));
	if (!isFragment || end + 8 > packet.length) return undefined;
	const field = u16(packet, end + 2);
	const isWhole = total <= packet.length && total >= end + 8;
	return {
		key: text(packet.subarray(8, 40)) + text(packet.subarray(end + 4, end + 8)),
		headers: packet.subarray(0, end),
		nextAt,
		next: u8(packet, end),
		start: field & 0xfff8,
		more: (field & 1) !== 0,
		data: isWhole ? packet.subarray(end + 8, total) : nothing,
		ecn: (u8(packet, 1) >>> 4) & 3,
	};
}
