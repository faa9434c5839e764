/**
 * IP packets cut into fragments: RFC 791 section 3.2 (IPv4), RFC 8200 section 4.5 (IPv6).
 */
import { checkBytes, checkInteger, kindOf } from "../address/bytes.js";
import { put16, put32, u8, u16 } from "./bytes.js";
import { checksum } from "./checksum.js";

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
const fragmentHeaderSize = 8;

/** How a packet is cut. */
export interface FragmentOptions {
	/**
	 * What the fragments have in common: 16 bits, that of the header when left out, for IPv4; 32 bits, random when left
	 * out, for IPv6.
	 */
	readonly identification?: number;
}

/**
 * Cuts an IP packet into fragments of at most `mtu` bytes, headers included: what a router or a host does with packets
 * that are too large. A packet that is not is given back, not copied. An IPv4 fragment is cut further.
 * @param packet begins with its IPv4 or IPv6 header; bytes beyond its length are left out
 * @throws RangeError for a packet that must not be cut (`dontFragment`), that is no whole IP packet or a fragment of
 * IPv6 already, and for an `mtu` too small for the headers and eight bytes
 */
export function fragment(packet: Uint8Array, mtu: number, options: FragmentOptions = {}): Uint8Array[] {
	checkBytes(packet, "packet");
	checkInteger(mtu, 1, 0xffffffff, "mtu");
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`options must be an object, not ${kindOf(options)}`);
	}
	const version = packet.length === 0 ? 0 : u8(packet, 0) >>> 4;
	if (version === 4) return cut4(packet, mtu, options);
	if (version === 6) return cut6(packet, mtu, options);
	throw new RangeError("the packet must begin with an IPv4 or an IPv6 header");
}

/** How many bytes of payload fit into a fragment, which is a multiple of eight. */
function room(mtu: number, headers: number): number {
	const size = Math.floor((mtu - headers) / 8) * 8;
	if (size >= 8) return size;
	throw new RangeError(`mtu must be at least ${headers + 8}, for the headers and eight bytes, not ${mtu}`);
}

function whole(said: number, there: number, least: number): void {
	if (there >= said && said >= least) return;
	throw new RangeError(`the packet must be there as a whole: it says ${said} bytes, and ${there} are there`);
}

function cut4(packet: Uint8Array, mtu: number, { identification }: FragmentOptions): Uint8Array[] {
	whole(20, packet.length, 20);
	const size = (u8(packet, 0) & 15) * 4;
	const total = u16(packet, 2);
	whole(total, packet.length, Math.max(size, 20));
	if (total <= mtu) return [packet.subarray(0, total)];
	const flags = u16(packet, 6);
	if ((flags & 0x4000) !== 0) throw new RangeError("the packet must not be cut: its dontFragment is set");
	const first = packet.subarray(0, size);
	const later = laterHeader(first);
	const pieces: Uint8Array[] = [];
	const base = flags & 0x1fff;
	for (let from = size; from < total; ) {
		const header = from === size ? first : later;
		const to = Math.min(from + room(mtu, header.length), total);
		const piece = new Uint8Array(header.length + to - from);
		piece.set(header);
		piece.set(packet.subarray(from, to), header.length);
		put16(piece, 2, piece.length, "totalLength");
		if (identification !== undefined) put16(piece, 4, identification, "identification");
		const more = to < total ? 0x2000 : 0;
		const offset = base + (from - size) / 8;
		if (offset > 0x1fff) throw new RangeError("the last fragment would lie behind what an offset can say");
		put16(piece, 6, (flags & 0xe000) | more | offset, "fragmentOffset");
		put16(piece, 10, 0, "checksum");
		put16(piece, 10, checksum(piece, 0, header.length), "checksum");
		pieces.push(piece);
		from = to;
	}
	return pieces;
}

