/**
 * Checks an address before it reaches the kernel, so that misuse is told in words and not by an errno.
 */
import {
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	AF_VSOCK,
} from "../sys/linux/constants/families.js";
import { checkBytes, checkInteger, checkText, kindOf } from "./bytes.js";
import { encodeEscaped, isEncodable } from "./surrogateescape.js";
import type { Address } from "./types.js";

const shapes: Record<number, string> = {
	[AF_INET]: "AF_INET takes { host, port }",
	[AF_INET6]: "AF_INET6 takes { host, port, flowinfo?, scopeId? }",
	[AF_UNIX]: "AF_UNIX takes a path as a string",
	[AF_PACKET]: "AF_PACKET takes { interface, protocol }",
	[AF_NETLINK]: "AF_NETLINK takes { pid, groups }",
	[AF_VSOCK]: "AF_VSOCK takes { cid, port }",
};

/**
 * Requires an address that fits the family and can be written as a sockaddr. Hosts may be names; that they
 * resolve is not looked at. A `{ family, bytes }` of the same family is taken for every family.
 * @throws TypeError when the address has the shape of another family, or a member is of a wrong type
 * @throws RangeError when a member is out of range: a port over 65535, a path that is too long, an embedded
 * NUL (Python's OverflowError, and "AF_UNIX path too long")
 */
export function checkAddress(family: number, address: unknown): asserts address is Address {
	if (family === AF_UNIX && typeof address === "string") return checkPath(address);
	if (typeof address !== "object" || address === null) throw shapeError(family, address);
	if ((family === AF_INET || family === AF_INET6) && "host" in address) {
		checkInet(family, address as Record<string, unknown>);
	} else if (family === AF_PACKET && "interface" in address) checkPacket(address);
	else if (family === AF_NETLINK && "groups" in address) checkPair(address, "pid", "groups");
	else if (family === AF_VSOCK && "cid" in address) checkPair(address, "cid", "port");
	else if ("bytes" in address) checkRaw(family, address);
	else throw shapeError(family, address);
}

/**
 * An address that stays as it is, whatever happens to the object meanwhile: for what may wait. An object of a
 * class is taken as it is, for its members may be accessors.
 */
export function snapshot<A extends Address | undefined>(address: A): A {
	if (typeof address !== "object" || address === null) return address;
	if (Object.getPrototypeOf(address) !== Object.prototype) return address;
	return { ...address };
}

function checkInet(family: number, { host, port, flowinfo, scopeId }: Record<string, unknown>): void {
	checkText(host, "host");
	checkNoNul(host, "host");
	checkInteger(port, 0, 65535, "port");
	if (family === AF_INET) return;
	if (flowinfo !== undefined) checkInteger(flowinfo, 0, 0xfffff, "flowinfo");
	if (scopeId !== undefined) checkInteger(scopeId, 0, 0xffffffff, "scopeId");
}

function checkPath(path: string): void {
	const abstract = path.startsWith("\0");
	if (!abstract) checkNoNul(path, "an AF_UNIX path");
	if (!isEncodable(path)) {
		throw new RangeError(
			"an AF_UNIX path has a lone surrogate; only U+DC80 to U+DCFF stand for bytes that are no UTF-8",
		);
	}
	// sun_path has 108 bytes: of a path the last is its terminator, of an abstract name the first is NUL.
	const limit = abstract ? 108 : 107;
	// Three bytes are the most that a UTF-16 unit needs, so most paths are not encoded to be measured.
	if (path.length * 3 <= limit) return;
	const size = encodeEscaped(path).length;
	if (size <= limit) return;
	throw new RangeError(
		abstract
			? `an abstract AF_UNIX name has at most 107 bytes after its NUL, not ${size - 1}`
			: `an AF_UNIX path has at most 107 bytes, not ${size}: ${JSON.stringify(path)}`,
	);
}

function checkPacket(address: object): void {
	const member = address as Record<string, unknown>;
	const { protocol, packetType, hardwareType, hardwareAddress } = member;
	const name = member.interface;
	if (typeof name === "string") checkNoNul(name, "interface");
	else if (typeof name === "number") checkInteger(name, 0, 0x7fffffff, "interface");
	else throw new TypeError(`interface must be a name or an index, not ${kindOf(name)}`);
	checkInteger(protocol, 0, 65535, "protocol");
	if (packetType !== undefined) checkInteger(packetType, 0, 255, "packetType");
	if (hardwareType !== undefined) checkInteger(hardwareType, 0, 65535, "hardwareType");
	if (hardwareAddress === undefined) return;
	checkBytes(hardwareAddress, "hardwareAddress");
	if (hardwareAddress.length > 8) {
		throw new RangeError(`hardwareAddress has at most 8 bytes, not ${hardwareAddress.length}`);
	}
}

function checkPair(address: object, first: string, second: string): void {
	const member = address as Record<string, unknown>;
	checkInteger(member[first], 0, 0xffffffff, first);
	checkInteger(member[second], 0, 0xffffffff, second);
}

function checkRaw(family: number, address: object): void {
	const { family: own, bytes } = address as Record<string, unknown>;
	checkInteger(own, 0, 65535, "the address's family");
	if (own !== family) {
		throw new RangeError(`the address is of family ${own} and the socket of family ${family}`);
	}
	checkBytes(bytes, "bytes");
	if (bytes.length > 126) throw new RangeError(`bytes has at most 126 bytes, not ${bytes.length}`);
}

function checkNoNul(text: string, what: string): void {
	const at = text.indexOf("\0");
	if (at >= 0) throw new RangeError(`${what} must not contain a NUL; there is one at ${at}`);
}

function shapeError(family: number, address: unknown): TypeError {
	const shape = shapes[family] ?? `a socket of family ${family} takes { family: ${family}, bytes }`;
	return new TypeError(`${shape}, not ${kindOf(address)}`);
}
