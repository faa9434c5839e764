/**
 * The services that there are.
 */
import type { Service } from "./service.js";
import { upper } from "./upper.js";

/** Every service, in the order in which they are listed. */
export const services: readonly Service[] = [upper];
