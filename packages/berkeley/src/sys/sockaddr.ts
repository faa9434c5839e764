/**
 * The C sockaddr of each family, written and read: ip(7), ipv6(7), unix(7), packet(7), netlink(7), vsock(7).
 * The offsets are those of x64 and arm64, checked against the headers by a test.
 */

import { hostToInet4 } from "../address/host.js";
import { formatInet4 } from "../address/inet4.js";
import { formatInet6, parseInet6 } from "../address/inet6.js";
import { decodeEscaped, encodeEscaped } from "../address/surrogateescape.js";
import type {
	Address,
	Inet4Address,
	Inet6Address,
	NetlinkAddress,
	PacketAddress,
	RawAddress,
	VsockAddress,
} from "../address/types.js";
import { ifIndextoname, ifNametoindex } from "./interfaces.js";
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX, AF_VSOCK } from "./linux/constants/families.js";
import { EAFNOSUPPORT, EINVAL, ENODEV } from "./linux/errnos.js";

/** What an address of any family fits in: sizeof(struct sockaddr_storage). */
export const sockaddrCapacity = 128;

const sizeofInet4 = 16;
const sizeofInet6 = 28;
const sizeofPacket = 20;
const sizeofNetlink = 12;
const sizeofVsock = 16;
/** Where sun_path begins, and how long it is. */
const unixPath = 2;
const unixPathSize = 108;
/** Where sll_addr begins. */
const packetAddress = 12;

/**
 * Writes an address that `checkAddress` has passed, and whose host is numeric (`isNumericHost`).
 * @param target at least `sockaddrCapacity` bytes
 * @returns the length to give to the kernel; -ENODEV when there is no such interface; -EINVAL when the host
 * is not numeric; -EAFNOSUPPORT when the address has the shape of another family
 */
export function encodeSockaddr(family: number, address: Address, target: Buffer): number {
	if (typeof address === "string") return family === AF_UNIX ? encodeUnix(address, target) : -EAFNOSUPPORT;
	if (family === AF_INET && "host" in address) return encodeInet4(address, target);
	if (family === AF_INET6 && "host" in address) return encodeInet6(address, target);
	if (family === AF_PACKET && "interface" in address) return encodePacket(address, target);
	if (family === AF_NETLINK && "groups" in address) return encodeNetlink(address, target);
	if (family === AF_VSOCK && "cid" in address) return encodeVsock(address, target);
	return "bytes" in address ? encodeRaw(address, target) : -EAFNOSUPPORT;
}

/** Writes a family and the bytes after it as they are, and returns the length. */
export function encodeRaw(address: RawAddress, target: Buffer): number {
	target.writeUInt16LE(address.family, 0);
	target.set(address.bytes, 2);
	return 2 + address.bytes.length;
}

/**
 * Reads an address that the kernel wrote. It can be handed to `encodeSockaddr` unchanged.
 *
 * Nothing is looked up but the name of a packet address's interface; an interface that is gone keeps its
 * index. An IPv6 host has no zone, its interface is in `scopeId`. Of a hardware address longer than eight
 * bytes (InfiniBand) the first eight are given. A sockaddr too short for its family comes as `{ family, bytes }`.
 * @param length what the kernel said; it may be more than there are bytes
 * @returns undefined when there is no address, as from `recvfrom` on a connected stream
 */
export function decodeSockaddr(bytes: Buffer, length: number): Address | undefined {
	const size = Math.min(length, bytes.length);
	if (!(size >= 2)) return undefined;
	const family = bytes.readUInt16LE(0);
	if (family === AF_INET && size >= sizeofInet4) return decodeInet4(bytes);
	if (family === AF_INET6 && size >= sizeofInet6) return decodeInet6(bytes);
	if (family === AF_UNIX) return decodeUnix(bytes, Math.min(size, unixPath + unixPathSize));
	if (family === AF_PACKET && size >= packetAddress) return decodePacket(bytes, size);
	if (family === AF_NETLINK && size >= sizeofNetlink) return decodeNetlink(bytes);
	if (family === AF_VSOCK && size >= sizeofVsock) return decodeVsock(bytes);
	return { family, bytes: Buffer.from(bytes.subarray(2, size)) };
}

// sockaddr_in: sin_port at 2, sin_addr at 4, both in network order.

function encodeInet4({ host, port }: Inet4Address, target: Buffer): number {
	const number = hostToInet4(host);
	if (number < 0) return -EINVAL;
	start(AF_INET, sizeofInet4, target);
	target.writeUInt16BE(port, 2);
	target.writeUInt32BE(number, 4);
	return sizeofInet4;
}

// Datagrams come in runs from one peer, whose text need not be made again.
let lastNumber = 0;
let lastHost = "0.0.0.0";

function decodeInet4(bytes: Buffer): Inet4Address {
	const number = bytes.readUInt32BE(4);
	if (number !== lastNumber) {
		lastHost = formatInet4(number);
		lastNumber = number;
	}
	return { host: lastHost, port: bytes.readUInt16BE(2) };
}

