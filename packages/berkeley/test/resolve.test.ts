/**
 * Name resolution against Python's, on what every machine has: localhost, numbers, the local databases.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { GaiError, SocketError } from "../src/errors.js";
import {
	type AddressInfo,
	type GetaddrinfoOptions,
	getaddrinfo,
	getaddrinfoSync,
	getfqdn,
	getfqdnSync,
	gethostbyaddr,
	gethostbyaddrSync,
	gethostbyname,
	gethostbynameEx,
	gethostbynameExSync,
	gethostbynameSync,
	gethostname,
	getnameinfo,
	getnameinfoSync,
	getprotobyname,
	getservbyname,
	getservbyport,
	ifIndextoname,
	ifNameindex,
	ifNametoindex,
	sethostname,
} from "../src/resolve/index.js";
import { needsResolving, resolveAddress, resolveAddressSync } from "../src/resolve/resolveaddress.js";
import {
	AF_INET,
	AF_INET6,
	AF_UNIX,
	AI_ADDRCONFIG,
	AI_ALL,
	AI_CANONNAME,
	AI_NUMERICHOST,
	AI_NUMERICSERV,
	AI_PASSIVE,
	AI_V4MAPPED,
	IPPROTO_TCP,
	IPPROTO_UDP,
	NI_DGRAM,
	NI_NAMEREQD,
	NI_NOFQDN,
	NI_NUMERICHOST,
	NI_NUMERICSERV,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_STREAM,
} from "../src/sys/linux/constants/index.js";
import { noPython } from "./support/oracles.js";
import { evaluate, type PythonResult } from "./support/pysocket.js";

const noServices = existsSync("/etc/services") ? noPython : "there is no /etc/services (package netbase)";

/** What an operation gave, in the form in which Python's results come. */
function outcome(operation: () => unknown): PythonResult {
	try {
		return { value: operation() };
	} catch (error) {
		if (error instanceof SocketError) return { errno: error.errno };
		throw error;
	}
}

async function outcomeOf(operation: () => Promise<unknown>): Promise<PythonResult> {
	try {
		return { value: await operation() };
	} catch (error) {
		if (error instanceof SocketError) return { errno: error.errno };
		throw error;
	}
}

/** An address info as Python's tuple. */
function tuple(info: AddressInfo): unknown[] {
	const { host, port } = info.address;
	const address =
		"scopeId" in info.address ? [host, port, info.address.flowinfo, info.address.scopeId] : [host, port];
	return [info.family, info.type, info.proto, info.canonname, address];
}

const python = (value: unknown) => (value === null ? "None" : JSON.stringify(value));

test("getaddrinfo() gives what Python's gives, blocking or not", { skip: noPython }, async () => {
	const hosts = [
		"localhost",
		"127.0.0.1",
		"127.1",
		"0x7f.1",
		"::1",
		"::ffff:10.0.0.1",
		"fe80::1%lo",
		"fe80::1%1",
		"fe80::1%nosuchif",
		"",
		null,
	];
	const ports = [80, 0, "http", "domain", "nosuchservice", "80", null];
	const options: GetaddrinfoOptions[] = [{}];
	for (const family of [AF_INET, AF_INET6, AF_UNIX]) options.push({ family, type: SOCK_STREAM });
	for (const type of [SOCK_DGRAM, SOCK_RAW, 99]) options.push({ type });
	for (const proto of [IPPROTO_TCP, IPPROTO_UDP, 1]) options.push({ proto });
	options.push({ type: SOCK_STREAM, proto: IPPROTO_UDP });
	for (const flags of [
		AI_PASSIVE,
		AI_CANONNAME,
		AI_NUMERICHOST,
		AI_NUMERICSERV,
		AI_ADDRCONFIG,
		AI_V4MAPPED,
		1 << 20,
	]) {
		options.push({ flags });
	}
	options.push({ family: AF_INET6, flags: AI_V4MAPPED | AI_ALL });

	const cases = hosts.flatMap((host) =>
		options.flatMap((option, i) =>
			ports
				.filter((_, j) => i === 0 || host === "localhost" || j === 0)
				.map((port) => ({ host, port, option })),
		),
	);
	const expected = evaluate(
		cases.map(({ host, port, option: { family = 0, type = 0, proto = 0, flags = 0 } }) => {
			return `getaddrinfo(${python(host)}, ${python(port)}, ${family}, ${type}, ${proto}, ${flags})`;
		}),
	);
	await Promise.all(
		cases.map(async ({ host, port, option }, i) => {
			const message = JSON.stringify({ host, port, option });
			const sync = outcome(() => getaddrinfoSync(host, port, option).map(tuple));
			assert.deepEqual(sync, expected[i], message);
			assert.deepEqual(
				await outcomeOf(async () => (await getaddrinfo(host, port, option)).map(tuple)),
				expected[i],
				message,
			);
		}),
	);
});

