/**
 * Routing headers of IPv6: RFC 8200 section 4.4; type 0 RFC 2460 section 4.4 (not to be used any more, RFC 5095), type
 * 2 RFC 6275 section 6.4, type 4 RFC 8754 section 2.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { inet6At, putInet6 } from "./addresses.js";
import { copyOf, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
import { nextHeaderOf } from "./ipv6.js";
import { extensionSize } from "./ipv6optionsheader.js";
import {
	type AnyCodec,
	type FaultSink,
	Layer,
	type LayerValue,
	type Links,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";

/** Source route (not to be used any more). */
const SOURCE_ROUTE = 0;
/** Home address of a mobile node. */
const HOME_ADDRESS = 2;
/** Segment routing. */
const SEGMENTS = 4;

/** A routing header of IPv6. Which fields there are depends on the type. */
export interface Ipv6Routing extends LayerValue {
	/** "ipv6Routing". */
	readonly layer: "ipv6Routing";
	/** What follows: IPPROTO_TCP … The payload's when left out. */
	readonly nextHeader?: number;
	/** The header's length in units of eight bytes, without the first. Computed when left out. */
	readonly headerExtLength?: number;
	/** 0: source route; 2: home address; 4: segment routing. */
	readonly routingType: number;
	/**
	 * How many addresses are still to be visited. When left out, as the sender has it: all of them, in type 4 all
	 * but the first, and 0 for types with `data`.
	 */
	readonly segmentsLeft?: number;
	/** Types 0, 2 and 4: the addresses; in type 4 the last one comes first. */
	readonly addresses?: readonly string[];
	/** Types 0 and 2: four bytes before the addresses; 0 when left out. */
	readonly reserved?: number;
	/** Type 4: the index of the last address. Computed when left out. */
	readonly lastEntry?: number;
	/** Type 4: 8 bits; 0 when left out. */
	readonly flags?: number;
	/** Type 4: what packets of a class have in common; 0 when left out. */
	readonly tag?: number;
	/** Type 4: type-length-value objects behind the addresses; none when left out. */
	readonly tlvs?: Uint8Array;
	/** Other types, and those above whose addresses do not fit: what follows `segmentsLeft`, in place of all the rest. */
	readonly data?: Uint8Array;
}

/** A routing header in a packet. */
export class Ipv6RoutingView extends Layer<Ipv6Routing> {
	/** "ipv6Routing". */
	get layer(): "ipv6Routing" {
		return "ipv6Routing";
	}

	/** What follows. */
	get nextHeader(): number {
		return u8(this.bytes, this.start);
	}

	/** The header's length in units of eight bytes, without the first. */
	get headerExtLength(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** 0: source route; 2: home address; 4: segment routing. */
	get routingType(): number {
		return u8(this.bytes, this.start + 2);
	}

	/** How many addresses are still to be visited. */
	get segmentsLeft(): number {
		return u8(this.bytes, this.start + 3);
	}

	/** How many addresses there are; -1 where it has none, for its type or its length. */
	get #count(): number {
		const { routingType, headerLength } = this;
		if (routingType === SEGMENTS) {
			const count = u8(this.bytes, this.start + 4) + 1;
			return 8 + count * 16 <= headerLength ? count : -1;
		}
		if (routingType !== SOURCE_ROUTE && routingType !== HOME_ADDRESS) return -1;
		return headerLength % 16 === 8 ? (headerLength - 8) / 16 : -1;
	}

	/** The addresses; in type 4 the last one comes first. Undefined where there are none, for its type or its length. */
	get addresses(): string[] | undefined {
		const count = this.#count;
		if (count < 0) return undefined;
		return Array.from({ length: count }, (_, index) => inet6At(this.bytes, this.start + 8 + index * 16));
	}

	/** Types 0 and 2: four bytes before the addresses. */
	get reserved(): number | undefined {
		return this.#count >= 0 && this.routingType !== SEGMENTS ? u32(this.bytes, this.start + 4) : undefined;
	}

	/** Type 4: the index of the last address. */
	get lastEntry(): number | undefined {
		return this.#isSegments ? u8(this.bytes, this.start + 4) : undefined;
	}

	/** Type 4: flags. */
	get flags(): number | undefined {
		return this.#isSegments ? u8(this.bytes, this.start + 5) : undefined;
	}

	/** Type 4: what packets of a class have in common. */
	get tag(): number | undefined {
		return this.#isSegments ? u16(this.bytes, this.start + 6) : undefined;
	}

	/** Type 4: what is behind the addresses, not copied. */
	get tlvs(): Uint8Array | undefined {
		return this.#isSegments
			? this.bytes.subarray(this.start + 8 + this.#count * 16, this.payloadStart)
			: undefined;
	}

	get #isSegments(): boolean {
		return this.routingType === SEGMENTS && this.#count >= 0;
	}

	/** What follows `segmentsLeft`, not copied. */
	get data(): Uint8Array {
		return this.bytes.subarray(this.start + 4, this.payloadStart);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return links.byIpProtocol(this.nextHeader);
	}

