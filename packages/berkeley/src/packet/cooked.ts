/**
 * What the two versions of Linux cooked headers share: a hardware address in eight bytes, and what the protocol stands
 * for. The pages "LINKTYPE_LINUX_SLL" and "LINKTYPE_LINUX_SLL2" of the Tcpdump group; packet(7).
 */

import { isBytes, kindOf } from "../address/bytes.js";
import { macAt, putMac } from "./addresses.js";
import { copyOf } from "./bytes.js";
import { ethertypeOf } from "./ethertypes.js";
import type { AnyCodec, Links, Place } from "./layer.js";

/** The packet was for this host. */
export const PACKET_HOST = 0;
/** The packet was for all. */
export const PACKET_BROADCAST = 1;
/** The packet was for a group. */
export const PACKET_MULTICAST = 2;
/** The packet was for another host. */
export const PACKET_OTHERHOST = 3;
/** The packet was sent by this host. */
export const PACKET_OUTGOING = 4;

/** The hardware type of Ethernet. */
export const ARPHRD_ETHER = 1;
/** The protocol of such a packet is a family of netlink. */
const ARPHRD_NETLINK = 824;
/** In place of an EtherType: an LLC header follows. */
const ETH_P_802_2 = 4;

/** Whose packet it was: names of the types. */
export const packetTypeNames: readonly string[] = [
	"to us",
	"broadcast",
	"multicast",
	"to another",
	"from us",
];

/** What follows a cooked header. */
export function byCookedType(hardware: number, protocol: number, links: Links): AnyCodec | undefined {
	if (hardware === ARPHRD_NETLINK) return undefined;
	return protocol === ETH_P_802_2 ? links.codec("llc") : links.byEthertype(protocol);
}

/** The protocol for the layer inside. */
export function cookedTypeOf(inner: Place | undefined, links: Links): number {
	return inner?.layer === "llc" ? ETH_P_802_2 : ethertypeOf(inner, links);
}

/** The address in the eight bytes at an offset: text where it has six bytes, and the last two are 0. */
export function cookedAddressAt(bytes: Uint8Array, at: number, length: number): string | Uint8Array {
	if (length === 6 && bytes[at + 6] === 0 && bytes[at + 7] === 0) return macAt(bytes, at);
	return copyOf(bytes, at, at + 8);
}

/** How many bytes an address has. */
export function cookedLengthOf(address: string | Uint8Array | undefined): number {
	if (address === undefined) return 0;
	return typeof address === "string" ? 6 : address.length;
}

/** Writes an address of at most eight bytes. */
export function putCookedAddress(
	bytes: Uint8Array,
	at: number,
	address: string | Uint8Array | undefined,
	field: string,
): void {
	if (address === undefined) return;
	if (typeof address === "string") {
		putMac(bytes, at, address, field);
		return;
	}
	if (!isBytes(address)) throw new TypeError(`${field} must be text or a Uint8Array, not ${kindOf(address)}`);
	if (address.length > 8) throw new RangeError(`${field} has at most 8 bytes, not ${address.length}`);
	bytes.set(address, at);
}
