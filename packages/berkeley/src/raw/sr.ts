/**
 * `sr()` and its relatives: packets out, and what answers them.
 */
import { kindOf } from "../address/bytes.js";
import type { SocketError } from "../errors.js";
import type { AnyCodec } from "../packet/layer.js";
import type { Packet } from "../packet/packet.js";
import { Bell } from "./bell.js";
import { type Answer, type Exchange, type ExchangeManner, Exchanger, type Refused } from "./exchange.js";
import { codecOf, type FrameLink } from "./framelink.js";
import { FrameWire } from "./framewire.js";
import { IpWire } from "./ipwire.js";
import { Listener } from "./listener.js";
import { checkAnswering, checkInterface, checkSending, type SrOptions, type SrpOptions } from "./options.js";
import type { Many, OutgoingFrame, OutgoingPacket } from "./packets.js";
import { replyProgram } from "./replyfilter.js";
import { prepareAll } from "./send.js";
import type { Prepared, Wire } from "./wire.js";

/** What came of sr() and srp(). */
export interface Answers {
	/** Requests with their answers, in the order in which these came. */
	readonly answered: readonly Answer[];
	/** Requests that nobody answered, in their order. */
	readonly unanswered: readonly Packet[];
	/** Requests that the kernel refused to send, in their order, each with its error: `[request, , { error }]`. */
	readonly refused: readonly Refused[];
	/** How many packets the kernel had no room for: above 0, answers may be missing. */
	readonly dropped: number;
}

/**
 * Sends IP packets as send() does, and waits for the answers, at all interfaces, or at one if that is said. Scapy's
 * sr(). Needs CAP_NET_RAW.
 *
 * ```ts
 * const { answered, unanswered, refused } = await sr(probes, { timeout: 1000, retries: 1, rate: 100 });
 * for (const [request, reply, { rtt }] of answered) console.log(reply.summary(), rtt);
 * for (const [request, , { error }] of refused) console.log(request.summary(), error.message);
 * ```
 *
 * What the kernel refuses to send, as there is no route, or a firewall forbids it, is in `refused`, and the others go
 * on: where scapy logs the error and sends no more. Of a packet without a source that is refused, the source is
 * 0.0.0.0 or `::`. A full queue of an interface is tried again for `timeout` milliseconds.
 *
 * The kernel knows nothing of these requests: it answers a SYN/ACK that comes for one with a reset, and a UDP answer
 * with "port unreachable".
 * @throws TypeError, RangeError for what is no IP packet, before anything is sent if the packets are an array;
 *   SocketError for what concerns all of them: EPERM without CAP_NET_RAW, ENODEV …; the signal's reason; FilterError
 */
export function sr(packets: Many<OutgoingPacket>, options: SrOptions = {}): Promise<Answers> {
	return collect((tell) => exchanges("sr", packets, options, tell));
}

/**
 * The first answer to any of the packets; undefined where none came in time. Otherwise as sr(). Scapy's sr1().
 * @throws as sr() does; and SocketError where the kernel refused to send the packet, or all of them: the first error
 */
export async function sr1(
	packets: Many<OutgoingPacket>,
	options: SrOptions = {},
): Promise<Packet | undefined> {
	return first(exchanges("sr1", packets, options));
}

/**
 * sr() as an iterator: each request with its answer as soon as that comes, and with undefined when none came in time,
 * or when the kernel refused to send it, which `details.error` tells.
 * Nothing is kept: who is slow to take them slows the sending down. The loop may be left at any time.
 *
 * ```ts
 * for await (const [request, reply] of srIter(probes)) console.log(request.summary(), reply?.summary() ?? "nothing");
 * ```
 */
export function srIter(
	packets: Many<OutgoingPacket>,
	options: SrOptions = {},
): AsyncGenerator<Exchange, void, undefined> {
	return exchanges("srIter", packets, options);
}

/**
 * Sends frames as sendp() does, and waits for the answers at the same interface. A VLAN tag that the kernel took off is
 * back in its place. Scapy's srp(). Needs CAP_NET_RAW. A frame that the interface has no room for within the timeout,
 * or that is too long for it, is in `refused`.
 * @throws TypeError, RangeError for what is no frame, before anything is sent if the frames are an array; SocketError
 *   for what concerns all of them: EPERM without CAP_NET_RAW, ENODEV, ENETDOWN …; the signal's reason; FilterError
 */
export function srp(frames: Many<OutgoingFrame>, options: SrpOptions): Promise<Answers> {
	return collect((tell) => frameExchanges("srp", frames, options, tell));
}

/** The first answer to any of the frames, as sr1() gives it. Otherwise as srp(). Scapy's srp1(). @throws as sr1() does */
export async function srp1(frames: Many<OutgoingFrame>, options: SrpOptions): Promise<Packet | undefined> {
	return first(frameExchanges("srp1", frames, options));
}

/** srp() as an iterator, as srIter() is of sr(). */
export function srpIter(
	frames: Many<OutgoingFrame>,
	options: SrpOptions,
): AsyncGenerator<Exchange, void, undefined> {
	return frameExchanges("srpIter", frames, options);
}

type TellDropped = (dropped: number) => void;

