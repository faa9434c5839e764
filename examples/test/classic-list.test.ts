/**
 * The classic client list, with its twin in Python.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnection, SHUT_WR, SO_LINGER, SOL_SOCKET } from "berkeley";
import { start, startServer, testTwins } from "../support/twins.js";

testTwins("client-list tells everybody who has been there", async (serverLanguage, clientLanguage) => {
	const [server, port] = await startServer(serverLanguage, "client-list-server");
	// More than a recv(1024) would bring.
	const names = ["ann", "你好", `${"x".repeat(900)} "\\`, `${"ü".repeat(500)}`];
	for (const [index, name] of names.entries()) {
		const client = start(clientLanguage, "client-list-client", [port, name]);
		assert.equal(await client.ended, 0);
		const shown = client.output.split("\n").map((line) => line.replace(/ from 127\.0\.0\.1:\d+$/, ""));
		assert.deepEqual(shown, [...names.slice(0, index + 1), ""]);
	}
	await server.stop();
});

test("client-list-server answers those who come together, each with itself in the list", async () => {
	const [server, port] = await startServer("TypeScript", "client-list-server");
	async function visit(name: string): Promise<{ name: string; address: string; port: number }[]> {
		using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
		await socket.sendall(name);
		const list = JSON.parse(await socket.makefile("r").read());
		assert.deepEqual(
			list.filter((client: { name: string }) => client.name === name),
			[{ name, address: "127.0.0.1", port: socket.getsockname().port }],
		);
		return list;
	}
	const names = Array.from({ length: 8 }, (_, index) => `client ${index}`);
	const lists = await Promise.all(names.map(visit));
	assert.deepEqual(lists.map(({ length }) => length).sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
	assert.deepEqual(
		new Set((await visit("the last")).map(({ name }) => name)),
		new Set([...names, "the last"]),
	);
	await server.stop();
});

test("client-list-server waits for nobody: not for who is silent, nor for who resets or leaves", async () => {
	const [server, port] = await startServer("TypeScript", "client-list-server");
	const address = { host: "127.0.0.1", port: Number(port) };
	using silent = await createConnection(address);
	using leaver = await createConnection(address);
	leaver.shutdown(SHUT_WR);
	assert.equal((await leaver.recv(100)).length, 0);
	{
		using rude = await createConnection(address);
		rude.setsockopt(SOL_SOCKET, SO_LINGER, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
	}
	await server.printed(/was lost: recv: connection reset/);
	const client = start("TypeScript", "client-list-client", [port, "ann"]);
	assert.equal(await client.ended, 0);
	assert.match(client.output, /^ann from 127\.0\.0\.1:\d+\n$/);
	await silent.sendall("late\n");
	assert.deepEqual(
		JSON.parse(await silent.makefile("r").read()).map(({ name }: { name: string }) => name),
		["ann", "late"],
	);
	await server.stop();
});
