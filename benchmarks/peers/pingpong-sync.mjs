// @ts-check
/** Echo that blocks: one connection, recvSync() and sendallSync(). */
import { listener, ready } from "./listener.mjs";

const server = listener();
ready(server);
const [connection] = server.acceptSync();
for (;;) {
	const data = connection.recvSync(65536);
	if (data.length === 0) break;
	connection.sendallSync(data);
}
connection.close();
server.close();
