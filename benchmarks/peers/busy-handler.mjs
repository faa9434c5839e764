// @ts-check
/** A handler that computes for some milliseconds, and says a byte. */
import { BaseRequestHandler } from "berkeley/server";

const rounds = 4_000_000;

export class Busy extends BaseRequestHandler {
	/** Takes the same time whenever it is called. */
	async handle() {
		let state = 1;
		for (let round = 0; round < rounds; round++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
		await /** @type {import("berkeley").Socket} */ (this.request).sendall(state === 0 ? "y" : "x");
	}
}