	/** All fields as a plain value. */
	toValue(): Ipv6Routing {
		const { nextHeader, headerExtLength, routingType, segmentsLeft, addresses } = this;
		const common = { layer: "ipv6Routing" as const, nextHeader, headerExtLength, routingType, segmentsLeft };
		if (addresses === undefined) return { ...common, data: copyOf(this.data) };
		const { lastEntry, flags, tag, tlvs, reserved } = this;
		if (reserved !== undefined) return { ...common, reserved, addresses };
		const value = { ...common, lastEntry, flags, tag, addresses } as Ipv6Routing;
		return tlvs !== undefined && tlvs.length > 0 ? { ...value, tlvs: copyOf(tlvs) } : value;
	}

	/** One line. */
	summary(): string {
		const { addresses } = this;
		const path = addresses === undefined ? `${this.data.length} bytes` : addresses.join(", ");
		return `type ${this.routingType} left ${this.segmentsLeft}: ${path}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const common: [string, number][] = [
			["nextHeader", 1],
			["headerExtLength", 1],
			["routingType", 1],
			["segmentsLeft", 1],
		];
		const count = this.#count;
		if (count < 0) return marksOf(this.start, [...common, ["data", this.headerLength - 4]]);
		if (this.#isSegments) common.push(["lastEntry", 1], ["flags", 1], ["tag", 2]);
		else common.push(["reserved", 4]);
		if (count > 0) common.push(["addresses", count * 16]);
		const rest = this.headerLength - 8 - count * 16;
		if (rest > 0) common.push(["tlvs", rest]);
		return marksOf(this.start, common);
	}
}

const perType: Record<string, readonly number[]> = {
	reserved: [SOURCE_ROUTE, HOME_ADDRESS],
	lastEntry: [SEGMENTS],
	flags: [SEGMENTS],
	tag: [SEGMENTS],
	tlvs: [SEGMENTS],
	addresses: [SOURCE_ROUTE, HOME_ADDRESS, SEGMENTS],
};

/** Refuses fields that the type has no place for. */
function check(value: Ipv6Routing): void {
	const { routingType, data } = value;
	for (const [field, types] of Object.entries(perType)) {
		if (value[field as keyof Ipv6Routing] === undefined) continue;
		if (data !== undefined) throw new TypeError(`ipv6Routing.${field} is given beside ipv6Routing.data`);
		if (!types.includes(routingType)) {
			throw new TypeError(`ipv6Routing.${field} is no field of type ${routingType}; give its bytes as data`);
		}
	}
	for (const field of ["data", "tlvs"] as const) {
		const bytes = value[field];
		if (bytes !== undefined && !isBytes(bytes)) {
			throw new TypeError(`ipv6Routing.${field} must be a Uint8Array, not ${kindOf(bytes)}`);
		}
	}
}

/** A routing header of IPv6. */
export const ipv6Routing: Protocol<Ipv6Routing, Ipv6RoutingView> = protocol({
	layer: "ipv6Routing",
	computed: ["nextHeader", "headerExtLength", "lastEntry"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const size = extensionSize("ipv6Routing", bytes, start, end, faults);
		if (size === undefined) return undefined;
		return new Ipv6RoutingView(bytes, start, start + size, end, outer);
	},
	measure(value) {
		check(value);
		const { data, addresses = [], tlvs } = value;
		const size = data === undefined ? 8 + addresses.length * 16 + (tlvs?.length ?? 0) : 4 + data.length;
		if (size > 2048) throw new RangeError(`ipv6Routing has at most 2048 bytes, not ${size}`);
		return Math.max((size + 7) & ~7, 8);
	},
	write(value, { bytes, start, payloadStart, inner }, links) {
		const { routingType, addresses = [], data } = value;
		put8(bytes, start, value.nextHeader ?? nextHeaderOf(inner, links), "ipv6Routing.nextHeader");
		const words = (payloadStart - start) / 8 - 1;
		put8(bytes, start + 1, value.headerExtLength ?? words, "ipv6Routing.headerExtLength");
		put8(bytes, start + 2, routingType, "ipv6Routing.routingType");
		const last = Math.max(addresses.length - 1, 0);
		const left = routingType === SEGMENTS ? last : addresses.length;
		put8(bytes, start + 3, value.segmentsLeft ?? left, "ipv6Routing.segmentsLeft");
		if (data !== undefined) {
			bytes.set(data, start + 4);
			return;
		}
		if (routingType === SEGMENTS) {
			put8(bytes, start + 4, value.lastEntry ?? last, "ipv6Routing.lastEntry");
			put8(bytes, start + 5, value.flags ?? 0, "ipv6Routing.flags");
			put16(bytes, start + 6, value.tag ?? 0, "ipv6Routing.tag");
		} else put32(bytes, start + 4, value.reserved ?? 0, "ipv6Routing.reserved");
		let at = start + 8;
		for (const address of addresses) {
			putInet6(bytes, at, address, "ipv6Routing.addresses");
			at += 16;
		}
		if (value.tlvs !== undefined) bytes.set(value.tlvs, at);
	},
});
