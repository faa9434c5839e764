/**
 * A server that is replaced without a gap: start it again, with the same port, and the new process takes over. Or
 * send it SIGHUP, and it starts its next version itself. No connection is refused meanwhile.
 *
 *     node examples/dist/restartable-server.js [port] [directory]
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { AsyncTCPServer, restartable, StreamRequestHandler } from "berkeley/server";

class WhoIsIt extends StreamRequestHandler {
	override async handle() {
		for await (const line of this.rfile) await this.wfile.write(`${process.pid} answers ${line}`);
	}
}

const port = Number(process.argv[2] ?? 6970);
// Nobody else may write in it: whoever can take the socket's place gets our connections.
const directory = process.argv[3] ?? join(tmpdir(), `restartable-${userInfo().username}`);
mkdirSync(directory, { recursive: true, mode: 0o700 });

const server = new AsyncTCPServer({ host: "127.0.0.1", port }, WhoIsIt);
const restart = await restartable(server, join(directory, `port-${port}`), { signals: true });
process.on("SIGHUP", () => {
	spawn(process.execPath, process.argv.slice(1), {
		stdio: ["ignore", "inherit", "inherit"],
		detached: true,
	}).unref();
});
const { predecessor } = restart;
console.log(
	`${process.pid} serves on port ${server.serverAddress.port}${predecessor ? ` after ${predecessor}` : ""}`,
);

const replaced = await restart.done;
if (replaced !== undefined) console.log(`${process.pid} was replaced by ${replaced.pid}`);
