/**
 * What `sock connect` does.
 */
import { describeAddress, type Socket, SocketError } from "berkeley";
import { describePlace, type Place } from "../place.js";
import { say } from "../say.js";
import { carryToPeer } from "./datagrams.js";
import { Idle } from "./idle.js";
import { Input } from "./input.js";
import { connectFailure, openConnection } from "./open.js";
import { carryStream } from "./streams.js";
import { describeTraffic, type Traffic } from "./traffic.js";

/** How to connect. */
export interface ConnectRun {
	source?: string;
	/** Milliseconds. */
	timeout?: number;
	shutdown: boolean;
	verbose: boolean;
}

/** Connects to a place and carries standard input and output until both directions have ended. */
export async function connect(place: Place, options: ConnectRun): Promise<void> {
	using idle = new Idle(options.timeout);
	const where = describePlace(place);
	using socket = await openConnection(place, options.source, idle.signal).catch((error: unknown) => {
		throw connectFailure(error, where);
	});
	idle.stir();
	const peer = peerOf(socket, where);
	if (options.verbose) say(`connected to ${peer} from ${describeAddress(socket.getsockname())}`);
	const traffic: Traffic = { sent: 0, received: 0 };
	try {
		if (place.kind === "datagram") await carryToPeer(socket, new Input(), idle, traffic);
		else await carryStream(socket, new Input(), { shutdown: options.shutdown, idle, peer }, traffic);
	} finally {
		if (options.verbose) say(describeTraffic(traffic));
	}
}

/** Who is at the other end. A peer that reset the connection at once has no name any more. */
function peerOf(socket: Socket, where: string): string {
	try {
		return describeAddress(socket.getpeername());
	} catch (error) {
		if (error instanceof SocketError && error.code === "ENOTCONN") return where;
		throw error;
	}
}
