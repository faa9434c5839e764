/*
 * Much data over TCP, one way: sends blocks to the server, or takes what it sends, on several connections at once. A
 * connection that the server ends is replaced by a new one. One line of JSON; "messages" are bytes.
 *
 *   bulk --port N --pids SERVER[,…] --direction send|receive [--connections N] [--size BYTES] [--low-water BYTES]
 *        [--warmup SECONDS] [--seconds SECONDS]
 *
 * With --low-water it is woken only when so much has come: waking it costs the server time, and hides what
 * differs. iperf3 waits for whole blocks.
 */
#include <fcntl.h>
#include <getopt.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "window.h"

static int epoll, sending, low_water = 1;
static size_t size = 65536;
static char *block;
static struct sockaddr_in server;
static uint64_t bytes;

static void begin(void) {
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0) fail("socket");
	if (connect(descriptor, (struct sockaddr *)&server, sizeof server) < 0) fail("connect");
	setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &low_water, sizeof low_water);
	fcntl(descriptor, F_SETFL, O_NONBLOCK);
	struct epoll_event event = { .events = sending ? EPOLLOUT : EPOLLIN, .data.fd = descriptor };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
}

/* So many blocks are sent in a row, as iperf3 does it, before the next connection has its turn. */
enum { IN_A_ROW = 10 };

/* Moves what can be moved; 0 at the end of the connection. */
static int move(int descriptor) {
	for (int blocks = 0; blocks < (sending ? IN_A_ROW : 1); blocks++) {
		ssize_t moved = sending ? send(descriptor, block, size, MSG_NOSIGNAL) : recv(descriptor, block, size, 0);
		if (moved == 0) return 0;
		if (moved < 0 && errno == EAGAIN) return 1;
		if (moved < 0) fail(sending ? "send" : "recv");
		bytes += moved;
	}
	return 1;
}

static void run_until(uint64_t end) {
	struct epoll_event events[64];
	for (uint64_t time; (time = now(CLOCK_MONOTONIC)) < end;) {
		int count = epoll_wait(epoll, events, 64, (end - time) / 1000000 + 1);
		if (count < 0) fail("epoll_wait");
		for (int at = 0; at < count; at++) {
			int descriptor = events[at].data.fd;
			if (move(descriptor)) continue;
			close(descriptor);
			begin();
		}
	}
}

int main(int count, char **arguments) {
	int port = 0, connections = 1, option;
	double warmup = 0.5, seconds = 1;
	const char *pids = "";
	static const struct option options[] = {
		{ "port", required_argument, 0, 'p' },	  { "connections", required_argument, 0, 'c' },
		{ "warmup", required_argument, 0, 'w' },  { "seconds", required_argument, 0, 's' },
		{ "pids", required_argument, 0, 'i' },	  { "direction", required_argument, 0, 'd' },
		{ "size", required_argument, 0, 'z' },	  { "low-water", required_argument, 0, 'l' },
		{ 0, 0, 0, 0 },
	};
	while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
		switch (option) {
		case 'p': port = atoi(optarg); break;
		case 'c': connections = atoi(optarg); break;
		case 'w': warmup = atof(optarg); break;
		case 's': seconds = atof(optarg); break;
		case 'i': pids = optarg; break;
		case 'd': sending = strcmp(optarg, "send") == 0; break;
		case 'z': size = atol(optarg); break;
		case 'l': low_water = atoi(optarg); break;
		default: return 2;
		}
	}
	server = loopback(1, port);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	block = calloc(1, size);
	for (int at = 0; at < connections; at++) begin();
	run_until(now(CLOCK_MONOTONIC) + (uint64_t)(warmup * 1e9));

	static struct histogram none;
	struct window window;
	window_open(&window, pids);
	bytes = 0;
	run_until(window.start + (uint64_t)(seconds * 1e9));
	/* A short look at a busy machine may have seen nothing. */
	while (bytes == 0 && now(CLOCK_MONOTONIC) < window.start + 20000000000ull) run_until(now(CLOCK_MONOTONIC) + 10000000);
	none.count = bytes;
	window_close(&window, &none);
	return 0;
}