test("getaddrinfo() knows the type of the address from the family", async () => {
	const [first] = await getaddrinfo("127.0.0.1", 80, { family: AF_INET, type: SOCK_STREAM });
	const family: typeof AF_INET | undefined = first?.family;
	assert.equal(family, AF_INET);
	const [sixth] = getaddrinfoSync("::1", 80, { family: AF_INET6, type: SOCK_STREAM });
	assert.equal(sixth?.address.scopeId, 0);
});

test("getnameinfo() gives what Python's gives, blocking or not", { skip: noPython }, async () => {
	// Only 127.0.0.1 has a name on every machine: for another, name servers would be asked.
	const numeric = [NI_NUMERICHOST, NI_NUMERICHOST | NI_NUMERICSERV, NI_NUMERICHOST | NI_NAMEREQD];
	const every = [...numeric, 0, NI_NUMERICSERV, NI_NAMEREQD, NI_NOFQDN, NI_DGRAM, 1 << 20];
	const addresses: [flags: number[], host: string, port: number, flowinfo?: number, scopeId?: number][] = [
		[every, "127.0.0.1", 80],
		[every, "127.0.0.1", 53],
		[every, "127.0.0.1", 512],
		[every, "localhost", 80],
		[numeric, "203.0.113.5", 65535],
		[numeric, "::1", 80],
		[numeric, "::1", 80, 0, 5],
		[numeric, "fe80::1", 22, 0, 1],
	];
	const cases = addresses.flatMap(([flags, ...address]) => flags.map((flag) => ({ address, flag })));
	const expected = evaluate(
		cases.map(({ address, flag }) => `getnameinfo(tuple(${JSON.stringify(address)}), ${flag})`),
	);
	await Promise.all(
		cases.map(async ({ address: [host, port, flowinfo = 0, scopeId = 0], flag }, i) => {
			const address = host.includes(":") ? { host, port, flowinfo, scopeId } : { host, port };
			const message = JSON.stringify({ address, flag });
			assert.deepEqual(
				outcome(() => getnameinfoSync(address, flag)),
				expected[i],
				message,
			);
			assert.deepEqual(await outcomeOf(() => getnameinfo(address, flag)), expected[i], message);
		}),
	);
});

test("getnameinfo() keeps the zone of a host", () => {
	const [host] = getnameinfoSync({ host: "fe80::1%lo", port: 80 }, NI_NUMERICHOST);
	assert.equal(host, "fe80::1%lo");
	assert.throws(() => getnameinfoSync({ host: "fe80::1%nosuchif", port: 80 }), {
		code: "EAI_NONAME",
		message: /no interface/,
	});
});

test("gethostbyname(), its Ex form, gethostbyaddr() and getfqdn() give what Python's give", {
	skip: noPython,
}, async () => {
	const names = ["localhost", "127.0.0.1", "127.1"];
	const functions: [string, (host: string) => Promise<unknown>, (host: string) => unknown][] = [
		["gethostbyname", gethostbyname, gethostbynameSync],
		["gethostbyname_ex", gethostbynameEx, gethostbynameExSync],
		["gethostbyaddr", gethostbyaddr, gethostbyaddrSync],
		["getfqdn", getfqdn, getfqdnSync],
	];
	const cases = functions.flatMap(([name, later, now]) => names.map((host) => ({ name, later, now, host })));
	const expected = evaluate(cases.map(({ name, host }) => `${name}(${JSON.stringify(host)})`));
	for (const [i, { name, later, now, host }] of cases.entries()) {
		const message = `${name}(${host})`;
		const sync = outcome(() => now(host));
		assert.deepEqual(await outcomeOf(() => later(host)), sync, message);
		assert.deepEqual(sync, expected[i], message);
	}
	assert.equal(await gethostbyname(""), "0.0.0.0");
	assert.equal(gethostbynameSync("<broadcast>"), "255.255.255.255");
	const [mine, zeros, colons] = [await getfqdn(), getfqdnSync("0.0.0.0"), await getfqdn(" :: ")];
	assert.deepEqual([{ value: mine }], evaluate(["getfqdn()"]));
	assert.deepEqual([zeros, colons], [mine, mine]);
});

test("gethostname() gives the host's name", { skip: noPython }, () => {
	assert.deepEqual([{ value: gethostname() }], evaluate(["gethostname()"]));
});

