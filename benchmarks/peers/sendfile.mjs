// @ts-check
/** Sends a file to whoever connects, by sendfile(): `sendfile.mjs FILE`. */
import { openSync } from "node:fs";
import { listener, ready } from "./listener.mjs";

const file = openSync(process.argv[2] ?? "", "r");
const server = listener();
ready(server);
for (;;) {
	const [connection] = await server.accept();
	// The load ends in the middle of the file.
	connection.sendfile(file).then(
		() => connection.close(),
		() => connection.close(),
	);
}
