/**
 * How ping is to ping.
 */

/** What the command line says. Times are in milliseconds. */
export interface PingOptions {
	/** The IP version; undefined takes what the host has. */
	readonly version: 4 | 6 | undefined;
	/** How many requests to send; with a deadline how many to have answered. */
	readonly count: number | undefined;
	/** Between requests. 0: as soon as one is answered, or after 10 ms. */
	readonly interval: number;
	/** How long the first answer is waited for after the last request; 0 waits without end. */
	readonly timeout: number;
	/** When all ends. */
	readonly deadline: number | undefined;
	/** How many bytes of data. */
	readonly size: number;
	readonly ttl: number | undefined;
	/** Interfaces and addresses of -I. */
	readonly sources: readonly string[];
	/** Nothing between the first line and the statistics. */
	readonly quiet: boolean;
	/** A dot for each request, taken back for each answer. */
	readonly flood: boolean;
	/** IP_PMTUDISC_*. */
	readonly pmtudisc: number | undefined;
	readonly tos: number | undefined;
	/** What the data are filled with; undefined counts up. */
	readonly pattern: Uint8Array | undefined;
	/** The time before each line. */
	readonly stamps: boolean;
	/** Whether to say what is not answered when the next request goes out. */
	readonly outstanding: boolean;
	/** Whether to look up the names of those who answer. */
	readonly names: boolean;
	readonly broadcast: boolean;
}
