/**
 * The classic programs over UDP, each with its twin in Python.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { AF_INET, SOCK_DGRAM, Socket } from "berkeley";
import type { Program } from "../support/program.js";
import { type Language, noPython, start, startServer, testTwins } from "../support/twins.js";

testTwins("udp-receiver shows what udp-sender sends", async (receiverLanguage, senderLanguage) => {
	const [receiver, port] = await startServer(receiverLanguage, "udp-receiver");
	for (const text of ["hello udp", "Grüße"]) {
		const sender = start(senderLanguage, "udp-sender", [port, text]);
		assert.equal(await sender.ended, 0);
		await receiver.printed(new RegExp(`^127\\.0\\.0\\.1:\\d+ sends: ${text}$`, "m"));
	}
	await receiver.stop();
});

for (const [name, answer] of [
	["udp-echo-server", "hello client"],
	["udp-handler-server", "Got your message!"],
] as const) {
	testTwins(`${name} answers ${answer}`, async (serverLanguage, clientLanguage) => {
		const [server, port] = await startServer(serverLanguage, name);
		const client = start(clientLanguage, "udp-echo-client", [port, "hello client"]);
		assert.equal(await client.ended, 0);
		assert.equal(client.output, `127.0.0.1:${port} answers: ${answer}\n`);
		await server.printed(/^127\.0\.0\.1:\d+ sends: hello client$/m);
		await server.stop();
	});
}

test("udp-echo-server sends back what is large, and what is empty", async () => {
	const [server, port] = await startServer("TypeScript", "udp-echo-server");
	using socket = new Socket(AF_INET, SOCK_DGRAM);
	await socket.connect({ host: "127.0.0.1", port: Number(port) });
	for (const length of [0, 1, 60_000]) {
		await socket.send("x".repeat(length));
		assert.equal((await socket.recv(65535)).length, length);
	}
	await server.stop();
});

/** The asking side, patient enough for a busy machine: who has seen its answers stops it. */
function ask(language: Language, port: string): Program {
	return start(language, "udp-broadcast", ["ask", port, "127.255.255.255", "60000"]);
}

testTwins("udp-broadcast: who listens answers who asks", async (answering, asking) => {
	const server = start(answering, "udp-broadcast", ["answer", "0"]);
	const port = await server.printed(/listening on port (\d+)/);
	const client = ask(asking, port);
	await client.printed(
		new RegExp(`^127\\.0\\.0\\.1:${port} answers: .*, process ${server.child.pid}\n`, "m"),
	);
	await server.printed(/^127\.0\.0\.1:\d+ asks: who is there\?$/m);
	await client.stop();
	await server.stop();
});

test("udp-broadcast: everybody who listens answers", { skip: noPython }, async () => {
	const ours = start("TypeScript", "udp-broadcast", ["answer", "0"]);
	const port = await ours.printed(/listening on port (\d+)/);
	const theirs = start("Python", "udp-broadcast", ["answer", port]);
	await theirs.printed(/listening on port (\d+)/);
	const client = ask("TypeScript", port);
	for (const { child } of [ours, theirs]) await client.printed(new RegExp(`process ${child.pid}\n`));
	for (const program of [client, ours, theirs]) await program.stop();
});

test("udp-broadcast ends when nobody answers any more", async () => {
	const server = start("TypeScript", "udp-broadcast", ["answer", "0"]);
	const port = await server.printed(/listening on port (\d+)/);
	const client = start("TypeScript", "udp-broadcast", ["ask", port, "127.255.255.255", "10"]);
	assert.equal(await client.ended, 0);
	await server.stop();
});
