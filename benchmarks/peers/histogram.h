/*
 * A histogram of durations: 64 steps for each doubling, so that a percentile is right within 1.6 %, from a
 * nanosecond to hours, in memory that does not grow.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>
#include <string.h>

struct histogram {
	uint64_t count;
	uint64_t steps[64 * 59];
};

static inline void histogram_add(struct histogram *histogram, uint64_t nanoseconds) {
	int shift = nanoseconds < 128 ? 0 : 57 - __builtin_clzll(nanoseconds);
	histogram->steps[64 * shift + (nanoseconds >> shift)]++;
	histogram->count++;
}

/* The duration that this part of them does not exceed, in microseconds; 0 of none. */
static inline double histogram_percentile(const struct histogram *histogram, double part) {
	uint64_t rank = histogram->count * part, seen = 0;
	for (int at = 0; at < (int)(sizeof histogram->steps / sizeof *histogram->steps); at++) {
		seen += histogram->steps[at];
		if (seen > rank) {
			int shift = at < 128 ? 0 : at / 64 - 1;
			return (double)((uint64_t)(at - 64 * shift) << shift) / 1e3;
		}
	}
	return 0;
}

#endif
