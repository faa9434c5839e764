/*
 * Holds connections that say nothing. Each line of input is a number: as many it holds from then on, and says so
 * as {"held":N}. They come from several addresses of the loopback network, for one has ports for 28,000 only and
 * shares them with the machine. At its end they are reset, so that nothing of them stays behind.
 *
 *   hold --port N
 */
#include <sys/socket.h>
#include <unistd.h>

#include "tool.h"

enum { PER_ADDRESS = 5000 };

static void hold_one(int number, struct sockaddr_in *server) {
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0) fail("socket");
	int on = 1;
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	/* The port is chosen at connect(), when the whole pair of addresses is known. */
	setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	struct sockaddr_in source = loopback(2 + number / PER_ADDRESS, 0);
	if (bind(descriptor, (struct sockaddr *)&source, sizeof source) < 0) fail("bind");
	if (connect(descriptor, (struct sockaddr *)server, sizeof *server) < 0) fail("connect");
}

int main(int count, char **arguments) {
	if (count != 3 || strcmp(arguments[1], "--port") != 0) return 2;
	struct sockaddr_in server = loopback(1, atoi(arguments[2]));
	char line[64];
	for (int held = 0; fgets(line, sizeof line, stdin) != NULL;) {
		for (int wanted = atoi(line); held < wanted; held++) hold_one(held, &server);
		printf("{\"held\":%d}\n", held);
		fflush(stdout);
	}
	return 0;
}
