/**
 * The options of SOL_SOCKET, for any kind of socket (socket(7), asm-generic/socket.h), sorted by kernel name.
 *
 * Left out: SO_BSDCOMPAT, which does nothing; SO_PEERNAME, which is getpeername(2); SO_DEVMEM_*, which belong
 * to a receive path of their own; the *_OLD and *_NEW forms, which 64-bit machines do not need.
 */
import * as C from "../sys/linux/constants/index.js";
import { SOL_SOCKET } from "../sys/linux/constants/index.js";
import { boolean, counterAt, integer, nothing, text, timeout, uint32, uint64 } from "./codecs.js";
import { type FilterInstruction, instructions, program } from "./filter.js";
import { type Interface, interfaceCodec } from "./interface.js";
import {
	type Codec,
	type Decoder,
	option,
	type ReadableOption,
	readable,
	type SocketOption,
	type WritableOption,
	writable,
} from "./option.js";
import { checkInteger, checkObject } from "./validate.js";

export type { FilterInstruction } from "./filter.js";

/** Whether the socket listens. */
export const acceptconn: ReadableOption<boolean> = readable(
	SOL_SOCKET,
	C.SO_ACCEPTCONN,
	"SO_ACCEPTCONN",
	boolean,
);

/** Filters what is received by an eBPF program, given as its descriptor (bpf(2)). */
export const attachBpf: WritableOption<number> = writable(
	SOL_SOCKET,
	C.SO_ATTACH_BPF,
	"SO_ATTACH_BPF",
	integer(0),
);

/** Filters what is received by a classic BPF program, which returns how many bytes of a packet to keep. */
export const attachFilter: WritableOption<readonly FilterInstruction[]> = writable(
	SOL_SOCKET,
	C.SO_ATTACH_FILTER,
	"SO_ATTACH_FILTER",
	program,
);

/** Chooses among the sockets of a SO_REUSEPORT group by a classic BPF program, which returns an index. */
export const attachReuseportCbpf: WritableOption<readonly FilterInstruction[]> = writable(
	SOL_SOCKET,
	C.SO_ATTACH_REUSEPORT_CBPF,
	"SO_ATTACH_REUSEPORT_CBPF",
	program,
);

/** Chooses among the sockets of a SO_REUSEPORT group by an eBPF program, given as its descriptor. */
export const attachReuseportEbpf: WritableOption<number> = writable(
	SOL_SOCKET,
	C.SO_ATTACH_REUSEPORT_EBPF,
	"SO_ATTACH_REUSEPORT_EBPF",
	integer(0),
);

/** The interface that the socket is bound to, by name; "" is none. */
export const bindtodevice: SocketOption<string> = option(
	SOL_SOCKET,
	C.SO_BINDTODEVICE,
	"SO_BINDTODEVICE",
	text(16),
);

/** The interface that the socket is bound to, by index; set by index or name. 0 is none. */
export const bindtoifindex: SocketOption<number, Interface> = option(
	SOL_SOCKET,
	C.SO_BINDTOIFINDEX,
	"SO_BINDTOIFINDEX",
	interfaceCodec,
);

/** How many ancillary loads (SKF_AD_*) this kernel's classic BPF knows: their highest offset. */
export const bpfExtensions: ReadableOption<number> = readable(
	SOL_SOCKET,
	C.SO_BPF_EXTENSIONS,
	"SO_BPF_EXTENSIONS",
	integer(),
);

/** Whether datagrams may go to broadcast addresses. */
export const broadcast: SocketOption<boolean> = option(SOL_SOCKET, C.SO_BROADCAST, "SO_BROADCAST", boolean);

/** The buffers whose size the kernel must not tune: SOCK_SNDBUF_LOCK (1), SOCK_RCVBUF_LOCK (2). Linux 5.15. */
export const bufLock: SocketOption<number> = option(SOL_SOCKET, C.SO_BUF_LOCK, "SO_BUF_LOCK", integer(0, 3));

/** For how many microseconds to poll the device when nothing has arrived. More needs CAP_NET_ADMIN. */
export const busyPoll: SocketOption<number> = option(SOL_SOCKET, C.SO_BUSY_POLL, "SO_BUSY_POLL", integer(0));

