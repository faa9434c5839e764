/*
 * For programs that count what they move: a thread answers each line of input with how many it were so far, and the
 * time, as {"messages":N,"time":NANOSECONDS}. A program that blocks need not look up for that.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include <pthread.h>

#include "tool.h"

static volatile unsigned long counted;

static void *answering(void *nothing) {
	char line[256];
	while (fgets(line, sizeof line, stdin) != NULL) {
		printf("{\"messages\":%lu,\"time\":%llu}\n", counted, (unsigned long long)now(CLOCK_MONOTONIC));
		fflush(stdout);
	}
	exit(0);
	return nothing;
}

/* Says that the program is ready, and where: 0 where it has no port. */
static inline void start_counting(int port) {
	pthread_t thread;
	printf("{\"port\":%d}\n", port);
	fflush(stdout);
	if (pthread_create(&thread, NULL, answering, NULL) != 0) fail("pthread_create");
}

#endif
