/**
 * systemd's two interfaces: the sockets that it opened, and what it is told. Against its own programs, and Python.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
	AF_INET,
	AF_INET6,
	AF_UNIX,
	createServer,
	hasIpv6,
	SOCK_DGRAM,
	SOCK_STREAM,
	Socket,
} from "../src/index.js";
import {
	AsyncTCPServer,
	BaseRequestHandler,
	handover,
	PassedSockets,
	restartable,
	sdBooted,
	sdListenFds,
	sdNotify,
	sdNotifySync,
	sdWatchdogEnabled,
	serve,
	systemdSockets,
	ThreadingTCPServer,
	takeOver,
} from "../src/server/index.js";
import { noPython } from "./support/oracles.js";
import { isDeno, runtimeArguments } from "./support/runtime.js";
import { freshName } from "./support/servers.js";
import { soon, until } from "./support/until.js";

const runs = (command: string) => spawnSync(command, ["--version"]).status === 0;
const noActivate = runs("systemd-socket-activate") ? false : "there is no systemd-socket-activate";
const noNotify = runs("systemd-notify") ? false : "there is no systemd-notify";
const anyPort = { host: "127.0.0.1", port: 0 };
const program = fileURLToPath(new URL("./programs/activated.js", import.meta.url));
const command = [process.execPath, ...runtimeArguments, program];

let directory = "";
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "berkeley-systemd-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Sets variables as long as something runs. */
async function within<T>(variables: NodeJS.ProcessEnv, work: () => T | Promise<T>): Promise<T> {
	const before = { ...process.env };
	const set = (values: NodeJS.ProcessEnv) => {
		for (const [name, value] of Object.entries(values)) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	};
	set(variables);
	try {
		return await work();
	} finally {
		set(Object.fromEntries(Object.keys(variables).map((name) => [name, before[name]])));
	}
}

/** A child process, its lines one by one. */
function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
	const child: ChildProcess = spawn(file, args, {
		stdio: ["pipe", "pipe", "pipe"],
		env: { ...env, NODE_TEST_CONTEXT: undefined },
	});
	let errors = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		errors += text;
	});
	const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
	const closed = once(child, "close");
	return {
		process: child,
		closed,
		errors: () => errors,
		line: async (): Promise<string> => {
			const { value, done } = await soon(lines.next(), file);
			assert.ok(!done, `${file} ended: ${errors}`);
			return value as string;
		},
		async [Symbol.asyncDispose]() {
			if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
			await closed;
		},
	};
}

/**
 * Opens sockets, makes them the descriptors from 3 on, and becomes the program, as systemd does it. Its first argument
 * is JSON: the sockets' families, types and addresses, and the variables; "PID" there is its own.
 */
const activate = `
import socket, sys, os, json
sockets, variables, command = json.loads(sys.argv[1])
opened = []
for family, kind, address in sockets:
    s = socket.socket(family, kind)
    s.bind(tuple(address) if isinstance(address, list) else address)
    if kind != socket.SOCK_DGRAM: s.listen()
    opened.append(s)
# First out of the way, then to their places.
high = [os.dup2(s.fileno(), 100 + i) for i, s in enumerate(opened)]
for i, fd in enumerate(high): os.dup2(fd, 3 + i)
os.closerange(3 + len(high), 200)
for name, value in variables.items(): os.environ[name] = str(os.getpid()) if value == "PID" else value
os.execvp(command[0], command)
`;

type Listed = {
	passed: {
		fd: number;
		name: string;
		family: number;
		type: number;
		listens: boolean;
		inheritable: boolean;
	}[];
	left: string[];
	code?: string;
	message?: string;
};

/** What the program says of sockets that it was given. */
async function listed(
	sockets: [family: number, type: number, address: unknown][],
	variables: Record<string, string>,
	...args: string[]
): Promise<Listed> {
	const request = JSON.stringify([sockets, variables, [...command, "list", ...args]]);
	await using child = start("python3", ["-c", activate, request]);
	return JSON.parse(await child.line());
}

