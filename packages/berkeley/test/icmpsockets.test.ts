/**
 * Sockets of ICMP: those that everybody may have, ping sockets (icmp(7)), and raw ones, which receive whole packets.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SOCK_DGRAM, SOCK_RAW } from "../src/index.js";
import { makeNetwork, type Network, noNetwork } from "./support/network.js";

interface Echo {
	layers: string[];
	from: string;
	identifier: number;
	text: string;
	error?: unknown;
}

describe("sockets of ICMP", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		await net.sysctl("a", "net.ipv4.ping_group_range", "0 2147483647");
	});
	after(() => net.close());

	async function echoes(type: number, unprivileged: boolean): Promise<Echo[]> {
		const program = new URL("./programs/icmpsockets.js", import.meta.url);
		const args = [String(type), net.ipv4("b"), net.ipv6("b")];
		return JSON.parse(await net.output("a", program, { args, unprivileged })) as Echo[];
	}

	test("are for everybody as datagrams, of which the kernel chooses the identifier", async () => {
		const [one, other] = await echoes(SOCK_DGRAM, true);
		for (const echo of [one, other]) {
			assert.equal(echo?.text, "hello");
			assert.notEqual(echo.identifier, 4321);
			assert.equal(echo.error, undefined);
		}
		assert.deepEqual(one?.layers, ["icmpv4", "raw"]);
		assert.deepEqual(other?.layers, ["icmpv6", "raw"]);
		assert.deepEqual([one?.from, other?.from], [net.ipv4("b"), net.ipv6("b")]);
	});

	test("receive whole packets of IPv4 when they are raw, and of IPv6 what is behind its header", async () => {
		const [one, other] = await echoes(SOCK_RAW, false);
		assert.deepEqual(one?.layers, ["ipv4", "icmpv4", "raw"]);
		assert.deepEqual(other?.layers, ["icmpv6", "raw"]);
		for (const echo of [one, other]) {
			assert.equal(echo?.text, "hello");
			assert.equal(echo.identifier, 4321);
			assert.equal(echo.error, undefined);
		}
	});
});
