/**
 * The counters of an interface: struct rtnl_link_stats64 of <linux/if_link.h>.
 */

/** What an interface has counted since it was made. What each device counts as what, its driver decides. */
export interface InterfaceStatistics {
	/** Packets that came. */
	rxPackets: number;
	/** Packets that went. */
	txPackets: number;
	/** Bytes that came. */
	rxBytes: number;
	/** Bytes that went. */
	txBytes: number;
	/** Packets that came broken. */
	rxErrors: number;
	/** Packets that could not be sent. */
	txErrors: number;
	/** Packets that came and found no room. */
	rxDropped: number;
	/** Packets that were to be sent and found no room. */
	txDropped: number;
	/** Multicast packets that came. */
	multicast: number;
	/** Collisions while sending. */
	collisions: number;
	/** Of rxErrors: of a wrong length. */
	rxLengthErrors: number;
	/** Of rxErrors: too fast for the device. */
	rxOverErrors: number;
	/** Of rxErrors: with a wrong checksum of the frame. */
	rxCrcErrors: number;
	/** Of rxErrors: not aligned. */
	rxFrameErrors: number;
	/** Of rxErrors: the device's queue was full. */
	rxFifoErrors: number;
	/** Packets that the device dropped for want of buffers. */
	rxMissedErrors: number;
	/** Of txErrors: given up. */
	txAbortedErrors: number;
	/** Of txErrors: without a carrier. */
	txCarrierErrors: number;
	/** Of txErrors: the device's queue ran empty or full. */
	txFifoErrors: number;
	/** Of txErrors: heartbeat errors of old Ethernet. */
	txHeartbeatErrors: number;
	/** Of txErrors: late collisions. */
	txWindowErrors: number;
	/** Compressed packets that came. */
	rxCompressed: number;
	/** Compressed packets that went. */
	txCompressed: number;
	/** Packets that nobody wanted. */
	rxNohandler: number;
	/** Packets for another host; since Linux 5.19. */
	rxOtherhostDropped?: number;
}

/** The counters in the order of the struct, and their names there. */
export const statisticsFields: readonly (readonly [member: keyof InterfaceStatistics, field: string])[] = (
	[
		"rx_packets",
		"tx_packets",
		"rx_bytes",
		"tx_bytes",
		"rx_errors",
		"tx_errors",
		"rx_dropped",
		"tx_dropped",
		"multicast",
		"collisions",
		"rx_length_errors",
		"rx_over_errors",
		"rx_crc_errors",
		"rx_frame_errors",
		"rx_fifo_errors",
		"rx_missed_errors",
		"tx_aborted_errors",
		"tx_carrier_errors",
		"tx_fifo_errors",
		"tx_heartbeat_errors",
		"tx_window_errors",
		"rx_compressed",
		"tx_compressed",
		"rx_nohandler",
		"rx_otherhost_dropped",
	] as const
).map((field) => [
	field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof InterfaceStatistics,
	field,
]);

/** How many there were before rxOtherhostDropped. */
const oldCount = 24;

/** Reads the counters; undefined when there are too few. */
export function decodeStatistics(bytes: Buffer | undefined): InterfaceStatistics | undefined {
	if (bytes === undefined || bytes.length < oldCount * 8) return undefined;
	const known = statisticsFields.slice(0, Math.floor(bytes.length / 8));
	const entries = known.map(([member], index) => [member, Number(bytes.readBigUInt64LE(index * 8))]);
	return Object.fromEntries(entries) as InterfaceStatistics;
}