// sockaddr_in6: sin6_port at 2 and sin6_flowinfo at 4 in network order, sin6_addr at 8, sin6_scope_id at 24.

function encodeInet6(address: Inet6Address, target: Buffer): number {
	const { host, port, flowinfo = 0 } = address;
	let scopeId = address.scopeId ?? 0;
	start(AF_INET6, sizeofInet6, target);
	const percent = host.indexOf("%");
	const text = percent < 0 ? host : host.slice(0, percent);
	if (host !== "" && !parseInet6(text, target, 8)) return -EINVAL;
	if (percent >= 0 && scopeId === 0) {
		scopeId = zoneToIndex(host.slice(percent + 1));
		if (scopeId < 0) return scopeId;
	}
	target.writeUInt16BE(port, 2);
	target.writeUInt32BE(flowinfo, 4);
	target.writeUInt32LE(scopeId, 24);
	return sizeofInet6;
}

/** As getaddrinfo(3) reads a zone: the name of an interface first, for a name may consist of digits. */
function zoneToIndex(zone: string): number {
	const index = ifNametoindex(zone);
	if (index !== -ENODEV || !/^[0-9]+$/.test(zone)) return index;
	const number = Number(zone);
	return number > 0xffffffff ? -ENODEV : number;
}

function decodeInet6(bytes: Buffer): Inet6Address {
	return {
		host: formatInet6(bytes, 8),
		port: bytes.readUInt16BE(2),
		flowinfo: bytes.readUInt32BE(4),
		scopeId: bytes.readUInt32LE(24),
	};
}

// sockaddr_un: sun_path at 2. A path ends with a NUL, an abstract name with the length; no byte is unnamed.

function encodeUnix(path: string, target: Buffer): number {
	start(AF_UNIX, unixPath + unixPathSize, target);
	const bytes = encodeEscaped(path);
	if (bytes.length > unixPathSize) return -EINVAL;
	target.set(bytes, unixPath);
	const terminated = bytes.length > 0 && bytes[0] !== 0 && bytes.length < unixPathSize;
	return unixPath + bytes.length + (terminated ? 1 : 0);
}

function decodeUnix(bytes: Buffer, size: number): string {
	if (size === unixPath) return "";
	if (bytes[unixPath] === 0) return decodeEscaped(bytes, unixPath, size);
	const nul = bytes.indexOf(0, unixPath);
	return decodeEscaped(bytes, unixPath, nul < 0 || nul > size ? size : nul);
}

// sockaddr_ll: sll_protocol at 2 in network order, sll_ifindex at 4, sll_hatype at 8, sll_pkttype at 10,
// sll_halen at 11, sll_addr at 12. What getsockname gives ends with the hardware address.

function encodePacket(address: PacketAddress, target: Buffer): number {
	const { interface: name, protocol, packetType = 0, hardwareType = 0, hardwareAddress } = address;
	const index = typeof name === "number" ? name : name === "" ? 0 : ifNametoindex(name);
	if (index < 0) return index;
	start(AF_PACKET, sizeofPacket, target);
	target.writeUInt16BE(protocol, 2);
	target.writeUInt32LE(index, 4);
	target.writeUInt16LE(hardwareType, 8);
	target[10] = packetType;
	if (hardwareAddress !== undefined) {
		target[11] = hardwareAddress.length;
		target.set(hardwareAddress, packetAddress);
	}
	return sizeofPacket;
}

function decodePacket(bytes: Buffer, size: number): PacketAddress {
	const index = bytes.readUInt32LE(4);
	const name = index === 0 ? "" : ifIndextoname(index);
	const end = packetAddress + Math.min(bytes[11] as number, 8);
	return {
		interface: typeof name === "string" ? name : index,
		protocol: bytes.readUInt16BE(2),
		packetType: bytes[10] as number,
		hardwareType: bytes.readUInt16LE(8),
		hardwareAddress: Buffer.from(bytes.subarray(packetAddress, Math.min(end, size))),
	};
}

// sockaddr_nl: nl_pid at 4, nl_groups at 8.

function encodeNetlink({ pid, groups }: NetlinkAddress, target: Buffer): number {
	start(AF_NETLINK, sizeofNetlink, target);
	target.writeUInt32LE(pid, 4);
	target.writeUInt32LE(groups, 8);
	return sizeofNetlink;
}

function decodeNetlink(bytes: Buffer): NetlinkAddress {
	return { pid: bytes.readUInt32LE(4), groups: bytes.readUInt32LE(8) };
}

// sockaddr_vm: svm_port at 4, svm_cid at 8.

function encodeVsock({ cid, port }: VsockAddress, target: Buffer): number {
	start(AF_VSOCK, sizeofVsock, target);
	target.writeUInt32LE(port, 4);
	target.writeUInt32LE(cid, 8);
	return sizeofVsock;
}

function decodeVsock(bytes: Buffer): VsockAddress {
	return { cid: bytes.readUInt32LE(8), port: bytes.readUInt32LE(4) };
}

function start(family: number, size: number, target: Buffer): void {
	target.fill(0, 0, size);
	target.writeUInt16LE(family, 0);
}
