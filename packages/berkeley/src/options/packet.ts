/**
 * The options of SOL_PACKET (packet(7), linux/if_packet.h), sorted by kernel name.
 *
 * Left out: PACKET_RECV_OUTPUT and PACKET_TX_TIMESTAMP, which no kernel takes.
 */
import * as C from "../sys/linux/constants/index.js";
import { SOL_PACKET } from "../sys/linux/constants/index.js";
import { boolean, counterAt, int32Bytes, integer, uint32 } from "./codecs.js";
import { type FilterInstruction, program } from "./filter.js";
import { type Interface, interfaceIndex } from "./interface.js";
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
import { checkBytes, checkInteger, checkObject } from "./validate.js";

/** What an interface is to receive more than usual: struct packet_mreq. */
export interface PacketMembership {
	/** The interface by name or index. */
	interface: Interface;
	/** PACKET_MR_MULTICAST, PACKET_MR_PROMISC, PACKET_MR_ALLMULTI or PACKET_MR_UNICAST. */
	type: number;
	/** The hardware address to receive, for PACKET_MR_MULTICAST and PACKET_MR_UNICAST: at most 32 bytes. */
	address?: Uint8Array;
}

const membership: Encoder<PacketMembership> = {
	encode(value, owner) {
		checkObject(owner, value, "{ interface, type, address? }");
		const address = checkBytes(owner, value.address ?? new Uint8Array(), 0, 32, "address");
		// The struct has room for 8 bytes of address, and may be longer.
		const result = Buffer.alloc(8 + Math.max(8, address.length));
		result.writeInt32LE(interfaceIndex(owner, value.interface), 0);
		result.writeUInt16LE(checkInteger(owner, value.type, 0, 0xffff, "type"), 4);
		result.writeUInt16LE(address.length, 6);
		result.set(address, 8);
		return result;
	},
};

/** Makes an interface promiscuous, or receive further addresses, until the socket is closed. */
export const addMembership: WritableOption<PacketMembership> = writable(
	SOL_PACKET,
	C.PACKET_ADD_MEMBERSHIP,
	"PACKET_ADD_MEMBERSHIP",
	membership,
);

/** Whether packets come with their length, status and VLAN tag, as ancillary PACKET_AUXDATA. */
export const auxdata: SocketOption<boolean> = option(SOL_PACKET, C.PACKET_AUXDATA, "PACKET_AUXDATA", boolean);

/** Packets longer than this are queued whole beside the ring; 0 for none. */
export const copyThresh: SocketOption<number> = option(
	SOL_PACKET,
	C.PACKET_COPY_THRESH,
	"PACKET_COPY_THRESH",
	integer(0),
);

/** Takes back PACKET_ADD_MEMBERSHIP. */
export const dropMembership: WritableOption<PacketMembership> = writable(
	SOL_PACKET,
	C.PACKET_DROP_MEMBERSHIP,
	"PACKET_DROP_MEMBERSHIP",
	membership,
);

/** How the sockets of a group share what arrives. */
export interface Fanout {
	/** The group's number in its network namespace, 0 to 65535. */
	id: number;
	/** PACKET_FANOUT_HASH, _LB, _CPU, _ROLLOVER, _RND, _QM, _CBPF or _EBPF. */
	type: number;
	/** PACKET_FANOUT_FLAG_*, or-ed. */
	flags: number;
}

/** A group to join: struct fanout_args. */
export interface FanoutGroup {
	/** The group's number in its network namespace, 0 to 65535. */
	id: number;
	/** How packets are shared out: PACKET_FANOUT_HASH, PACKET_FANOUT_LB … */
	type: number;
	/** PACKET_FANOUT_FLAG_*, or-ed; 0 when left out. */
	flags?: number;
	/** The most sockets that the group may have; 256 when left out. Linux 5.10. */
	maxNumMembers?: number;
}

