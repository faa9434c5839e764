/*
 * The baseline of the echo benchmarks: what C does with one thread and epoll, a recv and a send for each message.
 *
 *   echo [PATH [seqpacket]]
 */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "listener.h"

static char buffer[64 * 1024];

/* What does not go out at once is waited for: the peer reads all that it is sent, so that takes no time. */
static int send_all(int descriptor, ssize_t size) {
	for (ssize_t sent = 0; sent < size;) {
		ssize_t count = send(descriptor, buffer + sent, size - sent, MSG_NOSIGNAL);
		if (count < 0) return -1;
		sent += count;
	}
	return 0;
}

int main(int count, char **arguments) {
	int listener = listening(count > 1 ? arguments[1] : NULL, count > 2 ? SOCK_SEQPACKET : SOCK_STREAM);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = listener }, events[512];
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	say_ready(listener);
	for (;;) {
		int ready = epoll_wait(epoll, events, 512, -1);
		for (int at = 0; at < ready; at++) {
			int descriptor = events[at].data.fd;
			if (descriptor == listener) {
				event.data.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
				if (event.data.fd >= 0) epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
				continue;
			}
			ssize_t size = recv(descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
			if (size < 0 && errno == EAGAIN) continue;
			if (size <= 0 || send_all(descriptor, size) < 0) close(descriptor);
		}
	}
}
