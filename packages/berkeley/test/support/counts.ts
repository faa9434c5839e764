/**
 * The counters of a server to which nothing has come.
 */
import type { ServerStatistics } from "../../src/server/index.js";

/** All of them. */
export const noCounts: ServerStatistics = {
	accepted: 0,
	refused: 0,
	limited: 0,
	delayed: 0,
	finished: 0,
	failed: 0,
	proxyErrors: 0,
	tlsErrors: 0,
	ended: 0,
	active: 0,
	acceptErrors: 0,
};
