/**
 * The classic programs over TCP, each with its twin in Python: upper-case echo, greeting, web server.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { createConnection, MSG_WAITALL, SHUT_WR, SO_LINGER, SOL_SOCKET } from "berkeley";
import { noPython, start, startServer, testTwins } from "../support/twins.js";

const noCurl = spawnSync("curl", ["--version"]).status === 0 ? false : "there is no curl";

/** What the standard output of a command was. */
function outputOf(command: string, ...args: string[]): string {
	const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 30_000 });
	assert.equal(status, 0, stderr);
	return stdout;
}

testTwins("upper-echo answers in upper case until q", async (serverLanguage, clientLanguage) => {
	const [server, port] = await startServer(serverLanguage, "upper-echo-server");
	const client = start(clientLanguage, "upper-echo-client", [port]);
	await client.printed(/type a line/);
	client.type("hello\n");
	await client.printed(/^HELLO$/m);
	client.type("\nGrüße, Welt\nq\n");
	assert.equal(await client.ended, 0);
	assert.equal(client.output, "type a line, or q to leave\nHELLO\nGRÜSSE, WELT\n");
	await server.printed(/^127\.0\.0\.1:\d+ has come\n127\.0\.0\.1:\d+ has left$/m);
	await server.stop();
});

test("upper-echo-client has a long answer whole, in whatever pieces it comes", async () => {
	const [server, port] = await startServer("TypeScript", "upper-echo-server");
	const client = start("TypeScript", "upper-echo-client", [port]);
	client.type(`${"long ".repeat(20_000)}\nshort\nq\n`);
	assert.equal(await client.ended, 0);
	assert.equal(client.output, `type a line, or q to leave\n${"LONG ".repeat(20_000)}\nSHORT\n`);
	await server.stop();
});

test("upper-echo-server puts a character together that comes in two pieces", async () => {
	const [server, port] = await startServer("TypeScript", "upper-echo-server");
	using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
	const text = Buffer.from("aä");
	await socket.sendall(text.subarray(0, 2));
	assert.equal(`${await socket.recv(10)}`, "A");
	await socket.sendall(text.subarray(2));
	assert.equal(`${await socket.recv(10)}`, "Ä");
	await server.stop();
});

testTwins("greeting-server says hello world, and shows a request", async (serverLanguage, clientLanguage) => {
	const [server, port] = await startServer(serverLanguage, "greeting-server");
	for (const request of ["hello server", "Grüße zurück"]) {
		const client = start(clientLanguage, "greeting-client", [port, request]);
		assert.equal(await client.ended, 0);
		const here = client.output.match(/^(127\.0\.0\.1:\d+) is greeted by 127\.0\.0\.1:(\d+)\nhello world\n$/);
		assert.ok(here, client.output);
		assert.equal(here[2], port);
		await server.printed(new RegExp(`^127\\.0\\.0\\.1:${port} greets ${here[1]}\n${request}$`, "m"));
	}
	await server.stop();
});

test("greeting-server reads 1024 bytes at the most, ends the connection, and survives who resets it", async () => {
	const [server, port] = await startServer("TypeScript", "greeting-server");
	const address = { host: "127.0.0.1", port: Number(port) };
	{
		using rude = await createConnection(address);
		assert.equal(`${await rude.recv(100)}`, "hello world");
		rude.setsockopt(SOL_SOCKET, SO_LINGER, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
	}
	await server.printed(/ECONNRESET/);
	using socket = await createConnection(address);
	assert.equal(`${await socket.recv(11, MSG_WAITALL)}`, "hello world");
	await socket.sendall("x".repeat(2000));
	// What it leaves unread makes the end a reset.
	await assert.rejects(socket.recv(100), { code: "ECONNRESET" });
	await server.printed(/^x{1024}$/m);
	await server.stop();
});

for (const language of ["TypeScript", "Python"] as const) {
	const skip = noCurl || (language === "Python" && noPython);
	test(`web-server in ${language} shows Hello, World to curl`, { skip }, async () => {
		const [server, port] = await startServer(language, "web-server");
		const url = `http://127.0.0.1:${port}/any/page`;
		assert.equal(outputOf("curl", "-sS", "--http1.1", "-w", " %{http_code}", url), "Hello, World 200");
		await server.printed(/^GET \/any\/page HTTP\/1\.1$/m);
		await server.stop();
	});
}

test("web-server shows Hello, World to Python, by GET, and by POST with more than is read at once", {
	skip: noPython,
}, async () => {
	const [server, port] = await startServer("TypeScript", "web-server");
	for (const request of [["GET"], ["DELETE"], ["POST", "10"], ["POST", "3000000"]]) {
		const client = start("Python", "web-client", [port, ...request]);
		assert.equal(await client.ended, 0);
		assert.equal(client.output, "11 200 OK\nHello, World\n");
	}
	await server.stop();
});

test("web-server answers as fetch() wants it, and one that types too", async () => {
	const [server, port] = await startServer("TypeScript", "web-server");
	const response = await fetch(`http://127.0.0.1:${port}/`);
	assert.deepEqual([response.status, response.statusText], [200, "OK"]);
	assert.equal(await response.text(), "Hello, World");
	using silent = await createConnection({ host: "127.0.0.1", port: Number(port) });
	using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
	await socket.sendall("GET / HT");
	await socket.sendall("TP/1.0\n\n");
	let answer = "";
	for await (const chunk of socket) answer += chunk;
	assert.match(answer, /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*Content-Length: 12\r\n(?:.+\r\n)*\r\nHello, World$/);
	// Who asks nothing is answered nothing.
	silent.shutdown(SHUT_WR);
	assert.equal((await silent.recv(100)).length, 0);
	await server.stop();
});
