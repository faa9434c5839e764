/* Echo that blocks: one connection, recv and send. */
#include "listener.h"

int main(void) {
	static char buffer[64 * 1024];
	int listener = listening(NULL, SOCK_STREAM);
	say_ready(listener);
	int connection = accept(listener, NULL, NULL);
	for (ssize_t size; (size = recv(connection, buffer, sizeof buffer, 0)) > 0;) {
		for (ssize_t sent = 0; sent < size;) {
			ssize_t count = send(connection, buffer + sent, size - sent, MSG_NOSIGNAL);
			if (count < 0) return 1;
			sent += count;
		}
	}
	return 0;
}
