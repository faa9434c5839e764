/*
 * Sends datagrams without end, 64 with one sendmmsg(): the baseline of udp-send, and the flood of udp-receive.
 *
 *   udp-send batch PORT SIZE     each datagram is copied into its place, as it comes from a program
 *   udp-send joined PORT SIZE    written in place, as many together as UDP_SEGMENT takes, 16 of these in a call
 *   udp-send bursts PORT SIZE    64 by one send() that the kernel cuts: they arrive at once, as from a network card
 */
#include <netinet/udp.h>
#include <sys/socket.h>

#include "counting.h"

enum { BATCH = 64, JOINED = 16, LARGEST = 65507, SEGMENTS = 64 };

static char payload[LARGEST + 1], room[BATCH][LARGEST + 1];
static struct mmsghdr messages[BATCH];
static struct iovec parts[BATCH];

int main(int count, char **arguments) {
	if (count != 4) return 2;
	int joined = strcmp(arguments[1], "joined") == 0, bursts = strcmp(arguments[1], "bursts") == 0;
	int size = atoi(arguments[3]);
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = loopback(1, atoi(arguments[2]));
	if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
	if ((joined || bursts) && setsockopt(descriptor, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) < 0)
		fail("UDP_SEGMENT");
	int segments = LARGEST / size < SEGMENTS ? LARGEST / size : SEGMENTS, in_call = joined ? JOINED : BATCH;
	for (int at = 0; at < in_call; at++) {
		parts[at] = (struct iovec){ .iov_base = room[at], .iov_len = joined ? segments * size : size };
		messages[at].msg_hdr.msg_iov = &parts[at];
		messages[at].msg_hdr.msg_iovlen = 1;
	}
	start_counting(0);
	for (;;) {
		if (bursts) {
			for (int left = BATCH, next; left > 0; left -= next) {
				next = left < segments ? left : segments;
				if (send(descriptor, payload, next * size, MSG_NOSIGNAL) >= 0) counted += next;
			}
			continue;
		}
		for (int at = 0; at < in_call; at++) {
			if (!joined) memcpy(room[at], payload, size);
			else
				for (unsigned segment = 0; (int)segment < segments; segment++)
					memcpy(room[at] + segment * size, &segment, sizeof segment);
		}
		/* Nobody may be there yet, or any more: ECONNREFUSED is told once, and the rest goes out. */
		int sent = sendmmsg(descriptor, messages, in_call, MSG_NOSIGNAL);
		if (sent > 0) counted += sent * (joined ? segments : 1);
	}
}
