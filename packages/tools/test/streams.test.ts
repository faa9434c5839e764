/**
 * `sock listen` and `sock connect` on streams: as real processes, against each other.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type AF_INET, createConnection, hasIpv6, createServer as listenOn, so } from "berkeley";
import {
	lacks,
	Program,
	peakMiB,
	ran,
	sha256,
	shell,
	sock,
	sockCommand,
	sockUnread,
	standsStill,
	temporaryDirectory,
} from "./support/command.js";

const noIpv6 = hasIpv6() ? false : "there is no IPv6";
// What is sent is twice as large, and the command itself holds about 70.
const largestMiB = "deno" in process.versions ? 160 : 120; // Deno itself holds more.

/** Waits until something has come to pass. */
async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await delay(10);
}

const directory = temporaryDirectory();
const one = randomBytes(5_000_000);
const other = randomBytes(3_000_001);

/** A listener and a client that are connected to each other. */
async function pair(listen: string[], connect: (port: string) => string[]): Promise<[Program, Program]> {
	const listener = sock("listen", ...listen);
	await listener.said(/^listening on/m);
	const port = listener.errors.match(/:(\d+)$/m)?.[1] ?? "";
	return [listener, sock("connect", ...connect(port))];
}

const kinds: {
	name: string;
	listen: string[];
	connect: (port: string) => string[];
	skip?: string | false;
}[] = [
	{ name: "TCP over IPv4", listen: ["-4", "0"], connect: (port) => ["127.0.0.1", port] },
	{
		name: "TCP over IPv6",
		listen: ["-6", "0"],
		connect: (port) => ["::1", port],
		skip: noIpv6,
	},
	{ name: "Unix streams", listen: ["-U", `${directory}/pair`], connect: () => ["-U", `${directory}/pair`] },
	{
		name: "abstract Unix streams",
		listen: ["-U", `@berkeley-tools-${process.pid}`],
		connect: () => ["-U", `@berkeley-tools-${process.pid}`],
	},
	{
		name: "Unix seqpackets",
		listen: ["--seqpacket", "-U", `${directory}/records`],
		connect: () => ["--seqpacket", "-U", `${directory}/records`],
	},
];

for (const { name, listen, connect, skip = false } of kinds) {
	test(`a file goes through a pair byte for byte, both ways at once: ${name}`, { skip }, async () => {
		const [listener, client] = await pair(listen, connect);
		listener.end(one);
		client.end(other);
		assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
		assert.equal(sha256(client.output), sha256(one));
		assert.equal(sha256(listener.output), sha256(other));
	});
}

test("a file that is redirected into it arrives whole", async () => {
	const file = join(directory, "file");
	writeFileSync(file, one);
	const listener = sock("listen", "0").end();
	const client = shell(`exec $SOCK connect 127.0.0.1 ${await listener.port()} <${file}`);
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
	assert.equal(sha256(listener.output), sha256(one));
});

test("half-close: the answer comes after the request has ended", async () => {
	const [listener, client] = await pair(["0"], (port) => ["127.0.0.1", port]);
	client.end("request");
	await listener.printed(/^request$/);
	listener.end("answer");
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
	assert.equal(client.output.toString(), "answer");
});

