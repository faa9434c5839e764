/**
 * A TCP proxy: what comes goes on to another port, and what that answers comes back, inside the kernel.
 *
 *     node examples/dist/tcp-proxy.js to-port [port]
 */
import { createConnection, createServer, SHUT_WR, type Socket, splice } from "berkeley";

/** One direction: until its end, which is passed on while the other direction goes on. */
async function pass(from: Socket, to: Socket): Promise<number> {
	const moved = await splice(from, to);
	to.shutdown(SHUT_WR);
	return moved;
}

async function serve(connection: Socket, port: number): Promise<void> {
	using near = connection;
	try {
		using far = await createConnection({ host: "127.0.0.1", port });
		const [there, back] = await Promise.all([pass(near, far), pass(far, near)]);
		console.log(`${there} bytes there and ${back} back`);
	} catch (error) {
		console.log("lost:", error instanceof Error ? error.message : error);
	}
}

const [to, port] = process.argv.slice(2);
using listener = createServer({ host: "127.0.0.1", port: Number(port ?? 0) });
console.log(`listening on port ${listener.getsockname().port}`);
for await (const [connection] of listener) void serve(connection, Number(to));
