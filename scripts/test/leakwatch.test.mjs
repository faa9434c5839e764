// @ts-check
/** Every test file in TypeScript imports the leak check, and before anything else. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importsOf } from "../layers.mjs";
import { root } from "../lib/testfiles.mjs";

test("every test file imports support/leaks.js first", () => {
	const careless = [];
	for (const folder of ["packages/berkeley/test", "packages/tools/test", "examples"]) {
		for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
			if (!name.endsWith(".test.ts") || /(^|\/)(dist|node_modules)\//.test(name)) continue;
			const first = importsOf(readFileSync(join(root, folder, name), "utf8"))[0];
			if (!first?.specifier.endsWith("support/leaks.js")) careless.push(`${folder}/${name}`);
		}
	}
	assert.deepEqual(careless, []);
});
