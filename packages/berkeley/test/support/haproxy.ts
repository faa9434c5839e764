/**
 * HAProxy in front of a server, or behind a client.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "../../src/index.js";
import { isDeno } from "./runtime.js";

/** Why a test that needs HAProxy skips; false when it need not. */
export const noHaproxy: string | false = isDeno
	? "Deno hands no descriptor of its own choice to a child"
	: spawnSync("haproxy", ["-v"]).status === 0
		? false
		: "there is no haproxy";

/**
 * Runs HAProxy while something is done.
 * @param config its proxies, where `bind fd@3` is the port that it listens on, and `DIR` a folder of its own
 */
export async function withHaproxy(
	config: string,
	work: (port: number, output: () => string) => Promise<void>,
): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-haproxy-"));
	const file = join(folder, "haproxy.cfg");
	const timeouts = "defaults\n  timeout connect 30s\n  timeout client 30s\n  timeout server 30s\n";
	writeFileSync(file, `global\n  nbthread 1\n${timeouts}${config.replaceAll("DIR", folder)}`);
	// The port is ours before HAProxy is there: nobody else takes it, and who comes early waits.
	const listener = createServer({ host: "127.0.0.1", port: 0 });
	const { port } = listener.getsockname();
	const child = spawn("haproxy", ["-db", "-f", file], {
		stdio: ["ignore", "pipe", "pipe", listener.fileno()],
	});
	listener.close();
	let output = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding("utf8").on("data", (text: string) => {
			output += text;
		});
	}
	const ended = once(child, "close");
	try {
		await Promise.race([
			work(port, () => output),
			ended.then(([code]) => {
				throw new Error(`haproxy ended with ${code}: ${output}`);
			}),
		]);
	} finally {
		child.kill("SIGKILL");
		await ended;
		rmSync(folder, { recursive: true });
	}
}
