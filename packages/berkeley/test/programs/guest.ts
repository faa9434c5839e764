/**
 * A thread that is handed sockets: it serves each for a while and hands it back, or keeps it, as it is told.
 */
import assert from "node:assert/strict";
import { parentPort } from "node:worker_threads";
import { Socket, type SocketTransfer } from "../../src/index.js";
import { echo, serve } from "../support/echo.js";

/** What the thread is asked to do. */
export type Request =
	| { task: "echo" | "serve"; transfer: SocketTransfer; operations: number }
	| { task: "keep" | "return"; transfer: SocketTransfer }
	| { task: "end" | "exit" | "throw" };

/** What it answers. */
export type Reply =
	| { transfer: SocketTransfer; ended: boolean }
	| { kept: number; timeout: number | null; text: string }
	| { failed: string; code: string | undefined };

const port = parentPort;
assert.ok(port);

const kept: Socket[] = [];

async function act(request: Request): Promise<Reply | undefined> {
	switch (request.task) {
		case "echo": {
			const socket = Socket.receive(request.transfer);
			const ended = await echo(socket, request.operations);
			return { transfer: socket.transfer(), ended };
		}
		case "serve": {
			const listener = Socket.receive(request.transfer);
			await serve(listener, request.operations);
			return { transfer: listener.transfer(), ended: false };
		}
		case "return":
			return { transfer: Socket.receive(request.transfer).transfer(), ended: false };
		case "keep": {
			const socket = Socket.receive(request.transfer);
			kept.push(socket);
			return { kept: kept.length, timeout: socket.gettimeout(), text: String(socket) };
		}
		case "end":
			port?.close();
			return undefined;
		case "exit":
			return process.exit(5);
		case "throw":
			setImmediate(() => {
				throw new Error("thrown in the thread");
			});
			return undefined;
	}
}

port.on("message", (request: Request) => {
	act(request).then(
		(reply) => reply && port.postMessage(reply),
		(error: NodeJS.ErrnoException) => port.postMessage({ failed: error.name, code: error.code }),
	);
});

port.postMessage("ready");
