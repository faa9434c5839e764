/**
 * Ping-pong over a pair of connected sockets: one stays here, the other goes to a thread, as a Python script
 * would give it to a child by fork().
 *
 *     node examples/dist/classic/ping-pong.js [rounds]
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { Socket, type SocketTransfer, socketpair } from "berkeley";

async function mainThread(rounds: number): Promise<void> {
	const [here, there] = socketpair();
	const worker = new Worker(fileURLToPath(import.meta.url), { workerData: there.transfer() });
	const ended = once(worker, "exit");
	for (let round = 1; round <= rounds; round++) {
		await here.sendall("ping");
		console.log(`round ${round}: ${await here.recv(16)}`);
	}
	here.close(); // The thread sees the end.
	await ended;
}

/** Answers each ping, and blocks between them: it has a thread of its own. */
function workerThread(message: SocketTransfer): void {
	using socket = Socket.receive(message);
	while (`${socket.recvSync(16)}` === "ping") socket.sendallSync("pong");
}

if (isMainThread) await mainThread(Number(process.argv[2] ?? 3));
else workerThread(workerData as SocketTransfer);
