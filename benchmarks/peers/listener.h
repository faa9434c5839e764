/* A listening socket for the servers in C, and the line that says where it is. */
#ifndef LISTENER_H
#define LISTENER_H

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* On a free port of 127.0.0.1, or at a Unix path when there is one. */
static int listening(const char *path, int type) {
	int listener = socket(path == NULL ? AF_INET : AF_UNIX, type | SOCK_CLOEXEC, 0);
	int result;
	if (path == NULL) {
		struct sockaddr_in address = { .sin_family = AF_INET };
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		result = bind(listener, (struct sockaddr *)&address, sizeof address);
	} else {
		struct sockaddr_un address = { .sun_family = AF_UNIX };
		strncpy(address.sun_path, path, sizeof address.sun_path - 1);
		result = bind(listener, (struct sockaddr *)&address, sizeof address);
	}
	if (result < 0 || listen(listener, 4096) < 0) {
		perror("listen");
		exit(1);
	}
	return listener;
}

static void say_ready(int listener) {
	struct sockaddr_in address = { 0 };
	socklen_t length = sizeof address;
	getsockname(listener, (struct sockaddr *)&address, &length);
	printf("{\"port\":%d}\n", address.sin_family == AF_INET ? ntohs(address.sin_port) : 0);
	fflush(stdout);
}

#endif
