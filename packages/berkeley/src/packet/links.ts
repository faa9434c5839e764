/**
 * Which protocol a number in a header stands for, and which number a protocol has.
 */
import type { AnyCodec, Links } from "./layer.js";

/** The numbers by which headers name what follows them. */
export interface LinkTable {
	/** EtherTypes: of Ethernet, 802.1Q, Linux cooked headers, GRE. IEEE 802 numbers. */
	readonly ethertypes: readonly (readonly [number, AnyCodec])[];
	/** Protocol numbers of IPv4 and next headers of IPv6. IANA's "Protocol Numbers". */
	readonly ipProtocols: readonly (readonly [number, AnyCodec])[];
	/** Ports of UDP. IANA's "Service Name and Transport Protocol Port Number Registry". */
	readonly udpPorts: readonly (readonly [number, AnyCodec])[];
	/** Ports of TCP. */
	readonly tcpPorts: readonly (readonly [number, AnyCodec])[];
}

/** The table, both ways. */
export class LinkMaps implements Links {
	readonly #ethertypes: Map<number, AnyCodec>;
	readonly #ipProtocols: (AnyCodec | undefined)[] = new Array(256).fill(undefined);
	readonly #udpPorts: Map<number, AnyCodec>;
	readonly #tcpPorts: Map<number, AnyCodec>;
	readonly #ethertypeOf = new Map<string, number>();
	readonly #ipProtocolOf = new Map<string, number>();
	readonly #udpPortOf = new Map<string, number>();
	readonly #codecs = new Map<string, AnyCodec>();

	/** @param others codecs that no number stands for */
	constructor(table: LinkTable, others: readonly AnyCodec[]) {
		this.#ethertypes = new Map(table.ethertypes);
		this.#udpPorts = new Map(table.udpPorts);
		this.#tcpPorts = new Map(table.tcpPorts);
		for (const [number, codec] of table.ipProtocols) this.#ipProtocols[number] = codec;
		// The first number of a protocol is the one that it gets.
		const note = (rows: LinkTable["ethertypes"], numbers?: Map<string, number>): void => {
			for (const [number, codec] of rows) {
				this.#codecs.set(codec.layer, codec);
				if (numbers !== undefined && !numbers.has(codec.layer)) numbers.set(codec.layer, number);
			}
		};
		note(table.ethertypes, this.#ethertypeOf);
		note(table.ipProtocols, this.#ipProtocolOf);
		note(table.udpPorts, this.#udpPortOf);
		note(table.tcpPorts);
		for (const codec of others) this.#codecs.set(codec.layer, codec);
	}

	codec(layer: string): AnyCodec | undefined {
		return this.#codecs.get(layer);
	}

	get layers(): string[] {
		return [...this.#codecs.keys()];
	}

	byEthertype(number: number): AnyCodec | undefined {
		return this.#ethertypes.get(number);
	}

	byIpProtocol(number: number): AnyCodec | undefined {
		return this.#ipProtocols[number];
	}

	byUdpPorts(source: number, destination: number): AnyCodec | undefined {
		return this.#udpPorts.get(destination) ?? this.#udpPorts.get(source);
	}

	byTcpPorts(source: number, destination: number): AnyCodec | undefined {
		return this.#tcpPorts.get(destination) ?? this.#tcpPorts.get(source);
	}

	ethertypeOf(layer: string | undefined): number | undefined {
		return layer === undefined ? undefined : this.#ethertypeOf.get(layer);
	}

	ipProtocolOf(layer: string | undefined): number | undefined {
		return layer === undefined ? undefined : this.#ipProtocolOf.get(layer);
	}

	udpPortOf(layer: string | undefined): number | undefined {
		return layer === undefined ? undefined : this.#udpPortOf.get(layer);
	}
}
