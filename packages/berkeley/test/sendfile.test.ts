/**
 * sendfile() cut off on its way: what has gone out is a beginning of the file, and the socket is as it should be.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { SHUT_WR, SO_LINGER, SOL_SOCKET, type Socket } from "../src/index.js";
import { freshPath, tcpPair, unnamedPair } from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";
import { twins } from "./support/twins.js";

const data = Buffer.alloc(32 * 1024 * 1024);
for (let i = 0; i < data.length; i += 1024) data.writeUInt32LE(i, i);
const path = freshPath();
writeFileSync(path, data);
const file = openSync(path, "r");
after(() => closeSync(file));

async function takeAll(socket: Socket): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of socket) parts.push(part);
	return Buffer.concat(parts);
}

/** What arrived is a beginning of the file, and not all of it. */
function assertBeginning(received: Buffer): void {
	assert.ok(received.length > 0 && received.length < data.length);
	assert.ok(received.equals(data.subarray(0, received.length)));
}

for (const twin of twins) {
	describe(`${twin.name} sendfile()`, () => {
		for (const [way, make] of [["TCP", tcpPair] as const, ["Unix sockets", unnamedPair] as const]) {
			test(`fails where it would wait, with a beginning sent, over ${way}`, async () => {
				for (const [timeout, code] of [[0, "EAGAIN"] as const, [20, "ETIMEDOUT"] as const]) {
					using pair = make();
					await rejectsWith(twin.sendfile(pair.client, file, 0, undefined, { timeout }), {
						code,
						syscall: "sendfile",
					});
					pair.client.shutdown(SHUT_WR);
					assertBeginning(await takeAll(pair.server));
				}
			});
		}

		test("fails when the peer resets the connection, and when it is gone", async () => {
			using pair = tcpPair();
			pair.server.setsockopt(SOL_SOCKET, SO_LINGER, new Uint32Array([1, 0]));
			pair.server.close();
			await assert.rejects(twin.sendfile(pair.client, file), {
				name: "ConnectionError",
				syscall: "sendfile",
			});
			await rejectsWith(twin.sendfile(pair.client, file), { code: "EPIPE", syscall: "sendfile" });
		});

		test("fails on a closed socket", async () => {
			using pair = tcpPair();
			pair.client.close();
			await rejectsWith(twin.sendfile(pair.client, file), { code: "EBADF", syscall: "sendfile" });
		});
	});
}

describe("awaited sendfile()", () => {
	test("stops when the signal aborts, and what comes behind it goes out then", async () => {
		using pair = tcpPair();
		const controller = new AbortController();
		const sending = pair.client.sendfile(file, 0, undefined, { signal: controller.signal });
		const behind = pair.client.sendall("behind");
		controller.abort(new Error("enough"));
		await assert.rejects(sending, /enough/);
		const received = takeAll(pair.server);
		await behind;
		pair.client.shutdown(SHUT_WR);
		const bytes = await received;
		assert.equal(bytes.subarray(-6).toString(), "behind");
		assertBeginning(bytes.subarray(0, -6));
	});

	test("fails when the peer resets the connection in the middle", async () => {
		using pair = tcpPair();
		const sending = pair.client.sendfile(file);
		await pair.server.recv(100);
		pair.server.setsockopt(SOL_SOCKET, SO_LINGER, new Uint32Array([1, 0]));
		pair.server.close();
		await rejectsWith(sending, { code: "ECONNRESET", syscall: "sendfile" });
	});

	test("rejects when the socket is closed meanwhile", async () => {
		using pair = tcpPair();
		const sending = pair.client.sendfile(file);
		pair.client.close();
		await rejectsWith(sending, { code: "EBADF", syscall: "sendfile" });
	});

	test("sends all of a large file to a peer that reads, and gives way to others meanwhile", async () => {
		using pair = tcpPair();
		let turns = 0;
		const ticking = setInterval(() => turns++, 1);
		const received = takeAll(pair.server);
		assert.equal(await pair.client.sendfile(file), data.length);
		pair.client.shutdown(SHUT_WR);
		assert.ok((await received).equals(data));
		clearInterval(ticking);
		assert.ok(turns > 0);
	});
});
