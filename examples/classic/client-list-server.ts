/**
 * The client list: who sends a name is answered the list of all who ever did, as JSON. Each connection has a
 * thread, which may block as it likes, and the main thread has the list: what one thread alone changes needs no
 * lock.
 *
 *     node examples/dist/classic/client-list-server.js [port]
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { createServer, describeAddress, SHUT_WR, Socket, type SocketTransfer } from "berkeley";

async function mainThread(): Promise<void> {
	const clients: { name: string; address: string; port: number }[] = [];
	using listener = createServer({ host: "127.0.0.1", port: Number(process.argv[2] ?? 5000) });
	console.log(`listening on port ${listener.getsockname().port}`);
	for await (const [connection, peer] of listener) {
		connection.settimeout(60_000); // Nobody keeps a thread for ever.
		const worker = new Worker(fileURLToPath(import.meta.url), { workerData: connection.transfer() });
		worker.once("message", (name: string) => {
			console.log(`${describeAddress(peer)} is ${name}`);
			clients.push({ name, address: peer.host, port: peer.port });
			worker.postMessage(JSON.stringify(clients));
		});
		worker.once("error", (error) => console.log(`${describeAddress(peer)} was lost: ${error.message}`));
	}
}

async function workerThread(main: MessagePort, message: SocketTransfer): Promise<void> {
	using connection = Socket.receive(message);
	const name = connection.recvSync(1024);
	if (name.length === 0) return;
	main.postMessage(`${name}`.trim());
	const [list] = await once(main, "message");
	connection.sendallSync(list);
	connection.shutdown(SHUT_WR); // That was all of it: nothing else tells the client where the list ends.
	connection.recvSync(1); // Until the client has ended its side, too.
}

if (parentPort === null) await mainThread();
else await workerThread(parentPort, workerData as SocketTransfer);
