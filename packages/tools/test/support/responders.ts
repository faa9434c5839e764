/**
 * What servers of UDP protocols answer, written from the RFCs as small as they can be: each takes a request apart and
 * makes the answer to it. tshark reads both, so that neither side is believed for its own sake.
 */
import {
	element,
	elementsOf,
	integer,
	NULL,
	OBJECT_IDENTIFIER,
	OCTET_STRING,
	readElement,
	SEQUENCE,
} from "../../src/probe/payloads/ber.js";
import { bytes, counted16, u16, u32 } from "../../src/probe/payloads/bytes.js";

/** A protocol's server, and what a probe is to find out. */
export interface Responder {
	readonly port: number;
	/** tshark's name of the protocol. */
	readonly protocol: string;
	/** What the payload's `recognize` is to say. */
	readonly says: RegExp;
	/** The answer to a request; undefined to one that is not understood. */
	respond(request: Buffer): Buffer | undefined;
}

const dnsHeader = (request: Buffer, flags: number, answers: number): Buffer =>
	bytes(
		request.subarray(0, 2),
		u16(flags),
		request.subarray(4, 6),
		u16(answers),
		u32(0),
		request.subarray(12),
	);

const varBind = element(
	SEQUENCE,
	element(OBJECT_IDENTIFIER, bytes(0x2b, 6, 1, 2, 1, 1, 1, 0)),
	element(OCTET_STRING, "Example agent\nsecond line"),
);

function answerSnmp(request: Buffer): Buffer | undefined {
	const [version, second, , fourth] = elementsOf(readElement(request));
	if (version?.content[0] === 3) {
		const pdu = fourth === undefined ? undefined : elementsOf(fourth)[2];
		const [id] = second === undefined ? [] : elementsOf(second);
		if (pdu === undefined || id === undefined) return undefined;
		const engine = element(OCTET_STRING, Buffer.from("80001f8804deadbeef", "hex"));
		const empty = element(OCTET_STRING);
		const security = element(SEQUENCE, engine, integer(1), integer(77), empty, empty, empty);
		// usmStatsUnknownEngineIDs.0 of RFC 3414
		const counter = element(OBJECT_IDENTIFIER, bytes(0x2b, 6, 1, 6, 3, 15, 1, 1, 4, 0));
		const binding = element(SEQUENCE, element(SEQUENCE, counter, integer(1, 0x41)));
		const [requestId] = elementsOf(pdu);
		return element(
			SEQUENCE,
			integer(3),
			element(
				SEQUENCE,
				element(0x02, id.content),
				integer(65507),
				element(OCTET_STRING, bytes(0)),
				integer(3),
			),
			element(OCTET_STRING, security),
			element(
				SEQUENCE,
				engine,
				empty,
				element(0xa8, element(0x02, requestId?.content ?? bytes(0)), integer(0), integer(0), binding),
			),
		);
	}
	const [, name, pdu] = elementsOf(readElement(request));
	const [id] = pdu === undefined ? [] : elementsOf(pdu);
	if (version === undefined || name?.content.toString() !== "public" || id === undefined) return undefined;
	const response = element(
		0xa2,
		element(0x02, id.content),
		integer(0),
		integer(0),
		element(SEQUENCE, varBind),
	);
	return element(SEQUENCE, element(0x02, version.content), element(OCTET_STRING, "public"), response);
}

