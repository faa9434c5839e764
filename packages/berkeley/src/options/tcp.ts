/**
 * The options of IPPROTO_TCP (tcp(7), linux/tcp.h), sorted by kernel name. Times are in the unit that the kernel
 * has them in, which each option names.
 *
 * Left out: TCP_AO_*, keys of RFC 5925 whose structs few kernels are built with; TCP_ZEROCOPY_RECEIVE, which maps
 * memory.
 */
import * as C from "../sys/linux/constants/index.js";
import { AF_INET, AF_INET6, IPPROTO_TCP } from "../sys/linux/constants/index.js";
import { boolean, bytes, counterAt, integer, text, uint32 } from "./codecs.js";
import { type Interface, interfaceIndex } from "./interface.js";
import { writeSockaddr } from "./multicast.js";
import {
	type Codec,
	type Decoder,
	type Encoder,
	option,
	type ReadableOption,
	readable,
	type SocketOption,
	type WritableOption,
	writable,
} from "./option.js";
import { type TcpInfo, tcpInfo } from "./tcp-info.js";
import { checkBytes, checkInteger, checkObject, misuse } from "./validate.js";

export type { TcpInfo } from "./tcp-info.js";

/** What a congestion control algorithm tells. */
export interface CongestionInfo {
	/** union tcp_cc_info as it is; empty for algorithms that tell nothing. */
	bytes: Buffer;
	/** What they mean when the algorithm is "bbr", which alone has 20 bytes: struct tcp_bbr_info. */
	bbr?: BbrInfo;
}

/** struct tcp_bbr_info. */
export interface BbrInfo {
	/** The estimated bandwidth, in bytes a second. */
	bandwidth: number;
	/** The shortest round-trip time, in microseconds. */
	minRtt: number;
	/** The gain of pacing: 1 is as fast as the bandwidth. */
	pacingGain: number;
	/** The gain of the congestion window. */
	cwndGain: number;
}

const congestionInfo: Decoder<CongestionInfo> = {
	size: 64,
	decode(value) {
		const bytes = Buffer.from(value);
		if (bytes.length !== 20) return { bytes };
		const bbr = {
			bandwidth: counterAt(bytes, 0),
			minRtt: bytes.readUInt32LE(8),
			pacingGain: bytes.readUInt32LE(12) / 256,
			cwndGain: bytes.readUInt32LE(16) / 256,
		};
		return { bytes, bbr };
	},
};

/** What the congestion control algorithm tells of itself. Linux 4.1. */
export const ccInfo: ReadableOption<CongestionInfo> = readable(
	IPPROTO_TCP,
	C.TCP_CC_INFO,
	"TCP_CC_INFO",
	congestionInfo,
);

/**
 * The congestion control algorithm: "cubic", "bbr" … Some need CAP_NET_ADMIN; ENOENT when it is not there.
 */
export const congestion: SocketOption<string> = option(
	IPPROTO_TCP,
	C.TCP_CONGESTION,
	"TCP_CONGESTION",
	text(16),
);

/** Whether segments wait until they are full, at most 200 ms. */
export const cork: SocketOption<boolean> = option(IPPROTO_TCP, C.TCP_CORK, "TCP_CORK", boolean);

/**
 * For how many seconds accept() may wait for a connection's first data; 0 for not. The kernel rounds it up
 * to whole retransmissions.
 */
export const deferAccept: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_DEFER_ACCEPT,
	"TCP_DEFER_ACCEPT",
	integer(0),
);

/** The longest delay of an acknowledgement, in microseconds. Linux 6.15. */
export const delackMaxUs: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_DELACK_MAX_US,
	"TCP_DELACK_MAX_US",
	integer(0),
);

/** How many Fast Open connections a listener lets wait for their handshake; 0 turns it off (RFC 7413). */
export const fastopen: SocketOption<number> = option(IPPROTO_TCP, C.TCP_FASTOPEN, "TCP_FASTOPEN", integer(0));

/** Whether connect() waits for the first data, to send it with the SYN (RFC 7413). Linux 4.11. */
export const fastopenConnect: SocketOption<boolean> = option(
	IPPROTO_TCP,
	C.TCP_FASTOPEN_CONNECT,
	"TCP_FASTOPEN_CONNECT",
	boolean,
);

