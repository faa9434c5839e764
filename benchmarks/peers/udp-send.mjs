// @ts-check
/**
 * Sends datagrams without end, 64 with one await of sendMany().
 *
 *   udp-send.mjs batch|gso|list|joined PORT SIZE
 *
 * batch copies each into a batch that is used again, gso lets the kernel join them too, list gives an array of
 * buffers; joined writes in place, as many together as UDP_SEGMENT takes, 16 of these in a call.
 */
import { AF_INET, DatagramBatch, SOCK_DGRAM, Socket, udp } from "berkeley";
import { counter, startCounting } from "./counting.mjs";

const [way = "batch", port = "", text = "64"] = process.argv.slice(2);
const size = Number(text);
const socket = new Socket(AF_INET, SOCK_DGRAM);
await socket.connect({ host: "127.0.0.1", port: Number(port) });
const payload = Buffer.alloc(size);
startCounting();

/** Nobody may be there yet, or any more. @param {unknown} error */
function refused(error) {
	if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ECONNREFUSED") throw error;
	return 0;
}

if (way === "joined") {
	const segments = Math.min(64, Math.floor(65507 / size));
	socket.set(udp.segment, size);
	const batch = new DatagramBatch(AF_INET, 16, segments * size);
	for (;;) {
		batch.clear();
		while (batch.length < batch.capacity) {
			const data = batch.reserve(segments * size);
			for (let segment = 0; segment < segments; segment++) data.writeUInt32LE(segment, segment * size);
		}
		counter.messages += segments * (await socket.sendMany(batch).catch(refused));
	}
} else if (way === "list") {
	const list = Array.from({ length: 64 }, () => payload);
	for (;;) counter.messages += await socket.sendMany(list).catch(refused);
} else {
	const batch = new DatagramBatch(AF_INET, 64, size);
	const options = { gso: way === "gso" };
	for (;;) {
		batch.clear();
		while (batch.length < batch.capacity) batch.push(payload);
		counter.messages += await socket.sendMany(batch, 0, options).catch(refused);
	}
}