/** The header of all fragments but the first: of the options only those that say that they are to be copied. */
function laterHeader(header: Uint8Array): Uint8Array {
	const kept: number[] = [];
	for (let at = 20; at < header.length; ) {
		const kind = u8(header, at);
		if (kind === 0) break;
		const length = kind === 1 ? 1 : at + 1 < header.length ? u8(header, at + 1) : 0;
		if (length === 0 || (kind !== 1 && length < 2) || at + length > header.length) break;
		if ((kind & 0x80) !== 0) kept.push(...header.subarray(at, at + length));
		at += length;
	}
	const later = new Uint8Array(20 + Math.ceil(kept.length / 4) * 4);
	later.set(header.subarray(0, 20));
	later.set(kept, 20);
	later[0] = 0x40 | (later.length / 4);
	return later;
}

/** Where the headers end that every fragment of an IPv6 packet has. */
export interface PerFragment {
	/** Behind the headers. */
	readonly end: number;
	/** Where the number is of what follows them. */
	readonly nextAt: number;
	/** Whether a fragment header follows. */
	readonly isFragment: boolean;
}

/**
 * Looks for the end of the headers that every fragment has: the routing header and all before it, or else hop-by-hop
 * options, or else the IPv6 header.
 */
export function perFragment(packet: Uint8Array, end: number): PerFragment {
	let found: PerFragment = { end: 40, nextAt: 6, isFragment: u8(packet, 6) === FRAGMENT };
	let nextAt = 6;
	let at = 40;
	for (;;) {
		const header = u8(packet, nextAt);
		if (header === FRAGMENT) return { end: at, nextAt, isFragment: true };
		if (header !== HOP_BY_HOP && header !== ROUTING && header !== DESTINATION_OPTIONS) return found;
		if (at + 8 > end) return found;
		const behind = at + (u8(packet, at + 1) + 1) * 8;
		if (behind > end) return found;
		nextAt = at;
		at = behind;
		// Destination options belong to every fragment only before a routing header.
		if (header !== DESTINATION_OPTIONS) found = { end: at, nextAt, isFragment: false };
	}
}

function cut6(packet: Uint8Array, mtu: number, { identification }: FragmentOptions): Uint8Array[] {
	whole(40, packet.length, 40);
	const total = 40 + u16(packet, 4);
	whole(total, packet.length, 40);
	if (total <= mtu) return [packet.subarray(0, total)];
	const { end, nextAt, isFragment } = perFragment(packet, total);
	if (isFragment) throw new RangeError("the packet is a fragment already, and IPv6's are not cut further");
	const id = identification ?? (crypto.getRandomValues(new Uint32Array(1))[0] as number);
	const size = room(mtu, end + fragmentHeaderSize);
	const pieces: Uint8Array[] = [];
	for (let from = end; from < total; from += size) {
		const to = Math.min(from + size, total);
		const piece = new Uint8Array(end + fragmentHeaderSize + to - from);
		piece.set(packet.subarray(0, end));
		piece.set(packet.subarray(from, to), end + fragmentHeaderSize);
		put16(piece, 4, piece.length - 40, "payloadLength");
		piece[nextAt] = FRAGMENT;
		piece[end] = u8(packet, nextAt);
		put16(piece, end + 2, (from - end) | (to < total ? 1 : 0), "fragmentOffset");
		put32(piece, end + 4, id, "identification");
		pieces.push(piece);
	}
	return pieces;
}

/** Takes the fragment header out of a packet of IPv6, and puts a payload behind what stood before it. */
export function withoutFragmentHeader(
	headers: Uint8Array,
	nextAt: number,
	next: number,
	payload: Uint8Array,
): Uint8Array {
	const packet = new Uint8Array(headers.length + payload.length);
	packet.set(headers);
	packet.set(payload, headers.length);
	packet[nextAt] = next;
	put16(packet, 4, packet.length - 40, "payloadLength");
	return packet;
}

/** Puts a payload behind a header of IPv4, which becomes that of a whole packet. */
export function withoutOffset(header: Uint8Array, payload: Uint8Array): Uint8Array {
	const packet = new Uint8Array(header.length + payload.length);
	packet.set(header);
	packet.set(payload, header.length);
	put16(packet, 2, packet.length, "totalLength");
	put16(packet, 6, u16(packet, 6) & 0xc000, "fragmentOffset");
	put16(packet, 10, 0, "checksum");
	put16(packet, 10, checksum(packet, 0, header.length), "checksum");
	return packet;
}
