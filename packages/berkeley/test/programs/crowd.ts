/**
 * As the first thing that it does, waits for one socket some hundred times at once, by select() and by objects of
 * epoll(), in a process that has not waited for anything yet. The argument says which of them come first.
 */
import { socketpair } from "../../src/index.js";
import { EPOLLIN, epoll, select } from "../../src/select/index.js";

const [a, b] = socketpair();
const count = 150;
const objects = Array.from({ length: count }, () => epoll());
for (const one of objects) one.register(a, EPOLLIN);
const bySelect = () => Array.from({ length: count }, async () => (await select([a], [], []))[0].length);
const byEpoll = () => objects.map(async (one) => (await one.poll()).length);
const waits = process.argv[2] === "epoll" ? [...byEpoll(), ...bySelect()] : [...bySelect(), ...byEpoll()];
setTimeout(() => b.sendSync("data"), 50);
const told = await Promise.all(waits);
for (const one of objects) one.close();
console.log(`${told.filter((ready) => ready === 1).length} told`);
