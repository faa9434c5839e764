/**
 * IP packets with headers of our own, which the kernel routes: IPPROTO_RAW, raw(7); IPV6_HDRINCL, ipv6(7).
 */

import { inetNtop } from "../address/inet.js";
import type { Inet4Address, Inet6Address } from "../address/types.js";
import { SocketError, socketError } from "../errors.js";
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
import { type Prepared, type Sending, sendPieces, type Wire } from "./wire.js";

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
		const isReady = ArrayBuffer.isView(packet);
		const { bytes, refusal } = isReady ? { bytes: new Uint8Array(packet) } : this.#build(packet);
		const version = bytes.length === 0 ? 0 : u8(bytes, 0) >>> 4;
		if (version === 4 && bytes.length >= 20) return this.#prepare4(bytes, refusal);
		if (version === 6 && bytes.length >= 40) return this.#prepare6(bytes, refusal);
		throw new RangeError(`${name}: a packet begins with an IPv4 or IPv6 header; frames are sent by sendp()`);
	}

	#build(layers: Layers): Built {
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
			return { bytes: build(...(layers as readonly Part[])) };
		}
		const found = this.#sourceFor(layer === "ipv4" ? AF_INET : AF_INET6, header.destination);
		const refusal = found instanceof SocketError ? found : undefined;
		const source = found instanceof SocketError ? (layer === "ipv4" ? "0.0.0.0" : "::") : found;
		return { bytes: build({ ...header, source } as LayerValue, ...(others as readonly Part[])), refusal };
	}

	#prepare4(bytes: Uint8Array, known: SocketError | undefined): Prepared {
		const host = inetNtop(AF_INET, bytes.subarray(16, 20));
		let refusal = known;
		// What the kernel would fill in now and not tell: errors quote it.
		if (refusal === undefined && inetNtop(AF_INET, bytes.subarray(12, 16)) === "0.0.0.0") {
			const found = this.#sourceFor(AF_INET, host);
			if (found instanceof SocketError) refusal = found;
			else {
				bytes.set(found.split(".").map(Number), 12);
				seal(bytes);
			}
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
			refusal,
		};
	}

	#prepare6(bytes: Uint8Array, refusal: SocketError | undefined): Prepared {
		const host = inetNtop(AF_INET6, bytes.subarray(24, 40));
		return {
			packet: dissect(bytes, { first: ipv6 }),
			pieces: this.#cut(bytes),
			address: { host, port: 0, scopeId: this.#scopeId } satisfies Inet6Address,
			refusal,
		};
	}

	#cut(bytes: Uint8Array): readonly Uint8Array[] {
		const { mtu } = this.#options;
		return mtu === undefined || bytes.length <= mtu ? [bytes] : fragment(bytes, mtu);
	}

	/** The address that this machine sends from, or why it cannot send there. */
	#sourceFor(family: typeof AF_INET | typeof AF_INET6, destination: string): string | SocketError {
		if (this.#known.destination === destination) return this.#known.source;
		using socket = new Socket<number>(family, SOCK_DGRAM);
		socket.set(so.broadcast, true);
		const { interface: device } = this.#options;
		if (device !== undefined) socket.set(so.bindtodevice, device);
		try {
			socket.connectSync({ host: destination, port: anyPort, scopeId: this.#scopeId });
		} catch (error) {
			if (error instanceof SocketError && error.syscall === "connect") return explained(error, destination);
			throw error;
		}
		const source = (socket.getsockname() as Inet4Address).host.split("%")[0] ?? "";
		this.#known = { destination, source };
		return source;
	}

	async send(prepared: Prepared, sending: Sending): Promise<void> {
		if (prepared.refusal !== undefined) throw prepared.refusal;
		const { host } = prepared.address as Inet4Address;
		await sendPieces(this.#socketFor(prepared), prepared, sending, (refusal, length) =>
			explained(refusal, host, length),
		);
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

/** A packet's bytes, and why it cannot go out if that is known. */
interface Built {
	readonly bytes: Uint8Array;
	readonly refusal?: SocketError | undefined;
}

/** What routes and their absence mean: ip-route(8). */
const reasons: Readonly<Record<string, string>> = {
	EACCES: "a route prohibits it",
	EADDRNOTAVAIL: "this machine has no address to send from",
	EHOSTUNREACH: "a route says that it is unreachable",
	EINVAL: "a route discards it, or the header is wrong",
	ENETUNREACH: "no route leads there",
};

/** A refusal in words; whichever call was refused, it was to send. */
function explained(refusal: SocketError, host: string, length?: number): SocketError {
	const { code, errno } = refusal;
	if (code === "ETIMEDOUT") return refusal;
	const how = "cut it by the option `mtu`, or by fragment()";
	const long = `a packet of ${length} bytes is longer than the way to its destination takes: ${how}`;
	const advice = code === "EMSGSIZE" && length !== undefined ? long : reasons[code];
	return socketError("sendto", errno, { address: { host, port: 0 }, subject: `sendto ${host}`, advice });
}

/** Computes the checksum of an IPv4 header again. */
function seal(bytes: Uint8Array): void {
	const end = Math.min((u8(bytes, 0) & 15) * 4, bytes.length);
	put16(bytes, 10, 0, "checksum");
	put16(bytes, 10, checksum(bytes, 0, Math.max(end, 20)), "checksum");
}
