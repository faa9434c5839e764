/**
 * Connections by host name: every address is tried, and the first that answers wins.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Inet4Address, Inet6Address } from "../address/types.js";
import { checkTimeout, type WaitOptions } from "../arguments.js";
import { GaiError } from "../errors.js";
import { type AddressInfo, getaddrinfo, getaddrinfoSync } from "../resolve/getaddrinfo.js";
import { AF_INET, AF_INET6, AF_UNSPEC } from "../sys/linux/constants/families.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import { Socket } from "./socket.js";

type InetAddress = Inet4Address | Inet6Address;
type InetSocket = Socket<typeof AF_INET | typeof AF_INET6>;

/** How createConnection() connects. */
export interface CreateConnectionOptions extends WaitOptions {
	/** The socket's timeout, in milliseconds, which also limits each attempt; null waits without end. */
	timeout?: number | null | undefined;
	/** Limits the attempts to addresses of AF_INET or of AF_INET6; AF_UNSPEC, both, when left out. */
	family?: typeof AF_INET | typeof AF_INET6 | typeof AF_UNSPEC | undefined;
	/**
	 * The local address to connect from; port 0 lets the kernel choose one. With a host name, or where the host
	 * connected to has addresses of another family, say which by `family`: an attempt fails that cannot have it.
	 */
	sourceAddress?: InetAddress | undefined;
	/** Throws an AggregateError with the errors of all attempts instead of the last error alone. */
	allErrors?: boolean | undefined;
}

/** How the asynchronous form connects. */
export interface AsyncCreateConnectionOptions extends CreateConnectionOptions {
	/**
	 * How long an attempt has before the next one begins beside it, in milliseconds: RFC 8305's Connection
	 * Attempt Delay, 250 when left out.
	 */
	attemptDelay?: number | undefined;
}

/**
 * A TCP connection to a host by name or number: Happy Eyeballs (RFC 8305). IPv6 and IPv4 addresses alternate, a
 * new attempt begins when one fails or has not answered for a while, the first connection wins and the other
 * attempts are given up. Python's create_connection().
 * @throws SocketError of the last attempt, or an AggregateError; GaiError when the name does not resolve
 */
export async function createConnection(
	address: InetAddress,
	options: AsyncCreateConnectionOptions = {},
): Promise<InetSocket> {
	const { signal, attemptDelay = 250 } = options;
	checkArguments(address, options);
	if (!(attemptDelay >= 0)) throw new RangeError(`attemptDelay must not be negative: ${attemptDelay}`);
	const { host, port } = address;
	const { family = AF_UNSPEC } = options;
	const found = await getaddrinfo(host, port, { family, type: SOCK_STREAM, ...(signal && { signal }) });
	return new Race(candidates(address, found), options, attemptDelay).run(address);
}

/** The blocking twin of `createConnection`: one address after another, as Python does. */
export function createConnectionSync(
	address: InetAddress,
	options: CreateConnectionOptions = {},
): InetSocket {
	checkArguments(address, options);
	const { host, port } = address;
	const { family = AF_UNSPEC } = options;
	const errors: unknown[] = [];
	for (const candidate of candidates(address, getaddrinfoSync(host, port, { family, type: SOCK_STREAM }))) {
		let socket: InetSocket | undefined;
		try {
			socket = prepare(candidate, options);
			socket.connectSync(candidate.address, options);
			return socket;
		} catch (error) {
			socket?.close();
			errors.push(error);
		}
	}
	throw failure(address, errors, options);
}

function checkArguments(
	address: InetAddress,
	{ family = AF_UNSPEC, timeout, signal }: CreateConnectionOptions,
): void {
	if (typeof address !== "object" || address === null || typeof address.host !== "string") {
		throw new TypeError(`createConnection takes { host, port }, not ${kindOf(address)}`);
	}
	checkInteger(address.port, 0, 65535, "port");
	if (family !== AF_UNSPEC && family !== AF_INET && family !== AF_INET6) {
		throw new RangeError(`family must be AF_INET, AF_INET6 or AF_UNSPEC, not ${family}`);
	}
	if (timeout !== undefined) checkTimeout("timeout", timeout);
	signal?.throwIfAborted();
}

