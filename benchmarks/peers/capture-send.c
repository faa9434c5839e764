/*
 * Sends UDP frames out of an interface at a steady rate, for so long, and says how many went out.
 *
 *   capture-send INTERFACE BYTES RATE SECONDS      RATE is in frames a second; 0 is as fast as it goes
 */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, MOST = 9000 };

static double now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
	if (count != 5) return 2;
	int size = atoi(arguments[2]);
	double rate = atof(arguments[3]);
	double seconds = atof(arguments[4]);
	if (size < 60 || size > MOST || seconds <= 0 || seconds > 60) return 2;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(arguments[1]),
	};
	if (fd < 0 || address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		perror("capture-send");
		return 1;
	}
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &(int){1}, sizeof(int));

	static uint8_t frames[BATCH][MOST];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
	memset(messages, 0, sizeof messages);
	for (int index = 0; index < BATCH; index++) {
		uint8_t *frame = frames[index];
		static const uint8_t head[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17,
			0, 0, 10, 0, 0, 0, 10, 0, 0, 1, 0, 0, 0, 53, 0, 0, 0, 0};
		memcpy(frame, head, sizeof head);
		frame[16] = (uint8_t)((size - 14) >> 8);
		frame[17] = (uint8_t)(size - 14);
		frame[29] = (uint8_t)index;
		frame[35] = (uint8_t)index;
		frame[38] = (uint8_t)((size - 34) >> 8);
		frame[39] = (uint8_t)(size - 34);
		vectors[index] = (struct iovec){frame, (size_t)size};
		messages[index].msg_hdr.msg_iov = &vectors[index];
		messages[index].msg_hdr.msg_iovlen = 1;
	}

	unsigned long sent = 0;
	double begun = now(), end = begun + seconds, time = begun;
	for (; time < end; time = now()) {
		int due = rate == 0 ? BATCH : (int)((time - begun) * rate - (double)sent);
		if (due <= 0) continue;
		int done = sendmmsg(fd, messages, due < BATCH ? (unsigned)due : BATCH, 0);
		if (done > 0) sent += (unsigned long)done;
	}
	printf("{\"sent\":%lu,\"seconds\":%.6f}\n", sent, time - begun);
	return 0;
}
