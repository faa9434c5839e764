/**
 * Standard input and output on datagrams. What is read at once goes out as one datagram; there is no end on the
 * wire, so silence is the end.
 */
import { type Address, AF_INET, AF_INET6, describeAddress, MSG_TRUNC, type Socket } from "berkeley";
import { codeOf, Failure } from "../failure.js";
import { say } from "../say.js";
import { type Idle, IdleExpired } from "./idle.js";
import type { Input } from "./input.js";
import { writeOut } from "./output.js";
import type { Traffic } from "./traffic.js";

// The header's 16 bits of length count the UDP header, and in IPv4 the least IP header too.
const largest = new Map<number, number>([
	[AF_INET, 65535 - 20 - 8],
	[AF_INET6, 65535 - 8],
]);
const largestElsewhere = 0x10000;
const room = 0x100000;

/** How long answers are waited for after the end of standard input when -w does not say. */
const patience = 1000;

/** Carries datagrams to and from the connected peer until there is silence after the end of standard input. */
export async function carryToPeer(socket: Socket, input: Input, idle: Idle, traffic: Traffic): Promise<void> {
	const peer = socket.getpeername();

	async function send(): Promise<void> {
		for await (const datagram of datagrams(socket, input, idle.signal)) {
			await socket.send(datagram, 0, { signal: idle.signal });
			traffic.sent += datagram.length;
			idle.stir();
		}
		idle.begin(idle.limit ?? patience);
	}

	try {
		await Promise.all([receive(socket, idle, traffic), send()]);
	} catch (error) {
		if (error instanceof IdleExpired) return;
		// An earlier datagram was answered by ICMP, or the Unix socket is gone; the error shows in any later call.
		if (codeOf(error) !== "ECONNREFUSED") throw error;
		throw new Failure(`${describeAddress(peer)}: connection refused (ECONNREFUSED): nothing listens there`);
	}
}

/**
 * Carries datagrams to and from whoever sends first, or with `anybody` whoever sent last, until there is
 * silence for the time of -w. Gives the number of datagrams that came.
 */
export async function carryFromAnyone(
	socket: Socket,
	input: Input,
	idle: Idle,
	{ anybody, verbose }: { anybody: boolean; verbose: boolean },
	traffic: Traffic,
): Promise<number> {
	let peer: Address | undefined;
	let count = 0;
	let known: () => void = () => {};
	const peerKnown = new Promise<void>((resolve) => {
		known = resolve;
	});

	function accepts(address: Address | undefined): boolean {
		const sender = describeAddress(address);
		const isNew = count === 0 || sender !== describeAddress(peer);
		if (count > 0 && isNew && !anybody) return false;
		if (verbose && isNew) say(`datagrams from ${sender}`);
		peer = address;
		count++;
		known();
		return true;
	}

	async function send(): Promise<void> {
		await peerKnown;
		for await (const datagram of datagrams(socket, input, idle.signal)) {
			if (peer === undefined || peer === "") {
				throw new Failure("the sender's socket has no name, so there is no way to answer it");
			}
			await socket.sendto(datagram, peer, { signal: idle.signal });
			traffic.sent += datagram.length;
			idle.stir();
		}
	}

	const receiving = receive(socket, idle, traffic, accepts);
	try {
		await Promise.all([receiving, Promise.race([send(), receiving])]);
	} catch (error) {
		if (!(error instanceof IdleExpired)) throw error;
	}
	return count;
}

async function receive(
	socket: Socket,
	idle: Idle,
	traffic: Traffic,
	accepts: (address: Address | undefined) => boolean = () => true,
): Promise<never> {
	const buffer = Buffer.allocUnsafe(room);
	for (;;) {
		// With MSG_TRUNC the kernel tells the datagram's own size, however much of it there was room for.
		const [size, address] = await socket.recvfromInto(buffer, MSG_TRUNC, { signal: idle.signal });
		if (!accepts(address)) continue;
		idle.stir();
		if (size > room) say(`a datagram of ${size} bytes was cut to ${room}`);
		traffic.received += Math.min(size, room);
		await writeOut(buffer.subarray(0, Math.min(size, room)));
		idle.stir();
	}
}

/** Standard input in pieces that fit. */
async function* datagrams(
	socket: Socket,
	input: Input,
	signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
	const most = largest.get(socket.family) ?? largestElsewhere;
	for (let chunk = await input.read(signal); chunk !== undefined; chunk = await input.read(signal)) {
		for (let start = 0; start < chunk.length; start += most) yield chunk.subarray(start, start + most);
	}
}
