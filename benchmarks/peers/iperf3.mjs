// @ts-check
/**
 * iperf3 between the benchmark's lines of JSON. `iperf3.mjs` is a server, `iperf3.mjs PORT send|receive CONNECTIONS
 * BLOCK SECONDS` a load: what it says in the end is how many bytes the receiver got, and in what time.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const [port, direction, connections, block, seconds] = process.argv.slice(2);

/** iperf3 chooses no port by itself. */
async function freePort() {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	return typeof address === "object" ? (address?.port ?? 0) : 0;
}

async function serve() {
	const own = await freePort();
	const child = spawn("iperf3", ["-s", "-p", String(own), "--forceflush"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	process.on("SIGTERM", () => {
		child.kill();
		process.exit();
	});
	child.on("exit", (code) => process.exit(code ?? 1));
	child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
		if (text.includes("Server listening")) console.log(JSON.stringify({ port: own, pids: [child.pid] }));
	});
}

async function load() {
	const args = ["-c", "127.0.0.1", "-p", String(port), "-l", String(block), "-P", String(connections)];
	if (direction === "receive") args.push("-R");
	const child = spawn("iperf3", [...args, "-t", String(seconds), "-J"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	let text = "";
	child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ part) => {
		text += part;
	});
	await once(child, "close");
	const { error, end } = JSON.parse(text);
	if (error !== undefined) throw new Error(error);
	console.log(JSON.stringify({ bytes: end.sum_received.bytes, seconds: end.sum_received.seconds }));
}

await (port === undefined ? serve() : load());
