/**
 * A handler for workers, in the tests of limits.
 */
import type { Socket } from "../../src/index.js";

/** How much giveOut() sends. */
export const amount = 44_000;

/** Sends so much. */
export async function giveOut(connection: Socket): Promise<void> {
	await connection.sendall(Buffer.alloc(amount, "x"));
}
