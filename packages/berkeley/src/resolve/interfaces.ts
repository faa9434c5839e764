/**
 * The network interfaces of this machine, by name and by index.
 */

import { checkInteger } from "../address/bytes.js";
import { socketError } from "../errors.js";
import * as sys from "../sys/interfaces.js";
import { checkCText } from "./arguments.js";

/**
 * All network interfaces of this network namespace, as pairs of index and name. Python's and C's
 * if_nameindex(3).
 * @throws SocketError: ENOBUFS, EMFILE …
 */
export function ifNameindex(): [index: number, name: string][] {
	const pairs = sys.ifNameindex();
	if (typeof pairs === "number") throw socketError("if_nameindex", pairs);
	return pairs;
}

/**
 * The index of the interface that has a name. Python's and C's if_nametoindex(3).
 * @throws SocketError ENODEV when there is none
 */
export function ifNametoindex(name: string): number {
	checkCText(name, "the interface's name");
	const index = sys.ifNametoindex(name);
	if (index < 0) {
		const advice = `no interface has the name ${JSON.stringify(name)}`;
		throw socketError("if_nametoindex", index, { advice });
	}
	return index;
}

/**
 * The name of the interface that has an index. Python's and C's if_indextoname(3).
 * @throws SocketError ENXIO when there is none
 */
export function ifIndextoname(index: number): string {
	checkInteger(index, 0, 0xffffffff, "the interface's index");
	const name = sys.ifIndextoname(index);
	if (typeof name === "number") {
		throw socketError("if_indextoname", name, { advice: `no interface has the index ${index}` });
	}
	return name;
}
