/**
 * Networks of several hosts, for tests: the library's own support, which is no part of its package and therefore
 * found by its path; and the command inside a host.
 */
import { createRequire } from "node:module";
import type * as networks from "../../../berkeley/test/support/network.js";
import { sockCommand } from "./command.js";

export type { Ended, HostProgram, Network } from "../../../berkeley/test/support/network.js";

const found = createRequire(import.meta.url)(
	"../../../../berkeley/dist/test/support/network.js",
) as typeof networks;

export const makeNetwork: typeof networks.makeNetwork = found.makeNetwork;
export const noNetwork: typeof networks.noNetwork = found.noNetwork;

/** The command line that runs sock in a host. */
export function sockIn(...args: string[]): string[] {
	return [...sockCommand, ...args];
}
