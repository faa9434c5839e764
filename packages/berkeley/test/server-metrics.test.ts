/**
 * What Prometheus reads of servers. curl and promtool are the oracles.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { channel } from "node:diagnostics_channel";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { Registry } from "prom-client";
import { createConnection, type Socket } from "../src/index.js";
import { type MetricsRegister, serve, serveMetrics, serverMetrics, TCPServer } from "../src/server/index.js";
import { isDeno } from "./support/runtime.js";
import { freshName, gate } from "./support/servers.js";
import { until } from "./support/until.js";

const run = promisify(execFile);
const anyPort = { host: "127.0.0.1", port: 0 };
const noCurl = spawnSync("curl", ["--version"]).status === 0 ? false : "there is no curl";
const noPromtool =
	spawnSync("promtool", ["--version"]).status === 0 ? false : "there is no promtool (Debian's prometheus)";

/** One metric of the text. */
async function metricOf(register: MetricsRegister, name: string): Promise<number | undefined> {
	const line = (await register.metrics()).split("\n").find((each) => each.startsWith(`${name} `));
	return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

async function ask(server: { serverAddress: { host: string; port: number } }, text: string): Promise<string> {
	using client = await createConnection(server.serverAddress);
	await client.sendall(text);
	return `${await client.recv(100)}`;
}

describe("serverMetrics()", () => {
	test("shows the counters of a server, and how long its requests took", async () => {
		const register = new Registry();
		const hanging = gate();
		await using server = serve(
			anyPort,
			async (connection) => {
				const text = `${await connection.recv(100)}`;
				if (text === "fail") throw new Error(text);
				if (text === "hang") await hanging.opened;
				await connection.sendall(text);
			},
			{ onError() {}, limits: { connections: { rate: 1, interval: 3_600_000, burst: 4 } } },
		);
		using metrics = await serverMetrics(server, { name: "web", register });
		assert.equal(metrics.register, register);
		assert.equal(await ask(server, "a"), "a");
		assert.equal(await ask(server, "b"), "b");
		assert.equal(await ask(server, "fail"), "");
		const hung = ask(server, "hang");
		await until(() => server.activeRequests === 1);
		const refused = await createConnection(server.serverAddress);
		assert.equal((await refused.recv(1)).length, 0);
		refused.close();
		const at = (name: string) => metricOf(register, `berkeley_server_${name}{server="web"}`);
		assert.equal(await at("requests_accepted_total"), 5);
		assert.equal(await at("requests_refused_total"), 1);
		assert.equal(await at("requests_limited_total"), 1);
		assert.equal(await at("requests_delayed_total"), 0);
		assert.equal(await at("requests_finished_total"), 2);
		assert.equal(await at("requests_failed_total"), 1);
		assert.equal(await at("requests_ended_total"), 0);
		assert.equal(await at("accept_errors_total"), 0);
		assert.equal(await at("requests_active"), 1);
		assert.equal(await at("request_duration_seconds_count"), 3);
		hanging.open();
		assert.equal(await hung, "hang");
		await until(() => server.activeRequests === 0);
		assert.equal(await at("request_duration_seconds_count"), 4);
		const sum = (await at("request_duration_seconds_sum")) as number;
		assert.ok(sum > 0 && sum < 60, String(sum));
		// Read twice it is the same: the counters are the server's own.
		assert.equal(await at("requests_accepted_total"), 5);
	});

	test("shows several servers side by side, and takes each out again", async () => {
		const register = new Registry();
		const echo = async (connection: Socket) => connection.sendall(await connection.recv(100));
		await using one = serve(anyPort, echo);
		await using two = serve(anyPort, echo);
		const ofOne = await serverMetrics(one, { name: "one", register, buckets: [0.5, 1] });
		const ofTwo = await serverMetrics(two, { name: "two", register });
		assert.equal(await ask(one, "x"), "x");
		await until(() => one.activeRequests === 0);
		const count = (server: string, name = "request_duration_seconds_count") =>
			metricOf(register, `berkeley_server_${name}{server="${server}"}`);
		assert.equal(await count("one"), 1);
		assert.equal(await count("two"), 0);
		assert.equal(
			await metricOf(register, 'berkeley_server_request_duration_seconds_bucket{le="0.5",server="two"}'),
			0,
		);
		ofOne.remove();
		ofOne.remove();
		assert.equal(await count("one"), undefined);
		assert.equal(await count("one", "requests_active"), undefined);
		assert.equal(await count("two", "requests_accepted_total"), 0);
		ofTwo.remove();
		assert.equal((await register.metrics()).trim(), "");
		assert.equal(channel("berkeley.server.request.start").hasSubscribers, false);
		// And in again.
		using again = await serverMetrics(one, { name: "one", register });
		assert.equal(await count("one", "requests_accepted_total"), 1);
		again.remove();
	});

	test("refuses what is no server, no name, no register, and a name that is taken", async () => {
		const register = new Registry();
		using server = new TCPServer(anyPort, class {} as never);
		using other = new TCPServer(anyPort, class {} as never);
		await assert.rejects(serverMetrics({} as never, { name: "x" }), /takes a server, not/);
		await assert.rejects(
			serverMetrics(server, {} as never),
			/name must be a text that is not empty, not undefined/,
		);
		await assert.rejects(
			serverMetrics(server, { name: "x", register: {} as never }),
			/a Registry of prom-client/,
		);
		using _metrics = await serverMetrics(server, { name: "x", register });
		await assert.rejects(serverMetrics(server, { name: "y", register }), /in this register already/);
		await assert.rejects(
			serverMetrics(other, { name: "x", register }),
			/another server in this register is called "x"/,
		);
	});

	test("says how to get prom-client where it is missing, and the rest of the library needs none", {
		skip: isDeno ? "Deno calls no hooks that are given to register()" : false,
	}, async () => {
		const hooks = `export async function resolve(name, context, next) {
			if (name === "prom-client") throw Object.assign(new Error("not here"), { code: "ERR_MODULE_NOT_FOUND" });
			return next(name, context);
		}`;
		const url = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
		const library = new URL("../src/server/index.js", import.meta.url).href;
		const program = `
			import { register } from "node:module";
			register(${JSON.stringify(url(hooks))});
			const { serve, serveMetrics, serverMetrics } = await import(${JSON.stringify(library)});
			const server = serve({ host: "127.0.0.1", port: 0 }, () => {});
			for (const ask of [() => serverMetrics(server, { name: "x" }), () => serveMetrics({ host: "127.0.0.1", port: 0 })])
				await ask().catch((error) => console.log(error.message));
			await server.close();`;
		const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
			timeout: 60_000,
		});
		const sentence =
			"metrics need the package prom-client, which is not installed: npm install prom-client\n";
		assert.equal(stdout, sentence + sentence);
	});
});