const fanout_: Codec<Fanout, FanoutGroup> = {
	size: 4,
	decode(bytes) {
		const typeAndFlags = bytes.readUInt16LE(2);
		return { id: bytes.readUInt16LE(0), type: typeAndFlags & 0xff, flags: typeAndFlags & 0xff00 };
	},
	encode(value, owner) {
		checkObject(owner, value, "{ id, type, flags?, maxNumMembers? }");
		const members = checkInteger(owner, value.maxNumMembers ?? 0, 0, 0x10000, "maxNumMembers");
		// Kernels before fanout_args take four bytes only.
		const result = Buffer.alloc(members === 0 ? 4 : 8);
		const type = checkInteger(owner, value.type, 0, 0xff, "type");
		result.writeUInt16LE(checkInteger(owner, value.id, 0, 0xffff, "id"), 0);
		result.writeUInt16LE(type | checkInteger(owner, value.flags ?? 0, 0, 0xffff, "flags"), 2);
		if (members !== 0) result.writeUInt32LE(members, 4);
		return result;
	},
};

/** The group of sockets to share with, which bound sockets join. All 0 when there is none. */
export const fanout: SocketOption<Fanout, FanoutGroup> = option(
	SOL_PACKET,
	C.PACKET_FANOUT,
	"PACKET_FANOUT",
	fanout_,
);

const fanoutData_: Encoder<readonly FilterInstruction[] | number> = {
	encode: (value, owner) =>
		typeof value === "number"
			? int32Bytes(checkInteger(owner, value, 0, 0x7fff_ffff))
			: program.encode(value, owner),
};

/**
 * The program that chooses a socket of the group: classic BPF for PACKET_FANOUT_CBPF, the descriptor of an
 * eBPF program for PACKET_FANOUT_EBPF.
 */
export const fanoutData: WritableOption<readonly FilterInstruction[] | number> = writable(
	SOL_PACKET,
	C.PACKET_FANOUT_DATA,
	"PACKET_FANOUT_DATA",
	fanoutData_,
);

/** Reads the length of the header of packets in a ring, in bytes, for TPACKET_V1, TPACKET_V2 or TPACKET_V3. */
export function hdrlenOf(version: number): ReadableOption<number> {
	const request = integer(0).encode(version, "PACKET_HDRLEN");
	return { ...readable(SOL_PACKET, C.PACKET_HDRLEN, "PACKET_HDRLEN", integer()), request };
}

/** Whether to leave out the packets that this machine sends. Linux 4.20. */
export const ignoreOutgoing: SocketOption<boolean> = option(
	SOL_PACKET,
	C.PACKET_IGNORE_OUTGOING,
	"PACKET_IGNORE_OUTGOING",
	boolean,
);

/** Whether a ring for sending skips malformed packets; otherwise it stops at them. */
export const loss: SocketOption<boolean> = option(SOL_PACKET, C.PACKET_LOSS, "PACKET_LOSS", boolean);

/** Whether packets of a bond or bridge name the interface that they came in by. */
export const origdev: SocketOption<boolean> = option(SOL_PACKET, C.PACKET_ORIGDEV, "PACKET_ORIGDEV", boolean);

/** Whether sent packets bypass the interface's queue. */
export const qdiscBypass: SocketOption<boolean> = option(
	SOL_PACKET,
	C.PACKET_QDISC_BYPASS,
	"PACKET_QDISC_BYPASS",
	boolean,
);

/** How many bytes to leave free before each packet in a ring; set before the ring. */
export const reserve: SocketOption<number> = option(
	SOL_PACKET,
	C.PACKET_RESERVE,
	"PACKET_RESERVE",
	uint32(0, 0x7fff_ffff),
);

/** How often a socket passed packets on to others of its group: struct tpacket_rollover_stats. */
export interface RolloverStatistics {
	/** Packets passed on. */
	all: number;
	/** Of them, those of flows that dominate. */
	huge: number;
	/** Packets that no socket took. */
	failed: number;
}

const rolloverStatistics: Decoder<RolloverStatistics> = {
	size: 24,
	decode: (bytes) => ({
		all: counterAt(bytes, 0),
		huge: counterAt(bytes, 8),
		failed: counterAt(bytes, 16),
	}),
};

/** How often packets were passed on; EINVAL where the group does not roll over. */
export const rolloverStats: ReadableOption<RolloverStatistics> = readable(
	SOL_PACKET,
	C.PACKET_ROLLOVER_STATS,
	"PACKET_ROLLOVER_STATS",
	rolloverStatistics,
);