describe("sdListenFds()", () => {
	const inet: [number, number, unknown] = [AF_INET, SOCK_STREAM, ["127.0.0.1", 0]];

	test("finds the sockets in order, with their names, and keeps them from other programs", {
		skip: noPython,
	}, async () => {
		const { passed, left } = await listed(
			[inet, [AF_INET, SOCK_DGRAM, ["127.0.0.1", 0]], [AF_UNIX, SOCK_STREAM, join(directory, "socket")]],
			{ LISTEN_PID: "PID", LISTEN_FDS: "3", LISTEN_FDNAMES: "web:time:admin" },
		);
		assert.deepEqual(passed, [
			{ fd: 3, name: "web", family: AF_INET, type: SOCK_STREAM, listens: true, inheritable: false },
			{ fd: 4, name: "time", family: AF_INET, type: SOCK_DGRAM, listens: false, inheritable: false },
			{ fd: 5, name: "admin", family: AF_UNIX, type: SOCK_STREAM, listens: true, inheritable: false },
		]);
		assert.deepEqual(left.sort(), ["LISTEN_FDNAMES", "LISTEN_FDS", "LISTEN_PID"]);
	});

	test("calls them unknown without names, and removes the variables when asked to", {
		skip: noPython,
	}, async () => {
		const { passed, left } = await listed([inet], { LISTEN_PID: "PID", LISTEN_FDS: "1" }, "unset");
		assert.deepEqual(
			passed.map(({ name }) => name),
			["unknown"],
		);
		assert.deepEqual(left, []);
	});

	test("ignores what is meant for another process", async () => {
		const variables = { LISTEN_PID: "1", LISTEN_FDS: "2", LISTEN_FDNAMES: undefined };
		assert.deepEqual(await within(variables, () => sdListenFds()), []);
		assert.equal(await within(variables, () => systemdSockets()), undefined);
		assert.equal(await within({ LISTEN_PID: undefined }, () => systemdSockets()), undefined);
	});

	const table: [variables: NodeJS.ProcessEnv, code: string, message: RegExp][] = [
		[{ LISTEN_PID: "me", LISTEN_FDS: "1" }, "EINVAL", /LISTEN_PID=me: .*whole number/],
		[{ LISTEN_FDS: "-1" }, "EINVAL", /LISTEN_FDS=-1: .*whole number/],
		[{ LISTEN_FDS: "1.5" }, "EINVAL", /LISTEN_FDS=1.5: .*whole number/],
		[{ LISTEN_FDS: "2", LISTEN_FDNAMES: "one" }, "EINVAL", /LISTEN_FDNAMES=one: .*as many names .* says: 2/],
		[
			{ LISTEN_FDS: "90000", LISTEN_FDNAMES: undefined },
			"EBADF",
			/^descriptor \d+, "unknown", of LISTEN_FDS: /,
		],
	];
	for (const [variables, code, message] of table) {
		test(`says what is wrong with ${JSON.stringify(variables)}`, async () => {
			const here = { LISTEN_PID: `${process.pid}`, LISTEN_FDNAMES: undefined, ...variables };
			await within(here, () => assert.throws(() => sdListenFds(), { code, message }));
		});
	}
});

