/**
 * `restartable()`: both sides of a restart in one call.
 */
import type { Address } from "../../address/types.js";
import { describeAddress } from "../../errors.js";
import { resolveAddressSync } from "../../resolve/resolveaddress.js";
import type { Socket } from "../../socket/socket.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { decodeSockaddr, encodeSockaddr } from "../../sys/sockaddr.js";
import { checkServing, type ServeForeverOptions } from "../base.js";
import { StreamServer } from "../streamserver.js";
import { tell } from "../systemd/service.js";
import {
	checkHandover,
	Handover,
	type HandoverOptions,
	type PassingServer,
	type PassingServers,
	serversByName,
} from "./handover.js";
import { checkPlace, MeetingPlace, removeAbandoned } from "./meetingplace.js";
import { inherit, type TakenOver, takeOver } from "./takeover.js";

/** How restartable() takes over, serves and hands over. */
export interface RestartableOptions extends HandoverOptions, ServeForeverOptions {
	/** Gives up the waiting for the other process. */
	signal?: AbortSignal | undefined;
}

/**
 * Lets servers serve such that starting the program again replaces this process without a gap:
 * `await restartable(server, "/run/my-server/restart")`. Takes the sockets of the process that offers them at the path,
 * where there is one, and binds those that it does not have, or has at another address; serves by serveForever();
 * lets the other process stop; and offers the sockets to the next one. When it fails the other process goes on.
 * Where there is none, what a crash has left is replaced: the file of the meeting place, and that of a Unix server.
 * @param servers one, or several by name, which are not open yet
 * @param path as handover() takes it
 * @returns the offer, when this process serves alone; `done` tells when a successor has replaced it
 * @throws as takeOver(), open() and handover() do
 */
export async function restartable(
	servers: PassingServers,
	path: string,
	options: RestartableOptions = {},
): Promise<Handover> {
	const byName = serversByName(servers);
	checkPlace(path);
	checkHandover(options);
	checkServing(options);
	for (const [name, server] of byName) {
		if (!server.unopened) throw new TypeError(`the server ${JSON.stringify(name)} is open already`);
	}
	const { timeout, signal, user } = options;
	const taken = await takeOver(path, { timeout, signal, user });
	// Held from now on, it keeps out a process that was started at the same time.
	const place = taken === undefined ? MeetingPlace.open(path) : undefined;
	try {
		for (const [name, server] of byName) {
			if (taken === undefined) removeFile(server);
			else adoptFrom(taken, name, server);
			server.open();
		}
		for (const server of byName.values()) {
			const loop = server.serveForever(options);
			// What an attribute makes impossible shows at once, while the other process still serves.
			if (!server.serving) await loop;
			// Who cares takes it from `ended`; what nobody takes is an unhandled rejection.
			void loop;
		}
		await Promise.all([...byName.values()].map((server) => server.prepared()));
		await taken?.ready();
		if (taken !== undefined && [...byName.values()].some(({ systemd }) => systemd)) {
			await tell({ MAINPID: process.pid, READY: 1 });
		}
		return new Handover(byName, place ?? inherit(taken as TakenOver), options, taken?.pid);
	} catch (error) {
		// What a server failed with is told already.
		for (const server of byName.values()) server.ended.catch(() => {});
		taken?.close();
		place?.close();
		await Promise.allSettled([...byName.values()].map((server) => server.close({ grace: options.grace })));
		throw error;
	}
}

/** Gives a server its socket from the other process, when that is bound where the server is to be. */
function adoptFrom(taken: TakenOver, name: string, server: PassingServer): void {
	if (!taken.has(name)) return;
	const socket = taken.socket(name);
	const { family, type } = socket;
	const same = family === server.addressFamily && type === server.socketType;
	if (!same || !isWhere(socket, server.givenAddress as Address)) {
		socket.close();
		return;
	}
	server.adopt(socket);
	if (server instanceof StreamServer) socket.listen(server.requestQueueSize);
}

/** Whether a socket is bound to an address as bind(2) would understand it. */
function isWhere(socket: Socket, wanted: Address): boolean {
	if (wanted === "") return true;
	const room = Buffer.alloc(128);
	const length = encodeSockaddr(socket.family, resolveAddressSync(socket.family, wanted), room);
	const numeric = length < 0 ? undefined : (decodeSockaddr(room, length) as Address);
	const actual = socket.getsockname() as Address;
	if (typeof numeric === "object" && "port" in numeric && typeof actual === "object" && "port" in actual) {
		// The kernel has chosen.
		if (numeric.port === 0)
			return describeAddress({ ...numeric, port: actual.port }) === describeAddress(actual);
	}
	return describeAddress(numeric) === describeAddress(actual);
}

/** Removes the file of a Unix server that nobody has open any more. */
function removeFile(server: PassingServer): void {
	if (server.addressFamily !== AF_UNIX) return;
	removeAbandoned(server.givenAddress as string, server.socketType);
}