const fastopenKey_: Codec<Buffer, Uint8Array> = {
	...bytes(32),
	encode(value, owner) {
		const key = checkBytes(owner, value, 16, 32);
		if (key.length !== 16 && key.length !== 32)
			throw new RangeError(`${owner} takes 16 or 32 bytes, not ${key.length}`);
		return key;
	},
};

/** The key of a listener's Fast Open cookies: 16 bytes, or 32 with the backup key. Linux 4.15. */
export const fastopenKey: SocketOption<Buffer, Uint8Array> = option(
	IPPROTO_TCP,
	C.TCP_FASTOPEN_KEY,
	"TCP_FASTOPEN_KEY",
	fastopenKey_,
);

/** Whether Fast Open goes without cookies. Linux 4.15. */
export const fastopenNoCookie: SocketOption<boolean> = option(
	IPPROTO_TCP,
	C.TCP_FASTOPEN_NO_COOKIE,
	"TCP_FASTOPEN_NO_COOKIE",
	boolean,
);

/** What the kernel knows of the connection. */
export const info: ReadableOption<TcpInfo> = readable(IPPROTO_TCP, C.TCP_INFO, "TCP_INFO", tcpInfo);

/** Whether recvmsg() tells how many bytes are left, as ancillary TCP_CM_INQ. Linux 4.18. */
export const inq: SocketOption<boolean> = option(IPPROTO_TCP, C.TCP_INQ, "TCP_INQ", boolean);

/** Whether the connection is Multipath TCP and did not fall back. Linux 6.2. */
export const isMptcp: ReadableOption<boolean> = readable(
	IPPROTO_TCP,
	C.TCP_IS_MPTCP,
	"TCP_IS_MPTCP",
	boolean,
);

/** How many unanswered keepalive probes end a connection: 1 to 127. */
export const keepcnt: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_KEEPCNT,
	"TCP_KEEPCNT",
	integer(1, 127),
);

/** After how many idle seconds keepalive probes begin: 1 to 32767. See `so.keepalive`. */
export const keepidle: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_KEEPIDLE,
	"TCP_KEEPIDLE",
	integer(1, 32767),
);

/** The seconds between keepalive probes: 1 to 32767. */
export const keepintvl: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_KEEPINTVL,
	"TCP_KEEPINTVL",
	integer(1, 32767),
);

/**
 * How many seconds a closed socket stays in FIN_WAIT2: 0 for the system's default; -1 for none. More than
 * net.ipv4.tcp_fin_timeout or 120 counts as that.
 */
export const linger2: SocketOption<number> = option(IPPROTO_TCP, C.TCP_LINGER2, "TCP_LINGER2", integer(-1));

/**
 * The largest segment in bytes, 88 to 32767; 0 takes a limit back. On a connection it is read as what is in
 * use.
 */
export const maxseg: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_MAXSEG,
	"TCP_MAXSEG",
	integer(0, 32767),
);

/** A key for the segments of one peer. */
export interface Md5Key {
	/** The peer's IPv4 or IPv6 address. */
	address: string;
	/** At most 80 bytes, a string as UTF-8; empty removes the key. */
	key: Uint8Array | string;
}

/** A key for the segments of a network of peers. */
export interface Md5NetworkKey extends Md5Key {
	/** How many bits of the address count; all when left out. */
	prefixLength?: number;
	/** The VRF that the peers are in. */
	interface?: Interface;
}

const md5Key: Encoder<Md5Key> = {
	encode(value, owner) {
		checkObject(owner, value, "{ address, key }");
		const { address, key } = value;
		return md5KeyOfNetwork.encode({ address, key }, owner);
	},
};

// TCP_MD5SIG_FLAG_PREFIX, TCP_MD5SIG_FLAG_IFINDEX
const flagPrefix = 1;
const flagInterface = 2;

/** struct tcp_md5sig: sockaddr_storage, u8 flags, u8 prefix, u16 length, int ifindex, 80 bytes of key. */
const md5KeyOfNetwork: Encoder<Md5NetworkKey> = {
	encode(value, owner) {
		checkObject(owner, value, "{ address, key, prefixLength?, interface? }");
		const { address, prefixLength, key } = value;
		const secret = checkBytes(owner, typeof key === "string" ? Buffer.from(key) : key, 0, 80, "key");
		const family = typeof address === "string" && address.includes(":") ? AF_INET6 : AF_INET;
		const result = Buffer.alloc(216);
		writeSockaddr(result, 0, owner, "address", family, address);
		let flags = 0;
		if (prefixLength !== undefined) {
			flags |= flagPrefix;
			const bits = family === AF_INET ? 32 : 128;
			result.writeUInt8(checkInteger(owner, prefixLength, 0, bits, "prefixLength"), 129);
		}
		if (value.interface !== undefined) {
			flags |= flagInterface;
			result.writeInt32LE(interfaceIndex(owner, value.interface), 132);
		}
		result.writeUInt8(flags, 128);
		result.writeUInt16LE(secret.length, 130);
		result.set(secret, 136);
		return result;
	},
};

