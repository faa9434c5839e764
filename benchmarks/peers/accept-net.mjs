// @ts-check
/** Accepts and closes, with node:net. */
import { createServer } from "node:net";

const server = createServer((socket) => socket.destroy());
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
	const address = server.address();
	console.log(JSON.stringify({ port: typeof address === "object" ? address?.port : 0 }));
});
