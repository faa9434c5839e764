/**
 * Frames as a network may carry them, and some that it should not, for tests of filters: from a seed, so that a failure
 * can be looked at again.
 */
type Bytes = readonly number[];

/** A generator of numbers that are not random: the same for the same seed. */
export class Choice {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** A number below a limit. */
	below(limit: number): number {
		this.#state = (Math.imul(this.#state, 1103515245) + 12345) >>> 0;
		return (this.#state >>> 8) % limit;
	}

	/** One of several. */
	of<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)] as T;
	}

	/** So many bytes. */
	bytes(count: number): number[] {
		return Array.from({ length: count }, () => this.below(256));
	}
}

const macs: readonly Bytes[] = [
	[2, 0, 0, 0, 0, 1],
	[2, 0, 0, 0, 0, 2],
	[255, 255, 255, 255, 255, 255],
	[1, 0, 0x5e, 0, 0, 1],
];
const hosts: readonly Bytes[] = [
	[1, 2, 3, 4],
	[10, 0, 0, 1],
	[10, 0, 0, 2],
	[192, 168, 1, 1],
	[224, 0, 0, 1],
];
const hosts6: readonly Bytes[] = [
	[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
	[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9],
	[0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
];
const protocols = [6, 6, 6, 17, 17, 1, 58, 132, 2, 50, 47, 103, 112, 4];

/** One Ethernet frame. */
export function frame(choice: Choice): Uint8Array {
	return Uint8Array.from([...choice.of(macs), ...choice.of(macs), ...tags(choice), ...packet(choice)]);
}

function tags(choice: Choice): Bytes {
	const count = Math.max(choice.below(6) - 3, 0);
	const tag = (): Bytes => [
		...choice.of([
			[0x81, 0],
			[0x88, 0xa8],
			[0x91, 0],
		]),
		choice.of([0, 0x20]),
		choice.of([5, 6]),
	];
	return Array.from({ length: count }, tag).flat();
}

function packet(choice: Choice): Bytes {
	switch (choice.below(8)) {
		case 0:
			return [0x08, 0x06, ...arp(choice)];
		case 1:
			return [0x80, 0x35, ...arp(choice)];
		case 2:
			return [0x88, 0xb5, ...choice.bytes(choice.below(60))];
		case 3:
		case 4:
			return [0x86, 0xdd, ...ip6(choice)];
		default:
			return [0x08, 0x00, ...ip(choice)];
	}
}

function arp(choice: Choice): Bytes {
	const end = (): Bytes => [...choice.of(macs), ...choice.of(hosts)];
	return [0, 1, 8, 0, 6, 4, 0, choice.of([1, 2]), ...end(), ...end()];
}

function ip(choice: Choice): Bytes {
	const protocol = choice.of(protocols);
	const options = choice.below(4) === 0 ? [1, 1, 1, 0] : [];
	const fragment = choice.of([
		[0, 0],
		[0x40, 0],
		[0x20, 0],
		[0, 5],
		[0x20, 7],
	]);
	const data = transport(choice, protocol);
	const length = 20 + options.length + data.length;
	return [
		...[0x45 + options.length / 4, 0, length >> 8, length & 255, 0, 1, ...fragment],
		...[choice.of([64, 1]), protocol, 0, 0],
		...choice.of(hosts),
		...choice.of(hosts),
		...options,
		...data,
	];
}

function ip6(choice: Choice): Bytes {
	const protocol = choice.of(protocols);
	const data = transport(choice, protocol);
	const fragmented = choice.below(4) === 0;
	return [
		...[0x60, 0, 0, 0, 0, data.length, fragmented ? 44 : protocol, 64],
		...choice.of(hosts6),
		...choice.of(hosts6),
		...(fragmented ? [protocol, 0, 0, 0, 0, 0, 0, 1] : []),
		...data,
	];
}

function transport(choice: Choice, protocol: number): Bytes {
	const ports = (): Bytes => {
		const port = choice.of([80, 443, 22, 53, 8080, 1234, 15]);
		return [port >> 8, port & 255];
	};
	const payload = choice.below(4) === 0 ? [0x47, 0x45, 0x54, 0x20] : choice.bytes(choice.below(60));
	switch (protocol) {
		case 6: {
			const sizes = [choice.of([0x50, 0x60]), choice.of([2, 18, 16, 1, 4, 24])];
			return [...ports(), ...ports(), ...choice.bytes(8), ...sizes, 1, 2, 3, 4, 0, 0, ...payload];
		}
		case 17:
		case 132:
			return [...ports(), ...ports(), 0, choice.below(40), 0, 0, ...payload];
		case 1:
			return [choice.of([8, 0, 3]), 0, 0, 0, ...payload];
		case 58:
			return [choice.of([128, 129, 135]), 0, ...payload];
		default:
			return payload;
	}
}
