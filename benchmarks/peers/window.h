/*
 * The time in which a load generator counts: opened after the warm-up, when the server has the threads that it
 * will have, and closed with the line of results.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "histogram.h"
#include "meter.h"
#include "tool.h"

struct window {
	struct meter meter;
	struct reading before;
	uint64_t start, end, busy;
};

static void window_open(struct window *window, const char *pids) {
	meter_open(&window->meter, pids);
	window->busy = now(CLOCK_PROCESS_CPUTIME_ID);
	meter_read(&window->meter, &window->before);
	window->end = window->start = now(CLOCK_MONOTONIC);
}

/* Whether to go on until window->end: for so many seconds, and on a busy machine until there is something to count. */
static bool window_is_open(struct window *window, double seconds, const struct histogram *latencies) {
	enum { PATIENCE = 20 };
	if (window->end > window->start + PATIENCE * 1000000000ull) return false;
	if (window->end > window->start && latencies->count > 0) return false;
	window->end += (uint64_t)(seconds * 1e9);
	return true;
}

static void window_close(struct window *window, const struct histogram *latencies) {
	struct reading after;
	double seconds = (now(CLOCK_MONOTONIC) - window->start) / 1e9;
	meter_read(&window->meter, &after);
	double busy = (now(CLOCK_PROCESS_CPUTIME_ID) - window->busy) / 1e9;
	printf("{\"messages\":%llu,\"seconds\":%.6f,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"loadBusy\":%.4f,",
		(unsigned long long)latencies->count, seconds, histogram_percentile(latencies, 0.5),
		histogram_percentile(latencies, 0.99), histogram_percentile(latencies, 0.999), busy / seconds);
	meter_print(&window->meter, &window->before, &after);
	printf("}\n");
}

#endif