/** How many packets to take at once when polling the device: 1 to 65535. More needs CAP_NET_ADMIN. Linux 5.11. */
export const busyPollBudget: WritableOption<number> = writable(
	SOL_SOCKET,
	C.SO_BUSY_POLL_BUDGET,
	"SO_BUSY_POLL_BUDGET",
	integer(0, 0xffff),
);

/** Advice about the connection: 1 says that the path seems broken and another one should be tried. */
export const cnxAdvice: WritableOption<number> = writable(
	SOL_SOCKET,
	C.SO_CNX_ADVICE,
	"SO_CNX_ADVICE",
	integer(),
);

/** The socket's number, unique until the machine restarts. */
export const cookie: ReadableOption<bigint> = readable(SOL_SOCKET, C.SO_COOKIE, "SO_COOKIE", uint64);

/** Whether the protocol records debugging information. Setting it needs CAP_NET_ADMIN. */
export const debug: SocketOption<boolean> = option(SOL_SOCKET, C.SO_DEBUG, "SO_DEBUG", boolean);

/** Removes the filter, of either kind; ENOENT when there is none. The same as `detachFilter`. */
export const detachBpf: WritableOption<void> = writable(
	SOL_SOCKET,
	C.SO_DETACH_BPF,
	"SO_DETACH_BPF",
	nothing,
);

/** Removes the filter, of either kind; ENOENT when there is none. */
export const detachFilter: WritableOption<void> = writable(
	SOL_SOCKET,
	C.SO_DETACH_FILTER,
	"SO_DETACH_FILTER",
	nothing,
);

/** Removes the program that chooses within the SO_REUSEPORT group; ENOENT when there is none. Linux 5.3. */
export const detachReuseportBpf: WritableOption<void> = writable(
	SOL_SOCKET,
	C.SO_DETACH_REUSEPORT_BPF,
	"SO_DETACH_REUSEPORT_BPF",
	nothing,
);

/** The address family: AF_INET … */
export const domain: ReadableOption<number> = readable(SOL_SOCKET, C.SO_DOMAIN, "SO_DOMAIN", integer());

/** Whether to send only to hosts on directly connected networks, past the routing table's gateways. */
export const dontroute: SocketOption<boolean> = option(SOL_SOCKET, C.SO_DONTROUTE, "SO_DONTROUTE", boolean);

/** The pending error as an errno, 0 for none. Reading clears it. */
export const error: ReadableOption<number> = readable(SOL_SOCKET, C.SO_ERROR, "SO_ERROR", integer());

/** The classic BPF program that is attached; empty when there is none. */
export const getFilter: ReadableOption<FilterInstruction[]> = {
	...readable(SOL_SOCKET, C.SO_GET_FILTER, "SO_GET_FILTER", instructions),
	// The kernel gives the length as a count of instructions.
	lengthUnit: 8,
};

/** The CPU that handled the last packet; when set, the CPU whose packets a SO_REUSEPORT group gives to it. */
export const incomingCpu: SocketOption<number> = option(
	SOL_SOCKET,
	C.SO_INCOMING_CPU,
	"SO_INCOMING_CPU",
	integer(-1),
);

/** The NAPI queue that the last packet came from; 0 when unknown. */
export const incomingNapiId: ReadableOption<number> = readable(
	SOL_SOCKET,
	C.SO_INCOMING_NAPI_ID,
	"SO_INCOMING_NAPI_ID",
	uint32(),
);

/** Whether idle connections are probed. See `tcp.keepidle`, `tcp.keepintvl`, `tcp.keepcnt`. */
export const keepalive: SocketOption<boolean> = option(SOL_SOCKET, C.SO_KEEPALIVE, "SO_KEEPALIVE", boolean);

/** How close() treats data that is not sent yet. */
export interface Linger {
	/** How long close() waits for it; 0 throws it away and resets the connection. 0 to 65535 of them. */
	seconds: number;
}

const linger_: Codec<Linger | null> = {
	size: 8,
	decode: (bytes) => (bytes.readInt32LE(0) === 0 ? null : { seconds: bytes.readInt32LE(4) }),
	encode(value, owner) {
		const result = Buffer.alloc(8);
		if (value === null) return result;
		checkObject(owner, value, "{ seconds } or null");
		result.writeInt32LE(1, 0);
		result.writeInt32LE(checkInteger(owner, value.seconds, 0, 0xffff, "seconds"), 4);
		return result;
	},
};

