/**
 * What becomes of sockets that nobody refers to any more.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runProgram } from "./support/programs.js";

/** Loses a socket in a way of programs/collected.ts, and gives what it printed. */
async function lose(way: string): Promise<string[]> {
	const { code, signal, stdout, stderr } = await runProgram("collected", [way]);
	// The runtime prints warnings too; that is its business.
	assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
	return stdout.trimEnd().split("\n");
}

describe("a socket that is collected", () => {
	test("unclosed is closed, and warned about by descriptor, family and type", async () => {
		const advice = "call close() or use `using`";
		assert.deepEqual(await lose("unclosed"), [
			`ResourceWarning: unclosed socket: descriptor N, AF_INET, SOCK_STREAM; ${advice}`,
			`ResourceWarning: unclosed socket: descriptor N, AF_INET6, SOCK_DGRAM; ${advice}`,
			`ResourceWarning: unclosed socket: descriptor N, AF_UNIX, SOCK_SEQPACKET; ${advice}`,
			`ResourceWarning: unclosed socket: descriptor N, AF_NETLINK, SOCK_RAW; ${advice}`,
		]);
	});

	test("unclosed lets its peer see the data and the end", async () => {
		assert.deepEqual(await lose("peer"), ["last words 0"]);
	});

	test("unclosed may have been accepted: the client sees the end", async () => {
		assert.deepEqual(await lose("accepted"), ["0 1"]);
	});

	for (const way of ["closed", "detached", "transferred"]) {
		test(`gives no warning when it was ${way}`, async () => {
			const opened = way === "closed" ? 0 : 1;
			assert.deepEqual(await lose(way), [JSON.stringify({ opened, warnings: [] })]);
		});
	}
});

describe("a socket that nobody refers to is not collected", () => {
	test("while an operation waits on it, but is afterwards", async () => {
		assert.deepEqual(await lose("waiting"), ["1"]);
	});

	test("while a loop waits on it", async () => {
		assert.deepEqual(await lose("looping"), ["chunk 0"]);
	});

	test("while it connects and nothing but a timer knows", async () => {
		assert.deepEqual(await lose("connecting"), ["3 0"]);
	});
});
