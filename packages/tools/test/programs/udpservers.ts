/**
 * Runs the servers of support/responders.ts on their ports: in a network of a test, or on the ports of loopback.
 * TFTP answers from another port, as it has to.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { responders } from "../support/responders.js";

for (const { port, respond } of responders) {
	for (const type of ["udp4", "udp6"] as const) {
		const socket = createSocket(type === "udp6" ? { type, ipv6Only: true } : { type });
		socket.on("message", (request, peer) => {
			const reply = respond(request);
			if (reply === undefined) return;
			const sender = port === 69 ? createSocket(type) : socket;
			sender.send(reply, peer.port, peer.address, () => {
				if (sender !== socket) sender.close();
			});
		});
		socket.bind(port);
		await once(socket, "listening");
	}
}
console.log("ready");
