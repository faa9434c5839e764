/* The baseline of connect-accept-close: accepts what there is, and closes it. */
#include <sys/epoll.h>
#include <unistd.h>

#include "listener.h"

int main(void) {
	int listener = listening(NULL, SOCK_STREAM | SOCK_NONBLOCK);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = listener };
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	say_ready(listener);
	for (;;) {
		epoll_wait(epoll, &event, 1, -1);
		for (int descriptor; (descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) close(descriptor);
	}
}
