// @ts-check
/** Echo with node:net: `echo-net.mjs [PATH]`. */
import { createServer } from "node:net";

const server = createServer((socket) => {
	socket.on("data", (chunk) => socket.write(chunk));
	socket.on("error", () => undefined); // The load ends by resetting its connections.
});
const path = process.argv[2];
const ready = () => {
	const address = server.address();
	console.log(JSON.stringify({ port: typeof address === "object" ? address?.port : 0 }));
};
if (path === undefined) server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, ready);
else server.listen({ path, backlog: 4096 }, ready);
