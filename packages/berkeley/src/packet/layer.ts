/**
 * What a layer of a packet is: as a view, which reads fields straight from the packet's bytes, and as a plain value.
 *
 * A packet is a list of layers, each of which begins where the header of the one before ends. So every byte belongs
 * to one header, to the last layer's payload, or to a trailer: bytes that a layer has beyond what its payload says
 * that it takes, as short Ethernet frames have.
 */
/** Which protocol a number in a header stands for, and which number a protocol has. */
export interface Links {
	/** The codec of a protocol's name. */
	codec(layer: string): AnyCodec | undefined;
	/** The names of all protocols. */
	readonly layers: readonly string[];
	/** What an EtherType stands for. */
	byEthertype(number: number): AnyCodec | undefined;
	/** What a protocol number or next header stands for. */
	byIpProtocol(number: number): AnyCodec | undefined;
	/** What is spoken at either port of UDP. */
	byUdpPorts(source: number, destination: number): AnyCodec | undefined;
	/** What is spoken at either port of TCP. */
	byTcpPorts(source: number, destination: number): AnyCodec | undefined;
	/** The EtherType of a protocol. */
	ethertypeOf(layer: string | undefined): number | undefined;
	/** The protocol number of a protocol. */
	ipProtocolOf(layer: string | undefined): number | undefined;
	/** The UDP port at which a protocol is served. */
	udpPortOf(layer: string | undefined): number | undefined;
}

/** What the plain value of every layer has. */
export interface LayerValue {
	/** Which protocol it is. */
	readonly layer: string;
	/** Bytes behind the payload that are no part of it. */
	readonly trailer?: Uint8Array | undefined;
}

/** Where a field stands in a packet: for hexdumps. */
export interface Mark {
	/** The field's name. */
	readonly field: string;
	/** Its first byte, counted from the packet's. */
	readonly start: number;
	/** Behind its last byte. Fields of a few bits share their bytes with others. */
	readonly end: number;
}

/** Where a header lies, in a packet that is read or built. */
export interface Located {
	readonly layer: string;
	readonly bytes: Uint8Array;
	readonly start: number;
	readonly outer: Located | undefined;
}

/** Told of what is wrong with a packet while it is read. */
export interface FaultSink {
	/**
	 * @param layer the layer that cannot be read, or not as a whole
	 * @param field its field at which that shows
	 * @param offset where that field is in the packet
	 * @param problem what is wrong
	 */
	fault(layer: string, field: string, offset: number, problem: string): void;
}

/** A header in a packet: its fields are getters, which read the packet's bytes when they are asked. */
export abstract class Layer<Value extends LayerValue = LayerValue> implements Located {
	// Declared only: defining fields takes V8 long in a class with many subclasses; the constructor assigns them.
	/** The whole packet. */
	declare readonly bytes: Uint8Array;
	/** The header's first byte. */
	declare readonly start: number;
	/** Behind the header: the payload's first byte. */
	declare readonly payloadStart: number;
	/** Behind the payload, and what the layer has behind that. */
	declare readonly end: number;
	/** The layer around this one; none around the first. */
	declare readonly outer: Layer | undefined;

	/** Made by dissect(). */
	constructor(bytes: Uint8Array, start: number, payloadStart: number, end: number, outer: Layer | undefined) {
		this.bytes = bytes;
		this.start = start;
		this.payloadStart = payloadStart;
		this.end = end;
		this.outer = outer;
	}

	/** The name of the protocol. */
	abstract get layer(): string;

	/** All fields as a plain value, from which build() makes the same bytes. */
	abstract toValue(): Value;

	/** One line for people. */
	abstract summary(): string;

	/** Where the fields of the header stand. */
	abstract marks(): readonly Mark[];

	/** Where the fields behind the payload stand. */
	tailMarks(): readonly Mark[] {
		return [];
	}

	/** What the payload is, as far as this header tells; undefined when it does not. */
	next(_links: Links): AnyCodec | undefined {
		return undefined;
	}

	/** Whether the payload is the beginning of another packet, which a report of an error quotes. */
	get quotes(): boolean {
		return false;
	}

