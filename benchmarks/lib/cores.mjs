// @ts-check
/**
 * Which cores a server and its load run on. The server is pinned to one and the load to another, so that neither
 * takes the other's time and a server with helper threads gets no more than one without. The first core is left
 * to the load: it is the one that tends to take the machine's interrupts.
 */
import { allowedCores, isInstalled } from "./machine.mjs";

/** @typedef {{ server: number[] | undefined, load: number[] | undefined, note: string }} Cores
 *   undefined: not pinned */

/**
 * @param {number} [wanted] how many cores the server is to have; 0 does not pin
 * @returns {Cores}
 */
export function chooseCores(wanted = 1) {
	const cores = allowedCores();
	if (wanted === 0) return { server: undefined, load: undefined, note: "not pinned" };
	if (cores.length < 2)
		return { server: undefined, load: undefined, note: "not pinned: there is one core for all" };
	if (!isInstalled("taskset")) {
		return { server: undefined, load: undefined, note: "not pinned: taskset (util-linux) is missing" };
	}
	const server = cores.slice(1).slice(-wanted);
	const load = cores.filter((core) => !server.includes(core)).slice(0, 1);
	return { server, load, note: `server on core ${server.join(", ")}, load on core ${load.join(", ")}` };
}

/** A command, held on cores.
 * @param {readonly string[]} command
 * @param {readonly number[] | undefined} cores
 * @returns {string[]} */
export function pinned(command, cores) {
	return cores === undefined ? [...command] : ["taskset", "-c", cores.join(","), ...command];
}
