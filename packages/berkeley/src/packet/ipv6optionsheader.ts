/**
 * The two headers of IPv6 that hold options, which are alike: hop-by-hop options for each router, destination options
 * for the receiver. RFC 8200 sections 4.3 and 4.6.
 */
import { put8, u8 } from "./bytes.js";
import { nextHeaderOf } from "./ipv6.js";
import {
	type Ipv6Option,
	malformedIpv6Option,
	measureIpv6Options,
	readIpv6Options,
	writeIpv6Options,
} from "./ipv6options.js";
import {
	type AnyCodec,
	type Codec,
	type FaultSink,
	Layer,
	type LayerValue,
	type Links,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";

/** The fields of a header with options. */
interface OptionsHeader extends LayerValue {
	/** What follows: IPPROTO_TCP … The payload's when left out. */
	readonly nextHeader?: number;
	/** The header's length in units of eight bytes, without the first. Computed when left out. */
	readonly headerExtLength?: number;
	/** The options. What is missing to a multiple of eight bytes is filled up with padding. */
	readonly options?: readonly Ipv6Option[];
}

/** A hop-by-hop options header of IPv6: options for every router. */
export interface Ipv6HopByHop extends OptionsHeader {
	/** "ipv6HopByHop". */
	readonly layer: "ipv6HopByHop";
}

/** A destination options header of IPv6: options for the receiver. */
export interface Ipv6DestinationOptions extends OptionsHeader {
	/** "ipv6DestinationOptions". */
	readonly layer: "ipv6DestinationOptions";
}

/** A header with options in a packet. */
abstract class OptionsHeaderView<Value extends OptionsHeader> extends Layer<Value> {
	/** What follows. */
	get nextHeader(): number {
		return u8(this.bytes, this.start);
	}

	/** The header's length in units of eight bytes, without the first. */
	get headerExtLength(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** The options, decoded, padding too. */
	get options(): Ipv6Option[] {
		return readIpv6Options(this.bytes, this.start + 2, this.payloadStart);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byIpProtocol(this.nextHeader);
	}

	/** One line: the options that mean something. */
	summary(): string {
		const kinds = this.options.map(({ kind }) => kind).filter((kind) => kind !== "pad1" && kind !== "padN");
		return kinds.length === 0 ? "padding" : kinds.join(",");
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["nextHeader", 1],
			["headerExtLength", 1],
			["options", this.headerLength - 2],
		]);
	}
}

/** A hop-by-hop options header in a packet. */
export class Ipv6HopByHopView extends OptionsHeaderView<Ipv6HopByHop> {
	/** "ipv6HopByHop". */
	get layer(): "ipv6HopByHop" {
		return "ipv6HopByHop";
	}

	/** All fields as a plain value. */
	toValue(): Ipv6HopByHop {
		const { nextHeader, headerExtLength, options } = this;
		return { layer: "ipv6HopByHop", nextHeader, headerExtLength, options };
	}
}

/** A destination options header in a packet. */
export class Ipv6DestinationOptionsView extends OptionsHeaderView<Ipv6DestinationOptions> {
	/** "ipv6DestinationOptions". */
	get layer(): "ipv6DestinationOptions" {
		return "ipv6DestinationOptions";
	}

	/** All fields as a plain value. */
	toValue(): Ipv6DestinationOptions {
		const { nextHeader, headerExtLength, options } = this;
		return { layer: "ipv6DestinationOptions", nextHeader, headerExtLength, options };
	}
}

/** The size of an extension header whose length is in units of eight bytes; undefined where it is not there. */
export function extensionSize(
	layer: string,
	bytes: Uint8Array,
	start: number,
	end: number,
	faults: FaultSink,
): number | undefined {
	const there = end - start;
	if (there < 8) {
		faults.fault(layer, "nextHeader", start, `a header has at least 8 bytes, and ${there} are there`);
		return undefined;
	}
	const size = (u8(bytes, start + 1) + 1) * 8;
	if (size <= there) return size;
	faults.fault(layer, "headerExtLength", start + 1, `it says ${size} bytes, and ${there} are there`);
	return undefined;
}

function codecOf<Value extends OptionsHeader, View extends Layer<Value>>(
	layer: Value["layer"],
	View: new (bytes: Uint8Array, start: number, next: number, end: number, outer: Layer | undefined) => View,
): Codec<Value, View> {
	return {
		layer,
		computed: ["nextHeader", "headerExtLength"],
		open(bytes, start, end, outer, faults) {
			const size = extensionSize(layer, bytes, start, end, faults);
			if (size === undefined) return undefined;
			const wrong = malformedIpv6Option(bytes, start + 2, start + size);
			if (wrong >= 0) faults.fault(layer, "options", wrong, "an option is longer than the header");
			return new View(bytes, start, start + size, end, outer);
		},
		measure({ options = [] }) {
			const size = (2 + measureIpv6Options(options, layer) + 7) & ~7;
			if (size > 2048) throw new RangeError(`${layer} has at most 2048 bytes, not ${size}`);
			return size;
		},
		write(value, { bytes, start, payloadStart, inner, outer }, links) {
			put8(bytes, start, value.nextHeader ?? nextHeaderOf(inner, links), `${layer}.nextHeader`);
			const words = (payloadStart - start) / 8 - 1;
			put8(bytes, start + 1, value.headerExtLength ?? words, `${layer}.headerExtLength`);
			const jumbo = outer === undefined ? 0 : outer.end - outer.payloadStart;
			writeIpv6Options(value.options ?? [], bytes, start + 2, payloadStart, jumbo);
		},
	};
}

/** Hop-by-hop options of IPv6, which come right behind its header. */
export const ipv6HopByHop: Protocol<Ipv6HopByHop, Ipv6HopByHopView> = protocol(
	codecOf<Ipv6HopByHop, Ipv6HopByHopView>("ipv6HopByHop", Ipv6HopByHopView),
);

/** Destination options of IPv6. */
export const ipv6DestinationOptions: Protocol<Ipv6DestinationOptions, Ipv6DestinationOptionsView> = protocol(
	codecOf<Ipv6DestinationOptions, Ipv6DestinationOptionsView>(
		"ipv6DestinationOptions",
		Ipv6DestinationOptionsView,
	),
);
