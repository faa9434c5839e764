// @ts-check
/**
 * The peers: who is compared, and how each is started. A benchmark names its peers by the makers below; for the
 * runtimes of a run they become commands, or the reason why they are missing.
 */
import { join } from "node:path";
import { compiled, MissingError } from "./compile.mjs";
import { peersFolder } from "./paths.mjs";

/**
 * @typedef {import("./runtimes.mjs").Runtimes} Runtimes
 *
 * @typedef {object} Peer
 * @property {string} id what the goals call it: "ours", "c", "net" …; unique in a benchmark, but for the Nodes
 * @property {string} name as it is printed
 * @property {boolean} ours whether the goals are about it
 * @property {number} [node] which Node it runs on, as an index of the run's; 0 is the one that the goals are for
 * @property {string[]} command
 *
 * @typedef {{ id: string, name: string, missing: string }} MissingPeer
 *
 * @typedef {(runtimes: Runtimes) => (Peer | MissingPeer)[]} PeerMaker
 *
 * @typedef {object} PeerOptions
 * @property {string} [id] where the usual one does not tell it from another of the benchmark
 * @property {string} [name]
 * @property {string[]} [args] for the program
 * @property {string[]} [flags] for the runtime
 */

/** @param {string} program */
const at = (program) => join(peersFolder, program);

/**
 * A program on each of the run's Nodes.
 * @param {boolean} ours
 * @param {string} program
 * @param {Required<PeerOptions>} options
 * @returns {PeerMaker}
 */
function onNodes(ours, program, { id, name, args, flags }) {
	return ({ nodes }) =>
		nodes.map(({ path, version }, node) => ({
			id,
			name: `${name}, Node ${version}`,
			ours,
			node,
			command: [path, ...flags, at(program), ...args],
		}));
}

/** This library.
 * @param {string} program a module of `peers/`
 * @param {PeerOptions} [options] */
export function ours(program, { id = "ours", name = "berkeley", args = [], flags = [] } = {}) {
	return onNodes(true, program, { id, name, args, flags });
}

/** Node's own modules.
 * @param {string} program a module of `peers/`
 * @param {PeerOptions} [options] */
export function nodeItself(program, { id = "net", name = "node:net", args = [], flags = [] } = {}) {
	return onNodes(false, program, { id, name, args, flags });
}

/**
 * Another runtime with a program of `peers/`.
 * @param {"bun" | "deno" | "python"} which
 * @param {string[]} command what goes between the runtime and the program
 * @param {string} program
 * @param {Required<Omit<PeerOptions, "flags">>} options
 * @returns {PeerMaker}
 */
function other(which, command, program, { id, name, args }) {
	return (runtimes) => {
		const runtime = runtimes[which];
		if ("missing" in runtime) return [{ id, name, missing: runtime.missing }];
		return [
			{
				id,
				name: `${name} ${runtime.version}`,
				ours: false,
				command: [runtime.path, ...command, at(program), ...args],
			},
		];
	};
}

/** Bun. @param {string} program @param {PeerOptions} [options] */
export function bun(program, { id = "bun", name = "Bun", args = [], flags = [] } = {}) {
	return other("bun", ["run", ...flags], program, { id, name, args });
}

/** Deno. @param {string} program @param {PeerOptions} [options] */
export function deno(program, { id = "deno", name = "Deno", args = [], flags = [] } = {}) {
	return other("deno", ["run", "--allow-all", "--no-lock", "--no-config", ...flags], program, {
		id,
		name,
		args,
	});
}

/** Python. @param {string} program @param {PeerOptions} [options] */
export function python(program, { id = "python", name = "Python", args = [], flags = [] } = {}) {
	return other("python", flags, program, { id, name, args });
}

/**
 * A program in C.
 * @param {string} program
 * @param {PeerOptions} [options]
 * @returns {PeerMaker}
 */
export function c(program, { id = "c", name = "C", args = [] } = {}) {
	return () => {
		try {
			return [{ id, name, ours: false, command: [compiled(program), ...args] }];
		} catch (error) {
			if (error instanceof MissingError) return [{ id, name, missing: error.message }];
			throw error;
		}
	};
}
