/**
 * koffi, which calls C. What it publishes is a binary for each platform and, before it, JavaScript that finds the
 * right one and adds what is deprecated: that takes three times as long as loading the binary. So the binary is
 * loaded where koffi's package for this platform has it, and koffi finds it by itself where it is not there, or does
 * not fit the machine's C library. So it does on Deno and Bun: Deno crashes in half of its runs when it is given the
 * binary alone.
 */
import "./platform.js";
import { createRequire } from "node:module";
import type Koffi from "koffi";

/** What is used of koffi. */
export const koffi: typeof Koffi = load();

function load(): typeof Koffi {
	const require = createRequire(import.meta.url);
	const place = require.resolve("koffi");
	const { platform, arch, versions } = process;
	if ("deno" in versions || "bun" in versions) return require(place).default;
	try {
		return createRequire(place)(`@koromix/koffi-${platform}-${arch}/${platform}_${arch}/koffi.node`);
	} catch {
		return require(place).default;
	}
}
