/**
 * The door to C. Every C function that the library calls is declared through `declare`,
 * every errno is read by `resultOf`. The other files of `sys/` import from here and from nowhere else.
 */
import { koffi } from "./koffi.js";

/**
 * What a C function takes where it wants memory: the address of native memory as a plain number, or a
 * typed array that lives through the call. Never let C keep the address of a typed array beyond the call.
 */
export type Pointer = number | Uint8Array | Int32Array | Uint32Array | BigInt64Array | null;

/** The C types that the declarations use. Sizes are 32-bit where the kernel's answer fits: it is faster. */
export type CType = "void" | "int" | "uint32" | "int64" | "size_t" | "uintptr_t" | "void *" | "str";

const process_ = koffi.load(null);
// Bound on its own: as a method of the namespace it would be looked up again at every call.
const view = koffi.view;

/** Whether the running process exports the C function: libuv's are missing outside Node, for example. */
export function isExported(name: string): boolean {
	try {
		process_.func(name, "int", []);
		return true;
	} catch {
		return false;
	}
}

/** The address of an exported C function, to be given to C as a callback. */
export function addressOf(name: string): number {
	return Number(process_.symbol(name));
}

/** The runtime's `napi_env`, to be passed as a pointer. */
export const environment: unknown = koffi.node.env;

/** Binds a C function. The caller gives the TypeScript signature that fits the C types. */
export function declare<F extends (...args: never[]) => unknown>(
	name: string,
	result: CType,
	args: CType[],
): F {
	return process_.func(name, result, args) as unknown as F;
}

/**
 * Binds a C++ function that returns an object which has a destructor: it is made in memory of the caller's, as a
 * struct of more than two words is. Gives the object's first word.
 */
export function declareMaking(name: string, args: CType[]): (...values: number[]) => number {
	const words = koffi.struct({ first: "uintptr_t", second: "uintptr_t", third: "uintptr_t" });
	const bound = process_.func(name, words, args);
	return (...values) => (bound(...values) as { first: number }).first;
}

/** The same function on a thread of the runtime's pool; resolves to its result. Its errno is lost. */
export function declareAsync<A extends unknown[]>(
	name: string,
	result: CType,
	args: CType[],
): (...args: A) => Promise<number> {
	const bound = process_.func(name, result, args);
	return (...values) =>
		new Promise((resolve, reject) => {
			bound.async(...values, (error: Error | null, value: number) => {
				if (error) reject(error);
				else resolve(value);
			});
		});
}

/** Native memory as an ArrayBuffer, without a copy. The memory must outlive every use of the buffer. */
export function viewOf(address: number, size: number): ArrayBuffer {
	return view(BigInt(address), size);
}

/** The UTF-8 text of a NUL-terminated C string at an address; "" for a null pointer. */
export function textAt(address: number): string {
	return address === 0 ? "" : koffi.decode.string(BigInt(address));
}

// errno is thread-local and so is this module: the address is asked for once per thread. Reading the cell
// costs nothing beside a call of koffi.errno(), and is exact as long as no other call comes in between.
const errnoCell = new Int32Array(viewOf(declare<() => number>("__errno_location", "uintptr_t", [])(), 4));

/** What the functions of `sys/` return: the call's result when it is at least 0, otherwise -errno. */
export function resultOf(result: number): number {
	return result < 0 ? -(errnoCell[0] as number) : result;
}

/**
 * Whether this is the process's first thread, whose end is the process's. Loading node:worker_threads to ask the
 * runtime would take longer than all that this folder does at import.
 */
export const onFirstThread: boolean =
	isExported("gettid") && declare<() => number>("gettid", "int", [])() === process.pid;

/**
 * Keeps koffi's code in memory to the end of the process. When a worker ends, the runtime unloads the addons
 * that no other thread has loaded, and only then libuv reports to koffi that its handles are closed: a worker
 * that had used the event loop took the process along when the main thread had not loaded koffi too.
 */
function keepLoaded(): void {
	const callback = koffi.register(() => {}, koffi.pointer(koffi.proto("void", [])));
	const info = new BigInt64Array(4); // Dl_info; the first member is the file's name.
	const described = declare<(address: number, info: Pointer) => number>("dladdr", "int", [
		"uintptr_t",
		"void *",
	])(Number(callback), info);
	koffi.unregister(callback);
	if (described === 0) return;
	const RTLD_LAZY = 0x1;
	const RTLD_NOLOAD = 0x4;
	const RTLD_NODELETE = 0x1000;
	const dlopen = declare<(name: number, flags: number) => number>("dlopen", "uintptr_t", [
		"uintptr_t",
		"int",
	]);
	dlopen(Number(info[0]), RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

if (!onFirstThread && isExported("dladdr") && isExported("dlopen")) keepLoaded();
