/**
 * What a server does with a connection that it has accepted, before the handler sees it: reads the header of the PROXY
 * protocol, and makes the TLS handshake. Both are part of the running request: who is slow holds nobody up.
 *
 * Where connections are handled in another thread or process: `server.connectionSettings` is everything that is needed
 * there, as plain data (structured cloning, or JSON). Set it on the StreamServer there, as `connectionSettings`, before
 * the first request and whenever settingsChanged() is called here; its finishRequest() then does the same as it would
 * here. The address that goes with a connection is that of its peer, as accept() gave it.
 */
import { kindOf } from "../address/bytes.js";
import { Cidr } from "../address/cidr.js";
import type { Address } from "../address/types.js";
import { checkTimeout } from "../arguments.js";
import type { Socket } from "../socket/socket.js";
import type { TlsSocket } from "../stream/tlssocket.js";
import { AF_UNIX } from "../sys/linux/constants/families.js";
import { keepAcceptedSocket, keepProxyHeader } from "./connection.js";
import { readProxyHeader } from "./proxy/reader.js";
import type { ProxyHeader } from "./proxy/types.js";
import { RefusedError } from "./refusal.js";
import { TlsContexts } from "./tls/contexts.js";
import type { SniChoice } from "./tls/options.js";
import type { TlsSettings } from "./tls/settings.js";

/**
 * How a server takes the headers of the PROXY protocol.
 *
 * A peer that is trusted must send one; whatever else it sends is refused. From any other peer none is expected, and
 * none is looked for: what it sends is for the handler, a header too, and its address is its own.
 */
export interface ProxyProtocolOptions {
	/** The proxies: peers in these blocks. */
	readonly trusted?: readonly Cidr[] | undefined;
	/** Whether the peers of a Unix socket are proxies; not when left out. */
	readonly trustUnix?: boolean | undefined;
	/** What becomes of peers that are not trusted: they are served, when left out. "refuse" closes them at once. */
	readonly others?: "serve" | "refuse" | undefined;
	/** Milliseconds that a header may take as a whole; 5000 when left out, null for any time. */
	readonly headerTimeout?: number | null | undefined;
}

/** What is done with connections, as data. */
export interface ConnectionSettings {
	/** How headers of the PROXY protocol are taken; null when they are not. */
	readonly proxyProtocol: ProxySettings | null;
	/** How TLS is spoken; null when it is not. */
	readonly tls: TlsSettings | null;
	/** The server's `allow`. */
	readonly allow: readonly string[] | null;
	/** The server's `deny`. */
	readonly deny: readonly string[];
}

/** ProxyProtocolOptions as data. */
export interface ProxySettings {
	readonly trusted: readonly string[];
	readonly trustUnix: boolean;
	readonly others: "serve" | "refuse";
	readonly headerTimeout: number | null;
}

const proxyNames = ["trusted", "trustUnix", "others", "headerTimeout"];

/** Checks the options. */
export function proxySettings(options: ProxyProtocolOptions): ProxySettings {
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`proxyProtocol must be an object of options, not ${kindOf(options)}`);
	}
	const odd = Object.keys(options).find((name) => !proxyNames.includes(name));
	if (odd !== undefined) throw new TypeError(`proxyProtocol has no option ${JSON.stringify(odd)}`);
	const { trusted = [], trustUnix = false, others = "serve", headerTimeout = 5000 } = options;
	if (!Array.isArray(trusted) || !trusted.every((block: unknown) => block instanceof Cidr)) {
		throw new TypeError(`proxyProtocol.trusted must be an array of blocks, [new Cidr("10.0.0.0/8")]`);
	}
	if (trusted.length === 0 && !trustUnix) {
		throw new TypeError("proxyProtocol trusts nobody: name the proxies by `trusted`, or set `trustUnix`");
	}
	if (others !== "serve" && others !== "refuse") {
		throw new RangeError(`proxyProtocol.others must be "serve" or "refuse", not ${JSON.stringify(others)}`);
	}
	checkTimeout("proxyProtocol.headerTimeout", headerTimeout);
	return { trusted: trusted.map(String), trustUnix, others, headerTimeout };
}

/** What a connection is handled by, once it is ready. */
export interface Handling {
	/** Whether the client that a proxy names may ask. */
	admits(clientAddress: Address): boolean;
	/** Handles it. */
	handle(request: Socket | TlsSocket<Socket>, clientAddress: Address): Promise<void>;
}

/** Makes connections ready for their handlers. */
export class Preparation {
	/** What TLS needs; undefined where it is not spoken. What is set holds for the connections that follow. */
	tls: TlsContexts | undefined;
	readonly #proxy: ProxySettings | null;
	readonly #trusted: readonly Cidr[];

	/**
	 * @param choose `sni`, where it is a function
	 * @throws TlsError as tls.createSecureContext() does
	 */
	constructor({ proxyProtocol, tls }: ConnectionSettings, choose?: SniChoice) {
		this.#proxy = proxyProtocol;
		this.#trusted = (proxyProtocol?.trusted ?? []).map((block) => new Cidr(block));
		this.tls = tls === null ? undefined : new TlsContexts(tls, choose);
	}

	/** Makes a connection ready, has it handled, and ends TLS. What fails before it is handled says at which `stage`. */
	async serve(connection: Socket, peer: Address, { admits, handle }: Handling): Promise<void> {
		let header: ProxyHeader | undefined;
		let clientAddress = peer;
		if (this.#proxy !== null) {
			if (this.#trusts(peer)) {
				header = await at("proxy", readProxyHeader(connection, { timeout: this.#patience(connection) }));
				keepProxyHeader(connection, header);
				clientAddress = clientOf(header, connection, peer);
				// The peer was admitted already.
				if (clientAddress !== peer && !admits(clientAddress)) {
					throw new RefusedError(clientAddress, "its address is not one of those that are served");
				}
			} else if (this.#proxy.others === "refuse") {
				throw new RefusedError(peer, "it is none of the trusted proxies");
			}
		}
		if (this.tls === undefined) return handle(connection, clientAddress);
		const secure = await at("tls", this.tls.secure(connection));
		keepAcceptedSocket(secure, connection);
		if (header !== undefined) keepProxyHeader(secure, header);
		try {
			await handle(secure, clientAddress);
		} finally {
			await secure[Symbol.asyncDispose]();
		}
	}

	#trusts(peer: Address | undefined): boolean {
		// A peer that is bound to no path has no name.
		if (peer === undefined || typeof peer === "string") return this.#proxy?.trustUnix === true;
		return "host" in peer && this.#trusted.some((block) => block.contains(peer.host));
	}

	/** How long to wait for a header: not longer than for anything else. */
	#patience(connection: Socket): number | null {
		const limit = this.#proxy?.headerTimeout ?? null;
		const own = connection.gettimeout();
		return own === null || limit === null ? (own ?? limit) : Math.min(own, limit);
	}
}

/** Who the client is. A Unix socket has any address; where addresses are the internet's they stay so. */
function clientOf(header: ProxyHeader, connection: Socket, peer: Address): Address {
	const { source } = header;
	if (source === undefined) return peer;
	return typeof source === "string" && connection.family !== AF_UNIX ? peer : source;
}

async function at<T>(stage: "proxy" | "tls", work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof Error) Object.assign(error, { stage });
		throw error;
	}
}
