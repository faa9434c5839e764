/**
 * What bad input gets: TypeError or RangeError before any system call. An awaited form rejects and never throws
 * where it is called; a blocking form throws.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	type Address,
	AF_INET,
	AF_INET6,
	AF_UNIX,
	createConnection,
	createConnectionSync,
	createServer,
	dup,
	fromfd,
	recvFds,
	recvFdsSync,
	Socket,
	sendFds,
	sendFdsSync,
	socketpair,
	type WaitOptions,
} from "../src/index.js";
import { bound, datagramKinds, freshPath, type Kind, unnamedPair } from "./support/kinds.js";

/** Calls with arguments that the types forbid. */
type Loose = (...given: unknown[]) => unknown;
type Receiver = Record<string, Loose>;

interface Misuse {
	/** The method, whose blocking twin has `Sync` at its end. */
	method: string;
	given: unknown[];
	expected: typeof TypeError | typeof RangeError;
	message?: RegExp;
}

const wrongSizes: [unknown, typeof TypeError | typeof RangeError][] = [
	[-1, RangeError],
	[1.5, RangeError],
	[Number.NaN, RangeError],
	[2 ** 31, RangeError],
	[Number.POSITIVE_INFINITY, RangeError],
	["10", TypeError],
	[undefined, TypeError],
	[null, TypeError],
	[10n, TypeError],
];
const wrongFlags: [unknown, typeof TypeError | typeof RangeError][] = [
	["MSG_PEEK", TypeError],
	[0.5, RangeError],
	[2 ** 32, RangeError],
	[null, TypeError],
	[{}, TypeError],
];
const noBytes: unknown[] = [5, null, undefined, {}, [1, 2], Symbol("x"), () => {}, new Date(0)];
const noBuffers: unknown[] = ["text", ...noBytes];

const timeouts: [unknown, typeof TypeError | typeof RangeError][] = [
	[-1, RangeError],
	[Number.NaN, TypeError],
	["5", TypeError],
];

const flagged: [method: string, before: unknown[]][] = [
	["recv", [10]],
	["recvInto", [Buffer.alloc(4)]],
	["recvfrom", [10]],
	["recvfromInto", [Buffer.alloc(4)]],
	["recvmsg", [10, 0]],
	["recvmsgInto", [[Buffer.alloc(4)], 0]],
	["send", ["x"]],
	["sendall", ["x"]],
	["sendmsg", [["x"], []]],
];

function table(): Misuse[] {
	const rows: Misuse[] = [];
	const add = (method: string, given: unknown[], expected: typeof TypeError | typeof RangeError): void => {
		rows.push({ method, given, expected });
	};
	for (const [size, expected] of wrongSizes) {
		for (const method of ["recv", "recvfrom", "recvmsg"]) add(method, [size], expected);
		if (size !== undefined) add("recvmsg", [10, size], expected);
	}
	for (const [method, before] of flagged) {
		for (const [flags, expected] of wrongFlags) add(method, [...before, flags], expected);
		// Before the options of sendmsg() stands the address.
		const between = method === "sendmsg" ? [0, undefined] : [0];
		for (const [timeout, expected] of timeouts) add(method, [...before, ...between, { timeout }], expected);
	}
	for (const value of noBytes) {
		add("send", [value], TypeError);
		add("sendall", [value], TypeError);
		add("sendmsg", [[value]], TypeError);
		add("sendmsg", [["fine", value]], TypeError);
	}
	for (const value of noBuffers) {
		add("recvInto", [value], TypeError);
		add("recvfromInto", [value], TypeError);
		add("recvmsgInto", [[value]], TypeError);
	}
	for (const method of ["recvInto", "recvfromInto"]) {
		for (const nbytes of [5, -1, 1.5]) add(method, [Buffer.alloc(4), 0, { nbytes }], RangeError);
		for (const nbytes of ["1", null]) add(method, [Buffer.alloc(4), 0, { nbytes }], TypeError);
	}
	add("recvmsgInto", [Buffer.alloc(4)], TypeError);
	add("recvmsgInto", [undefined], TypeError);
	add("sendmsg", ["text"], TypeError);
	add("sendmsg", [undefined], TypeError);
	add("sendmsg", [["x"], [{ level: 1, type: 1 }]], TypeError);
	add("sendmsg", [["x"], 5], TypeError);
	add("accept", [{ timeout: -5 }], RangeError);
	return rows;
}

/** Runs both forms of each row on one socket; none may throw at the wrong place, or nothing at all. */
async function expectAll(socket: Socket, rows: Misuse[]): Promise<void> {
	const receiver = socket as unknown as Receiver;
	for (const { method, given, expected } of rows) {
		const what = `${method}(${given.map((value) => describeValue(value)).join(", ")})`;
		let promise: unknown;
		assert.doesNotThrow(() => {
			promise = receiver[method]?.(...given);
		}, `${what} threw instead of rejecting`);
		await assert.rejects(promise as Promise<unknown>, (error) => told(error, expected, what), what);
		assert.throws(
			() => receiver[`${method}Sync`]?.(...given),
			(error) => told(error, expected, `${method}Sync`),
			what,
		);
	}
}

