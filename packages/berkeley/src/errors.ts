/**
 * The errors of the library: one class, a few subclasses where handling differs, and one table of advice.
 *
 * Errors look like Node's: `code` is the errno's name, `errno` is negative, `syscall` names what was tried.
 * Match on `code`, not on the class: two copies of the library may be loaded.
 */
import type { Address } from "./address/types.js";
import { needsCapability } from "./privileges.js";
import { errnoName, errnoText } from "./sys/linux/errnos.js";

/** What an error knows beside its errno. */
export interface ErrorContext {
	/** The address that the call was given. */
	address?: Address | undefined;
	/** How the message begins, instead of the operation and the address. */
	subject?: string | undefined;
	/** What to say instead of the table's advice. */
	advice?: string | undefined;
	/** How many datagrams had gone out before the one that failed. */
	sent?: number | undefined;
}

/** A system call failed. Python's OSError. */
export class SocketError extends Error {
	/** The errno's name: "ECONNREFUSED". */
	readonly code: string;
	/** The errno, negative, as in Node's errors. */
	readonly errno: number;
	/** The operation that failed: "connect". */
	readonly syscall: string;
	/** The host or path that was tried, where there is one. */
	declare readonly address?: string;
	/** The port that was tried, where there is one. */
	declare readonly port?: number;
	/** From sendMany(): how many datagrams had gone out before the one that failed. */
	declare readonly sent?: number;

	/** Made by the library, where a call failed. */
	constructor(message: string, code: string, errno: number, syscall: string, address?: Address) {
		super(message);
		this.code = code;
		this.errno = errno;
		this.syscall = syscall;
		const place = placeOf(address);
		if (place.address !== undefined) this.address = place.address;
		if (place.port !== undefined) this.port = place.port;
	}

	static {
		SocketError.prototype.name = "SocketError";
	}
}

/** An operation took longer than its timeout, or the kernel gave up waiting (ETIMEDOUT). */
export class TimeoutError extends SocketError {
	/** The timeout in milliseconds that ran out; undefined when it was the kernel that gave up. */
	declare readonly timeout?: number;

	/** Made by the library, where an operation took too long. */
	constructor(
		message: string,
		code: string,
		errno: number,
		syscall: string,
		address?: Address,
		timeout?: number,
	) {
		super(message, code, errno, syscall, address);
		if (timeout !== undefined) this.timeout = timeout;
	}

	static {
		TimeoutError.prototype.name = "TimeoutError";
	}
}

/** An operation on a non-blocking socket would have to wait (EAGAIN, EALREADY, EINPROGRESS). */
export class BlockingIOError extends SocketError {
	static {
		BlockingIOError.prototype.name = "BlockingIOError";
	}
}

/** The connection is gone or never came: ECONNREFUSED, ECONNRESET, ECONNABORTED, EPIPE. */
export class ConnectionError extends SocketError {
	static {
		ConnectionError.prototype.name = "ConnectionError";
	}
}

/** A privilege is missing: EPERM, EACCES. */
export class PermissionError extends SocketError {
	static {
		PermissionError.prototype.name = "PermissionError";
	}
}

/** A name was not resolved. `code` is the EAI_* name, `errno` its (negative) number. Python's gaierror. */
export class GaiError extends SocketError {
	static {
		GaiError.prototype.name = "GaiError";
	}
}

const classByCode: Record<string, typeof SocketError> = {
	EAGAIN: BlockingIOError,
	EALREADY: BlockingIOError,
	EINPROGRESS: BlockingIOError,
	ETIMEDOUT: TimeoutError,
	ECONNREFUSED: ConnectionError,
	ECONNRESET: ConnectionError,
	ECONNABORTED: ConnectionError,
	EPIPE: ConnectionError,
	EPERM: PermissionError,
	EACCES: PermissionError,
};

type Advice = string | ((address: Address | undefined) => string | undefined);

