/**
 * An open file goes to another process over a Unix socket: the other reads it although it could not open it, for
 * the file has no name any more.
 *
 *     node examples/dist/unix-passing-descriptors.js
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AF_UNIX, createServer, recvFds, SOCK_STREAM, Socket, sendFds } from "berkeley";

/** The other process: connects, and reads whatever file it is given. */
async function receiver(path: string): Promise<void> {
	using socket = new Socket(AF_UNIX, SOCK_STREAM);
	await socket.connect(path);
	const { data, fds } = await recvFds(socket, 1024, 1);
	for (const fd of fds) {
		console.log(`process ${process.pid} was given "${data}": ${readFileSync(fd, "utf8")}`);
		closeSync(fd); // It is the receiver's own.
	}
}

async function sender(): Promise<void> {
	const directory = mkdtempSync(join(tmpdir(), "descriptors-"));
	const path = join(directory, "socket");
	using listener = createServer(path, { family: AF_UNIX });
	writeFileSync(join(directory, "secret"), "nobody can open this any more");
	const fd = openSync(join(directory, "secret"), "r");
	rmSync(join(directory, "secret"));

	const child = spawn(process.execPath, [...process.argv.slice(1, 2), path], { stdio: "inherit" });
	const ended = once(child, "exit");
	const [connection] = await listener.accept({ timeout: 10_000 });
	using peer = connection;
	await sendFds(peer, ["a file without a name"], [fd]);
	console.log(`process ${process.pid} gave it away`);
	await ended;
	closeSync(fd);
	rmSync(directory, { recursive: true });
}

const [, , path] = process.argv;
await (path === undefined ? sender() : receiver(path));
