/**
 * A TCP tap: a proxy that shows what either side says. No promise for each piece, and whoever sends faster than the
 * other side takes is held back.
 *
 *     node examples/dist/tcp-tap.js to-port [port]
 */
import { createConnection, createServer, SHUT_WR, type Socket } from "berkeley";

/** One direction, until its end has been passed on behind all that came before it. */
async function pass(from: Socket, to: Socket, arrow: string): Promise<void> {
	const flow = from.recvEach((data) => {
		console.log(arrow, JSON.stringify(`${data}`));
		if (to.write(data)) return;
		flow.pause(); // So much waits that the sender had better wait too.
		to.drain().then(
			() => flow.resume(),
			() => flow.stop(),
		);
	});
	await flow.ended;
	await to.drain();
	to.shutdown(SHUT_WR);
}

async function serve(connection: Socket, port: number): Promise<void> {
	using near = connection;
	try {
		using far = await createConnection({ host: "127.0.0.1", port });
		await Promise.all([pass(near, far, ">"), pass(far, near, "<")]);
	} catch (error) {
		console.log("lost:", error instanceof Error ? error.message : error);
	}
}

const [to, port] = process.argv.slice(2);
using listener = createServer({ host: "127.0.0.1", port: Number(port ?? 0) });
console.log(`listening on port ${listener.getsockname().port}`);
await listener.acceptEach((connection) => void serve(connection, Number(to))).ended;
