#!/usr/bin/env node
// @ts-check
/**
 * What importing the library costs over bare Node: `npm run bench:import [-- ROUNDS]`.
 *
 * Whole processes, interleaved, medians: an empty module, one that imports koffi, one that imports the library.
 * CPU time is user plus system, of the process and its threads.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const rounds = Number(process.argv[2] ?? 30);
const at = (/** @type {string} */ path) => new URL(path, import.meta.url).href;
/** @type {Record<string, string>} */
const programs = {
	"bare node": "",
	koffi: `import ${JSON.stringify(at("../node_modules/koffi/index.js"))};`,
	berkeley: `import ${JSON.stringify(at("../packages/berkeley/lib/index.js"))};`,
	"berkeley/stream": `import ${JSON.stringify(at("../packages/berkeley/lib/stream.js"))};`,
};

const folder = mkdtempSync(join(tmpdir(), "berkeley-import-"));
const report = join(folder, "report.mjs");
writeFileSync(
	report,
	`
	process.on("exit", () => {
		const { userCPUTime, systemCPUTime } = process.resourceUsage();
		process.stdout.write(String((userCPUTime + systemCPUTime) / 1000));
	});`,
);

/** @type {Record<string, { wall: number[], cpu: number[] }>} */
const times = {};
try {
	for (const [name, code] of Object.entries(programs)) {
		writeFileSync(join(folder, `${Object.keys(times).length}.mjs`), code);
		times[name] = { wall: [], cpu: [] };
	}
	for (let round = 0; round < rounds; round++) {
		Object.values(times).forEach(({ wall, cpu }, index) => {
			const started = performance.now();
			const { stdout, status, stderr } = spawnSync(
				process.execPath,
				["--import", pathToFileURL(report).href, join(folder, `${index}.mjs`)],
				{ encoding: "utf8" },
			);
			if (status !== 0) throw new Error(stderr);
			wall.push(performance.now() - started);
			cpu.push(Number(stdout));
		});
	}
} finally {
	rmSync(folder, { recursive: true });
}

const median = (/** @type {number[]} */ values) =>
	values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const bare = { wall: median(times["bare node"]?.wall ?? []), cpu: median(times["bare node"]?.cpu ?? []) };
console.log(`node ${process.version}, medians of ${rounds} rounds, in milliseconds over bare node`);
console.table(
	Object.fromEntries(
		Object.entries(times).map(([name, { wall, cpu }]) => [
			name,
			{ wall: (median(wall) - bare.wall).toFixed(1), cpu: (median(cpu) - bare.cpu).toFixed(1) },
		]),
	),
);
