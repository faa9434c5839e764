/**
 * What a UDP service is asked, and how its answer is known. Each protocol is in a file of its own, written from its
 * RFC; registry.ts lists them.
 */

/** How a protocol is probed. */
export interface Payload {
	/** What the protocol is called: "DNS". */
	readonly name: string;
	/** The ports on which it is spoken. */
	readonly ports: readonly number[];
	/** Makes the datagrams for one port, with identifiers of their own. */
	prepare(): Exchange;
}

/** The datagrams for one port. */
export interface Exchange {
	/** What is sent at each attempt: one datagram, or one for each version of the protocol. */
	readonly requests: readonly Uint8Array[];
	/**
	 * What an answer says, in a few words; undefined when it is none of this protocol, or not to these requests. May
	 * throw a RangeError where the bytes end too early: call it by `recognized()`.
	 */
	recognize(reply: Buffer): string | undefined;
}

/** What an answer says; undefined when it is none of the protocol. Never throws for what the bytes are. */
export function recognized(exchange: Exchange, reply: Uint8Array): string | undefined {
	try {
		return exchange.recognize(Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength));
	} catch (error) {
		// Buffer's methods throw it when they are to read behind the end.
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}
