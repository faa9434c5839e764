/**
 * Performs the steps of scenarios with the library. The vocabulary is described in scenario.ts; scenario.py
 * performs the same steps with Python.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
	closeSync,
	existsSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	writeFileSync,
} from "node:fs";
import { decodeEscaped, encodeEscaped } from "../../src/address/surrogateescape.js";
import * as library from "../../src/index.js";
import { type Address, type AncillaryMessage, GaiError, Socket, SocketError } from "../../src/index.js";
import { isDeno } from "./runtime.js";
import type { Outcome, Step, Value } from "./scenario.js";

/** Which of the two forms of the operations that can wait is used. */
export type Twin = "async" | "sync";

type Method = (...args: unknown[]) => unknown;
/** Steps by name; each declares the arguments that it takes. */
type Steps<First> = Record<string, (first: First, ...args: never[]) => unknown>;
type Thing = Socket | File;

/** The step is about something that an earlier step could not make. */
class Absent extends Error {}

/** An open file, as scenario.py has it. */
class File {
	#fd: number;

	constructor(fd: number) {
		this.#fd = fd;
	}

	fileno(): number {
		return this.#fd;
	}

	close(): void {
		if (this.#fd >= 0) closeSync(this.#fd);
		this.#fd = -1;
	}
}

/** The timeout that the sockets of a scenario begin with, in milliseconds. scenario.py has the same. */
export const defaultTimeout = 5000;
const constants = library as unknown as Record<string, number>;

function countDescriptors(): number {
	return readdirSync("/proc/self/fd").length;
}

/** One party of a scenario. */
export class Ours {
	readonly #twin: Twin;
	readonly #things = new Map<string, Thing>();
	readonly #running = new Map<string, Promise<Outcome>>();
	#descriptors = 0;

	constructor(twin: Twin) {
		this.#twin = twin;
	}

	begin(): { pid: number } {
		library.setdefaulttimeout(defaultTimeout);
		this.#descriptors = countDescriptors();
		return { pid: process.pid };
	}

