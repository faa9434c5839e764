/**
 * Linux cooked headers, version 1: what captures on all interfaces have in place of link headers. LINKTYPE_LINUX_SLL,
 * 113.
 */
import { put16, u16 } from "./bytes.js";
import {
	ARPHRD_ETHER,
	byCookedType,
	cookedAddressAt,
	cookedLengthOf,
	cookedTypeOf,
	packetTypeNames,
	putCookedAddress,
} from "./cooked.js";
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

/** A Linux cooked header of version 1, 16 bytes. */
export interface Sll extends LayerValue {
	/** "sll". */
	readonly layer: "sll";
	/** Whose packet it was: PACKET_HOST … PACKET_OUTGOING; PACKET_HOST when left out. */
	readonly packetType?: number;
	/** The hardware type of the interface; ARPHRD_ETHER, 1, when left out. */
	readonly arphrdType?: number;
	/** How many bytes the sender's hardware address has, as it says. Computed when left out. */
	readonly addressLength?: number;
	/** The sender's hardware address: text where it has six bytes; none when left out. */
	readonly address?: string | Uint8Array;
	/** The EtherType, or a protocol of the hardware type. The payload's when left out. */
	readonly protocolType?: number;
}

/** A Linux cooked header of version 1 in a packet. */
export class SllView extends Layer<Sll> {
	/** "sll". */
	get layer(): "sll" {
		return "sll";
	}

	/** Whose packet it was: PACKET_HOST … PACKET_OUTGOING. */
	get packetType(): number {
		return u16(this.bytes, this.start);
	}

	/** The hardware type of the interface. */
	get arphrdType(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** How many bytes the sender's hardware address has, as it says. */
	get addressLength(): number {
		return u16(this.bytes, this.start + 4);
	}

	/** The sender's hardware address: text where it has six bytes, or else all eight bytes that there are for it. */
	get address(): string | Uint8Array {
		return cookedAddressAt(this.bytes, this.start + 6, this.addressLength);
	}

	/** The EtherType, or a protocol of the hardware type. */
	get protocolType(): number {
		return u16(this.bytes, this.start + 14);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return byCookedType(this.arphrdType, this.protocolType, links);
	}

	/** All fields as a plain value. */
	toValue(): Sll {
		const { packetType, arphrdType, addressLength, address, protocolType } = this;
		return { layer: "sll", packetType, arphrdType, addressLength, address, protocolType };
	}

	/** One line. */
	summary(): string {
		const { packetType, address } = this;
		const from = typeof address === "string" ? ` ${address}` : "";
		return `${packetTypeNames[packetType] ?? `type ${packetType}`}${from}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["packetType", 2],
			["arphrdType", 2],
			["addressLength", 2],
			["address", 8],
			["protocolType", 2],
		]);
	}
}

const size = 16;

/** A Linux cooked header of version 1: `dissect(bytes, { first: sll })`. */
export const sll: Protocol<Sll, SllView> = protocol({
	layer: "sll",
	computed: ["addressLength", "protocolType"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			faults.fault("sll", "packetType", start, `a header has ${size} bytes, and ${end - start} are there`);
			return undefined;
		}
		return new SllView(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write(value, { bytes, start, inner }, links) {
		put16(bytes, start, value.packetType ?? 0, "sll.packetType");
		put16(bytes, start + 2, value.arphrdType ?? ARPHRD_ETHER, "sll.arphrdType");
		putCookedAddress(bytes, start + 6, value.address, "sll.address");
		put16(bytes, start + 4, value.addressLength ?? cookedLengthOf(value.address), "sll.addressLength");
		put16(bytes, start + 14, value.protocolType ?? cookedTypeOf(inner, links), "sll.protocolType");
	},
});
