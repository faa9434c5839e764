/**
 * The examples about the network of the machine, in networks of their own.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { fileOf } from "../support/example.js";
import { makeNetwork, noNetwork } from "../support/network.js";

const program = (name: string): URL => pathToFileURL(fileOf(name));

test("network-facts shows interfaces, the way to a host, and who is asked on it", {
	skip: noNetwork,
}, async () => {
	await using net = await makeNetwork({
		hosts: ["a", "r", "b"],
		links: [
			["a", "r"],
			["r", "b"],
		],
	});
	await net.shell(
		"a",
		`ip neigh replace ${net.ipv4("r", "a")} lladdr 02:00:00:00:00:99 dev eth0 nud permanent`,
	);
	const text = await net.output("a", program("network-facts"), { args: [net.ipv4("b")] });
	assert.match(
		text,
		/^1 lo: loopback, unknown, mtu 65536, 00:00:00:00:00:00\n {4}127\.0\.0\.1\/8 \(host\)$/m,
	);
	assert.match(text, /^\d+ eth0: veth, up, mtu 1500, 02:00:00:00:01:01\n {4}10\.0\.1\.1\/24 \(global\)$/m);
	assert.match(text, /^to 10\.0\.2\.2: by eth0 over 10\.0\.1\.2, from 10\.0\.1\.1$/m);
	assert.match(text, /^10\.0\.1\.2 has 02:00:00:00:00:99 \(permanent\)$/m);
});

test("checksum-lesson shows an unfinished checksum and a right one, and leaves the device as it was", {
	skip: noNetwork,
}, async () => {
	await using net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
	const text = await net.output("a", program("packets/checksum-lesson"), { args: ["eth0", net.ipv4("b")] });
	assert.match(
		text,
		/^tx on \(0 .*\)\n {2}the checksum is 0x\w{4}, which is unfinished\ntx off \([1-9].*\)\n {2}the checksum is 0x\w{4}, which is right\n$/,
	);
	const again = await net.output("a", program("packets/checksum-lesson"), { args: ["eth0", net.ipv4("b")] });
	assert.match(again, /^tx on \(0 /);
});
