// @ts-check
/** The layer rule on a small tree: what it lets through, and each thing that it refuses. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { importsOf, violations } from "../layers.mjs";

const made = /** @type {string[]} */ ([]);
after(() => {
	for (const folder of made) rmSync(folder, { recursive: true });
});

/** What the rule says about a workspace of these files.
 * @param {Record<string, string>} files */
function judge(files) {
	const root = mkdtempSync(join(tmpdir(), "berkeley-layers-"));
	made.push(root);
	const all = {
		"packages/berkeley/package.json": '{ "exports": { ".": "./x.js", "./select": "./y.js" } }',
		"packages/berkeley/src/errors.ts": "export const a = 1;",
		"packages/berkeley/src/sys/koffi.ts": 'import type koffi from "koffi";',
		"packages/berkeley/src/sys/ffi.ts": 'import { koffi } from "./koffi.js";',
		"packages/berkeley/src/sys/linux/constants/families.ts": "export const AF_INET = 2;",
		"packages/berkeley/src/socket/socket.ts": 'import { a } from "../errors.js";',
		...files,
	};
	for (const [name, text] of Object.entries(all)) {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text);
	}
	return violations(root);
}

test("a tree that keeps the rules passes", () => {
	assert.deepEqual(
		judge({
			"packages/berkeley/src/address/types.ts":
				'import { AF_INET } from "../sys/linux/constants/families.js";',
			"packages/berkeley/src/server/tcp.ts":
				'import {\n\tx,\n} from "../socket/socket.js";\nimport "node:net";',
			"packages/tools/src/sock.ts": 'import "berkeley/select";\nimport { Command } from "commander";',
		}),
		[],
	);
});

/** @type {[name: string, file: string, text: string, complaint: RegExp][]} */
const refusals = [
	[
		"an import upwards, over several lines",
		"packages/berkeley/src/reactor/epoll.ts",
		'\n\nimport {\n\ta,\n\tb,\n} from "../socket/socket.js";',
		/^packages\/berkeley\/src\/reactor\/epoll\.ts:3 imports \.\.\/socket\/socket\.js: floor 2 may not import floor 4$/,
	],
	[
		"a type imported upwards",
		"packages/berkeley/src/reactor/epoll.ts",
		'import type { Socket } from "../socket/socket.js";',
		/floor 2 may not import floor 4/,
	],
	[
		"a re-export upwards",
		"packages/berkeley/src/sys/re.ts",
		'export * from "../errors.js";',
		/floor 1 may not import floor 2/,
	],
	[
		"a dynamic import upwards",
		"packages/berkeley/src/options/lazy.ts",
		'const s = await import("../socket/socket.js");',
		/lazy\.ts:1 .* floor 3 may not import floor 4/,
	],
	[
		"koffi outside of its door",
		"packages/berkeley/src/sys/memory.ts",
		'import koffi from "koffi";',
		/only sys\/koffi\.ts may load koffi/,
	],
	[
		"koffi by its door in another file",
		"packages/berkeley/src/sys/memory.ts",
		'import { koffi } from "./koffi.js";',
		/only sys\/ffi\.ts and sys\/eventloop\.ts may use koffi/,
	],
	[
		"another dependency",
		"packages/berkeley/src/sys/memory.ts",
		'import fc from "fast-check";',
		/no other package/,
	],
	[
		"the runtime in a pure folder",
		"packages/berkeley/src/packet/ipv4.ts",
		'import { isIP } from "node:net";',
		/is pure and may not import the runtime/,
	],
	[
		"a file of sys/ that holds more than constants in a pure folder",
		"packages/berkeley/src/address/ip.ts",
		'import type { Pointer } from "../sys/ffi.js";',
		/is pure, and of sys\/ it may import the tables of numbers alone/,
	],
	[
		"a file of sys/ among the constants",
		"packages/berkeley/src/sys/linux/constants/more.ts",
		'import "../../ffi.js";',
		/is pure, and of sys\/ it may import the tables of numbers alone/,
	],
	[
		"a global of Node in what runs in browsers",
		"packages/berkeley/src/packet/udp.ts",
		"// Buffer is fine here\nexport const b = Buffer.alloc(3);",
		/udp\.ts:2 uses Buffer/,
	],
	[
		"a file that is not there",
		"packages/berkeley/src/select/poll.ts",
		'import { x } from "./absent.js";',
		/no such file/,
	],
	["a folder without a floor", "packages/berkeley/src/attic/x.ts", "export {};", /attic\/ has no floor/],
	[
		"an inner file of the library in the tools",
		"packages/tools/src/a.ts",
		'import "berkeley/sys/ffi.js";',
		/not among the library's public exports/,
	],
	[
		"the library by its path in the tools",
		"packages/tools/src/a.ts",
		'import "../../berkeley/src/errors.js";',
		/outside of this package/,
	],
];

for (const [name, file, text, complaint] of refusals) {
	test(`${name} is refused`, () => {
		const found = judge({ [file]: text });
		assert.equal(found.length, 1, found.join("\n"));
		assert.match(found[0] ?? "", complaint);
	});
}

test("an import cycle is shown once, with its files in order", () => {
	const found = judge({
		"packages/berkeley/src/select/a.ts": 'import "./b.js";',
		"packages/berkeley/src/select/b.ts": 'import type { C } from "./c.js";',
		"packages/berkeley/src/select/c.ts": 'import "./a.js";',
	});
	assert.equal(found.length, 1, found.join("\n"));
	assert.match(found[0] ?? "", /^import cycle: .*a\.ts → .*b\.ts → .*c\.ts → .*a\.ts$/);
});

test("importsOf() passes over comments and finds each form", () => {
	const text = [
		"/**",
		' * import { no } from "comment";',
		" */",
		'// import "line";',
		'import "side";',
		'import a, { type B } from "mixed";',
		'import type { C } from "types";',
		'export { d } from "again";',
		'export type * from "all";',
		"export const url = 'http://x';",
		'const e = await import("late");',
	].join("\n");
	assert.deepEqual(
		importsOf(text).map(({ line, specifier, typeOnly }) => `${line} ${specifier}${typeOnly ? " type" : ""}`),
		["5 side", "6 mixed", "7 types type", "8 again", "9 all type", "11 late"],
	);
});
