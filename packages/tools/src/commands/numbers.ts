/**
 * Numbers among the options of the commands on packets.
 */
import { InvalidArgumentError } from "commander";

/** A reader of whole numbers within bounds; hexadecimal ones, as 0x10, too. */
export function wholeNumber(least: number, most: number): (text: string) => number {
	return (text) => {
		const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
		if (value >= least && value <= most) return value;
		throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
	};
}

/** A reader of seconds within bounds, which gives milliseconds. */
export function seconds(least: number, most = 2_000_000): (text: string) => number {
	return (text) => {
		const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
		if (value >= least && value <= most) return value * 1000;
		throw new InvalidArgumentError(`It is a number of seconds from ${least} to ${most}.`);
	};
}

/** A reader of what may be given several times. */
export function collected(text: string, before: string[] = []): string[] {
	return [...before, text];
}
