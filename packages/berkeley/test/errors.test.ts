/** The errors: code, class, members and message of each, and the advice that goes with it. */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	BlockingIOError,
	ConnectionError,
	check,
	describeAddress,
	GaiError,
	PermissionError,
	SocketError,
	socketError,
	TimeoutError,
	timeoutError,
} from "../src/errors.js";
import { askPython, noPython } from "./support/oracles.js";

describe("socketError()", () => {
	test("has Node's members and a message that names operation, address, text, code and advice", () => {
		const error = socketError("connect", -111, { address: { host: "127.0.0.1", port: 9 } });
		assert.ok(error instanceof Error);
		assert.equal(error.name, "ConnectionError");
		assert.equal(error.code, "ECONNREFUSED");
		assert.equal(error.errno, -111);
		assert.equal(error.syscall, "connect");
		assert.equal(error.address, "127.0.0.1");
		assert.equal(error.port, 9);
		assert.equal(
			error.message,
			"connect 127.0.0.1:9: connection refused (ECONNREFUSED): nothing listens there",
		);
	});

	test("has no address and no port where there is none", () => {
		const error = socketError("recv", -104);
		assert.equal("address" in error, false);
		assert.equal("port" in error, false);
		assert.equal(error.message.startsWith("recv: connection reset by peer (ECONNRESET)"), true);
		const unix = socketError("connect", -2, { address: "/run/none.sock" });
		assert.equal(unix.address, "/run/none.sock");
		assert.equal("port" in unix, false);
	});

	test("takes the advice of the caller over the table's", () => {
		assert.match(socketError("connect", -111, { advice: "start the daemon" }).message, /: start the daemon$/);
	});

	test("names a number that Linux does not have", () => {
		const error = socketError("recv", -4095);
		assert.equal(error.errno, -4095);
		assert.match(error.message, /4095/);
	});
});

/** Python's class for each errno that has one of its own there, and ours. */
const classes: [errno: number, code: string, ErrorClass: typeof SocketError, python: string][] = [
	[1, "EPERM", PermissionError, "PermissionError"],
	[11, "EAGAIN", BlockingIOError, "BlockingIOError"],
	[13, "EACCES", PermissionError, "PermissionError"],
	[32, "EPIPE", ConnectionError, "BrokenPipeError"],
	[103, "ECONNABORTED", ConnectionError, "ConnectionAbortedError"],
	[104, "ECONNRESET", ConnectionError, "ConnectionResetError"],
	[110, "ETIMEDOUT", TimeoutError, "TimeoutError"],
	[111, "ECONNREFUSED", ConnectionError, "ConnectionRefusedError"],
	[114, "EALREADY", BlockingIOError, "BlockingIOError"],
	[115, "EINPROGRESS", BlockingIOError, "BlockingIOError"],
	[98, "EADDRINUSE", SocketError, "OSError"],
	[107, "ENOTCONN", SocketError, "OSError"],
];

describe("the class of an error", () => {
	for (const [errno, code, ErrorClass] of classes) {
		test(`${code} is a ${ErrorClass.prototype.name}`, () => {
			const error = socketError("recv", -errno);
			assert.equal(error.code, code);
			assert.equal(error.constructor, ErrorClass);
			assert.equal(error.name, ErrorClass.prototype.name);
			assert.ok(error instanceof SocketError);
		});
	}

	test("is Python's, or the base of Python's", { skip: noPython }, () => {
		const answers = askPython(
			"def answer(errno): return [base.__name__ for base in type(OSError(errno, '')).__mro__]",
			classes.map(([errno]) => errno),
		) as string[][];
		for (const [index, [, code, ErrorClass, python]] of classes.entries()) {
			assert.equal(answers[index]?.[0], python, code);
			const ours = ErrorClass === SocketError ? "OSError" : ErrorClass.prototype.name;
			assert.ok(answers[index]?.includes(ours), `${code}: ${ours} is not among ${answers[index]}`);
		}
	});
});

describe("the advice", () => {
	const low = { host: "0.0.0.0", port: 80 };
	const high = { host: "0.0.0.0", port: 8080 };
	const cases: [
		syscall: string,
		errno: number,
		address: Parameters<typeof describeAddress>[0] | undefined,
		advice: RegExp,
	][] = [
		["bind", 13, low, /permission denied \(EACCES\): ports under 1024 need CAP_NET_BIND_SERVICE: run it/],
		["bind", 13, high, /permission denied \(EACCES\)$/],
		["bind", 13, "/root/x", /the directory does not allow it$/],
		["bind", 98, high, /another socket is bound to it: close that one, or choose another port$/],
		["bind", 98, { host: "", port: 0 }, /no port is free$/],
		["bind", 98, "/tmp/x", /remove it when nothing listens on it$/],
		["connect", 13, "/run/x", /does not allow writing$/],
		["connect", 13, high, /a broadcast address needs SO_BROADCAST; else a route prohibits it$/],
		["sendto", 13, "/run/x", /does not allow writing$/],
		["sendto", 13, high, /a broadcast address needs SO_BROADCAST; else a route prohibits it$/],
		["socket", 1, undefined, /CAP_NET_RAW: run it with sudo, or .*setcap cap_net_raw\+ep \S+`/],
		["recv", 107, undefined, /the socket is not connected$/],
		["accept", 24, undefined, /ulimit -n/],
	];
	for (const [syscall, errno, address, advice] of cases) {
		const error = socketError(syscall, -errno, { address });
		test(`of ${error.message.slice(0, 60)}`, () => assert.match(error.message, advice));
	}
});

test("timeoutError() is an ETIMEDOUT that says how long", () => {
	const error = timeoutError("connect", 250, { host: "::1", port: 1 });
	assert.equal(error.constructor, TimeoutError);
	assert.equal(error.code, "ETIMEDOUT");
	assert.equal(error.errno, -110);
	assert.equal(error.message, "connect [::1]:1: timed out after 250 ms");
});

test("check() gives back what is not negative, and throws what is", () => {
	assert.equal(check("send", 0), 0);
	assert.equal(check("send", 17), 17);
	assert.throws(() => check("send", -9), { code: "EBADF", message: /the socket is closed$/ });
});

test("GaiError keeps its own code and number", () => {
	const error = new GaiError("getaddrinfo nosuch", "EAI_NONAME", -2, "getaddrinfo");
	assert.equal(error.name, "GaiError");
	assert.equal(error.code, "EAI_NONAME");
	assert.ok(error instanceof SocketError);
});

test("describeAddress() writes an address of each family as a person does", () => {
	assert.equal(describeAddress({ host: "127.0.0.1", port: 80 }), "127.0.0.1:80");
	assert.equal(describeAddress({ host: "", port: 80 }), "*:80");
	assert.equal(describeAddress({ host: "fe80::1%eth0", port: 80 }), "[fe80::1%eth0]:80");
	assert.equal(describeAddress("/run/x.sock"), "/run/x.sock");
	assert.equal(describeAddress("\0hidden"), "@hidden");
	assert.equal(describeAddress(""), "(unnamed)");
	assert.equal(describeAddress(undefined), "(unnamed)");
	assert.equal(describeAddress({ interface: "eth0", protocol: 3 }), 'interface "eth0"');
	assert.equal(describeAddress({ pid: 7, groups: 0 }), "netlink pid 7");
	assert.equal(describeAddress({ cid: 2, port: 5000 }), "vsock 2:5000");
	assert.equal(describeAddress({ family: 99, bytes: new Uint8Array(4) }), "address of family 99");
});
