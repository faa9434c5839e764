/**
 * A server that is replaced by another process, under a load whose requests are counted: none refused, none lost,
 * none answered twice.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Address } from "../src/index.js";
import { type Generation, Load, type Over, startGeneration } from "./support/restarts.js";
import { freshName } from "./support/servers.js";

const anyPort = { host: "127.0.0.1", port: 0 };

interface Case {
	kind: string;
	address(directory: string): Address;
	place(directory: string): string;
	load(load: Load): void;
	/** 6 when left out. */
	restarts?: number;
}

const inDirectory = (directory: string) => join(directory, "restart");
const mixed = (load: Load) => {
	load.addFresh(4);
	load.addKept(4);
};

const cases: Case[] = [
	{ kind: "AsyncTCPServer", address: () => anyPort, place: inDirectory, load: mixed },
	{ kind: "TCPServer", address: () => anyPort, place: freshName, load: (load) => load.addFresh(4) },
	{
		kind: "AsyncUnixStreamServer",
		address: (directory) => join(directory, "server"),
		place: inDirectory,
		load: mixed,
	},
	{ kind: "UnixStreamServer", address: freshName, place: freshName, load: (load) => load.addFresh(4) },
	{ kind: "ThreadingTCPServer", address: () => anyPort, place: inDirectory, load: mixed },
	{
		kind: "ForkingUnixStreamServer",
		address: freshName,
		place: freshName,
		load: (load) => {
			load.addFresh(1);
			load.addKept(1);
		},
		// Each generation has children that take their time to start.
		restarts: 3,
	},
	{
		kind: "AsyncUDPServer",
		address: () => anyPort,
		place: inDirectory,
		load: (load) => load.addDatagrams(4),
	},
	{ kind: "UDPServer", address: () => anyPort, place: freshName, load: (load) => load.addDatagrams(4) },
	{
		kind: "AsyncUnixDatagramServer",
		address: (directory) => join(directory, "server"),
		place: inDirectory,
		load: (load) => load.addDatagrams(4),
	},
];

describe("a server that is restarted several times in a row", () => {
	for (const { kind, address, place, load: addTo, restarts = 6 } of cases) {
		test(`${kind}, ${restarts} times: every request is answered once`, async (t) => {
			const directory = mkdtempSync(join(tmpdir(), "berkeley-restart-"));
			chmodSync(directory, 0o700);
			const at = place(directory);
			const where = address(directory);
			const generations: Generation[] = [];
			let current: Generation | undefined;
			try {
				current = await startGeneration(kind, at, where);
				generations.push(current);
				const load = new Load(current.serving.address);
				addTo(load);
				for (let restart = 0; restart < restarts; restart++) {
					await load.answeredBy(current.serving.pid, 100);
					const next: Generation = await startGeneration(kind, at, where);
					generations.push(next);
					assert.equal(next.serving.predecessor, current.serving.pid);
					assert.deepEqual(next.serving.address, current.serving.address);
					const { successor, ended }: Over = await current.over;
					assert.deepEqual({ successor, ended }, { successor: next.serving.pid, ended: 0 });
					current = next;
				}
				await load.answeredBy(current.serving.pid, 100);
				await load.stop();
				current.kill("SIGTERM");
				const counts = await Promise.all(generations.map(async ({ over }) => (await over).answered));
				let answered = 0;
				for (const count of counts) answered += count ?? 0;
				if (!counts.includes(undefined)) assert.equal(answered, load.sent);
				assert.equal((await current.over).successor, undefined);
				assert.ok(!existsSync(at), "the file of the meeting place is there");
				t.diagnostic(`${load.sent} requests, ${load.connections} connections, ${restarts} restarts`);
			} finally {
				for (const { process: child } of generations) if (child.exitCode === null) child.kill("SIGKILL");
				rmSync(directory, { recursive: true });
			}
		});
	}
});
