/**
 * The name of this host.
 */
import { decodeEscaped, encodeEscaped } from "../address/surrogateescape.js";
import { check } from "../errors.js";
import * as sys from "../sys/hostname.js";
import { checkCText } from "./arguments.js";

/** The most that Linux keeps, without the NUL (HOST_NAME_MAX). */
const NAME_MAX = 64;

/** This host's name, as the kernel knows it. Python's gethostname, gethostname(2). */
export function gethostname(): string {
	// A name without a NUL would be as long as the buffer: this one is always larger.
	const name = Buffer.alloc(NAME_MAX + 2);
	check("gethostname", sys.gethostname(name));
	return decodeEscaped(name, 0, name.indexOf(0));
}

/**
 * Gives this host another name, until it is started again. Python's sethostname, sethostname(2).
 * @param name at most 64 bytes, a string as UTF-8
 * @throws SocketError: EPERM without CAP_SYS_ADMIN, EINVAL when it is too long
 */
export function sethostname(name: string | Uint8Array): void {
	if (!(name instanceof Uint8Array)) checkCText(name, "the host name");
	const bytes = typeof name === "string" ? encodeEscaped(name) : name;
	if (bytes.includes(0)) throw new TypeError("the host name must not contain NUL");
	const advice =
		bytes.length > NAME_MAX ? `it has ${bytes.length} bytes; ${NAME_MAX} are allowed` : undefined;
	check("sethostname", sys.sethostname(bytes), { advice });
}