/** Whether and how long close() waits for data to be sent; null, the default, sends it in the background. */
export const linger: SocketOption<Linger | null> = option(SOL_SOCKET, C.SO_LINGER, "SO_LINGER", linger_);

/** Whether the filter can no longer be changed. Once true it stays so: EPERM. */
export const lockFilter: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_LOCK_FILTER,
	"SO_LOCK_FILTER",
	boolean,
);

/** The mark of sent packets, for routing and firewalls. Setting it needs CAP_NET_ADMIN or CAP_NET_RAW. */
export const mark: SocketOption<number> = option(SOL_SOCKET, C.SO_MARK, "SO_MARK", uint32());

const pacingRate: Codec<number | null> = {
	size: 8,
	decode: (bytes) => (bytes.readBigUInt64LE(0) === 0xffff_ffff_ffff_ffffn ? null : counterAt(bytes, 0)),
	encode(value, owner) {
		const result = Buffer.alloc(8, 0xff);
		if (value !== null)
			result.writeBigUInt64LE(BigInt(checkInteger(owner, value, 0, Number.MAX_SAFE_INTEGER)), 0);
		return result;
	},
};

/** The highest rate to send at, in bytes a second; null for none. TCP, or the qdisc fq. */
export const maxPacingRate: SocketOption<number | null> = option(
	SOL_SOCKET,
	C.SO_MAX_PACING_RATE,
	"SO_MAX_PACING_RATE",
	pacingRate,
);

/** A socket's memory, in bytes where nothing else is said (linux/sock_diag.h). */
export interface MemoryInfo {
	/** What received packets that wait occupy. */
	rmemAlloc: number;
	/** The most that received packets may occupy (SO_RCVBUF). */
	rcvbuf: number;
	/** What sent packets that are not yet gone occupy. */
	wmemAlloc: number;
	/** The most that sent packets may occupy (SO_SNDBUF). */
	sndbuf: number;
	/** What is reserved and free. */
	fwdAlloc: number;
	/** What the send queue holds (TCP). */
	wmemQueued: number;
	/** What options and filters occupy. */
	optmem: number;
	/** What waits for the socket's owner to let go of it. */
	backlog: number;
	/** Packets dropped, a count. */
	drops: number;
}

const memoryInfo: Decoder<MemoryInfo> = {
	size: 36,
	decode: (bytes) => ({
		rmemAlloc: bytes.readUInt32LE(0),
		rcvbuf: bytes.readUInt32LE(4),
		wmemAlloc: bytes.readUInt32LE(8),
		sndbuf: bytes.readUInt32LE(12),
		fwdAlloc: bytes.readUInt32LE(16),
		wmemQueued: bytes.readUInt32LE(20),
		optmem: bytes.readUInt32LE(24),
		backlog: bytes.readUInt32LE(28),
		drops: bytes.readUInt32LE(32),
	}),
};

/** What the socket's buffers hold. Linux 4.12. */
export const meminfo: ReadableOption<MemoryInfo> = readable(
	SOL_SOCKET,
	C.SO_MEMINFO,
	"SO_MEMINFO",
	memoryInfo,
);

/** The number of the socket's network namespace, unique until the machine restarts. Linux 5.14. */
export const netnsCookie: ReadableOption<bigint> = readable(
	SOL_SOCKET,
	C.SO_NETNS_COOKIE,
	"SO_NETNS_COOKIE",
	uint64,
);

/** Whether the last 4 bytes of a sent frame are its frame check sequence (packet sockets). */
export const nofcs: SocketOption<boolean> = option(SOL_SOCKET, C.SO_NOFCS, "SO_NOFCS", boolean);

/** Whether UDP over IPv4 goes without checksums. */
export const noCheck: SocketOption<boolean> = option(SOL_SOCKET, C.SO_NO_CHECK, "SO_NO_CHECK", boolean);

