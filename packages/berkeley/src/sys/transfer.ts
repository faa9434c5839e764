/**
 * The calls that move bytes. Each returns a count or -errno. Counts are 32-bit: no caller moves more at once.
 */
import { declare, type Pointer, resultOf } from "./ffi.js";

type Bytes = (fd: number, bytes: Pointer, size: number, flags: number) => number;
type Message = (fd: number, header: number, flags: number) => number;

const c = {
	send: declare<Bytes>("send", "int", ["int", "void *", "size_t", "int"]),
	recv: declare<Bytes>("recv", "int", ["int", "void *", "size_t", "int"]),
	sendto: declare<
		(fd: number, bytes: Pointer, size: number, flags: number, address: Pointer, length: number) => number
	>("sendto", "int", ["int", "void *", "size_t", "int", "void *", "uint32"]),
	recvfrom: declare<
		(fd: number, bytes: Pointer, size: number, flags: number, address: Pointer, length: Pointer) => number
	>("recvfrom", "int", ["int", "void *", "size_t", "int", "void *", "void *"]),
	sendmsg: declare<Message>("sendmsg", "int", ["int", "uintptr_t", "int"]),
	recvmsg: declare<Message>("recvmsg", "int", ["int", "uintptr_t", "int"]),
	sendmmsg: declare<(fd: number, vector: number, count: number, flags: number) => number>("sendmmsg", "int", [
		"int",
		"uintptr_t",
		"uint32",
		"int",
	]),
	recvmmsg: declare<(fd: number, vector: number, count: number, flags: number, timeout: number) => number>(
		"recvmmsg",
		"int",
		["int", "uintptr_t", "uint32", "int", "uintptr_t"],
	),
	sendfile: declare<(out: number, file: number, offset: Pointer, count: number) => number>(
		"sendfile64",
		"int",
		["int", "int", "void *", "size_t"],
	),
	splice: declare<
		(from: number, offIn: Pointer, to: number, offOut: Pointer, count: number, flags: number) => number
	>("splice", "int", ["int", "void *", "int", "void *", "size_t", "uint32"]),
};

/** send(2). */
export function send(fd: number, bytes: Pointer, size: number, flags: number): number {
	return resultOf(c.send(fd, bytes, size, flags));
}

/** recv(2). */
export function recv(fd: number, bytes: Pointer, size: number, flags: number): number {
	return resultOf(c.recv(fd, bytes, size, flags));
}

/** sendto(2). */
export function sendto(
	fd: number,
	bytes: Pointer,
	size: number,
	flags: number,
	address: Pointer,
	length: number,
): number {
	return resultOf(c.sendto(fd, bytes, size, flags, address, length));
}

/** recvfrom(2). `length` holds the room at `address` and receives the length of the sender's address. */
export function recvfrom(
	fd: number,
	bytes: Pointer,
	size: number,
	flags: number,
	address: Pointer,
	length: Pointer,
): number {
	return resultOf(c.recvfrom(fd, bytes, size, flags, address, length));
}

/** sendmsg(2). `header` is the native address of a msghdr. */
export function sendmsg(fd: number, header: number, flags: number): number {
	return resultOf(c.sendmsg(fd, header, flags));
}

/** recvmsg(2). `header` is the native address of a msghdr. */
export function recvmsg(fd: number, header: number, flags: number): number {
	return resultOf(c.recvmsg(fd, header, flags));
}

/** sendmmsg(2). `vector` is the native address of `count` mmsghdrs; returns how many messages went out. */
export function sendmmsg(fd: number, vector: number, count: number, flags: number): number {
	return resultOf(c.sendmmsg(fd, vector, count, flags));
}

/** recvmmsg(2). `vector` is the native address of `count` mmsghdrs; returns how many messages came in. */
export function recvmmsg(fd: number, vector: number, count: number, flags: number): number {
	return resultOf(c.recvmmsg(fd, vector, count, flags, 0));
}

/** sendfile(2). `offset` is one 64-bit integer, read and advanced by the kernel; null uses the file's own. */
export function sendfile(out: number, file: number, offset: Pointer, count: number): number {
	return resultOf(c.sendfile(out, file, offset, count));
}

/**
 * splice(2): one of the two is a pipe. `position` is one 64-bit integer, where in the file `to` writing begins,
 * read and advanced by the kernel; null uses the file's own.
 */
export function splice(from: number, to: number, position: Pointer, count: number, flags: number): number {
	return resultOf(c.splice(from, null, to, position, count, flags));
}
