/**
 * What the command line says: versions, help, exit codes and errors.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { ran } from "./support/command.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
	version: string;
};

test("--version is the package's version, and --help is no failure", async () => {
	assert.deepEqual(await ran("--version"), { ending: 0, output: `${version}\n`, errors: "" });
	for (const args of [["--help"], ["help", "connect"], ["serve", "-h"], ["listen", "--help"]]) {
		const { ending, output, errors } = await ran(...args);
		assert.deepEqual([ending, errors], [0, ""], args.join(" "));
		assert.match(output, /^Usage: sock/);
		assert.match(output, /Exit codes: 0 success, 1 the operation failed, 2 wrong usage\.\n/);
		for (const line of output.split("\n")) assert.ok(line.length <= 80, line);
	}
});

test("--help of commands with exit codes of their own tells those", async () => {
	for (const [command, codes] of [
		["ping", /Exit codes of ping: 0 an answer came; 1 none came/],
		["trace", /Exit codes of trace: 0 however far it got/],
	] as const) {
		const { ending, output } = await ran(command, "--help");
		assert.equal(ending, 0);
		assert.match(output, codes);
		assert.doesNotMatch(output, /Exit codes: 0 success/);
		for (const line of output.split("\n")) assert.ok(line.length <= 80, line);
	}
});

describe("wrong usage is one sentence and exit code 2", { concurrency: 2 }, () => {
	const cases: [args: string, sentence: RegExp][] = [
		["conect", /unknown command 'conect'\n\(Did you mean connect\?\)/],
		["connect --nothing", /unknown option '--nothing'/],
		["connect", /a host and a port must be given, or -U with a path: nothing was/],
		["connect 127.0.0.1", /a host and a port must be given, or -U with a path: 127\.0\.0\.1/],
		["connect a 1 2", /a host and a port must be given.*: a 1 2/],
		["listen", /a port, or a host and a port, must be given/],
		["connect 127.0.0.1 65536", /a port is a number from 0 to 65535 or a service's name, not "65536"/],
		["connect 127.0.0.1 -- -1", /a port is a number from 0 to 65535 or a service's name, not "-1"/],
		["connect -4 -6 127.0.0.1 1", /'-4, --ipv4' cannot be used with option '-6, --ipv6'/],
		["listen -6 -U /x", /'-6, --ipv6' cannot be used with option '-U, --unix <path>'/],
		["listen -U /x 80", /-U takes the place of host and port: 80/],
		["listen --seqpacket 80", /--seqpacket needs -U/],
		["listen -u --seqpacket -U /x", /'-u, --udp' cannot be used with option '--seqpacket'/],
		["connect -s /y -U /x", /-s with -U is for datagrams/],
		["connect -w soon 127.0.0.1 1", /'soon' is invalid\. It is a number of seconds/],
		["connect -w 0 127.0.0.1 1", /'0' is invalid/],
		["serve nothing", /'nothing' is invalid for argument 'service'\. There is: upper/],
		["serve --port 70000", /'70000' is invalid\. A port is a number from 0 to 65535/],
	];
	for (const [line, sentence] of cases) {
		test(`sock ${line}`, async () => {
			const { ending, output, errors } = await ran(...line.split(" "));
			assert.deepEqual([ending, output], [2, ""]);
			assert.match(errors, /^sock: /);
			assert.match(errors, sentence);
		});
	}
});

test("without a command it shows the help, as wrong usage", async () => {
	const { ending, output, errors } = await ran();
	assert.deepEqual([ending, output], [2, ""]);
	assert.match(errors, /^Usage: sock/);
});

test("a refused connection is one sentence and exit code 1", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	assert.deepEqual(await ran("connect", "127.0.0.1", String(port)), {
		ending: 1,
		output: "",
		errors: `sock: connect 127.0.0.1:${port}: connection refused (ECONNREFUSED): nothing listens there\n`,
	});
});

test("other failures are one sentence and exit code 1", async () => {
	for (const [line, sentence] of [
		["connect 127.0.0.1 no-such-service", /^sock: no tcp service is called no-such-service: [^\n]+\n$/],
		["connect -U /no/such/path", /^sock: connect \/no\/such\/path: [^\n]+ \(ENOENT\): [^\n]+\n$/],
		["listen 192.0.2.1 0", /^sock: bind 192\.0\.2\.1:0: [^\n]+ \(EADDRNOTAVAIL\): [^\n]+\n$/],
		["serve --host 192.0.2.1", /^sock: bind 192\.0\.2\.1:6969: [^\n]+ \(EADDRNOTAVAIL\): [^\n]+\n$/],
	] as const) {
		const { ending, output, errors } = await ran(...line.split(" "));
		assert.deepEqual([ending, output], [1, ""], line);
		assert.match(errors, sentence);
	}
});
