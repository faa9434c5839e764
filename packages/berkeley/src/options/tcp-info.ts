/**
 * TCP_INFO: what the kernel knows of a connection (struct tcp_info in linux/tcp.h, tcp(7)).
 */
import type { Decoder } from "./option.js";

/** The states of a connection by number, from 1 (RFC 9293; the last two are Linux's own). */
const states: readonly string[] = [
	"",
	"ESTABLISHED",
	"SYN_SENT",
	"SYN_RECV",
	"FIN_WAIT1",
	"FIN_WAIT2",
	"TIME_WAIT",
	"CLOSE",
	"CLOSE_WAIT",
	"LAST_ACK",
	"LISTEN",
	"CLOSING",
	"NEW_SYN_RECV",
	"BOUND_INACTIVE",
];

/** The states of congestion control by number, from 0. */
const congestionStates: readonly string[] = ["Open", "Disorder", "CWR", "Recovery", "Loss"];

/**
 * struct tcp_info, without the prefix `tcpi_`. Fields that the running kernel does not fill are absent. Byte
 * counters stay below 2^53 for as long as a connection lives, and are numbers.
 */
export interface TcpInfo {
	/** TCP_ESTABLISHED (1) … */
	state: number;
	/** "ESTABLISHED", "LISTEN" …; the number in text for a state that is new. */
	stateName: string;
	/** The state of congestion control, 0 to 4. */
	caState: number;
	/** "Open", "Disorder", "CWR", "Recovery" or "Loss". */
	caStateName: string;
	/** Retransmissions that timed out in a row. */
	retransmits: number;
	/** Probes of a zero window or of an idle connection that are unanswered. */
	probes: number;
	/** How often the retransmission timer was doubled. */
	backoff: number;
	/** TCPI_OPT_*, or-ed: timestamps 1, SACK 2, window scaling 4, ECN 8, ECN seen 16, SYN data 32. */
	options: number;
	/** The peer's window scale, a shift. */
	sndWscale: number;
	/** Our window scale, a shift. */
	rcvWscale: number;
	/** Whether `deliveryRate` was limited by the application. Linux 4.9. */
	deliveryRateAppLimited: boolean;
	/** Why TCP Fast Open failed: 0 unknown, 1 no cookie, 2 data not acknowledged, 3 SYN retransmitted. Linux 5.5. */
	fastopenClientFail: number;
	/** The retransmission timeout in microseconds. */
	rto: number;
	/** The delayed acknowledgement's timeout in microseconds. */
	ato: number;
	/** The largest segment we send, in bytes. */
	sndMss: number;
	/** The largest segment that we think the peer sends, in bytes. */
	rcvMss: number;
	/** Segments sent and not acknowledged; for a listener, connections that wait for accept(). */
	unacked: number;
	/** Segments acknowledged selectively; for a listener, its backlog. */
	sacked: number;
	/** Segments taken for lost. */
	lost: number;
	/** Segments retransmitted and not acknowledged. */
	retrans: number;
	/** Not used by the kernel any more: 0. */
	fackets: number;
	/** Milliseconds since data was sent. */
	lastDataSent: number;
	/** Not remembered by the kernel: 0. */
	lastAckSent: number;
	/** Milliseconds since data was received. */
	lastDataRecv: number;
	/** Milliseconds since an acknowledgement was received. */
	lastAckRecv: number;
	/** The path's MTU in bytes. */
	pmtu: number;
	/** The limit of the window that we announce, in bytes. */
	rcvSsthresh: number;
	/** The smoothed round-trip time in microseconds. */
	rtt: number;
	/** The round-trip time's mean deviation in microseconds. */
	rttvar: number;
	/** The slow start threshold in segments; 2147483647 when not reached yet. */
	sndSsthresh: number;
	/** The congestion window in segments. */
	sndCwnd: number;
	/** The largest segment that we announce, in bytes. */
	advmss: number;
	/** How many segments may be out of order before one counts as lost. */
	reordering: number;
	/** The round-trip time as the receiver sees it, in microseconds. */
	rcvRtt: number;
	/** What the application reads in a round trip, in bytes: the receive buffer follows it. */
	rcvSpace: number;
	/** Segments retransmitted since the beginning. */
	totalRetrans: number;
	/** The rate of sending in bytes a second; null when not limited. Linux 3.15. */
	pacingRate?: number | null;
	/** SO_MAX_PACING_RATE in bytes a second; null when not limited. Linux 3.15. */
	maxPacingRate?: number | null;
	/** Bytes sent and acknowledged. Linux 4.1. */
	bytesAcked?: number;
	/** Bytes received in order. Linux 4.1. */
	bytesReceived?: number;
	/** Segments sent. Linux 4.2. */
	segsOut?: number;
	/** Segments received. Linux 4.2. */
	segsIn?: number;
	/** Bytes in the send queue that were not sent yet. Linux 4.6. */
	notsentBytes?: number;
	/** The shortest round-trip time seen, in microseconds; 4294967295 before the first. Linux 4.6. */
	minRtt?: number;
	/** Segments with data received. Linux 4.6. */
	dataSegsIn?: number;
	/** Segments with data sent. Linux 4.6. */
	dataSegsOut?: number;
	/** The rate at which data arrives at the peer, in bytes a second. Linux 4.9. */
	deliveryRate?: number;
	/** Microseconds spent sending. Linux 4.10. */
	busyTime?: number;
	/** Microseconds held up by the peer's window. Linux 4.10. */
	rwndLimited?: number;
	/** Microseconds held up by our send buffer. Linux 4.10. */
	sndbufLimited?: number;
	/** Segments delivered, retransmissions included. Linux 4.18. */
	delivered?: number;
	/** Segments delivered and marked with ECN CE. Linux 4.18. */
	deliveredCe?: number;
	/** Bytes sent, retransmissions included. Linux 4.19. */
	bytesSent?: number;
	/** Bytes retransmitted. Linux 4.19. */
	bytesRetrans?: number;
	/** Duplicates that the peer reported. Linux 4.19. */
	dsackDups?: number;
	/** How often reordering was seen. Linux 4.19. */
	reordSeen?: number;
	/** Segments received out of order. Linux 5.4. */
	rcvOoopack?: number;
	/** The peer's window in bytes. Linux 5.4. */
	sndWnd?: number;
	/** Our window in bytes. Linux 6.2. */
	rcvWnd?: number;
	/** How often another path was tried. Linux 6.2. */
	rehash?: number;
	/** Retransmission timeouts, those of SYN included. Linux 6.7. */
	totalRto?: number;
	/** Recoveries from timeouts. Linux 6.7. */
	totalRtoRecoveries?: number;
	/** Milliseconds spent in recoveries from timeouts. Linux 6.7. */
	totalRtoTime?: number;
	/** Segments received with ECN CE. Linux 6.18. */
	receivedCe?: number;
	/** Bytes delivered with ECT(1), as Accurate ECN counts them: modulo 2^32. Linux 6.18. */
	deliveredE1Bytes?: number;
	/** Bytes delivered with ECT(0), modulo 2^32. Linux 6.18. */
	deliveredE0Bytes?: number;
	/** Bytes delivered with CE, modulo 2^32. Linux 6.18. */
	deliveredCeBytes?: number;
	/** Bytes received with ECT(1), modulo 2^32. Linux 6.18. */
	receivedE1Bytes?: number;
	/** Bytes received with ECT(0), modulo 2^32. Linux 6.18. */
	receivedE0Bytes?: number;
	/** Bytes received with CE, modulo 2^32. Linux 6.18. */
	receivedCeBytes?: number;
	/**
	 * How Accurate ECN fares, the 32 bits as they are, since their meaning changed: in Linux 6.18 the low half is
	 * why it failed and the high half which options were seen; later, bits 0–1 are the mode of ECN, 2–3 the
	 * options seen, 4–7 why it failed.
	 */
	accecn?: number;
}

