/**
 * How a route is to be traced.
 */

/** What the command line says. Times are in milliseconds. */
export interface TraceOptions {
	readonly method: "udp" | "icmp" | "tcp";
	/** The IP version; undefined takes what the host has. */
	readonly version: 4 | 6 | undefined;
	/** The destination's port; undefined takes the method's own. */
	readonly port: number | undefined;
	/** The number of the flow; undefined takes any. */
	readonly flow: number | undefined;
	/** The first hop. */
	readonly first: number;
	/** The last hop. */
	readonly most: number;
	/** Probes for each hop. */
	readonly queries: number;
	/** How long an answer is waited for; undefined: 5 seconds, and less where others have answered. */
	readonly wait: number | undefined;
	/** How many probes are under way at once. */
	readonly parallel: number;
	/** The least time between two probes. */
	readonly pause: number;
	/** The length of a packet in bytes; undefined takes the method's own. */
	readonly size: number | undefined;
	/** The name of the interface. */
	readonly device: string | undefined;
	/** The source address. */
	readonly host: string | undefined;
	readonly tos: number | undefined;
	readonly dontFragment: boolean;
	/** Whether to find the longest packets that get through: they begin long, one at a time, and are not fragmented. */
	readonly mtu: boolean;
	/** Whether to look up the names of those who answer. */
	readonly names: boolean;
	/** Whether to show ICMP extensions. */
	readonly extensions: boolean;
}
