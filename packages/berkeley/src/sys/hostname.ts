/**
 * The host's name: gethostname(2) and sethostname(2).
 */
import { declare, type Pointer, resultOf } from "./ffi.js";

const libcGethostname = declare<(name: Pointer, size: number) => number>("gethostname", "int", [
	"void *",
	"size_t",
]);
const libcSethostname = declare<(name: Pointer, length: number) => number>("sethostname", "int", [
	"void *",
	"size_t",
]);

/** Writes the host's name and a NUL. Gives 0 or -errno: ENAMETOOLONG when the buffer is too small. */
export function gethostname(target: Uint8Array): number {
	return resultOf(libcGethostname(target, target.byteLength));
}

/** Gives the host another name. Gives 0 or -errno: EPERM without CAP_SYS_ADMIN, EINVAL above 64 bytes. */
export function sethostname(name: Uint8Array): number {
	return resultOf(libcSethostname(name, name.byteLength));
}
