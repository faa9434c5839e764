/**
 * Loses sockets, each in its own way, and prints what became of them: a line of JSON for each way. Warnings are
 * counted, not printed.
 */
import assert from "node:assert/strict";
import {
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_UNIX,
	close,
	createServer,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
	socketpair,
} from "../../src/index.js";
import { collectGarbage, descriptors } from "../support/measures.js";

const warnings: Error[] = [];
process.on("warning", (warning) => warnings.push(warning));

/** Collects until a condition holds. */
async function until(condition: () => boolean): Promise<void> {
	for (let round = 0; round < 500 && !condition(); round++) await collectGarbage(1);
	assert.ok(condition(), String(condition));
}

/** What is left when a function has returned and all is collected that can be. */
async function after(lose: () => void | Promise<void>): Promise<{ opened: number; warnings: string[] }> {
	const before = descriptors();
	warnings.length = 0;
	await lose();
	await collectGarbage(10);
	return {
		opened: [...descriptors().keys()].filter((fd) => !before.has(fd)).length,
		warnings: warnings.map(({ name, message }) => `${name}: ${message}`),
	};
}

const ways: Record<string, () => Promise<void>> = {
	async unclosed() {
		for (const [family, type] of [
			[AF_INET, SOCK_STREAM],
			[AF_INET6, SOCK_DGRAM],
			[AF_UNIX, SOCK_SEQPACKET],
			[AF_NETLINK, SOCK_RAW],
		] as const) {
			let fd = -1;
			const { opened, warnings } = await after(() => {
				fd = new Socket(family, type).fileno();
			});
			assert.equal(opened, 0);
			assert.equal(warnings.length, 1);
			const text = `${warnings}`.replace(`descriptor ${fd},`, "descriptor N,");
			console.log(text);
		}
	},

	async peer() {
		let peer: Socket | undefined;
		(() => {
			const [lost, kept] = socketpair<number>();
			lost.sendSync("last words");
			peer = kept;
		})();
		await until(() => warnings.length > 0);
		assert.ok(peer);
		console.log((await peer.recv(100)).toString(), (await peer.recv(100)).length);
		peer.close();
	},

	async accepted() {
		const listener = createServer({ host: "127.0.0.1", port: 0 });
		const client = new Socket(AF_INET, SOCK_STREAM);
		await client.connect(listener.getsockname());
		await (async () => {
			const [connection] = await listener.accept();
			assert.ok(!connection.closed);
		})();
		const eof = client.recv(1);
		await until(() => warnings.length > 0);
		console.log((await eof).length, warnings.length);
		client.close();
		listener.close();
	},

	async waiting() {
		const peers: Socket[] = [];
		const received: string[] = [];
		(() => {
			for (let number = 0; number < 20; number++) {
				const [lost, kept] = socketpair<number>();
				peers.push(kept);
				void lost.recv(100, 0, number % 2 ? { timeout: 60_000 } : {}).then((data) => {
					received.push(data.toString());
					lost.close();
				});
			}
			// Here nobody refers to the socket: neither a continuation nor a loop.
			const [lost, kept] = socketpair<number>();
			peers.push(kept);
			void lost.recv(100);
		})();
		await collectGarbage(20);
		assert.equal(warnings.length, 0);
		for (const [number, peer] of peers.entries()) peer.sendSync(`${number}`);
		await until(() => received.length === 20);
		assert.deepEqual(
			received,
			Array.from({ length: 20 }, (_, number) => `${number}`),
		);
		// The last one has what it waited for, and nobody else wants it.
		await until(() => warnings.length > 0);
		console.log(warnings.length);
		for (const peer of peers) peer.close();
	},

	async looping() {
		let peer: Socket | undefined;
		const received: string[] = [];
		(() => {
			const [lost, kept] = socketpair<number>();
			peer = kept;
			void (async () => {
				for await (const chunk of lost) received.push(chunk.toString());
				lost.close();
			})();
		})();
		await collectGarbage(20);
		peer?.sendSync("chunk");
		await until(() => received.length === 1);
		await collectGarbage(20);
		peer?.close();
		await collectGarbage(5);
		console.log(received.join(), warnings.length);
	},

	async connecting() {
		// On a Unix socket whose listener has no room, connecting waits on a timer alone.
		const path = `\0berkeley-collected-${process.pid}`;
		const listener = new Socket(AF_UNIX, SOCK_STREAM);
		listener.bind(path);
		listener.listen(0);
		let connected = 0;
		(() => {
			for (let each = 0; each < 3; each++) {
				const lost = new Socket(AF_UNIX, SOCK_STREAM);
				void lost.connect(path).then(() => {
					connected++;
					lost.close();
				});
			}
		})();
		await collectGarbage(20);
		for (let each = 0; each < 3; each++) (await listener.accept())[0].close();
		await until(() => connected === 3);
		listener.close();
		console.log(connected, warnings.length);
	},

	async closed() {
		const result = await after(() => {
			new Socket().close();
			using scoped = new Socket();
			assert.ok(!scoped.closed);
		});
		console.log(JSON.stringify(result));
	},

	async detached() {
		let fd = -1;
		const result = await after(() => {
			fd = new Socket().detach();
		});
		console.log(JSON.stringify(result));
		close(fd);
	},

	async transferred() {
		let fd = -1;
		const result = await after(() => {
			({ fd } = new Socket().transfer());
		});
		console.log(JSON.stringify(result));
		close(fd);
	},
};

for (const way of process.argv.slice(2)) await ways[way]?.();
