/* What the load generators share: the clock, failing, and addresses. */
#ifndef TOOL_H
#define TOOL_H

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline uint64_t now(clockid_t clock) {
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* Ends the program; errno 0 means that the server ended a connection. */
static inline void fail(const char *what) {
	fprintf(stderr, "%s: %s\n", what, errno == 0 ? "the server ended the connection" : strerror(errno));
	exit(1);
}

/* 127.0.0.LAST and a port. */
static inline struct sockaddr_in loopback(int last, int port) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	address.sin_addr.s_addr = htonl(0x7f000000u | (uint32_t)last);
	return address;
}

#endif
