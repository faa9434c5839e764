/**
 * Faults, over every kind of server: the others are served meanwhile, every request that was accepted is answered or
 * its connection closed, and nothing is left.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AF_INET, SHUT_WR } from "../src/index.js";
import { asked, connected, type FaultKind, type FaultyServer, faultKinds, reset } from "./support/faults.js";
import { isDeno, runtimeArguments } from "./support/runtime.js";
import { until } from "./support/until.js";

const run = promisify(execFile);

interface Fault {
	name: string;
	/** Whether it is one for this kind; for all when left out. */
	applies?(kind: FaultKind): boolean;
	skip?: string | false;
	/** Whether it runs in a process of its own: such run side by side. */
	apart?: boolean;
	run(kind: FaultKind): Promise<void>;
}

/** Serves while something is done, and looks at what is left. `told` are the errors of handleError(). */
async function serving(
	kind: FaultKind,
	set: Partial<FaultyServer>,
	act: (server: FaultyServer, told: string[]) => Promise<void>,
): Promise<void> {
	await using server = kind.make();
	Object.assign(server, set);
	const told: string[] = [];
	server.handleError = (_request, _address, error) => {
		told.push((error as { code?: string }).code ?? (error as Error).message);
	};
	const served = server.serveForever();
	await act(server, told);
	await until(() => server.activeRequests === 0);
	assert.equal(await server.close(), 0);
	await served;
	const { accepted, refused, finished, failed, ended } = server.statistics();
	assert.equal(accepted, refused + finished + failed + ended);
}

/** Runs a fault in a process with a limit of descriptors; what it says. */
async function inProcess(fault: string, kind: FaultKind, limit: number, ...flags: string[]) {
	const file = fileURLToPath(new URL("./programs/faults.js", import.meta.url));
	const command = [process.execPath, ...runtimeArguments, ...flags, file, fault, kind.name];
	const script = `ulimit -n ${limit} && exec "$@"`;
	const { stdout } = await run("sh", ["-c", script, "sh", ...command], { timeout: 120_000 });
	return JSON.parse(stdout) as Record<string, unknown>;
}

async function mayOpen(count: number): Promise<boolean> {
	return run("sh", ["-c", `ulimit -n ${count}`]).then(
		() => true,
		() => false,
	);
}

const isSideBySide = ({ sideBySide }: FaultKind) => sideBySide;
const ownDescriptors = isDeno ? "Deno opens descriptors of its own at will" : false;

