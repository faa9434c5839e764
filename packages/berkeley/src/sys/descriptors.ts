/**
 * The calls on any descriptor: close, dup, fcntl, ioctl, read, write, pipes and event counters.
 */
import { declare, type Pointer, resultOf } from "./ffi.js";

type Ints = (...ints: number[]) => number;
type Bytes = (fd: number, bytes: Pointer, size: number) => number;

const c = {
	close: declare<Ints>("close", "int", ["int"]),
	dup3: declare<Ints>("dup3", "int", ["int", "int", "int"]),
	fcntl: declare<Ints>("fcntl", "int", ["int", "int", "int"]),
	ioctl: declare<(fd: number, request: number, argument: Pointer) => number>("ioctl", "int", [
		"int",
		"size_t",
		"void *",
	]),
	pipe2: declare<(pair: Pointer, flags: number) => number>("pipe2", "int", ["void *", "int"]),
	eventfd: declare<Ints>("eventfd", "int", ["uint32", "int"]),
	read: declare<Bytes>("read", "int", ["int", "void *", "size_t"]),
	write: declare<Bytes>("write", "int", ["int", "void *", "size_t"]),
};

/** close(2). Never retry it: on Linux the descriptor is free even after EINTR. */
export function close(fd: number): number {
	return resultOf(c.close(fd));
}

/** dup3(2). */
export function dup3(fd: number, target: number, flags: number): number {
	return resultOf(c.dup3(fd, target, flags));
}

/** fcntl(2) with an integer argument. */
export function fcntl(fd: number, command: number, argument: number): number {
	return resultOf(c.fcntl(fd, command, argument));
}

/** ioctl(2) with a pointer argument. */
export function ioctl(fd: number, request: number, argument: Pointer): number {
	return resultOf(c.ioctl(fd, request, argument));
}

/** pipe2(2). The reading and the writing end are stored in `pair`. */
export function pipe2(pair: Int32Array, flags: number): number {
	return resultOf(c.pipe2(pair, flags));
}

/** eventfd(2). */
export function eventfd(initial: number, flags: number): number {
	return resultOf(c.eventfd(initial, flags));
}

/** read(2). */
export function read(fd: number, bytes: Pointer, size: number): number {
	return resultOf(c.read(fd, bytes, size));
}

/** write(2). */
export function write(fd: number, bytes: Pointer, size: number): number {
	return resultOf(c.write(fd, bytes, size));
}
