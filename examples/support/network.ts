/**
 * Networks of several hosts. They are the library's own test support, which is no part of its package and therefore
 * found by its path.
 */
import { createRequire } from "node:module";
import type * as Network from "../../packages/berkeley/test/support/network.js";

const path = "../../../packages/berkeley/dist/test/support/network.js";
export const { makeNetwork, noNetwork } = createRequire(import.meta.url)(path) as typeof Network;
