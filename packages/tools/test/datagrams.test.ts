/**
 * `sock listen -u` and `sock connect -u`: UDP and Unix datagrams.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AF_INET, AF_UNIX, hasIpv6, SOCK_DGRAM, Socket } from "berkeley";
import { ran, shell, sock, temporaryDirectory } from "./support/command.js";

const directory = temporaryDirectory();
const patience = { timeout: 20_000 };

/** A UDP socket of the test's own on the loopback address. */
function udp(): Socket<typeof AF_INET> {
	const socket = new Socket(AF_INET, SOCK_DGRAM);
	socket.bind({ host: "127.0.0.1", port: 0 });
	return socket;
}

for (const { name, host, skip } of [
	{ name: "IPv4", host: "127.0.0.1", skip: false },
	{ name: "IPv6", host: "::1", skip: hasIpv6() ? false : "there is no IPv6" },
]) {
	test(`a question and its answer go as datagrams: UDP over ${name}`, { skip }, async () => {
		const listener = sock("listen", "-u", "-w", "2", host, "0").write("answer");
		const client = sock("connect", "-u", host, await listener.port()).end("question");
		assert.equal(await client.ended, 0);
		assert.equal(client.output.toString(), "answer");
		assert.equal(await listener.ended, 0);
		assert.equal(listener.output.toString(), "question");
	});
}

test("a question and its answer go as datagrams: Unix", async () => {
	const path = join(directory, "dgram");
	const listener = sock("listen", "-u", "-U", path, "-w", "2").write("answer");
	await listener.said(/^listening on /);
	const client = sock("connect", "-u", "-U", path).end("question");
	assert.deepEqual([await client.ended, client.output.toString()], [0, "answer"]);
	assert.deepEqual([await listener.ended, listener.output.toString()], [0, "question"]);
	assert.equal(existsSync(path), false);
});

test("-s gives the client's Unix datagram socket a path, which goes at the end", async () => {
	using server = new Socket(AF_UNIX, SOCK_DGRAM);
	server.bind(join(directory, "server"));
	const path = join(directory, "client");
	const client = sock("connect", "-u", "-U", join(directory, "server"), "-s", path).write("hello");
	const [data, address] = await server.recvfrom(100, 0, patience);
	assert.deepEqual([data.toString(), address], ["hello", path]);
	client.end();
	assert.equal(await client.ended, 0);
	assert.equal(existsSync(path), false);
});

test("each chunk of standard input is one datagram, cut to what one can carry", async () => {
	using server = udp();
	const { port } = server.getsockname();
	const client = sock("connect", "-u", "127.0.0.1", String(port));
	for (const line of ["one\n", "two\n"]) {
		client.write(line);
		assert.equal((await server.recv(100, 0, patience)).toString(), line);
	}
	client.end();
	await client.ended;
	const large = shell(
		`head -c 65536 /dev/zero >${directory}/large; exec $SOCK connect -u 127.0.0.1 ${port} <${directory}/large`,
	);
	const sizes = [
		(await server.recv(70000, 0, patience)).length,
		(await server.recv(70000, 0, patience)).length,
	];
	assert.deepEqual(sizes, [65507, 29]);
	assert.equal(await large.ended, 0);
});

test("an empty datagram is no end, and after -w of silence there is one", async () => {
	const listener = sock("listen", "-u", "-w", "0.5", "0").end();
	const address = { host: "127.0.0.1", port: Number(await listener.port()) };
	using client = udp();
	for (const text of ["", "after"]) client.sendtoSync(text, address);
	assert.equal(await listener.ended, 0);
	assert.equal(listener.output.toString(), "after");
});

test("the first sender is the peer, and others are ignored", async () => {
	const listener = sock("listen", "-u", "-v", "0");
	const address = { host: "127.0.0.1", port: Number(await listener.port()) };
	using first = udp();
	using second = udp();
	first.sendtoSync("1", address);
	await listener.printed(/^1$/);
	second.sendtoSync("2", address);
	first.sendtoSync("3", address);
	await listener.printed(/^13$/);
	listener.write("to the first");
	assert.equal((await first.recv(100, 0, patience)).toString(), "to the first");
	assert.match(
		listener.errors,
		new RegExp(`^datagrams from 127\\.0\\.0\\.1:${first.getsockname().port}$`, "m"),
	);
	listener.kill();
	assert.equal(await listener.ended, "SIGTERM");
});

test("with -k everybody is heard, and who sent last is answered", async () => {
	const listener = sock("listen", "-u", "-k", "0");
	const address = { host: "127.0.0.1", port: Number(await listener.port()) };
	using first = udp();
	using second = udp();
	first.sendtoSync("1", address);
	await listener.printed(/^1$/);
	second.sendtoSync("2", address);
	await listener.printed(/^12$/);
	listener.write("to the second");
	assert.equal((await second.recv(100, 0, patience)).toString(), "to the second");
	listener.kill();
	await listener.ended;
});

test("a port where nothing listens is a failure with one sentence", async () => {
	using unused = udp();
	const { port } = unused.getsockname();
	unused.close();
	const client = sock("connect", "-u", "-w", "20", "127.0.0.1", String(port)).end("anybody?");
	assert.equal(await client.ended, 1);
	assert.equal(
		client.errors,
		`sock: 127.0.0.1:${port}: connection refused (ECONNREFUSED): nothing listens there\n`,
	);
});

test("a sender without a name cannot be answered, which is said when there is something to answer", async () => {
	const path = join(directory, "nameless");
	const listener = sock("listen", "-u", "-U", path).write("answer");
	await listener.said(/^listening on /);
	using client = new Socket(AF_UNIX, SOCK_DGRAM);
	client.sendtoSync("question", path);
	assert.equal(await listener.ended, 1);
	assert.match(listener.errors, /^sock: the sender's socket has no name, .*$/m);
});

test("nobody came within the time of -w: a failure", async () => {
	const { ending, errors } = await ran("listen", "-u", "-w", "0.1", "0");
	assert.equal(ending, 1);
	assert.match(errors, /^sock: listening on 127\.0\.0\.1:\d+: nobody came within 0\.1 seconds$/m);
});
