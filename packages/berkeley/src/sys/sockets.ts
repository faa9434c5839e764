/**
 * socket(2) and the calls that make, name, connect and configure one. Each returns its result or -errno.
 */
import { declare, type Pointer, resultOf } from "./ffi.js";

type Ints = (...ints: number[]) => number;
type Named = (fd: number, address: Pointer, length: number) => number;
type Names = (fd: number, address: Pointer, length: Pointer) => number;

const c = {
	socket: declare<Ints>("socket", "int", ["int", "int", "int"]),
	socketpair: declare<(family: number, type: number, protocol: number, pair: Pointer) => number>(
		"socketpair",
		"int",
		["int", "int", "int", "void *"],
	),
	bind: declare<Named>("bind", "int", ["int", "void *", "uint32"]),
	listen: declare<Ints>("listen", "int", ["int", "int"]),
	accept4: declare<(fd: number, address: Pointer, length: Pointer, flags: number) => number>(
		"accept4",
		"int",
		["int", "void *", "void *", "int"],
	),
	connect: declare<Named>("connect", "int", ["int", "void *", "uint32"]),
	shutdown: declare<Ints>("shutdown", "int", ["int", "int"]),
	getsockname: declare<Names>("getsockname", "int", ["int", "void *", "void *"]),
	getpeername: declare<Names>("getpeername", "int", ["int", "void *", "void *"]),
	getsockopt: declare<(fd: number, level: number, name: number, value: Pointer, length: Pointer) => number>(
		"getsockopt",
		"int",
		["int", "int", "int", "void *", "void *"],
	),
	setsockopt: declare<(fd: number, level: number, name: number, value: Pointer, length: number) => number>(
		"setsockopt",
		"int",
		["int", "int", "int", "void *", "uint32"],
	),
};

/** socket(2). `type` may hold SOCK_CLOEXEC and SOCK_NONBLOCK. */
export function socket(family: number, type: number, protocol: number): number {
	return resultOf(c.socket(family, type, protocol));
}

/** socketpair(2). The two descriptors are stored in `pair`. */
export function socketpair(family: number, type: number, protocol: number, pair: Int32Array): number {
	return resultOf(c.socketpair(family, type, protocol, pair));
}

/** bind(2). */
export function bind(fd: number, address: Pointer, length: number): number {
	return resultOf(c.bind(fd, address, length));
}

/** listen(2). */
export function listen(fd: number, backlog: number): number {
	return resultOf(c.listen(fd, backlog));
}

/** accept4(2). `length` holds the room at `address` and receives the length of the peer's address. */
export function accept4(fd: number, address: Pointer, length: Pointer, flags: number): number {
	return resultOf(c.accept4(fd, address, length, flags));
}

/** connect(2). */
export function connect(fd: number, address: Pointer, length: number): number {
	return resultOf(c.connect(fd, address, length));
}

/** shutdown(2). */
export function shutdown(fd: number, how: number): number {
	return resultOf(c.shutdown(fd, how));
}

/** getsockname(2). `length` holds the room at `address` and receives the address's length. */
export function getsockname(fd: number, address: Pointer, length: Pointer): number {
	return resultOf(c.getsockname(fd, address, length));
}

/** getpeername(2). `length` holds the room at `address` and receives the address's length. */
export function getpeername(fd: number, address: Pointer, length: Pointer): number {
	return resultOf(c.getpeername(fd, address, length));
}

/** getsockopt(2). `length` holds the room at `value` and receives what was filled in. */
export function getsockopt(fd: number, level: number, name: number, value: Pointer, length: Pointer): number {
	return resultOf(c.getsockopt(fd, level, name, value, length));
}

/** setsockopt(2). */
export function setsockopt(fd: number, level: number, name: number, value: Pointer, length: number): number {
	return resultOf(c.setsockopt(fd, level, name, value, length));
}
