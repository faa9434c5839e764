/**
 * Errors that cross from one thread or process to another: structured cloning would leave out their name and code.
 */
import { inspect } from "node:util";
import {
	BlockingIOError,
	ConnectionError,
	GaiError,
	PermissionError,
	SocketError,
	TimeoutError,
} from "../../errors.js";
import { TlsError } from "../../stream/tlserror.js";
import { ProxyHeaderError } from "../proxy/error.js";
import { RefusedError } from "../refusal.js";
import { ShutdownError } from "../running.js";

type Plain = string | number | boolean | bigint | null | undefined;

/** What was thrown, as data. */
export type ErrorData =
	/** An error, with those of its own properties that are plain values: code, errno, syscall … */
	| {
			readonly name: string;
			readonly message: string;
			readonly stack: string | undefined;
			readonly properties: Readonly<Record<string, Plain>>;
			readonly cause?: ErrorData;
	  }
	/** A plain value that was thrown; of anything else its description. */
	| { readonly value: Plain };

/** The classes that an error is given back, so that `instanceof` holds where it arrives. */
const classes: readonly (new (...args: never[]) => Error)[] = [
	BlockingIOError,
	ConnectionError,
	GaiError,
	PermissionError,
	SocketError,
	TimeoutError,
	ProxyHeaderError,
	RefusedError,
	ShutdownError,
	TlsError,
	EvalError,
	RangeError,
	ReferenceError,
	SyntaxError,
	TypeError,
	URIError,
];

// A chain of causes may be a ring.
const deepest = 8;

/** What was thrown, ready to cross. */
export function errorData(thrown: unknown, depth = 0): ErrorData {
	if (!(thrown instanceof Error)) return { value: isPlain(thrown) ? thrown : inspect(thrown) };
	const properties: Record<string, Plain> = {};
	for (const [key, value] of Object.entries(thrown)) if (isPlain(value)) properties[key] = value;
	const { message, cause } = thrown;
	// Some classes set it on the object, and some errors have none that is a text.
	const name = typeof thrown.name === "string" ? thrown.name : "Error";
	const stack = typeof thrown.stack === "string" ? thrown.stack : undefined;
	const data = { name, message: String(message), stack, properties };
	return cause === undefined || depth === deepest ? data : { ...data, cause: errorData(cause, depth + 1) };
}

/** What was thrown on the other side: an error with the same name, message, stack, code and cause. */
export function errorFrom(data: ErrorData): unknown {
	if ("value" in data) return data.value;
	const { name, message, stack, properties, cause } = data;
	const error = cause === undefined ? new Error(message) : new Error(message, { cause: errorFrom(cause) });
	const known = classes.find((each) => each.name === name);
	if (known !== undefined) Object.setPrototypeOf(error, known.prototype);
	else define(error, "name", name);
	if (stack !== undefined) define(error, "stack", stack);
	return Object.assign(error, properties);
}

function define(error: Error, key: string, value: string): void {
	Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}

function isPlain(value: unknown): value is Plain {
	return (
		value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
	);
}
