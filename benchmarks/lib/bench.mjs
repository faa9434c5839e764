// @ts-check
/**
 * What a benchmark is: a module of `benches/` that exports what `Bench` names.
 *
 * @typedef {import("./peers.mjs").Peer} Peer
 * @typedef {import("./peers.mjs").MissingPeer} MissingPeer
 * @typedef {import("./peers.mjs").PeerMaker} PeerMaker
 * @typedef {import("./cores.mjs").Cores} Cores
 *
 * @typedef {Record<string, number>} Sample what one peer did in one round: a number for each metric
 *
 * @typedef {{ name: string, quick?: boolean } & Record<string, any>} Case one setting that every peer is measured
 *   at; `quick: false` leaves it out of a quick run, where it would show nothing that another does not
 *
 * @typedef {object} Column a metric, in the printed table
 * @property {string} metric
 * @property {string} title
 * @property {number} digits behind the point
 * @property {string} [beside] shown only where there is this metric too
 * @property {boolean} [ratio] whether the table has ours divided by each peer's beside it
 * @property {string} [over] the id of a peer: the table has how much more it is than that one's beside it
 *
 * @typedef {object} Goal What must be reached. With `against` the figure is ours divided by that peer's, with
 *   `over` ours less that peer's, and else ours.
 * @property {string} metric
 * @property {string} [of] the id of ours that it is about; all of ours when left out
 * @property {string} [against] the id of a peer
 * @property {string} [over] the id of a peer
 * @property {number} [atMost]
 * @property {number} [atLeast]
 * @property {string[]} [cases] the names of the cases that it is for; all when left out
 * @property {number} [cores] how many cores the machine must have for the goal to mean something
 *
 * @typedef {object} Context what a run knows of the run as a whole
 * @property {Cores} cores
 * @property {number} seconds how long to measure
 * @property {number} warmup seconds before that
 * @property {boolean} quick whether it is only to be seen that everything works: few connections, no figures
 *
 * @typedef {object} Bench
 * @property {string} name
 * @property {string} title
 * @property {Case[]} cases
 * @property {PeerMaker[]} peers
 * @property {Column[]} columns
 * @property {Goal[]} goals
 * @property {number} [serverCores] how many cores the server is given; 1 when left out, 0 is as it comes
 * @property {number} [rounds] where the usual number is too few, or more than a slow one needs
 * @property {(peer: Peer, case_: Case, context: Context) => Promise<Sample | undefined>} run one round of one
 *   peer at one case; undefined where the peer has no such case
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home } from "./paths.mjs";

const folder = join(home, "benches");

/** All benchmarks, in the order of their files' names.
 * @returns {Promise<Bench[]>} */
export async function allBenches() {
	const files = readdirSync(folder)
		.filter((file) => file.endsWith(".mjs"))
		.sort();
	return Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href)));
}
