/**
 * A server that does not wait: it looks whether somebody has come, and goes about its other work when not.
 *
 *     node examples/dist/classic/nonblocking-accept.js [port]
 */
import { setTimeout } from "node:timers/promises";
import { BlockingIOError, createServer, describeAddress } from "berkeley";

using listener = createServer({ host: "127.0.0.1", port: Number(process.argv[2] ?? 8888) });
listener.setblocking(false);

/** Who has come; undefined when nobody has. */
function look() {
	try {
		return listener.acceptSync();
	} catch (error) {
		if (error instanceof BlockingIOError) return undefined;
		throw error;
	}
}

console.log(`listening on port ${listener.getsockname().port}`);
for (let inVain = 0; ; ) {
	const visitor = look();
	if (visitor === undefined) {
		inVain++;
		await setTimeout(50); // The other work.
		continue;
	}
	const [connection, peer] = visitor;
	using conn = connection;
	console.log(`${describeAddress(peer)} has come`);
	await conn.sendall(`you have come after ${inVain} looks in vain\n`);
	inVain = 0;
}
