/*
 * The baseline of tcp-bulk: one thread and epoll; takes all that comes, or sends blocks of 64 KiB without end.
 *
 *   bulk-server [--low-water BYTES] receive|send
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "listener.h"

static char block[64 * 1024];

int main(int count, char **arguments) {
	int low_water = count > 2 ? atoi(arguments[2]) : 1;
	int sending = strcmp(arguments[count - 1], "send") == 0;
	int listener = listening(NULL, SOCK_STREAM);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = listener }, events[64];
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	say_ready(listener);
	for (;;) {
		int ready = epoll_wait(epoll, events, 64, -1);
		for (int at = 0; at < ready; at++) {
			int descriptor = events[at].data.fd;
			if (descriptor == listener) {
				event.data.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
				event.events = sending ? EPOLLOUT : EPOLLIN;
				setsockopt(event.data.fd, SOL_SOCKET, SO_RCVLOWAT, &low_water, sizeof low_water);
				if (event.data.fd >= 0) epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
				continue;
			}
			ssize_t moved = sending ? send(descriptor, block, sizeof block, MSG_NOSIGNAL)
						: recv(descriptor, block, sizeof block, 0);
			if (moved == 0 || (moved < 0 && errno != EAGAIN)) close(descriptor);
		}
	}
}
