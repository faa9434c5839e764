/**
 * The classic remote command, with its twin in Python.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createConnection, hasIpv6, MSG_WAITALL } from "berkeley";
import { fileOf } from "../support/example.js";
import { start, startServer, testTwins } from "../support/twins.js";

testTwins(
	"remote-command runs what is typed, and shows the output",
	async (serverLanguage, clientLanguage) => {
		const [server, port] = await startServer(serverLanguage, "remote-command-server");
		const client = start(clientLanguage, "remote-command-client", [port]);
		await client.printed(/type a command/);
		const commands: [command: string, shown: string][] = [
			["echo hello", "hello"],
			["echo 'Grüße 你好' | cat", "Grüße 你好"],
			["true", "cmd has no output..."],
			["exit 3", "cmd has no output..."],
			["printf 'a\\n\\nb'; exit 1", "a\n\nb"],
			// Characters of three bytes, many more than are received at once.
			[
				"i=0; while [ $i -lt 300 ]; do echo 你好你好你好你好你好你好你好你好; i=$((i+1)); done",
				"你好".repeat(8),
			],
		];
		let expected = "type a command, or q to leave\n";
		for (const [index, [command, shown]] of commands.entries()) {
			client.type(index === 1 ? `\n${command}\n` : `${command}\n`);
			expected += `${index === 5 ? Array(300).fill(shown).join("\n") : shown}\n`;
		}
		client.type("q\n");
		assert.equal(await client.ended, 0);
		assert.equal(client.output, expected);
		await server.printed(/^127\.0\.0\.1:\d+ runs: echo hello$/m);
		await server.stop();
	},
);

test("remote-command-server sends the length in bytes, and the output when that was acknowledged", async () => {
	const [server, port] = await startServer("TypeScript", "remote-command-server");
	using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
	await socket.sendall("printf 'ä你'");
	assert.equal(`${await socket.recv(100)}`, "5");
	await assert.rejects(socket.recv(1, 0, { timeout: 50 }), { code: "ETIMEDOUT" });
	await socket.sendall("?");
	assert.equal(`${await socket.recv(100)}`, "ä你");
	await socket.sendall("printf '\\377'");
	assert.equal(`${await socket.recv(100)}`, "1");
	await socket.sendall("ack");
	assert.deepEqual([...(await socket.recv(100))], [0xff]);
	// More than a pipe holds, and more than Node's own limit.
	await socket.sendall("head -c 3000000 /dev/zero\n");
	assert.equal(`${await socket.recv(100)}`, "3000000");
	await socket.sendall("ack");
	assert.equal((await socket.recv(3_000_000, MSG_WAITALL)).length, 3_000_000);
	await server.stop();
});

test("remote-command-server serves several at once, and survives who leaves in the middle", async () => {
	const [server, port] = await startServer("TypeScript", "remote-command-server");
	const address = { host: "127.0.0.1", port: Number(port) };
	using reader = await createConnection(address);
	await reader.sendall("head -c 10000000 /dev/zero");
	assert.equal(`${await reader.recv(100)}`, "10000000");
	using leaver = await createConnection(address);
	await leaver.sendall("echo anything");
	assert.equal(`${await leaver.recv(100)}`, "9");
	leaver.close();
	await reader.sendall("ack");
	assert.equal((await reader.recv(1)).length, 1);
	reader.close();
	await server.printed(/EPIPE|ECONNRESET/);
	using other = await createConnection(address);
	await other.sendall("echo on");
	assert.equal(`${await other.recv(100)}`, "3");
	await server.stop();
});

test("remote-command-server runs nothing of what a browser sends", async () => {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-command-"));
	const [server, port] = await startServer("TypeScript", "remote-command-server");
	try {
		const trace = join(folder, "trace");
		const body = `\ntouch ${trace}\n`;
		await assert.rejects(fetch(`http://127.0.0.1:${port}/;touch ${trace};`, { method: "POST", body }));
		assert.equal(existsSync(trace), false);
		assert.doesNotMatch(server.output, /runs/);
	} finally {
		await server.stop();
		rmSync(folder, { recursive: true });
	}
});

for (const host of ["0.0.0.0", "", "::", "192.0.2.1", "localhost.example", "127.0.0.1.example"]) {
	test(`remote-command neither serves nor connects to ${JSON.stringify(host)}`, () => {
		for (const side of ["server", "client"]) {
			const program = fileOf(`classic/remote-command-${side}`);
			const { status, stdout, stderr } = spawnSync(process.execPath, [program, "0", host], {
				encoding: "utf8",
			});
			assert.equal(status, 1);
			assert.equal(stdout, "");
			assert.match(stderr, /127\.0\.0\.1 or ::1 alone/);
		}
	});
}

test("remote-command over IPv6's loopback", { skip: hasIpv6() ? false : "there is no IPv6" }, async () => {
	const [server, port] = await startServer("TypeScript", "remote-command-server", ["::1"]);
	const client = start("TypeScript", "remote-command-client", [port, "::1"]);
	client.type("echo six\nq\n");
	assert.equal(await client.ended, 0);
	assert.match(client.output, /^six$/m);
	await server.stop();
});