/** One field: its name here, its name in C after `tcpi_`, its offset and its size in bytes. */
export type TcpInfoField = readonly [name: string, kernelName: string, offset: number, size: 1 | 2 | 4 | 8];

/** The fields that are not bits, in the struct's order. Bytes 6 and 7 hold the bits. */
export const tcpInfoFields: readonly TcpInfoField[] = [
	["state", "state", 0, 1],
	["caState", "ca_state", 1, 1],
	["retransmits", "retransmits", 2, 1],
	["probes", "probes", 3, 1],
	["backoff", "backoff", 4, 1],
	["options", "options", 5, 1],
	["rto", "rto", 8, 4],
	["ato", "ato", 12, 4],
	["sndMss", "snd_mss", 16, 4],
	["rcvMss", "rcv_mss", 20, 4],
	["unacked", "unacked", 24, 4],
	["sacked", "sacked", 28, 4],
	["lost", "lost", 32, 4],
	["retrans", "retrans", 36, 4],
	["fackets", "fackets", 40, 4],
	["lastDataSent", "last_data_sent", 44, 4],
	["lastAckSent", "last_ack_sent", 48, 4],
	["lastDataRecv", "last_data_recv", 52, 4],
	["lastAckRecv", "last_ack_recv", 56, 4],
	["pmtu", "pmtu", 60, 4],
	["rcvSsthresh", "rcv_ssthresh", 64, 4],
	["rtt", "rtt", 68, 4],
	["rttvar", "rttvar", 72, 4],
	["sndSsthresh", "snd_ssthresh", 76, 4],
	["sndCwnd", "snd_cwnd", 80, 4],
	["advmss", "advmss", 84, 4],
	["reordering", "reordering", 88, 4],
	["rcvRtt", "rcv_rtt", 92, 4],
	["rcvSpace", "rcv_space", 96, 4],
	["totalRetrans", "total_retrans", 100, 4],
	["pacingRate", "pacing_rate", 104, 8],
	["maxPacingRate", "max_pacing_rate", 112, 8],
	["bytesAcked", "bytes_acked", 120, 8],
	["bytesReceived", "bytes_received", 128, 8],
	["segsOut", "segs_out", 136, 4],
	["segsIn", "segs_in", 140, 4],
	["notsentBytes", "notsent_bytes", 144, 4],
	["minRtt", "min_rtt", 148, 4],
	["dataSegsIn", "data_segs_in", 152, 4],
	["dataSegsOut", "data_segs_out", 156, 4],
	["deliveryRate", "delivery_rate", 160, 8],
	["busyTime", "busy_time", 168, 8],
	["rwndLimited", "rwnd_limited", 176, 8],
	["sndbufLimited", "sndbuf_limited", 184, 8],
	["delivered", "delivered", 192, 4],
	["deliveredCe", "delivered_ce", 196, 4],
	["bytesSent", "bytes_sent", 200, 8],
	["bytesRetrans", "bytes_retrans", 208, 8],
	["dsackDups", "dsack_dups", 216, 4],
	["reordSeen", "reord_seen", 220, 4],
	["rcvOoopack", "rcv_ooopack", 224, 4],
	["sndWnd", "snd_wnd", 228, 4],
	["rcvWnd", "rcv_wnd", 232, 4],
	["rehash", "rehash", 236, 4],
	["totalRto", "total_rto", 240, 2],
	["totalRtoRecoveries", "total_rto_recoveries", 242, 2],
	["totalRtoTime", "total_rto_time", 244, 4],
	["receivedCe", "received_ce", 248, 4],
	["deliveredE1Bytes", "delivered_e1_bytes", 252, 4],
	["deliveredE0Bytes", "delivered_e0_bytes", 256, 4],
	["deliveredCeBytes", "delivered_ce_bytes", 260, 4],
	["receivedE1Bytes", "received_e1_bytes", 264, 4],
	["receivedE0Bytes", "received_e0_bytes", 268, 4],
	["receivedCeBytes", "received_ce_bytes", 272, 4],
	["accecn", "accecn", 276, 4],
];