/** Whether TCP's urgent byte stays within the ordinary data. */
export const oobinline: SocketOption<boolean> = option(SOL_SOCKET, C.SO_OOBINLINE, "SO_OOBINLINE", boolean);

/** Whether messages come with their sender's SCM_CREDENTIALS (AF_UNIX, AF_NETLINK). */
export const passcred: SocketOption<boolean> = option(SOL_SOCKET, C.SO_PASSCRED, "SO_PASSCRED", boolean);

/** Whether messages come with a descriptor of their sender's process, SCM_PIDFD (AF_UNIX). Linux 6.5. */
export const passpidfd: SocketOption<boolean> = option(SOL_SOCKET, C.SO_PASSPIDFD, "SO_PASSPIDFD", boolean);

/** Whether descriptors may arrive, SCM_RIGHTS; true unless set (AF_UNIX). Linux 6.16. */
export const passrights: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_PASSRIGHTS,
	"SO_PASSRIGHTS",
	boolean,
);

/** Whether messages come with their sender's security context, SCM_SECURITY (AF_UNIX). */
export const passsec: SocketOption<boolean> = option(SOL_SOCKET, C.SO_PASSSEC, "SO_PASSSEC", boolean);

/** Where the next MSG_PEEK begins, in bytes from the head of the queue; -1 turns the moving offset off. */
export const peekOff: SocketOption<number> = option(SOL_SOCKET, C.SO_PEEK_OFF, "SO_PEEK_OFF", integer(-1));

/** Who a process is: struct ucred. */
export interface Credentials {
	/** The process; 0 when it is of another PID namespace. */
	pid: number;
	/** Its effective user; 65534 when this user namespace has no such. */
	uid: number;
	/** Its effective group; 65534 when this user namespace has no such. */
	gid: number;
}

const credentials: Decoder<Credentials> = {
	size: 12,
	decode: (bytes) => ({
		pid: bytes.readInt32LE(0),
		uid: bytes.readUInt32LE(4),
		gid: bytes.readUInt32LE(8),
	}),
};

/**
 * The peer's process, as it was when it connected or listened (unix(7)). The pid is 0 and the ids 4294967295
 * when there is none.
 */
export const peercred: ReadableOption<Credentials> = readable(
	SOL_SOCKET,
	C.SO_PEERCRED,
	"SO_PEERCRED",
	credentials,
);

const groups: Decoder<number[]> = {
	// The most groups that a process can be in: NGROUPS_MAX.
	size: 65536 * 4,
	decode(bytes) {
		const result: number[] = [];
		for (let offset = 0; offset + 4 <= bytes.length; offset += 4) result.push(bytes.readUInt32LE(offset));
		return result;
	},
};

/** The peer's supplementary groups (AF_UNIX); ENODATA when there is no peer. */
export const peergroups: ReadableOption<number[]> = readable(
	SOL_SOCKET,
	C.SO_PEERGROUPS,
	"SO_PEERGROUPS",
	groups,
);

/**
 * A new descriptor of the peer's process (AF_UNIX, pidfd_open(2)), which the caller must close. ENODATA when
 * there is no peer, ESRCH when it is gone. Linux 6.5.
 */
export const peerpidfd: ReadableOption<number> = readable(
	SOL_SOCKET,
	C.SO_PEERPIDFD,
	"SO_PEERPIDFD",
	integer(),
);

/** The peer's security context; ENOPROTOOPT without a security module that labels sockets. */
export const peersec: ReadableOption<string> = readable(SOL_SOCKET, C.SO_PEERSEC, "SO_PEERSEC", text(4096));

/** Whether to prefer polling the device over its interrupts. Setting it needs CAP_NET_ADMIN. Linux 5.11. */
export const preferBusyPoll: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_PREFER_BUSY_POLL,
	"SO_PREFER_BUSY_POLL",
	boolean,
);

/** The priority of sent packets in their queue: 0 to 6; more needs CAP_NET_ADMIN or CAP_NET_RAW. */
export const priority: SocketOption<number> = option(SOL_SOCKET, C.SO_PRIORITY, "SO_PRIORITY", integer(0));

/** The protocol: IPPROTO_TCP … */
export const protocol: ReadableOption<number> = readable(SOL_SOCKET, C.SO_PROTOCOL, "SO_PROTOCOL", integer());

