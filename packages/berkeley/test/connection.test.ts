/**
 * createConnection(): Happy Eyeballs over names with several addresses, in a network namespace of its own.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type AF_INET, AF_UNIX } from "../src/index.js";
import type { Seen, SeenByScenario } from "./support/connectionnamespace.js";
import { noIpv6 } from "./support/kinds.js";
import { twins } from "./support/twins.js";

const folder = mkdtempSync(join(tmpdir(), "berkeley-connection-"));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(
	join(folder, "hosts"),
	[
		"::1 both.test many.test",
		"127.0.0.1 localhost both.test many.test",
		"127.0.0.2 many.test",
		"127.0.0.3 many.test",
		"",
	].join("\n"),
);
writeFileSync(join(folder, "nsswitch.conf"), "hosts: files\n");

const script = `
ip link set lo up &&
for file in hosts nsswitch.conf; do mount --bind "$1/$file" "/etc/$file" || exit 1; done
shift
exec "$@"`;

function inNamespace(command: string[]): string[] {
	const flags = process.getuid?.() === 0 ? "-mn" : "-rmn";
	return [flags, "sh", "-c", script, "sh", folder, ...command];
}

function whyNot(): string | false {
	if (noIpv6) return noIpv6;
	const probe = spawnSync("unshare", inNamespace(["true"]));
	return probe.status === 0 ? false : "a network namespace with files of its own in /etc is not allowed here";
}

const skip = whyNot();
const seen = skip ? undefined : (JSON.parse(runInNamespace()) as SeenByScenario);

function runInNamespace(): string {
	const program = fileURLToPath(new URL("./support/connectionnamespace.js", import.meta.url));
	return execFileSync("unshare", inNamespace([process.execPath, program]), {
		encoding: "utf8",
		timeout: 60_000,
		stdio: ["ignore", "pipe", "inherit"],
	});
}

const refused = { name: "ConnectionError", codes: ["ECONNREFUSED"] };

describe("createConnection()", { skip }, () => {
	for (const { name: form } of twins) {
		const isBlocking = form === "blocking";
		const expectations: [scenario: string, expected: Partial<Seen>][] = [
			["refused, then answered", { peer: "127.0.0.1", timeout: null }],
			["by number", { peer: "127.0.0.1", from: "127.0.0.1" }],
			["with a timeout", { peer: "127.0.0.1", timeout: 5000 }],
			["from an address", { peer: "127.0.0.1", from: "127.0.0.9" }],
			["no answer, then answered", { peer: "127.0.0.1" }],
			["a limit for each attempt", { peer: "127.0.0.1", timeout: 80 }],
			["IPv6 first", { peer: "::1" }],
			["IPv6 goes before IPv4", { peer: "::1" }],
			["all refused", { ...refused, addresses: ["127.0.0.1"] }],
			["an address of the other family", { name: "GaiError" }],
			["no such name", { name: "GaiError", codes: ["EAI_NONAME"] }],
			["no answer at all", { name: "TimeoutError", codes: ["ETIMEDOUT"] }],
			["aborted", { name: "AbortError" }],
		];
		for (const [scenario, expected] of expectations) {
			test(`${form}: ${scenario}`, () => {
				const found = seen?.[scenario]?.[form];
				assert.ok(found);
				for (const [key, value] of Object.entries(expected)) {
					assert.deepEqual(found[key as keyof Seen], value, `${key} of ${JSON.stringify(found)}`);
				}
				assert.equal(found.left, 0, "every attempt's socket is closed");
				assert.ok(found.milliseconds < 30_000, "and nothing waited for what cannot come");
			});
		}

		test(`${form}: with allErrors each attempt's error is told, families in turn`, () => {
			const found = seen?.["all refused, all errors"]?.[form];
			assert.equal(found?.name, "AggregateError");
			assert.deepEqual(
				found?.codes,
				Array.from({ length: 4 }, () => "ECONNREFUSED"),
			);
			assert.deepEqual(found?.addresses?.slice(0, 2), ["::1", "127.0.0.1"]);
			assert.deepEqual([...(found?.addresses ?? [])].sort(), ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"]);
			assert.equal(found?.left, 0);
		});

		test(`${form}: with a family only its addresses are tried`, () => {
			// Over IPv4 the C library gives 127.0.0.1 for the ::1 of /etc/hosts too.
			const tried = (scenario: string) => [...new Set(seen?.[scenario]?.[form]?.addresses)].sort();
			assert.deepEqual(tried("all refused, IPv4 alone"), ["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
			assert.deepEqual(tried("all refused, IPv6 alone"), ["::1"]);
			assert.deepEqual(tried("all refused, both families"), ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"]);
		});

		test(`${form}: a source address that is not this machine's fails every attempt`, () => {
			const found = seen?.["a wrong source"]?.[form];
			assert.equal(found?.name, "AggregateError");
			assert.ok(found?.codes?.includes("EADDRNOTAVAIL"), JSON.stringify(found));
			assert.equal(found?.left, 0);
		});

		test(`${form}: ${isBlocking ? "one attempt after another" : "an attempt that has no answer does not hold up the next"}`, () => {
			const took = seen?.["no answer, then answered"]?.[form]?.milliseconds ?? 0;
			assert.ok(took >= (isBlocking ? 79 : 29), `too early: ${took}`);
		});
	}
});

describe("createConnection()'s arguments", () => {
	test("a family that has no host names is a RangeError, and nothing is tried", async () => {
		const wrong = { family: AF_UNIX as unknown as typeof AF_INET };
		const expected = { name: "RangeError", message: /AF_INET, AF_INET6 or AF_UNSPEC, not 1/ };
		for (const twin of twins) {
			await assert.rejects(
				async () => twin.createConnection({ host: "127.0.0.1", port: 1 }, wrong),
				expected,
			);
		}
	});
});
