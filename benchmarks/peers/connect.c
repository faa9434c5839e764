/*
 * Connections a second: some at a time are opened, and each is given up as soon as the server has closed it. It is
 * reset then, not closed, so that nothing of it stays behind for a minute and takes its port. With a size, each sends
 * a request of so many bytes, and wants it back before the end. One line of JSON; the "messages" are connections.
 *
 *   connect --port N --pids SERVER[,…] [--connections AT-A-TIME] [--size BYTES] [--warmup SECONDS]
 *           [--seconds SECONDS]
 */
#include <getopt.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "window.h"

struct connection {
	int descriptor;
	int received;
	bool sent;
	uint64_t begun_at;
};

static int epoll, request_size;
static char *request, *answer;
static struct sockaddr_in server;
static struct histogram latencies;

static void begin(struct connection *connection) {
	connection->begun_at = now(CLOCK_MONOTONIC);
	connection->received = 0;
	connection->sent = request_size == 0;
	connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (connection->descriptor < 0) fail("socket");
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(connection->descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	if (connect(connection->descriptor, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS)
		fail("connect");
	struct epoll_event event = { .events = request_size == 0 ? EPOLLIN : EPOLLOUT, .data.ptr = connection };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->descriptor, &event) < 0) fail("epoll_ctl");
}

/* The connection stands: the request is small enough to go out at once. */
static void ask(struct connection *connection) {
	connection->sent = true;
	if (send(connection->descriptor, request, request_size, MSG_NOSIGNAL) != request_size) fail("send");
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
	if (epoll_ctl(epoll, EPOLL_CTL_MOD, connection->descriptor, &event) < 0) fail("epoll_ctl");
}

/* Takes what there is; whether that was the end, and everything had come before. */
static bool is_over(struct connection *connection) {
	for (;;) {
		/* One more than is wanted shows that there was too much. */
		ssize_t size = recv(connection->descriptor, answer, request_size - connection->received + 1, MSG_DONTWAIT);
		if (size < 0 && errno == EAGAIN) return false;
		if (size < 0) fail("waiting for the end");
		if (size > request_size - connection->received || memcmp(answer, request + connection->received, size) != 0) {
			fprintf(stderr, "connect: the answer is not what was sent\n");
			exit(1);
		}
		if (size == 0) break;
		connection->received += size;
	}
	if (connection->received == request_size) return true;
	fprintf(stderr, "connect: the answer is incomplete\n");
	exit(1);
}

static void run_until(uint64_t end) {
	struct epoll_event events[256];
	for (uint64_t time; (time = now(CLOCK_MONOTONIC)) < end;) {
		int count = epoll_wait(epoll, events, 256, (end - time) / 1000000 + 1);
		if (count < 0) fail("epoll_wait");
		for (int at = 0; at < count; at++) {
			struct connection *connection = events[at].data.ptr;
			if (!connection->sent) {
				ask(connection);
				continue;
			}
			if (!is_over(connection)) continue;
			histogram_add(&latencies, now(CLOCK_MONOTONIC) - connection->begun_at);
			close(connection->descriptor);
			begin(connection);
		}
	}
}

int main(int count, char **arguments) {
	int port = 0, connections = 32, option;
	double warmup = 0.5, seconds = 1;
	const char *pids = "";
	static const struct option options[] = {
		{ "port", required_argument, 0, 'p' },	  { "connections", required_argument, 0, 'c' },
		{ "size", required_argument, 0, 'z' },	  { "warmup", required_argument, 0, 'w' },
		{ "seconds", required_argument, 0, 's' }, { "pids", required_argument, 0, 'i' },
		{ 0, 0, 0, 0 },
	};
	while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
		switch (option) {
		case 'p': port = atoi(optarg); break;
		case 'c': connections = atoi(optarg); break;
		case 'z': request_size = atoi(optarg); break;
		case 'w': warmup = atof(optarg); break;
		case 's': seconds = atof(optarg); break;
		case 'i': pids = optarg; break;
		default: return 2;
		}
	}
	request = malloc(request_size + 1);
	answer = malloc(request_size + 1);
	for (int at = 0; at < request_size; at++) request[at] = 'a' + at % 26;
	server = loopback(1, port);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	struct connection *all = calloc(connections, sizeof *all);
	for (int at = 0; at < connections; at++) begin(&all[at]);
	run_until(now(CLOCK_MONOTONIC) + (uint64_t)(warmup * 1e9));

	struct window window;
	window_open(&window, pids);
	memset(&latencies, 0, sizeof latencies);
	while (window_is_open(&window, seconds, &latencies)) run_until(window.end);
	window_close(&window, &latencies);
	return 0;
}
