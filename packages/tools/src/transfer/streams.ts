/**
 * Standard input and output on a connection. Each direction ends by itself (half-close), and neither reads
 * ahead of its writer (back-pressure).
 */
import { SHUT_WR, SOCK_STREAM, type Socket } from "berkeley";
import { codeOf, Failure } from "../failure.js";
import { type Idle, IdleExpired } from "./idle.js";
import type { Input } from "./input.js";
import { writeOut } from "./output.js";
import type { Traffic } from "./traffic.js";

/** How a connection is used. */
export interface StreamOptions {
	/** Whether the end of standard input ends the sending side. */
	shutdown: boolean;
	idle: Idle;
	/** The peer, for messages. */
	peer: string;
}

// A stream takes any size. A record is taken whole or cut: net.core.wmem_max keeps them far below this.
const streamRoom = 0x10000;
const recordRoom = 0x100000;

/** Carries both directions until each has ended. The counts are kept up to date, also when it throws. */
export async function carryStream(
	socket: Socket,
	input: Input,
	{ shutdown, idle, peer }: StreamOptions,
	traffic: Traffic,
): Promise<void> {
	const inputUnwanted = new AbortController();
	const wanted = AbortSignal.any([inputUnwanted.signal, idle.signal]);

	async function receive(): Promise<void> {
		try {
			const room = Buffer.allocUnsafe(socket.type === SOCK_STREAM ? streamRoom : recordRoom);
			for (;;) {
				const size = await socket.recvInto(room, 0, { signal: idle.signal });
				if (size === 0) break;
				traffic.received += size;
				idle.stir();
				await writeOut(room.subarray(0, size));
				idle.stir();
			}
			// Who types cannot see that the peer may still be listening, and takes its end for the end.
			if (input.isTerminal) inputUnwanted.abort();
		} catch (error) {
			inputUnwanted.abort();
			throw error;
		}
	}

	async function send(): Promise<void> {
		for (;;) {
			const chunk = await input.read(wanted).catch((error: unknown) => {
				if (inputUnwanted.signal.aborted) return undefined;
				throw error;
			});
			if (chunk === undefined) break;
			// sendall would cut nothing off a record either: the kernel takes it whole.
			await socket.sendall(chunk, 0, { signal: idle.signal });
			traffic.sent += chunk.length;
			idle.stir();
		}
		if (shutdown && !inputUnwanted.signal.aborted) endSending(socket);
	}

	// When nothing more can be sent, what the peer said before it went away is still there to be received.
	const [received, sent] = await Promise.allSettled([receive(), send()]);
	const failed = [received, sent].find((outcome) => outcome.status === "rejected");
	if (failed === undefined) return;
	if (failed.reason instanceof IdleExpired)
		throw new Failure(`${peer}: nothing moved for ${failed.reason.span}`);
	throw failed.reason;
}

function endSending(socket: Socket): void {
	try {
		socket.shutdown(SHUT_WR);
	} catch (error) {
		// The peer has reset the connection or is gone, which receiving tells.
		if (codeOf(error) !== "ENOTCONN") throw error;
	}
}