const infoSize = 280;
// What the oldest kernels fill: the end of tcpi_total_retrans.
const oldestSize = 104;
const unlimited = 0xffff_ffff_ffff_ffffn;

/** struct tcp_info. */
export const tcpInfo: Decoder<TcpInfo> = {
	size: infoSize,
	decode(bytes) {
		if (bytes.length < oldestSize)
			throw new RangeError(`TCP_INFO has at least ${oldestSize} bytes, not ${bytes.length}`);
		const info: Record<string, number | string | boolean | null> = {};
		for (const [name, , offset, size] of tcpInfoFields) {
			if (offset + size > bytes.length) break;
			info[name] = size < 8 ? bytes.readUIntLE(offset, size) : quantityAt(bytes, offset);
			if (name === "state") info.stateName = states[bytes.readUInt8(0)] || `${bytes.readUInt8(0)}`;
			if (name === "caState")
				info.caStateName = congestionStates[bytes.readUInt8(1)] ?? `${bytes.readUInt8(1)}`;
			if (name === "options") {
				info.sndWscale = bytes.readUInt8(6) & 0xf;
				info.rcvWscale = bytes.readUInt8(6) >> 4;
				info.deliveryRateAppLimited = (bytes.readUInt8(7) & 1) !== 0;
				info.fastopenClientFail = (bytes.readUInt8(7) >> 1) & 3;
			}
		}
		// The table has the interface's fields, which the compiler cannot see and the test of the layout does.
		return info as unknown as TcpInfo;
	},
};

/** A 64-bit quantity; null stands for the rates that have no limit. */
function quantityAt(bytes: Buffer, offset: number): number | null {
	const value = bytes.readBigUInt64LE(offset);
	return value === unlimited ? null : Number(value);
}
