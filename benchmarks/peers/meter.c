/*
 * A meter (meter.h) for who is not in C: after each line of input it prints what the processes have cost since the
 * line before it, as one line of JSON. The first line only begins.
 *
 *   meter PID[,PID…]
 */
#include "meter.h"

int main(int count, char **arguments) {
	if (count != 2) return 2;
	struct meter meter;
	struct reading readings[2];
	char line[256];
	struct timespec times[2];
	meter_open(&meter, arguments[1]);
	for (int begun = 0; fgets(line, sizeof line, stdin) != NULL; begun = 1) {
		clock_gettime(CLOCK_MONOTONIC, &times[1]);
		meter_read(&meter, &readings[1]);
		if (begun) {
			double seconds = times[1].tv_sec - times[0].tv_sec + (times[1].tv_nsec - times[0].tv_nsec) / 1e9;
			printf("{\"seconds\":%.6f,", seconds);
			meter_print(&meter, &readings[0], &readings[1]);
			printf("}\n");
		} else {
			printf("{\"begun\":true}\n");
		}
		fflush(stdout);
		readings[0] = readings[1];
		times[0] = times[1];
	}
	return 0;
}
