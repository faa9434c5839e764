/**
 * Probes TCP ports by connecting to them, which needs no privilege.
 */
import { SOCK_STREAM, Socket, TimeoutError, tcp } from "berkeley";
import { codeOf } from "../failure.js";
import { describeIcmp, type IcmpError, nextIcmpError, queueErrors, takeError } from "./icmp.js";
import { printable } from "./payloads/bytes.js";
import { addressAt, type Host, type Targets } from "./targets.js";
import { inMilliseconds, inSeconds, type Verdict } from "./verdict.js";

/** How TCP ports are probed. */
export interface TcpOptions {
	/** How long an answer is waited for, in milliseconds. */
	readonly timeout: number;
	/** How long the service is waited for to say something, in milliseconds; undefined does not wait. */
	readonly banner: number | undefined;
	readonly signal: AbortSignal;
}

/** Errors of this machine, before anything went out. */
const local = new Set(["EACCES", "EPERM", "EADDRNOTAVAIL", "ENETUNREACH", "EINVAL", "ENETDOWN", "ENOBUFS"]);

/** Connects to a port, and says what became of it. */
export async function connectTo(
	family: Targets["family"],
	host: Host,
	port: number,
	{ timeout, banner, signal }: TcpOptions,
): Promise<Verdict> {
	const socket: Socket = new Socket(family, SOCK_STREAM);
	try {
		queueErrors(socket);
		const began = performance.now();
		const failed = await connectOrFail(socket, addressAt(host, port), timeout, signal);
		if (failed !== undefined) {
			return { port, ...failure(socket, host, failed, performance.now() - began) };
		}
		const { rtt, totalRetrans = 0 } = socket.get(tcp.info);
		// The kernel's own measure, without the time that this process took to look; it has none when it sent twice.
		const milliseconds = totalRetrans === 0 && rtt > 0 ? rtt / 1000 : performance.now() - began;
		const said = banner === undefined ? undefined : await bannerOf(socket, banner, signal);
		return {
			port,
			state: "open",
			reason: "syn-ack",
			evidence: `syn-ack in ${inMilliseconds(milliseconds)}${said === undefined ? "" : `, says "${said}"`}`,
			attempts: 1 + totalRetrans,
			milliseconds,
			banner: said,
		};
	} finally {
		socket.close();
	}
}

/** How an attempt ended: undefined is a connection. */
type Outcome = { readonly icmp: IcmpError } | { readonly error: unknown } | undefined;

/** Connects; gives the ICMP error, or else the operation's, when that fails. */
async function connectOrFail(
	socket: Socket,
	address: ReturnType<typeof addressAt>,
	timeout: number,
	signal: AbortSignal,
): Promise<Outcome> {
	const over = new AbortController();
	const connected = socket.connect(address, { timeout, signal }).then(
		(): Outcome => undefined,
		(error: unknown): Outcome => ({ error }),
	);
	// An ICMP error that comes while connect(2) runs, as on a virtual cable, is queued, but does not end the attempt.
	const refused = nextIcmpError(socket, over.signal).then(
		(icmp): Outcome => ({ icmp }),
		(): Outcome => undefined,
	);
	const first = await Promise.race([connected, refused.then((found) => found ?? connected)]);
	const queued = first !== undefined && "error" in first ? takeError(socket)?.icmp : undefined;
	over.abort();
	signal.throwIfAborted();
	if (first === undefined || "icmp" in first) return first;
	return (queued === undefined ? await refused : { icmp: queued }) ?? first;
}

function failure(
	socket: Socket,
	host: Host,
	failed: NonNullable<Outcome>,
	milliseconds: number,
): Omit<Verdict, "port"> {
	if ("icmp" in failed) return byIcmp(host, failed.icmp, milliseconds);
	const { error } = failed;
	if (error instanceof TimeoutError) {
		// Of a socket that was given up the kernel still knows how often it sent.
		const attempts = 1 + (socket.get(tcp.info).totalRetrans ?? 0);
		const sent = attempts === 1 ? "a syn" : `${attempts} syns`;
		return {
			state: "filtered",
			reason: "no-answer",
			evidence: `no answer to ${sent} in ${inSeconds(milliseconds)}`,
			attempts,
		};
	}
	const code = codeOf(error);
	if (code === "ECONNREFUSED") {
		const evidence = `connection refused (rst) in ${inMilliseconds(milliseconds)}`;
		return { state: "closed", reason: "reset", evidence, attempts: 1, milliseconds };
	}
	// Where no segment went out it is a route that says so, and not a router.
	const isUnsent = code === "EHOSTUNREACH" && socket.get(tcp.info).segsOut === 0;
	if (isUnsent || (code !== undefined && local.has(code))) {
		return { state: "unknown", reason: "local-error", evidence: (error as Error).message, attempts: 0 };
	}
	if (code === "EHOSTUNREACH" || code === "ETIMEDOUT" || code === "ENOPROTOOPT" || code === "ECONNRESET") {
		return { state: "filtered", reason: "refused", evidence: (error as Error).message };
	}
	throw error;
}

/** What an ICMP error says: a port of TCP is closed by a reset, so that any other error is a filter's or a router's. */
function byIcmp(host: Host, icmp: IcmpError, milliseconds: number): Omit<Verdict, "port"> {
	return {
		state: "filtered",
		reason: "icmp",
		evidence: `${describeIcmp(host, icmp)} in ${inMilliseconds(milliseconds)}`,
		attempts: 1,
		milliseconds,
		icmp,
	};
}

/** What a service says when it is connected to, as far as it comes within the time. */
async function bannerOf(socket: Socket, timeout: number, signal: AbortSignal): Promise<string | undefined> {
	try {
		return printable(await socket.recv(256, 0, { timeout, signal })) || undefined;
	} catch {
		signal.throwIfAborted();
		// It says nothing, or went away: the port is open all the same.
		return undefined;
	}
}