/**
 * Signs segments to and from a peer with a key (RFC 2385); ENOPROTOOPT or ENOENT where the kernel cannot.
 */
export const md5sig: WritableOption<Md5Key> = writable(IPPROTO_TCP, C.TCP_MD5SIG, "TCP_MD5SIG", md5Key);

/** Signs segments to and from a network of peers with a key. Linux 4.13. */
export const md5sigExt: WritableOption<Md5NetworkKey> = writable(
	IPPROTO_TCP,
	C.TCP_MD5SIG_EXT,
	"TCP_MD5SIG_EXT",
	md5KeyOfNetwork,
);

/** Whether small segments are sent at once; otherwise Nagle's algorithm gathers them. */
export const nodelay: SocketOption<boolean> = option(IPPROTO_TCP, C.TCP_NODELAY, "TCP_NODELAY", boolean);

/** The socket is writable while fewer bytes than this are unsent. 0 for net.ipv4.tcp_notsent_lowat. */
export const notsentLowat: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_NOTSENT_LOWAT,
	"TCP_NOTSENT_LOWAT",
	uint32(),
);

/** The sequence number of the queue that TCP_REPAIR_QUEUE names (repair mode). */
export const queueSeq: SocketOption<number> = option(IPPROTO_TCP, C.TCP_QUEUE_SEQ, "TCP_QUEUE_SEQ", uint32());

/**
 * Whether to acknowledge at once. It does not last: the protocol goes back to delaying when it sees fit.
 */
export const quickack: SocketOption<boolean> = option(IPPROTO_TCP, C.TCP_QUICKACK, "TCP_QUICKACK", boolean);

/**
 * Repair mode, for taking a connection elsewhere: TCP_REPAIR_ON (1), _OFF (0), _OFF_NO_WP (-1, without a
 * window probe). Needs CAP_NET_ADMIN.
 */
export const repair: SocketOption<number> = option(IPPROTO_TCP, C.TCP_REPAIR, "TCP_REPAIR", integer(-1, 1));

/** One option of the handshake: struct tcp_repair_opt. */
export interface RepairOption {
	/** The option's kind: 2 maximum segment size, 3 window scale, 4 SACK permitted, 8 timestamps. */
	code: number;
	/** Its value; for the window scale ours in the high half and the peer's in the low one. */
	value: number;
}

const repairOptions_: Encoder<readonly RepairOption[]> = {
	encode(options, owner) {
		if (!Array.isArray(options)) throw new TypeError(misuse(owner, "an array of { code, value }", options));
		const result = Buffer.alloc(options.length * 8);
		for (const [index, each] of options.entries()) {
			checkObject(owner, each, "an array of { code, value }");
			result.writeUInt32LE(checkInteger(owner, each.code, 0, 0xffff_ffff, "code"), index * 8);
			result.writeUInt32LE(checkInteger(owner, each.value, 0, 0xffff_ffff, "value"), index * 8 + 4);
		}
		return result;
	},
};

/** The options that the handshake had agreed on (repair mode). */
export const repairOptions: WritableOption<readonly RepairOption[]> = writable(
	IPPROTO_TCP,
	C.TCP_REPAIR_OPTIONS,
	"TCP_REPAIR_OPTIONS",
	repairOptions_,
);

/**
 * The queue that repair mode reads and writes: TCP_NO_QUEUE (0), TCP_RECV_QUEUE (1), TCP_SEND_QUEUE (2).
 */
export const repairQueue: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_REPAIR_QUEUE,
	"TCP_REPAIR_QUEUE",
	integer(0, 2),
);

/** struct tcp_repair_window: sequence numbers and windows in bytes. */
export interface RepairWindow {
	/** The segment that last changed the peer's window. */
	sndWl1: number;
	/** The peer's window. */
	sndWnd: number;
	/** The largest window that the peer has announced. */
	maxWindow: number;
	/** Our window. */
	rcvWnd: number;
	/** What we had received when we last announced it. */
	rcvWup: number;
}