test("the services and protocols are those that Python finds", { skip: noServices }, () => {
	const names = ["http", "domain", "tftp", "ssh", "nosuch", "", "x".repeat(3000)];
	const ports = [80, 53, 69, 22, 0, 65535, 514];
	const protos = [undefined, "tcp", "udp", "nosuch"];
	const cases: { ask: string; run: () => unknown }[] = [];
	for (const proto of protos) {
		const more = proto === undefined ? "" : `, ${JSON.stringify(proto)}`;
		for (const name of names) {
			const ask = `getservbyname(${JSON.stringify(name)}${more})`;
			cases.push({ ask, run: () => getservbyname(name, proto) });
		}
		for (const port of ports) {
			cases.push({ ask: `getservbyport(${port}${more})`, run: () => getservbyport(port, proto) });
		}
	}
	for (const name of ["tcp", "udp", "icmp", "ipv6-icmp", "TCP", "nosuch", ""]) {
		cases.push({ ask: `getprotobyname(${JSON.stringify(name)})`, run: () => getprotobyname(name) });
	}
	const expected = evaluate(cases.map(({ ask }) => ask));
	for (const [i, { ask, run }] of cases.entries()) {
		const result = outcome(run);
		// Python's OSError for these has a text and no errno.
		if ("errno" in result) assert.deepEqual([result.errno, expected[i]], [-2, { errno: null }], ask);
		else assert.deepEqual(result, expected[i], ask);
	}
	assert.throws(() => getservbyname("nosuch", "tcp"), {
		name: "SocketError",
		code: "ENOENT",
		message: /^getservbyname: no service nosuch\/tcp is known \(ENOENT\): \/etc\/services/,
	});
});

test("the interfaces are those that Python finds", { skip: noPython }, () => {
	const all = ifNameindex();
	assert.deepEqual([{ value: all }], evaluate(["if_nameindex()"]));
	for (const [index, name] of all) {
		assert.equal(ifNametoindex(name), index);
		assert.equal(ifIndextoname(index), name);
	}
});

test("an interface that is not there is an error with its name", () => {
	assert.throws(() => ifNametoindex("nosuchif"), { code: "ENODEV", message: /"nosuchif"/ });
	assert.throws(() => ifNametoindex("longer-than-any-interface"), { code: "ENODEV" });
	assert.throws(() => ifIndextoname(0x7fffffff), { code: "ENXIO", message: /2147483647/ });
	assert.throws(() => ifIndextoname(-1), RangeError);
});

test("a name that is not known rejects with a GaiError that says so", async () => {
	const check = (error: unknown) => {
		assert.ok(error instanceof GaiError);
		assert.equal(error.name, "GaiError");
		assert.equal(error.code, "EAI_NONAME");
		assert.equal(error.errno, -2);
		assert.equal(error.syscall, "getaddrinfo");
		assert.equal(error.address, "nosuch");
		assert.equal(error.port, 80);
		assert.match(error.message, /^getaddrinfo nosuch: name or service not known \(EAI_NONAME\): .*numeric/);
		return true;
	};
	await assert.rejects(getaddrinfo("nosuch", 80, { flags: AI_NUMERICHOST }), check);
	assert.throws(() => getaddrinfoSync("nosuch", 80, { flags: AI_NUMERICHOST }), check);
});

test("misuse is refused before anything is asked", async () => {
	await assert.rejects(getaddrinfo("a\0b", 80), TypeError);
	await assert.rejects(getaddrinfo("localhost", "ht\0tp"), TypeError);
	await assert.rejects(getaddrinfo(5 as unknown as string, 80), TypeError);
	await assert.rejects(getaddrinfo(undefined as unknown as string, 80), TypeError);
	for (const port of [65536, -1, 1.5, "65536"]) {
		assert.throws(() => getaddrinfoSync("localhost", port), RangeError);
	}
	assert.throws(() => getaddrinfoSync("localhost", 80, { flags: 2 ** 32 }), RangeError);
	assert.throws(() => getaddrinfoSync("\u00fc<>", 80), TypeError);
	assert.throws(() => getnameinfoSync({ host: "127.0.0.1", port: 65536 }), RangeError);
	assert.throws(() => getnameinfoSync("127.0.0.1" as unknown as { host: string; port: number }), TypeError);
	assert.throws(() => gethostbynameExSync("a\0b"), TypeError);
	assert.throws(() => getfqdnSync("a\0b"), TypeError);
	assert.throws(() => getservbyname("a\0b"), TypeError);
	assert.throws(() => getservbyname("http", "t\0cp"), TypeError);
	assert.throws(() => getservbyport(65536), RangeError);
	assert.throws(() => getprotobyname("a\0b"), TypeError);
	assert.throws(() => ifNametoindex("l\0o"), TypeError);
	assert.throws(() => sethostname("a\0b"), TypeError);
	assert.throws(() => sethostname(Buffer.from([97, 0])), TypeError);
});

