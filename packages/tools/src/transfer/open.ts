/**
 * Opens the sockets that the command line asks for.
 */
import {
	AF_INET6,
	AF_UNIX,
	createConnection,
	createServer,
	hasDualstackIpv6,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
} from "berkeley";
import { Failure } from "../failure.js";
import { type InternetPlace, type Place, type UnixPlace, unixAddress } from "../place.js";
import { IdleExpired } from "./idle.js";
import { addressOf, familyOf, portOf } from "./resolve.js";
import { removeAtEnd } from "./unixpath.js";

const unixTypes = { stream: SOCK_STREAM, datagram: SOCK_DGRAM, seqpacket: SOCK_SEQPACKET };

/**
 * A socket that is connected to a place.
 * @param source the local address: a host, or a path; undefined for any
 */
export async function openConnection(
	place: Place,
	source: string | undefined,
	signal: AbortSignal,
): Promise<Socket> {
	if ("path" in place) return connectUnix(place, source, signal);
	return place.kind === "stream" ? connectTcp(place, source, signal) : connectUdp(place, source, signal);
}

/** A socket that is bound to a place, and listens unless it is for datagrams. */
export async function openListener(place: Place, signal: AbortSignal): Promise<Socket> {
	if ("path" in place) return listenUnix(place);
	const { family, address } = await addressOf(place, signal);
	if (place.kind === "datagram") return bound(new Socket(family, SOCK_DGRAM), address);
	const everywhere = family === AF_INET6 && address.host === "::" && place.version !== 6;
	return createServer(address, { family, dualstackIpv6: everywhere && hasDualstackIpv6() });
}

/** Says how long a connection was waited for, when that is why there is none. */
export function connectFailure(error: unknown, where: string): unknown {
	return error instanceof IdleExpired
		? new Failure(`connect ${where}: no answer within ${error.span}`)
		: error;
}

async function connectTcp(
	place: InternetPlace,
	source: string | undefined,
	signal: AbortSignal,
): Promise<Socket> {
	const local = await sourceOf(place, source, signal);
	return createConnection(
		{ host: place.host, port: portOf(place) },
		{ family: familyOf(local?.version ?? place.version), sourceAddress: local?.address, signal },
	);
}

async function connectUdp(
	place: InternetPlace,
	source: string | undefined,
	signal: AbortSignal,
): Promise<Socket> {
	const local = await sourceOf(place, source, signal);
	const { family, address } = await addressOf({ ...place, version: local?.version ?? place.version }, signal);
	const socket: Socket = new Socket(family, SOCK_DGRAM);
	return orClose(socket, async () => {
		if (local !== undefined) socket.bind(local.address);
		await socket.connect(address, { signal });
	});
}

async function connectUnix(
	place: UnixPlace,
	source: string | undefined,
	signal: AbortSignal,
): Promise<Socket> {
	const socket = new Socket(AF_UNIX, unixTypes[place.kind]);
	return orClose(socket, async () => {
		if (place.kind === "datagram") {
			// Without a name there could be no answer. Binding to "" lets the kernel choose an abstract name.
			const name = source === undefined ? "" : unixAddress(source);
			socket.bind(name);
			removeAtEnd(name);
		}
		await socket.connect(place.path, { signal });
	});
}

function listenUnix({ path, kind }: UnixPlace): Socket {
	const socket: Socket = bound(new Socket(AF_UNIX, unixTypes[kind]), path);
	removeAtEnd(path);
	if (kind !== "datagram") socket.listen();
	return socket;
}

/** The local address, with port 0, and its IP version. */
async function sourceOf(place: InternetPlace, source: string | undefined, signal: AbortSignal) {
	if (source === undefined) return undefined;
	const { family, address } = await addressOf({ ...place, host: source, port: "0" }, signal);
	return { address, version: family === AF_INET6 ? (6 as const) : (4 as const) };
}

function bound<Family extends number>(
	socket: Socket<Family>,
	address: Parameters<Socket<Family>["bind"]>[0],
): Socket {
	try {
		socket.bind(address);
		return socket as Socket;
	} catch (error) {
		socket.close();
		throw error;
	}
}

async function orClose(socket: Socket, prepare: () => Promise<void>): Promise<Socket> {
	try {
		await prepare();
		return socket;
	} catch (error) {
		socket.close();
		throw error;
	}
}
