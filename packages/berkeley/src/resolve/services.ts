/**
 * Services and protocols, from the databases of this machine: /etc/services and /etc/protocols as a rule.
 * They are local files, so these functions have one form only, which does not wait.
 */
import { htons } from "../address/byteorder.js";
import { checkInteger } from "../address/bytes.js";
import { SocketError, socketError } from "../errors.js";
import { ENOENT, ERANGE } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import * as libc from "../sys/netdb.js";
import { protoent, readProtoent, readServent, servent } from "../sys/netdbstructs.js";
import { checkCText } from "./arguments.js";

/**
 * The port of a service: 80 for "http". Python's getservbyname, getservbyname(3).
 * @param proto "tcp", "udp" …; any when left out
 * @throws SocketError ENOENT when no such service is known
 */
export function getservbyname(name: string, proto?: string): number {
	checkCText(name, "the service");
	const found = lookUp("getservbyname", servent.size, [name, proto], (texts, ...rest) =>
		libc.getservbynameR(texts[0], texts[1], ...rest),
	);
	if (found === undefined) throw notFound("getservbyname", `service ${name}`, proto, "/etc/services");
	return readServent(found.address).port;
}

/**
 * The name of the service that has a port: "http" for 80. Python's getservbyport, getservbyport(3).
 * @param port 0 to 65535, host byte order
 * @param proto "tcp", "udp" …; any when left out
 * @throws SocketError ENOENT when no such service is known
 */
export function getservbyport(port: number, proto?: string): string {
	checkInteger(port, 0, 65535, "the port");
	const key = htons(port);
	const found = lookUp("getservbyport", servent.size, [undefined, proto], (texts, ...rest) =>
		libc.getservbyportR(key, texts[1], ...rest),
	);
	if (found === undefined) throw notFound("getservbyport", `service at port ${port}`, proto, "/etc/services");
	return readServent(found.address).name;
}

/**
 * The number of an Internet protocol: 6 for "tcp". Python's getprotobyname, getprotobyname(3).
 * @throws SocketError ENOENT when no such protocol is known
 */
export function getprotobyname(name: string): number {
	checkCText(name, "the protocol");
	const protocol = protocolNumber(name);
	if (protocol === undefined) {
		throw notFound("getprotobyname", `protocol ${name}`, undefined, "/etc/protocols");
	}
	return protocol;
}

function protocolNumber(name: string): number | undefined {
	const { getprotobynameR } = libc;
	if (getprotobynameR === undefined) {
		const address = libc.getprotobyname(Buffer.from(`${name}\0`));
		return address === 0 ? undefined : readProtoent(address);
	}
	const found = lookUp("getprotobyname", protoent.size, [name, undefined], (texts, ...rest) =>
		getprotobynameR(texts[0], ...rest),
	);
	return found && readProtoent(found.address);
}

/**
 * Calls one of the functions with memory for two texts, the struct, its buffer and the pointer to the result.
 * The struct found stands at the beginning of the memory returned, with what it points to behind it.
 */
function lookUp(
	syscall: string,
	structSize: number,
	texts: [string | undefined, string | undefined],
	call: (texts: [number, number], struct: number, buffer: number, size: number, result: number) => number,
): NativeMemory | undefined {
	if (texts[1] !== undefined) checkCText(texts[1], "the protocol");
	const [first, second] = texts.map((text) => Buffer.from(text === undefined ? "" : `${text}\0`));
	const resultAt = structSize;
	const firstAt = resultAt + 8;
	const secondAt = firstAt + (first?.length ?? 0);
	const bufferAt = (secondAt + (second?.length ?? 0) + 7) & ~7;
	for (let size = 1024; ; size *= 2) {
		const memory = new NativeMemory(bufferAt + size);
		if (first) memory.bytes.set(first, firstAt);
		if (second) memory.bytes.set(second, secondAt);
		const base = memory.address;
		const errno = call(
			[first?.length ? base + firstAt : 0, second?.length ? base + secondAt : 0],
			base,
			base + bufferAt,
			size,
			base + resultAt,
		);
		if (memory.view.getBigUint64(resultAt, true) !== 0n) return memory;
		// The GNU library says 0 when there is no such entry; ENOENT is what another may say.
		if (errno === 0 || errno === ENOENT) return undefined;
		if (errno !== ERANGE) throw socketError(syscall, -errno);
	}
}

function notFound(syscall: string, what: string, proto: string | undefined, file: string): SocketError {
	const subject = proto === undefined ? what : `${what}/${proto}`;
	const advice = `${file} lists none (on Debian the package netbase brings that file)`;
	const message = `${syscall}: no ${subject} is known (ENOENT): ${advice}`;
	return new SocketError(message, "ENOENT", -ENOENT, syscall);
}
