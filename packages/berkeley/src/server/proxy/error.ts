/**
 * What is wrong with a header of the PROXY protocol.
 */

/** A header of the PROXY protocol is missing or malformed. Who sent it is not to be served. */
export class ProxyHeaderError extends Error {
	/** Always "ERR_PROXY_HEADER". */
	readonly code: string = "ERR_PROXY_HEADER";

	/** Made by what reads headers. */
	constructor(what: string) {
		super(`PROXY header: ${what}`);
	}

	static {
		ProxyHeaderError.prototype.name = "ProxyHeaderError";
	}
}
