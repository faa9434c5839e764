/**
 * Nothing leaks: imported first by every test file for its side effect. It notes the descriptors, the child
 * processes and the active timers and handles of the process, and when all tests of the file are over it
 * fails the file unless they are back. It depends on nothing of the library, which it watches.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { after } from "node:test";

/** How long what is released lazily may take, and how often we look. */
const patienceMs = 5000;
const intervalMs = 20;

/** What one process holds: descriptor number to link target, child pid to command, handle kind to count. */
interface Holdings {
	descriptors: Map<string, string>;
	children: Map<string, string>;
	resources: Map<string, number>;
}

interface Allowance {
	target: RegExp;
	count: number;
	why: string;
}

/** Descriptors that may appear once and stay, because they live as long as the thread or the process. */
const allowances: Allowance[] = [
	{ target: /^anon_inode:\[eventpoll\]$/, count: 1, why: "the reactor's, which lives as long as its thread" },
	{ target: /^\/dev\/null$/, count: 1, why: "the runtime's, opened in place of a missing standard stream" },
	{ target: /^anon_inode:inotify$/, count: 1, why: "the runtime's, from the first fs.watch" },
];

const onDeno = process.versions.deno !== undefined;
if (onDeno) {
	allowances.push(
		{ target: /\/deno\//, count: Number.POSITIVE_INFINITY, why: "the runtime's code caches" },
		{ target: /^socket:/, count: 2, why: "the runtime's signal pair, from the first child process" },
		{ target: /^anon_inode:\[eventpoll\]$/, count: 1, why: "the runtime's, from the first fs.watch" },
		{ target: /^anon_inode:\[eventfd\]$/, count: 1, why: "the runtime's, from the first fs.watch" },
	);
}

/**
 * For files that start worker threads again and again: what Deno itself opens for each, it closes at its leisure.
 * Which of the descriptors are its own cannot be told, so there none is looked at.
 */
export function expectThreads(): void {
	if (!onDeno) return;
	const target = /^(socket:|pipe:|anon_inode:)/;
	allowances.push({ target, count: Number.POSITIVE_INFINITY, why: "the runtime's, for its threads" });
}

function descriptors(): Map<string, string> {
	const found = new Map<string, string>();
	for (const fd of readdirSync("/proc/self/fd")) {
		try {
			found.set(fd, readlinkSync(`/proc/self/fd/${fd}`));
		} catch {
			// The descriptor through which the directory was read is closed by now.
		}
	}
	return found;
}

function children(): Map<string, string> {
	const found = new Map<string, string>();
	for (const task of readdirSync("/proc/self/task")) {
		try {
			const pids = readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ");
			for (const pid of pids.filter((text) => text !== "")) {
				found.set(pid, readFileSync(`/proc/${pid}/comm`, "utf8").trim());
			}
		} catch {
			// The thread or the child ended meanwhile, or this kernel does not list children.
		}
	}
	return found;
}

function resources(): Map<string, number> {
	const counts = new Map<string, number>();
	for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return counts;
}

function holdings(): Holdings {
	return { descriptors: descriptors(), children: children(), resources: resources() };
}

/** What differs between two moments, one line each; empty when nothing leaked. */
function differences(before: Holdings, now: Holdings): string[] {
	const lines: string[] = [];
	const left = allowances.map(({ count }) => count);
	for (const [fd, target] of now.descriptors) {
		if (before.descriptors.get(fd) === target) continue;
		const index = allowances.findIndex((entry, i) => entry.target.test(target) && (left[i] ?? 0) > 0);
		if (index >= 0) left[index] = (left[index] ?? 0) - 1;
		else lines.push(`descriptor ${fd} is open: ${target}`);
	}
	for (const [fd, target] of before.descriptors) {
		// The runtime may still be reading the certificates that the user adds when the test begins.
		if (now.descriptors.has(fd) || onDeno || target === process.env.NODE_EXTRA_CA_CERTS) continue;
		lines.push(`descriptor ${fd} was closed, and not by its owner: ${target}`);
	}
	for (const [pid, command] of now.children) {
		if (!before.children.has(pid)) lines.push(`child process ${pid} runs: ${command}`);
	}
	for (const [kind, count] of now.resources) {
		// Deno goes on counting the pipes of children that have ended; their descriptors are looked at above.
		if (onDeno && kind === "PipeWrap") continue;
		const earlier = before.resources.get(kind) ?? 0;
		if (count > earlier) lines.push(`active ${kind}: ${count}, ${earlier} at the beginning`);
	}
	return lines;
}

async function assertNothingLeaked(): Promise<void> {
	const deadline = performance.now() + patienceMs;
	let lines = differences(before, holdings());
	while (lines.length > 0 && performance.now() < deadline) {
		await new Promise((resolve) => setTimeout(resolve, intervalMs));
		lines = differences(before, holdings());
	}
	if (lines.length === 0) return;
	// What leaked may keep the process alive for ever; leave it the time to report.
	setTimeout(() => process.exit(1), 1000).unref();
	assert.fail(`this test file leaks:\n  ${lines.join("\n  ")}`);
}

// The standard streams open on first use: use them before counting.
void [process.stdout, process.stderr];
const before = holdings();

// Hooks run in the order in which they were added, and the file's own root-level ones must come first. So add
// ours when the file's body has run.
if (onDeno) {
	// Deno runs no root-level hooks of node:test, but has its own.
	const { Deno } = globalThis as unknown as { Deno: { test: { afterAll(hook: () => Promise<void>): void } } };
	Deno.test.afterAll(assertNothingLeaked);
} else {
	queueMicrotask(() => after(assertNothingLeaked));
}