	/** Whether all of the payload is there, as far as the headers tell. */
	get whole(): boolean {
		return this.outer === undefined || this.outer.whole;
	}

	/** Behind the payload; before `end` where the layer has something behind it. */
	get payloadEnd(): number {
		return this.end;
	}

	/** How many bytes the header has. */
	get headerLength(): number {
		return this.payloadStart - this.start;
	}

	/** The header's bytes, not copied. */
	get header(): Uint8Array {
		return this.bytes.subarray(this.start, this.payloadStart);
	}

	/** What the layer carries, not copied. */
	get payload(): Uint8Array {
		return this.bytes.subarray(this.payloadStart, this.payloadEnd);
	}
}

/** A layer while a packet is built. Offsets are known for all layers before the first header is written. */
export interface Place<Value extends LayerValue = LayerValue> extends Located {
	readonly value: Value;
	/** Behind the header. */
	readonly payloadStart: number;
	/** Behind the payload, its trailer, and what the layer has behind them. */
	readonly end: number;
	readonly outer: Place | undefined;
	/** The layer inside; none in the last. */
	readonly inner: Place | undefined;
}

/** How a protocol's header is read and written. */
export interface Codec<Value extends LayerValue, View extends Layer> {
	/** The name of the protocol, which is `layer` in its values. */
	readonly layer: Value["layer"];
	/**
	 * The fields that build() fills in when they are left out and that depend on the rest of the packet; `field.member`
	 * for a member of a field.
	 */
	readonly computed: readonly ((keyof Value & string) | `${keyof Value & string}.${string}`)[];
	/**
	 * The header at `start`, of at most `end - start` bytes. Tells `faults` of what is wrong.
	 * @returns undefined when there is no whole header
	 */
	open(
		bytes: Uint8Array,
		start: number,
		end: number,
		outer: Layer | undefined,
		faults: FaultSink,
	): View | undefined;
	/** How many bytes the header of a value has. */
	measure(value: Value): number;
	/** How many bytes the layer has behind a payload, with its trailer, of so many bytes; none when left out. */
	tail?(value: Value, payloadLength: number): number;
	/** Writes the header, where everything is 0. Throws RangeError or TypeError for what is no field's value. */
	write(value: Value, place: Place<Value>, links: Links): void;
	/** Computes what depends on the bytes of the payload, when these are written. */
	seal?(value: Value, place: Place<Value>): void;
}

/** A codec, whatever its protocol. */
export interface AnyCodec {
	/** The name of the protocol. */
	readonly layer: string;
	/** The fields that build() computes. */
	readonly computed: readonly string[];
	/** The header at an offset. */
	open(
		bytes: Uint8Array,
		start: number,
		end: number,
		outer: Layer | undefined,
		faults: FaultSink,
	): Layer | undefined;
	/** How many bytes a value's header has. */
	measure(value: never): number;
	/** How many bytes a value has behind its payload. */
	tail?(value: never, payloadLength: number): number;
	/** Writes a header. */
	write(value: never, place: never, links: Links): void;
	/** Computes what depends on the payload's bytes. */
	seal?(value: never, place: never): void;
}

/** A protocol: a function that makes a plain value of its fields, with the codec for build() and dissect(). */
export interface Protocol<Value extends LayerValue, View extends Layer<Value>> extends Codec<Value, View> {
	(fields: Omit<Value, "layer">): Value;
}

/** Makes a protocol of its codec. */
export function protocol<Value extends LayerValue, View extends Layer<Value>>(
	codec: Codec<Value, View>,
): Protocol<Value, View> {
	const { layer } = codec;
	const make = (fields: Omit<Value, "layer">): Value => ({ layer, ...fields }) as Value;
	return Object.assign(make, codec);
}

/** The marks of a header, from rows of name and size in bytes; a size of 0 stands for bits that share the next row's. */
export function marksOf(start: number, rows: readonly (readonly [field: string, size: number])[]): Mark[] {
	let at = start;
	return rows.map(([field, size]) => {
		const mark = { field, start: at, end: at + Math.max(size, 1) };
		at += size;
		return mark;
	});
}
