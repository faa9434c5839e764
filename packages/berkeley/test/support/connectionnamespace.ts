/**
 * Runs in a network namespace of its own whose /etc/hosts gives names several addresses. Connects in every way
 * and writes what it saw as one line of JSON.
 */
import { readdirSync } from "node:fs";
import {
	AF_INET,
	AF_INET6,
	AF_UNSPEC,
	type AsyncCreateConnectionOptions,
	createServer,
	SOCK_STREAM,
	Socket,
	SocketError,
} from "../../src/index.js";
import { type Twin, twins } from "./twins.js";

/** How one attempt to connect went. */
export interface Seen {
	/** The host that answered. */
	peer?: string;
	/** The host that it was connected from. */
	from?: string;
	timeout?: number | null;
	/** The codes of what failed; `name` is the error's. */
	codes?: string[];
	name?: string;
	/** Which addresses the errors name. */
	addresses?: (string | undefined)[];
	milliseconds: number;
	/** How many descriptors are open after the result has been closed, over those before. */
	left: number;
}

/** By scenario and form. */
export type SeenByScenario = Record<string, Record<Twin["name"], Seen>>;

const openDescriptors = (): number => readdirSync("/proc/self/fd").length;

function failure(error: unknown): Partial<Seen> {
	const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
	return {
		name: error instanceof Error ? error.name : String(error),
		codes: errors.map((each) => (each instanceof SocketError ? each.code : String(each))),
		addresses: errors.map((each) => (each instanceof SocketError ? each.address : undefined)),
	};
}

async function attempt(
	twin: Twin,
	host: string,
	port: number,
	options?: AsyncCreateConnectionOptions,
): Promise<Seen> {
	const before = openDescriptors();
	const begun = performance.now();
	let seen: Partial<Seen>;
	try {
		using socket = await twin.createConnection({ host, port }, options);
		const { host: peer } = socket.getpeername() as { host: string };
		const { host: from } = socket.getsockname() as { host: string };
		seen = { peer, from, timeout: socket.gettimeout() };
	} catch (error) {
		seen = failure(error);
	}
	const milliseconds = performance.now() - begun;
	return { ...seen, milliseconds, left: openDescriptors() - before };
}

/** A listener whose line is full, so that whoever else connects gets no answer. */
function blackHole(family: typeof AF_INET | typeof AF_INET6, host: string, port = 0): [Socket[], number] {
	const listener = new Socket(family, SOCK_STREAM);
	listener.bind({ host, port });
	listener.listen(0);
	const address = listener.getsockname();
	const waiting = new Socket(family, SOCK_STREAM);
	waiting.connectSync(address);
	return [[listener, waiting] as unknown as Socket[], address.port];
}

const all: SeenByScenario = {};

async function scenario(name: string, run: (twin: Twin) => Promise<Seen>): Promise<void> {
	const seen: Partial<Record<Twin["name"], Seen>> = {};
	for (const twin of twins) seen[twin.name] = await run(twin);
	all[name] = seen as Record<Twin["name"], Seen>;
}

// The reactor's own descriptors, and those with which the runtime is told of signals, are not to be counted.
const heard = (): void => {};
process.on("SIGUSR2", heard).off("SIGUSR2", heard);
using warm = new Socket(AF_INET, SOCK_STREAM);
await warm.connect({ host: "127.0.0.1", port: 1 }).catch(() => {});
await attempt(twins[0] as Twin, "both.test", 1);

{
	using server = createServer({ host: "127.0.0.1", port: 0 });
	const { port } = server.getsockname();
	// With so long a delay only the failure of the first attempt can bring the second.
	const patient = { attemptDelay: 60_000 };
	await scenario("refused, then answered", (twin) => attempt(twin, "both.test", port, patient));
	await scenario("by number", (twin) => attempt(twin, "127.0.0.1", port));
	await scenario("with a timeout", (twin) => attempt(twin, "both.test", port, { timeout: 5000 }));
	const sourceAddress = { host: "127.0.0.9", port: 0 };
	await scenario("from an address", (twin) => attempt(twin, "both.test", port, { sourceAddress }));

	const [held] = blackHole(AF_INET6, "::1", port);
	const delayed = { attemptDelay: 30 };
	const limited = { attemptDelay: 30, timeout: 80 };
	await scenario("no answer, then answered", (twin) =>
		attempt(twin, "both.test", port, twin.name === "awaited" ? delayed : limited),
	);
	await scenario("a limit for each attempt", (twin) =>
		attempt(twin, "both.test", port, { ...patient, timeout: 80 }),
	);
	for (const socket of held) socket.close();
}
{
	using server = createServer({ host: "::1", port: 0 }, { family: AF_INET6 });
	const { port } = server.getsockname();
	await scenario("IPv6 first", (twin) => attempt(twin, "both.test", port));
	const [held] = blackHole(AF_INET, "127.0.0.1", port);
	await scenario("IPv6 goes before IPv4", (twin) => attempt(twin, "both.test", port));
	for (const socket of held) socket.close();
}
await scenario("all refused", (twin) => attempt(twin, "both.test", 1));
await scenario("all refused, all errors", (twin) => attempt(twin, "many.test", 1, { allErrors: true }));
await scenario("all refused, IPv4 alone", (twin) =>
	attempt(twin, "many.test", 1, { allErrors: true, family: AF_INET }),
);
await scenario("all refused, IPv6 alone", (twin) =>
	attempt(twin, "many.test", 1, { allErrors: true, family: AF_INET6 }),
);
await scenario("all refused, both families", (twin) =>
	attempt(twin, "many.test", 1, { allErrors: true, family: AF_UNSPEC }),
);
await scenario("an address of the other family", (twin) => attempt(twin, "::1", 1, { family: AF_INET }));
await scenario("a wrong source", (twin) =>
	attempt(twin, "both.test", 1, { sourceAddress: { host: "192.0.2.1", port: 0 }, allErrors: true }),
);
await scenario("no such name", (twin) => attempt(twin, "missing.test", 1, { allErrors: true }));
{
	const [four, port] = blackHole(AF_INET, "127.0.0.1");
	const [six] = blackHole(AF_INET6, "::1", port);
	const options = { timeout: 60, attemptDelay: 10 };
	await scenario("no answer at all", (twin) => attempt(twin, "both.test", port, options));
	await scenario("aborted", (twin) => {
		const controller = new AbortController();
		// Both attempts are on their way by then; a blocking form cannot be aborted.
		if (twin.name === "blocking") controller.abort();
		else setTimeout(() => controller.abort(), 40);
		return attempt(twin, "both.test", port, { signal: controller.signal, attemptDelay: 10 });
	});
	for (const socket of [...four, ...six]) socket.close();
}

process.stdout.write(`${JSON.stringify(all)}\n`);
