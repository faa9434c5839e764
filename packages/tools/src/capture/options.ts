/**
 * What `sock capture` is asked for.
 */

/** How times are shown: tcpdump's -t, -tt, -ttt, -tttt and -ttttt; "clock" is the time of day. */
export type TimeForm = "clock" | "none" | "epoch" | "since-last" | "date" | "since-first";

/** What was asked for, checked. */
export interface CaptureSettings {
	/** Where packets come from: an interface, or a file, which is standard input for "-". */
	readonly from: { readonly interface: string } | { readonly file: string };
	/** The filter; empty for all. */
	readonly filter: string;
	/** Where packets go: a file, or standard output for "-". */
	readonly write: string | undefined;
	/** Whether packets are shown. */
	readonly print: boolean;
	/** pcap or pcapng; by the file's name when undefined. */
	readonly format: "pcap" | "pcapng" | undefined;
	/** After how many packets it ends. */
	readonly count: number | undefined;
	readonly snapLength: number | undefined;
	readonly promiscuous: boolean;
	readonly direction: "in" | "out" | undefined;
	/** Bytes of memory for packets that wait. */
	readonly bufferSize: number | undefined;
	/** After how many bytes another file is begun. */
	readonly fileSize: number | undefined;
	/** How many files there are at most; then the first is written anew. */
	readonly fileCount: number | undefined;
	/** Whether each packet is written at once. */
	readonly unbuffered: boolean;
	readonly times: TimeForm;
	readonly link: boolean;
	readonly hex: boolean;
	readonly fields: boolean;
}
