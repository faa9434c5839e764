// @ts-check
/**
 * The runtimes that the suite runs on, and where their binaries come from: npm packages, kept in a cache folder
 * outside of the project's dependencies.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * @typedef {{ name: string, packages: string[], binary: string, isDeno: boolean, inCi: boolean }} Runtime
 */

const arch = process.arch === "arm64" ? "arm64" : "x64";

/** @param {number} major @returns {Runtime} */
function node(major, inCi = false) {
	const package_ = `node-linux-${arch}`;
	return {
		name: `node${major}`,
		packages: [`${package_}@${major}`],
		binary: `${package_}/bin/node`,
		isDeno: false,
		inCi,
	};
}

/** The matrix, oldest first. inCi: the oldest and the newest of Node.
 * @type {Runtime[]} */
export const runtimes = [
	node(20, true),
	node(22),
	node(24),
	node(26, true),
	// The package `deno` only places this binary by an install script, so it is used where it lies.
	{
		name: "deno2",
		packages: ["deno@2"],
		binary: `@deno/linux-${arch}-glibc/deno`,
		isDeno: true,
		inCi: false,
	},
];

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "berkeley-matrix");

/** The path of a runtime's binary, installed when it is not there, or renewed.
 * @param {Runtime} runtime
 * @param {boolean} renew */
export function install(runtime, renew = false) {
	const folder = join(cache, runtime.name);
	const binary = join(folder, "node_modules", runtime.binary);
	if (renew) rmSync(folder, { recursive: true, force: true });
	if (!existsSync(binary)) {
		mkdirSync(folder, { recursive: true });
		const options = [
			"--no-save",
			"--no-package-lock",
			"--ignore-scripts",
			"--no-audit",
			"--no-fund",
			"--silent",
		];
		execFileSync("npm", ["install", "--prefix", folder, ...options, ...runtime.packages], {
			cwd: folder,
			stdio: ["ignore", "ignore", "inherit"],
		});
	}
	return binary;
}

/** A runtime's version, as it names itself.
 * @param {string} binary */
export function versionOf(binary) {
	return execFileSync(binary, ["--version"], { encoding: "utf8" }).split("\n")[0]?.replace(/ \(.*/, "") ?? "";
}
