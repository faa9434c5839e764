/**
 * What a server bears only in a process of its own: `faults.js FAULT KIND`. Each says what became of it in one line
 * of JSON.
 *
 * - descriptors: uses all descriptors up, and gives them back when the server has told of it
 * - silent: 5,000 clients connect and say nothing; others are served meanwhile
 * - memory: many requests; how much memory there is after some of them and after all
 */
import { closeSync, openSync } from "node:fs";
import type { Socket } from "../../src/index.js";
import { asked, connected, faultKind, reset } from "../support/faults.js";
import { collectGarbage } from "../support/measures.js";

const [fault, name] = process.argv.slice(2);
const kind = faultKind(name);
const server = kind.make();
const say = (report: object) => console.log(JSON.stringify(report));
const turn = () => new Promise(setImmediate);

async function descriptors(): Promise<void> {
	const serving = server.serveForever();
	const address = server.serverAddress;
	// Everything that opens descriptors on first use has done so then.
	const first = await asked(kind, address, "first");
	const told: string[] = [];
	const held: number[] = [];
	server.handleAcceptError = (error) => {
		told.push(error.code);
		for (const fd of held.splice(0)) closeSync(fd);
	};
	while (server.activeRequests > 0) await turn();
	// There will be a descriptor for the client, and none for the server.
	const last = openSync("/dev/null", "r");
	try {
		for (;;) held.push(openSync("/dev/null", "r"));
	} catch {
		// Now there are none left.
	}
	closeSync(last);
	const second = await asked(kind, address, "second");
	const third = await asked(kind, address, "third");
	const ended = await server.close();
	await serving;
	const { acceptErrors, accepted, finished, failed, active } = server.statistics();
	say({ first, told, second, third, ended, acceptErrors, accepted, over: finished + failed, active });
}

async function silent(): Promise<void> {
	const count = 5000;
	server.maxConnections = 10_000;
	// Many times what it takes to connect them.
	server.idleTimeout = 4000;
	const codes: Record<string, number> = {};
	server.handleError = (_request, _address, error) => {
		const code = String((error as { code?: string }).code);
		codes[code] = (codes[code] ?? 0) + 1;
	};
	const serving = server.serveForever();
	const address = server.serverAddress;
	const clients: Socket[] = [];
	let served = 0;
	while (clients.length < count) {
		clients.push(...(await Promise.all(Array.from({ length: 100 }, () => connected(kind, address)))));
		if (clients.length % 500 === 0 && (await asked(kind, address, "hello")) === "HELLO") served++;
	}
	let waiting = server.activeRequests;
	const most = waiting;
	let closed = 0;
	await Promise.all(
		clients.map(async (client) => {
			if ((await client.recv(1)).length === 0) closed++;
			client.close();
		}),
	);
	if ((await asked(kind, address, "hello")) === "HELLO") served++;
	while (server.activeRequests > 0) await turn();
	waiting = server.activeRequests;
	const ended = await server.close();
	await serving;
	say({ most, served, closed, codes, waiting, ended });
}

async function memory(): Promise<void> {
	server.handleError = () => {};
	const serving = server.serveForever();
	const address = server.serverAddress;
	let answered = 0;
	const requests = async (count: number) => {
		for (let done = 0; done < count; done += 20) {
			const some = Array.from({ length: 18 }, (_, index) => asked(kind, address, `request ${index}`));
			answered += (await Promise.all(some)).filter((text) => text.startsWith("REQUEST ")).length;
			await asked(kind, address, "throw");
			const rude = await connected(kind, address);
			await rude.sendall("half a requ");
			reset(rude);
		}
	};
	const measure = async () => {
		while (server.activeRequests > 0) await turn();
		await collectGarbage(6);
		return process.memoryUsage();
	};
	await requests(1000);
	// What leaks grows each time; what the runtime takes for itself comes and goes.
	const grown = { heap: Infinity, external: Infinity, rss: Infinity };
	for (let round = 0; round < 3; round++) {
		const before = await measure();
		await requests(1000);
		const after = await measure();
		grown.heap = Math.min(grown.heap, after.heapUsed - before.heapUsed);
		grown.external = Math.min(grown.external, after.external - before.external);
		grown.rss = Math.min(grown.rss, after.rss - before.rss);
	}
	const { accepted, finished, failed, ended, refused } = server.statistics();
	await server.close();
	await serving;
	say({
		answered,
		lost: accepted - finished - failed - ended - refused,
		...grown,
	});
}

const faults: Record<string, () => Promise<void>> = { descriptors, silent, memory };
await faults[fault as string]?.();
