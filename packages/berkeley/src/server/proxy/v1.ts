/**
 * Version 1 of the PROXY protocol: a line of text.
 */
import { parseInet4 } from "../../address/inet4.js";
import { formatInet6, parseInet6 } from "../../address/inet6.js";
import { SOCK_STREAM } from "../../sys/linux/constants/types.js";
import { ProxyHeaderError } from "./error.js";
import type { ProxyAddress, ProxyHeader } from "./types.js";

/** What the line begins with. */
export const signature1: Buffer = Buffer.from("PROXY ");

// The longest line, its CRLF included, that a receiver has to take.
const longestLine = 107;

const CR = 0x0d;
const LF = 0x0a;

/**
 * How long the line is that begins with these bytes, with its CRLF; undefined when its end is still to come.
 * @throws ProxyHeaderError when it cannot come any more
 */
export function sizeOf1(bytes: Uint8Array): number | undefined {
	const seen = Math.min(bytes.length, longestLine);
	for (let index = 0; index < seen; index++) {
		const byte = bytes[index];
		if (byte === LF) throw new ProxyHeaderError("a LF without a CR before it");
		if (byte !== CR) continue;
		if (index + 1 === longestLine) break;
		if (index + 1 === bytes.length) return undefined;
		if (bytes[index + 1] !== LF) throw new ProxyHeaderError("a CR without a LF behind it");
		return index + 2;
	}
	if (bytes.length < longestLine) return undefined;
	throw new ProxyHeaderError("its line has no end within 107 bytes");
}

/** Reads a line, of which sizeOf1() has found the end. */
export function parse1(line: Buffer): ProxyHeader {
	const text = line.toString("latin1", 0, line.length - 2);
	const unknown = { source: undefined, destination: undefined };
	// What follows UNKNOWN is to be ignored.
	if (/^PROXY UNKNOWN(?: |$)/.test(text)) return header(0, unknown);
	const words = text.split(" ");
	const [, family, from = "", to = "", fromPort = "", toPort = ""] = words;
	if ((family !== "TCP4" && family !== "TCP6") || words.length !== 6) throw malformed(text);
	const source = addressOf(family, from, fromPort);
	const destination = addressOf(family, to, toPort);
	if (source === undefined || destination === undefined) throw malformed(text);
	return header(SOCK_STREAM, { source, destination });
}

/** The line for a connection; "UNKNOWN" for one that version 1 has no words for. */
export function build1(source: ProxyAddress | undefined, destination: ProxyAddress | undefined): Buffer {
	if (typeof source !== "object" || typeof destination !== "object") return Buffer.from("PROXY UNKNOWN\r\n");
	const family = source.host.includes(":") ? "TCP6" : "TCP4";
	const hosts = `${shortest(source.host)} ${shortest(destination.host)}`;
	return Buffer.from(`PROXY ${family} ${hosts} ${source.port} ${destination.port}\r\n`);
}

/** A host as it is written usually, which is never too long for the line. */
function shortest(host: string): string {
	const packed = new Uint8Array(16);
	return parseInet6(host, packed) ? formatInet6(packed) : host;
}

function header(type: number, ends: Pick<ProxyHeader, "source" | "destination">): ProxyHeader {
	return { version: 1, command: "PROXY", type, ...ends, checksum: false, tlvs: [] };
}

function addressOf(family: "TCP4" | "TCP6", host: string, port: string): ProxyAddress | undefined {
	if (!/^(?:0|[1-9][0-9]{0,4})$/.test(port) || Number(port) > 0xffff) return undefined;
	if (family === "TCP4") return parseInet4(host) < 0 ? undefined : { host, port: Number(port) };
	const packed = new Uint8Array(16);
	return parseInet6(host, packed) ? { host: formatInet6(packed), port: Number(port) } : undefined;
}

function malformed(text: string): ProxyHeaderError {
	return new ProxyHeaderError(`malformed: ${JSON.stringify(text)}`);
}
