/**
 * What is to be sent, as users give it: packets as bytes or as their layers, one, many, or as they come.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import type { Part } from "../packet/build.js";
import type { Ethernet } from "../packet/ethernet.js";
import type { Ipv4 } from "../packet/ipv4.js";
import type { Ipv6 } from "../packet/ipv6.js";
import type { LayerValue } from "../packet/layer.js";

/** A header whose sender may be left out: it is filled in with the address that this machine sends from. */
export type WithoutSource<Value extends Ethernet | Ipv4 | Ipv6> = Omit<Value, "source"> & {
	/** Who sends it; the address of the interface when left out. */
	readonly source?: string | undefined;
};

/** An IP packet for send() and sr(): bytes, or its layers, of which the first is IPv4 or IPv6. */
export type OutgoingPacket = Uint8Array | readonly (Part | WithoutSource<Ipv4> | WithoutSource<Ipv6>)[];

/** A frame for sendp() and srp(): bytes, or its layers from the link's header on. */
export type OutgoingFrame = Uint8Array | readonly (Part | WithoutSource<Ethernet>)[];

/**
 * One or many. An array that begins with a layer is one packet, and any other is a list of packets. What comes from
 * an iterator is asked for when its turn comes, so there may be any number.
 */
export type Many<One> = One | Iterable<One> | AsyncIterable<One>;

/** Layers of a packet, of which the first may lack what only its interface knows. */
export type Layers = readonly (Part | (LayerValue & { readonly source?: string | undefined }))[];

/** Packets in their order: an array when they are all there, or else an iterator. */
export function listed(
	name: string,
	given: unknown,
): readonly unknown[] | AsyncIterable<unknown> | Iterable<unknown> {
	if (isBytes(given)) return [given];
	if (Array.isArray(given)) return isLayer(given[0]) ? [given] : given;
	if (typeof given === "object" && given !== null) {
		if (Symbol.iterator in given) return given as Iterable<unknown>;
		if (Symbol.asyncIterator in given) return given as AsyncIterable<unknown>;
	}
	const hint = isLayer(given) ? ": put the layer into an array" : "";
	throw new TypeError(
		`${name} takes packets, each of them bytes or an array of layers, not ${kindOf(given)}${hint}`,
	);
}

/** Requires one packet: its bytes, or its layers. */
export function onePacket(name: string, given: unknown): Uint8Array | Layers {
	if (isBytes(given) || (Array.isArray(given) && given.length > 0)) return given;
	throw new TypeError(`${name}: a packet is bytes or an array of layers, not ${kindOf(given)}`);
}

function isLayer(given: unknown): boolean {
	return (
		typeof given === "object" && given !== null && typeof (given as { layer?: unknown }).layer === "string"
	);
}
