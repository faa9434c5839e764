/**
 * IKEv2 (RFC 7296 sections 1.2 and 3): IKE_SA_INIT with one proposal of the usual algorithms. The key is a random
 * number of the right length, for nothing follows. On port 4500 four zero bytes stand before (RFC 3948 section 2.2).
 */
import { randomBytes } from "node:crypto";
import { bytes, u16, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const SA = 33;
const KE = 34;
const NONCE = 40;
const NOTIFY = 41;
const last = 0;
const saInit = 34;
const initiator = 0x08;
const response = 0x20;
const modp2048 = 14;
const notifications = new Map([
	[7, "INVALID_SYNTAX"],
	[14, "NO_PROPOSAL_CHOSEN"],
	[17, "INVALID_KE_PAYLOAD"],
	[16390, "COOKIE"],
]);

/** A payload with its header: what kind follows it, and its length. */
function payload(next: number, content: Uint8Array): Buffer {
	return bytes(next, 0, u16(content.length + 4), content);
}

/** One algorithm of a proposal (section 3.3.2). */
function transform(next: 0 | 3, type: number, id: number, attributes: Uint8Array = bytes()): Buffer {
	return bytes(next, 0, u16(8 + attributes.length), type, 0, u16(id), attributes);
}

function request(spi: Uint8Array): Buffer {
	const keyLength256 = bytes(u16(0x800e), u16(256));
	const transforms = bytes(
		transform(3, 1, 12, keyLength256), // ENCR_AES_CBC
		transform(3, 2, 5), // PRF_HMAC_SHA2_256
		transform(3, 3, 12), // AUTH_HMAC_SHA2_256_128
		transform(0, 4, modp2048),
	);
	const proposal = bytes(0, 0, u16(8 + transforms.length), 1, 1, 0, 4, transforms);
	const body = bytes(
		payload(KE, proposal),
		payload(NONCE, bytes(u16(modp2048), u16(0), randomBytes(256))),
		payload(last, randomBytes(32)),
	);
	return bytes(spi, Buffer.alloc(8), SA, 0x20, saInit, initiator, u32(0), u32(28 + body.length), body);
}

function over(name: string, port: number, marker: Uint8Array): Payload {
	return {
		name,
		ports: [port],
		prepare() {
			const spi = randomBytes(8);
			return {
				requests: [bytes(marker, request(spi))],
				recognize(datagram) {
					if (!datagram.subarray(0, marker.length).equals(marker)) return undefined;
					const reply = datagram.subarray(marker.length);
					if (!reply.subarray(0, 8).equals(spi)) return undefined;
					const major = reply.readUInt8(17) >> 4;
					if (major === 2 && (reply.readUInt8(19) & response) === 0) return undefined;
					if (major !== 2) return `version ${major}`;
					const first = reply.readUInt8(16);
					if (first === SA) return "version 2, proposal accepted";
					if (first !== NOTIFY) return "version 2";
					const type = reply.readUInt16BE(34);
					return `version 2, ${notifications.get(type) ?? `notification ${type}`}`;
				},
			};
		},
	};
}

export const ike: Payload = over("IKE", 500, bytes());
export const ikeNat: Payload = over("IKE", 4500, bytes(u32(0)));