/** The receive buffer in bytes. The kernel doubles what is set, up to twice net.core.rmem_max. */
export const rcvbuf: SocketOption<number> = option(SOL_SOCKET, C.SO_RCVBUF, "SO_RCVBUF", integer(0));

/** The receive buffer in bytes, past net.core.rmem_max. Needs CAP_NET_ADMIN. */
export const rcvbufforce: WritableOption<number> = writable(
	SOL_SOCKET,
	C.SO_RCVBUFFORCE,
	"SO_RCVBUFFORCE",
	integer(0),
);

/** How many bytes make the socket readable. The kernel takes 0 as 1. */
export const rcvlowat: SocketOption<number> = option(SOL_SOCKET, C.SO_RCVLOWAT, "SO_RCVLOWAT", integer(0));

/** Whether packets come with their mark, as ancillary SO_MARK. It needs CAP_NET_RAW. Linux 5.19. */
export const rcvmark: SocketOption<boolean> = option(SOL_SOCKET, C.SO_RCVMARK, "SO_RCVMARK", boolean);

/** Whether packets come with their priority, as ancillary SO_PRIORITY. It needs CAP_NET_RAW. Linux 6.14. */
export const rcvpriority: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_RCVPRIORITY,
	"SO_RCVPRIORITY",
	boolean,
);

/** The kernel's timeout of receiving system calls, in milliseconds; null for none. Rounded up to its tick. */
export const rcvtimeo: SocketOption<number | null> = option(
	SOL_SOCKET,
	C.SO_RCVTIMEO,
	"SO_RCVTIMEO",
	timeout,
);

/** How much memory to keep for the socket, in bytes; it needs a memory cgroup. Linux 5.16. */
export const reserveMem: SocketOption<number> = option(
	SOL_SOCKET,
	C.SO_RESERVE_MEM,
	"SO_RESERVE_MEM",
	integer(0),
);

/** Whether bind() may take an address that a closed connection still occupies. */
export const reuseaddr: SocketOption<boolean> = option(SOL_SOCKET, C.SO_REUSEADDR, "SO_REUSEADDR", boolean);

/** Whether several sockets may bind the same address and share what arrives. */
export const reuseport: SocketOption<boolean> = option(SOL_SOCKET, C.SO_REUSEPORT, "SO_REUSEPORT", boolean);

/** Whether packets come with the count of those dropped before, as ancillary SO_RXQ_OVFL. */
export const rxqOvfl: SocketOption<boolean> = option(SOL_SOCKET, C.SO_RXQ_OVFL, "SO_RXQ_OVFL", boolean);

/** Whether an error queue that is not empty wakes select() as an exceptional condition. */
export const selectErrQueue: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_SELECT_ERR_QUEUE,
	"SO_SELECT_ERR_QUEUE",
	boolean,
);

/** The send buffer in bytes. The kernel doubles what is set, up to twice net.core.wmem_max. */
export const sndbuf: SocketOption<number> = option(SOL_SOCKET, C.SO_SNDBUF, "SO_SNDBUF", integer(0));

/** The send buffer in bytes, past net.core.wmem_max. Needs CAP_NET_ADMIN. */
export const sndbufforce: WritableOption<number> = writable(
	SOL_SOCKET,
	C.SO_SNDBUFFORCE,
	"SO_SNDBUFFORCE",
	integer(0),
);

/** How many free bytes make the socket writable: always 1 on Linux. */
export const sndlowat: ReadableOption<number> = readable(SOL_SOCKET, C.SO_SNDLOWAT, "SO_SNDLOWAT", integer());

/** The kernel's timeout of sending system calls, in milliseconds; null for none. Rounded up to its tick. */
export const sndtimeo: SocketOption<number | null> = option(
	SOL_SOCKET,
	C.SO_SNDTIMEO,
	"SO_SNDTIMEO",
	timeout,
);

/** Whether packets come with the time of their arrival in microseconds, SCM_TIMESTAMP. */
export const timestamp: SocketOption<boolean> = option(SOL_SOCKET, C.SO_TIMESTAMP, "SO_TIMESTAMP", boolean);

