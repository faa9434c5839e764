// @ts-check
/** Sends a file to whoever connects, by a pipeline of node:fs into node:net: `sendfile-net.mjs FILE`. */
import { createReadStream } from "node:fs";
import { createServer } from "node:net";
import { pipeline } from "node:stream";

const file = process.argv[2] ?? "";
// The load ends in the middle of the file, which is no matter.
const server = createServer((socket) => pipeline(createReadStream(file), socket, () => undefined));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
	const address = server.address();
	console.log(JSON.stringify({ port: typeof address === "object" ? address?.port : 0 }));
});
