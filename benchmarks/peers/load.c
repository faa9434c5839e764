/*
 * The load on an echo server: many connections, one message in flight on each. Every answer is compared with what
 * was sent; a connection that ends or answers wrongly ends the program with an error. When every connection has had
 * an answer, and after a time to warm up, it measures for a while: messages, their latency, and what they cost the
 * server (meter.h). One line of JSON.
 *
 *   load (--port N | --unix PATH [--seqpacket]) --pids SERVER[,…] [--connections N] [--size BYTES]
 *        [--warmup SECONDS] [--seconds SECONDS]
 */
#include <getopt.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "window.h"

struct connection {
	int descriptor;
	int received;
	bool answered;
	uint64_t sent_at;
};

static int size = 64;
static unsigned char *message, *answer;
static struct histogram latencies;
static int unanswered;

static int connected(int port, const char *path, int type) {
	int descriptor = socket(path == NULL ? AF_INET : AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (descriptor < 0) fail("socket");
	int result;
	if (path == NULL) {
		struct sockaddr_in address = loopback(1, port);
		int on = 1;
		setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		result = connect(descriptor, (struct sockaddr *)&address, sizeof address);
	} else {
		struct sockaddr_un address = { .sun_family = AF_UNIX };
		strncpy(address.sun_path, path, sizeof address.sun_path - 1);
		result = connect(descriptor, (struct sockaddr *)&address, sizeof address);
	}
	if (result < 0) fail("connect");
	return descriptor;
}

static void send_message(struct connection *connection) {
	connection->received = 0;
	connection->sent_at = now(CLOCK_MONOTONIC);
	/* Blocking, because a message may be larger than what the socket's buffer takes at once. */
	for (int sent = 0; sent < size;) {
		ssize_t count = send(connection->descriptor, message + sent, size - sent, MSG_NOSIGNAL);
		if (count < 0) fail("send");
		sent += count;
	}
}

/* Takes what there is of an answer; at its end sends the next message. */
static void take_answer(struct connection *connection) {
	ssize_t count = recv(connection->descriptor, answer, size - connection->received, MSG_DONTWAIT);
	if (count < 0 && errno == EAGAIN) return;
	if (count == 0) errno = 0;
	if (count <= 0) fail("recv");
	if (memcmp(answer, message + connection->received, count) != 0) {
		fprintf(stderr, "load: the answer is not what was sent\n");
		exit(1);
	}
	connection->received += count;
	if (connection->received < size) return;
	if (!connection->answered) {
		connection->answered = true;
		unanswered--;
	}
	histogram_add(&latencies, now(CLOCK_MONOTONIC) - connection->sent_at);
	send_message(connection);
}

/* Answers and sends until a moment. */
static void run_until(int epoll, uint64_t end) {
	struct epoll_event events[512];
	for (uint64_t time; (time = now(CLOCK_MONOTONIC)) < end;) {
		int count = epoll_wait(epoll, events, 512, (end - time) / 1000000 + 1);
		if (count < 0) fail("epoll_wait");
		for (int at = 0; at < count; at++) take_answer(events[at].data.ptr);
	}
}

int main(int count, char **arguments) {
	int port = 0, connections = 1, type = SOCK_STREAM, option;
	double warmup = 0.5, seconds = 1;
	const char *path = NULL, *pids = "";
	static const struct option options[] = {
		{ "port", required_argument, 0, 'p' },		{ "unix", required_argument, 0, 'u' },
		{ "seqpacket", no_argument, 0, 'q' },		{ "connections", required_argument, 0, 'c' },
		{ "size", required_argument, 0, 'z' },		{ "warmup", required_argument, 0, 'w' },
		{ "seconds", required_argument, 0, 's' },	{ "pids", required_argument, 0, 'i' },
		{ 0, 0, 0, 0 },
	};
	while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
		switch (option) {
		case 'p': port = atoi(optarg); break;
		case 'u': path = optarg; break;
		case 'q': type = SOCK_SEQPACKET; break;
		case 'c': connections = atoi(optarg); break;
		case 'z': size = atoi(optarg); break;
		case 'w': warmup = atof(optarg); break;
		case 's': seconds = atof(optarg); break;
		case 'i': pids = optarg; break;
		default: return 2;
		}
	}
	message = malloc(size);
	answer = malloc(size);
	for (int at = 0; at < size; at++) message[at] = 'a' + at % 26;

	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct connection *all = calloc(connections, sizeof *all);
	for (int at = 0; at < connections; at++) {
		all[at].descriptor = connected(port, path, type);
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &all[at] };
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[at].descriptor, &event) < 0) fail("epoll_ctl");
	}
	unanswered = connections;
	for (int at = 0; at < connections; at++) send_message(&all[at]);
	/* Some servers accept one connection in a turn of their loop, and answer those that they have meanwhile: until
	 * they have all, this would be the load of fewer connections. */
	enum { PATIENCE = 20 };
	uint64_t limit = now(CLOCK_MONOTONIC) + PATIENCE * 1000000000ull;
	while (unanswered > 0 && now(CLOCK_MONOTONIC) < limit) run_until(epoll, now(CLOCK_MONOTONIC) + 10000000);
	if (unanswered > 0) {
		fprintf(stderr, "load: %d of %d connections were not answered in %d s\n", unanswered, connections, PATIENCE);
		return 1;
	}
	run_until(epoll, now(CLOCK_MONOTONIC) + (uint64_t)(warmup * 1e9));

	struct window window;
	window_open(&window, pids);
	memset(&latencies, 0, sizeof latencies);
	while (window_is_open(&window, seconds, &latencies)) run_until(epoll, window.end);
	window_close(&window, &latencies);
	return 0;
}
