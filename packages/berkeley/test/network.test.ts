/**
 * The networks that other tests are run in: support/network.ts.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type HostProgram, makeNetwork, type Network, noNetwork } from "./support/network.js";
import { workOut } from "./support/networkplan.js";
import { isDeno } from "./support/runtime.js";
import { until } from "./support/until.js";

const chain = {
	hosts: ["a", "r1", "r2", "b"],
	links: [
		["a", "r1"],
		["r1", "r2"],
		["r2", "b"],
	],
} as const;

test("a plan numbers segments and ends, and gives each host a way to each segment", () => {
	const { ends, routes, routers } = workOut(chain);
	assert.deepEqual(
		ends.map(({ host, name, ipv4, ipv6 }) => [host, name, ipv4, ipv6]),
		[
			["a", "eth0", "10.0.1.1", "fd00:0:0:1::1"],
			["r1", "eth0", "10.0.1.2", "fd00:0:0:1::2"],
			["r1", "eth1", "10.0.2.1", "fd00:0:0:2::1"],
			["r2", "eth0", "10.0.2.2", "fd00:0:0:2::2"],
			["r2", "eth1", "10.0.3.1", "fd00:0:0:3::1"],
			["b", "eth0", "10.0.3.2", "fd00:0:0:3::2"],
		],
	);
	assert.deepEqual([...routers], ["r1", "r2"]);
	assert.deepEqual(
		routes.map(({ host, segment, via }) => [host, segment, via.host, via.ipv4]),
		[
			["a", 2, "r1", "10.0.1.2"],
			["a", 3, "r1", "10.0.1.2"],
			["r1", 3, "r2", "10.0.2.2"],
			["r2", 1, "r1", "10.0.2.1"],
			["b", 2, "r2", "10.0.3.1"],
			["b", 1, "r2", "10.0.3.1"],
		],
	);
});

test("links that meet at switches are one segment, whose other ends have addresses", () => {
	const { ends } = workOut({
		hosts: ["a", "b", "c", "s", "t"],
		links: [
			["a", "s"],
			["s", "t"],
			["t", "b"],
			["b", "c"],
		],
		bridges: ["s", "t"],
	});
	assert.deepEqual(
		ends.filter(({ ipv4 }) => ipv4).map(({ host, segment, ipv4 }) => [host, segment, ipv4]),
		[
			["a", 1, "10.0.1.1"],
			["b", 1, "10.0.1.2"],
			["b", 2, "10.0.2.1"],
			["c", 2, "10.0.2.2"],
		],
	);
});

test("a plan with a link to an unknown host is refused", () => {
	assert.throws(() => workOut({ hosts: ["a"], links: [["a", "z"]] }), /link goes to z/);
});

/** Tells each client its address, at a free port that it prints. */
const teller = `
import socket, sys
s = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
print(s.getsockname()[1], flush=True)
while True:
    c, peer = s.accept()
    c.sendall(peer[0].encode())
    c.close()
`;

