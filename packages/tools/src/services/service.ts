/**
 * What a service is. A new one is a file beside upper.ts and a line in registry.ts.
 */

/** A client's connection, as a service sees it. */
export interface Connection {
	/** What came, at most 64 KiB; empty when the client has ended its side. */
	receive(): Promise<Buffer>;
	/** Sends everything, as fast as the client takes it. */
	send(data: Uint8Array): Promise<void>;
}

/** A service that runs over a transport. */
export interface Service {
	/** What it is called on the command line: one short word. */
	readonly name: string;
	/** What it does, in a few words that follow its name. */
	readonly description: string;
	readonly transport: "tcp";
	/** The port when none is given. */
	readonly port: number;
	/** Serves one client. The connection is closed when it returns or throws. */
	serve(connection: Connection): Promise<void>;
}
