// @ts-check
/** Much data with node:net: `bulk-net.mjs receive|send`. */
import { createServer } from "node:net";

const sending = process.argv[2] === "send";
const block = Buffer.alloc(64 * 1024);

const server = createServer((socket) => {
	socket.on("error", () => undefined); // The load ends by closing its connections, which resets them.
	if (sending) {
		const fill = () => {
			while (socket.write(block));
		};
		socket.on("drain", fill);
		fill();
	} else {
		socket.on("data", () => undefined);
	}
});
server.listen({ port: 0, host: "127.0.0.1" }, () => {
	const address = server.address();
	console.log(JSON.stringify({ port: typeof address === "object" ? address?.port : 0 }));
});
