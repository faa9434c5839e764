/**
 * Times of pcapng: 64 bits that count from 1970 in units that each interface chooses (if_tsresol and if_tsoffset,
 * draft-ietf-opsawg-pcapng, section 4.2). They are converted exactly, in the numbers that packets have.
 */

/** How long a unit of time is: a second divided by `base` to the power of `exponent`. */
export interface TimestampResolution {
	/** 10 or 2. */
	readonly base: 2 | 10;
	/** 9 with base 10 is nanoseconds. From 0 to 127. */
	readonly exponent: number;
}

/** What an interface has when it does not say. */
export const microseconds: TimestampResolution = { base: 10, exponent: 6 };

/** What is written when nobody says. */
export const nanoseconds: TimestampResolution = { base: 10, exponent: 9 };

const billion = 1_000_000_000;
const two32 = 0x1_0000_0000;
const two48 = 0x1_0000_0000_0000;
// Beyond it the products below leave the integers that a double holds.
const mostUnits = 2 ** 36;

/** Converts the times of one interface. */
export class Clock {
	/** Units in a second, where the quick way is exact; 0 where BigInt does it. */
	readonly #units: number;
	readonly #perSecond: bigint;
	readonly #offset: number;
	/** Whether ticks of nanoseconds are rounded up, so that those that were rounded down come back. */
	readonly #up: boolean;
	// 2^48 and 2^32 units, in seconds and what is left.
	readonly #q48: number;
	readonly #r48: number;
	readonly #q32: number;
	readonly #r32: number;
	/** The result of split(): the seconds, */
	seconds = 0;
	/** and the nanoseconds; of join(): the upper 32 bits */
	nanoseconds = 0;
	/** and the lower. */
	high = 0;
	low = 0;

	/** @param offset seconds that are added to every time */
	constructor({ base, exponent }: TimestampResolution, offset = 0) {
		this.#perSecond = BigInt(base) ** BigInt(exponent);
		const units = base ** exponent;
		this.#units = units <= mostUnits ? units : 0;
		this.#offset = offset;
		this.#up = base === 2;
		this.#q48 = Math.floor(two48 / units);
		this.#r48 = two48 % units;
		this.#q32 = Math.floor(two32 / units);
		this.#r32 = two32 % units;
	}

	/** Sets `seconds` and `nanoseconds` by the two halves of a time. What is less than a nanosecond is cut off. */
	split(high: number, low: number): void {
		const units = this.#units;
		if (units === 0) {
			this.#splitLarge(high, low);
			return;
		}
		const upper = high >>> 16;
		const lower = high & 0xffff;
		const rest = upper * this.#r48 + lower * this.#r32 + low;
		const whole = Math.floor(rest / units);
		const left = rest - whole * units;
		this.seconds = upper * this.#q48 + lower * this.#q32 + whole + this.#offset;
		if (units === billion) this.nanoseconds = left;
		else if (units <= 1_000_000) this.nanoseconds = Math.floor((left * billion) / units);
		else this.nanoseconds = Number((BigInt(left) * 1_000_000_000n) / this.#perSecond);
	}

	#splitLarge(high: number, low: number): void {
		const time = BigInt(high) * 0x1_0000_0000n + BigInt(low);
		this.seconds = Number(time / this.#perSecond) + this.#offset;
		this.nanoseconds = Number(((time % this.#perSecond) * 1_000_000_000n) / this.#perSecond);
	}

	/**
	 * Sets `high` and `low` by a time. What is less than a unit is cut off, but for units of base 2, in which hardly any
	 * nanosecond is whole.
	 * @returns whether 64 bits hold it
	 */
	join(seconds: number, nanoseconds: number): boolean {
		const since = seconds - this.#offset;
		if (since < 0) return false;
		if (this.#units === billion && since < 0x4_0000_0000) {
			// since × 10⁹ in two parts, for it has up to 64 bits.
			const upper = Math.floor(since / 0x10000) * billion;
			const lower = (since % 0x10000) * billion + nanoseconds;
			const sum = (upper % 0x10000) * 0x10000 + lower;
			this.high = Math.floor(upper / 0x10000) + Math.floor(sum / two32);
			this.low = sum % two32;
			return true;
		}
		const part = BigInt(nanoseconds) * this.#perSecond + (this.#up ? 999_999_999n : 0n);
		const time = BigInt(since) * this.#perSecond + part / 1_000_000_000n;
		if (time > 0xffff_ffff_ffff_ffffn) return false;
		this.high = Number(time >> 32n);
		this.low = Number(time & 0xffff_ffffn);
		return true;
	}
}