async function collect(
	begin: (tell: TellDropped) => AsyncGenerator<Exchange, void, undefined>,
): Promise<Answers> {
	const answered: Answer[] = [];
	const silent: { index: number; request: Packet }[] = [];
	const refused: Refused[] = [];
	let dropped = 0;
	const all = begin((count) => {
		dropped = count;
	});
	for await (const exchange of all) {
		if (isRefused(exchange)) refused.push(exchange);
		else if (isAnswer(exchange)) answered.push(exchange);
		else silent.push({ index: exchange[2].index, request: exchange[0] });
	}
	silent.sort((one, other) => one.index - other.index);
	refused.sort((one, other) => one[2].index - other[2].index);
	return { answered, unanswered: silent.map(({ request }) => request), refused, dropped };
}

async function first(all: AsyncGenerator<Exchange, void, undefined>): Promise<Packet | undefined> {
	let error: SocketError | undefined;
	let isAnySent = false;
	for await (const [, reply, details] of all) {
		if (reply !== undefined) return reply;
		error ??= details.error;
		isAnySent ||= details.error === undefined;
	}
	if (error !== undefined && !isAnySent) throw error;
	return undefined;
}

function isAnswer(exchange: Exchange): exchange is Answer {
	return exchange[1] !== undefined;
}

function isRefused(exchange: Exchange): exchange is Refused {
	return exchange[2].error !== undefined;
}

function exchanges(
	name: string,
	packets: unknown,
	options: SrOptions,
	tell?: TellDropped,
): AsyncGenerator<Exchange, void, undefined> {
	checkSending(name, options);
	const manner = checkAnswering(name, options);
	const open = (): Opened => ({ wire: new IpWire(name, options), link: "raw" });
	return run(name, packets, { open, manner, cooked: true, promiscuous: false, options, tell });
}

function frameExchanges(
	name: string,
	frames: unknown,
	options: SrpOptions,
	tell?: TellDropped,
): AsyncGenerator<Exchange, void, undefined> {
	checkSending(name, options);
	const device = checkInterface(name, options.interface);
	const manner = checkAnswering(name, options);
	const { promiscuous = false } = options;
	if (typeof promiscuous !== "boolean") {
		throw new TypeError(`${name}: promiscuous must be a boolean, not ${kindOf(promiscuous)}`);
	}
	const open = (): Opened => {
		const wire = new FrameWire(name, device);
		return { wire, link: wire.link };
	};
	return run(name, frames, { open, manner, cooked: false, promiscuous, options, tell });
}

interface Opened {
	readonly wire: Wire;
	readonly link: FrameLink;
}

interface Run {
	readonly open: () => Opened;
	readonly manner: ExchangeManner;
	readonly cooked: boolean;
	readonly promiscuous: boolean;
	readonly options: SrOptions;
	readonly tell: TellDropped | undefined;
}

async function* run(name: string, packets: unknown, how: Run): AsyncGenerator<Exchange, void, undefined> {
	const { manner, cooked, promiscuous, options } = how;
	const { signal } = options;
	signal?.throwIfAborted();
	const { wire, link } = how.open();
	const stop = new AbortController();
	const abort = (): void => stop.abort(signal?.reason);
	let listener: Listener | undefined;
	let running: Promise<void> | undefined;
	try {
		signal?.addEventListener("abort", abort);
		const requests = prepareAll(name, wire, packets, stop.signal);
		const queue = new Queue();
		const exchanger = new Exchanger(manner, {
			wire,
			signal: stop.signal,
			codec: (bytes): AnyCodec => codecOf(link, bytes),
			emit: (exchange) => queue.put(exchange),
			untaken: () => queue.size,
			backlog: () => listener?.backlog ?? 0,
		});
		const known = manner.keyed && Array.isArray(requests) ? packetsOf(requests) : undefined;
		const program = replyProgram({ link, filter: options.filter, cooked, requests: known });
		listener = new Listener({ interface: options.interface, link, cooked, program, promiscuous }, (arrival) =>
			exchanger.take(arrival),
		);
		listener.ended.catch((reason) => stop.abort(reason));
		running = exchanger.run(requests);
		running.then(
			() => queue.end(),
			(reason) => queue.end(reason),
		);
		for await (const exchange of queue) {
			yield exchange;
			exchanger.taken();
		}
		how.tell?.(listener.dropped);
	} finally {
		signal?.removeEventListener("abort", abort);
		stop.abort();
		await running?.catch(() => {});
		listener?.close();
		wire.close();
	}
}

/** What will be sent. */
function packetsOf(requests: readonly Prepared[]): Packet[] {
	return requests.filter(({ refusal }) => refusal === undefined).map(({ packet }) => packet);
}

/** What was found, until somebody takes it. */
class Queue implements AsyncIterable<Exchange> {
	readonly #items: Exchange[] = [];
	readonly #bell = new Bell();
	#over: { readonly reason?: unknown; readonly failed: boolean } | undefined;

	get size(): number {
		return this.#items.length;
	}

	put(exchange: Exchange): void {
		this.#items.push(exchange);
		this.#bell.ring();
	}

	end(...reason: [reason?: unknown]): void {
		this.#over = { reason: reason[0], failed: reason.length > 0 };
		this.#bell.ring();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Exchange, void, undefined> {
		for (;;) {
			for (let next = this.#items.shift(); next !== undefined; next = this.#items.shift()) yield next;
			if (this.#over !== undefined) {
				if (this.#over.failed) throw this.#over.reason;
				return;
			}
			await this.#bell.heard();
		}
	}
}
