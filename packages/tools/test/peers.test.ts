/**
 * The other end is somebody else: OpenBSD's netcat, socat, Python.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { lacks, lacksNetcat, Program, sha256, sock, temporaryDirectory } from "./support/command.js";

const directory = temporaryDirectory();
const one = randomBytes(2_000_000);
const other = randomBytes(1_000_001);
const noNetcat = lacksNetcat();
const noSocat = lacks("socat");
const noPython = lacks("python3");

/** Both programs get their file and end, and each has the other's. */
async function exchanged(first: Program, second: Program): Promise<void> {
	first.end(one);
	second.end(other);
	assert.deepEqual(await Promise.all([first.ended, second.ended]), [0, 0]);
	assert.equal(sha256(second.output), sha256(one));
	assert.equal(sha256(first.output), sha256(other));
}

async function exists(path: string): Promise<void> {
	while (!existsSync(path)) await delay(10);
}

test("netcat connects to sock listen", { skip: noNetcat }, async () => {
	const listener = sock("listen", "0");
	await exchanged(listener, new Program("nc", ["-N", "127.0.0.1", await listener.port()]));
});

test("sock connects to a netcat that listens", { skip: noNetcat }, async () => {
	const netcat = new Program("nc", ["-lvN", "127.0.0.1", "0"]);
	const [, port = ""] = await netcat.said(/Listening on \S+ (\d+)/i);
	// A netcat that listens is through when its peer is, whatever it has still to send: one way only.
	const client = sock("connect", "127.0.0.1", port).end(one);
	netcat.end();
	assert.deepEqual(await Promise.all([client.ended, netcat.ended]), [0, 0]);
	assert.equal(sha256(netcat.output), sha256(one));
});

test("netcat and sock talk over Unix streams", { skip: noNetcat }, async () => {
	const path = join(directory, "nc");
	const listener = sock("listen", "-U", path);
	await listener.said(/^listening on /);
	await exchanged(listener, new Program("nc", ["-N", "-U", path]));
});

test("netcat and sock talk over UDP", { skip: noNetcat }, async () => {
	const listener = sock("listen", "-u", "-w", "2", "0").write("answer");
	const netcat = new Program("nc", ["-u", "-w", "1", "127.0.0.1", await listener.port()]).write("question");
	await netcat.printed(/^answer$/);
	netcat.end();
	await Promise.all([netcat.ended, listener.ended]);
	assert.equal(listener.output.toString(), "question");
});

test("socat connects to sock listen", { skip: noSocat }, async () => {
	const listener = sock("listen", "0");
	await exchanged(listener, new Program("socat", ["-t20", "-", `TCP:127.0.0.1:${await listener.port()}`]));
});

test("sock connects to a socat that listens", { skip: noSocat }, async () => {
	const socat = new Program("socat", ["-t20", "-dd", "-", "TCP-LISTEN:0,bind=127.0.0.1"]);
	const [, port = ""] = await socat.said(/listening on .*:(\d+)/);
	await exchanged(sock("connect", "127.0.0.1", port), socat);
});

test("sock sends records to socat over Unix seqpackets", { skip: noSocat }, async () => {
	const path = join(directory, "records-to-socat");
	// It cuts a record that does not fit into what is free of its buffer, so there is room for all of them.
	const socat = new Program("socat", ["-u", "-b4000000", `UNIX-LISTEN:${path},socktype=5`, "-"]);
	await exists(path);
	const client = sock("connect", "--seqpacket", "-U", path).end(one);
	assert.deepEqual(await Promise.all([client.ended, socat.ended]), [0, 0]);
	assert.equal(sha256(socat.output), sha256(one));
});

test("socat sends records to sock over Unix seqpackets", { skip: noSocat }, async () => {
	const path = join(directory, "records-to-sock");
	const listener = sock("listen", "--seqpacket", "-U", path).end();
	await listener.said(/^listening on /);
	const socat = new Program("socat", ["-u", "-b65536", "-", `UNIX-CONNECT:${path},socktype=5`]).end(other);
	assert.deepEqual(await Promise.all([listener.ended, socat.ended]), [0, 0]);
	assert.equal(sha256(listener.output), sha256(other));
});

test("socat and sock talk over Unix datagrams", { skip: noSocat }, async () => {
	const path = join(directory, "datagrams");
	const socat = new Program("socat", ["-u", `UNIX-RECVFROM:${path}`, "-"]);
	await exists(path);
	assert.equal(await sock("connect", "-u", "-U", path, "-w", "0.1").end("a datagram").ended, 0);
	assert.equal(await socat.ended, 0);
	assert.equal(socat.output.toString(), "a datagram");
});

test("a Python server answers after the request has ended", { skip: noPython }, async () => {
	const script = `
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
conn, peer = listener.accept()
data = b""
while chunk := conn.recv(65536): data += chunk
conn.sendall(data[::-1])
conn.close()
`;
	const python = new Program("python3", ["-c", script]);
	const [, port = ""] = await python.printed(/^(\d+)$/m);
	const client = sock("connect", "127.0.0.1", port).end(one);
	assert.deepEqual(await Promise.all([client.ended, python.ended]), [0, 0]);
	assert.equal(sha256(client.output), sha256(Buffer.from(one).reverse()));
});

test("a Python client talks to sock listen", { skip: noPython }, async () => {
	const script = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall(sys.stdin.buffer.read())
    s.shutdown(socket.SHUT_WR)
    while chunk := s.recv(65536): sys.stdout.buffer.write(chunk)
`;
	const listener = sock("listen", "0");
	await exchanged(listener, new Program("python3", ["-c", script, await listener.port()]));
});
