/**
 * How threads and processes end: whatever is under way, nothing is aborted and nothing stays behind.
 * This file does not import the library, so that some of the threads are the only ones that have loaded it.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram, startWorker } from "./support/programs.js";
import { isDeno } from "./support/runtime.js";

// Memory that is freed is overwritten, so that whoever still uses it shows (mallopt(3)).
const perturbed = { MALLOC_PERTURB_: "165" };

describe("a thread that is terminated", () => {
	for (const [what, kind] of [
		["under traffic", "trafficthread"],
		["while it lets the event loop go and takes it again", "watchthread"],
	] as const) {
		const skip =
			isDeno && kind === "watchthread" && "koffi's handle is all that Deno has, and its methods abort";
		test(`${what}, 40 times, takes nobody along and leaves no descriptor behind`, { skip }, async () => {
			const outcome = await runProgram("terminations", [kind, "40"], { env: perturbed });
			const { code, signal, stdout, stderr } = outcome;
			assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
			const { left } = JSON.parse(stdout) as { left: [number, string][] };
			// Deno opens and closes its own for threads at its leisure: a pair for signals, an epoll and an eventfd.
			assert.ok(left.length <= (isDeno ? 4 : 0), JSON.stringify(left));
		});
	}

	test("with look-ups in the pool and events that nobody handled takes nobody along", async () => {
		assert.deepEqual(await runProgram("pendinglookups", [], { env: perturbed }), {
			code: 0,
			signal: null,
			stdout: "survived\n",
			stderr: "",
		});
	});

	test("with two objects for one descriptor takes nobody along", async () => {
		const { code, signal, stderr } = await runProgram("samenumbers");
		assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
	});

	for (const how of ["continuation", "loop", "watcher"]) {
		test(`by what a ${how} throws has an 'error' event, and code 1`, async () => {
			const worker = await startWorker("thrower", how);
			const exited = new Promise((resolve) => worker.once("exit", resolve));
			const failed = once(worker, "error");
			worker.postMessage("go");
			const [error] = await failed;
			assert.match(error.message, new RegExp(`^thrown by a ${how}`));
			assert.equal(await exited, 1);
		});
	}
});

describe("process.exit()", () => {
	for (const [where, code] of [
		["here", 7],
		["handler", 8],
		["microtask", 0],
	] as const) {
		test(`in mid-traffic (${where}) ends the process with code ${code}`, async () => {
			assert.deepEqual(await runProgram("exitintraffic", [where, String(code)], { env: perturbed }), {
				code,
				signal: null,
				stdout: "2 threads\n",
				stderr: "",
			});
		});
	}
});

describe("the process ends by itself", () => {
	const cases: [how: string, stdout: string][] = [
		["nothing waits", "data\n3\n"],
		["closed while waiting", "data\nEBADF\n2\n"],
		["threads wait", "data\n3\n"],
	];
	for (const [how, stdout] of cases) {
		test(`when sockets are open: ${how}`, async () => {
			assert.deepEqual(await runProgram("ends", [how], { patience: 20_000 }), {
				code: 0,
				signal: null,
				stdout,
				stderr: "",
			});
		});
	}
});

// Deno alone runs callbacks of the collector so late, and only in its tests.
if (isDeno) {
	test("what is collected when a file of tests ends does not crash the process", () => {
		const program = fileURLToPath(new URL("programs/collectedattheend.js", import.meta.url));
		const flags = ["-A", "--no-check", "--no-lock", "--node-modules-dir=manual", "--v8-flags=--expose-gc"];
		for (let round = 0; round < 5; round++) {
			const { status, signal, stdout } = spawnSync(process.execPath, ["test", ...flags, program], {
				encoding: "utf8",
				env: { ...process.env, NO_COLOR: "1" },
			});
			assert.deepEqual({ status, signal }, { status: 0, signal: null }, stdout);
			assert.match(stdout, /1 passed/);
		}
	});
}

describe("native memory", () => {
	// In each case more than 200 MB would be left.
	const mostGrowth = 80_000_000;

	test("is freed when its thread ends", async () => {
		const { code, stdout, stderr } = await runProgram("memory", ["threads", "50"]);
		assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
		assert.ok(Number(stdout) < mostGrowth, `${stdout.trim()} bytes more`);
	});

	test("is freed when it is collected, and not before", async () => {
		const { code, stdout, stderr } = await runProgram("memory", ["allocations", "20000"]);
		assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
		assert.ok(Number(stdout) < mostGrowth, `${stdout.trim()} bytes more`);
	});
});