describe("systemdSockets()", () => {
	/** The sockets as the third descriptor would have them, which is somebody else's in this process. */
	function passedHere(...names: string[]) {
		const fds = names.map(() => createServer(anyPort).detach());
		return new PassedSockets(
			"systemd",
			names.map((name, index) => ({ name, fd: fds[index] as number })),
		);
	}

	test("are taken by name or place, once, and the others closed", async () => {
		using sockets = passedHere("web", "web", "admin");
		assert.equal(sockets.size, 3);
		using second = sockets.socket(1);
		assert.ok(!sockets.has(1));
		using first = sockets.socket("web", { family: AF_INET, type: SOCK_STREAM });
		assert.notEqual(first.fileno(), second.fileno());
		assert.ok(!sockets.has("web"));
		assert.throws(() => sockets.socket("web"), {
			name: "RangeError",
			message: `no socket "web" is left of those that systemd passed, which are: "web", "web", "admin"`,
		});
		assert.throws(() => sockets.socket(5), /no socket 5 is left/);
		assert.throws(() => sockets.socket("admin", { type: SOCK_DGRAM }), {
			name: "TypeError",
			message: `the socket "admin" that systemd passed is AF_INET, SOCK_STREAM, not AF_INET, SOCK_DGRAM`,
		});
		using socket = sockets.socket("admin");
		assert.throws(
			() => serve("/path", () => {}, { socket }),
			/is AF_INET, SOCK_STREAM, and the server's AF_UNIX/,
		);
		assert.throws(() => sockets.socket(), /no socket is left/);
	});

	test("that are no sockets are named", async () => {
		using sockets = new PassedSockets("systemd", [{ name: "fifo", fd: openSync("/dev/null", "r") }]);
		assert.throws(() => sockets.socket(), {
			code: "ENOTSOCK",
			message: /^descriptor \d+, "fifo", that systemd passed/,
		});
	});

	test("are served from, IPv6 where the server is for IPv4, datagrams, and Unix sockets", {
		skip: noPython,
	}, async () => {
		const sockets: unknown[] = [
			[AF_INET, SOCK_STREAM, ["127.0.0.1", 0]],
			[AF_INET, SOCK_DGRAM, ["127.0.0.1", 0]],
			[AF_UNIX, SOCK_STREAM, join(directory, "stream")],
		];
		if (hasIpv6()) sockets.push([AF_INET6, SOCK_STREAM, ["::1", 0]]);
		const variables = {
			LISTEN_PID: "PID",
			LISTEN_FDS: `${sockets.length}`,
			LISTEN_FDNAMES: ["tcp", "udp", "unix", "tcp6"].slice(0, sockets.length).join(":"),
		};
		const request = JSON.stringify([sockets, variables, [...command, "serve"]]);
		await using child = start("python3", ["-c", activate, request]);
		const { addresses } = JSON.parse(await child.line());
		assert.equal(await greeting(AF_INET, SOCK_STREAM, addresses[0]), "tcp");
		assert.equal(await greeting(AF_INET, SOCK_DGRAM, addresses[1]), "udp");
		assert.equal(await greeting(AF_UNIX, SOCK_STREAM, addresses[2]), "unix");
		if (hasIpv6()) assert.equal(await greeting(AF_INET6, SOCK_STREAM, addresses[3]), "tcp6");
		process.kill(child.process.pid as number, "SIGTERM");
		assert.deepEqual(await child.closed, [0, null]);
	});
});

async function greeting(family: number, type: number, address: unknown): Promise<string> {
	using client = new Socket(family, type);
	client.settimeout(20_000);
	if (type === SOCK_DGRAM && family === AF_UNIX) client.bind(freshName());
	await client.connect(address as never);
	if (type === SOCK_DGRAM) await client.send("who?");
	return `${await client.recv(100)}`;
}

describe("systemd-socket-activate", { skip: noActivate }, () => {
	test("starts the server at the first connection, which is answered, and hears of it", async () => {
		const path = join(directory, "web");
		const admin = join(directory, "admin");
		using receiver = new NotifyReceiver(join(directory, "notify"));
		const options = [
			"-l",
			path,
			"-l",
			admin,
			"--fdname=web:admin",
			"-E",
			`NOTIFY_SOCKET=${receiver.variable}`,
		];
		await using child = start("systemd-socket-activate", [...options, ...command, "serve"]);
		await until(() => child.errors().includes(`Listening on ${admin}`));
		assert.equal(await greeting(AF_UNIX, SOCK_STREAM, path), "web");
		assert.equal(await greeting(AF_UNIX, SOCK_STREAM, admin), "admin");
		const { pid, addresses } = JSON.parse(await child.line());
		assert.equal(pid, child.process.pid);
		assert.deepEqual(addresses, [path, admin]);
		assert.equal(await receiver.next(), `READY=1\nSTATUS=serving at ${path}`);
		process.kill(child.process.pid as number, "SIGTERM");
		assert.match(await receiver.next(), /^STOPPING=1\nSTATUS=finishing 0 requests$/);
		assert.deepEqual(await child.closed, [0, null]);
	});

	test("passes datagram sockets", async () => {
		const path = join(directory, "time");
		await using child = start("systemd-socket-activate", ["-d", "-l", path, ...command, "serve"]);
		await until(() => child.errors().includes(`Listening on ${path}`));
		assert.equal(await greeting(AF_UNIX, SOCK_DGRAM, path), "unknown");
	});
});

/** The socket that NOTIFY_SOCKET names, in this process. */
class NotifyReceiver {
	readonly variable: string;
	readonly socket: Socket<typeof AF_UNIX> = new Socket(AF_UNIX, SOCK_DGRAM);

