/**
 * Sockets that this process was given by another one, by name: by the process that it replaces, or by systemd.
 */
import { check, SocketError, socketError } from "../errors.js";
import { describeSocket } from "../socket/names.js";
import { Socket } from "../socket/socket.js";
import { close, fcntl } from "../sys/descriptors.js";
import { F_GETFD, F_SETFD, FD_CLOEXEC } from "../sys/linux/constants/fcntl.js";
import { EINVAL } from "../sys/linux/errnos.js";

/** A descriptor, and the name that it came by. */
export interface PassedFd {
	/** The descriptor's number. */
	readonly fd: number;
	/** What the other process calls it. */
	readonly name: string;
}

/** What a socket must be. What is left out is not looked at. */
export interface SocketKind {
	/** AF_INET … */
	family?: number | undefined;
	/** SOCK_STREAM … */
	type?: number | undefined;
}

/**
 * Sockets that another process has opened. Each is taken once, by its name or its place, and its taker's from then
 * on; close() closes those that nobody took.
 */
export class PassedSockets {
	readonly #from: string;
	readonly #passed: readonly PassedFd[];
	readonly #left: Set<PassedFd>;

	/** @param from who passed them, for messages. Internal. */
	constructor(from: string, passed: readonly PassedFd[]) {
		this.#from = from;
		this.#passed = passed;
		this.#left = new Set(passed);
	}

	/** How many there were. */
	get size(): number {
		return this.#passed.length;
	}

	/** The name of each, in order. Several may have the same name. */
	get names(): readonly string[] {
		return this.#passed.map(({ name }) => name);
	}

	/** Whether there is one of this name, or at this place, that nobody took. */
	has(which: string | number): boolean {
		return this.#find(which) !== undefined;
	}

	/**
	 * Takes a socket. It is not inheritable, and non-blocking underneath.
	 * @param which its name, or its place from 0; the first that is left, when left out. Of several with the same name
	 *   each call takes the next one
	 * @param kind what it must be
	 * @throws RangeError when there is none, or nobody passed any; TypeError when it is of another family or type;
	 *   SocketError EBADF or ENOTSOCK when it is no socket at all
	 */
	socket(which?: string | number, kind: SocketKind = {}): Socket {
		const found = which === undefined ? [...this.#left][0] : this.#find(which);
		if (found === undefined) {
			const what = which === undefined ? "no socket is left" : `no socket ${JSON.stringify(which)} is left`;
			const all = this.size === 0 ? "none" : this.names.map((name) => JSON.stringify(name)).join(", ");
			throw new RangeError(`${what} of those that ${this.#from} passed, which are: ${all}`);
		}
		const socket = this.#open(found);
		const { family = socket.family, type = socket.type } = kind;
		if (family !== socket.family || type !== socket.type) {
			const is = describeSocket(socket.family, socket.type, 0);
			// The descriptor stays where it was, for another try.
			socket.detach();
			throw new TypeError(
				`the socket ${JSON.stringify(found.name)} that ${this.#from} passed is ${is}, not ${describeSocket(family, type, 0)}`,
			);
		}
		this.#left.delete(found);
		return socket;
	}

	#find(which: string | number): PassedFd | undefined {
		if (typeof which === "string") return [...this.#left].find(({ name }) => name === which);
		const passed = this.#passed[which];
		return passed !== undefined && this.#left.has(passed) ? passed : undefined;
	}

	#open({ fd, name }: PassedFd): Socket {
		try {
			return new Socket(undefined, undefined, undefined, { fileno: fd });
		} catch (error) {
			if (!(error instanceof SocketError)) throw error;
			const subject = `descriptor ${fd}, ${JSON.stringify(name)}, that ${this.#from} passed`;
			throw socketError(error.syscall, error.errno, { subject });
		}
	}

	/** Closes what nobody took. */
	close(): void {
		for (const { fd } of this.#left) close(fd);
		this.#left.clear();
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}
}

/** Keeps a descriptor from programs that this process starts. @throws SocketError EBADF */
export function setCloseOnExec(fd: number, subject: string): void {
	const flags = check("fcntl", fcntl(fd, F_GETFD, 0), { subject });
	check("fcntl", fcntl(fd, F_SETFD, flags | FD_CLOEXEC), { subject });
}

/** The error for what came from another process and makes no sense. */
export function malformed(subject: string, what: string): SocketError {
	return socketError("receive", -EINVAL, { subject, advice: what });
}
