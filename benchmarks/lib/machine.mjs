// @ts-check
/** What machine this is, for the head of the report: a figure means nothing without it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

/** The cores that this process may use, from the kernel's list such as "0-3,8".
 * @returns {number[]} */
export function allowedCores() {
	const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
	return list.split(",").flatMap((range) => {
		const [first = 0, last = first] = range.split("-").map(Number);
		return Array.from({ length: last - first + 1 }, (_, index) => first + index);
	});
}

/** How many descriptors a process may have open: its soft limit. */
export function descriptorLimit() {
	const limit = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
	return limit === undefined || limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
}

/** Whether the shell would find a command.
 * @param {string} command */
export function isInstalled(command) {
	try {
		execFileSync("/bin/sh", ["-c", 'command -v "$1"', "sh", command], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

/** The machine as the report names it. */
export function machine() {
	return {
		system: `${type()} ${release()} ${arch()}`,
		cpu: cpus()[0]?.model ?? "unknown",
		cores: allowedCores().length,
		memory: totalmem(),
		/** How busy it was in the last minute, in cores: what else runs disturbs the figures. */
		load: loadavg()[0] ?? 0,
	};
}
