/*
 * What processes cost: CPU time and, where the machine counts them, instructions.
 *
 * CPU time is that of clock_getcpuclockid(3): nanoseconds over all threads of a process, those that have ended
 * included. The kernel brings it up to date at each switch and each tick, so that a reading is at most one tick
 * (1 to 10 ms) behind. How much of it is the kernel's comes from /proc/PID/stat, which samples at the ticks: over
 * a second that is right within a percent or two, so it splits the time and is not itself the time.
 *
 * Instructions are the counters that `perf stat -e instructions:u,instructions:k -p PID` reads, opened here for
 * every thread, and those that it makes later, so that they begin and end with the messages that are counted.
 * Where the counters were lent to others for a part of the time, what they saw is scaled up, as perf does it.
 */
#ifndef METER_H
#define METER_H

#include <dirent.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { METER_PROCESSES = 64, METER_THREADS = 1024 };

struct meter {
	int processes;
	pid_t pids[METER_PROCESSES];
	clockid_t clocks[METER_PROCESSES];
	int counters[2]; /* how many are open for user and kernel; -1: the machine has none, or we may not */
	int descriptors[2][METER_THREADS];
};

struct reading {
	uint64_t nanoseconds;
	uint64_t user_ticks, kernel_ticks;
	double instructions[2];
};

static int meter_counter(pid_t thread, bool kernel) {
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof attributes,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.inherit = 1,
		.exclude_user = kernel,
		.exclude_kernel = !kernel,
		.exclude_hv = 1,
	};
	return syscall(SYS_perf_event_open, &attributes, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static void meter_count(struct meter *meter, bool kernel) {
	meter->counters[kernel] = 0;
	for (int at = 0; at < meter->processes; at++) {
		char folder[64];
		snprintf(folder, sizeof folder, "/proc/%d/task", meter->pids[at]);
		DIR *threads = opendir(folder);
		struct dirent *entry;
		while (threads != NULL && (entry = readdir(threads)) != NULL) {
			if (entry->d_name[0] == '.') continue;
			int descriptor = -1;
			if (meter->counters[kernel] < METER_THREADS) descriptor = meter_counter(atoi(entry->d_name), kernel);
			if (descriptor < 0) {
				while (meter->counters[kernel] > 0) close(meter->descriptors[kernel][--meter->counters[kernel]]);
				meter->counters[kernel] = -1;
				closedir(threads);
				return;
			}
			meter->descriptors[kernel][meter->counters[kernel]++] = descriptor;
		}
		if (threads != NULL) closedir(threads);
	}
}

/* Opens a meter for processes, given as their ids with commas in between. Ends the program when there is none. */
static void meter_open(struct meter *meter, const char *pids) {
	meter->processes = 0;
	for (const char *at = pids; *at != '\0' && meter->processes < METER_PROCESSES; at += *at == ',') {
		char *end;
		pid_t pid = strtol(at, &end, 10);
		if (end == at || clock_getcpuclockid(pid, &meter->clocks[meter->processes]) != 0) {
			fprintf(stderr, "meter: there is no process %s\n", at);
			exit(1);
		}
		meter->pids[meter->processes++] = pid;
		at = end;
	}
	meter_count(meter, false);
	meter_count(meter, true);
}

static void meter_read(const struct meter *meter, struct reading *reading) {
	memset(reading, 0, sizeof *reading);
	for (int kernel = 0; kernel < 2; kernel++) {
		for (int at = 0; at < meter->counters[kernel]; at++) {
			uint64_t values[3]; /* the count, nanoseconds enabled, nanoseconds running */
			if (read(meter->descriptors[kernel][at], values, sizeof values) != sizeof values) continue;
			if (values[2] > 0) reading->instructions[kernel] += (double)values[0] * values[1] / values[2];
		}
	}
	for (int at = 0; at < meter->processes; at++) {
		struct timespec time;
		if (clock_gettime(meter->clocks[at], &time) != 0) {
			fprintf(stderr, "meter: process %d has ended\n", meter->pids[at]);
			exit(1);
		}
		reading->nanoseconds += time.tv_sec * 1000000000ull + time.tv_nsec;
		char name[64], text[1024] = "";
		snprintf(name, sizeof name, "/proc/%d/stat", meter->pids[at]);
		FILE *file = fopen(name, "r");
		if (file == NULL) continue;
		text[fread(text, 1, sizeof text - 1, file)] = '\0';
		fclose(file);
		unsigned long user = 0, kernel = 0;
		/* After the command's name, which may hold anything but ends with the last parenthesis. */
		char *fields = strrchr(text, ')');
		if (fields != NULL) sscanf(fields + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
		reading->user_ticks += user;
		reading->kernel_ticks += kernel;
	}
}

/* Prints what was spent between two readings, as a member "cpu" of a JSON object: microseconds, instructions. */
static void meter_print(const struct meter *meter, const struct reading *from, const struct reading *to) {
	double total = (to->nanoseconds - from->nanoseconds) / 1e3;
	double user = to->user_ticks - from->user_ticks, kernel = to->kernel_ticks - from->kernel_ticks;
	double part = user + kernel > 0 ? user / (user + kernel) : 0;
	printf("\"cpu\":{\"total\":%.3f,\"user\":%.3f,\"kernel\":%.3f", total, total * part, total * (1 - part));
	if (meter->counters[0] > 0) printf(",\"userInstructions\":%.0f", to->instructions[0] - from->instructions[0]);
	if (meter->counters[1] > 0) printf(",\"kernelInstructions\":%.0f", to->instructions[1] - from->instructions[1]);
	printf("}");
}

#endif