	constructor(path: string) {
		this.socket.bind(path);
		this.socket.settimeout(20_000);
		this.variable = path.replace("\0", "@");
	}

	async next(): Promise<string> {
		return `${await this.socket.recv(65536)}`;
	}

	/** What is there now. */
	pending(): string[] {
		const messages: string[] = [];
		for (;;) {
			try {
				messages.push(`${this.socket.recvSync(65536, 0, { timeout: 0 })}`);
			} catch {
				return messages;
			}
		}
	}

	[Symbol.dispose]() {
		this.socket.close();
	}
}

describe("sdNotify()", () => {
	test("tells nobody when nobody wants to know", async () => {
		await within({ NOTIFY_SOCKET: undefined }, async () => {
			assert.equal(await sdNotify({ READY: 1 }), false);
			assert.equal(sdNotifySync("READY=1"), false);
		});
	});

	const states: [state: Parameters<typeof sdNotify>[0], lines: string][] = [
		[
			{ READY: 1, STATUS: "serving", MAINPID: 5n, WATCHDOG: true, ERRNO: undefined },
			"READY=1\nSTATUS=serving\nMAINPID=5\nWATCHDOG=1",
		],
		["READY=1\nSTATUS=größer\n", "READY=1\nSTATUS=größer"],
		[{ STATUS: "" }, "STATUS="],
		[{ RELOADING: 1, MONOTONIC_USEC: 7 }, "RELOADING=1\nMONOTONIC_USEC=7"],
	];
	for (const place of ["a path", "an abstract name"]) {
		test(`sends what it should to ${place}`, async () => {
			using receiver = new NotifyReceiver(place === "a path" ? join(directory, "notify") : freshName());
			await within({ NOTIFY_SOCKET: receiver.variable }, async () => {
				for (const [state, lines] of states) {
					assert.equal(await sdNotify(state), true);
					assert.equal(await receiver.next(), lines);
					assert.equal(sdNotifySync(state, { timeout: 1000 }), true);
					assert.equal(await receiver.next(), lines);
				}
				assert.equal(await sdNotify({ READY: 1 }, { unsetEnvironment: true }), true);
				assert.equal(process.env.NOTIFY_SOCKET, undefined);
			});
		});
	}

	test("says the same as systemd-notify", { skip: noNotify }, async () => {
		using receiver = new NotifyReceiver(join(directory, "notify"));
		await within({ NOTIFY_SOCKET: receiver.variable }, async () => {
			await using theirs = start("systemd-notify", ["--ready", "--status=at work", "--no-block"]);
			await theirs.closed;
			const said = await receiver.next();
			await sdNotify({ READY: 1, STATUS: "at work" });
			assert.deepEqual((await receiver.next()).split("\n").sort(), said.trim().split("\n").sort());
		});
		await using booted = start("systemd-notify", ["--booted"]);
		const [code] = await booted.closed;
		assert.equal(sdBooted(), code === 0);
	});

	test("is understood by Python: text, sender and descriptors; the time of a reload is CLOCK_MONOTONIC", {
		skip: noPython,
	}, async () => {
		const script = `
import socket, sys, array, struct, time, os
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    data, ancillary, flags, address = s.recvmsg(65536, 1000)
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    pid = fds = None
    for level, kind, value in ancillary:
        if kind == socket.SCM_CREDENTIALS: pid = struct.unpack("3i", value)[0]
        if kind == socket.SCM_RIGHTS:
            fds = array.array("i", value).tolist()
            fds = [os.fstat(fd).st_ino for fd in fds]
    print([data.decode().split("\\n"), pid, fds, before, after], flush=True)
`;
		const path = join(directory, "notify");
		await using python = start("python3", ["-c", script, path]);
		assert.equal(await python.line(), "bound");
		const next = async () => JSON.parse((await python.line()).replaceAll("'", '"').replace("None", "null"));
		await within({ NOTIFY_SOCKET: path }, async () => {
			await sdNotify({ READY: 1, STATUS: "at work" });
			const [lines, pid, fds, , after] = await next();
			assert.deepEqual([lines, pid, fds], [["READY=1", "STATUS=at work"], process.pid, null]);
			await sdNotify("RELOADING=1");
			const [[reloading, time], , , , latest] = await next();
			assert.equal(reloading, "RELOADING=1");
			const microseconds = Number(/^MONOTONIC_USEC=(\d+)$/.exec(time)?.[1]);
			assert.ok(after <= microseconds && microseconds <= latest, `${after} ${microseconds} ${latest}`);
			const fd = openSync(program, "r");
			await sdNotify({ FDSTORE: 1, FDNAME: "file" }, { fds: [fd] });
			assert.deepEqual((await next()).slice(0, 3), [
				["FDSTORE=1", "FDNAME=file"],
				process.pid,
				[fstatSync(fd).ino],
			]);
			closeSync(fd);
		});
	});

	test("refuses what is no state", async () => {
		const wrong: [state: unknown, message: RegExp][] = [
			["", /state must say something/],
			[{}, /state must say something/],
			["ready", /lines as READY=1, not "ready"/],
			[{ ready: 1 }, /lines as READY=1, not "ready=1"/],
			[{ STATUS: "two\nMAINPID=1" }, /STATUS must be one line/],
			[5, /text or an object as/],
		];
		for (const [state, message] of wrong) {
			await assert.rejects(sdNotify(state as never), message);
			assert.throws(() => sdNotifySync(state as never), message);
		}
		await within({ NOTIFY_SOCKET: join(directory, "x") }, () =>
			assert.rejects(sdNotify("READY=1", { fds: 5 as never }), /fds must be an array/),
		);
	});

	test("says where it cannot send", async () => {
		for (const name of ["vsock:2:1234", "relative", "@"]) {
			await within({ NOTIFY_SOCKET: name }, () =>
				assert.rejects(sdNotify({ READY: 1 }), {
					code: "EAFNOSUPPORT",
					message: new RegExp(`^environment NOTIFY_SOCKET=${name}: .* absolute path`),
				}),
			);
		}
		await within({ NOTIFY_SOCKET: join(directory, "nobody") }, () =>
			assert.rejects(sdNotify({ READY: 1 }), { code: "ENOENT" }),
		);
	});
});

