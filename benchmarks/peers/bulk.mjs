// @ts-check
/** Much data with this library: `bulk.mjs callback|lowat|await receive|send`. */
import { so } from "berkeley";
import { listener, ready } from "./listener.mjs";

/** @typedef {import("berkeley").Socket} Socket */

const [style, direction] = process.argv.slice(2);
const size = 64 * 1024;

/** @type {Record<string, (connection: Socket) => Promise<void>>} */
const ways = {
	async "callback receive"(connection) {
		await connection.recvEach(() => {}, { size }).ended;
	},
	async "lowat receive"(connection) {
		connection.set(so.rcvlowat, 2 * size); // The kernel wakes us when so much is there, and at the end.
		await connection.recvEach(() => {}, { size }).ended;
	},
	async "callback send"(connection) {
		const block = Buffer.alloc(size);
		for (;;) {
			while (connection.write(block));
			await connection.drain();
		}
	},
	async "await receive"(connection) {
		const block = Buffer.alloc(size);
		while ((await connection.recvInto(block)) > 0);
	},
	async "await send"(connection) {
		const block = Buffer.alloc(size);
		for (;;) await connection.sendall(block);
	},
};

const way = ways[`${style} ${direction}`];
if (way === undefined) throw new TypeError("bulk.mjs callback|lowat|await receive|send");
const server = listener();
ready(server);
for (;;) {
	const [connection] = await server.accept();
	// The load ends by closing its connections, which resets them.
	way(connection).then(
		() => connection.close(),
		() => connection.close(),
	);
}