function told(error: unknown, expected: typeof TypeError, what: string): true {
	assert.ok(error instanceof expected, `${what} gave ${error instanceof Error ? error.stack : error}`);
	// A message of the runtime's own, about our insides, helps nobody.
	assert.doesNotMatch(
		error.message,
		/Cannot read|is not a function|is not iterable|undefined \(reading/,
		what,
	);
	return true;
}

function describeValue(value: unknown): string {
	try {
		return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
	} catch {
		return String(value);
	}
}

describe("misuse", () => {
	test("of data, sizes, flags and timeouts is told before anything is done", async () => {
		using pair = unnamedPair();
		pair.server.sendallSync("untouched");
		await expectAll(pair.client, table());
		assert.equal(pair.client.recvSync(100).toString(), "untouched");
		pair.client.settimeout(0);
		pair.server.settimeout(0);
		assert.throws(() => pair.server.recvSync(1), { code: "EAGAIN" });
	});

	test("of a closed socket is told as misuse all the same: the arguments come first", async () => {
		using pair = unnamedPair();
		pair.client.close();
		await expectAll(pair.client, table());
	});

	const addresses: [family: number, name: string, address: unknown, expected: typeof TypeError][] = [
		[AF_INET, "a port over 65535", { host: "127.0.0.1", port: 70000 }, RangeError],
		[AF_INET, "a negative port", { host: "127.0.0.1", port: -1 }, RangeError],
		[AF_INET, "half a port", { host: "127.0.0.1", port: 1.5 }, RangeError],
		[AF_INET, "a port in words", { host: "127.0.0.1", port: "80" }, TypeError],
		[AF_INET, "no port", { host: "127.0.0.1" }, TypeError],
		[AF_INET, "no host", { port: 80 }, TypeError],
		[AF_INET, "a host that is a number", { host: 127, port: 80 }, TypeError],
		[AF_INET, "a host with a NUL", { host: "a\0b", port: 80 }, RangeError],
		[AF_INET, "a path", "/tmp/x", TypeError],
		[AF_INET, "nothing", undefined, TypeError],
		[AF_INET, "null", null, TypeError],
		[AF_INET, "Python's tuple", ["127.0.0.1", 80], TypeError],
		[AF_INET, "an address of another family", { family: AF_INET6, bytes: new Uint8Array(26) }, RangeError],
		[AF_INET6, "a port over 65535", { host: "::1", port: 65536 }, RangeError],
		[AF_INET6, "a flow label over 20 bits", { host: "::1", port: 1, flowinfo: 0x100000 }, RangeError],
		[AF_INET6, "a negative scope", { host: "::1", port: 1, scopeId: -1 }, RangeError],
		[AF_UNIX, "a path of 108 bytes", `/${"x".repeat(107)}`, RangeError],
		[AF_UNIX, "a path of 108 bytes in 55 letters", `/${"ä".repeat(53)}x`, RangeError],
		[AF_UNIX, "an abstract name of 108 bytes", `\0${"x".repeat(108)}`, RangeError],
		[AF_UNIX, "a path with a NUL inside", "/tmp/a\0b", RangeError],
		[AF_UNIX, "an internet address", { host: "127.0.0.1", port: 80 }, TypeError],
		[AF_UNIX, "a number", 5, TypeError],
	];
	for (const [family, name, address, expected] of addresses) {
		test(`an address that is ${name} is refused for family ${family}`, async () => {
			using socket = bound(kindOfFamily(family));
			const before = socket.getsockname();
			const given = address as Address;
			const rows: Misuse[] = [
				{ method: "connect", given: [given], expected },
				{ method: "connectEx", given: [given], expected },
				{ method: "sendto", given: ["x", given], expected },
				{ method: "sendto", given: ["x", 0, given], expected },
			];
			// Without an address sendmsg() goes to the peer.
			if (address !== undefined) rows.push({ method: "sendmsg", given: [["x"], [], 0, given], expected });
			await expectAll(socket, typeof address === "number" ? rows.slice(0, 2) : rows);
			assert.throws(
				() => socket.bind(given),
				(error) => told(error, expected, "bind"),
			);
			assert.deepEqual(socket.getsockname(), before);
			assert.throws(() => socket.getpeername(), { code: "ENOTCONN" });
			if (expected === RangeError) assert.throws(() => socket.bind(given), RangeError);
		});
	}

	test("a path of 107 bytes, and an abstract name of 107, are taken", () => {
		using named: Socket = new Socket(AF_UNIX);
		const path = freshPath();
		assert.throws(() => named.bind(`${path}/${"x".repeat(106 - path.length)}`), { code: "ENOENT" });
		const name = `\0${process.pid}`.padEnd(108, "n");
		named.bind(name);
		assert.equal(named.getsockname(), name);
	});

	test("of the methods that never wait is told too", () => {
		using pair = unnamedPair();
		const socket = pair.client as unknown as Receiver;
		const cases: [string, unknown[], typeof TypeError][] = [
			["listen", ["5"], TypeError],
			["listen", [1.5], RangeError],
			["shutdown", [3], RangeError],
			["shutdown", [-1], RangeError],
			["shutdown", [undefined], TypeError],
			["getsockopt", ["1", 2], TypeError],
			["getsockopt", [1, 2, -1], RangeError],
			["setsockopt", [1, 2, 2 ** 33], RangeError],
			["setsockopt", [1, 2, {}], TypeError],
			["setsockopt", [1, 2, undefined], TypeError],
		];
		for (const [method, given, expected] of cases) {
			assert.throws(
				() => socket[method]?.(...given),
				(error) => told(error, expected, method),
				method,
			);
		}
		assert.throws(() => new Socket("x" as unknown as number), TypeError);
		assert.throws(() => new Socket(AF_INET, 1.5), RangeError);
		assert.throws(() => new Socket(AF_INET, 1, -(2 ** 40)), RangeError);
		assert.throws(() => new Socket(AF_INET, 1, 0, { fileno: -1 }), RangeError);
		assert.throws(() => new Socket(AF_INET, 1, 0, { fileno: "0" as unknown as number }), TypeError);
		assert.throws(() => socketpair(-1), RangeError);
		assert.throws(() => dup(-1), RangeError);
		assert.throws(() => fromfd(1.5, AF_INET, 1), RangeError);
		assert.throws(() => createServer({ host: "", port: 99999 }), RangeError);
		assert.throws(() => createServer({ host: "", port: 0 }, { dualstackIpv6: true }), TypeError);
	});

	test("of the functions is told: the awaited reject, the blocking throw", async () => {
		using pair = unnamedPair();
		const { client } = pair;
		const forms: [Loose, Loose, unknown[], typeof TypeError][] = [
			[
				createConnection as Loose,
				createConnectionSync as Loose,
				[{ host: "127.0.0.1", port: 70000 }],
				RangeError,
			],
			[createConnection as Loose, createConnectionSync as Loose, [{ host: "127.0.0.1" }], TypeError],
			[createConnection as Loose, createConnectionSync as Loose, ["127.0.0.1"], TypeError],
			[createConnection as Loose, createConnectionSync as Loose, [undefined], TypeError],
			[
				createConnection as Loose,
				createConnectionSync as Loose,
				[{ host: "127.0.0.1", port: 1 }, { timeout: -1 }],
				RangeError,
			],
			[sendFds as Loose, sendFdsSync as Loose, [client, ["x"], 5], TypeError],
			[sendFds as Loose, sendFdsSync as Loose, [client, "x", [0]], TypeError],
			[sendFds as Loose, sendFdsSync as Loose, [client, ["x"], [-1]], RangeError],
			[recvFds as Loose, recvFdsSync as Loose, [client, 10, -1], RangeError],
			[recvFds as Loose, recvFdsSync as Loose, [client, -1, 1], RangeError],
		];
		for (const [form, twin, given, expected] of forms) {
			const what = `${form.name}(${describeValue(given.at(-1))})`;
			let promise: unknown;
			assert.doesNotThrow(() => {
				promise = form(...given);
			}, what);
			await assert.rejects(promise as Promise<unknown>, (error) => told(error, expected, what));
			assert.throws(
				() => twin(...given),
				(error) => told(error, expected, `${what}, blocking`),
			);
		}
	});
});

describe("how to wait", () => {
	const wrong: [given: unknown, told: RegExp][] = [
		[5, /options must be \{ timeout, signal \}, not a number/],
		[{ signal: {} }, /signal must be an AbortSignal, not an empty object/],
		[{ signal: null }, /signal must be an AbortSignal, not null/],
		[{ signal: "stop" }, /signal must be an AbortSignal, not a string/],
	];
	for (const [given, told] of wrong) {
		test(`${JSON.stringify(given)} is refused before anything waits`, async () => {
			using pair = unnamedPair();
			const { client } = pair;
			const options = given as WaitOptions;
			await assert.rejects(client.recv(1, 0, options), { name: "TypeError", message: told });
			await assert.rejects(client.makefile("rb").read(1, options), { name: "TypeError", message: told });
			assert.throws(() => client.recvSync(1, 0, options), { name: "TypeError", message: told });
		});
	}

	test("the options of a socket must be an object", () => {
		assert.throws(
			() => new Socket(AF_INET, 1, 0, null as unknown as object),
			/must be \{ fileno \}, not null/,
		);
	});
});

test("a message tells in few words what was given, however large it is", async () => {
	using pair = unnamedPair();
	const large = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, index]));
	for (const given of [new Float64Array(100_000), large]) {
		await assert.rejects(pair.client.recv(given as unknown as number), (error: Error) => {
			return error instanceof TypeError && error.message.length < 150;
		});
	}
});

function kindOfFamily(family: number): Kind {
	return datagramKinds.find((kind) => kind.family === family) as Kind;
}