/** The shape of a ring: struct tpacket_req, and from `retireBlkTov` on what struct tpacket_req3 adds. */
export interface Ring {
	/** The bytes of a block: a multiple of the page size and of `frameSize`. */
	blockSize: number;
	/** How many blocks. 0, with all else 0, removes the ring. */
	blockNr: number;
	/** The bytes of a frame: a multiple of 16, with room for the header. */
	frameSize: number;
	/** How many frames: those of all blocks. */
	frameNr: number;
	/** After how many milliseconds a block that is not full is handed over; 0 for the kernel's choice. */
	retireBlkTov?: number;
	/** How many bytes of each block belong to the application. */
	sizeofPriv?: number;
	/** TP_FT_REQ_*, or-ed. */
	featureReqWord?: number;
}

const ring: Encoder<Ring> = {
	encode(value, owner) {
		checkObject(owner, value, "{ blockSize, blockNr, frameSize, frameNr, … }");
		// The older versions read the beginning only.
		const result = Buffer.alloc(28);
		const fields = ["blockSize", "blockNr", "frameSize", "frameNr"] as const;
		for (const [index, name] of fields.entries())
			result.writeUInt32LE(checkInteger(owner, value[name], 0, 0xffff_ffff, name), index * 4);
		const more = ["retireBlkTov", "sizeofPriv", "featureReqWord"] as const;
		for (const [index, name] of more.entries())
			result.writeUInt32LE(checkInteger(owner, value[name] ?? 0, 0, 0xffff_ffff, name), 16 + index * 4);
		return result;
	},
};

/** Makes a ring of memory for receiving, to be mapped by mmap(2). Set PACKET_VERSION first. */
export const rxRing: WritableOption<Ring> = writable(SOL_PACKET, C.PACKET_RX_RING, "PACKET_RX_RING", ring);

/** What became of packets: struct tpacket_stats, tpacket_stats_v3. */
export interface PacketStatistics {
	/** Packets that arrived, the dropped ones included. */
	packets: number;
	/** Packets dropped for want of room. */
	drops: number;
	/** How often the ring stood still; TPACKET_V3 only. */
	freezeQCnt?: number;
}

const statistics_: Decoder<PacketStatistics> = {
	size: 12,
	decode: (bytes) => ({
		packets: bytes.readUInt32LE(0),
		drops: bytes.readUInt32LE(4),
		...(bytes.length < 12 ? {} : { freezeQCnt: bytes.readUInt32LE(8) }),
	}),
};

/** What became of packets since this was last read: reading sets the counts to 0. */
export const statistics: ReadableOption<PacketStatistics> = readable(
	SOL_PACKET,
	C.PACKET_STATISTICS,
	"PACKET_STATISTICS",
	statistics_,
);

/** Which time a ring's packets bear: SOF_TIMESTAMPING_RAW_HARDWARE, or 0 for the software's. */
export const timestamp: SocketOption<number> = option(
	SOL_PACKET,
	C.PACKET_TIMESTAMP,
	"PACKET_TIMESTAMP",
	integer(0),
);

/** Whether packets in a ring for sending say where their data begins. */
export const txHasOff: SocketOption<boolean> = option(
	SOL_PACKET,
	C.PACKET_TX_HAS_OFF,
	"PACKET_TX_HAS_OFF",
	boolean,
);

/** Makes a ring of memory for sending, to be mapped by mmap(2). Set PACKET_VERSION first. */
export const txRing: WritableOption<Ring> = writable(SOL_PACKET, C.PACKET_TX_RING, "PACKET_TX_RING", ring);

/**
 * The layout of rings: TPACKET_V1 (0), TPACKET_V2 (1), TPACKET_V3 (2). EBUSY when there is one already.
 */
export const version: SocketOption<number> = option(
	SOL_PACKET,
	C.PACKET_VERSION,
	"PACKET_VERSION",
	integer(0, 2),
);

/** Whether packets begin with struct virtio_net_hdr, for offloads (raw packet sockets). */
export const vnetHdr: SocketOption<boolean> = option(
	SOL_PACKET,
	C.PACKET_VNET_HDR,
	"PACKET_VNET_HDR",
	boolean,
);

/** The bytes of the virtio_net_hdr that packets begin with: 10, 12, or 0 for none. Linux 6.6. */
export const vnetHdrSz: SocketOption<number> = option(
	SOL_PACKET,
	C.PACKET_VNET_HDR_SZ,
	"PACKET_VNET_HDR_SZ",
	integer(0, 12),
);
