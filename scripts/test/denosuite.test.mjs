// @ts-check
/** Reading what Deno's test runner reports. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readJunit } from "../lib/denosuite.mjs";

test("readJunit() counts tests and not their suites, but a suite that was skipped", () => {
	const cases = readJunit(`<testsuites><testsuite name="a">
		<testcase name="plain" classname="x" time="0.001" line="4" col="1">
		</testcase>
		<testcase name="whole" classname="x"><skipped/></testcase>
		<testcase name="suite" classname="x"><failure message="1 test step failed">1 test step failed.</failure></testcase>
		<testcase name="suite &gt; good" classname="x"/>
		<testcase name="suite &gt; &quot;bad&quot;" classname="x"><failure message="no">no</failure></testcase>
		<testcase name="suite &gt; left out" classname="x"><skipped/></testcase>
	</testsuite></testsuites>`);
	assert.deepEqual(
		cases.map(({ name, outcome }) => `${name}: ${outcome}`),
		[
			"plain: passed",
			"whole: skipped",
			"suite > good: passed",
			'suite > "bad": failed',
			"suite > left out: skipped",
		],
	);
});
