// @ts-check
/** Receives datagrams with Bun.udpSocket(), and looks at the size and the sender of each. */
import { counter, startCounting } from "./counting.mjs";

const { Bun } = /** @type {any} */ (globalThis);
let lookedAt = 0;
const socket = await Bun.udpSocket({
	hostname: "127.0.0.1",
	port: 0,
	socket: {
		data(/** @type {any} */ _socket, /** @type {Buffer} */ data, /** @type {number} */ port) {
			counter.messages++;
			lookedAt += data.length + port;
			if (lookedAt < 0) process.exit();
		},
	},
});
startCounting(socket.port);
