/**
 * What those are told who lack a privilege.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { makeNetwork, noNetwork } from "./support/network.js";

interface Refusal {
	code: string;
	syscall: string;
	message: string;
}

describe("who has no privileges", { skip: noNetwork }, () => {
	let refusals: Record<string, Refusal>;
	let command: string;
	before(async () => {
		await using net = await makeNetwork({ hosts: ["a"] });
		const program = new URL("./programs/unprivileged.js", import.meta.url);
		refusals = JSON.parse(await net.output("a", program, { unprivileged: true })) as typeof refusals;
		command = process.execPath;
	});

	function grant(capability: string): string {
		const how = `\`sudo setcap ${capability.toLowerCase()}+ep ${command}\``;
		return `need ${capability}: run it with sudo, or allow it to every program of this runtime: ${how}`;
	}

	function check(names: readonly string[], code: string, syscall: string, message: string): void {
		for (const name of names) {
			const refusal = refusals[name];
			assert.equal(refusal?.code, code, name);
			assert.equal(refusal?.syscall, syscall, name);
			assert.ok(refusal.message.includes(message), refusal.message);
		}
	}

	test("reads how raw and packet sockets are allowed", () => {
		check(["packet", "raw", "icmp"], "EPERM", "socket", `raw and packet sockets ${grant("CAP_NET_RAW")}`);
	});

	test("is told of ping sockets when a raw socket of ICMP is refused", () => {
		check(["icmp"], "EPERM", "socket", "; a ping socket (SOCK_DGRAM) needs none where");
		assert.doesNotMatch(refusals.raw?.message ?? "", /ping/);
	});

	test("reads which groups may have ping sockets", () => {
		const how = "`sudo sysctl net.ipv4.ping_group_range='0 2147483647'`";
		check(["ping", "ping6"], "EACCES", "socket", how);
	});

	test("reads how low ports are allowed", () => {
		check(["port"], "EACCES", "bind", `ports under 1024 ${grant("CAP_NET_BIND_SERVICE")}`);
	});

	test("reads how a container gets it, who is root without it", () => {
		check(["packet"], "EPERM", "socket", "; a container gets it by --cap-add NET_RAW");
		check(["port"], "EACCES", "bind", "; a container gets it by --cap-add NET_BIND_SERVICE");
	});

	test("reads which capability an option needs", () => {
		const option = (capability: string): string => `the option ${grant(capability).replace("need", "needs")}`;
		check(["mark", "transparent"], "EPERM", "setsockopt", option("CAP_NET_RAW"));
		check(["force", "repair"], "EPERM", "setsockopt", option("CAP_NET_ADMIN"));
	});

	test("reads it from send(), sendp(), sr() and srp() too, by a rejected promise", () => {
		check(
			["send", "sendp", "sr", "srp"],
			"EPERM",
			"socket",
			`raw and packet sockets ${grant("CAP_NET_RAW")}`,
		);
	});
});