const repairWindow_: Codec<RepairWindow> = {
	size: 20,
	decode: (bytes) => ({
		sndWl1: bytes.readUInt32LE(0),
		sndWnd: bytes.readUInt32LE(4),
		maxWindow: bytes.readUInt32LE(8),
		rcvWnd: bytes.readUInt32LE(12),
		rcvWup: bytes.readUInt32LE(16),
	}),
	encode(value, owner) {
		checkObject(owner, value, "{ sndWl1, sndWnd, maxWindow, rcvWnd, rcvWup }");
		const result = Buffer.alloc(20);
		for (const [index, name] of (["sndWl1", "sndWnd", "maxWindow", "rcvWnd", "rcvWup"] as const).entries())
			result.writeUInt32LE(checkInteger(owner, value[name], 0, 0xffff_ffff, name), index * 4);
		return result;
	},
};

/** The windows of a connection (repair mode). Linux 4.8. */
export const repairWindow: SocketOption<RepairWindow> = option(
	IPPROTO_TCP,
	C.TCP_REPAIR_WINDOW,
	"TCP_REPAIR_WINDOW",
	repairWindow_,
);

/** The longest retransmission timeout, 1000 to 120000 ms. Linux 6.15. */
export const rtoMaxMs: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_RTO_MAX_MS,
	"TCP_RTO_MAX_MS",
	integer(1000, 120_000),
);

/** The shortest retransmission timeout, in microseconds. Linux 6.15. */
export const rtoMinUs: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_RTO_MIN_US,
	"TCP_RTO_MIN_US",
	integer(0),
);

/**
 * The headers of the SYN that opened the connection, from the IP header on. Reading forgets them; empty
 * when there are none.
 */
export const savedSyn: ReadableOption<Buffer> = readable(
	IPPROTO_TCP,
	C.TCP_SAVED_SYN,
	"TCP_SAVED_SYN",
	bytes(4096),
);

/**
 * Whether a listener keeps the headers of SYN for TCP_SAVED_SYN: 0 no, 1 from the IP header, 2 from the
 * link's.
 */
export const saveSyn: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_SAVE_SYN,
	"TCP_SAVE_SYN",
	integer(0, 2),
);

/** How often connect() retransmits: 1 to 127. */
export const syncnt: SocketOption<number> = option(IPPROTO_TCP, C.TCP_SYNCNT, "TCP_SYNCNT", integer(1, 127));

/** Does nothing since Linux 4.14; it is taken and read as false. */
export const thinDupack: SocketOption<boolean> = option(
	IPPROTO_TCP,
	C.TCP_THIN_DUPACK,
	"TCP_THIN_DUPACK",
	boolean,
);

/** Whether thin streams retransmit without doubling the timeout at first. */
export const thinLinearTimeouts: SocketOption<boolean> = option(
	IPPROTO_TCP,
	C.TCP_THIN_LINEAR_TIMEOUTS,
	"TCP_THIN_LINEAR_TIMEOUTS",
	boolean,
);

/** The clock of the timestamp option. It can be set in repair mode. */
export const timestamp: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_TIMESTAMP,
	"TCP_TIMESTAMP",
	uint32(),
);

/** How many microseconds each packet is held back, to emulate a longer path. Linux 5.3. */
export const txDelay: SocketOption<number> = option(IPPROTO_TCP, C.TCP_TX_DELAY, "TCP_TX_DELAY", integer(0));

/**
 * The protocol on top of TCP in the kernel: "tls" …; "" when there is none. ENOENT when it is not there.
 */
export const ulp: SocketOption<string> = option(IPPROTO_TCP, C.TCP_ULP, "TCP_ULP", text(16));

/**
 * How many milliseconds sent data may stay unacknowledged before the connection is given up; 0 for the
 * default (RFC 5482).
 */
export const userTimeout: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_USER_TIMEOUT,
	"TCP_USER_TIMEOUT",
	integer(0),
);

/** The most bytes of window to announce; 0 for no limit, which only an unconnected socket takes. */
export const windowClamp: SocketOption<number> = option(
	IPPROTO_TCP,
	C.TCP_WINDOW_CLAMP,
	"TCP_WINDOW_CLAMP",
	integer(0),
);
