/**
 * What a connection is when its handler gets it: plain or with TLS over it, direct or through a proxy.
 */
import type { AddressOf, UnixAddress } from "../address/types.js";
import type { Socket } from "../socket/socket.js";
import type { TlsSocket } from "../stream/tlssocket.js";
import type { AF_INET, AF_INET6, AF_UNIX } from "../sys/linux/constants/families.js";
import type { ProxyHeader } from "./proxy/types.js";

/** A connection of a server with `tls`. */
export type TlsConnection<Family extends number = typeof AF_INET | typeof AF_INET6> = TlsSocket<
	Socket<Family>
>;

/**
 * The client of a server with `proxyProtocol`. Over the internet it has such an address, and behind a Unix socket any
 * that a header may have.
 */
export type ProxiedAddress<Family extends number> = Family extends typeof AF_UNIX
	? UnixAddress | AddressOf<typeof AF_INET | typeof AF_INET6>
	: AddressOf<Family>;

const headers = new WeakMap<object, ProxyHeader>();
const below = new WeakMap<object, Socket>();

/**
 * The header of the PROXY protocol that a connection came with, for any handler: `this.proxyHeader` and
 * `context.proxyHeader` are the same. Undefined when the peer is not a trusted proxy.
 */
export function proxyHeaderOf(request: unknown): ProxyHeader | undefined {
	return headers.get(request as object);
}

/** Keeps the header of a connection. Internal. */
export function keepProxyHeader(request: object, header: ProxyHeader): void {
	headers.set(request, header);
}

/** The socket that was accepted, for what a handler has as its request. Internal. */
export function acceptedSocket(request: Socket): Socket {
	return below.get(request) ?? request;
}

/** Keeps which socket is below TLS. Internal. */
export function keepAcceptedSocket(request: object, socket: Socket): void {
	below.set(request, socket);
}
