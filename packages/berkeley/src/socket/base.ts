/**
 * What every socket is, whatever it carries: a descriptor with a family, names, options and a timeout.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Address, AddressOf } from "../address/types.js";
import { checkAddress } from "../address/validate.js";
import {
	type Bytes,
	checkTimeout,
	checkWaitOptions,
	sizeOf,
	toBytes,
	type WaitOptions,
} from "../arguments.js";
import { check, socketError } from "../errors.js";
import type { ReadableOption, WritableOption } from "../options/option.js";
import { optionPrivilege, socketPrivilege } from "../privileges.js";
import { resolveAddressSync } from "../resolve/resolveaddress.js";
import { fcntl } from "../sys/descriptors.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { F_GETFD, F_GETFL, F_SETFD, F_SETFL, FD_CLOEXEC, O_NONBLOCK } from "../sys/linux/constants/fcntl.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { IPPROTO_TCP, IPPROTO_UDP } from "../sys/linux/constants/protocols.js";
import {
	SO_DOMAIN,
	SO_PROTOCOL,
	SO_RCVLOWAT,
	SO_REUSEADDR,
	SO_TYPE,
	SOMAXCONN,
} from "../sys/linux/constants/so.js";
import { TCP_ULP } from "../sys/linux/constants/tcp.js";
import { SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { EADDRINUSE, ECONNRESET } from "../sys/linux/errnos.js";
import { encodeSockaddr } from "../sys/sockaddr.js";
import * as sys from "../sys/sockets.js";
import { whenCollected } from "../sys/teardown.js";
import { performSync } from "./blocking.js";
import { getdefaulttimeout } from "./defaults.js";
import { Descriptor } from "./descriptor.js";
import { describeSocket } from "./names.js";
import type { Operation } from "./operation.js";
import { addressRoom } from "./scratch.js";

/** Where a socket's descriptor comes from, when it is not to be made. */
export interface SocketOptions {
	/**
	 * An open socket's descriptor, which the new object owns from now on. It is made non-blocking, and so is
	 * every other descriptor of the same open socket, in other processes too. Family, type and protocol are
	 * read from it where they are left out.
	 */
	fileno?: number;
}

/** Family, type and protocol. A listener's connections share one: there may be tens of thousands. */
interface Kind {
	readonly family: number;
	readonly type: number;
	readonly proto: number;
}

let latest: Kind = { family: -1, type: -1, proto: -1 };

function kindOfSocket(family: number, type: number, proto: number): Kind {
	const same = latest.family === family && latest.type === type && latest.proto === proto;
	if (!same) latest = { family, type, proto };
	return latest;
}

// An unclosed socket that is collected is closed and named, as Python's ResourceWarning does. What is held for
// that is the descriptor alone: the kernel knows what it is.
const unclosed = whenCollected<Descriptor>((descriptor) => {
	if (descriptor.fd < 0) return;
	const label = `descriptor ${descriptor.fd}, ${describeDescriptor(descriptor.fd)}`;
	process.emitWarning(`unclosed socket: ${label}; call close() or use \`using\``, {
		type: "ResourceWarning",
	});
	descriptor.close();
});

const reuseAdvice = "another socket is bound to it; SO_REUSEADDR helps when that one is only in TIME_WAIT";

const optionLength = new Uint32Array(1);
const integerOption = new Int32Array(1);

/** What owns a socket's number, for the functions that need more of a socket than its methods. Internal. */
export let descriptorOf: (socket: SocketBase) => Descriptor;

/** The part of `Socket` that is about the socket itself, not about the data. */
export class SocketBase<Family extends number = number> {
	/** Owns the number. Internal. */
	protected readonly descriptor: Descriptor;
	readonly #kind: Kind;
	#timeout: number | null = getdefaulttimeout();

	static {
		descriptorOf = (socket) => socket.descriptor;
		// What console.log() shows.
		Object.defineProperty(SocketBase.prototype, Symbol.for("nodejs.util.inspect.custom"), {
			value(this: SocketBase): string {
				return this.toString();
			},
		});
	}

