/**
 * What the README and the guide show is compiled, strictly, and run.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { noOpenssl } from "./support/certificates.js";
import { runtimeArguments } from "./support/runtime.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");
const pages = ["README.md", "packages/berkeley/README.md", "docs/guide.md"];

interface Block {
	page: string;
	line: number;
	code: string;
	/** Of a module that other blocks load: the name of its file, which its first line is. */
	name: string | undefined;
}

/** The blocks of TypeScript on a page. */
function blocksOf(page: string): Block[] {
	const text = readFileSync(join(root, page), "utf8");
	return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
		page,
		line: text.slice(0, match.index).split("\n").length,
		code: match[1] as string,
		name: /^\/\/ ([\w-]+\.ts)\n/.exec(match[1] as string)?.[1],
	}));
}

const blocks = pages.flatMap(blocksOf);
const skip = existsSync(compiler) ? false : "the TypeScript compiler is not installed";

describe("the code in the documentation", { skip }, () => {
	let folder = "";
	before(() => {
		// In the repository, so that "berkeley" is found as a user's program finds it, but not in node_modules,
		// where Deno runs no programs.
		const place = join(root, "examples/dist");
		mkdirSync(place, { recursive: true });
		folder = mkdtempSync(join(place, "docs-"));
		for (const [index, { code, name = `block${index}.mts` }] of blocks.entries()) {
			writeFileSync(join(folder, name), code);
		}
		const compilerOptions = {
			target: "ES2022",
			lib: ["ES2023", "ESNext.Disposable"],
			module: "NodeNext",
			types: ["node"],
			strict: true,
			noUncheckedIndexedAccess: true,
			exactOptionalPropertyTypes: true,
		};
		writeFileSync(
			join(folder, "tsconfig.json"),
			JSON.stringify({ compilerOptions, include: ["*.mts", "*.ts"] }),
		);
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	test("there is some on every page", () => {
		for (const page of pages) assert.ok(blocks.some((block) => block.page === page));
	});

	test("compiles under strict", () => {
		const { stdout, status } = spawnSync(compiler, ["-p", folder], { encoding: "utf8" });
		assert.equal(status, 0, stdout);
	});

	for (const [index, { page, line, name, code }] of blocks.entries()) {
		if (name !== undefined) continue;
		const lacks = code.includes('"openssl"') && noOpenssl;
		test(`${page}:${line} runs to its end`, { skip: lacks }, () => {
			const file = join(folder, `block${index}.mjs`);
			const { stdout, stderr, status, signal } = spawnSync(process.execPath, [...runtimeArguments, file], {
				encoding: "utf8",
				timeout: 60_000,
			});
			assert.equal(status, 0, `${signal ?? ""} ${stdout}${stderr}`);
			assert.notEqual(stdout, "");
		});
	}
});
