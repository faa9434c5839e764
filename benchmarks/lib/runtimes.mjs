// @ts-check
/**
 * The runtimes of this run: Node 24 and the machine's own, Bun, Deno and Python. Node 24, Bun and Deno come from
 * the benchmark's own package, whose binaries are used where they lie: no install script has to run.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isInstalled } from "./machine.mjs";
import { home } from "./paths.mjs";

/** @typedef {{ path: string, version: string, major: number }} Node */
/** @typedef {{ path: string, version: string } | { missing: string }} Other */
/** @typedef {{ nodes: Node[], bun: Other, deno: Other, python: Other }} Runtimes `nodes`: the goals are for the
 *   first */

/** The major version of Node that the goals are for. */
export const goalMajor = 24;

const modules = join(home, "node_modules");
const arch = process.arch === "arm64" ? "arm64" : "x64";
const bunArch = process.arch === "arm64" ? "aarch64" : "x64";

/** Which of the packages that are named for this platform are not there in their version. */
function notInstalled() {
	const manifest = (/** @type {string} */ folder) => {
		try {
			return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
		} catch {
			return {};
		}
	};
	return Object.entries(manifest(home).optionalDependencies)
		.filter(([name]) => !name.startsWith("node-linux-") || name.endsWith(arch))
		.filter(([name, version]) => manifest(join(modules, name)).version !== version)
		.map(([name]) => name);
}

/** Installs the benchmark's own package when it is not there.
 * @returns {string | undefined} why it could not */
export function installPeers() {
	if (notInstalled().length === 0) return undefined;
	console.error("installing Bun, Deno and Node for the comparison (benchmarks/package.json) …");
	const { status, stderr, error } = spawnSync("npm", ["ci", "--prefix", home, "--ignore-scripts"], {
		cwd: home,
		encoding: "utf8",
		// Beneath `npm run --silent` npm would not say what went wrong.
		env: { ...process.env, npm_config_loglevel: "error" },
	});
	if (status !== 0) {
		const said = /^npm error (?!code |errno )(.+)/m.exec(stderr ?? "")?.[1];
		return `npm ci --prefix benchmarks failed: ${said ?? error?.message ?? `it ended with ${status}`}`;
	}
	// All are optional, so that npm does not mind when it cannot fetch one.
	const failed = notInstalled();
	return failed.length === 0 ? undefined : `npm ci --prefix benchmarks could not fetch ${failed.join(", ")}`;
}

/** What a program says of its version.
 * @param {string} path
 * @returns {string} */
function versionOf(path) {
	const text = execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
	return /\d+\.\d+\.\d+\S*/.exec(text)?.[0] ?? text.trim();
}

/** @param {string} path @returns {Node} */
function node(path) {
	const version = versionOf(path);
	return { path, version, major: Number.parseInt(version, 10) };
}

/** A runtime from the benchmark's own package.
 * @param {string[]} binaries in the order of preference
 * @param {string} missing
 * @returns {Other} */
function packaged(binaries, missing) {
	const path = binaries.map((binary) => join(modules, binary)).find((each) => existsSync(each));
	if (path === undefined) return { missing };
	try {
		return { path, version: versionOf(path) };
	} catch (error) {
		return {
			missing: `it does not run on this machine: ${/** @type {Error} */ (error).message.split("\n")[0]}`,
		};
	}
}

/** @returns {Other} */
function python() {
	if (!isInstalled("python3")) return { missing: "python3 is missing" };
	// The binary itself: a wrapper in its place would be another process than the one that is measured.
	const path = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
		encoding: "utf8",
	}).trim();
	return { path, version: versionOf(path) };
}

/**
 * @param {string[]} paths the Nodes that the user asks for; none means Node 24 and the one that runs this
 * @param {string | undefined} failure why the benchmark's own package is not there
 * @returns {Runtimes}
 */
export function findRuntimes(paths, failure) {
	const absent = failure ?? "npm ci --prefix benchmarks installs it; this platform may have none";
	/** @type {Node[]} */
	let nodes;
	if (paths.length > 0) {
		nodes = paths.map(node);
	} else {
		const own = node(process.execPath);
		const pinned = join(modules, `node-linux-${arch}`, "bin/node");
		nodes = own.major !== goalMajor && existsSync(pinned) ? [node(pinned), own] : [own];
	}
	return {
		nodes,
		bun: packaged(
			(hasAvx2() ? ["", "-baseline"] : ["-baseline"]).map(
				(kind) => `@oven/bun-linux-${bunArch}${kind}/bin/bun`,
			),
			absent,
		),
		deno: packaged([`@deno/linux-${arch}-glibc/deno`], absent),
		python: python(),
	};
}

/** Bun's usual build needs AVX2 where the processor is an x64. */
function hasAvx2() {
	return arch !== "x64" || /\bavx2\b/.test(readFileSync("/proc/cpuinfo", "utf8"));
}
