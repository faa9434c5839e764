/**
 * The field of frames that is an EtherType, or else the length of what follows. IEEE 802.3 section 3.2.6.
 */
import type { AnyCodec, Links, Place } from "./layer.js";

/** EtherType for experiments within a site (IEEE 802): what a payload without a protocol gets. */
export const ETHERTYPE_LOCAL_EXPERIMENTAL = 0x88b5;
/** EtherType of a customer tag (IEEE 802.1Q), which a VLAN tag gets. */
export const ETHERTYPE_VLAN = 0x8100;
/** EtherType of a service tag (IEEE 802.1ad), for the outer one of two VLAN tags. */
export const ETHERTYPE_SERVICE_VLAN = 0x88a8;

/** Up to this it is a length. */
const longest = 1500;

/** What follows. */
export function byTypeOrLength(type: number, links: Links): AnyCodec | undefined {
	return type <= longest ? links.codec("llc") : links.byEthertype(type);
}

/** What the field is for the layer inside. */
export function typeOrLengthOf(inner: Place | undefined, links: Links): number {
	if (inner?.layer === "llc") return inner.end - inner.start;
	return ethertypeOf(inner, links);
}

/** The EtherType for the layer inside. */
export function ethertypeOf(inner: Place | undefined, links: Links): number {
	return links.ethertypeOf(inner?.layer) ?? ETHERTYPE_LOCAL_EXPERIMENTAL;
}
