// @ts-check
/** Receives datagrams with node:dgram, and looks at the size and the sender of each. */
import { createSocket } from "node:dgram";
import { counter, startCounting } from "./counting.mjs";

const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
let lookedAt = 0;
socket.on("message", (data, sender) => {
	counter.messages++;
	lookedAt += data.length + sender.port;
	if (lookedAt < 0) process.exit();
});
socket.bind(0, "127.0.0.1", () => startCounting(socket.address().port));
