/**
 * The functions of <netdb.h>: names to addresses and back, services, protocols.
 *
 * They take and fill native memory, by plain addresses, 0 for a null pointer. What a call on the pool was
 * given must stay reachable until it ends. The structs are laid out in netdbstructs.ts.
 */
import { type CType, declare, declareAsync, isExported } from "./ffi.js";

/** A C function that may wait for a name server, in two forms. */
export interface Lookup<Args extends unknown[]> {
	/** Calls it on this thread, which waits. */
	here(...args: Args): number;
	/** Calls it on a thread of the runtime's pool. Its errno is lost. */
	inPool(...args: Args): Promise<number>;
}

function lookup<Args extends unknown[]>(name: string, types: CType[]): Lookup<Args> {
	return { here: declare(name, "int", types), inPool: declareAsync(name, "int", types) };
}

/** getaddrinfo(3). Gives 0, with the head of the list at `result`, or a negative EAI_*. */
export const getaddrinfo: Lookup<[node: number, service: number, hints: number, result: number]> = lookup(
	"getaddrinfo",
	["uintptr_t", "uintptr_t", "uintptr_t", "uintptr_t"],
);

/** Frees the list that getaddrinfo made. */
export const freeaddrinfo: (list: number) => void = declare("freeaddrinfo", "void", ["uintptr_t"]);

/** getnameinfo(3). Gives 0, with both texts written, or a negative EAI_*. */
export const getnameinfo: Lookup<
	[
		sockaddr: number,
		length: number,
		host: number,
		hostSize: number,
		service: number,
		serviceSize: number,
		flags: number,
	]
> = lookup("getnameinfo", ["uintptr_t", "uint32", "uintptr_t", "uint32", "uintptr_t", "uint32", "int"]);

/**
 * gethostbyname_r(3), IPv4. Gives 0 or a positive errno, ERANGE when the buffer is too small. The pointer at
 * `result` is null when nothing was found; the int at `herrno` says why.
 */
export const gethostbynameR: Lookup<
	[name: number, hostent: number, buffer: number, size: number, result: number, herrno: number]
> = lookup("gethostbyname_r", ["uintptr_t", "uintptr_t", "uintptr_t", "size_t", "uintptr_t", "uintptr_t"]);

/** gethostbyaddr_r(3), with the results of `gethostbynameR`. */
export const gethostbyaddrR: Lookup<
	[
		address: number,
		length: number,
		family: number,
		hostent: number,
		buffer: number,
		size: number,
		result: number,
		herrno: number,
	]
> = lookup("gethostbyaddr_r", [
	"uintptr_t",
	"uint32",
	"int",
	"uintptr_t",
	"uintptr_t",
	"size_t",
	"uintptr_t",
	"uintptr_t",
]);

type ServiceFunction = (
	key: number,
	proto: number,
	servent: number,
	buffer: number,
	size: number,
	result: number,
) => number;

/**
 * getservbyname_r(3); the key is a C string. Gives 0 or a positive errno, ERANGE when the buffer is too small.
 * The pointer at `result` is null when nothing was found. A null `proto` means any.
 */
export const getservbynameR: ServiceFunction = declare("getservbyname_r", "int", [
	"uintptr_t",
	"uintptr_t",
	"uintptr_t",
	"uintptr_t",
	"size_t",
	"uintptr_t",
]);

/** getservbyport_r(3), with the results of `getservbynameR`; the key is the port in network byte order. */
export const getservbyportR: ServiceFunction = declare("getservbyport_r", "int", [
	"int",
	"uintptr_t",
	"uintptr_t",
	"uintptr_t",
	"size_t",
	"uintptr_t",
]);

type ProtocolFunction = (
	name: number,
	protoent: number,
	buffer: number,
	size: number,
	result: number,
) => number;

/** getprotobyname_r(3), with the results of `getservbynameR`; undefined where the C library lacks it (musl). */
export const getprotobynameR: ProtocolFunction | undefined = isExported("getprotobyname_r")
	? declare("getprotobyname_r", "int", ["uintptr_t", "uintptr_t", "uintptr_t", "size_t", "uintptr_t"])
	: undefined;

/** getprotobyname(3). Gives the address of a protoent that the C library keeps, or 0. */
export const getprotobyname: (name: Uint8Array) => number = declare("getprotobyname", "uintptr_t", [
	"void *",
]);
