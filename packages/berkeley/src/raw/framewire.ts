/**
 * Frames, as they are, out of an interface: AF_PACKET, packet(7).
 */

import { formatMac } from "../address/mac.js";
import type { PacketAddress } from "../address/types.js";
import { socketError } from "../errors.js";
import { u8, u16 } from "../packet/bytes.js";
import { build, dissect, type Part } from "../packet/index.js";
import type { LayerValue } from "../packet/layer.js";
import { ifNametoindex } from "../resolve/interfaces.js";
import { Socket } from "../socket/socket.js";
import { ETH_P_IP, ETH_P_IPV6 } from "../sys/linux/constants/ethernet.js";
import { AF_PACKET } from "../sys/linux/constants/families.js";
import { SOCK_RAW } from "../sys/linux/constants/types.js";
import { codecOf, type FrameLink, linkOf } from "./framelink.js";
import { type Layers, onePacket } from "./packets.js";
import { type Prepared, type Sending, sendPieces, type Wire } from "./wire.js";

/** The way out for frames, at one interface. */
export class FrameWire implements Wire {
	/** What the interface's frames begin with. */
	readonly link: FrameLink;
	readonly #name: string;
	readonly #interface: string;
	readonly #socket: Socket<typeof AF_PACKET>;
	readonly #index: number;
	readonly #mac: string;

	/**
	 * Opens the socket.
	 * @param name what the user called, for messages
	 * @throws SocketError EPERM without CAP_NET_RAW, ENODEV for an interface that there is not
	 */
	constructor(name: string, interfaceName: string) {
		this.#name = name;
		this.#interface = interfaceName;
		// Of protocol 0: it receives nothing.
		this.#socket = new Socket(AF_PACKET, SOCK_RAW, 0);
		try {
			this.#socket.bind({ interface: interfaceName, protocol: 0 });
			const { hardwareType, hardwareAddress } = this.#socket.getsockname();
			this.link = linkOf(name, interfaceName, hardwareType);
			// An address with a name is looked up by the kernel each time.
			this.#index = ifNametoindex(interfaceName);
			this.#mac = hardwareAddress?.length === 6 ? formatMac(hardwareAddress) : "00:00:00:00:00:00";
		} catch (error) {
			this.#socket.close();
			throw error;
		}
	}

	prepare(given: unknown): Prepared {
		const frame = onePacket(this.#name, given);
		const bytes = ArrayBuffer.isView(frame) ? new Uint8Array(frame) : this.#build(frame);
		const address: PacketAddress = { interface: this.#index, protocol: this.#protocolOf(bytes) };
		return { packet: dissect(bytes, { first: codecOf(this.link, bytes) }), pieces: [bytes], address };
	}

	#build(layers: Layers): Uint8Array {
		const [first, ...others] = layers;
		const value = (typeof first === "object" && "layer" in first ? first : undefined) as
			| { readonly layer: string; readonly source?: string }
			| undefined;
		if (value?.layer !== "ethernet" || value.source !== undefined)
			return build(...(layers as readonly Part[]));
		return build({ ...value, source: this.#mac } as LayerValue, ...(others as readonly Part[]));
	}

	#protocolOf(bytes: Uint8Array): number {
		if (this.link === "ethernet") {
			if (bytes.length >= 14) return u16(bytes, 12);
			throw new RangeError(`${this.#name}: a frame has at least 14 bytes, its header, not ${bytes.length}`);
		}
		const version = bytes.length === 0 ? 0 : u8(bytes, 0) >>> 4;
		if (version === 4) return ETH_P_IP;
		if (version === 6) return ETH_P_IPV6;
		throw new RangeError(
			`${this.#name}: frames of ${this.#interface} have no header of a link, and begin with that of IP`,
		);
	}

	send(prepared: Prepared, sending: Sending): Promise<void> {
		return sendPieces(this.#socket, prepared, sending, (refusal, length) => {
			if (refusal.code !== "EMSGSIZE") return refusal;
			const advice = `a frame of ${length} bytes is longer than the MTU of ${this.#interface} and its header`;
			return socketError("sendto", refusal.errno, { address: prepared.address, advice });
		});
	}

	close(): void {
		this.#socket.close();
	}
}