/** A socket for an attempt, not yet connected. */
function prepare(
	{ family, type, proto }: AddressInfo,
	{ timeout, sourceAddress }: CreateConnectionOptions,
): InetSocket {
	const socket: InetSocket = new Socket(family, type, proto);
	try {
		if (timeout !== undefined) socket.settimeout(timeout);
		if (sourceAddress !== undefined) socket.bind(sourceAddress);
		return socket;
	} catch (error) {
		socket.close();
		throw error;
	}
}

/** The addresses in the order of the attempts: that of getaddrinfo (RFC 6724), families alternating. */
function candidates(address: InetAddress, found: AddressInfo[]): AddressInfo[] {
	const scopeId = "scopeId" in address ? address.scopeId : undefined;
	const [first] = found;
	const ofFirst = found.filter(({ family }) => family === first?.family);
	const others = found.filter(({ family }) => family !== first?.family);
	const ordered: AddressInfo[] = [];
	for (let at = 0; at < found.length; at++) {
		const pair = [ofFirst[at], others[at]].filter((candidate) => candidate !== undefined);
		ordered.push(...pair);
	}
	if (!scopeId) return ordered;
	return ordered.map((candidate) => ({ ...candidate, address: { ...candidate.address, scopeId } }));
}

function failure(address: InetAddress, errors: unknown[], { allErrors }: CreateConnectionOptions): unknown {
	if (allErrors) {
		return new AggregateError(
			errors,
			`createConnection ${address.host}:${address.port}: no address answered`,
		);
	}
	return errors.at(-1) ?? new GaiError(`${address.host} has no address`, "EAI_NODATA", -5, "getaddrinfo");
}

/** Attempts side by side, until one succeeds or all have failed. */
class Race {
	readonly #waiting: AddressInfo[];
	readonly #options: CreateConnectionOptions;
	readonly #delay: number;
	readonly #running = new Set<InetSocket>();
	readonly #errors: unknown[] = [];
	#timer: NodeJS.Timeout | undefined;
	#settled = false;
	#resolve: (winner: InetSocket) => void = () => {};
	#reject: (reason: unknown) => void = () => {};

	constructor(candidates: AddressInfo[], options: CreateConnectionOptions, delay: number) {
		this.#waiting = candidates;
		this.#options = options;
		this.#delay = delay;
	}

	async run(address: InetAddress): Promise<InetSocket> {
		const { signal } = this.#options;
		signal?.throwIfAborted();
		const abort = (): void => {
			// From now on no attempt wins: nobody would be given its socket.
			this.#settled = true;
			this.#reject(signal?.reason);
		};
		signal?.addEventListener("abort", abort);
		try {
			return await new Promise((resolve, reject) => {
				this.#resolve = resolve;
				this.#reject = reject;
				this.#next(address);
			});
		} finally {
			this.#settled = true;
			clearTimeout(this.#timer);
			signal?.removeEventListener("abort", abort);
			for (const loser of this.#running) loser.close();
		}
	}

	/** Begins the next attempt, and gives it some time before another joins it. */
	#next(address: InetAddress): void {
		clearTimeout(this.#timer);
		const candidate = this.#waiting.shift();
		if (candidate === undefined) {
			if (this.#running.size === 0) this.#reject(failure(address, this.#errors, this.#options));
			return;
		}
		if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#next(address), this.#delay);
		this.#attempt(candidate).then(
			(socket) => {
				// The race may be over, and this one connected a moment later.
				if (this.#settled) socket.close();
				else this.#win(socket);
			},
			(error) => {
				this.#errors.push(error);
				if (!this.#settled) this.#next(address);
			},
		);
	}

	#win(socket: InetSocket): void {
		this.#settled = true;
		this.#resolve(socket);
	}

	async #attempt(candidate: AddressInfo): Promise<InetSocket> {
		const socket = prepare(candidate, this.#options);
		this.#running.add(socket);
		try {
			await socket.connect(candidate.address);
			return socket;
		} catch (error) {
			socket.close();
			throw error;
		} finally {
			this.#running.delete(socket);
		}
	}
}
