/**
 * The servers that the tests of faults go through. Another way to run requests side by side is one more line of the
 * table.
 */
import { type Address, AF_INET, AF_UNIX, SOCK_STREAM, Socket, so } from "../../src/index.js";
import {
	type AsyncServing,
	AsyncTCPServer,
	AsyncUnixStreamServer,
	ForkingTCPServer,
	type RequestHandlerClass,
	TCPServer,
	ThreadingTCPServer,
	UnixStreamServer,
} from "../../src/server/index.js";
import { FaultHandler } from "./faulthandlers.js";
import { type AnyServer, freshName } from "./servers.js";

/** One kind of server. */
export interface FaultKind {
	name: string;
	family: number;
	/** Whether requests are handled side by side, with timeouts of their own. */
	sideBySide: boolean;
	/** Whether it runs its requests in workers. */
	workers: boolean;
	/** Whether it handles thousands at a time. */
	many: boolean;
	/** Makes one, whose requests a FaultHandler handles, and whose line of connections is long. */
	make(): FaultyServer;
}

/** A server as the tests know it; one that is not side by side does without the attributes of AsyncServing. */
export type FaultyServer = AnyServer & Partial<AsyncServing> & { requestQueueSize: number };

const loopback = { host: "127.0.0.1", port: 0 };
const module = new URL("./faulthandlers.js#FaultHandler", import.meta.url);
const Handler = FaultHandler as unknown as RequestHandlerClass<unknown, unknown>;

type Manner = Pick<FaultKind, "sideBySide" | "workers" | "many">;
const oneByOne: Manner = { sideBySide: false, workers: false, many: false };
const inThisLoop: Manner = { sideBySide: true, workers: false, many: true };
const inThreads: Manner = { sideBySide: true, workers: true, many: true };
const inChildren: Manner = { sideBySide: true, workers: true, many: false };

function kind(name: string, family: number, manner: Manner, create: () => unknown): FaultKind {
	return {
		name,
		family,
		...manner,
		make() {
			const server = create() as FaultyServer;
			server.requestQueueSize = 4096;
			return server;
		},
	};
}

/** Every kind. */
export const faultKinds: FaultKind[] = [
	kind("TCPServer", AF_INET, oneByOne, () => new TCPServer(loopback, Handler)),
	kind("UnixStreamServer", AF_UNIX, oneByOne, () => new UnixStreamServer(freshName(), Handler)),
	kind("AsyncTCPServer", AF_INET, inThisLoop, () => new AsyncTCPServer(loopback, Handler)),
	kind("AsyncUnixStreamServer", AF_UNIX, inThisLoop, () => new AsyncUnixStreamServer(freshName(), Handler)),
	kind("ThreadingTCPServer", AF_INET, inThreads, () =>
		Object.assign(new ThreadingTCPServer(loopback, module), { workers: 2 }),
	),
	kind("ForkingTCPServer", AF_INET, inChildren, () => new ForkingTCPServer(loopback, module)),
];

/** The kind of that name, for programs. */
export function faultKind(name: string | undefined): FaultKind {
	const found = faultKinds.find((each) => each.name === name);
	if (found === undefined) throw new Error(`there is no kind of servers called ${name}`);
	return found;
}

/** A connection to a server. */
export async function connected({ family }: Pick<FaultKind, "family">, address: unknown): Promise<Socket> {
	const client = new Socket(family, SOCK_STREAM);
	try {
		await client.connect(address as Address);
		return client;
	} catch (error) {
		client.close();
		throw error;
	}
}

/** Asks one thing and closes; what came back, "" when the connection was closed or reset instead. */
export async function asked(
	kind: Pick<FaultKind, "family">,
	address: unknown,
	text: string,
): Promise<string> {
	using client = await connected(kind, address);
	try {
		await client.sendall(`${text}\n`);
		return `${await client.makefile("rb").readline()}`.trim();
	} catch (error) {
		const { code } = error as { code?: string };
		if (code === "ECONNRESET" || code === "EPIPE") return "";
		throw error;
	}
}

/** Gives a connection up without an end, where the family knows that. */
export function reset(client: Socket): void {
	if (client.family === AF_INET) client.set(so.linger, { seconds: 0 });
	client.close();
}
