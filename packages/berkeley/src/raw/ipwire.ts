/**
 * IP packets with headers of our own, which the kernel routes: IPPROTO_RAW, raw(7); IPV6_HDRINCL, ipv6(7).
 */

import { inetNtop } from "../address/inet.js";
import type { Inet4Address, Inet6Address } from "../address/types.js";
import { ip, ipv6 as ipv6Options, so } from "../options/index.js";
import { put16, u8, u16 } from "../packet/bytes.js";
import { build, checksum, dissect, fragment, ipv4, ipv6, type Part } from "../packet/index.js";
import type { LayerValue } from "../packet/layer.js";
import { ifNametoindex } from "../resolve/interfaces.js";
import { Socket } from "../socket/socket.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { IPPROTO_RAW } from "../sys/linux/constants/protocols.js";
import { SOCK_DGRAM, SOCK_RAW } from "../sys/linux/constants/types.js";
import { type Layers, onePacket } from "./packets.js";
import { type Prepared, sendPieces, type Tell, type Wire } from "./wire.js";

/** How IP packets go out. */
export interface IpWireOptions {
	/** The interface that they leave by, and not what the routes say. */
	readonly interface?: string | undefined;
	/** Packets that are longer are cut into fragments of so many bytes. */
	readonly mtu?: number | undefined;
}

// The port of discard, RFC 863: connecting a datagram socket sends nothing.
const anyPort = 9;

/** The way out for IP packets. */
export class IpWire implements Wire {
	readonly #name: string;
	readonly #options: IpWireOptions;
	readonly #scopeId: number;
	#inet: Socket | undefined;
	#inet6: Socket | undefined;
	#known = { destination: "", source: "" };

	/**
	 * Opens nothing yet.
	 * @param name what the user called, for messages
	 * @throws SocketError ENODEV for an interface that there is not
	 */
	constructor(name: string, options: IpWireOptions) {
		this.#name = name;
		this.#options = options;
		this.#scopeId = options.interface === undefined ? 0 : ifNametoindex(options.interface);
	}

	prepare(given: unknown): Prepared {
		const name = this.#name;
		const packet = onePacket(name, given);
		const bytes = ArrayBuffer.isView(packet) ? new Uint8Array(packet) : this.#build(packet);
		const version = bytes.length === 0 ? 0 : u8(bytes, 0) >>> 4;
		if (version === 4 && bytes.length >= 20) return this.#prepare4(bytes);
		if (version === 6 && bytes.length >= 40) return this.#prepare6(bytes);
		throw new RangeError(`${name}: a packet begins with an IPv4 or IPv6 header; frames are sent by sendp()`);
	}

	#build(layers: Layers): Uint8Array {
		const [first, ...others] = layers;
		const layer = typeof first === "object" && "layer" in first ? first.layer : undefined;
		if (layer !== "ipv4" && layer !== "ipv6") {
			throw new TypeError(
				`${this.#name}: the first layer is ipv4 or ipv6, not ${layer ?? "bytes"}; frames are sent by sendp()`,
			);
		}
		const header = first as LayerValue & { source?: string; destination: string };
		// The kernel fills in 0.0.0.0 too, but not in the checksum of what is inside.
		if (header.source !== undefined && (layer === "ipv6" || header.source !== "0.0.0.0")) {
			return build(...(layers as readonly Part[]));
		}
		const source = this.#sourceFor(layer === "ipv4" ? AF_INET : AF_INET6, header.destination);
		return build({ ...header, source } as LayerValue, ...(others as readonly Part[]));
	}

	#prepare4(bytes: Uint8Array): Prepared {
		const host = inetNtop(AF_INET, bytes.subarray(16, 20));
		// What the kernel would fill in now and not tell: errors quote it.
		if (inetNtop(AF_INET, bytes.subarray(12, 16)) === "0.0.0.0") {
			const source = this.#sourceFor(AF_INET, host).split(".").map(Number);
			bytes.set(source, 12);
			seal(bytes);
		}
		const flags = u16(bytes, 6);
		if (u16(bytes, 4) === 0 && (flags & 0x4000) === 0) {
			if ((flags & 0x3fff) !== 0) {
				throw new RangeError(
					`${this.#name}: a fragment needs an identification: of 0 the kernel makes another one for each`,
				);
			}
			put16(bytes, 4, 1 + Math.floor(Math.random() * 0xffff), "identification");
			seal(bytes);
		}
		return {
			packet: dissect(bytes, { first: ipv4 }),
			pieces: this.#cut(bytes),
			address: { host, port: 0 } satisfies Inet4Address,
		};
	}

	#prepare6(bytes: Uint8Array): Prepared {
		const host = inetNtop(AF_INET6, bytes.subarray(24, 40));
		return {
			packet: dissect(bytes, { first: ipv6 }),
			pieces: this.#cut(bytes),
			address: { host, port: 0, scopeId: this.#scopeId } satisfies Inet6Address,
		};
	}

	#cut(bytes: Uint8Array): readonly Uint8Array[] {
		const { mtu } = this.#options;
		return mtu === undefined || bytes.length <= mtu ? [bytes] : fragment(bytes, mtu);
	}

	/** The address that this machine sends from. */
	#sourceFor(family: typeof AF_INET | typeof AF_INET6, destination: string): string {
		if (this.#known.destination === destination) return this.#known.source;
		using socket = new Socket<number>(family, SOCK_DGRAM);
		socket.set(so.broadcast, true);
		const { interface: device } = this.#options;
		if (device !== undefined) socket.set(so.bindtodevice, device);
		socket.connectSync({ host: destination, port: anyPort, scopeId: this.#scopeId });
		const source = (socket.getsockname() as Inet4Address).host.split("%")[0] ?? "";
		this.#known = { destination, source };
		return source;
	}

	send(prepared: Prepared, signal: AbortSignal | undefined, tell?: Tell): Promise<void> {
		return sendPieces(this.#socketFor(prepared), prepared, signal, tooLong, tell);
	}

	#socketFor({ packet }: Prepared): Socket {
		if (packet.layers[0]?.layer === "ipv4") {
			this.#inet ??= this.#open(AF_INET);
			return this.#inet;
		}
		this.#inet6 ??= this.#open(AF_INET6);
		return this.#inet6;
	}

	#open(family: number): Socket {
		const socket = new Socket<number>(family, SOCK_RAW, IPPROTO_RAW);
		try {
			socket.set(so.broadcast, true);
			socket.set(family === AF_INET ? ip.hdrincl : ipv6Options.hdrincl, true);
			const { interface: device } = this.#options;
			if (device !== undefined) socket.set(so.bindtodevice, device);
			return socket;
		} catch (error) {
			socket.close();
			throw error;
		}
	}

	close(): void {
		this.#inet?.close();
		this.#inet6?.close();
	}
}

function tooLong(length: number): string {
	const how = "cut it by the option `mtu`, or by fragment()";
	return `a packet of ${length} bytes is longer than the way to its destination takes: ${how}`;
}

/** Computes the checksum of an IPv4 header again. */
function seal(bytes: Uint8Array): void {
	const end = Math.min((u8(bytes, 0) & 15) * 4, bytes.length);
	put16(bytes, 10, 0, "checksum");
	put16(bytes, 10, checksum(bytes, 0, Math.max(end, 20)), "checksum");
}
