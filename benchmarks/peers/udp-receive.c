/*
 * Receives datagrams, up to 64 with one recvmmsg(), and looks at the size and the sender of each: the baseline of
 * udp-receive, and what udp-send sends to.
 *
 *   udp-receive [gro [awake]]    with UDP_GRO: what arrives joined is taken apart
 *                                awake: it asks again and again, and never sleeps
 */
#include <netinet/udp.h>
#include <sys/socket.h>

#include "counting.h"

enum { BATCH = 64, LARGEST = 65535 };

static char room[BATCH][LARGEST + 1];
static struct mmsghdr messages[BATCH];
static struct iovec parts[BATCH];
static struct sockaddr_in senders[BATCH];
static union {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
} controls[BATCH];
static volatile unsigned long looked_at;

/* The size of the datagrams that were joined; all of it where it is one. */
static int segment_size(struct msghdr *message, int size) {
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	if (control == NULL || control->cmsg_level != IPPROTO_UDP || control->cmsg_type != UDP_GRO) return size;
	int segment;
	memcpy(&segment, CMSG_DATA(control), sizeof segment);
	return segment;
}

int main(int count, char **arguments) {
	int gro = count > 1 && strcmp(arguments[1], "gro") == 0, on = 1, buffer = 4 << 20;
	int flags = count > 2 && strcmp(arguments[2], "awake") == 0 ? MSG_DONTWAIT : MSG_WAITFORONE;
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = loopback(1, 0);
	socklen_t length = sizeof address;
	setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	if (gro && setsockopt(descriptor, IPPROTO_UDP, UDP_GRO, &on, sizeof on) < 0) fail("UDP_GRO");
	if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
	getsockname(descriptor, (struct sockaddr *)&address, &length);
	int in_call = gro ? 16 : BATCH;
	for (int at = 0; at < in_call; at++) {
		parts[at] = (struct iovec){ .iov_base = room[at], .iov_len = gro ? LARGEST : 2048 };
		struct msghdr *message = &messages[at].msg_hdr;
		message->msg_iov = &parts[at];
		message->msg_iovlen = 1;
		message->msg_name = &senders[at];
		message->msg_control = gro ? &controls[at] : NULL;
	}
	start_counting(ntohs(address.sin_port));
	for (;;) {
		for (int at = 0; at < in_call; at++) {
			messages[at].msg_hdr.msg_namelen = sizeof senders[at];
			messages[at].msg_hdr.msg_controllen = gro ? sizeof controls[at] : 0;
		}
		int received = recvmmsg(descriptor, messages, in_call, flags, NULL);
		if (received < 0 && errno == EAGAIN) continue;
		if (received < 0) fail("recvmmsg");
		for (int at = 0; at < received; at++) {
			int size = messages[at].msg_len, segment = gro ? segment_size(&messages[at].msg_hdr, size) : size;
			for (int offset = 0; offset < size; offset += segment, counted++) looked_at += room[at][offset];
			looked_at += size + senders[at].sin_port;
		}
	}
}