/** What to do about an error, by operation and code; `*` stands for any operation. Sorted by code. */
const advice: Record<string, Advice> = {
	"* EBADF": "the socket is closed",
	"* EMFILE": "this process has as many descriptors as `ulimit -n` allows",
	"* EMSGSIZE": "the datagram is larger than the socket or the path takes",
	"* ENFILE": "this machine has as many open files as fs.file-max allows",
	"* ENOBUFS": "the kernel's queue is full; try again later",
	"* ENODEV": "no interface has this name or index",
	"* ENOPROTOOPT": "this kernel or this kind of socket does not know the option",
	"* ENOTCONN": "the socket is not connected",
	"* EPIPE": "the other end has closed the connection, or this end was shut down for writing",
	"bind EACCES": (address) => {
		const port = placeOf(address).port;
		if (port !== undefined && port < 1024)
			return needsCapability("ports under 1024 need", "CAP_NET_BIND_SERVICE");
		return typeof address === "string" ? "the directory does not allow it" : undefined;
	},
	"bind EADDRINUSE": (address) =>
		typeof address === "string"
			? "a socket or file of this name exists; remove it when nothing listens on it"
			: placeOf(address).port === 0
				? "no port is free"
				: "another socket is bound to it: close that one, or choose another port",
	"bind EADDRNOTAVAIL": "no interface of this machine has this address",
	"bind EINVAL": "the socket is bound already, or the address is of another family",
	"bind ENOENT": "the directory does not exist",
	"connect EACCES": whatForbids,
	"connect EADDRNOTAVAIL": "no local port is free for it, or the source address is not of this machine",
	"connect ECONNREFUSED": "nothing listens there",
	"connect EHOSTUNREACH": "no route leads there, or the host does not answer",
	"connect ENETUNREACH": "no route leads there",
	"connect ENOENT": "no socket has this path",
	"connect EPROTOTYPE": "the socket there is of another type",
	"ioctl EPERM": () => needsCapability("changing an interface needs", "CAP_NET_ADMIN"),
	"listen EADDRINUSE": "another socket listens there",
	"send EPERM": "a firewall forbids it",
	"sendto EACCES": whatForbids,
	"sendto EPERM": "a firewall forbids it",
	"sendmmsg EACCES": whatForbids,
	"sendmmsg EPERM": "a firewall forbids it",
	"sendmsg EACCES": whatForbids,
	"sendmsg EPERM": "a firewall forbids it",
	"setsockopt EPERM": () => needsCapability("the option needs", "CAP_NET_ADMIN"),
	"sethostname EPERM": () => needsCapability("it needs", "CAP_SYS_ADMIN"),
	"socket EAFNOSUPPORT": "this kernel does not have the family",
	"socket EPERM": () => needsCapability("raw and packet sockets need", "CAP_NET_RAW"),
	"socket EPROTONOSUPPORT": "this kernel does not have the protocol for this family and type",
	"socket ESOCKTNOSUPPORT": "this kernel does not have the type for this family",
};

/**
 * The error for what a function of `sys/` returned.
 * @param syscall what was tried, as the user knows it
 * @param result the negative errno
 */
export function socketError(syscall: string, result: number, context: ErrorContext = {}): SocketError {
	const code = errnoName(-result);
	const ErrorClass = classByCode[code] ?? SocketError;
	const { address } = context;
	const entry = advice[`${syscall} ${code}`] ?? advice[`* ${code}`];
	const help = context.advice ?? (typeof entry === "function" ? entry(address) : entry);
	const subject = context.subject ?? subjectOf(syscall, address);
	const message = `${subject}: ${errnoText(-result)} (${code})${help === undefined ? "" : `: ${help}`}`;
	const error = new ErrorClass(message, code, result, syscall, address);
	return context.sent === undefined ? error : Object.assign(error, { sent: context.sent });
}

/** The error of an operation that did not finish within its timeout. */
export function timeoutError(syscall: string, milliseconds: number, address?: Address): TimeoutError {
	const subject = subjectOf(syscall, address);
	return new TimeoutError(
		`${subject}: timed out after ${milliseconds} ms`,
		"ETIMEDOUT",
		-110,
		syscall,
		address,
		milliseconds,
	);
}

/** Throws the error for a negative result, and returns any other. */
export function check(syscall: string, result: number, context?: ErrorContext): number {
	if (result < 0) throw socketError(syscall, result, context);
	return result;
}

/**
 * An address as a person writes it, for messages and logs: `127.0.0.1:80`, `[::1]:80`, `/run/x.sock`; `*:80` for
 * every address, `@name` in the abstract namespace, `(unnamed)` for "" and for undefined, which a Unix socket
 * without a name sends from, and a few words for other families. It is for reading, not for parsing.
 */
export function describeAddress(address: Address | undefined): string {
	if (address === undefined || address === "") return "(unnamed)";
	if (typeof address === "string") {
		return address.startsWith("\0") ? `@${address.slice(1)}` : address;
	}
	if ("host" in address) {
		const host = address.host.includes(":") ? `[${address.host}]` : address.host || "*";
		return `${host}:${address.port}`;
	}
	if ("interface" in address) return `interface ${JSON.stringify(address.interface)}`;
	if ("groups" in address) return `netlink pid ${address.pid}`;
	if ("cid" in address) return `vsock ${address.cid}:${address.port}`;
	return `address of family ${address.family}`;
}

function subjectOf(syscall: string, address: Address | undefined): string {
	return address === undefined ? syscall : `${syscall} ${describeAddress(address)}`;
}

/** An address that may not be sent to, or connected to: unix(7), ip(7), ip-route(8). */
function whatForbids(address: Address | undefined): string {
	return typeof address === "string"
		? "the socket file does not allow writing"
		: "a broadcast address needs SO_BROADCAST; else a route prohibits it";
}

function placeOf(address: Address | undefined): { address?: string; port?: number } {
	if (address === undefined) return {};
	if (typeof address === "string") return { address };
	if ("host" in address) return { address: address.host, port: address.port };
	if ("cid" in address) return { address: String(address.cid), port: address.port };
	return {};
}