describe("sdWatchdogEnabled()", () => {
	const pid = `${process.pid}`;
	const table: [usec: string | undefined, pid: string | undefined, interval: number | null][] = [
		[undefined, undefined, null],
		["30000000", undefined, 30_000],
		["500", pid, 0.5],
		["30000000", "1", null],
		[undefined, pid, null],
	];
	for (const [WATCHDOG_USEC, WATCHDOG_PID, interval] of table) {
		test(`${WATCHDOG_USEC} for ${WATCHDOG_PID === pid ? "this process" : WATCHDOG_PID} is ${interval} ms`, () =>
			within({ WATCHDOG_USEC, WATCHDOG_PID }, () => {
				assert.equal(sdWatchdogEnabled(), interval);
				sdWatchdogEnabled({ unsetEnvironment: true });
				assert.equal(process.env.WATCHDOG_USEC ?? process.env.WATCHDOG_PID, undefined);
			}));
	}

	test("says what is wrong with the variables", async () => {
		for (const [WATCHDOG_USEC, WATCHDOG_PID] of [
			["soon", undefined],
			["0", undefined],
			["5", "me"],
		]) {
			await within({ WATCHDOG_USEC, WATCHDOG_PID }, () =>
				assert.throws(() => sdWatchdogEnabled(), { code: "EINVAL", message: /^environment WATCHDOG_/ }),
			);
		}
	});
});

