/**
 * Waits in the way that is its argument for what a child process or another thread sends a little later: nothing
 * but the wait keeps the process alive.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { dup, Socket, socketpair } from "../../src/index.js";
import {
	EPOLLIN,
	EpollSelector,
	EVENT_READ,
	epoll,
	POLLIN,
	PollSelector,
	poll,
	SelectSelector,
	select,
} from "../../src/select/index.js";

/** How many are ready, in each of the ways. */
const ways: Record<string, (socket: Socket) => Promise<number>> = {
	select: async (socket) => (await select([socket], [], []))[0].length,
	async poll(socket) {
		const waiting = poll();
		waiting.register(socket, POLLIN);
		return (await waiting.poll()).length;
	},
	async epoll(socket) {
		using waiting = epoll();
		waiting.register(socket, EPOLLIN);
		return (await waiting.poll()).length;
	},
};
for (const Selector of [SelectSelector, PollSelector, EpollSelector]) {
	ways[Selector.name] = async (socket) => {
		using selector = new Selector();
		selector.register(socket, EVENT_READ);
		return (await selector.select()).length;
	};
}

/** Waits in every way at once. */
async function all(socket: Socket): Promise<number> {
	const found = await Promise.all(Object.values(ways).map((way) => way(socket)));
	return found.reduce((sum, each) => sum + each, 0);
}

const descriptors = (): number => readdirSync("/proc/self/fd").length;

if (!isMainThread) {
	const socket = Socket.receive(workerData);
	const waiting = all(socket);
	setImmediate(() => parentPort?.postMessage("ready"));
	parentPort?.postMessage(`${await waiting} ready in a thread`);
	socket.close();
} else {
	const [how = "select"] = process.argv.slice(2);
	const [a, b] = socketpair();
	if (ways[how] !== undefined) {
		// A child of the kernel's alone: this process does not wait for it.
		const child = spawn("sh", ["-c", "sleep 0.1; printf data"], { stdio: ["ignore", b.fileno(), "ignore"] });
		child.unref();
		console.log(`${await ways[how](a)} ready`);
	} else {
		await select([a], [], [], 1);
		void [process.stdout, process.stderr]; // They open on first use.
		const before = descriptors();
		const worker = new Worker(new URL(import.meta.url), {
			workerData: new Socket(undefined, undefined, undefined, { fileno: dup(a.fileno()) }).transfer(),
		});
		await once(worker, "message");
		if (how === "threads") {
			b.sendSync("data");
			const [told] = await once(worker, "message");
			console.log(told);
			await once(worker, "exit");
		} else {
			await worker.terminate();
			// The runtime closes the thread's loop when it comes to it.
			const deadline = performance.now() + 5000;
			while (descriptors() > before && performance.now() < deadline) await sleep(10);
			console.log(`${descriptors() - before} descriptors left`);
		}
	}
	// Reachable to the last, so that none of them is collected.
	process.on("exit", () => [a, b].length);
}