/** The servers. */
export const responders: readonly Responder[] = [
	{ port: 7, protocol: "echo", says: /^the same bytes$/, respond: (request) => request },
	{
		port: 13,
		protocol: "daytime",
		says: /^Saturday, November 21, 2026$/,
		respond: () => bytes("Saturday, November 21, 2026\r\n"),
	},
	{ port: 37, protocol: "time", says: /^1970-01-01T00:00:01Z$/, respond: () => bytes(u32(2_208_988_801)) },
	{
		port: 53,
		protocol: "dns",
		says: /^REFUSED, 0 answers$/,
		respond: (request) => dnsHeader(request, 0x8105, 0),
	},
	{
		port: 69,
		protocol: "tftp",
		says: /^error 1: File not found$/,
		respond: (request) =>
			request.readUInt16BE(0) === 1 && request.toString("latin1").endsWith("\0octet\0")
				? bytes(u16(5), u16(1), "File not found", 0)
				: undefined,
	},
	{
		port: 111,
		protocol: "rpc",
		says: /^accepted$/,
		respond: (request) => bytes(request.subarray(0, 4), u32(1), u32(0), u32(0), u32(0), u32(0)),
	},
	{
		port: 123,
		protocol: "ntp",
		says: /^version 4, stratum 2$/,
		respond(request) {
			const reply = Buffer.alloc(48);
			reply.set([(4 << 3) | 4, 2, 6, 0xec]);
			request.copy(reply, 24, 40, 48);
			return (request.readUInt8(0) & 7) === 3 ? reply : undefined;
		},
	},
	{
		port: 137,
		protocol: "nbns",
		says: /^names EXAMPLE<00> EXAMPLE<20>$/,
		respond(request) {
			const names = [0x00, 0x20].map((suffix) => bytes("EXAMPLE".padEnd(15), suffix, u16(0x0400)));
			const data = bytes(names.length, ...names, Buffer.alloc(46));
			return bytes(
				request.subarray(0, 2),
				u16(0x8400),
				u16(0),
				u16(1),
				u32(0),
				request.subarray(12, 46),
				u16(0x21),
				u16(1),
				u32(0),
				counted16(data),
			);
		},
	},
	{
		port: 161,
		protocol: "snmp",
		says: /^(version 3, engine 80001f8804deadbeef|version (1|2c), community public: Example agent second line)$/,
		respond: answerSnmp,
	},
	{
		port: 389,
		protocol: "cldap",
		says: /^root entry$/,
		respond(request) {
			const [id] = elementsOf(readElement(request));
			const values = element(0x31, element(OCTET_STRING, "3"));
			const attribute = element(SEQUENCE, element(OCTET_STRING, "supportedLDAPVersion"), values);
			const entry = element(0x64, element(OCTET_STRING), element(SEQUENCE, attribute));
			return id === undefined ? undefined : element(SEQUENCE, element(0x02, id.content), entry);
		},
	},
	{
		port: 443,
		protocol: "quic",
		says: /^versions 1, 2$/,
		respond(request) {
			const [destination, source] = [request.subarray(6, 14), request.subarray(15, 23)];
			const versions = [0x0a1a2a3a, 1, 0x6b3343cf].map(u32);
			return request.length < 1200 ? undefined : bytes(0x80, u32(0), 8, source, 8, destination, ...versions);
		},
	},
	...[500, 4500].map(
		(port): Responder => ({
			port,
			protocol: "isakmp",
			says: /^version 2, NO_PROPOSAL_CHOSEN$/,
			respond(request) {
				const at = port === 500 ? 0 : 4;
				const spi = request.subarray(at, at + 8);
				const header = bytes(spi, "answered", 41, 0x20, 34, 0x20, u32(0), u32(36));
				return bytes(request.subarray(0, at), header, 0, 0, u16(8), 0, 0, u16(14));
			},
		}),
	),
	{
		port: 520,
		protocol: "rip",
		says: /^version 2, 1 routes$/,
		respond: () => bytes(2, 2, u16(0), u16(2), u16(0), 10, 0, 0, 0, u32(0xff000000), u32(0), u32(1)),
	},
	{
		port: 623,
		protocol: "rmcp",
		says: /^presence pong, IPMI$/,
		respond: (request) =>
			bytes(
				6,
				0,
				0xff,
				6,
				u32(4542),
				0x40,
				request.readUInt8(9),
				0,
				16,
				u32(4542),
				u32(0),
				0x81,
				0,
				[0, 0, 0, 0, 0, 0],
			),
	},
	{
		port: 1701,
		protocol: "l2tp",
		says: /^control connection accepted$/,
		respond(request) {
			const pairs = Buffer.from(request.subarray(12));
			// The message's type, and our tunnel's number where theirs stands.
			pairs.writeUInt16BE(2, 6);
			const at = request.indexOf(bytes(u16(0x8008), u16(0), u16(9))) + 6;
			const tunnel = request.subarray(at, at + 2);
			return bytes(request.subarray(0, 4), tunnel, u16(0), u16(0), u16(1), pairs);
		},
	},
	{
		port: 1900,
		protocol: "ssdp",
		says: /^200 OK, Example\/1\.0 UPnP\/2\.0$/,
		respond: (request) =>
			request.toString().startsWith("M-SEARCH * HTTP/1.1\r\n")
				? bytes(
						[
							"HTTP/1.1 200 OK",
							"CACHE-CONTROL: max-age=1800",
							"EXT:",
							"SERVER: Example/1.0 UPnP/2.0",
							"ST: upnp:rootdevice",
							"USN: uuid:example::upnp:rootdevice",
							"",
							"",
						].join("\r\n"),
					)
				: undefined,
	},
	{
		port: 2049,
		protocol: "rpc",
		says: /^another version of the program$/,
		respond: (request) =>
			bytes(request.subarray(0, 4), u32(1), u32(0), u32(0), u32(0), u32(2), u32(4), u32(4)),
	},
	{
		port: 3478,
		protocol: "stun",
		says: /^binding success, example$/,
		respond: (request) =>
			bytes(
				u16(0x0101),
				u16(24),
				request.subarray(4, 20),
				u16(0x20),
				u16(8),
				[0, 1, 0x21, 0x13, 0x5e, 0x12, 0xa4, 0x43],
				u16(0x8022),
				u16(7),
				"example",
				0,
			),
	},
	{
		port: 5060,
		protocol: "sip",
		says: /^200 OK$/,
		respond(request) {
			const [, ...lines] = request.toString().split("\r\n");
			const kept = lines.filter((line) => /^(via|to|from|call-id|cseq):/i.test(line));
			return bytes(["SIP/2.0 200 OK", ...kept, "Content-Length: 0", "", ""].join("\r\n"));
		},
	},
	{
		port: 5353,
		protocol: "mdns",
		says: /^1 services: _http\._tcp\.local$/,
		respond(request) {
			const target = bytes(5, "_http", 4, "_tcp", 5, "local", 0);
			const answer = bytes(u16(0xc00c), u16(12), u16(1), u32(10), counted16(target));
			return bytes(dnsHeader(request, 0x8400, 1), answer);
		},
	},
	{
		port: 5683,
		protocol: "coap",
		says: /^2\.05 <\/example>$/,
		respond: (request) => bytes(0x64, 0x45, request.subarray(2, 8), bytes(0xc1, 40), 0xff, "</example>"),
	},
	{
		port: 11211,
		protocol: "memcache",
		says: /^VERSION 1\.6\.18$/,
		respond: (request) =>
			request.subarray(8).equals(bytes("version\r\n"))
				? bytes(request.subarray(0, 8), "VERSION 1.6.18\r\n")
				: undefined,
	},
];

/** What a server of SNMP version 1 says that refuses: so that errors are read too. */
export function refusedSnmp(request: Buffer): Buffer {
	const [, , pdu] = elementsOf(readElement(request));
	const [id] = pdu === undefined ? [] : elementsOf(pdu);
	const binding = element(
		SEQUENCE,
		element(OBJECT_IDENTIFIER, bytes(0x2b, 6, 1, 2, 1, 1, 1, 0)),
		element(NULL),
	);
	const response = element(
		0xa2,
		element(0x02, id?.content ?? bytes(0)),
		integer(2),
		integer(1),
		element(SEQUENCE, binding),
	);
	return element(SEQUENCE, integer(0), element(OCTET_STRING, "public"), response);
}
