/**
 * Every public name says what it is.
 *
 * So does every constant, also of the files that no entry point passes on; the header of its file names where
 * the constants come from: a manual page, a C header, an RFC or a registry.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { publicInterface } from "./support/declarations.js";

const root = new URL("../../", import.meta.url);
const constants = new URL("src/sys/linux/constants/", root);

/** The entry points that package.json names. */
const entries: string[] = Object.values(
	JSON.parse(readFileSync(new URL("package.json", root), "utf8")).exports as Record<
		string,
		{ types?: string }
	>,
).flatMap(({ types }) => (types === undefined ? [] : [types]));

describe("the docstrings", () => {
	for (const entry of entries) {
		const place = new URL(entry, root);
		const skip = existsSync(place) ? false : `${entry} is not there yet`;
		test(`of ${entry} leave no name and no member out`, { skip }, () => {
			const names = publicInterface(place);
			assert.ok(names.length > 10, `only ${names.length} names were found`);
			assert.deepEqual(
				names
					.filter(({ documented }) => !documented)
					.map(({ name, file }) => `${name} (${file.slice(file.indexOf("/src/") + 1)})`),
				[],
			);
		});
	}

	test("are found where they are, and missed where they are not", () => {
		const names = new Map(
			publicInterface(new URL("dist/src/index.d.ts", root)).map((each) => [each.name, each.documented]),
		);
		// A class, an inherited member, an overloaded one, an interface's, a namespace's, a function.
		const known = ["Socket", "SocketBase.bind", "SocketBase.getsockopt", "DataSocket.recv", "Socket.accept"];
		known.push("WaitOptions.timeout", "so.linger", "tcp.info", "getaddrinfo", "SocketError.code", "Cidr");
		for (const name of known) assert.equal(names.get(name), true, name);
		assert.equal(names.has("SocketBase.descriptor"), false, "what is protected is not public");
	});

	for (const name of readdirSync(constants)) {
		if (!name.endsWith(".ts") || name === "index.ts") continue;
		test(`of constants/${name} tell each constant, and where they come from`, () => {
			const text = readFileSync(new URL(name, constants), "utf8");
			const header = text.split("\n\n", 1)[0] ?? "";
			assert.match(header, /^\/\*\*/);
			assert.match(header, /\w\(\d\)|<[\w./-]+\.h>|RFC \d+|IANA|Python|linux\//, "its source");
			const found = [...text.matchAll(/(.*)\n^export const (\w+)/gm)];
			assert.ok(found.length > 0);
			assert.deepEqual(
				found
					.filter(([, above]) => !/^(\/\*\* .*)? \*\/$/.test(above ?? ""))
					.map(([, , constant]) => constant),
				[],
			);
		});
	}
});