	async end(): Promise<{ leaked: number }> {
		for (const one of this.#things.values()) one.close();
		this.#things.clear();
		await Promise.all(this.#running.values());
		this.#running.clear();
		library.setdefaulttimeout(null);
		return { leaked: countDescriptors() - this.#descriptors };
	}

	async perform(step: Step): Promise<Outcome> {
		const [subject, operation, ...args] = step;
		if (operation === "join") {
			const running = this.#running.get(subject);
			this.#running.delete(subject);
			return running ?? { absent: true };
		}
		if (operation.startsWith("&")) {
			this.#running.set(subject, this.perform([subject, operation.slice(1), ...args]));
			return { value: null };
		}
		try {
			const value = await this.#call(subject, operation, args);
			return { value: value === undefined ? null : (value as Value) };
		} catch (error) {
			if (error instanceof Absent) return { absent: true };
			return failure(error);
		}
	}

	#call(subject: string, operation: string, args: readonly Value[]): unknown {
		// These two are followed by the name of what they make.
		const named = operation === "accept" || operation === "dup";
		const values = named ? args : args.map((each) => this.#value(each, subject));
		if (subject === "*") return others[operation]?.(...(values as never[])) ?? notKnown(operation, others);
		const make = this.#makers[operation];
		if (make !== undefined) return make(subject, ...(values as never[]));
		const one = this.#thing(subject);
		const about = this.#members[operation];
		if (about !== undefined) return about(one as never, ...(values as never[]));
		const plain = one as unknown as Record<string, Method>;
		if (plain[operation] === undefined) throw new Error(`no step is called ${operation}`);
		return plain[operation](...values);
	}

	#thing(name: string): Thing {
		const found = this.#things.get(name);
		if (found === undefined) throw new Absent();
		return found;
	}

	#keep(name: string, socket: Socket): Value {
		// Python closes what is no longer referred to.
		this.#things.get(name)?.close();
		this.#things.set(name, socket);
		return kind(socket);
	}

	/** Calls the twin of a method: `recv` or `recvSync`. */
	#twinOf(one: Thing, name: string, ...args: unknown[]): unknown {
		const methods = one as unknown as Record<string, Method>;
		return (methods[this.#twin === "sync" ? `${name}Sync` : name] as Method).apply(one, args);
	}

	#value(value: Value, subject: string): unknown {
		if (typeof value === "string") return numberOf(value);
		if (Array.isArray(value)) return value.map((each: Value) => this.#value(each, subject));
		if (typeof value !== "object" || value === null) return value;
		const given = value as Record<string, Value>;
		if ("text" in given) {
			return Buffer.from((given.text as string).repeat((given.times as number) ?? 1), "latin1");
		}
		if ("hex" in given) return Buffer.from(given.hex as string, "hex");
		if ("ints" in given) {
			return Buffer.from(Int32Array.from(this.#value(given.ints as Value, subject) as number[]).buffer);
		}
		if ("fds" in given) {
			const numbers = (given.fds as string[]).map((name) => this.#thing(name).fileno());
			return Buffer.from(Int32Array.from(numbers).buffer);
		}
		if ("credentials" in given) {
			const ids = [process.pid, process.getuid?.() ?? 0, process.getgid?.() ?? 0];
			return Buffer.from(Int32Array.from(ids).buffer);
		}
		if ("at" in given) return this.#address(given.at as Value[], subject);
		if ("unix" in given) {
			return decodeEscaped(Buffer.from(given.unix as string, "latin1"));
		}
		if ("of" in given) return (this.#thing(given.of as string) as Socket).getsockname();
		if ("name" in given) return this.#things.get(given.name as string) ?? new File(-1);
		if ("path" in given) return given.path;
		return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, this.#value(each, subject)]));
	}

	/** The address whose fields are those of Python's tuples. */
	#address(fields: Value[], subject: string): Address {
		const values = fields.map((field) => {
			if (typeof field === "string" && field.startsWith("hex:")) return Buffer.from(field.slice(4), "hex");
			const isConstant = typeof field === "object" && field !== null;
			return isConstant ? this.#value((field as Record<string, Value>).value as Value, subject) : field;
		});
		const [one, two, three, four, five] = values as [never, never, never?, never?, never?];
		const socket = this.#things.get(subject);
		const family = socket instanceof Socket ? socket.family : library.AF_INET;
		if (family === library.AF_PACKET) {
			return {
				interface: one,
				protocol: two,
				...(three !== undefined && { packetType: three }),
				...(four !== undefined && { hardwareType: four }),
				...(five !== undefined && { hardwareAddress: five }),
			};
		}
		if (family === library.AF_NETLINK) return { pid: one, groups: two };
		if (family === library.AF_VSOCK) return { cid: one, port: two };
		return {
			host: one,
			port: two,
			...(three !== undefined && { flowinfo: three }),
			...(four !== undefined && { scopeId: four }),
		};
	}

	/** The steps that make what they are about. */
	readonly #makers: Steps<string> = {
		socket: (name, family: number, type: number, proto: number) =>
			this.#keep(name, new Socket(family, type, proto)),
		socketpair: (names, family: number, type: number, proto: number) => {
			const [one, other] = names.split(" ") as [string, string];
			const made = library.socketpair(family, type, proto);
			return [this.#keep(one, made[0]), this.#keep(other, made[1])];
		},
		createServer: (name, address: Address, options: object) =>
			this.#keep(name, library.createServer<number>(address, options)),
		createConnection: async (name, address: library.Inet4Address, given: Record<string, never>) => {
			const { source, ...rest } = given;
			const options = { ...rest, ...(source !== undefined && { sourceAddress: source }) };
			const make = this.#twin === "sync" ? library.createConnectionSync : library.createConnection;
			const socket: unknown = await make(address, options);
			return this.#keep(name, socket as Socket);
		},
		fromfd: (name, one: Thing, family: number, type: number, proto: number) =>
			this.#keep(name, library.fromfd(one.fileno(), family, type, proto)),
		fromFileno: (name, one: Socket) =>
			this.#keep(name, new Socket(undefined, undefined, undefined, { fileno: one.detach() })),
		copyOfDescriptor: (name, one: Thing) => {
			const fileno = library.dup(one.fileno());
			try {
				return this.#keep(name, new Socket(undefined, undefined, undefined, { fileno }));
			} catch (error) {
				library.close(fileno);
				throw error;
			}
		},
		file: (name, data: Buffer) => {
			writeFileSync(name, data);
			this.#things.set(name, new File(openSync(name, "r")));
		},
		open: (name, path: string) => {
			this.#things.set(name, new File(openSync(path, "r")));
		},
	};

	/** The steps whose results are not plain, or whose operations wait. */
	readonly #members: Steps<never> = {
		accept: async (s: Socket, name: string) => {
			const [made, address] = (await this.#twinOf(s, "accept")) as [Socket, Address];
			return [this.#keep(name, made), shownAddress(s.family, address)];
		},
		dup: (s: Socket, name: string) => this.#keep(name, s.dup()),
		detach: (s: Socket) => {
			const fd = s.detach();
			if (fd >= 0) library.close(fd);
			return fd >= 0;
		},
		kind: (s: Socket) => kind(s),
		isOpen: (s: Socket) => s.fileno() >= 0,
		identity: (one: Thing) => identity(one.fileno()),
		nonblocking: (one: Thing) => (descriptorFlags(one) & 0o4000) !== 0,
		closeOnExec: (one: Thing) => (descriptorFlags(one) & 0o2000000) !== 0,
		position: (file: File) => {
			const info = readFileSync(`/proc/self/fdinfo/${file.fileno()}`, "utf8");
			return Number(/pos:\s*(\d+)/.exec(info)?.[1]);
		},
		connect: (s: Socket, address: Address) => this.#twinOf(s, "connect", address),
		connectEx: async (s: Socket, address: Address) => {
			const code = (await this.#twinOf(s, "connectEx", address)) as number;
			return code === 0 ? 0 : errnoNames.get(code);
		},
		getsockname: (s: Socket) => shownAddress(s.family, s.getsockname()),
		getpeername: (s: Socket) => shownAddress(s.family, s.getpeername()),
		getsockopt: (s: Socket, level: number, name: number, length: number) => {
			const got = length === undefined ? s.getsockopt(level, name) : s.getsockopt(level, name, length);
			return typeof got === "number" ? got : shown(got);
		},
		send: (s: Socket, ...args: never[]) => this.#twinOf(s, "send", ...args),
		sendInChild: (s: Socket, data: Buffer) => {
			const stdio: ("ignore" | number)[] = ["ignore", "ignore", "ignore", s.fileno()];
			return { child: spawnSync("sh", ["-c", 'printf %s "$0" >&3', data.toString()], { stdio }).pid };
		},
		sendall: (s: Socket, ...args: never[]) => this.#twinOf(s, "sendall", ...args),
		sendto: (s: Socket, ...args: never[]) => this.#twinOf(s, "sendto", ...args),
		sendmsg: (s: Socket, buffers: Buffer[], ancillary: [number, number, Buffer][] = [], ...rest) => {
			const messages = ancillary.map(([level, type, data]) => ({ level, type, data }));
			const [flags, address] = rest as unknown as [number | undefined, Address | null | undefined];
			return this.#twinOf(s, "sendmsg", buffers, messages, flags, address ?? undefined);
		},
		sendfile: (s: Socket, file: File, offset?: number, count?: number | null) =>
			this.#twinOf(s, "sendfile", file.fileno(), offset, count ?? undefined),
		fill: async (s: Socket) => {
			for (;;) {
				try {
					await this.#twinOf(s, "send", Buffer.alloc(4096), 0, { timeout: 0 });
				} catch (error) {
					if (error instanceof library.BlockingIOError) return true;
					throw error;
				}
			}
		},
		recv: async (s: Socket, ...args: never[]) => shown((await this.#twinOf(s, "recv", ...args)) as Buffer),
		recvWhole: async (s: Socket, size: number) => {
			const parts: Buffer[] = [];
			for (let left = size; left > 0; ) {
				const part = (await this.#twinOf(s, "recv", left)) as Buffer;
				if (part.length === 0) break;
				parts.push(part);
				left -= part.length;
			}
			return shown(Buffer.concat(parts));
		},
		recvInto: async (s: Socket, size: number, nbytes?: number, flags?: number) => {
			const room = Buffer.alloc(size, ".");
			return [await this.#twinOf(s, "recvInto", room, flags, { nbytes }), shown(room)];
		},
		recvfrom: async (s: Socket, ...args: never[]) => {
			const [data, address] = (await this.#twinOf(s, "recvfrom", ...args)) as [Buffer, Address];
			return [shown(data), shownAddress(s.family, address)];
		},
		recvfromInto: async (s: Socket, size: number, nbytes?: number, flags?: number) => {
			const room = Buffer.alloc(size, ".");
			const got = (await this.#twinOf(s, "recvfromInto", room, flags, { nbytes })) as [number, Address];
			return [got[0], shown(room), shownAddress(s.family, got[1])];
		},
		recvmsg: async (s: Socket, ...args: never[]) => {
			const got = (await this.#twinOf(s, "recvmsg", ...args)) as library.ReceivedMessage;
			return [shown(got.data), shownAncillary(got.ancillary), got.flags, shownAddress(s.family, got.address)];
		},
		recvmsgInto: async (s: Socket, sizes: number[], ...args: never[]) => {
			const rooms = sizes.map((size) => Buffer.alloc(size, "."));
			const got = (await this.#twinOf(s, "recvmsgInto", rooms, ...args)) as library.ReceivedInto;
			const ancillary = shownAncillary(got.ancillary);
			return [got.size, rooms.map(shown), ancillary, got.flags, shownAddress(s.family, got.address)];
		},
		sendFds: (s: Socket, buffers: Buffer[], files: Thing[]) => {
			const send = this.#twin === "sync" ? library.sendFdsSync : library.sendFds;
			return send(s, buffers, files);
		},
		recvFds: async (s: Socket, size: number, count: number) => {
			const receive = this.#twin === "sync" ? library.recvFdsSync : library.recvFds;
			const got = await receive(s, size, count);
			const files = got.fds.map(identity);
			const inheritable = got.fds.map((fd) => (descriptorFlags(new File(fd)) & 0o2000000) === 0);
			for (const fd of got.fds) library.close(fd);
			return [shown(got.data), files, inheritable, got.flags, shownAddress(s.family, got.address)];
		},
		netlinkDump: async (s: Socket, type: number) => {
			const request = Buffer.alloc(20);
			request.writeUInt32LE(20, 0);
			request.writeUInt16LE(type, 4);
			request.writeUInt16LE(0x301, 6);
			request.writeUInt32LE(7, 8);
			await this.#twinOf(s, "send", request);
			const found: Value[] = [];
			for (;;) {
				const [data, address] = (await this.#twinOf(s, "recvfrom", 65536)) as [Buffer, Address];
				for (let left = data; left.length > 0; left = left.subarray((left.readUInt32LE(0) + 3) & ~3)) {
					const kind = left.readUInt16LE(4);
					const pid = { pid: left.readUInt32LE(12) };
					found.push([
						kind,
						left.readUInt16LE(6),
						left.readUInt32LE(8),
						pid,
						shownAddress(s.family, address),
					]);
					if (kind === 3) return found;
				}
			}
		},
	};
}

/** The steps about nothing in particular. */
const others: Record<string, (...args: never[]) => unknown> = {
	getdefaulttimeout: () => library.getdefaulttimeout(),
	setdefaulttimeout: (timeout: number | null) => library.setdefaulttimeout(timeout),
	hasDualstackIpv6: () => library.hasDualstackIpv6(),
	has: (path: string) => hasPath(Buffer.from(encodeEscaped(path))),
	number: (value: number) => value,
};

function hasPath(path: Buffer): boolean {
	if (!isDeno) return existsSync(path);
	// Deno's node:fs takes every path for UTF-8.
	const found = execFileSync("find", [".", "-mindepth", "1", "-printf", "%P\\0"]);
	return found.toString("latin1").split("\0").includes(path.toString("latin1"));
}

function notKnown(operation: string, table: object): undefined {
	if (!(operation in table)) throw new Error(`no step is called ${operation}`);
	return undefined;
}

/** The value of an expression: names and numbers, joined by | or +, and CMSG_LEN(n), CMSG_SPACE(n). */
function numberOf(expression: string): number {
	let total = 0;
	for (const term of expression.split(/[|+]/)) {
		const [, macro, length] = /^(CMSG_LEN|CMSG_SPACE)\((\d+)\)$/.exec(term) ?? [];
		const found =
			macro === "CMSG_LEN"
				? library.CMSG_LEN(Number(length))
				: macro === "CMSG_SPACE"
					? library.CMSG_SPACE(Number(length))
					: /^\d+$/.test(term)
						? Number(term)
						: constants[term];
		if (typeof found !== "number") throw new Error(`the library does not export ${term}`);
		total += found;
	}
	return total;
}

function shown(data: Uint8Array): string {
	if (data.length > 400) {
		let sum = 0;
		data.forEach((byte, index) => {
			sum = (sum + ((index % 8191) + 1) * byte) % 1000003;
		});
		return `long:${data.length}:${sum}`;
	}
	const printable = data.every((byte) => byte >= 0x20 && byte < 0x7f);
	return printable
		? `text:${Buffer.from(data).toString("latin1")}`
		: `hex:${Buffer.from(data).toString("hex")}`;
}

/** An address as Python's tuple has it. */
function shownAddress(family: number, address: Address | undefined): Value {
	if (address === undefined) return null;
	if (typeof address === "string") {
		const raw = Buffer.from(encodeEscaped(address)).toString("latin1");
		return /^\0[0-9a-f]{5}$/.test(raw) ? "autobound" : { unix: raw };
	}
	if ("host" in address) {
		const { host, port } = address;
		if (family === library.AF_INET) return [host, { port }];
		const { flowinfo, scopeId } = address as library.Inet6Address;
		return [host, { port }, flowinfo as number, scopeId as number];
	}
	if ("interface" in address) {
		const { packetType, hardwareType, hardwareAddress = new Uint8Array() } = address;
		return [
			address.interface,
			address.protocol,
			packetType as number,
			hardwareType as number,
			shown(hardwareAddress),
		];
	}
	if ("groups" in address) return [{ pid: address.pid }, address.groups];
	if ("cid" in address) return [address.cid, { port: address.port }];
	return `family ${address.family}: ${shown(address.bytes)}`;
}

function shownAncillary(messages: readonly AncillaryMessage[]): Value {
	return messages.map((message): Value => {
		const { level, type, data } = message;
		if (message.name === "SCM_RIGHTS") {
			const descriptors = message.value ?? [];
			const files = descriptors.map(identity);
			for (const fd of descriptors) library.close(fd);
			return ["rights", files, shown(data.subarray(descriptors.length * 4))];
		}
		if (message.name === "SCM_CREDENTIALS") {
			if (data.length < 4) return ["credentials", data.length];
			return ["credentials", { pid: data.readInt32LE(0) }, shown(data.subarray(4))];
		}
		return [level, type, shown(data)];
	});
}

function kind(s: Socket): Value {
	return [s.family, s.type, s.proto];
}

function identity(fd: number): Value {
	return { file: readlinkSync(`/proc/self/fd/${fd}`) };
}

function descriptorFlags(one: { fileno(): number }): number {
	const info = readFileSync(`/proc/self/fdinfo/${one.fileno()}`, "utf8");
	return Number.parseInt(/flags:\s*(\d+)/.exec(info)?.[1] ?? "", 8);
}

const errnoNames = new Map<number, string>();
for (const [name, number] of Object.entries((await import("node:os")).constants.errno)) {
	if (name !== "EWOULDBLOCK" && name !== "ENOTSUP") errnoNames.set(number, name);
}

function failure(error: unknown): Outcome {
	if (error instanceof AggregateError) return { error: "AggregateError", errors: error.errors.map(failure) };
	if (error instanceof GaiError) return { error: "GaiError", code: error.code };
	if (error instanceof SocketError) {
		// Python's own timeouts have no errno.
		const own = error instanceof library.TimeoutError && error.timeout !== undefined;
		return { error: error.name, code: own ? null : error.code };
	}
	if (error instanceof RangeError) return { error: "RangeError" };
	if (error instanceof TypeError) return { error: "TypeError" };
	throw error;
}