describe("a network of four hosts in a row", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork(chain);
	});
	after(() => net.close());

	test("its ends reach each other over both routers, by IPv4 and IPv6", async () => {
		const server: HostProgram = net.start("b", ["python3", "-c", teller]);
		const [, port = ""] = await server.printed(/(\d+)\n/);
		const client = `import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(s.recv(100).decode(), end="")`;
		const ask = (host: string): Promise<string> =>
			net.output("a", ["python3", "-c", client], { args: [host, port] });
		assert.equal(await ask(net.ipv4("b")), `::ffff:${net.ipv4("a")}`);
		assert.equal(await ask(net.ipv6("b")), "fd00:0:0:1::1");
		assert.equal((await server.stop()).signal, "SIGTERM");
	});

	test("routers forward, and the hosts at the ends do not", async () => {
		for (const [host, forwards] of [
			["a", "0"],
			["r1", "1"],
		] as const) {
			const seen = await net.shell(
				host,
				"cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding",
			);
			assert.equal(seen, `${forwards}\n${forwards}\n`);
		}
	});

	test("a sysctl is of one host", async () => {
		const read = (host: string): Promise<string> =>
			net.output(host, ["cat", "/proc/sys/net/ipv4/ip_default_ttl"]);
		const before = await read("b");
		await net.sysctl("a", "net.ipv4.ip_default_ttl", 77);
		assert.equal(await read("a"), "77\n");
		assert.equal(await read("b"), before);
	});

	test("ping sockets are allowed by a sysctl", async () => {
		const open = ["python3", "-c", "import socket; socket.socket(2, 2, socket.IPPROTO_ICMP)"];
		assert.equal((await net.run("a", open, { unprivileged: true })).code, 1);
		await net.sysctl("a", "net.ipv4.ping_group_range", "0 0");
		assert.equal((await net.run("a", open, { unprivileged: true })).code, 0);
	});

	test("a command runs without capabilities where that is asked for", async () => {
		const read = (unprivileged: boolean): Promise<string> =>
			net.output("a", ["sh", "-c", "grep CapEff /proc/self/status"], { unprivileged });
		assert.match(await read(true), /\t0+\n/);
		assert.doesNotMatch(await read(false), /\t0+\n/);
	});

	test("a command that takes too long is killed", async () => {
		assert.equal((await net.run("a", ["sleep", "60"], { timeout: 50 })).signal, "SIGKILL");
	});

	test("output() fails with what the command wrote when it fails", async () => {
		await assert.rejects(net.output("a", ["sh", "-c", "echo why >&2; exit 3"]), /ended with 3: why/);
	});

	test("ends are found by their peer", () => {
		assert.equal(net.end("r1", "r2").name, "eth1");
		assert.equal(net.end("r1").name, "eth0");
		assert.throws(() => net.end("a", "b"), /no link of a goes to b/);
		assert.throws(() => net.inside("z", ["true"]), /z is no host/);
	});
});

test("a switch joins hosts to one segment, whose packets may be long", { skip: noNetwork }, async () => {
	await using net = await makeNetwork({
		hosts: ["a", "b", "s"],
		links: [
			["a", "s", { mtu: 9000 }],
			["b", "s", { mtu: 9000 }],
		],
		bridges: ["s"],
	});
	const ping = `import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect((sys.argv[1], 9))
s.send(bytes(8000))
try: s.recv(1)
except ConnectionRefusedError: print("port unreachable", end="")`;
	for (const host of [net.ipv4("b"), net.ipv6("b")]) {
		assert.equal(await net.output("a", ["python3", "-c", ping, host]), "port unreachable");
	}
	assert.match(await net.output("a", ["ip", "link", "show", "eth0"]), /mtu 9000/);
});

test("nothing of a network is left when the process dies that made it", { skip: noNetwork }, async () => {
	const module = new URL("./support/network.js", import.meta.url).href;
	const body = `
		const { makeNetwork } = await import(${JSON.stringify(module)});
		const net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		const [, args] = net.inside("a", []);
		const sleeper = net.start("a", ["sh", "-c", "echo begun; exec sleep 600"]);
		await sleeper.printed(/begun/);
		const holder = args[args.indexOf("--target") + 1];
		console.log(JSON.stringify([holder, sleeper.child.pid]));
		setInterval(() => {}, 1000);`;
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	const program = isDeno ? ["eval", body] : ["--input-type=module", "-e", body];
	const child = spawn(process.execPath, program, { env, stdio: ["ignore", "pipe", "inherit"] });
	const ended = once(child, "close");
	let text = "";
	child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
		text += chunk;
	});
	try {
		await until(() => /\n/.test(text) || child.exitCode !== null);
		const pids = JSON.parse(text) as (string | number)[];
		assert.ok(pids.every(isAlive), text);
		child.kill("SIGKILL");
		await ended;
		await until(() => !pids.some(isAlive));
	} finally {
		child.kill("SIGKILL");
		await ended;
	}
});

/** Whether a process runs; one that has ended, and waits for its new parent to take notice, does not. */
function isAlive(pid: string | number): boolean {
	try {
		return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false;
	}
}