test("look-ups that do not block leave the thread free while 100 of them wait", async () => {
	let settled = 0;
	const lookups = Array.from({ length: 100 }, async () => {
		await getaddrinfo("localhost", 80, { family: AF_INET, type: SOCK_STREAM });
		settled++;
	});
	await new Promise((resolve) => setImmediate(resolve));
	assert.ok(settled < 100, "the loop turned before the look-ups were done");
	await Promise.all(lookups);
	assert.equal(settled, 100);
});

test("an aborted look-up rejects with the signal's reason, before it began or after", async () => {
	const reason = new Error("enough");
	await assert.rejects(getaddrinfo("localhost", 80, { signal: AbortSignal.abort(reason) }), reason);
	const controller = new AbortController();
	const { signal } = controller;
	setMaxListeners(50, signal);
	const lookups = [
		...Array.from({ length: 20 }, () => getaddrinfo("localhost", 80, { signal })),
		gethostbyname("localhost", { signal }),
		gethostbynameEx("localhost", { signal }),
		gethostbyaddr("127.0.0.1", { signal }),
		getfqdn("localhost", { signal }),
		getnameinfo({ host: "127.0.0.1", port: 80 }, 0, { signal }),
		resolveAddress(AF_INET, { host: "localhost", port: 80 }, signal),
	];
	controller.abort(reason);
	for (const result of await Promise.allSettled<unknown>(lookups)) {
		assert.equal(result.status, "rejected");
		assert.equal(result.reason, reason);
	}
	assert.equal(await gethostbyname("localhost"), gethostbynameSync("localhost"));
});

test("a worker that ends while its look-ups run takes nothing with it", async () => {
	const location = new URL("../src/resolve/index.js", import.meta.url).href;
	const source = `
		const { parentPort } = require("node:worker_threads");
		import(${JSON.stringify(location)}).then(({ getaddrinfo }) => {
			for (let i = 0; i < 50; i++) getaddrinfo("localhost", 80);
			parentPort.postMessage("begun");
		});`;
	for (let round = 0; round < 5; round++) {
		const worker = new Worker(source, { eval: true });
		await new Promise((resolve) => worker.once("message", resolve));
		await worker.terminate();
	}
	assert.equal(await gethostbyname("127.0.0.1"), "127.0.0.1");
});

test("needsResolving() is true of host names alone", () => {
	for (const host of ["", "127.0.0.1", "<broadcast>"]) {
		assert.equal(needsResolving(AF_INET, { host, port: 1 }), false, host);
	}
	for (const host of ["", "::1", "fe80::1%lo"]) {
		assert.equal(needsResolving(AF_INET6, { host, port: 1 }), false, host);
	}
	assert.equal(needsResolving(AF_INET, { host: "localhost", port: 1 }), true);
	assert.equal(needsResolving(AF_INET, { host: "::1", port: 1 }), true);
	assert.equal(needsResolving(AF_UNIX, "localhost"), false);
	assert.equal(needsResolving(AF_INET, "localhost"), false);
	assert.equal(needsResolving(AF_INET, null as unknown as string), false);
	assert.equal(needsResolving(AF_INET, { host: 5, port: 1 } as unknown as string), false);
});

test("resolveAddress() puts a number in a name's place and leaves the rest", async () => {
	const numeric = { host: "10.0.0.1", port: 5 };
	assert.equal(await resolveAddress(AF_INET, numeric), numeric);
	assert.equal(resolveAddressSync(AF_INET, numeric), numeric);
	assert.equal(resolveAddressSync(AF_UNIX, "/x"), "/x");
	const named = { host: "localhost", port: 5 };
	assert.deepEqual(await resolveAddress(AF_INET, named), { host: "127.0.0.1", port: 5 });
	assert.deepEqual(resolveAddressSync(AF_INET, named), { host: "127.0.0.1", port: 5 });
	await assert.rejects(resolveAddress(AF_INET, { host: "::1", port: 5 }), {
		code: "EAI_ADDRFAMILY",
		address: "::1",
		port: 5,
	});
	assert.throws(() => resolveAddressSync(AF_INET6, { host: "127.0.0.1", port: 5 }), {
		code: "EAI_ADDRFAMILY",
	});
});
