/**
 * The names of families and types, for people.
 */
import * as families from "../sys/linux/constants/families.js";
import * as types from "../sys/linux/constants/types.js";

function nameOf(constants: Record<string, number>, prefix: string, value: number): string {
	const found = Object.entries(constants).find(
		([name, number]) => number === value && name.startsWith(prefix),
	);
	return found?.[0] ?? `${prefix.toLowerCase()}${value}`;
}

/** "AF_INET, SOCK_STREAM", and the protocol's number where there is one. */
export function describeSocket(family: number, type: number, proto: number): string {
	const kind = `${nameOf(families, "AF_", family)}, ${nameOf(types, "SOCK_", type)}`;
	return proto === 0 ? kind : `${kind}, protocol ${proto}`;
}
