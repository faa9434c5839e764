// @ts-check
/** The test runner: that it fails on all that must not pass for success. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "../lib/tally.mjs";

const file = "/x/a.test.js";
const testCase = { file, details: { type: "test" } };

/** @param {(tally: Tally) => void} fill */
function tallied(fill) {
	const tally = new Tally();
	fill(tally);
	return tally;
}

test("passed tests count, their suites do not", () => {
	const tally = tallied((t) => {
		t.end(true, { ...testCase, name: "one" });
		t.end(true, { ...testCase, name: "two" });
		t.end(true, { file, name: "suite", details: { type: "suite" } });
	});
	assert.deepEqual([tally.passed, tally.failed, tally.skips.length], [2, 0, 0]);
	assert.deepEqual(tally.complaints({ files: [file], floor: 2, allowedSkips: [] }), []);
	assert.match(tally.summary(), /^2 passed, 0 failed, 0 skipped$/);
});

test("a file without a test is refused, though the runtime reports it as passed", () => {
	const tally = tallied((t) => t.end(true, { file, name: file, details: { type: "test" } }));
	assert.match(tally.complaints({ files: [file] })[0] ?? "", /a\.test\.js holds no test/);
});

test("no file at all is refused", () => {
	assert.deepEqual(new Tally().complaints({ files: [] }), ["no test file was found"]);
});

test("fewer tests than the floor are refused, unless a skip may explain it", () => {
	const tally = tallied((t) => t.end(true, { ...testCase, name: "one" }));
	assert.match(
		tally.complaints({ files: [file], floor: 2 })[0] ?? "",
		/1 tests ran, fewer than the floor of 2/,
	);
	tally.end(true, { ...testCase, name: "two", skip: "no cc" });
	assert.deepEqual(tally.complaints({ files: [file], floor: 2 }), []);
	assert.equal(
		tally.complaints({ files: [file], floor: 2, allowedSkips: [{ test: "two", reason: "" }] }).length,
		1,
	);
});

test("a skip is refused where every test must run, but for those that are named", () => {
	const tally = tallied((t) => t.end(true, { ...testCase, name: "two", skip: "no cc" }));
	assert.deepEqual(tally.complaints({ files: [file] }), []);
	assert.match(tally.complaints({ files: [file], allowedSkips: [] })[0] ?? "", /two \(no cc\)/);
	assert.deepEqual(tally.complaints({ files: [file], allowedSkips: [{ test: "two$", reason: "" }] }), []);
	assert.match(tally.summary(), /a\.test\.js: two: no cc/);
});

test("a failed test counts once, not again with its suite", () => {
	const tally = tallied((t) => {
		t.end(false, { ...testCase, name: "one" });
		const error = Object.assign(new Error("1 subtest failed"), { failureType: "subtestsFailed" });
		t.end(false, { file, name: "suite", details: { type: "suite", error } });
	});
	assert.equal(tally.failed, 1);
});

test("a file that fails as a whole counts, and what was running is named", () => {
	const tally = tallied((t) => {
		t.begin({ file, name: file });
		t.begin({ file, name: "hangs" });
		t.begin({ file, name: "ends" });
		t.end(true, { ...testCase, name: "ends" });
		t.end(false, { file, name: file, details: { error: new Error("timed out") } });
	});
	assert.equal(tally.failed, 1);
	assert.match(tally.summary(), /a\.test\.js: timed out \(still running: hangs\)/);
});
