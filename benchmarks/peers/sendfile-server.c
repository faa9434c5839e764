/*
 * The baseline of sendfile: sends a file to whoever connects, one after another.
 *
 *   sendfile-server FILE
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "listener.h"

int main(int count, char **arguments) {
	int file = open(count > 1 ? arguments[1] : "", O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		perror("open");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	int listener = listening(NULL, SOCK_STREAM);
	say_ready(listener);
	for (;;) {
		int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		off_t offset = 0;
		while (sendfile(descriptor, file, &offset, 0x7ffff000) > 0);
		close(descriptor);
	}
}
