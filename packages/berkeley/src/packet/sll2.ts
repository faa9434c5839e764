/**
 * Linux cooked headers, version 2, which name the interface. LINKTYPE_LINUX_SLL2, 276.
 */
import { put8, put16, put32, u8, u16, u32 } from "./bytes.js";
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

/** A Linux cooked header of version 2, 20 bytes. */
export interface Sll2 extends LayerValue {
	/** "sll2". */
	readonly layer: "sll2";
	/** The EtherType, or a protocol of the hardware type. The payload's when left out. */
	readonly protocolType?: number;
	/** 16 bits that must be 0. */
	readonly reserved?: number;
	/** The interface's index; 0 when left out. */
	readonly interfaceIndex?: number;
	/** The hardware type of the interface; ARPHRD_ETHER, 1, when left out. */
	readonly arphrdType?: number;
	/** Whose packet it was: PACKET_HOST … PACKET_OUTGOING; PACKET_HOST when left out. */
	readonly packetType?: number;
	/** How many bytes the sender's hardware address has, as it says. Computed when left out. */
	readonly addressLength?: number;
	/** The sender's hardware address: text where it has six bytes; none when left out. */
	readonly address?: string | Uint8Array;
}

/** A Linux cooked header of version 2 in a packet. */
export class Sll2View extends Layer<Sll2> {
	/** "sll2". */
	get layer(): "sll2" {
		return "sll2";
	}

	/** The EtherType, or a protocol of the hardware type. */
	get protocolType(): number {
		return u16(this.bytes, this.start);
	}

	/** 16 bits that must be 0. */
	get reserved(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** The interface's index. */
	get interfaceIndex(): number {
		return u32(this.bytes, this.start + 4);
	}

	/** The hardware type of the interface. */
	get arphrdType(): number {
		return u16(this.bytes, this.start + 8);
	}

	/** Whose packet it was: PACKET_HOST … PACKET_OUTGOING. */
	get packetType(): number {
		return u8(this.bytes, this.start + 10);
	}

	/** How many bytes the sender's hardware address has, as it says. */
	get addressLength(): number {
		return u8(this.bytes, this.start + 11);
	}

	/** The sender's hardware address: text where it has six bytes, or else all eight bytes that there are for it. */
	get address(): string | Uint8Array {
		return cookedAddressAt(this.bytes, this.start + 12, this.addressLength);
	}

	/** What the payload is, as far as this header tells. */
	override next(links: Links): AnyCodec | undefined {
		return byCookedType(this.arphrdType, this.protocolType, links);
	}

	/** All fields as a plain value. */
	toValue(): Sll2 {
		return {
			layer: "sll2",
			protocolType: this.protocolType,
			reserved: this.reserved,
			interfaceIndex: this.interfaceIndex,
			arphrdType: this.arphrdType,
			packetType: this.packetType,
			addressLength: this.addressLength,
			address: this.address,
		};
	}

	/** One line. */
	summary(): string {
		const { packetType, address, interfaceIndex } = this;
		const from = typeof address === "string" ? ` ${address}` : "";
		return `${packetTypeNames[packetType] ?? `type ${packetType}`} at ${interfaceIndex}${from}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		return marksOf(this.start, [
			["protocolType", 2],
			["reserved", 2],
			["interfaceIndex", 4],
			["arphrdType", 2],
			["packetType", 1],
			["addressLength", 1],
			["address", 8],
		]);
	}
}

const size = 20;

/** A Linux cooked header of version 2: `dissect(bytes, { first: sll2 })`. */
export const sll2: Protocol<Sll2, Sll2View> = protocol({
	layer: "sll2",
	computed: ["addressLength", "protocolType"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		if (end - start < size) {
			faults.fault("sll2", "protocolType", start, `a header has ${size} bytes, and ${end - start} are there`);
			return undefined;
		}
		return new Sll2View(bytes, start, start + size, end, outer);
	},
	measure: () => size,
	write(value, { bytes, start, inner }, links) {
		put16(bytes, start, value.protocolType ?? cookedTypeOf(inner, links), "sll2.protocolType");
		put16(bytes, start + 2, value.reserved ?? 0, "sll2.reserved");
		put32(bytes, start + 4, value.interfaceIndex ?? 0, "sll2.interfaceIndex");
		put16(bytes, start + 8, value.arphrdType ?? ARPHRD_ETHER, "sll2.arphrdType");
		put8(bytes, start + 10, value.packetType ?? 0, "sll2.packetType");
		putCookedAddress(bytes, start + 12, value.address, "sll2.address");
		put8(bytes, start + 11, value.addressLength ?? cookedLengthOf(value.address), "sll2.addressLength");
	},
});
