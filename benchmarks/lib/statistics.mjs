// @ts-check
/** Medians, and how far the rounds lie apart. */

/** The median; of an even number of values the mean of the middle two. NaN of none.
 * @param {readonly number[]} values */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Half of the distance from the least to the greatest value, as a part of the median.
 * @param {readonly number[]} values */
export function spread(values) {
	return (Math.max(...values) - Math.min(...values)) / 2 / median(values);
}
