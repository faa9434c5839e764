/**
 * DTLS 1.2 (RFC 6347 section 4.2, RFC 5246 section 7.4.1.2): a ClientHello without a cookie, to which a server answers
 * with a cookie, with its hello, or with an alert.
 */
import { randomBytes } from "node:crypto";
import { bytes, counted16, u16, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const alertRecord = 21;
const handshakeRecord = 22;
const dtls10 = 0xfeff;
const dtls12 = 0xfefd;
const clientHello = 1;
const messages = new Map([
	[2, "ServerHello"],
	[3, "HelloVerifyRequest"],
]);

/** ECDHE and DHE with AES, by certificate and by PSK, and the one that every TLS 1.2 server must have. */
const cipherSuites = [0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0x009e, 0x00a8, 0xc0a8, 0xc0ae, 0x002f];

function hello(): Buffer {
	const extension = (type: number, ...content: Uint8Array[]): Buffer =>
		bytes(u16(type), counted16(...content));
	const extensions = bytes(
		extension(10, counted16(u16(29), u16(23), u16(24))), // supported_groups: x25519, P-256, P-384
		extension(11, bytes(1, 0)), // ec_point_formats: uncompressed
		extension(13, counted16([0x0403, 0x0503, 0x0804, 0x0401, 0x0501].flatMap(u16))), // signature_algorithms
	);
	const body = bytes(
		u16(dtls12),
		randomBytes(32),
		0, // no session
		0, // no cookie
		counted16(cipherSuites.flatMap(u16)),
		bytes(1, 0), // no compression
		counted16(extensions),
	);
	// The length, the message's number, and the whole of it as one fragment.
	const length = u32(body.length).slice(1);
	const message = bytes(clientHello, length, u16(0), [0, 0, 0], length, body);
	return bytes(handshakeRecord, u16(dtls10), u16(0), u16(0), u32(0), counted16(message));
}

export const dtls: Payload = {
	name: "DTLS",
	ports: [2221, 4433, 5061, 5349, 5684, 10161],
	prepare: () => ({
		requests: [hello()],
		recognize(reply) {
			const version = reply.readUInt16BE(1);
			if (version !== dtls10 && version !== dtls12) return undefined;
			const type = reply.readUInt8(0);
			if (type === alertRecord) return `alert ${reply.readUInt8(14)}`;
			return type === handshakeRecord ? messages.get(reply.readUInt8(13)) : undefined;
		},
	}),
};
