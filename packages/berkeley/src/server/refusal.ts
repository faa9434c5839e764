/**
 * The error of a client that a server does not serve, when that is known only after it was accepted.
 */
import type { Address } from "../address/types.js";
import { describeAddress } from "../errors.js";

/** A client was refused: by the lists of addresses, for what the PROXY protocol says of it, or as no trusted proxy. */
export class RefusedError extends Error {
	/** Always "ERR_CLIENT_REFUSED". */
	readonly code: string = "ERR_CLIENT_REFUSED";

	/** Made by a server. */
	constructor(clientAddress: Address, why: string) {
		super(`${describeAddress(clientAddress)} was refused: ${why}`);
	}

	static {
		RefusedError.prototype.name = "RefusedError";
	}
}

/** Whether it is one, also when it comes from another thread or process. */
export function isRefusal(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ERR_CLIENT_REFUSED";
}
