// @ts-check
/** Holds idle connections with node:net. */
import { createServer } from "node:net";
import { answer, collectOfNode } from "./idle.mjs";

let connections = 0;
const server = createServer((socket) => {
	connections++;
	socket.on("data", () => socket.destroy());
	socket.on("error", () => undefined); // They end by being reset.
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
	const address = server.address();
	console.log(JSON.stringify({ port: typeof address === "object" ? address?.port : 0 }));
});
void answer(collectOfNode, () => connections);