/** Which times to take and report: struct so_timestamping. */
export interface TimestampingInput {
	/** SOF_TIMESTAMPING_*, or-ed. */
	flags: number;
	/** The index of the PTP clock to use, with SOF_TIMESTAMPING_BIND_PHC; 0 when left out. */
	bindPhc?: number;
}

/** Which times are taken and reported: struct so_timestamping. */
export interface Timestamping {
	/** SOF_TIMESTAMPING_*, or-ed. */
	flags: number;
	/** The index of the PTP clock to use, with SOF_TIMESTAMPING_BIND_PHC; 0 otherwise. */
	bindPhc: number;
}

const timestamping_: Codec<Timestamping, number | TimestampingInput> = {
	size: 8,
	// Before Linux 5.14 it was an int.
	decode: (bytes) => ({
		flags: bytes.readInt32LE(0),
		bindPhc: bytes.length < 8 ? 0 : bytes.readInt32LE(4),
	}),
	encode(value, owner) {
		if (typeof value === "number") return integer(0).encode(value, owner);
		checkObject(owner, value, "flags or { flags, bindPhc? }");
		const result = Buffer.alloc(8);
		result.writeInt32LE(checkInteger(owner, value.flags, 0, 0x7fff_ffff, "flags"), 0);
		result.writeInt32LE(checkInteger(owner, value.bindPhc ?? 0, 0, 0x7fff_ffff, "bindPhc"), 4);
		return result;
	},
};

/**
 * Which times of sending and receiving are taken, SCM_TIMESTAMPING (Documentation/networking/timestamping.rst).
 * Set to SOF_TIMESTAMPING_* flags alone or with a clock.
 */
export const timestamping: SocketOption<Timestamping, number | TimestampingInput> = option(
	SOL_SOCKET,
	C.SO_TIMESTAMPING,
	"SO_TIMESTAMPING",
	timestamping_,
);

/** Whether packets come with the time of their arrival in nanoseconds, SCM_TIMESTAMPNS. */
export const timestampns: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_TIMESTAMPNS,
	"SO_TIMESTAMPNS",
	boolean,
);

/** Whether TCP takes another path (a new hash) after timeouts. Linux 5.18. */
export const txrehash: SocketOption<boolean> = option(SOL_SOCKET, C.SO_TXREHASH, "SO_TXREHASH", boolean);

/** How SCM_TXTIME is understood: struct sock_txtime. */
export interface Txtime {
	/** CLOCK_TAI (11), CLOCK_MONOTONIC (1) … */
	clockid: number;
	/** SOF_TXTIME_DEADLINE_MODE (1), SOF_TXTIME_REPORT_ERRORS (2), or-ed. */
	flags: number;
}

const txtime_: Codec<Txtime> = {
	size: 8,
	decode: (bytes) => ({ clockid: bytes.readInt32LE(0), flags: bytes.readUInt32LE(4) }),
	encode(value, owner) {
		checkObject(owner, value, "{ clockid, flags }");
		const result = Buffer.alloc(8);
		result.writeInt32LE(checkInteger(owner, value.clockid, 0, 0x7fff_ffff, "clockid"), 0);
		result.writeUInt32LE(checkInteger(owner, value.flags, 0, 0xffff_ffff, "flags"), 4);
		return result;
	},
};

/** Lets messages say when they are to leave, SCM_TXTIME. Some clocks need CAP_NET_ADMIN. Linux 4.19. */
export const txtime: SocketOption<Txtime> = option(SOL_SOCKET, C.SO_TXTIME, "SO_TXTIME", txtime_);

/** The type: SOCK_STREAM … */
export const type: ReadableOption<number> = readable(SOL_SOCKET, C.SO_TYPE, "SO_TYPE", integer());

/** Whether packets come with the state of their wireless transmission, SCM_WIFI_STATUS. */
export const wifiStatus: SocketOption<boolean> = option(
	SOL_SOCKET,
	C.SO_WIFI_STATUS,
	"SO_WIFI_STATUS",
	boolean,
);

/** Whether MSG_ZEROCOPY may be used. */
export const zerocopy: SocketOption<boolean> = option(SOL_SOCKET, C.SO_ZEROCOPY, "SO_ZEROCOPY", boolean);
