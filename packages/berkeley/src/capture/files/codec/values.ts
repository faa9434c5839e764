/**
 * What is in files of captures, as plain values.
 */
import type { CapturedInterface, CapturedPacket } from "../../captured.js";
import type { FileLink } from "./linktypes.js";
import type { Commented } from "./options.js";
import type { TimestampResolution } from "./timestamps.js";

/** The formats of files of captures. */
export type CaptureFormat = "pcap" | "pcapng";

/** What is told of a section of a pcapng file. draft-ietf-opsawg-pcapng, section 4.1. */
export interface CaptureSection extends Commented {
	/** The machine on which was captured. */
	readonly hardware?: string;
	/** Its operating system. */
	readonly os?: string;
	/** The program that wrote the section. */
	readonly application?: string;
}

/** An IPv4 address of an interface. */
export interface InterfaceIpv4 {
	/** `192.0.2.1` */
	readonly address: string;
	/** `255.255.255.0` */
	readonly netmask: string;
}

/** An IPv6 address of an interface. */
export interface InterfaceIpv6 {
	/** `2001:db8::1` */
	readonly address: string;
	/** 0 to 255. */
	readonly prefixLength: number;
}

/** What is told of an interface. draft-ietf-opsawg-pcapng, section 4.2. */
export interface InterfaceDescription extends Commented {
	/** How its packets begin. */
	readonly link: FileLink;
	/** How many bytes of a packet there are at most; left out, or 0, where there is no limit. */
	readonly snapLength?: number;
	/** Its name: `eth0`. */
	readonly name?: string;
	/** What it is, in words. */
	readonly description?: string;
	/** Its IPv4 addresses. */
	readonly ipv4?: readonly InterfaceIpv4[];
	/** Its IPv6 addresses. */
	readonly ipv6?: readonly InterfaceIpv6[];
	/** Its hardware address of 48 bits: `02:00:00:00:00:01`. */
	readonly mac?: string;
	/** Its hardware address of 64 bits. */
	readonly eui64?: string;
	/** How fast it is, in bits per second. */
	readonly speed?: number;
	/** How fast it sends, where that is another speed. */
	readonly transmitSpeed?: number;
	/** How fast it receives. */
	readonly receiveSpeed?: number;
	/** The unit of the times of its packets; in a file that does not say, microseconds. Nanoseconds when it is written. */
	readonly resolution?: TimestampResolution;
	/** Seconds that are added to all times in the file. The library does that. */
	readonly timestampOffset?: number;
	/** The time zone, by a number of which the format leaves open what it means. */
	readonly timeZone?: number;
	/** The time zone by IANA's name: `Europe/Vienna`. */
	readonly timeZoneName?: string;
	/** The filter that was in force: text, as tcpdump takes it; or the bytes of a program of BPF. */
	readonly filter?: string | Uint8Array;
	/** The operating system of the machine that has the interface. */
	readonly os?: string;
	/** The interface's hardware. */
	readonly hardware?: string;
	/** How many bytes of frame check sequence are at the end of its packets. */
	readonly fcsLength?: number;
}

/** An interface as a file describes it: `index` is its number in the section. */
export interface FileInterface extends InterfaceDescription, CapturedInterface {
	/** The number of its description in the section, 0 or more. */
	readonly index: number;
	/** Its name: `eth0`. */
	readonly name?: string;
}

/** What a program or a machine said of a packet. */
export interface FilePacketVerdict {
	/** Who said it: 0 hardware, 1 Linux's tc (eBPF), 2 Linux's XDP (eBPF). */
	readonly kind: number;
	/** What it said. */
	readonly bytes: Uint8Array;
}

/** A packet of a file: with what pcapng knows of it beyond a captured packet. */
export interface FilePacket extends Omit<CapturedPacket, "link" | "interface">, Commented {
	/** How its bytes begin. */
	readonly link: FileLink;
	/** Where it was seen; in pcapng the interface's description, one object for all its packets. */
	readonly interface?: CapturedInterface | FileInterface | undefined;
	/** The comment; others are in `furtherComments`. */
	readonly comment?: string | undefined;
	/**
	 * The flags of the link's layer (epb_flags, section 4.3.1): direction, kind of address, length of the check
	 * sequence, errors. Written as they are; where they are left out, they are made of `direction`.
	 */
	readonly flags?: number;
	/** How many packets were lost between this one and the interface's last (epb_dropcount). */
	readonly dropCount?: number;
	/** A number that is the same for the same packet at several interfaces (epb_packetid). */
	readonly packetId?: bigint;
	/** The interface's queue (epb_queue). */
	readonly queue?: number;
	/** What hardware and programs said of it (epb_verdict). */
	readonly verdicts?: readonly FilePacketVerdict[];
	/**
	 * The packet comes without time and options, in a simple packet block, which is for the first interface of a section:
	 * `seconds` is 0, and of the bytes there are as many as the interface's snap length allows.
	 */
	readonly simple?: true;
}

