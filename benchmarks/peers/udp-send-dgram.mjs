// @ts-check
/**
 * Sends datagrams without end with node:dgram, 64 at a time.
 *
 *   udp-send-dgram.mjs PORT SIZE
 */
import { createSocket } from "node:dgram";
import { counter, startCounting } from "./counting.mjs";

const [port = "", size = "64"] = process.argv.slice(2);
const socket = createSocket("udp4");
const payload = Buffer.alloc(Number(size));
let left = 0;
let bursts = 0;

/** @param {Error | null} error */
function sent(error) {
	if (error === null) counter.messages++;
	if (--left > 0) return;
	// What is sent from the last callback keeps the loop of events where it is.
	if (++bursts % 64 === 0) setImmediate(burst);
	else burst();
}

function burst() {
	left = 64;
	for (let count = 0; count < 64; count++) socket.send(payload, sent);
}

// Nobody may be there yet, or any more.
socket.on("error", () => undefined);
socket.connect(Number(port), "127.0.0.1", () => {
	startCounting();
	burst();
});
