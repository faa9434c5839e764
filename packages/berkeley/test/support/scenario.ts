/**
 * Scenarios: lists of steps in a neutral vocabulary, performed by Python's socket module and by ours, whose
 * transcripts must be the same. A step is `[subject, operation, ...arguments]`; the subject is the name of a
 * socket, or of two, or "*" for none. scenario.py performs steps with Python, ours.ts with the library.
 *
 * Where both parties are named, those whose names begin with "b" can be performed by the one implementation and
 * all others by the other, so that each serves as the other's peer.
 *
 * Arguments: a number, null, true and false are themselves; a string is a constant's name, an expression of
 * those ("MSG_PEEK|MSG_TRUNC", "CMSG_SPACE(4)+CMSG_LEN(4)"); bytes, addresses and names of things are made by
 * the functions below. `"&recv"` begins an operation aside, and `"join"` gives what became of it.
 */

/** What a step consists of, as JSON. */
export type Value = number | string | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** One step: subject, operation, arguments. */
export type Step = readonly [subject: string, operation: string, ...args: Value[]];

/** What a step gave: `{ value }`, `{ error, code? }`, or `{ absent }` when what it is about was never made. */
export type Outcome = { readonly [key: string]: Value };

/** A step whose outcome is expected to differ, for the reason that the table of differences has at the name. */
export interface DifferingStep {
	differs: string;
	step: Step;
}

export interface Scenario {
	name: string;
	steps: readonly (Step | DifferingStep)[];
	/** Without the runs in which Python and we are each other's peer. */
	alone?: boolean;
}

export function scenario(
	name: string,
	steps: Scenario["steps"],
	options: { alone?: boolean } = {},
): Scenario {
	return { name, steps, ...options };
}

/** A step whose outcome differs as `differences[name]` says. */
export function differs(name: string, step: Step): DifferingStep {
	return { differs: name, step };
}

/** Bytes given as Latin-1 text, repeated. */
export function text(text: string, times = 1): Value {
	return { text, times };
}

/** Bytes given in hexadecimal. */
export function hex(hex: string): Value {
	return { hex };
}

/** Bytes that are C ints. */
export function ints(...ints: (number | string)[]): Value {
	return { ints };
}

/** The data of an SCM_RIGHTS message. */
export function fds(...names: string[]): Value {
	return { fds: names };
}

/** The data of an SCM_CREDENTIALS message: who performs the step. */
export const credentials: Value = { credentials: true };

/** An address by its fields: host and port, interface and protocol … A field may be `{ value: "ETH_P_ALL" }`. */
export function at(...fields: Value[]): Value {
	return { at: fields };
}

/** A Unix address by its bytes, given as Latin-1 text, in which `$PID` stands for eight digits. */
export function unix(path: string): Value {
	return { unix: path };
}

/** The address that a socket is bound to. */
export function of(name: string): Value {
	return { of: name };
}

/** The thing of a name: a socket or a file. */
export function thing(name: string): Value {
	return { name };
}

/** Two connected TCP sockets: `a` connected to the listener `b`, which accepted `b1`. */
export function tcp(host = "127.0.0.1"): Step[] {
	return connected(host.includes(":") ? "AF_INET6" : "AF_INET", at(host, 0));
}

/** Two connected Unix stream sockets, as those of `tcp`. */
export function unixStream(type = "SOCK_STREAM"): Step[] {
	return connected("AF_UNIX", unix("listener"), type);
}

/** Two connected stream sockets: `a` connected to the listener `b`, which accepted `b1`. */
export function connected(family: string, address: Value, type = "SOCK_STREAM", proto: Value = 0): Step[] {
	return [
		["b", "socket", family, type, proto],
		["b", "bind", address],
		["b", "listen", 5],
		["a", "socket", family, type, proto],
		["a", "connect", of("b")],
		["b", "accept", "b1"],
	];
}

/** A bound datagram socket `b`, and `a`, which is bound too and not connected. */
export function datagrams(family: string, a: Value, b: Value, proto: Value = 0): Step[] {
	return [
		["b", "socket", family, "SOCK_DGRAM", proto],
		["b", "bind", b],
		["a", "socket", family, "SOCK_DGRAM", proto],
		["a", "bind", a],
	];
}
