/**
 * What `sock listen` does.
 */
import { type Address, describeAddress, type Socket } from "berkeley";
import { describeFailure, Failure, OutputClosed } from "../failure.js";
import type { Place } from "../place.js";
import { say } from "../say.js";
import { carryFromAnyone } from "./datagrams.js";
import { Idle, IdleExpired } from "./idle.js";
import { Input } from "./input.js";
import { openListener } from "./open.js";
import { carryStream } from "./streams.js";
import { describeTraffic, type Traffic } from "./traffic.js";
import { removeAll } from "./unixpath.js";

/** How to listen. */
export interface ListenRun {
	keep: boolean;
	/** Milliseconds. */
	timeout?: number;
	shutdown: boolean;
	verbose: boolean;
}

/** Waits for a peer and carries standard input and output until both directions have ended. */
export async function listen(place: Place, options: ListenRun): Promise<void> {
	using idle = new Idle(options.timeout);
	using socket = await openListener(place, idle.signal);
	say(`listening on ${describeAddress(socket.getsockname())}`);
	if (place.kind === "datagram") await takeDatagrams(socket, idle, options);
	else await takeConnections(socket, idle, options);
}

async function takeDatagrams(socket: Socket, idle: Idle, options: ListenRun): Promise<void> {
	const traffic: Traffic = { sent: 0, received: 0 };
	const { keep, verbose } = options;
	const count = await carryFromAnyone(socket, new Input(), idle, { anybody: keep, verbose }, traffic);
	if (count === 0) throw nobodyCame(socket.getsockname(), idle);
	if (verbose) say(describeTraffic(traffic));
}

async function takeConnections(listener: Socket, first: Idle, options: ListenRun): Promise<void> {
	const input = new Input();
	const place = listener.getsockname();
	let idle = first;
	for (let served = 0; ; served++) {
		try {
			const [socket, peer] = await listener.accept({ signal: idle.signal });
			if (!options.keep) {
				listener.close();
				removeAll();
			}
			idle.stir();
			await carryConnection(socket, peer, input, idle, options);
		} catch (error) {
			if (!(error instanceof IdleExpired)) throw error;
			if (served > 0) return;
			throw nobodyCame(place, idle);
		} finally {
			idle[Symbol.dispose]();
		}
		if (!options.keep) return;
		idle = new Idle(options.timeout);
	}
}

async function carryConnection(
	connection: Socket,
	address: Address,
	input: Input,
	idle: Idle,
	{ keep, shutdown, verbose }: ListenRun,
): Promise<void> {
	using socket = connection;
	const peer = describeAddress(address);
	if (verbose) say(`connection from ${peer}`);
	const traffic: Traffic = { sent: 0, received: 0 };
	try {
		await carryStream(socket, input, { shutdown, idle, peer }, traffic);
	} catch (error) {
		// With -k one peer's failure is not the listener's.
		if (!keep || error instanceof OutputClosed) throw error;
		say(`sock: ${peer}: ${describeFailure(error)}`);
	} finally {
		if (verbose) say(`${peer}: ${describeTraffic(traffic)}`);
	}
}

function nobodyCame(place: Address, { limit = 0 }: Idle): Failure {
	return new Failure(
		`listening on ${describeAddress(place)}: nobody came within ${new IdleExpired(limit).span}`,
	);
}
