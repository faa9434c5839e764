/**
 * A UDP socket goes to a worker thread in mid-conversation: what was sent to it before is not lost.
 *
 *     node examples/dist/worker-socket.js
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { AF_INET, SOCK_DGRAM, Socket, type SocketTransfer } from "berkeley";

async function mainThread(): Promise<void> {
	using client = new Socket(AF_INET, SOCK_DGRAM);
	const server = new Socket(AF_INET, SOCK_DGRAM);
	server.bind({ host: "127.0.0.1", port: 0 });
	await client.connect(server.getsockname());
	await client.send("first");
	console.log(`main thread received ${await server.recv(100)}`);
	await client.send("second"); // Waits in the socket while that moves.
	const worker = new Worker(fileURLToPath(import.meta.url), { workerData: server.transfer() });
	const ended = once(worker, "exit");
	console.log(`the worker answers: ${await client.recv(100, 0, { timeout: 10_000 })}`);
	await ended;
}

/** The worker may block: nobody else waits for this thread. */
function workerThread(message: SocketTransfer): void {
	using socket = Socket.receive(message);
	const [data, address] = socket.recvfromSync(100);
	socket.sendtoSync(`the ${data} came to me`, address);
}

if (isMainThread) await mainThread();
else workerThread(workerData as SocketTransfer);
