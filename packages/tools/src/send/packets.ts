/**
 * The packets that are to be sent, from the command line or from a file, with what was left out of them.
 */
import { readFileSync } from "node:fs";
import { AF_INET } from "berkeley";
import { interfaceOf, type NetworkInterface, routeTo } from "berkeley/interfaces";
import { fromJson, type LayerValue } from "berkeley/packet";
import { codeOf, Failure, Misuse } from "../failure.js";
import { type JsonLayer, parseLayer } from "./layers.js";

/** Where packets come from. */
export interface PacketSource {
	readonly from?: string | undefined;
	readonly payload?: string | undefined;
	readonly payloadHex?: string | undefined;
	readonly payloadFile?: string | undefined;
	readonly interface?: string | undefined;
}

/** Whether a packet is a frame, which goes out of an interface as it is, and is not routed. */
export function isFrame(packet: readonly { layer: string }[]): boolean {
	const first = packet[0]?.layer;
	return first !== "ipv4" && first !== "ipv6";
}

/**
 * All packets, of one kind: frames, or IP packets.
 * @throws Misuse for what is no packet; SocketError for an interface that there is not, or a host without a route
 */
export async function packetsOf(layers: readonly string[], source: PacketSource): Promise<LayerValue[][]> {
	const given = source.from === undefined ? [ofArguments(layers, source)] : readPackets(source.from);
	const frames = given.filter(isFrame).length;
	if (frames > 0 && frames < given.length) {
		throw new Misuse("some packets begin with ipv4 or ipv6, and others do not: send them by two calls");
	}
	if (frames > 0 && source.interface === undefined) {
		throw new Misuse("a packet that does not begin with ipv4 or ipv6 is a frame, and needs -i");
	}
	const filler = new Filler(source.interface);
	const packets: LayerValue[][] = [];
	for (const [index, packet] of given.entries()) {
		const where = given.length > 1 ? `packet ${index}: ` : "";
		const filled = await filler.fill(packet);
		try {
			packets.push(fromJson(JSON.stringify(filled)));
		} catch (error) {
			if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
			throw new Misuse(where + error.message);
		}
	}
	return packets;
}

function ofArguments(layers: readonly string[], source: PacketSource): JsonLayer[] {
	const packet = layers.map(parseLayer);
	const data = payloadOf(source);
	if (data !== undefined) packet.push({ layer: "raw", data: { hex: data } });
	return packet;
}

/** The payload in hexadecimal. */
function payloadOf({ payload, payloadHex, payloadFile }: PacketSource): string | undefined {
	if (payload !== undefined) return Buffer.from(payload).toString("hex");
	if (payloadFile !== undefined) return readAll(payloadFile).toString("hex");
	return payloadHex?.replaceAll(/[\s:]/g, "");
}

function readAll(path: string): Buffer {
	try {
		return readFileSync(path === "-" ? 0 : path);
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		throw new Failure(error instanceof Error ? error.message : String(error), { cause: error });
	}
}

/** A packet, or an array of packets, or a packet a line. */
function readPackets(path: string): JsonLayer[][] {
	const text = readAll(path).toString();
	const name = path === "-" ? "standard input" : path;
	const parsed =
		parse(text) ??
		text
			.split("\n")
			.filter((line) => line.trim() !== "")
			.map((line, index) => {
				const value = parse(line);
				if (value === undefined) throw new Misuse(`${name}: line ${index + 1} is no JSON`);
				return value;
			});
	if (!Array.isArray(parsed) || parsed.length === 0) throw new Misuse(`${name} has no packets`);
	const packets = (Array.isArray(parsed[0]) ? parsed : [parsed]) as unknown[];
	return packets.map((packet, index) => {
		const isPacket = Array.isArray(packet) && packet.length > 0 && packet.every(isLayer);
		if (isPacket) return packet as JsonLayer[];
		throw new Misuse(`${name}: packet ${index} is no array of layers { "layer": … }`);
	});
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isLayer(value: unknown): boolean {
	return typeof value === "object" && value !== null && typeof (value as JsonLayer).layer === "string";
}

// The ports that nobody has registered: RFC 6335.
const firstPort = 49152;
const ports = 16384;

/** Fills in who sends. */
class Filler {
	readonly #interface: string | undefined;
	readonly #port = firstPort + Math.floor(Math.random() * ports);
	readonly #sources = new Map<string, Promise<string | undefined>>();
	#device: Promise<NetworkInterface> | undefined;

	constructor(name: string | undefined) {
		this.#interface = name;
	}

	async fill(packet: readonly JsonLayer[]): Promise<JsonLayer[]> {
		// Shows that there is no such interface before anything else.
		if (this.#interface !== undefined) await this.#own();
		const filled: JsonLayer[] = [];
		for (const layer of packet) filled.push({ ...(await this.#missing(layer)), ...layer });
		return filled;
	}

	async #missing(layer: JsonLayer): Promise<Partial<JsonLayer>> {
		switch (layer.layer) {
			case "ethernet":
				return layer.source === undefined ? { source: (await this.#own())?.mac } : {};
			case "ipv4":
			case "ipv6":
				return layer.source === undefined ? { source: await this.#sourceFor(layer.destination) } : {};
			case "arp": {
				const device = await this.#own();
				const host = device?.addresses.find(({ family }) => family === AF_INET)?.host;
				return { senderHardwareAddress: device?.mac, senderProtocolAddress: host };
			}
			case "tcp":
			case "udp":
				return { sourcePort: this.#port };
			default:
				return {};
		}
	}

	async #own(): Promise<NetworkInterface | undefined> {
		if (this.#interface === undefined) return undefined;
		this.#device ??= interfaceOf(this.#interface);
		return this.#device;
	}

	#sourceFor(destination: unknown): Promise<string | undefined> {
		// What is no address is told when the packet is built.
		if (typeof destination !== "string" || !/^[\d.]+$|:/.test(destination)) return Promise.resolve(undefined);
		const known = this.#sources.get(destination);
		if (known !== undefined) return known;
		const options = this.#interface === undefined ? {} : { interface: this.#interface };
		const source = routeTo(destination, options).then((route) => route.source);
		this.#sources.set(destination, source);
		return source;
	}
}
