/**
 * Network interfaces as options take them: by name or by index.
 */
import { socketError } from "../errors.js";
import { ifNametoindex } from "../sys/interfaces.js";
import { int32Bytes } from "./codecs.js";
import type { Codec } from "./option.js";
import { checkInteger, misuse } from "./validate.js";

/** An interface's name ("eth0") or its index; 0 means none in particular. */
export type Interface = string | number;

/**
 * The index of an interface that is given by name or index.
 * @throws SocketError with code ENODEV when no interface has the name
 */
export function interfaceIndex(owner: string, value: Interface): number {
	if (typeof value === "number") return checkInteger(owner, value, 0, 0x7fff_ffff, "interface");
	if (typeof value !== "string" || value === "" || value.includes("\0"))
		throw new TypeError(misuse(owner, "an interface's name or index", value));
	const index = ifNametoindex(value);
	if (index < 0)
		throw socketError("if_nametoindex", index, { advice: `no interface is named ${JSON.stringify(value)}` });
	return index;
}

/** An interface as a C int: read as its index, set by index or name. 0 is none. */
export const interfaceCodec: Codec<number, Interface> = {
	size: 4,
	decode: (bytes) => bytes.readInt32LE(0),
	encode: (value, owner) => int32Bytes(interfaceIndex(owner, value)),
};

/** The same in network byte order, as IP_UNICAST_IF and IPV6_UNICAST_IF have it. */
export const unicastInterface: Codec<number, Interface> = {
	size: 4,
	decode: (bytes) => bytes.readInt32BE(0),
	encode: (value, owner) => int32Bytes(interfaceIndex(owner, value)).swap32(),
};
