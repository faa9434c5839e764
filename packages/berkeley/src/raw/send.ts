/**
 * `send()` and `sendp()`: packets out, without a look at what comes back.
 */
import { FrameWire } from "./framewire.js";
import { IpWire } from "./ipwire.js";
import { checkInterface, checkSending, type SendOptions, type SendpOptions } from "./options.js";
import { Pace, type PaceOptions } from "./pace.js";
import { listed, type Many, type OutgoingFrame, type OutgoingPacket } from "./packets.js";
import type { Prepared, Wire } from "./wire.js";

/**
 * Sends IP packets with headers of our own; the kernel finds the way. Scapy's send(). Needs CAP_NET_RAW.
 *
 * Of IPv4 the kernel fills in the checksum of the header and the total length, whatever they are, and the source
 * where it is 0.0.0.0: raw(7). What an interface's queue has no room for is lost without a notice. To send
 * other headers, use sendp().
 * @param packets `[ipv4({ … }), tcp({ … }), "text"]`, bytes, or many of either, in an array or from an iterator
 * @returns how many were sent; a packet that is cut into fragments is one
 * @throws SocketError EPERM without CAP_NET_RAW, EMSGSIZE for what is longer than the MTU, ENETUNREACH …;
 *   TypeError, RangeError for what is no IP packet, before anything is sent if the packets are an array
 */
export async function send(packets: Many<OutgoingPacket>, options: SendOptions = {}): Promise<number> {
	checkSending("send", options);
	return sendAll("send", new IpWire("send", options), packets, options);
}

/**
 * Sends frames, as they are, out of an interface. Scapy's sendp(). Needs CAP_NET_RAW.
 *
 * Of an Ethernet header `{ layer: "ethernet", destination }` the source is filled in with the interface's address.
 * Nothing else is: addresses inside are the user's business, as is the next hop's hardware address. Frames of
 * interfaces that have no header of a link, such as tun, begin with IP.
 * @param frames `[ethernet({ … }), arp({ … })]`, bytes, or many of either, in an array or from an iterator
 * @returns how many were sent
 * @throws SocketError EPERM without CAP_NET_RAW, ENODEV, ENETDOWN, EMSGSIZE for what is longer than the MTU and the
 *   header, ENOBUFS when the interface's queue stays full for five seconds; TypeError, RangeError for what is no frame, before anything is sent if the frames are an array
 */
export async function sendp(frames: Many<OutgoingFrame>, options: SendpOptions): Promise<number> {
	checkSending("sendp", options);
	const device = checkInterface("sendp", options.interface);
	return sendAll("sendp", new FrameWire("sendp", device), frames, options);
}

async function sendAll(
	name: string,
	wire: Wire,
	packets: unknown,
	options: PaceOptions & { readonly signal?: AbortSignal | undefined },
): Promise<number> {
	const { signal } = options;
	try {
		const pace = new Pace(options);
		let count = 0;
		const requests = prepareAll(name, wire, packets, signal);
		if (Array.isArray(requests)) refuseAny(requests);
		for await (const prepared of requests) {
			await pace.turn(signal);
			await wire.send(prepared, { signal });
			count++;
		}
		return count;
	} finally {
		wire.close();
	}
}

/** Nothing of an array is sent when it is known that something of it cannot be. */
function refuseAny(requests: readonly Prepared[]): void {
	for (const { refusal } of requests) {
		if (refusal !== undefined) throw refusal;
	}
}

/** What is to go out: all of an array is made ready at once, so that nothing is sent if something is wrong. */
export function prepareAll(
	name: string,
	wire: Wire,
	packets: unknown,
	signal: AbortSignal | undefined,
): readonly Prepared[] | AsyncIterable<Prepared> {
	const list = listed(name, packets);
	if (Array.isArray(list)) return list.map((each) => wire.prepare(each));
	return prepareEach(wire, list, signal);
}

async function* prepareEach(
	wire: Wire,
	list: Iterable<unknown> | AsyncIterable<unknown>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Prepared, void, undefined> {
	const iterator = Symbol.asyncIterator in list ? list[Symbol.asyncIterator]() : list[Symbol.iterator]();
	let isOver = false;
	try {
		for (;;) {
			const step = await unlessAborted(iterator.next(), signal);
			isOver = step.done === true;
			if (isOver) return;
			yield wire.prepare(step.value);
		}
	} finally {
		// Not waited for: it may be in the middle of something that never comes.
		if (!isOver) Promise.resolve(iterator.return?.()).catch(() => {});
	}
}

/** The result, or the signal's reason if that comes before. */
async function unlessAborted<T>(result: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	signal?.throwIfAborted();
	if (signal === undefined || !(result instanceof Promise)) return result;
	let abort = (): void => {};
	const aborted = new Promise<never>((_, reject) => {
		abort = () => reject(signal.reason);
		signal.addEventListener("abort", abort);
	});
	try {
		return await Promise.race([result, aborted]);
	} finally {
		signal.removeEventListener("abort", abort);
	}
}
