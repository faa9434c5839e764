// @ts-check
/** Where the benchmark's own things lie. */
import { fileURLToPath } from "node:url";

/** @param {string} path */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The folder `benchmarks/`. */
export const home = at("..").replace(/\/$/, "");

/** The servers and the load generators. */
export const peersFolder = at("../peers");

/** Where compiled C goes. */
export const buildFolder = at("../.build");