/** A time: whole seconds since 1970-01-01 UTC, and the nanoseconds beyond them. */
export interface CaptureTime {
	/** Whole seconds since 1970-01-01 UTC. */
	readonly seconds: number;
	/** The nanoseconds beyond, 0 to 999,999,999. */
	readonly nanoseconds: number;
}

/** What an interface counted. draft-ietf-opsawg-pcapng, section 4.6. */
export interface InterfaceStatistics extends Commented {
	/** The interface, by its number in the section. */
	readonly interface: number;
	/** When it was counted: whole seconds since 1970-01-01 UTC, */
	readonly seconds: number;
	/** and nanoseconds beyond. */
	readonly nanoseconds: number;
	/** When capturing began. */
	readonly begin?: CaptureTime;
	/** When it ended. */
	readonly end?: CaptureTime;
	/** How many packets the interface received. */
	readonly received?: number;
	/** How many the interface lost, for want of resources. */
	readonly dropped?: number;
	/** How many passed the filter. */
	readonly accepted?: number;
	/** How many the operating system lost. */
	readonly droppedByOs?: number;
	/** How many were given to the program. */
	readonly delivered?: number;
}

/** An address and its names. draft-ietf-opsawg-pcapng, section 4.5. */
export interface NamedAddress {
	/** `192.0.2.1` or `2001:db8::1`. */
	readonly address: string;
	/** Its names, one at least. */
	readonly names: readonly string[];
}

/** A record of names that is for no IP address, or not as it should be. */
export interface NameRecord {
	/** What it is for: 3 is an address of 48 bits, 4 one of 64. */
	readonly type: number;
	/** The address, then names that each end in a byte of zero. */
	readonly bytes: Uint8Array;
}

/** Names of addresses. */
export interface NameResolution extends Commented {
	/** The records, in their order. */
	readonly records: readonly (NamedAddress | NameRecord)[];
	/** The name of the server of DNS. */
	readonly serverName?: string;
	/** The address of the server of DNS. */
	readonly serverIpv4?: string;
	/** The address of the server of DNS. */
	readonly serverIpv6?: string;
}

/** What decrypts packets. draft-ietf-opsawg-pcapng, section 4.7. */
export interface DecryptionSecrets extends Commented {
	/** 0x544c534b for the key log of TLS, 0x57474b4c for WireGuard's, and others. */
	readonly secretsType: number;
	/** The secrets. */
	readonly secrets: Uint8Array;
}

/** Data whose meaning an organization defines. draft-ietf-opsawg-pcapng, section 4.8. */
export interface CustomData {
	/** The organization, by its IANA Private Enterprise Number. */
	readonly enterprise: number;
	/** Whether programs that do not know it may copy it into files that they change. */
	readonly copyable: boolean;
	/** The data, options included, filled up to a multiple of four bytes. */
	readonly data: Uint8Array;
}

/** The header of a pcap file. pcap-savefile(5). */
export interface PcapHeader {
	/** How the packets begin. */
	readonly link: FileLink;
	/** How many bytes of a packet there are at most. */
	readonly snapLength: number;
	/** Whether times are in nanoseconds; else they are in microseconds. */
	readonly nanoseconds: boolean;
	/** How many bytes of frame check sequence are at the end of the packets, where the file says. */
	readonly fcsLength?: number;
	/** Whether records are as in every file of today: not those of a patched libpcap, or of one before 2.4. */
	readonly usual: boolean;
}

/** A block whose type the library does not know. */
export interface UnknownBlock {
	/** Its type. */
	readonly type: number;
	/** What is between its lengths. */
	readonly body: Uint8Array;
}

/** What a block says, and of what kind it is. */
export interface CaptureValueOf<Kind extends string, Value> {
	/** What it is. */
	readonly kind: Kind;
	/** What it says. */
	readonly value: Value;
}

/** What a block of a file says; unknown is what the library does not know, whose body is kept. */
export type CaptureValue =
	| CaptureValueOf<"header", PcapHeader>
	| CaptureValueOf<"section", CaptureSection>
	| CaptureValueOf<"interface", FileInterface>
	| CaptureValueOf<"packet", FilePacket>
	| CaptureValueOf<"statistics", InterfaceStatistics>
	| CaptureValueOf<"names", NameResolution>
	| CaptureValueOf<"secrets", DecryptionSecrets>
	| CaptureValueOf<"custom", CustomData>
	| CaptureValueOf<"unknown", UnknownBlock>;
