/**
 * Nothing leaks: imported first by every test file for its side effect. It is the library's own check, which
 * is no part of its package and therefore found by its path.
 */
import { createRequire } from "node:module";

createRequire(import.meta.url)("../../../packages/berkeley/dist/test/support/leaks.js");
