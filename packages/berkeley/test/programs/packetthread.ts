/**
 * A thread that opens, binds and closes packet sockets, as many as it is told.
 */
import assert from "node:assert/strict";
import { workerData } from "node:worker_threads";
import { AF_PACKET, ETH_P_LOOP, SOCK_RAW, Socket } from "../../src/index.js";

for (let each = 0; each < workerData; each++) {
	const socket = new Socket(AF_PACKET, SOCK_RAW);
	socket.bind({ interface: "lo", protocol: ETH_P_LOOP });
	assert.equal(socket.getsockname().interface, "lo");
	socket.close();
}
