/**
 * Captures for tests: arbitraries of what files hold, and bytes made by hand of what the library does not write.
 */
import fc from "fast-check";
import { formatInet6 } from "../../src/address/inet6.js";
import { formatMac } from "../../src/address/mac.js";
import {
	type CaptureBlock,
	CaptureEncoder,
	type CaptureEncoderOptions,
	CaptureParser,
	type CaptureSection,
	type DecryptionSecrets,
	type FileInterface,
	type FilePacket,
	type InterfaceDescription,
	type NameResolution,
} from "../../src/capture/index.js";

type Members = Record<string, fc.Arbitrary<unknown>>;

/** An object with all members. */
function all<T>(members: { [Name in keyof T]: fc.Arbitrary<T[Name]> }): fc.Arbitrary<T> {
	return fc.record(members, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

/** An object with some of the members. */
function some<T>(members: Members): fc.Arbitrary<T> {
	return fc.record(members, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<T>;
}

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((value) => Uint8Array.from(value));
const u32 = fc.nat({ max: 0xffffffff });
const large = fc.nat({ max: Number.MAX_SAFE_INTEGER });
// The numbers that no table of options has.
const options = fc.array(all({ code: fc.integer({ min: 100, max: 65535 }), bytes: bytes(20) }), {
	minLength: 1,
	maxLength: 3,
});
const commented: fc.Arbitrary<object> = fc.oneof(
	fc.constant({}),
	all({ comment: text }),
	all({ comment: text, furtherComments: fc.array(text, { minLength: 1, maxLength: 3 }), options }),
);
const address6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => formatInet6(value));
const address4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => value.join("."));
const mac = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map(formatMac);

function with2<A, B>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>): fc.Arbitrary<A & B> {
	return fc.tuple(a, b).map(([first, second]) => ({ ...first, ...second }) as A & B);
}

/** What a section header tells. */
export const sections: fc.Arbitrary<CaptureSection> = with2(
	some<CaptureSection>({ hardware: text, os: text, application: text }),
	commented,
);

/** Descriptions of interfaces. Their times are in nanoseconds, so that none is cut off. */
export const interfaces: fc.Arbitrary<InterfaceDescription> = with2(
	all({ link: fc.constantFrom("ethernet", "raw", "sll", "sll2", 127, 0) }),
	with2(
		commented,
		some<InterfaceDescription>({
			snapLength: fc.integer({ min: 64, max: 0xffffffff }),
			name: text,
			description: text,
			ipv4: fc.array(all({ address: address4, netmask: address4 }), { minLength: 1, maxLength: 2 }),
			ipv6: fc.array(all({ address: address6, prefixLength: fc.nat({ max: 255 }) }), {
				minLength: 1,
				maxLength: 2,
			}),
			mac: mac(6),
			eui64: mac(8),
			speed: large,
			transmitSpeed: large,
			receiveSpeed: large,
			resolution: fc.constantFrom(
				{ base: 10, exponent: 9 },
				{ base: 2, exponent: 31 },
				{ base: 2, exponent: 30 },
			),
			timestampOffset: fc.integer({ min: -1000, max: 0 }),
			timeZone: u32,
			timeZoneName: text,
			filter: fc.oneof(text, bytes(16)),
			os: text,
			hardware: text,
			fcsLength: fc.nat({ max: 255 }),
		}),
	),
);

interface Free {
	data: Uint8Array;
	beyond: number;
	seconds: number;
	nanoseconds: number;
	more: Partial<FilePacket>;
}

const free: fc.Arbitrary<Free> = all({
	data: bytes(64),
	beyond: fc.oneof(fc.constant(0), fc.nat({ max: 100_000 })),
	seconds: fc.oneof(fc.nat({ max: 0xffffffff }), fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff, 1763726400)),
	nanoseconds: fc.oneof(fc.nat({ max: 999_999_999 }), fc.constantFrom(0, 1, 999_999_999)),
	more: with2(
		commented as fc.Arbitrary<Partial<FilePacket>>,
		some<Partial<FilePacket>>({
			flags: u32,
			dropCount: large,
			packetId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
			queue: u32,
			verdicts: fc.array(all({ kind: fc.nat({ max: 255 }), bytes: bytes(9) }), {
				minLength: 1,
				maxLength: 2,
			}),
		}),
	),
});

/** Some interfaces, and packets of them, as they are when they have been read. */
export const captures: fc.Arbitrary<{ places: FileInterface[]; packets: FilePacket[] }> = fc
	.tuple(
		fc.array(interfaces, { minLength: 1, maxLength: 3 }),
		fc.array(fc.tuple(fc.nat(), free), { maxLength: 12 }),
	)
	.map(([described, list]) => {
		const places = described.map((each, index) => ({
			resolution: { base: 10, exponent: 9 } as const,
			...each,
			index,
		})) as FileInterface[];
		const packets = list.map(([which, { data, beyond, more, ...time }]): FilePacket => {
			const place = places[which % places.length] as FileInterface;
			const common = { bytes: data, length: data.length + beyond, ...time };
			return { ...common, ...more, link: place.link, interface: place };
		});
		return { places, packets };
	});

