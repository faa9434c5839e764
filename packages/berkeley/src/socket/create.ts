/**
 * Ready-made sockets: a listening one, and the questions that go with it. Connections are in connection.ts.
 */
import type { AddressOf } from "../address/types.js";
import { SocketError } from "../errors.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { IPV6_V6ONLY } from "../sys/linux/constants/ipv6.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { IPPROTO_IPV6 } from "../sys/linux/constants/protocols.js";
import { SO_REUSEADDR, SO_REUSEPORT } from "../sys/linux/constants/so.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import { Socket } from "./socket.js";

/** How createServer() makes its socket. */
export interface CreateServerOptions<Family extends number> {
	/** AF_INET when left out. */
	family?: Family;
	/** How many connections may stand in line; as `listen` has it when left out. */
	backlog?: number;
	/** SO_REUSEPORT: several sockets, in other threads and processes too, share the port. */
	reusePort?: boolean;
	/** With AF_INET6: IPv4 connections are accepted too, from addresses such as ::ffff:127.0.0.1. */
	dualstackIpv6?: boolean;
}

/** Whether this machine can make IPv6 sockets. Python's has_ipv6, but asked when it is first needed. */
export function hasIpv6(): boolean {
	try {
		new Socket(AF_INET6, SOCK_STREAM).close();
		return true;
	} catch (error) {
		if (error instanceof SocketError) return false;
		throw error;
	}
}

/** Whether one socket can take both IPv4 and IPv6 connections. Python's has_dualstack_ipv6(). */
export function hasDualstackIpv6(): boolean {
	try {
		using socket = new Socket(AF_INET6, SOCK_STREAM);
		socket.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0);
		return true;
	} catch (error) {
		if (error instanceof SocketError) return false;
		throw error;
	}
}

/**
 * A stream socket that is bound and listens. SO_REUSEADDR is set, so that a restarted server gets its port
 * back. Python's create_server().
 * @throws SocketError as bind() and listen() do; TypeError for dualstackIpv6 with another family
 */
export function createServer<Family extends number = typeof AF_INET>(
	address: AddressOf<Family>,
	options: CreateServerOptions<Family> = {},
): Socket<Family> {
	const { family = AF_INET as Family, backlog, reusePort = false, dualstackIpv6 = false } = options;
	if (dualstackIpv6 && family !== AF_INET6) throw new TypeError("dualstackIpv6 needs the family AF_INET6");
	if (dualstackIpv6 && !hasDualstackIpv6()) {
		throw new TypeError("dualstackIpv6: this machine has no socket for both IPv4 and IPv6");
	}
	const socket = new Socket(family, SOCK_STREAM);
	try {
		if (family === AF_INET || family === AF_INET6) {
			socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
			if (reusePort) socket.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1);
		}
		// Which of the two is the default is the administrator's choice (net.ipv6.bindv6only): never rely on it.
		if (family === AF_INET6) socket.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, dualstackIpv6 ? 0 : 1);
		socket.bind(address);
		socket.listen(backlog);
		return socket;
	} catch (error) {
		socket.close();
		throw error;
	}
}
