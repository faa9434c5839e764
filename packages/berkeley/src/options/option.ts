/**
 * What a typed socket option is: its place in the kernel (level and name) and how its value becomes bytes and
 * back. `Socket.get(option)` and `Socket.set(option, value)` take them.
 *
 * The other files of this folder hold the options of one level each, sorted by the name that the kernel's
 * headers give them. An option is called what C calls it, without its level's prefix, lower-cased, underscores
 * folded: SO_REUSEADDR is `so.reuseaddr`, TCP_USER_TIMEOUT `tcp.userTimeout`, and on both IP levels
 * MCAST_JOIN_GROUP is `mcastJoinGroup`.
 */

/** An option that getsockopt(2) answers. */
export interface ReadableOption<T> {
	/** The level: SOL_SOCKET, IPPROTO_TCP … */
	readonly level: number;
	/** The option's number within its level. */
	readonly name: number;
	/** The option's name in C, for messages: "SO_LINGER". */
	readonly kernelName: string;
	/** How many bytes to give the kernel room for. */
	readonly size: number;
	/** What the kernel reads from the buffer before it answers, for the options that ask a question. */
	readonly request?: Uint8Array;
	/** How many bytes each unit of the returned length stands for, where that is not 1. */
	readonly lengthUnit?: number;
	/** The value of the bytes that the kernel returned. They are copied: the buffer may be used again. */
	decode(bytes: Buffer): T;
}

/** An option that setsockopt(2) takes. */
export interface WritableOption<T> {
	/** The level: SOL_SOCKET, IPPROTO_TCP … */
	readonly level: number;
	/** The option's number within its level. */
	readonly name: number;
	/** The option's name in C, for messages: "SO_LINGER". */
	readonly kernelName: string;
	/**
	 * The bytes of a value. Where they point to more memory, that memory is native and lives as long as the
	 * array that is returned: keep it through the call.
	 * @throws TypeError or RangeError when the option does not take the value
	 */
	encode(value: T): Uint8Array;
}

/** An option that can be read and set. `Set` is what it takes, where that is more than it gives. */
export interface SocketOption<Get, Set = Get> extends ReadableOption<Get>, WritableOption<Set> {}

/** How one kind of value is represented in bytes. `owner` is the option's name, for the messages. */
export interface Codec<Get, Set = Get> {
	readonly size: number;
	decode(bytes: Buffer): Get;
	encode(value: Set, owner: string): Uint8Array;
}

/** A codec of values that only go into the kernel. */
export type Encoder<T> = Pick<Codec<never, T>, "encode">;

/** A codec of values that only come out of the kernel. */
export type Decoder<T> = Pick<Codec<T, never>, "size" | "decode">;

/** An option that can be read and set. */
/* @__NO_SIDE_EFFECTS__ */
export function option<Get, Set>(
	level: number,
	name: number,
	kernelName: string,
	codec: Codec<Get, Set>,
): SocketOption<Get, Set> {
	return { ...readable(level, name, kernelName, codec), ...writable(level, name, kernelName, codec) };
}

/** An option that can only be read. */
/* @__NO_SIDE_EFFECTS__ */
export function readable<T>(
	level: number,
	name: number,
	kernelName: string,
	codec: Decoder<T>,
): ReadableOption<T> {
	return { level, name, kernelName, size: codec.size, decode: (bytes) => codec.decode(bytes) };
}

/** An option that can only be set. */
/* @__NO_SIDE_EFFECTS__ */
export function writable<T>(
	level: number,
	name: number,
	kernelName: string,
	codec: Encoder<T>,
): WritableOption<T> {
	return { level, name, kernelName, encode: (value) => codec.encode(value, kernelName) };
}
