/**
 * The classic file transfer, with its twin in Python.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createConnection, createServer, MSG_WAITALL } from "berkeley";
import type { Program } from "../support/program.js";
import { start, startServer, testTwins } from "../support/twins.js";

const folder = mkdtempSync(join(tmpdir(), "berkeley-files-"));
after(() => rmSync(folder, { recursive: true }));
const served = join(folder, "served");
const large = join(served, "large");
mkdirSync(join(served, "inner"), { recursive: true });
writeFileSync(join(served, "text.txt"), "Grüße\n".repeat(1000));
writeFileSync(join(served, "empty"), "");
writeFileSync(join(served, "12345"), "a name of digits");
writeFileSync(join(served, "inner/two words"), "in a folder of the folder");
// Few lines, for Python's server sends them one by one.
const block = randomBytes(1 << 20).map((byte) => (byte === 10 ? 11 : byte));
block[block.length - 1] = 10;
writeFileSync(large, Buffer.concat(Array(100).fill(block)));
writeFileSync(join(folder, "secret"), "not served");
symlinkSync("../secret", join(served, "link-out"));
symlinkSync("..", join(served, "folder-out"));
symlinkSync("text.txt", join(served, "link-in"));
spawnSync("mkfifo", [join(served, "pipe")]);

/** A folder for a client to write to. */
function emptyFolder(): string {
	return mkdtempSync(join(folder, "client-"));
}

function assertSame(name: string, received: string): void {
	assert.ok(readFileSync(join(served, name)).equals(readFileSync(received)), `${received} is like ${name}`);
}

testTwins("files come as they are: text, an empty one, 100 MiB", async (serverLanguage, clientLanguage) => {
	const [server, port] = await startServer(serverLanguage, "file-server", [served]);
	const cwd = emptyFolder();
	const client = start(clientLanguage, "file-client", [port], cwd);
	for (const name of ["text.txt", "empty", "large", "12345"]) {
		client.type(`get ${name}\n`);
		await client.printed(new RegExp(`${name}\\.new: \\d+ bytes, the MD5 is right\n`));
		assertSame(name, join(cwd, `${name}.new`));
	}
	client.type("q\n");
	assert.equal(await client.ended, 0);
	if (clientLanguage === "TypeScript") assert.match(client.output, /\r50 %\r[\s\S]*\r100 %\rlarge/);
	rmSync(cwd, { recursive: true });
	await server.stop();
});

test("file-server refuses what is no file of its folder, and goes on", async () => {
	const [server, port] = await startServer("TypeScript", "file-server", [served]);
	using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
	const refused = [
		"missing",
		"../secret",
		"inner/../../secret",
		join(folder, "secret"),
		join(served, "text.txt"),
		"/etc/passwd",
		"link-out",
		"folder-out/secret",
		"folder-out/served/../secret",
		"inner",
		".",
		"..",
		"pipe",
		"text.txt/",
		"text.txt\0",
		"/",
		"x".repeat(3000),
	];
	for (const name of refused) {
		await socket.sendall(`get ${name}`);
		assert.equal(`${await socket.recv(8192)}`, `no such file is served: ${name}`);
	}
	for (const request of ["get", "put text.txt", "text.txt", "\n"]) {
		await socket.sendall(request);
		assert.equal(`${await socket.recv(8192)}`, "say: get NAME");
	}
	for (const name of ["link-in", "inner/two words", "inner/../text.txt", "folder-out/served/text.txt"]) {
		await socket.sendall(`get ${name}\n`);
		const content = readFileSync(join(served, name));
		assert.equal(`${await socket.recv(100)}`, `${content.length}`);
		await socket.sendall("x");
		const sent = await socket.recv(content.length + 32, MSG_WAITALL);
		assert.ok(sent.subarray(0, content.length).equals(content));
		assert.equal(`${sent.subarray(content.length)}`, createHash("md5").update(content).digest("hex"));
	}
	await server.stop();
});

test("file-server waits for the acknowledgement, and survives who leaves in the middle", async () => {
	const [server, port] = await startServer("TypeScript", "file-server", [served]);
	const address = { host: "127.0.0.1", port: Number(port) };
	{
		using socket = await createConnection(address);
		await socket.sendall("get large");
		assert.equal(`${await socket.recv(100)}`, `${100 << 20}`);
		await assert.rejects(socket.recv(1, 0, { timeout: 50 }), { code: "ETIMEDOUT" });
		await socket.sendall("x");
		assert.equal((await socket.recv(1000, MSG_WAITALL)).length, 1000);
	}
	await server.printed(/EPIPE|ECONNRESET/);
	using socket = await createConnection(address);
	await socket.sendall("get empty");
	assert.equal(`${await socket.recv(100)}`, "0");
	await socket.sendall("x");
	assert.equal(`${await socket.recv(32, MSG_WAITALL)}`, "d41d8cd98f00b204e9800998ecf8427e");
	await server.stop();
});

async function told(client: Program): Promise<number | string> {
	client.type("q\n");
	return client.ended;
}

test("file-client says what was refused, and writes nothing for it", async () => {
	const [server, port] = await startServer("TypeScript", "file-server", [served]);
	const cwd = emptyFolder();
	const client = start("TypeScript", "file-client", [port], cwd);
	client.type("anything\n\nget ../secret\nget inner/two words\n");
	await client.printed(/two words\.new: 25 bytes, the MD5 is right\n/);
	assert.equal(await told(client), 1);
	assert.match(client.output, /^no such file is served: \.\.\/secret$/m);
	assert.equal(existsSync(join(cwd, "secret.new")), false);
	assertSame("inner/two words", join(cwd, "two words.new"));
	await server.stop();
});

test("file-client notices an MD5 that is another, and reads no further than the file", async () => {
	using listener = createServer({ host: "127.0.0.1", port: 0 });
	const cwd = emptyFolder();
	const client = start("TypeScript", "file-client", [`${listener.getsockname().port}`], cwd);
	const [connection] = await listener.accept();
	using server = connection;
	for (const [content, md5] of [
		["hello", createHash("md5").update("hello").digest("hex")],
		["hello", createHash("md5").update("hellO").digest("hex")],
	] as const) {
		client.type("get a\n");
		assert.equal(`${await server.recv(100)}`, "get a");
		await server.sendall(`${content.length}`);
		assert.equal((await server.recv(100)).length > 0, true);
		await server.sendall(`${content}${md5}`);
	}
	await client.printed(
		/^\r100 %\ra\.new: 5 bytes, the MD5 is right\n\r100 %\ra\.new: 5 bytes, the MD5 IS WRONG$/m,
	);
	assert.equal(await told(client), 1);
});
