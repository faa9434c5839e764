/**
 * The values of a packet's layers as JSON (RFC 8259), and back without a loss.
 *
 * A packet is an array of its layers, the outermost first, each an object with the members that its value has. Bytes
 * are an object with one member, `hex`: `{ "hex": "00ff" }`.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { hexOf } from "./addresses.js";
import { build } from "./build.js";
import type { LayerValue } from "./layer.js";
import { links } from "./protocols.js";
import type { KnownLayerValue } from "./values.js";

// Options of records of layers: what is deeper is no packet.
const deepest = 16;

/** How toJson() writes. */
export interface ToJsonOptions {
	/** How many spaces a level is indented by; all in one line when left out. */
	indent?: number;
}

/**
 * The values of layers as JSON: `toJson(packet.toValues())`.
 * @throws TypeError for what JSON cannot hold, which it names
 */
export function toJson(
	values: readonly (KnownLayerValue | LayerValue)[],
	options: ToJsonOptions = {},
): string {
	if (!Array.isArray(values)) throw new TypeError(`toJson takes an array of layers, not ${kindOf(values)}`);
	return JSON.stringify(plain(values, "", 0), null, options.indent);
}

function plain(value: unknown, path: string, depth: number): unknown {
	if (typeof value === "string" || typeof value === "boolean") return value;
	if (typeof value === "number" && Number.isFinite(value)) return value;
	if (isBytes(value)) return { hex: Array.from(value, hexOf).join("") };
	if (typeof value !== "object" || value === null || depth === deepest) throw refuse(path, value);
	if (Array.isArray(value)) return value.map((each, index) => plain(each, `${path}[${index}]`, depth + 1));
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	return Object.fromEntries(
		members.map(([name, member]) => [name, plain(member, `${path}.${name}`, depth + 1)]),
	);
}

/**
 * The values of layers from JSON, for build(). What build() does not know, or does not take, is refused.
 * @throws SyntaxError for what is no JSON
 * @throws TypeError, RangeError for what is no packet, with the path: `[1].ttl`
 */
export function fromJson(text: string): LayerValue[] {
	if (typeof text !== "string") throw new TypeError(`fromJson takes text, not ${kindOf(text)}`);
	const parsed: unknown = JSON.parse(text);
	if (!Array.isArray(parsed)) throw new TypeError(`a packet is an array of layers, not ${kindOf(parsed)}`);
	const values = parsed.map((layer, index) => layerOf(layer, `[${index}]`));
	for (const [index, value] of values.entries()) checkLayer(value, `[${index}]`);
	return values;
}

function layerOf(json: unknown, path: string): LayerValue {
	const value = revive(json, path, 0) as LayerValue;
	if (!isPlain(value)) throw new TypeError(`${path} must be a layer, not ${kindOf(value)}`);
	if (typeof value.layer === "string" && links.codec(value.layer) !== undefined) return value;
	const given = value.layer === undefined ? "nothing" : JSON.stringify(value.layer);
	throw new RangeError(`${path}.layer must be ${links.layers.join(", ")}, not ${given}`);
}

/** The value with bytes in place of their hexadecimal. */
function revive(json: unknown, path: string, depth: number): unknown {
	if (typeof json !== "object") return json;
	if (json === null || depth === deepest) throw refuse(path, json);
	if (Array.isArray(json)) return json.map((each, index) => revive(each, `${path}[${index}]`, depth + 1));
	const members = Object.entries(json);
	if (members.length === 1 && members[0]?.[0] === "hex") return bytesOf(members[0][1], `${path}.hex`);
	return Object.fromEntries(
		members.map(([name, each]) => [name, revive(each, `${path}.${name}`, depth + 1)]),
	);
}

function bytesOf(hex: unknown, path: string): Uint8Array {
	if (typeof hex !== "string") throw new TypeError(`${path} must be a string, not ${kindOf(hex)}`);
	if (hex.length % 2 !== 0 || /[^0-9a-f]/i.test(hex)) {
		throw new RangeError(`${path} must be pairs of hexadecimal digits, not ${JSON.stringify(hex)}`);
	}
	return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
		Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
	);
}

/** Builds the layer by itself; what build() did not look at is nothing that it knows. */
function checkLayer(value: LayerValue, path: string): void {
	const seen = new Map<object, Set<string>>();
	try {
		build(watched(value, seen));
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		const Kind = error instanceof RangeError ? RangeError : TypeError;
		throw new Kind(`${path}: ${error.message}`, { cause: error });
	}
	checkSeen(value, path, seen);
}

/** The same value, with notes of which members were read. */
function watched<Value extends object>(value: Value, seen: Map<object, Set<string>>): Value {
	const names = new Set<string>();
	seen.set(value, names);
	const inner = new Map<unknown, object>();
	return new Proxy(value, {
		get(target, name, receiver) {
			const member: unknown = Reflect.get(target, name, receiver);
			if (typeof name !== "string" || !Object.hasOwn(target, name)) return member;
			names.add(name);
			if (!isPlain(member) && !Array.isArray(member)) return member;
			const known = inner.get(member) ?? watched(member, seen);
			inner.set(member, known);
			return known;
		},
	});
}

function checkSeen(value: object, path: string, seen: Map<object, Set<string>>): void {
	const names = seen.get(value);
	for (const [name, member] of Object.entries(value)) {
		const place = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
		if (names?.has(name) !== true) throw new TypeError(`${place} is no field here`);
		if (isPlain(member) || Array.isArray(member)) checkSeen(member, place, seen);
	}
}

function isPlain(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !isBytes(value);
}

function refuse(path: string, value: unknown): TypeError {
	const what = typeof value === "object" && value !== null ? "something so deep" : kindOf(value);
	return new TypeError(`${path || "a packet"} must be a field's value, not ${what}`);
}
