/**
 * How much went each way in one connection.
 */

/** Counts of bytes. */
export interface Traffic {
	sent: number;
	received: number;
}

/** The counts as a person reads them. */
export function describeTraffic({ sent, received }: Traffic): string {
	return `sent ${sent} bytes, received ${received} bytes`;
}
