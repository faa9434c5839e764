// @ts-check
/**
 * Sends datagrams without end with Bun.udpSocket(), 64 with one sendMany().
 *
 *   udp-send-bun.mjs PORT SIZE
 */
import { counter, startCounting } from "./counting.mjs";

const { Bun } = /** @type {any} */ (globalThis);
const [port = "", size = "64"] = process.argv.slice(2);
const connect = { hostname: "127.0.0.1", port: Number(port) };
const socket = await Bun.udpSocket({ connect, socket: { error: () => undefined } });
const payload = Buffer.alloc(Number(size));
const list = Array.from({ length: 64 }, () => payload);
startCounting();

function some() {
	// The loop of events has a turn after so many as ours gives way after.
	for (let count = 0; count < 64; count++) {
		try {
			counter.messages += socket.sendMany(list);
		} catch {
			// Nobody may be there yet, or any more.
		}
	}
	setImmediate(some);
}
some();
