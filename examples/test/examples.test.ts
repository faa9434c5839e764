/**
 * Each example runs, and does what it says.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AF_INET, createConnection, createServer, SHUT_WR, SOCK_DGRAM, Socket } from "berkeley";
import { createCaptureSync, openCapture, openCaptureSync } from "berkeley/capture";
import { build, dissect, dns, ethernet, ipv4, tcp } from "berkeley/packet";
import { Example } from "../support/example.js";

const noForeignFiles =
	"deno" in process.versions && "Deno's node:fs knows no descriptor that it has not opened itself";

test("the README has every example, and each command in it a program", () => {
	const examples = new URL("../../", import.meta.url);
	const readme = readFileSync(new URL("README.md", examples), "utf8");
	for (const folder of ["", "classic/", "packets/"]) {
		for (const name of readdirSync(new URL(folder, examples))) {
			if (name.endsWith(".ts")) assert.ok(readme.includes(`(${folder}${name})`), `it lacks ${folder}${name}`);
		}
	}
	const programs = [...readme.matchAll(/node ([\w-]+\.js)/g)].map(([, name]) => `dist/classic/${name}`);
	const twins = [...readme.matchAll(/python3 \.\.\/\.\.\/(\S+)/g)].map(([, path]) => path as string);
	assert.ok(programs.length > 25 && twins.length > 0);
	for (const path of [...programs, ...twins]) assert.ok(existsSync(new URL(path, examples)), path);
});

test("upper-echo-server serves several clients at once", async () => {
	const server = new Example("classic/upper-echo-server", "0");
	const port = await server.printed(/listening on port (\d+)/);
	const clients = [
		new Example("classic/upper-echo-client", port),
		new Example("classic/upper-echo-client", port),
	];
	for (const client of clients) {
		client.child.stdin?.write("abc\n");
		await client.printed(/^ABC$/m);
	}
	for (const client of clients) {
		client.child.stdin?.end();
		assert.equal(await client.ended, 0);
	}
	await server.stop();
});

test("limited-server gives out a file as slowly as it is told, three times to a client, and counts it", async () => {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-limited-"));
	const file = join(folder, "file");
	const content = "0123456789".repeat(1500);
	writeFileSync(file, content);
	// A second's bytes go out at once, the rest in half a second.
	const server = new Example("limited-server", file, "10000");
	try {
		const address = { host: "127.0.0.1", port: Number(await server.printed(/listening on port (\d+)/)) };
		const url = await server.printed(/metrics at (\S+)/);
		const download = async () => {
			const start = performance.now();
			using client = await createConnection(address);
			return { text: `${await client.makefile("rb").read()}`, took: performance.now() - start };
		};
		const all = await Promise.all([download(), download(), download()]);
		for (const { text, took } of all) {
			assert.equal(text, content);
			assert.ok(took >= 490, `${took} ms`);
		}
		assert.equal((await download()).text, "");
		const metrics = await (await fetch(url)).text();
		assert.match(metrics, /^berkeley_server_requests_finished_total\{server="files"\} 3$/m);
		assert.match(metrics, /^berkeley_server_requests_limited_total\{server="files"\} 1$/m);
	} finally {
		server.kill("SIGTERM");
		assert.equal(await server.ended, 0);
		rmSync(folder, { recursive: true });
	}
});

test("blocking-client has its answer", async () => {
	const server = new Example("classic/upper-echo-server", "0");
	const client = new Example("blocking-client", await server.printed(/listening on port (\d+)/), "some text");
	assert.equal(await client.ended, 0);
	assert.equal(client.output, "SOME TEXT\n");
	await server.stop();
});

test("tcp-proxy passes on what either side sends, and its end", async () => {
	const server = new Example("classic/upper-echo-server", "0");
	const proxy = new Example("tcp-proxy", await server.printed(/listening on port (\d+)/));
	const client = new Example("blocking-client", await proxy.printed(/listening on port (\d+)/), "some text");
	assert.equal(await client.ended, 0);
	assert.equal(client.output, "SOME TEXT\n");
	await proxy.printed(/^9 bytes there and 9 back$/m);
	await server.stop();
	const orphan = new Example("classic/upper-echo-client", await proxy.printed(/listening on port (\d+)/));
	await proxy.printed(/^lost: connect .*nothing listens there$/m);
	orphan.child.stdin?.end();
	await orphan.ended;
	await proxy.stop();
});

test("tcp-tap shows what either side sends, and passes it and its end on", async () => {
	const server = new Example("classic/upper-echo-server", "0");
	const port = await server.printed(/listening on port (\d+)/);
	const tap = new Example("tcp-tap", port);
	const client = new Example("blocking-client", await tap.printed(/listening on port (\d+)/), "some text");
	assert.equal(await client.ended, 0);
	assert.equal(client.output, "SOME TEXT\n");
	await tap.printed(/^> "some text"\n< "SOME TEXT"$/m);
	await server.printed(/has left$/m);
	await server.stop();
	const orphan = new Example("classic/upper-echo-client", await tap.printed(/listening on port (\d+)/));
	await tap.printed(/^lost: connect .*nothing listens there$/m);
	orphan.child.stdin?.end();
	await orphan.ended;
	await tap.stop();
});

test("tcp-tap holds back who sends faster than the other side takes, and loses nothing", async () => {
	using sink = createServer({ host: "127.0.0.1", port: 0 });
	const tap = new Example("tcp-tap", `${sink.getsockname().port}`);
	// What it prints is not what this is about.
	tap.child.stdout?.on("data", () => {
		tap.output = tap.output.slice(0, 100);
	});
	const port = Number(await tap.printed(/listening on port (\d+)/));
	using source = await createConnection({ host: "127.0.0.1", port });
	const [connection] = await sink.accept();
	using slow = connection;
	const data = Buffer.alloc(1 << 20, "0123456789abcdefghijklmnopqrstuvwxyz\n");
	// Nobody reads: it stands still when all buffers on the way are full, long before there is no memory.
	let sent = 0;
	for (;;) {
		const count = await source.send(data.subarray(sent % data.length), 0, { timeout: 500 }).catch(() => 0);
		if (count === 0) break;
		sent += count;
		assert.ok(sent < 1 << 28, "it takes everything");
	}
	source.shutdown(SHUT_WR);
	let received = 0;
	for await (const chunk of slow) {
		const start = received % data.length;
		const expected = data.subarray(start, start + chunk.length);
		assert.ok(chunk.subarray(0, expected.length).equals(expected));
		received += chunk.length;
	}
	assert.equal(received, sent);
	slow.close();
	await source.recv(1);
	await tap.stop();
});

test("udp-batches sends many datagrams, and all come back", async () => {
	const server = new Example("udp-batches", "serve", "0");
	const port = await server.printed(/listening on port (\d+)/);
	const client = new Example("udp-batches", "count", port, "640");
	assert.equal(await client.ended, 0);
	assert.equal(client.output, "640 came back\n");
	await server.stop();
});

test("unix-passing-descriptors: the other process reads the file", { skip: noForeignFiles }, async () => {
	const example = new Example("unix-passing-descriptors");
	assert.equal(await example.ended, 0);
	assert.match(example.output, new RegExp(`^process ${example.child.pid} gave it away$`, "m"));
	assert.match(
		example.output,
		/^process \d+ was given "a file without a name": nobody can open this any more$/m,
	);
});

test("threading-server serves while other threads block, and ends them with it", async () => {
	const server = new Example("threading-server", "0");
	const address = { host: "127.0.0.1", port: Number(await server.printed(/listening on port (\d+)/)) };
	const clients = [await createConnection(address), await createConnection(address)];
	const threads = new Set<string>();
	for (const client of clients) {
		await client.sendall("hello\n");
		const [answer, thread] = `${await client.recv(100)}`.match(/^THREAD (\d+): HELLO\n$/) ?? [];
		assert.notEqual(answer, undefined);
		threads.add(thread as string);
	}
	assert.equal(threads.size, 2);
	for (const client of clients) client.close();
	server.kill();
	await server.printed(/^all threads have ended$/m);
	assert.equal(await server.ended, 0);
});

test("forking-server serves while one child computes, and outlives another", async () => {
	const server = new Example("forking-server", "0");
	const address = { host: "127.0.0.1", port: Number(await server.printed(/listening on port (\d+)/)) };
	using busy = await createConnection(address);
	using doomed = await createConnection(address);
	await busy.sendall("40\n"); // This takes a while.
	await doomed.sendall("10\n");
	const [answer, pid] = `${await doomed.recv(100)}`.match(/^55 says process (\d+)\n$/) ?? [];
	assert.notEqual(answer, undefined);
	await doomed.sendall("die\n");
	assert.equal((await doomed.recv(100)).length, 0);
	await server.printed(
		new RegExp(`^127\\.0\\.0\\.1:\\d+ was lost: child process ${pid} was killed by SIGKILL`, "m"),
	);
	assert.match(`${await busy.recv(100)}`, /^102334155 says process \d+\n$/);
	busy.close();
	server.kill();
	await server.printed(/^all children have left$/m);
	assert.equal(await server.ended, 0);
});

test("worker-socket: the worker has what was sent before", async () => {
	const example = new Example("worker-socket");
	assert.equal(await example.ended, 0);
	assert.equal(example.output, "main thread received first\nthe worker answers: the second came to me\n");
});

test("tcp-info shows what the kernel knows", async () => {
	const example = new Example("tcp-info");
	assert.equal(await example.ended, 0);
	assert.match(
		example.output,
		/^at first: ESTABLISHED, round trip \d+ µs, window \d+ × \d+ bytes, acknowledged /m,
	);
	const [, acknowledged] = example.output.match(/^after 1 MiB: .*acknowledged (\d+)/m) ?? [];
	assert.ok(Number(acknowledged) > 0);
});

test("restartable-server is replaced by one that is started again, and by one that SIGHUP starts", async () => {
	const directory = mkdtempSync(join(tmpdir(), "restartable-"));
	const first = new Example("restartable-server", "0", directory);
	const pid = first.child.pid;
	const port = Number(await first.printed(/serves on port (\d+)$/m));
	const ask = async () => {
		using client = await createConnection({ host: "127.0.0.1", port });
		await client.sendall("me\n");
		return `${await client.recv(100)}`;
	};
	assert.equal(await ask(), `${pid} answers me\n`);
	const second = new Example("restartable-server", "0", directory);
	await second.printed(new RegExp(`serves on port ${port} after ${pid}$`, "m"));
	assert.equal(await ask(), `${second.child.pid} answers me\n`);
	assert.equal(await first.ended, 0);
	assert.match(first.output, new RegExp(`was replaced by ${second.child.pid}`));
	second.kill("SIGHUP");
	// The third writes where the second did.
	const third = Number(await second.printed(/^\d+ was replaced by (\d+)$/m));
	assert.equal(await ask(), `${third} answers me\n`);
	process.kill(third, "SIGTERM");
	assert.equal(await second.ended, 0);
	rmSync(directory, { recursive: true });
});

test("packets/dns-query shows what a server answers", async () => {
	using server = new Socket(AF_INET, SOCK_DGRAM);
	server.bind({ host: "127.0.0.1", port: 0 });
	const { port } = server.getsockname();
	for (const show of ["", "hexdump"]) {
		const client = new Example("packets/dns-query", "127.0.0.1", String(port), "www.example.com", "MX", show);
		const [bytes, address] = await server.recvfrom(512);
		const query = dissect(bytes, { first: dns }).get(dns);
		assert.deepEqual(query?.questions, [{ name: "www.example.com", type: "MX", class: 1 }]);
		const reply = { id: query?.id ?? 0, response: true, questions: query?.questions ?? [] };
		// What is not for this query is left alone.
		await server.sendto(build(dns({ ...reply, id: (reply.id + 1) & 0xffff })), address);
		await server.sendto(
			build(
				dns({
					...reply,
					answers: [
						{ name: "www.example.com", type: "MX", ttl: 9, preference: 1, exchange: "mail.example.com" },
					],
				}),
			),
			address,
		);
		assert.equal(await client.ended, 0);
		if (show === "") {
			const data = '{"class":1,"ttl":9,"preference":1,"exchange":"mail.example.com"}';
			assert.equal(client.output, `www.example.com MX ${data}\n`);
		} else assert.match(client.output, /answers\[0\]\.exchange mail\.example\.com\n$/);
	}
});

test("packets/mark-retransmissions comments what was sent twice, and copies the rest", async () => {
	const folder = mkdtempSync(join(tmpdir(), "examples-"));
	try {
		const [from, to] = [join(folder, "from.pcap"), join(folder, "to.pcapng")];
		const writer = createCaptureSync(from);
		// New, new, again, no data, new beyond the end of the numbers, again.
		for (const [number, [sequence, data]] of (
			[
				[4294967290, "abc"],
				[4294967293, "def"],
				[4294967290, "abc"],
				[0, ""],
				[0, "ghi"],
				[0, "ghi"],
			] as const
		).entries()) {
			const bytes = build(
				ethernet({ destination: "02:00:00:00:00:02", source: "02:00:00:00:00:01" }),
				ipv4({ source: "192.0.2.1", destination: "192.0.2.2" }),
				tcp({ sourcePort: 1, destinationPort: 2, sequence, flags: 0x18 }),
				data,
			);
			writer.write({
				bytes,
				length: bytes.length,
				link: "ethernet",
				seconds: 1763726400,
				nanoseconds: number * 1e6,
			});
		}
		writer.closeSync();
		const program = new Example("packets/mark-retransmissions", from, to);
		assert.equal(await program.ended, 0);
		assert.equal(program.output, "6 packets, 2 of them sent again\n");
		const again = (milliseconds: number) => `sent again, ${milliseconds}.0 ms after the last new data`;
		assert.deepEqual(
			[...openCaptureSync(to)].map(({ comment }) => comment),
			[undefined, undefined, again(1), undefined, undefined, again(1)],
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("packets/faulty-proxy loses what it is told to, and records it", async () => {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-faulty-"));
	const file = join(folder, "trace.pcapng");
	using target = new Socket(AF_INET, SOCK_DGRAM);
	target.bind({ host: "127.0.0.1", port: 0 });
	const { port } = target.getsockname();
	const plan = JSON.stringify({ there: { loss: { packets: [2] } } });
	const proxy = new Example("packets/faulty-proxy", "udp", `${port}`, plan, "7", file);
	try {
		assert.equal(await proxy.printed(/with the seed (\d+)/), "7");
		const own = Number(await proxy.printed(/listening on port (\d+)/));
		using client = new Socket(AF_INET, SOCK_DGRAM);
		for (const text of ["one", "two", "three"]) await client.sendto(text, { host: "127.0.0.1", port: own });
		assert.equal(`${await target.recv(10)} ${await target.recv(10)}`, "one three");
		proxy.kill("SIGINT");
		assert.equal(await proxy.ended, 0);
		assert.match(proxy.output, /lost: 1,/);
		const comments: (string | undefined)[] = [];
		for await (const packet of await openCapture(file)) comments.push(packet.comment);
		assert.deepEqual(comments, [undefined, "packet 2: lost", undefined]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