test("--no-shutdown leaves the sending side open at the end of standard input", async () => {
	let ended = false;
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		socket.on("end", () => {
			ended = true;
		});
		socket.on("data", (data) => {
			assert.equal(ended, false);
			socket.end(`got ${data}, ended: ${ended}`);
			server.close();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	const client = sock("connect", "--no-shutdown", "127.0.0.1", String(port)).end("this");
	assert.equal(await client.ended, 0);
	assert.equal(client.output.toString(), "got this, ended: false");
});

test("a peer's end on a terminal is the end", { skip: lacks("script") }, async () => {
	const listener = sock("listen", "0").end("bye\n");
	const port = await listener.port();
	const line = `${sockCommand.join(" ")} connect 127.0.0.1 ${port}`;
	const terminal = new Program("script", ["-qec", line, "/dev/null"]);
	await terminal.printed(/bye/);
	assert.equal(await terminal.ended, 0);
	assert.equal(await listener.ended, 0);
	terminal.end();
});

let fifos = 0;
/** Starts the command with so many MiB of zeros on standard input, through a pipe. */
function sockWithZeros(mebibytes: number, ...args: string[]): Program {
	const fifo = join(directory, `zeros-${fifos++}`);
	const source = `mkfifo ${fifo} && { head -c ${mebibytes}M /dev/zero >${fifo} 2>/dev/null & };`;
	return shell(`${source} exec $SOCK ${args.join(" ")} <${fifo}`);
}

test("a peer that reads nothing holds the sender up, and its memory with it", async () => {
	using listener = listenOn<typeof AF_INET>({ host: "127.0.0.1", port: 0 });
	const { port } = listener.getsockname();
	const client = sockWithZeros(200, "connect", "-w", "1", "127.0.0.1", String(port));
	const peak = peakMiB(client);
	using connection = (await listener.accept({ timeout: 20_000 }))[0];
	// Nobody reads: it is over when nothing has moved for the time of -w.
	assert.equal(await client.ended, 1);
	assert.match(client.errors, /^sock: 127\.0\.0\.1:\d+: nothing moved for 1 second\n$/);
	assert.ok((await peak) < largestMiB, `${await peak} MiB`);
	assert.equal(connection.closed, false);
});

test("a standard output that nobody reads holds both ends up, and their memory with it", async () => {
	const listener = sockUnread("listen", "0").end();
	const client = sockWithZeros(200, "connect", "127.0.0.1", await listener.port());
	const peaks = [listener, client].map((program) => peakMiB(program));
	await standsStill(client);
	listener.collect();
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
	assert.equal(listener.output.length, 200 * 1024 * 1024);
	for (const peak of await Promise.all(peaks)) assert.ok(peak < largestMiB, `${peak} MiB`);
});

const blockingOutput =
	"deno" in process.versions && "Deno's process.stdout blocks the whole program while a pipe is full";

test("the other direction goes on while standard output is held up", { skip: blockingOutput }, async () => {
	const listener = sockUnread("listen", "0");
	const client = sockWithZeros(20, "connect", "127.0.0.1", await listener.port());
	await standsStill(listener);
	listener.end(other);
	await until(() => client.output.length === other.length);
	listener.collect();
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
	assert.equal(sha256(client.output), sha256(other));
});

test("a peer that resets the connection is a failure with one sentence", async () => {
	using listener = listenOn<typeof AF_INET>({ host: "127.0.0.1", port: 0 });
	const client = sock("connect", "127.0.0.1", String(listener.getsockname().port));
	const [connection] = await listener.accept({ timeout: 20_000 });
	connection.set(so.linger, { seconds: 0 });
	connection.close();
	assert.equal(await client.ended, 1);
	assert.match(client.errors, /^sock: .*connection reset by peer \(ECONNRESET\).*\n$/);
});

test("what the peer said before it went away is there, and that not all was sent is a failure", async () => {
	using listener = listenOn<typeof AF_INET>({ host: "127.0.0.1", port: 0 });
	const client = sockWithZeros(50, "connect", "127.0.0.1", String(listener.getsockname().port));
	const [connection] = await listener.accept({ timeout: 20_000 });
	await connection.sendall("no, thanks");
	await client.printed(/no, thanks/);
	connection.close();
	assert.equal(await client.ended, 1);
	assert.match(client.errors, /^sock: [^\n]+\((EPIPE|ECONNRESET)\)[^\n]*\n$/);
});

test("a reader of standard output that goes away ends it quietly", async () => {
	using listener = listenOn<typeof AF_INET>({ host: "127.0.0.1", port: 0 });
	const { port } = listener.getsockname();
	const client = shell(`{ $SOCK connect 127.0.0.1 ${port}; echo "exit $?" >&2; } | head -c 3`);
	using connection = (await listener.accept({ timeout: 20_000 }))[0];
	await connection.sendall("first");
	await client.printed(/^fir$/);
	const flood = (async () => {
		for (;;) await connection.sendall(one);
	})();
	await assert.rejects(flood, { name: "ConnectionError" });
	await client.ended;
	assert.equal(client.errors, "exit 0\n");
});

test("-k accepts one connection after another, and outlives a peer's failure", async () => {
	const listener = sock("listen", "-k", "-v", "0").end();
	const port = await listener.port();
	for (const text of ["one ", "two "])
		assert.equal(await sock("connect", "127.0.0.1", port).end(text).ended, 0);
	using rude = await createConnection({ host: "127.0.0.1", port: Number(port) });
	await listener.said(/(connection from (.|\n)*){3}/);
	rude.set(so.linger, { seconds: 0 });
	rude.close();
	await listener.said(/^sock: 127\.0\.0\.1:\d+: .*ECONNRESET/m);
	assert.equal(await sock("connect", "127.0.0.1", port).end("three").ended, 0);
	await listener.printed(/^one two three$/);
	listener.kill("SIGTERM");
	assert.equal(await listener.ended, "SIGTERM");
});

test("without -k nobody else can connect once the first has", async () => {
	const listener = sock("listen", "0");
	const port = await listener.port();
	const client = sock("connect", "127.0.0.1", port).write("here");
	await listener.printed(/here/);
	const late = await ran("connect", "127.0.0.1", port);
	assert.equal(late.ending, 1);
	assert.match(late.errors, /ECONNREFUSED/);
	client.end();
	listener.end();
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
});

test("-w limits how long a listener waits for somebody", async () => {
	const { ending, errors } = await ran("listen", "-w", "0.1", "0");
	assert.equal(ending, 1);
	assert.match(errors, /\nsock: listening on 127\.0\.0\.1:\d+: nobody came within 0\.1 seconds\n$/);
});

test("-v tells who is connected and how much went each way", async () => {
	const [listener, client] = await pair(["-v", "0"], (port) => ["-v", "127.0.0.1", port]);
	client.end("12345");
	listener.end("123");
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
	assert.match(
		client.errors,
		/^connected to 127\.0\.0\.1:\d+ from 127\.0\.0\.1:\d+\nsent 5 bytes, received 3 bytes\n$/,
	);
	assert.match(
		listener.errors,
		/\nconnection from 127\.0\.0\.1:\d+\n127\.0\.0\.1:\d+: sent 3 bytes, received 5 bytes\n$/,
	);
});

test("-s chooses the local address, and with it the IP version", async () => {
	const listener = sock("listen", "-v", "0.0.0.0", "0").end();
	const client = sock("connect", "-s", "127.0.0.9", "localhost", await listener.port()).end();
	assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
	assert.match(listener.errors, /^connection from 127\.0\.0\.9:/m);
});

test("-4 and -6 hold it to one IP version, and :: alone takes both", { skip: noIpv6 }, async () => {
	for (const [version, expected] of [
		["-4", /^connection from \[::ffff:127\.0\.0\.1\]:/m],
		["-6", /^connection from \[::1\]:/m],
	] as const) {
		const listener = sock("listen", "-v", "::", "0").end();
		const host = version === "-4" ? "127.0.0.1" : "::1";
		const client = sock("connect", version, host, await listener.port()).end();
		assert.deepEqual(await Promise.all([listener.ended, client.ended]), [0, 0]);
		assert.match(listener.errors, expected);
	}
	const only = sock("listen", "-6", "::", "0").end();
	const port = await only.port();
	assert.equal((await ran("connect", "-4", "127.0.0.1", port)).ending, 1);
	assert.equal((await ran("connect", "-6", "::1", port)).ending, 0);
	assert.equal(await only.ended, 0);
	const wrong = await ran("connect", "-4", "::1", port);
	assert.equal(wrong.ending, 1);
	assert.match(wrong.errors, /^sock: getaddrinfo ::1: [^\n]*\n$/);
});

test("a Unix socket's path goes at the end, and when a signal ends it", async () => {
	const path = join(directory, "removed");
	const listener = sock("listen", "-U", path).end();
	await listener.said(/^listening on /);
	assert.equal(existsSync(path), true);
	assert.equal((await ran("connect", "-U", path)).ending, 0);
	assert.equal(await listener.ended, 0);
	assert.equal(existsSync(path), false);
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		const killed = sock("listen", "-U", path);
		await killed.said(/^listening on /);
		killed.kill(signal);
		assert.equal(await killed.ended, signal);
		assert.equal(existsSync(path), false);
	}
});

test("a path that exists is left alone", async () => {
	const path = join(directory, "taken");
	writeFileSync(path, "precious");
	const { ending, errors } = await ran("listen", "-U", path);
	assert.equal(ending, 1);
	assert.match(errors, /^sock: bind \S+: address already in use \(EADDRINUSE\): [^\n]+\n$/);
	assert.equal(readFileSync(path, "utf8"), "precious");
});
