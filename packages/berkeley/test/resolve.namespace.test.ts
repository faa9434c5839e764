/**
 * Name resolution with aliases, several addresses, a name server and a host name that may be changed: in
 * namespaces of its own, made for support/resolvenamespace.ts.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gethostname } from "../src/resolve/index.js";
import type { PythonResult } from "./support/pysocket.js";

interface Seen {
	comparisons: { python: string; ours: PythonResult; theirs?: PythonResult }[];
	hundred: string[];
	abort: { rejected: boolean; stillHeld: number; meanwhile: string; afterwards: string };
	queue: { rejected: boolean; asked: number };
	renamed: string;
	renamedByBytes: number[];
}

const folder = mkdtempSync(join(tmpdir(), "berkeley-resolve-"));
after(() => rmSync(folder, { recursive: true }));

const crowd = Array.from({ length: 200 }, (_, i) => `crowd-alias-number-${i}-of-many`).join(" ");
writeFileSync(
	join(folder, "hosts"),
	[
		"127.0.0.1 localhost",
		"192.0.2.50 box box.example.net b1 b2",
		"192.0.2.51 box",
		"2001:db8::50 six six.example.net",
		`192.0.2.60 crowd ${crowd}`,
		"",
	].join("\n"),
);
writeFileSync(join(folder, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n");
writeFileSync(join(folder, "nsswitch.conf"), "hosts: files dns\nservices: files\nprotocols: files\n");

const script = `
ip link set lo up &&
for file in hosts resolv.conf nsswitch.conf; do mount --bind "$1/$file" "/etc/$file" || exit 1; done
shift
exec "$@"`;

/** A command with the files above in place of those in /etc, and no network but loopback. */
function inNamespaces(command: string[]): string[] {
	const flags = process.getuid?.() === 0 ? "-mnu" : "-rmnu";
	return [flags, "sh", "-c", script, "sh", folder, ...command];
}

const probe = spawnSync("unshare", inNamespaces(["true"]));
const skip = probe.status === 0 ? false : "namespaces with files of their own in /etc are not allowed here";

const seen: Seen | undefined = skip
	? undefined
	: JSON.parse(
			execFileSync(
				"unshare",
				inNamespaces([
					process.execPath,
					fileURLToPath(new URL("./support/resolvenamespace.js", import.meta.url)),
				]),
				{ encoding: "utf8", timeout: 60_000 },
			),
		);

test("hosts with aliases and several addresses come as Python gives them", { skip }, (t) => {
	assert.ok(seen);
	for (const { python, ours, theirs } of seen.comparisons) {
		if (theirs === undefined) return t.skip("python3 is not installed");
		if ("value" in theirs) assert.deepEqual(ours, theirs, python);
		else if (theirs.errno !== null && theirs.errno < 0) assert.deepEqual(ours, theirs, python);
		// A herror of Python: HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA.
		else assert.deepEqual(ours, { errno: [0, -2, -3, -4, -5][theirs.errno ?? 0] }, python);
	}
});

test("aliases that do not fit the first buffer are all given", { skip }, () => {
	assert.ok(seen);
	const found = seen.comparisons.find(({ python }) => python === 'gethostbyname_ex("crowd")');
	assert.deepEqual(found?.ours, { value: ["crowd", crowd.split(" "), ["192.0.2.60"]] });
});

test("a name that is not ASCII is asked for in its IDNA form", { skip }, () => {
	assert.ok(seen);
	const found = seen.comparisons.find(({ python }) => python.includes("cher.test"));
	assert.deepEqual(found?.ours, { value: "192.0.2.77" });
});

test("a name server in this very process can answer 100 look-ups", { skip }, () => {
	assert.ok(seen);
	assert.deepEqual(
		seen.hundred,
		Array.from({ length: 100 }, (_, i) => `192.0.3.${i}`),
	);
});

test("a look-up is aborted while its name server is silent", { skip }, () => {
	assert.deepEqual(seen?.abort, {
		rejected: true,
		stillHeld: 1,
		meanwhile: "192.0.3.5",
		afterwards: "192.0.2.99",
	});
});

test("look-ups that are aborted in the queue are never asked", { skip }, () => {
	assert.deepEqual(seen?.queue, { rejected: true, asked: 0 });
});

test("sethostname() names the host by a string or by bytes, and gethostname() reads it back", {
	skip,
}, () => {
	assert.equal(seen?.renamed, "berkeley-\u{1f40c}");
	assert.deepEqual(seen?.renamedByBytes, [0x61, 0xdcff]);
	assert.notEqual(gethostname(), seen?.renamed);
});