describe("serveMetrics()", { skip: noCurl }, () => {
	/** What curl prints, with the status in the last line. */
	async function curl(...args: string[]): Promise<string> {
		const { stdout } = await run("curl", ["-s", "-w", "\n%{http_code} %{content_type}", ...args], {
			timeout: 60_000,
		});
		return stdout;
	}

	test("answers GET /metrics as Prometheus wants it, and nothing else", async () => {
		const register = new Registry();
		await using endpoint = await serveMetrics(anyPort, { register });
		using _metrics = await serverMetrics(endpoint, { name: "metrics", register });
		const { host, port } = endpoint.serverAddress;
		const at = `http://${host}:${port}`;
		const page = await curl(`${at}/metrics`);
		assert.match(page, /^berkeley_server_requests_accepted_total\{server="metrics"\} 1$/m);
		assert.match(page, /^# TYPE berkeley_server_request_duration_seconds histogram$/m);
		assert.match(page, /\n200 text\/plain; version=0\.0\.4; charset=utf-8$/);
		assert.match(await curl(`${at}/metrics?name=x`), /\n200 /);
		assert.match(await curl("-I", `${at}/metrics`), /\n200 /);
		assert.match(await curl("-X", "POST", `${at}/metrics`), /\n405 /);
		assert.match(await curl(`${at}/`), /there is nothing here but \/metrics\n\n404 /);
		// Two scrapes with one curl: each has a connection.
		assert.match(await curl(`${at}/metrics`, `${at}/metrics`), /\n200 .*\n200 /s);
	});

	test("serves on a Unix socket and under another path", async () => {
		const name = freshName();
		await using _endpoint = await serveMetrics(name, { register: new Registry(), path: "/stats" });
		const page = await curl("--abstract-unix-socket", name.slice(1), "http://localhost/stats");
		assert.match(page, /\n200 /);
	});

	test("promtool finds nothing wrong", { skip: noPromtool }, async () => {
		const register = new Registry();
		await using endpoint = await serveMetrics(anyPort, { register });
		using _metrics = await serverMetrics(endpoint, { name: "metrics", register });
		const { host, port } = endpoint.serverAddress;
		const { stdout } = await run("curl", ["-s", `http://${host}:${port}/metrics`]);
		const checked = spawnSync("promtool", ["check", "metrics"], { input: stdout, encoding: "utf8" });
		assert.equal(checked.status, 0, checked.stderr);
		assert.equal(checked.stdout + checked.stderr, "");
	});

	test("answers 500 where a metric cannot be read, and goes on", async () => {
		const register = new Registry();
		const original = register.metrics.bind(register);
		register.metrics = () => {
			register.metrics = original;
			return Promise.reject(new Error("not now"));
		};
		await using endpoint = await serveMetrics(anyPort, { register });
		const { host, port } = endpoint.serverAddress;
		assert.match(await curl(`http://${host}:${port}/metrics`), /not now\n\n500 /);
		assert.match(await curl(`http://${host}:${port}/metrics`), /\n200 /);
	});

	test("drops who asks for too long, and serves the others", async () => {
		await using endpoint = await serveMetrics(anyPort, { register: new Registry(), totalTimeout: 300 });
		using slow = await createConnection(endpoint.serverAddress);
		await slow.sendall("GET /metr");
		const { host, port } = endpoint.serverAddress;
		assert.match(await curl(`http://${host}:${port}/metrics`), /\n200 /);
		assert.equal((await slow.recv(1).catch(() => Buffer.alloc(0))).length, 0);
		await until(() => endpoint.activeRequests === 0);
		assert.equal(endpoint.statistics().ended, 1);
	});

	test("refuses a path that is none", async () => {
		await assert.rejects(serveMetrics(anyPort, { path: "metrics" }), /path must begin with a slash/);
	});
});
