/**
 * Options: what they give and what they take.
 */
import { AF_INET, SO_RCVBUF, SOCK_STREAM, SOL_SOCKET, Socket, so, tcp } from "../../src/index.js";
import { holds, type Same } from "./support.js";

export function raw(socket: Socket): void {
	holds<Same<ReturnType<typeof asNumber>, number>>();
	holds<Same<ReturnType<typeof asBytes>, Buffer>>();
	function asNumber() {
		return socket.getsockopt(SOL_SOCKET, SO_RCVBUF);
	}
	function asBytes() {
		return socket.getsockopt(SOL_SOCKET, SO_RCVBUF, 4);
	}
	socket.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096);
	socket.setsockopt(SOL_SOCKET, SO_RCVBUF, new Uint8Array(4));
	socket.setsockopt(SOL_SOCKET, SO_RCVBUF, null, 4);
	// @ts-expect-error a length is needed
	socket.setsockopt(SOL_SOCKET, SO_RCVBUF, null);
	// @ts-expect-error a boolean is no value
	socket.setsockopt(SOL_SOCKET, SO_RCVBUF, true);
}

export function typed(): void {
	const socket = new Socket(AF_INET, SOCK_STREAM);
	socket.get(so.reuseaddr) satisfies boolean;
	socket.set(so.reuseaddr, true);
	socket.get(so.linger) satisfies { seconds: number } | null;
	socket.set(so.linger, { seconds: 5 });
	socket.set(so.linger, null);
	socket.get(so.cookie) satisfies bigint;
	socket.get(tcp.info).rtt satisfies number | undefined;
	socket.get(tcp.congestion) satisfies string;
	socket.set(tcp.nodelay, true);
	// @ts-expect-error a boolean option
	socket.set(so.reuseaddr, 1);
	// @ts-expect-error an object
	socket.set(so.linger, 5);
	// @ts-expect-error another key
	socket.set(so.linger, { milliseconds: 5 });
	// @ts-expect-error it cannot be set
	socket.set(so.cookie, 5n);
	// @ts-expect-error it cannot be set
	socket.set(tcp.info, {});
	// @ts-expect-error it cannot be read
	socket.get(so.attachFilter);
	// @ts-expect-error a text
	socket.set(tcp.congestion, 5);
	// @ts-expect-error no option
	socket.get(SO_RCVBUF);
}
