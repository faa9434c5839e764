/**
 * `berkeley/impair`: faults by seed, for sockets, links and proxies, and a trace of what passes.
 */
export type { Chance, Gilbert } from "./chance.js";
export type { Corrupt, Delay, Duplicate, Impairments, Reorder, Truncate } from "./impairments.js";
export { Injector, type InjectorOptions, type Plan, Replay, replay } from "./injector.js";
export { describeVerdict, impairBytes, type Verdict } from "./verdict.js";
