/** The leak check itself: that it is silent when nothing leaked, and that it notices each kind of leak. */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

const directory = mkdtempSync(join(tmpdir(), "berkeley-leaks-"));
after(() => rmSync(directory, { recursive: true }));

const isDeno = process.versions.deno !== undefined;
const options = isDeno ? { skip: "Deno reports on its own tests, not on a file it runs as a child" } : {};

/** Runs a test file with this body in a process of its own. */
function runFixture(name: string, body: string): Promise<{ failed: boolean; output: string }> {
	const file = join(directory, `${name}.test.mjs`);
	const leaks = new URL("./support/leaks.js", import.meta.url).href;
	writeFileSync(
		file,
		`import ${JSON.stringify(leaks)};\nimport { after, test } from "node:test";\n${body}\n`,
	);
	// Without this variable the child reports in text, even below a test runner.
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	return new Promise((resolve) => {
		execFile(process.execPath, ["--test", file], { env }, (error, stdout, stderr) =>
			resolve({ failed: error !== null, output: stdout + stderr }),
		);
	});
}

// Each leak is waited for in vain for some seconds; all at once.
describe("the leak check", { concurrency: true }, () => {
	test(
		"a file that leaves nothing behind passes, though its own last hook is what cleans up",
		options,
		async () => {
			const { failed, output } = await runFixture(
				"clean",
				`import { createServer } from "node:net";
		import { once } from "node:events";
		const server = createServer().listen(0, "127.0.0.1");
		after(() => new Promise((resolve) => server.close(resolve)));
		test("listens", async () => { if (!server.listening) await once(server, "listening"); });`,
			);
			assert.equal(failed, false, output);
		},
	);

	test("a file of one synchronous test is checked too", options, async () => {
		const { failed, output } = await runFixture(
			"synchronous",
			`import { openSync } from "node:fs";
		test("opens", () => { openSync("/etc/passwd"); });`,
		);
		assert.equal(failed, true, output);
		assert.match(output, /descriptor \d+ is open: \/etc\/passwd/);
	});

	test("a socket that was left open fails the file", options, async () => {
		const { failed, output } = await runFixture(
			"socket",
			`import { createSocket } from "node:dgram";
		test("binds", async () => {
			const socket = createSocket("udp4");
			await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
			socket.unref();
		});`,
		);
		assert.equal(failed, true, output);
		assert.match(output, /descriptor \d+ is open: socket:/);
	});

	test("a second epoll descriptor fails the file, one is the reactor's", options, async () => {
		const koffi = import.meta.resolve("koffi");
		const body = (times: number) =>
			`import koffi from ${JSON.stringify(koffi)};
		const create = koffi.load(null).func("epoll_create1", "int", ["int"]);
		test("creates", () => { for (let i = 0; i < ${times}; i++) create(0); });`;
		const [once, twice] = await Promise.all([runFixture("epoll1", body(1)), runFixture("epoll2", body(2))]);
		assert.equal(once.failed, false, once.output);
		assert.equal(twice.failed, true, twice.output);
		assert.match(twice.output, /is open: anon_inode:\[eventpoll\]/);
	});

	test("a timer that still runs fails the file, and the process ends", options, async () => {
		const { failed, output } = await runFixture(
			"timer",
			`test("starts", async () => { setInterval(() => {}, 10); });`,
		);
		assert.equal(failed, true, output);
		assert.match(output, /active Timeout: 1, 0 at the beginning/);
	});

	test("a child process that still runs fails the file", options, async () => {
		const { failed, output } = await runFixture(
			"child",
			`import { spawn } from "node:child_process";
		test("starts", async () => { spawn("sleep", ["30"], { stdio: "ignore" }); });`,
		);
		assert.equal(failed, true, output);
		assert.match(output, /child process \d+ runs: sleep/);
		assert.match(output, /active ProcessWrap: 1/);
		const pid = /child process (\d+) runs/.exec(output)?.[1];
		process.kill(Number(pid));
	});

	test("a descriptor that somebody else closed fails the file", options, async () => {
		const { failed, output } = await runFixture(
			"stolen",
			`import { closeSync, readdirSync, readlinkSync } from "node:fs";
		test("closes", () => {
			const stolen = readdirSync("/proc/self/fd").findLast((fd) => {
				try { return readlinkSync("/proc/self/fd/" + fd) === "/dev/null"; } catch { return false; }
			});
			closeSync(Number(stolen));
		});`,
		);
		assert.equal(failed, true, output);
		assert.match(output, /descriptor \d+ was closed, and not by its owner/);
	});
});
