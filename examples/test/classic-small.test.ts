/**
 * The small classic programs: each prints what its twin in Python prints on the same machine.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { AF_INET, createConnection, SOCK_DGRAM, Socket } from "berkeley";
import { type Language, noPython, start, startServer } from "../support/twins.js";

/** What a program prints that ends by itself. */
async function printed(language: Language, name: string, args: readonly string[]): Promise<string> {
	const program = start(language, name, args);
	assert.equal(await program.ended, 0);
	return program.output;
}

function testPrints(name: string, expected: RegExp, ...args: string[]): void {
	test(`${[name, ...args.slice(0, 2)].join(" ")} prints what it should`, async () => {
		assert.match(await printed("TypeScript", name, args), expected);
	});
	test(`${[name, ...args.slice(0, 2)].join(" ")} prints what Python prints`, { skip: noPython }, async () => {
		assert.equal(await printed("TypeScript", name, args), await printed("Python", name, args));
	});
}

testPrints(
	"timeouts",
	/^at first: null\nset: 100\nnobody sends: TimeoutError\nnon-blocking: 0\nnobody has sent: BlockingIOError\n.*: 2500\n$/,
);
testPrints("buffers", /^send buffer, asked for 8192: 16384$/m);
testPrints("buffers", /^receive buffer, asked for 60000: 120000$/m, "60000");
testPrints(
	"reuse-address",
	/^SO_REUSEADDR: 0\nSO_REUSEADDR: 0\nnot bound: EADDRINUSE\nSO_REUSEADDR: 1\nSO_REUSEADDR: 1\nbound again\n$/,
);
testPrints("look-ups", /^localhost: 127\.0\.0\.1$[\s\S]*^port 80\/tcp: http$[\s\S]*^protocol tcp: 6$/m);
testPrints("look-ups", /^192\.0\.2\.1, port 80: 192\.0\.2\.1:80$/m, "192.0.2.1");
testPrints("byte-order", /^long, host order: 0x12345678 network order: 0x(78563412|12345678)$/m);
testPrints("byte-order", /^short, host order: 0xfffe network order: 0x(feff|fffe)$/m, "4294967294");
testPrints("ping-pong", /^round 1: pong\nround 2: pong\nround 3: pong\n$/);
testPrints(
	"valid-ipv6",
	/^"::1" is an IPv6 address\n"127\.0\.0\.1" is none$/m,
	...["::1", "127.0.0.1", "::ffff:192.0.2.1", "::ffff:192.0.2.256", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::"],
	...[
		"::2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7:8:9",
		"1::2::3",
		"",
		":",
		":::",
		"fe80::1%eth0",
		"12345::",
		"G::",
		" ::1",
	],
	...[
		"1:2:3:4:5:6:192.0.2.1",
		"1:2:3:4:5:6:7:192.0.2.1",
		"::0001",
		"::00001",
		"[::1]",
		"::1/128",
		"ABCD::ef",
	],
);

test("valid-ipv6 has examples of its own", async () => {
	const lines = (await printed("TypeScript", "valid-ipv6", [])).trimEnd().split("\n");
	assert.deepEqual(
		lines.map((line) => line.endsWith("is an IPv6 address")),
		[...Array(5).fill(true), ...Array(8).fill(false)],
	);
});

for (const language of ["TypeScript", "Python"] as const) {
	const skip = language === "Python" && noPython;
	test(`nonblocking-accept in ${language} does other work until somebody comes`, { skip }, async () => {
		const [server, port] = await startServer(language, "nonblocking-accept");
		for (let visit = 0; visit < 2; visit++) {
			using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
			let greeting = "";
			for await (const chunk of socket) greeting += chunk;
			assert.match(greeting, /^you have come after \d+ looks in vain\n$/);
			await server.printed(new RegExp(`^127\\.0\\.0\\.1:${socket.getsockname().port} has come$`, "m"));
		}
		await server.stop();
	});

	test(`select-three in ${language} tells which of its sockets has something`, { skip }, async () => {
		const program = start(language, "select-three");
		const ports = (await program.printed(/listening on ports (.*)\n/)).split(", ");
		assert.equal(new Set(ports).size, 3);
		using socket = new Socket(AF_INET, SOCK_DGRAM);
		for (const [at, port] of [...ports.entries()].reverse()) {
			await socket.sendto(`to ${at}\n`, { host: "127.0.0.1", port: Number(port) });
			await program.printed(new RegExp(`^port ${port}: to ${at}$`, "m"));
		}
		await socket.sendto("q\n", { host: "127.0.0.1", port: Number(ports[1]) });
		assert.equal(await program.ended, 0);
	});
}
