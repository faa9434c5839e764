/**
 * Layers as the command line gives them: `tcp:dport=80,flags=SYN`, into the objects that JSON has for them.
 */
import * as packets from "berkeley/packet";
import { Misuse } from "../failure.js";

/** A layer as JSON has it: its fields are looked at when the packet is built. */
export interface JsonLayer {
	layer: string;
	[field: string]: unknown;
}

const shortNames: Readonly<Record<string, string>> = {
	ack: "acknowledgment",
	dport: "destinationPort",
	dst: "destination",
	seq: "sequence",
	sport: "sourcePort",
	src: "source",
};

/** What the names of constants begin with, for the fields that have such. */
const prefixes: Readonly<Record<string, readonly string[]>> = {
	"arp.operation": ["ARPOP_"],
	"ethernet.type": ["ETHERTYPE_"],
	"icmpv4.type": ["ICMP_"],
	"icmpv6.type": ["ICMP6_", "ND_", "MLD_"],
	"tcp.flags": ["TH_"],
};

const constants = new Map<string, number>(
	Object.entries(packets).flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])),
);

/** Reads a layer. @throws Misuse */
export function parseLayer(text: string): JsonLayer {
	const [, layer, rest = ""] = /^([\w]+)(?::(.*))?$/s.exec(text) ?? [];
	if (layer === undefined) {
		throw new Misuse(`a layer is NAME:FIELD=VALUE,…, such as tcp:dport=80, not ${JSON.stringify(text)}`);
	}
	if (rest.startsWith("{")) return { ...(parseJson(rest, layer) as object), layer };
	const value: JsonLayer = { layer };
	for (const part of rest === "" ? [] : split(rest)) {
		const [, given, content] = /^\s*(\w+)=(.*)$/s.exec(part) ?? [];
		if (given === undefined || content === undefined) {
			throw new Misuse(`${layer}: a field is FIELD=VALUE, not ${JSON.stringify(part)}`);
		}
		const field = shortNames[given] ?? given;
		if (field === "layer" || field in value) throw new Misuse(`${layer}.${field} is given twice`);
		value[field] = parseValue(content, `${layer}.${field}`);
	}
	return value;
}

/** The parts between the commas that are in no brackets and no quotes. */
function split(text: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let quoted = false;
	let from = 0;
	for (let at = 0; at < text.length; at++) {
		const letter = text[at] ?? "";
		if (quoted) {
			if (letter === "\\") at++;
			else if (letter === '"') quoted = false;
		} else if (letter === '"') quoted = true;
		else if ("[{".includes(letter)) depth++;
		else if ("]}".includes(letter)) depth--;
		else if (letter === "," && depth === 0) {
			parts.push(text.slice(from, at));
			from = at + 1;
		}
	}
	parts.push(text.slice(from));
	return parts;
}

function parseValue(text: string, path: string): unknown {
	if (/^["[{]/.test(text)) return parseJson(text, path);
	if (text === "true" || text === "false") return text === "true";
	if (text.startsWith("hex:")) return { hex: text.slice(4) };
	return numberOf(text, path) ?? text;
}

/** Numbers and constants, added up; undefined for what is neither. */
function numberOf(text: string, path: string): number | undefined {
	let sum = 0;
	for (const term of text.split("+")) {
		const number = /^(\d+|0x[\da-f]+)$/i.test(term) ? Number(term) : constantOf(term, path);
		if (number === undefined) return undefined;
		sum += number;
	}
	return sum;
}

function constantOf(name: string, path: string): number | undefined {
	const upper = name.toUpperCase();
	const before = prefixes[path];
	// PSH is what everybody but the header file calls it.
	if (path === "tcp.flags" && upper === "PSH") return packets.TH_PUSH;
	for (const prefix of before ?? []) {
		const found = constants.get(prefix + upper);
		if (found !== undefined) return found;
	}
	return constants.get(name);
}

function parseJson(text: string, path: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Misuse(`${path}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
