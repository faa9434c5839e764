// @ts-check
/**
 * Runs a benchmark: rounds, in each every peer at every case, one after another. Peers are interleaved so that
 * whatever slows the machine for a while slows all of them, and each round begins with another peer, so that none
 * always follows the same one.
 */
import { MissingError } from "./compile.mjs";
import { median, spread } from "./statistics.mjs";

/**
 * @typedef {import("./bench.mjs").Bench} Bench
 * @typedef {import("./bench.mjs").Case} Case
 * @typedef {import("./bench.mjs").Context} Context
 * @typedef {import("./bench.mjs").Peer} Peer
 * @typedef {import("./bench.mjs").MissingPeer} MissingPeer
 * @typedef {import("./bench.mjs").Sample} Sample
 *
 * @typedef {object} Result a peer at a case
 * @property {string} case
 * @property {Peer | MissingPeer} peer
 * @property {string} [missing] why it could not run here
 * @property {string} [error] what went wrong when it should have run
 * @property {(Sample | undefined)[]} rounds
 * @property {Sample} medians
 * @property {Sample} spreads half of the distance from the least to the greatest, as a part of the median
 */

/**
 * @param {Bench} bench
 * @param {(Peer | MissingPeer)[]} peers
 * @param {number} rounds
 * @param {Context} context
 * @param {(text: string) => void} progress
 * @returns {Promise<Result[]>} for each case every peer that has it
 */
export async function runRounds(bench, peers, rounds, context, progress) {
	const cases = bench.cases.filter(({ quick }) => quick !== false || !context.quick);
	const results = cases.flatMap((case_) =>
		peers.map((peer) => ({
			case_,
			without: false,
			/** @type {Result} */
			result: {
				case: case_.name,
				peer,
				...("missing" in peer ? { missing: peer.missing } : {}),
				rounds: [],
				medians: {},
				spreads: {},
			},
		})),
	);
	for (let round = 0; round < rounds; round++) {
		for (const case_ of cases) {
			const here = results.filter((each) => each.case_ === case_);
			for (let at = 0; at < here.length; at++) {
				const each = here[(at + round) % here.length];
				if (each === undefined || each.without) continue;
				const { result } = each;
				const { peer } = result;
				if ("missing" in peer || result.missing !== undefined || result.error !== undefined) continue;
				progress(`${bench.name}: round ${round + 1} of ${rounds}, ${case_.name}, ${peer.name}`);
				try {
					const sample = await bench.run(peer, case_, context);
					if (sample === undefined) each.without = true;
					result.rounds[round] = sample;
				} catch (error) {
					const { message } = /** @type {Error} */ (error);
					if (error instanceof MissingError) result.missing = message;
					else result.error = message;
				}
			}
		}
	}
	progress("");
	const present = results.filter(({ without }) => !without).map(({ result }) => result);
	for (const result of present) summarize(result);
	return present;
}

/** @param {Result} result */
function summarize(result) {
	const samples = result.rounds.filter((sample) => sample !== undefined);
	for (const metric of Object.keys(samples[0] ?? {})) {
		const values = samples.map((sample) => sample[metric] ?? Number.NaN);
		result.medians[metric] = median(values);
		result.spreads[metric] = spread(values);
	}
}
