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
	/** By type, where its data begin and end. Of attributes of one type the last counts, as for the kernel. */
	readonly #places = new Map<number, readonly [start: number, end: number]>();
	/** All in their order, for lists whose attributes are of one type. */
	readonly #list: (readonly [type: number, start: number, end: number])[] = [];

	/** Reads the attributes from `start` to `end`; the first that is broken ends them. */
	constructor(bytes: Buffer, start = 0, end: number = bytes.length) {
		this.#bytes = bytes;
		for (let at = start; at + NLA_HDRLEN <= end; ) {
			const length = bytes.readUInt16LE(at);
			if (length < NLA_HDRLEN || at + length > end) break;
			const type = bytes.readUInt16LE(at + 2) & typeMask;
			this.#places.set(type, [at + NLA_HDRLEN, at + length]);
			this.#list.push([type, at + NLA_HDRLEN, at + length]);
			at += aligned(length);
		}
	}

	/** Whether there is one of a type. */
	has(type: number): boolean {
		return this.#places.has(type);
	}

	/** The data, a part of the message and valid as long as that. */
	bytes(type: number): Buffer | undefined {
		const place = this.#places.get(type);
		return place && this.#bytes.subarray(...place);
	}

	/** The texts of all attributes of a type. */
	texts(type: number): string[] {
		return this.#list
			.filter(([each]) => each === type)
			.map(([, start, end]) => textOf(this.#bytes.subarray(start, end)));
	}

	/** A text, up to its NUL. */
	text(type: number): string | undefined {
		const data = this.bytes(type);
		return data && textOf(data);
	}

	/** The attributes within. */
	nested(type: number): Attributes | undefined {
		const place = this.#places.get(type);
		return place && new Attributes(this.#bytes, ...place);
	}

	/** One byte. */
	u8(type: number): number | undefined {
		return this.#at(type, 1)?.readUInt8();
	}

	/** Two bytes. */
	u16(type: number): number | undefined {
		return this.#at(type, 2)?.readUInt16LE();
	}

	/** Two bytes, big-endian. */
	u16be(type: number): number | undefined {
		return this.#at(type, 2)?.readUInt16BE();
	}

	/** Four bytes. */
	u32(type: number): number | undefined {
		return this.#at(type, 4)?.readUInt32LE();
	}

	/** Four bytes with a sign. */
	s32(type: number): number | undefined {
		return this.#at(type, 4)?.readInt32LE();
	}

	#at(type: number, size: number): Buffer | undefined {
		const data = this.bytes(type);
		return data !== undefined && data.length >= size ? data : undefined;
	}
}

function textOf(data: Buffer): string {
	const end = data.indexOf(0);
	return decodeEscaped(data, 0, end < 0 ? data.length : end);
}
