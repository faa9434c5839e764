// @ts-check
/** Accepts and closes, awaiting accept(). */
import { listener, ready } from "./listener.mjs";

const server = listener();
ready(server);
for (;;) {
	const [connection] = await server.accept();
	connection.close();
}
