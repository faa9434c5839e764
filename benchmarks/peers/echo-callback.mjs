// @ts-check
/** Echo with this library, by callback: `echo-callback.mjs [PATH [seqpacket]]`. */
import { listener, ready, requireMethods } from "./listener.mjs";

requireMethods("recvEach", "write");
const server = listener(...process.argv.slice(2));
ready(server);

for (;;) {
	const [connection] = await server.accept();
	const socket = /** @type {any} */ (connection);
	socket.recvEach((/** @type {Buffer} */ data) => {
		if (data.length === 0) socket.close();
		else socket.write(data);
	});
}
