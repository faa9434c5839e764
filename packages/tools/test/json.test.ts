/**
 * The envelope of --json, and its schema.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Socket } from "berkeley";
import { detailsOf, Failure } from "../src/failure.js";
import { isoTime, jsonLine } from "../src/json.js";
import { ran, shell } from "./support/command.js";
import { jsonLines, schema } from "./support/json.js";

const noFullDisk = existsSync("/dev/full") ? false : "there is no /dev/full";

test("sock schema prints the schema that the package holds", async () => {
	const { ending, output, errors } = await ran("schema");
	assert.deepEqual([ending, errors], [0, ""]);
	assert.deepEqual(JSON.parse(output), schema);
});

test("isoTime() gives the kernel's nanoseconds, and milliseconds of now", () => {
	assert.equal(isoTime({ seconds: 1_700_000_000, nanoseconds: 1_020 }), "2023-11-14T22:13:20.000001020Z");
	assert.equal(isoTime({ seconds: 0, nanoseconds: 999_999_999 }), "1970-01-01T00:00:00.999999999Z");
	assert.match(isoTime(), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("error events have the code of what failed, and are as the schema says", () => {
	const refused = (() => {
		try {
			using socket = new Socket();
			socket.bind({ host: "192.0.2.1", port: 7 });
		} catch (error) {
			return error;
		}
		return assert.fail("the address is of this machine");
	})();
	const cases: [error: unknown, code: string, message: RegExp][] = [
		[refused, "EADDRNOTAVAIL", /^bind 192\.0\.2\.1:7: /],
		[new Failure("no such thing"), "FAILURE", /^no such thing$/],
		[new Failure("in other words", { cause: refused }), "EADDRNOTAVAIL", /^in other words$/],
		[new TypeError("a bug"), "UNEXPECTED", /^unexpected: TypeError: a bug\n/],
		["text", "UNEXPECTED", /^unexpected: text$/],
	];
	for (const [error, code, message] of cases) {
		const [line] = jsonLines(jsonLine("example", "error", detailsOf(error)));
		assert.equal(line?.data.code, code);
		assert.match(line?.data.message, message);
	}
	const { data } = jsonLines(jsonLine("example", "error", detailsOf(refused)))[0] ?? {};
	assert.deepEqual([data.syscall, data.address, data.port], ["bind", "192.0.2.1", 7]);
});

test("a full disk is one sentence and the exit code of a failure", { skip: noFullDisk }, async () => {
	const program = shell("$SOCK trace --json 127.0.0.1 >/dev/full").end();
	assert.equal(await program.ended, 1);
	assert.match(program.errors, /^sock: standard output: [^\n]+\n$/);
});

test("the schema refuses what is not of the envelope", () => {
	const error = { code: "FAILURE", message: "x" };
	const good = JSON.parse(jsonLine("example", "error", error)) as Record<string, unknown>;
	for (const bad of [
		{ ...good, sock: 2 },
		{ ...good, time: "now" },
		{ ...good, more: 1 },
		{ ...good, event: "nothing of the kind" },
		{ ...good, data: { message: "x" } },
		{ ...good, data: { ...error, code: "lower" } },
	]) {
		assert.throws(() => jsonLines(`${JSON.stringify(bad)}\n`), assert.AssertionError);
	}
});
