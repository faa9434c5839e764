/**
 * Traffic without end on sockets of several kinds, with operations of every sort waiting beside it.
 */
import assert from "node:assert/strict";
import {
	AF_INET,
	AF_UNIX,
	createServer,
	MSG_ERRQUEUE,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
	socketpair,
} from "../../src/index.js";
import { echo } from "./echo.js";

const localhost = { host: "127.0.0.1", port: 0 };
const forever = Number.POSITIVE_INFINITY;

/** Begins the traffic; resolves when all of it flows. It ends with the thread. */
export async function startTraffic(): Promise<void> {
	startWaiting();
	await Promise.all([tcp(), tcp(), udp(), pair(SOCK_STREAM), pair(SOCK_SEQPACKET), pushed()]);
}

/** The same without promises: what comes is written back; and more is written than anybody reads. */
async function pushed(): Promise<void> {
	const listener = createServer(localhost);
	const accepting = listener.acceptEach((server) => {
		accepting.stop();
		server.recvEach((data) => server.write(data), { timeout: 60_000, signal: neverAborted });
	});
	const client = new Socket(AF_INET, SOCK_STREAM);
	await client.connect(listener.getsockname());
	const [stuck, unread] = socketpair();
	stuck.write(Buffer.alloc(5_000_000));
	const paused = unread.recvEach(() => paused.pause());
	held.push(listener, stuck, unread);
	await new Promise<void>((resolve) => {
		let answers = 0;
		client.recvEach((data) => {
			client.write(data);
			if (answers++ === 5) resolve();
		});
		client.write("round and round");
	});
}

async function tcp(): Promise<void> {
	const listener = createServer(localhost);
	const client = new Socket(AF_INET, SOCK_STREAM);
	const [[server]] = await Promise.all([listener.accept(), client.connect(listener.getsockname())]);
	listener.close();
	await flow(server, client);
}

async function udp(): Promise<void> {
	const server = new Socket(AF_INET, SOCK_DGRAM);
	server.bind(localhost);
	const client = new Socket(AF_INET, SOCK_DGRAM);
	await client.connect(server.getsockname());
	await flow(server, client);
}

async function pair(type: number): Promise<void> {
	const [server, client] = socketpair(AF_UNIX, type);
	await flow(server, client);
}

async function flow(server: Socket, client: Socket): Promise<void> {
	void echo(server, forever);
	const talk = async (rounds: number): Promise<void> => {
		for (let round = 0; round < rounds; round++) {
			await client.send(`message ${round}`);
			// A timeout and a signal, so that a deadline and a listener are there too.
			const answer = await client.recv(100, 0, { timeout: 60_000, signal: neverAborted });
			assert.equal(answer.toString(), `message ${round}`);
		}
	};
	await talk(5);
	void talk(forever);
}

const neverAborted = new AbortController().signal;

function startWaiting(): void {
	const listener = createServer(localhost);
	const [full, idle] = socketpair();
	void listener.accept();
	void listener.accept({ timeout: 60_000 });
	void idle.recv(1, 0, { signal: neverAborted });
	void idle.recvmsg(1, 100, MSG_ERRQUEUE);
	void full.sendall(Buffer.alloc(10_000_000));
	// A Unix listener without room: connecting is tried again and again, on a timer.
	const path = `\0berkeley-traffic-${process.pid}-${Math.random()}`;
	const crowded = new Socket(AF_UNIX, SOCK_STREAM);
	crowded.bind(path);
	crowded.listen(0);
	const clients = Array.from({ length: 4 }, () => new Socket(AF_UNIX, SOCK_STREAM));
	for (const client of clients) void client.connect(path);
	// What waits keeps its socket; what does not must not be collected while traffic flows.
	held.push(listener, full, idle, crowded, ...clients);
}

const held: Socket[] = [];
