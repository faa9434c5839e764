/**
 * The attributes of netlink messages, struct nlattr: written one after another, and read from any bytes without
 * going beyond them.
 */
import { decodeEscaped } from "../../address/surrogateescape.js";
import { NLA_ALIGNTO, NLA_HDRLEN } from "../../sys/linux/constants/netlink.js";

/** What is left of an attribute's type without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const typeMask = 0x3fff;

const aligned = (length: number): number => (length + NLA_ALIGNTO - 1) & ~(NLA_ALIGNTO - 1);

/** An attribute to send. */
export interface OutgoingAttribute {
	type: number;
	data: Uint8Array;
}

/** An attribute of 32 bits. */
export function attribute32(type: number, value: number): OutgoingAttribute {
	const data = Buffer.alloc(4);
	data.writeUInt32LE(value);
	return { type, data };
}

/** The bytes of attributes, each padded to four bytes. */
export function encodeAttributes(attributes: readonly OutgoingAttribute[]): Buffer {
	const parts = attributes.map(({ type, data }) => {
		const bytes = Buffer.alloc(aligned(NLA_HDRLEN + data.length));
		bytes.writeUInt16LE(NLA_HDRLEN + data.length, 0);
		bytes.writeUInt16LE(type, 2);
		bytes.set(data, NLA_HDRLEN);
		return bytes;
	});
	return Buffer.concat(parts);
}

/** Received attributes. What is missing, or shorter than what it should be, is undefined. */
export class Attributes {
	readonly #bytes: Buffer;
	/** Of each attribute its type, and where its data begin and end. They are few: looking is as fast as a table. */
	readonly #places: number[] = [];

	/** Reads the attributes from `start` to `end`; the first that is broken ends them. */
	constructor(bytes: Buffer, start = 0, end: number = bytes.length) {
		this.#bytes = bytes;
		for (let at = start; at + NLA_HDRLEN <= end; ) {
			const length = bytes.readUInt16LE(at);
			if (length < NLA_HDRLEN || at + length > end) break;
			this.#places.push(bytes.readUInt16LE(at + 2) & typeMask, at + NLA_HDRLEN, at + length);
			at += aligned(length);
		}
	}

	/** The data, a part of the message and valid as long as that. */
	bytes(type: number): Buffer | undefined {
		const place = this.#find(type, 0);
		return place < 0 ? undefined : this.#bytes.subarray(this.#start(place), this.#end(place));
	}

	/** The texts of all attributes of a type. */
	texts(type: number): string[] {
		const found: string[] = [];
		for (let place = 0; place < this.#places.length; place += 3) {
			if (this.#places[place] !== type) continue;
			found.push(textOf(this.#bytes.subarray(this.#start(place), this.#end(place))));
		}
		return found;
	}

	/** A text, up to its NUL. */
	text(type: number): string | undefined {
		const data = this.bytes(type);
		return data && textOf(data);
	}

	/** The attributes within. */
	nested(type: number): Attributes | undefined {
		const place = this.#find(type, 0);
		return place < 0 ? undefined : new Attributes(this.#bytes, this.#start(place), this.#end(place));
	}

	/** One byte. */
	u8(type: number): number | undefined {
		const place = this.#find(type, 1);
		return place < 0 ? undefined : this.#bytes.readUInt8(this.#start(place));
	}

	/** Two bytes. */
	u16(type: number): number | undefined {
		const place = this.#find(type, 2);
		return place < 0 ? undefined : this.#bytes.readUInt16LE(this.#start(place));
	}

	/** Two bytes, big-endian. */
	u16be(type: number): number | undefined {
		const place = this.#find(type, 2);
		return place < 0 ? undefined : this.#bytes.readUInt16BE(this.#start(place));
	}

	/** Four bytes. */
	u32(type: number): number | undefined {
		const place = this.#find(type, 4);
		return place < 0 ? undefined : this.#bytes.readUInt32LE(this.#start(place));
	}

	/** Four bytes with a sign. */
	s32(type: number): number | undefined {
		const place = this.#find(type, 4);
		return place < 0 ? undefined : this.#bytes.readInt32LE(this.#start(place));
	}

	/** The place of the attribute of a type: of several the last counts, as for the kernel. -1 when it is too short. */
	#find(type: number, size: number): number {
		let place = this.#places.length - 3;
		while (place >= 0 && this.#places[place] !== type) place -= 3;
		return place >= 0 && this.#end(place) - this.#start(place) >= size ? place : -1;
	}

	#start(place: number): number {
		return this.#places[place + 1] as number;
	}

	#end(place: number): number {
		return this.#places[place + 2] as number;
	}
}

function textOf(data: Buffer): string {
	const end = data.indexOf(0);
	return decodeEscaped(data, 0, end < 0 ? data.length : end);
}
