/**
 * `sock serve`: the host of the services, and the upper-case echo.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createConnection, SHUT_WR, type Socket, so } from "berkeley";
import { lacksNetcat, Program, ran, shell, sock, sockCommand, sockPath } from "./support/command.js";

const root = join(dirname(sockPath), "../../../..");
const patience = { timeout: 20_000 };

/** A running `sock serve`, and its port. */
async function serving(...args: string[]): Promise<[server: Program, port: number]> {
	const server = sock("serve", "--port", "0", ...args);
	const [, port = ""] = await server.printed(/listening on \S+:(\d+) \(TCP\)/);
	return [server, Number(port)];
}

async function stop(server: Program, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
	server.kill(signal);
	assert.equal(await server.ended, 0);
	assert.equal(server.errors, "");
}

/** Everything until the server has ended its side. */
async function rest(socket: Socket): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of socket) chunks.push(chunk);
	return Buffer.concat(chunks);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
	test(`${signal} closes the listener and the connections, and the exit code is 0`, async () => {
		const [server, port] = await serving();
		using client = await createConnection({ host: "127.0.0.1", port }, patience);
		await client.sendall("x");
		assert.equal((await client.recv(10)).toString(), "X");
		await stop(server, signal);
		assert.equal((await client.recv(10, 0, patience)).length, 0);
		assert.match(server.output.toString(), new RegExp(`^${signal}: closing, with 1 connected$`, "m"));
		assert.match(server.output.toString(), /^upper: 127\.0\.0\.1:\d+ closed after .*\nclosed\n$/m);
	});
}

test("each connection shows as it comes and as it goes", async () => {
	const [server, port] = await serving();
	using client = await createConnection({ host: "127.0.0.1", port }, patience);
	const peer = `127\\.0\\.0\\.1:${client.getsockname().port}`;
	await server.printed(new RegExp(`^upper: ${peer} connected$`, "m"));
	await client.sendall("Straße");
	client.shutdown(SHUT_WR);
	assert.equal((await rest(client)).toString(), "STRASSE");
	await server.printed(new RegExp(`^upper: ${peer} ended after \\d+\\.\\d s: 7 bytes in, 7 bytes out$`, "m"));
	await stop(server);
});

test("characters that are split between chunks come back whole", async () => {
	const [server, port] = await serving();
	using client = await createConnection({ host: "127.0.0.1", port }, patience);
	let answer = "";
	for (const byte of Buffer.from("aé€😀ж")) {
		await client.sendall(Uint8Array.of(byte));
		// A byte that is no complete character has no answer; one that completes it has.
		await delay(5);
	}
	while (answer.length < "AÉ€😀Ж".length) answer += (await client.recv(100, 0, patience)).toString("utf8");
	assert.equal(answer, "AÉ€😀Ж");
	await stop(server);
});

test("the line that it says to try really works", async () => {
	const [server] = await serving();
	const [, line = ""] = await server.printed(/try it from another terminal: +(\S.*)$/m);
	const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
	const client = new Program("sh", ["-c", line], { cwd: "/", env }).end("hello\n");
	assert.equal(await client.ended, 0);
	assert.equal(client.output.toString(), "HELLO\n");
	await stop(server);
});

test("the line for netcat really works", { skip: lacksNetcat() }, async () => {
	const [server] = await serving();
	const [, line = ""] = await server.printed(/or with netcat: +(\S.*)$/m);
	const client = new Program("sh", ["-c", `exec ${line}`]).write("hello\n");
	await client.printed(/^HELLO$/m);
	client.kill();
	await client.ended;
	await stop(server);
});

test("where the PATH leads to it, the line begins with `sock`", async () => {
	const server = shell(
		`d=$(mktemp -d); ln -s ${sockPath} $d/sock; PATH=$d:$PATH $SOCK serve --port 0 & trap "kill $!" TERM; wait; wait; rm -r $d`,
	);
	await server.printed(/another terminal: +sock connect 127\.0\.0\.1 \d+$/m);
	server.kill();
	await server.ended;
});

test("`node packages/tools/dist/src/sock.js serve`, which npm start runs, serves on 127.0.0.1:6969", async (t) => {
	const [runtime = "", ...before] = sockCommand.slice(0, -1);
	const server = new Program(runtime, [...before, "packages/tools/dist/src/sock.js", "serve"], { cwd: root });
	const busy = await Promise.race([
		server.printed(/^upper: listening on 127\.0\.0\.1:6969 \(TCP\)/m).then(() => false),
		server.said(/EADDRINUSE/).then(() => true),
	]);
	if (busy) return t.skip("port 6969 is in use on this machine");
	assert.equal((await sock("connect", "127.0.0.1", "6969").end("abc").ended) === 0, true);
	await stop(server, "SIGINT");
});

test("a busy port is one sentence and exit code 1", async () => {
	const [server, port] = await serving();
	const { ending, output, errors } = await ran("serve", "upper", "--port", String(port));
	assert.deepEqual([ending, output], [1, ""]);
	assert.match(errors, /^sock: bind 127\.0\.0\.1:\d+: address already in use \(EADDRINUSE\): [^\n]+\n$/);
	await stop(server);
});

test("many clients at once each get their own answer", async () => {
	const [server, port] = await serving();
	const ask = async (index: number): Promise<void> => {
		using client = await createConnection({ host: "127.0.0.1", port }, patience);
		const text = `client ${index} `.repeat(5000);
		const answer = rest(client);
		await client.sendall(text);
		client.shutdown(SHUT_WR);
		assert.equal((await answer).toString(), text.toUpperCase());
	};
	await Promise.all(Array.from({ length: 40 }, (_, index) => ask(index)));
	await stop(server);
});

test("a client that resets is logged, and others are served", async () => {
	const [server, port] = await serving();
	using rude = await createConnection({ host: "127.0.0.1", port }, patience);
	await rude.sendall(randomBytes(1000));
	await rude.recv(1, 0, patience);
	rude.set(so.linger, { seconds: 0 });
	rude.close();
	await server.printed(/^upper: 127\.0\.0\.1:\d+ failed \(.*ECONNRESET.*\) after/m);
	const client = sock("connect", "127.0.0.1", String(port)).end("still there?");
	assert.equal(await client.ended, 0);
	assert.equal(client.output.toString(), "STILL THERE?");
	await stop(server);
});

test("when the descriptors run out it says so, waits, and goes on", async () => {
	const server = shell("ulimit -n 40; exec $SOCK serve --port 0");
	const [, text = ""] = await server.printed(/listening on \S+:(\d+)/);
	const clients: Socket[] = [];
	try {
		for (let count = 0; count < 40; count++) {
			clients.push(await createConnection({ host: "127.0.0.1", port: Number(text) }, patience));
		}
		await server.printed(/^upper: accept: .*\(EMFILE\)/m);
	} finally {
		for (const client of clients) client.close();
	}
	const client = sock("connect", "127.0.0.1", text).end("room again");
	assert.equal(await client.ended, 0);
	assert.equal(client.output.toString(), "ROOM AGAIN");
	await stop(server);
});

test("a reader of its output that goes away ends it quietly", async () => {
	const server = shell('{ $SOCK serve --port 0; echo "exit $?" >&2; } | head -n 1');
	const [, port = ""] = await server.printed(/listening on \S+:(\d+)/);
	// It notices with the next line that it has to say, if it has not yet.
	await sock("connect", "127.0.0.1", port).end().ended;
	await server.ended;
	assert.equal(server.errors, "exit 0\n");
});