const faults: Fault[] = [
	{
		name: "a handler that throws",
		run: (kind) =>
			serving(kind, {}, async (server, told) => {
				for (let count = 0; count < 3; count++) {
					assert.equal(await asked(kind, server.serverAddress, "throw"), "");
					assert.equal(await asked(kind, server.serverAddress, "next"), "NEXT");
				}
				await until(() => told.length === 3);
				assert.deepEqual(told, Array(3).fill("asked to throw"));
			}),
	},
	{
		name: "a client that resets in mid-request",
		// A Unix socket's end is an end, whatever the client leaves unsaid.
		applies: ({ family }) => family === AF_INET,
		run: (kind) =>
			serving(kind, {}, async (server, told) => {
				const rude = await connected(kind, server.serverAddress);
				await rude.sendall("hello\nhalf a li");
				assert.equal(`${await rude.makefile("rb").readline()}`, "HELLO\n");
				reset(rude);
				assert.equal(await asked(kind, server.serverAddress, "next"), "NEXT");
				await until(() => told.length === 1);
				assert.deepEqual(told, ["ECONNRESET"]);
			}),
	},
	{
		name: "clients that leave at any moment",
		run: (kind) =>
			serving(kind, {}, async (server) => {
				const { serverAddress } = server;
				const polite: Promise<string>[] = [];
				for (let count = 0; count < 40; count++) {
					const client = await connected(kind, serverAddress);
					if (count % 4 > 0) client.sendall("a line\nand ha").catch(() => {});
					if (count % 4 > 1) await new Promise(setImmediate);
					if (count % 4 > 2) await client.recv(1).catch(() => {});
					reset(client);
					if (count % 8 === 0) polite.push(asked(kind, serverAddress, `polite ${count}`));
				}
				assert.deepEqual(
					await Promise.all(polite),
					[0, 8, 16, 24, 32].map((count) => `POLITE ${count}`),
				);
			}),
	},
	{
		name: "a peer that sends a byte now and then is ended by the total timeout",
		applies: isSideBySide,
		run: (kind) =>
			// A child that has to be started first takes its time.
			serving(kind, { totalTimeout: kind.many ? 800 : 4000, idleTimeout: 60_000 }, async (server, told) => {
				using slow = await connected(kind, server.serverAddress);
				let over = false;
				const ended = slow.recv(1).then(
					({ length }) => {
						over = true;
						return length;
					},
					() => {
						over = true;
						return 0;
					},
				);
				let others = 0;
				while (!over) {
					await slow.sendall("x").catch(() => {});
					if (await asked(kind, server.serverAddress, "quick").catch(() => "")) others++;
				}
				assert.equal(await ended, 0);
				assert.ok(others > 0);
				assert.ok(told.includes("ETIMEDOUT"), String(told));
			}),
	},
	{
		name: "silent clients are dropped by the idle timeout, and others served meanwhile",
		applies: ({ many }) => many,
		run: (kind) =>
			serving(kind, { idleTimeout: 1000 }, async (server, told) => {
				const silent = await Promise.all(
					Array.from({ length: 50 }, () => connected(kind, server.serverAddress)),
				);
				assert.equal(await asked(kind, server.serverAddress, "served"), "SERVED");
				for (const client of silent) {
					assert.equal((await client.recv(1)).length, 0);
					client.close();
				}
				await until(() => told.length >= 50);
				assert.deepEqual(told, Array(50).fill("ETIMEDOUT"));
			}),
	},
	{
		name: "a crowd of all sorts: each is answered, or its connection is closed",
		run: (kind) =>
			serving(kind, {}, async (server, told) => {
				const { serverAddress } = server;
				const crowd = Array.from({ length: 100 }, async (_, index) => {
					if (index % 5 === 0) return asked(kind, serverAddress, "throw");
					const client = await connected(kind, serverAddress);
					if (index % 5 === 1) {
						reset(client);
						return "";
					}
					await client.sendall("one\ntwo\n");
					if (index % 5 === 2) client.shutdown(SHUT_WR);
					const file = client.makefile("rb");
					const answer = `${await file.readline()}${await file.readline()}`;
					client.close();
					return answer;
				});
				for (const [index, answer] of (await Promise.all(crowd)).entries()) {
					assert.equal(answer, index % 5 > 1 ? "ONE\nTWO\n" : "", `client ${index}`);
				}
				await until(() => told.filter((text) => text === "asked to throw").length === 20);
			}),
	},
	{
		name: "all descriptors used up, and given back",
		apart: true,
		// What happens to workers then is in their own tests.
		applies: ({ family, workers }) => family === AF_INET && !workers,
		skip: ownDescriptors,
		async run(kind) {
			const { told, ...report } = await inProcess("descriptors", kind, 512);
			assert.deepEqual(told, ["EMFILE"]);
			const { acceptErrors, accepted, over, ...rest } = report;
			assert.ok((acceptErrors as number) >= 1);
			assert.equal(accepted, over);
			assert.deepEqual(rest, { first: "FIRST", second: "SECOND", third: "THIRD", ended: 0, active: 0 });
		},
	},
	{
		name: "5,000 silent clients",
		apart: true,
		applies: ({ family, many }) => family === AF_INET && many,
		skip: (await mayOpen(11_000)) ? false : "this user may not open 11,000 descriptors",
		async run(kind) {
			const { most, codes, ...rest } = await inProcess("silent", kind, 11_000);
			// A machine that is busy may have dropped the first long before the last had come.
			assert.ok((most as number) > 200, `${most} were held at once`);
			assert.deepEqual(codes, { ETIMEDOUT: 5000 });
			assert.deepEqual(rest, { served: 11, closed: 5000, waiting: 0, ended: 0 });
		},
	},
	{
		name: "many requests, good and bad: memory stays flat",
		apart: true,
		applies: ({ family, workers, many }) => family === AF_INET && (many || !workers),
		async run(kind) {
			const report = await inProcess("memory", kind, 1024, isDeno ? "--v8-flags=--expose-gc" : "--expose-gc");
			const { answered, lost, heap, external, rss } = report as Record<string, number>;
			assert.equal(answered, 3600);
			assert.equal(lost, 0);
			const figures = JSON.stringify(report);
			// A thousand requests that left 200 bytes each would be seen.
			assert.ok((heap as number) < 200_000, figures);
			assert.ok((external as number) < 200_000, figures);
			assert.ok((rss as number) < 10_000_000, figures);
		},
	},
];

function testAll(apart: boolean, named: (kind: FaultKind, fault: Fault) => string, kinds: FaultKind[]): void {
	for (const kind of kinds) {
		for (const fault of faults) {
			if ((fault.apart ?? false) !== apart || fault.applies?.(kind) === false) continue;
			test(named(kind, fault), { skip: fault.skip ?? false }, () => fault.run(kind));
		}
	}
}

for (const kind of faultKinds) {
	describe(kind.name, () => testAll(false, (_kind, { name }) => name, [kind]));
}

describe("in a process of its own", { concurrency: 4 }, () => {
	testAll(true, (kind, fault) => `${kind.name}: ${fault.name}`, faultKinds);
});