/** Names of addresses. */
export const nameResolutions: fc.Arbitrary<NameResolution> = with2(
	all({
		records: fc.array(
			fc.oneof(
				all({
					address: fc.oneof(address4, address6),
					names: fc.array(
						text.map((name) => name.replaceAll("\0", "x")),
						{ minLength: 1, maxLength: 3 },
					),
				}),
				all({ type: fc.integer({ min: 3, max: 65535 }), bytes: bytes(30) }),
			),
			{ maxLength: 3 },
		),
	}),
	with2(commented, some<NameResolution>({ serverName: text, serverIpv4: address4, serverIpv6: address6 })),
);

/** Decryption secrets. */
export const secrets: fc.Arbitrary<DecryptionSecrets> = with2(
	all({ secretsType: u32, secrets: bytes(50) }),
	commented,
);

/** What an encoder makes. */
export function encoded(
	options: CaptureEncoderOptions,
	write: (encoder: CaptureEncoder) => void,
): Uint8Array {
	const encoder = new CaptureEncoder(options);
	write(encoder);
	encoder.begin();
	return encoder.take();
}

/** Everything that a parser gives of chunks, the error at its end included. */
export function parsed(chunks: Iterable<Uint8Array>): { packets: FilePacket[]; error: unknown } {
	const parser = new CaptureParser();
	const packets: FilePacket[] = [];
	const take = (): void => {
		for (;;) {
			const some = parser.packets();
			if (some.length === 0) return;
			packets.push(...some);
		}
	};
	try {
		for (const chunk of chunks) {
			parser.push(chunk);
			take();
		}
		parser.end();
		take();
	} catch (error) {
		return { packets, error };
	}
	return { packets, error: undefined };
}

/** The blocks of a whole file. */
export function blocksOf(file: Uint8Array): CaptureBlock[] {
	const parser = new CaptureParser();
	parser.push(file);
	parser.end();
	const blocks: CaptureBlock[] = [];
	for (;;) {
		const block = parser.block();
		if (block === undefined) return blocks;
		blocks.push(block);
	}
}

/** A block of pcapng by hand: its type and its body, whose length is a multiple of four. */
export function rawBlock(type: number, body: Uint8Array, littleEndian = true): Uint8Array {
	const block = new Uint8Array(body.length + 12);
	const view = new DataView(block.buffer);
	view.setUint32(0, type, littleEndian);
	view.setUint32(4, block.length, littleEndian);
	block.set(body, 8);
	view.setUint32(block.length - 4, block.length, littleEndian);
	return block;
}

/** Numbers of 16 and 32 bits, and bytes, one after another: `[2, 1]` is the number 1 in two bytes. */
export function packed(littleEndian: boolean, ...parts: ([2 | 4, number] | Uint8Array)[]): Uint8Array {
	const size = parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part[0]), 0);
	const made = new Uint8Array(size);
	const view = new DataView(made.buffer);
	let at = 0;
	for (const part of parts) {
		if (part instanceof Uint8Array) {
			made.set(part, at);
			at += part.length;
		} else {
			if (part[0] === 2) view.setUint16(at, part[1], littleEndian);
			else view.setUint32(at, part[1], littleEndian);
			at += part[0];
		}
	}
	return made;
}

/** Several pieces as one. */
export function joined(...pieces: Uint8Array[]): Uint8Array {
	return Uint8Array.from(Buffer.concat(pieces));
}

/** A file that has everything: two sections of both byte orders, all kinds of blocks, an odd one too. */
export function richFile(): Uint8Array {
	const one = (littleEndian: boolean): Uint8Array =>
		encoded({ littleEndian, section: { os: "Linux", comment: "first" } }, (encoder) => {
			const place = { index: 0, link: "ethernet", name: "eth0", snapLength: 96 } as const;
			encoder.interface(place);
			const packet = { bytes: new Uint8Array(61).fill(7), length: 61, seconds: 1763726400, nanoseconds: 5 };
			encoder.packet({ ...packet, link: "ethernet", interface: place });
			encoder.packet({ ...packet, link: "ethernet", interface: place, direction: "out", comment: "hello" });
			encoder.packet({ ...packet, link: "ethernet", interface: place, simple: true });
			encoder.packet({ ...packet, link: 127, interface: { index: 7, name: "wlan0" } });
			encoder.names({ records: [{ address: "192.0.2.1", names: ["a.example", "b.example"] }] });
			encoder.secrets({ secretsType: 0x544c534b, secrets: Uint8Array.of(1, 2, 3) });
			encoder.custom({ enterprise: 32473, copyable: true, data: Uint8Array.of(1, 2, 3, 4) });
			encoder.statistics({ interface: 0, seconds: 1763726401, nanoseconds: 0, received: 4, dropped: 1 });
		});
	const header = [
		[2, 0],
		[2, 3],
		[4, 0x00064417],
		[4, 0x8a35ac05],
		[4, 2],
		[4, 2],
	] as [2 | 4, number][];
	const obsolete = packed(true, ...header, Uint8Array.of(9, 9, 0, 0));
	return joined(one(false), one(true), rawBlock(2, obsolete), rawBlock(0x99, Uint8Array.of(1, 2, 3, 4)));
}