	/**
	 * Makes a socket, non-blocking underneath and not inheritable. socket(2).
	 * @throws SocketError EAFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT where the kernel lacks it; EPERM without
	 *   CAP_NET_RAW for raw and packet sockets; EACCES for ping sockets that net.ipv4.ping_group_range does not allow;
	 *   EMFILE, ENFILE, ENOBUFS
	 */
	constructor(family?: Family, type?: number, proto?: number, options: SocketOptions | Descriptor = {}) {
		let kind: Kind;
		if (options instanceof Descriptor) {
			// From within: a descriptor that is known to be a socket of this kind, and non-blocking.
			kind = kindOfSocket(family as number, type as number, proto as number);
			this.descriptor = options;
		} else if (typeof options !== "object" || options === null) {
			throw new TypeError(`the options must be { fileno }, not ${kindOf(options)}`);
		} else if (options.fileno === undefined) {
			const flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
			kind = kindOfSocket(
				checkInteger(family ?? AF_INET, 0, 0x7fffffff, "family"),
				checkInteger(type ?? SOCK_STREAM, 0, 0x7fffffff, "type") & ~flags,
				checkInteger(proto ?? 0, -0x80000000, 0x7fffffff, "proto"),
			);
			const fd = sys.socket(kind.family, kind.type | flags, kind.proto);
			if (fd < 0) {
				const what = describeSocket(kind.family, kind.type, kind.proto);
				const advice = socketPrivilege(kind.family, kind.type, kind.proto, fd);
				throw socketError("socket", fd, { subject: `socket ${what}`, advice });
			}
			this.descriptor = new Descriptor(fd);
		} else {
			const fd = checkInteger(options.fileno, 0, 0x7fffffff, "fileno");
			// Whether it is a socket at all shows here, before anything is changed or owned.
			const subject = `socket of descriptor ${fd}`;
			const actualType = readInteger(fd, SOL_SOCKET, SO_TYPE, subject);
			kind = kindOfSocket(
				family ?? readInteger(fd, SOL_SOCKET, SO_DOMAIN),
				type === undefined ? actualType : type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK),
				proto ?? readInteger(fd, SOL_SOCKET, SO_PROTOCOL),
			);
			check("fcntl", fcntl(fd, F_SETFL, check("fcntl", fcntl(fd, F_GETFL, 0)) | O_NONBLOCK));
			this.descriptor = new Descriptor(fd);
		}
		this.#kind = kind;
		// What came as a number may be shared with others.
		const own = options instanceof Descriptor || options.fileno === undefined;
		if (own && isTcp(kind)) this.descriptor.trustQueue();
		unclosed.register(this, this.descriptor);
	}

	/** The address family: AF_INET … */
	get family(): Family {
		return this.#kind.family as Family;
	}

	/** The type, without flags: SOCK_STREAM … */
	get type(): number {
		return this.#kind.type;
	}

	/** The protocol's number; what was asked for, so usually 0. */
	get proto(): number {
		return this.#kind.proto;
	}

	/** The descriptor's number; -1 when the socket is closed or detached. Python's fileno(). */
	fileno(): number {
		return this.descriptor.fd;
	}

	/** Whether the socket is closed or detached. */
	get closed(): boolean {
		return this.descriptor.fd < 0;
	}

	/** Closes the socket; what waits on it rejects with EBADF. Does nothing the second time. close(2). */
	close(): void {
		const result = this.descriptor.close();
		// The peer's reset is no failure to close: the descriptor is gone either way.
		if (result < 0 && result !== -ECONNRESET) throw socketError("close", result);
	}

	/** Closes the socket: `using s = new Socket(…)`. */
	[Symbol.dispose](): void {
		this.close();
	}

	/**
	 * Gives the descriptor's number away, open; this object counts as closed from then on. -1 when it was
	 * closed already. Python's detach().
	 */
	detach(): number {
		return this.descriptor.release();
	}

	/**
	 * Names the socket. bind(2). A host name is resolved, and the thread waits for that; "" is every address.
	 * @throws SocketError EADDRINUSE, EADDRNOTAVAIL, EACCES, EINVAL; GaiError for a name that does not resolve
	 */
	bind(address: AddressOf<Family>): void {
		checkAddress(this.family, address);
		const fd = this.descriptor.open("bind");
		const numeric = resolveAddressSync(this.family, address);
		const length = encodeSockaddr(this.family, numeric, addressRoom.bytes);
		check("bind", length, { address });
		const result = sys.bind(fd, addressRoom.address, length);
		// Where SO_REUSEADDR is set already, as createServer() does, or is nothing to do with it, the table's advice.
		const advice = result === -EADDRINUSE && mayLackReuse(this, address) ? reuseAdvice : undefined;
		check("bind", result, { address, advice });
	}

	/**
	 * Lets the socket accept connections. listen(2).
	 * @param backlog how many connections may stand in line, capped by net.core.somaxconn; as much as Python,
	 *   at most 128, when left out
	 */
	listen(backlog?: number): void {
		const length = checkInteger(backlog ?? Math.min(SOMAXCONN, 128), -0x80000000, 0x7fffffff, "backlog");
		check("listen", sys.listen(this.descriptor.open("listen"), Math.max(length, 0)));
	}

	/**
	 * Ends one direction, or both, of a connection. shutdown(2).
	 * @param how SHUT_RD, SHUT_WR or SHUT_RDWR
	 */
	shutdown(how: number): void {
		checkInteger(how, 0, 2, "how");
		check("shutdown", sys.shutdown(this.descriptor.open("shutdown"), how));
	}

	/** The socket's own address. getsockname(2). */
	getsockname(): AddressOf<Family> {
		const fd = this.descriptor.open("getsockname");
		check("getsockname", sys.getsockname(fd, addressRoom.address, addressRoom.clear()));
		return addressRoom.decode() as AddressOf<Family>;
	}

	/** The peer's address. getpeername(2). @throws SocketError ENOTCONN */
	getpeername(): AddressOf<Family> {
		const fd = this.descriptor.open("getpeername");
		check("getpeername", sys.getpeername(fd, addressRoom.address, addressRoom.clear()));
		return addressRoom.decode() as AddressOf<Family>;
	}

	/** An option as an integer. getsockopt(2). @throws SocketError ENOPROTOOPT */
	getsockopt(level: number, name: number): number;
	/** An option as bytes: at most `length` of them. getsockopt(2). @throws SocketError ENOPROTOOPT */
	getsockopt(level: number, name: number, length: number): Buffer;
	getsockopt(level: number, name: number, length?: number): number | Buffer {
		checkOptionName(level, name);
		const fd = this.descriptor.open("getsockopt");
		if (length === undefined) return readInteger(fd, level, name);
		const room = Buffer.alloc(checkInteger(length, 0, 0x100000, "length"));
		return room.subarray(0, readOption(fd, level, name, room));
	}

	/**
	 * Sets an option: an integer, or bytes as the kernel's header lays them out. setsockopt(2).
	 * @throws SocketError ENOPROTOOPT, EINVAL, EPERM
	 */
	setsockopt(level: number, name: number, value: number | Bytes): void;
	/** Sets an option without a value, but with a length, as Python does for None. */
	setsockopt(level: number, name: number, value: null, length: number): void;
	setsockopt(level: number, name: number, value: number | Bytes | null, length = 0): void {
		checkOptionName(level, name);
		const fd = this.descriptor.open("setsockopt");
		if (value === null) {
			checkInteger(length, 0, 0x7fffffff, "length");
			checkSet(level, name, sys.setsockopt(fd, level, name, null, length));
		} else if (typeof value === "number") {
			integerOption[0] = checkInteger(value, -0x80000000, 0xffffffff, "value");
			if (mayHoldBack(level, name)) this.descriptor.distrustQueue();
			checkSet(level, name, sys.setsockopt(fd, level, name, integerOption, 4));
		} else {
			const bytes = toBytes("setsockopt: value", value);
			if (mayHoldBack(level, name)) this.descriptor.distrustQueue();
			checkSet(level, name, sys.setsockopt(fd, level, name, bytes, sizeOf(bytes)));
		}
	}

	/** A typed option, decoded: `s.get(tcp.info)`. */
	get<T>(option: ReadableOption<T>): T {
		const fd = this.descriptor.open("getsockopt");
		const room = Buffer.alloc(option.size);
		if (option.request !== undefined) room.set(option.request);
		const length = readOption(fd, option.level, option.name, room, `getsockopt ${option.kernelName}`);
		return option.decode(room.subarray(0, length * (option.lengthUnit ?? 1)));
	}

	/** Sets a typed option: `s.set(so.linger, { seconds: 5 })`. */
	set<T>(option: WritableOption<T>, value: T): void {
		const bytes = option.encode(value);
		const fd = this.descriptor.open("setsockopt");
		if (mayHoldBack(option.level, option.name)) this.descriptor.distrustQueue();
		const result = sys.setsockopt(fd, option.level, option.name, bytes, sizeOf(bytes));
		checkSet(option.level, option.name, result, `setsockopt ${option.kernelName}`);
	}

	/** Whether a program that this process starts inherits the descriptor. Never so at first. */
	getInheritable(): boolean {
		return (check("fcntl", fcntl(this.descriptor.open("fcntl"), F_GETFD, 0)) & FD_CLOEXEC) === 0;
	}

	/** Lets programs that this process starts inherit the descriptor, or not. */
	setInheritable(inheritable: boolean): void {
		check("fcntl", fcntl(this.descriptor.open("fcntl"), F_SETFD, inheritable ? 0 : FD_CLOEXEC));
	}

	/**
	 * How long an operation may take, for those of either kind that begin from now on: milliseconds, 0 not to
	 * wait (BlockingIOError where one would), null to wait without end. Python's settimeout().
	 */
	settimeout(timeout: number | null): void {
		this.#timeout = checkTimeout("timeout", timeout);
	}

	/** What settimeout() set, in milliseconds. */
	gettimeout(): number | null {
		return this.#timeout;
	}

	/** `setblocking(true)` is `settimeout(null)`, `setblocking(false)` is `settimeout(0)`. */
	setblocking(blocking: boolean): void {
		this.#timeout = blocking ? null : 0;
	}

	/** False when the timeout is 0. Python's getblocking(). */
	getblocking(): boolean {
		return this.#timeout !== 0;
	}

	/** What the socket is: its descriptor, kind, and addresses where it has them. */
	toString(): string {
		if (this.closed) return `Socket(closed, ${describeSocket(this.family, this.type, this.proto)})`;
		return `Socket(descriptor ${this.fileno()}, ${describeSocket(this.family, this.type, this.proto)})`;
	}

	/** Performs the operation that `make` gives, waiting in the event loop. Internal. */
	protected perform<T>(make: () => Operation<T>, options?: WaitOptions): Promise<T> {
		let operation: Operation<T>;
		try {
			operation = make();
		} catch (error) {
			return Promise.reject(error);
		}
		return this.begin(operation, options);
	}

	/** Performs an operation, waiting in the event loop. Internal. */
	protected begin<T>(operation: Operation<T>, options: WaitOptions | undefined): Promise<T> {
		if (options === undefined) return this.descriptor.perform(operation, this, this.#timeout);
		try {
			checkWaitOptions(options);
			return this.descriptor.perform(operation, this, timeoutFor(options, this.#timeout), options?.signal);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** Performs an operation, blocking the thread. Internal. */
	protected performSync<T>(operation: Operation<T>, options?: WaitOptions): T {
		checkWaitOptions(options);
		options?.signal?.throwIfAborted();
		return performSync(this.descriptor, operation, timeoutFor(options, this.#timeout));
	}
}

/** An operation's own limit, or else the socket's. */
function timeoutFor(options: WaitOptions | undefined, usual: number | null): number | null {
	const timeout = options?.timeout;
	return timeout === undefined ? usual : checkTimeout("timeout", timeout);
}

/** Whether a connection in TIME_WAIT could be what is in the way of a stream socket. */
function mayLackReuse(socket: SocketBase, address: Address): boolean {
	const isStream = socket.type === SOCK_STREAM && typeof address === "object" && "host" in address;
	return isStream && address.port !== 0 && socket.getsockopt(SOL_SOCKET, SO_REUSEADDR) === 0;
}

/**
 * Whether an option may make bytes wait that have come: a protocol on top of TCP does, until a message is whole; and
 * fewer than SO_RCVLOWAT bytes are received if they are there, but no event tells of them.
 */
function mayHoldBack(level: number, name: number): boolean {
	return level === IPPROTO_TCP ? name === TCP_ULP : level === SOL_SOCKET && name === SO_RCVLOWAT;
}

function describeDescriptor(fd: number): string {
	const [family, type, proto] = [SO_DOMAIN, SO_TYPE, SO_PROTOCOL].map((name) =>
		readInteger(fd, SOL_SOCKET, name),
	) as [number, number, number];
	const usual =
		(type === SOCK_STREAM && proto === IPPROTO_TCP) || (type === SOCK_DGRAM && proto === IPPROTO_UDP);
	return describeSocket(family, type, usual ? 0 : proto);
}

/** Whether a socket is one of TCP, which is the kernel's choice for a stream. MPTCP is another protocol. */
function isTcp({ family, type, proto }: Kind): boolean {
	if (type !== SOCK_STREAM || (family !== AF_INET && family !== AF_INET6)) return false;
	return proto === 0 || proto === IPPROTO_TCP;
}

function checkOptionName(level: number, name: number): void {
	checkInteger(level, -0x80000000, 0x7fffffff, "level");
	checkInteger(name, -0x80000000, 0x7fffffff, "option name");
}

function checkSet(level: number, name: number, result: number, subject?: string): void {
	if (result < 0) check("setsockopt", result, { subject, advice: optionPrivilege(level, name, result) });
}

function readInteger(fd: number, level: number, name: number, subject?: string): number {
	integerOption[0] = 0;
	optionLength[0] = 4;
	check("getsockopt", sys.getsockopt(fd, level, name, integerOption, optionLength), { subject });
	return integerOption[0] as number;
}

/** Fills the room, and gives the length that the kernel returned. */
function readOption(fd: number, level: number, name: number, room: Buffer, subject?: string): number {
	optionLength[0] = room.byteLength;
	check("getsockopt", sys.getsockopt(fd, level, name, room, optionLength), { subject });
	return optionLength[0];
}