describe("a server that is a service", () => {
	test("says that it is ready, that it is alive, also while it finishes, and that it stops", async () => {
		using receiver = new NotifyReceiver(join(directory, "notify"));
		await within(
			{ NOTIFY_SOCKET: receiver.variable, WATCHDOG_USEC: "10000", WATCHDOG_PID: `${process.pid}` },
			async () => {
				await using server = serve(anyPort, async (connection) => void (await connection.recv(1)), {
					systemd: true,
				});
				const { port } = server.serverAddress;
				assert.equal(await receiver.next(), `READY=1\nSTATUS=serving at 127.0.0.1:${port}`);
				using client = new Socket(AF_INET, SOCK_STREAM);
				await client.connect(server.serverAddress);
				await until(() => server.activeRequests > 0);
				for (let count = 0; count < 3; count++) assert.equal(await receiver.next(), "WATCHDOG=1");
				const stopped = server.shutdown();
				let message = await receiver.next();
				while (message === "WATCHDOG=1") message = await receiver.next();
				assert.equal(message, "STOPPING=1\nSTATUS=finishing 1 request");
				assert.equal(await receiver.next(), "WATCHDOG=1");
				client.close();
				await stopped;
			},
		);
		// What was on its way when it stopped.
		assert.ok(receiver.pending().every((message) => message === "WATCHDOG=1"));
	});

	test("says that it stops when it is closed, or fails", async () => {
		using receiver = new NotifyReceiver(freshName());
		await within({ NOTIFY_SOCKET: receiver.variable, WATCHDOG_USEC: undefined }, async () => {
			const server = new AsyncTCPServer(anyPort, BaseRequestHandler as never);
			server.systemd = true;
			const serving = server.serveForever();
			assert.match(await receiver.next(), /^READY=1\n/);
			server.serverClose();
			await serving;
			assert.equal(await receiver.next(), "STOPPING=1\nSTATUS=closed");

			const failing = new AsyncTCPServer(anyPort, BaseRequestHandler as never);
			failing.systemd = true;
			failing.getRequest = () => Promise.reject(new Error("broken"));
			await assert.rejects(failing.serveForever(), /broken/);
			assert.match(await receiver.next(), /^READY=1\n/);
			assert.equal(await receiver.next(), "STOPPING=1\nSTATUS=closed");
			failing.serverClose();
		});
	});

	test("is not ready before its workers are", {
		skip: isDeno && "Deno keeps the descriptors of a thread that could not begin",
	}, async () => {
		using receiver = new NotifyReceiver(freshName());
		await within({ NOTIFY_SOCKET: receiver.variable, WATCHDOG_USEC: undefined }, async () => {
			const nowhere = new URL("./nowhere.js", import.meta.url);
			const server = new ThreadingTCPServer(anyPort, nowhere);
			server.systemd = true;
			await assert.rejects(server.serveForever(), { code: "ERR_MODULE_NOT_FOUND" });
			await server.close();
			assert.deepEqual(receiver.pending(), ["STOPPING=1\nSTATUS=closed"]);
			const handlers = new URL("./programs/restartedhandlers.js#Lines", import.meta.url);
			await using good = new ThreadingTCPServer(anyPort, handlers);
			good.systemd = true;
			void good.serveForever();
			assert.match(await receiver.next(), /^READY=1\n/);
		});
	});

	test("serves although systemd cannot be told, and warns", async () => {
		const warnings: string[] = [];
		const warned = ({ message }: Error) => void warnings.push(message);
		process.on("warning", warned);
		try {
			await within({ NOTIFY_SOCKET: join(directory, "nobody"), WATCHDOG_USEC: "2000" }, async () => {
				await using server = serve(anyPort, (connection) => connection.sendall("here"), { systemd: true });
				assert.equal(await greeting(AF_INET, SOCK_STREAM, server.serverAddress), "here");
				await until(() => warnings.length >= 2);
			});
		} finally {
			process.off("warning", warned);
		}
		assert.match(warnings[0] ?? "", /^systemd was not told: sendmsg .*nobody/);
	});

	test("that is replaced does not say that it stops; its successor says which process to watch", async () => {
		using receiver = new NotifyReceiver(join(directory, "notify"));
		const place = join(directory, "restart");
		// WATCHDOG_PID is that of the first process, which its successor has inherited.
		const environment = { NOTIFY_SOCKET: receiver.variable, WATCHDOG_USEC: "10000", WATCHDOG_PID: "1" };
		await within(environment, async () => {
			const first = serve(anyPort, () => {}, { systemd: true });
			using offer = handover(first, place);
			assert.match(await receiver.next(), /^READY=1\n/);
			await using second = new AsyncTCPServer(anyPort, BaseRequestHandler as never);
			second.systemd = true;
			using next = await restartable(second, place);
			assert.ok((await offer.done) && next.predecessor === process.pid);
			const messages: string[] = [];
			while (!messages.includes("WATCHDOG=1")) messages.push(await receiver.next());
			messages.push(...receiver.pending());
			assert.ok(messages.includes(`MAINPID=${process.pid}\nREADY=1`));
			assert.ok(!messages.some((message) => message.includes("STOPPING")));
		});
		assert.equal(await takeOver(place), undefined);
	});
});
