/**
 * Epoll objects that nobody refers to: they are closed, unless somebody awaits them.
 */
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { socketpair } from "../../src/index.js";
import { EPOLLIN, EpollSelector, epoll } from "../../src/select/index.js";

const collect = (globalThis as unknown as { gc(): void }).gc;
const [a, b] = socketpair();

function wait(): Promise<unknown[]> {
	const waiting = epoll();
	waiting.register(a, EPOLLIN);
	return waiting.poll();
}

function forget(): void {
	for (let at = 0; at < 50; at++) at % 2 ? epoll() : new EpollSelector();
}

if (process.argv[2] === "awaited") {
	const ready = wait();
	for (let at = 0; at < 5; at++) {
		collect();
		await sleep(5);
	}
	b.sendSync("data");
	console.log(`${(await ready).length} ready`);
} else {
	const count = (): number => readdirSync("/proc/self/fd").length;
	const before = count();
	forget();
	for (let at = 0; at < 500 && count() > before; at++) {
		collect();
		await sleep(5);
	}
	console.log(`${count() - before} left`);
}
a.close();
b.close();
