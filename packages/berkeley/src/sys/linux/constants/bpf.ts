/**
 * Classic BPF: the instructions of socket filters (<linux/filter.h>, <linux/bpf_common.h>).
 */

// Classes
/** Loads into the accumulator. */
export const BPF_LD = 0;
/** Loads into the index register. */
export const BPF_LDX = 0x1;
/** Stores the accumulator in a word of memory. */
export const BPF_ST = 0x2;
/** Stores the index register in a word of memory. */
export const BPF_STX = 0x3;
/** Computes with the accumulator. */
export const BPF_ALU = 0x4;
/** Jumps forward. */
export const BPF_JMP = 0x5;
/** Ends, and returns how many bytes of the packet to keep; 0 drops it. */
export const BPF_RET = 0x6;
/** Copies between the registers. */
export const BPF_MISC = 0x7;

// Sizes of a load
/** 32 bits. */
export const BPF_W = 0;
/** 16 bits. */
export const BPF_H = 0x8;
/** 8 bits. */
export const BPF_B = 0x10;

// Modes of a load
/** The constant of the instruction. */
export const BPF_IMM = 0;
/** From the packet, at an offset. */
export const BPF_ABS = 0x20;
/** From the packet, at an offset beyond the index register. */
export const BPF_IND = 0x40;
/** From a word of memory. */
export const BPF_MEM = 0x60;
/** The length of the packet. */
export const BPF_LEN = 0x80;
/** Four times the low 4 bits of a byte of the packet: the length of an IPv4 header. */
export const BPF_MSH = 0xa0;

// Arithmetic
/** Adds. */
export const BPF_ADD = 0;
/** Subtracts. */
export const BPF_SUB = 0x10;
/** Multiplies. */
export const BPF_MUL = 0x20;
/** Divides, without a sign. */
export const BPF_DIV = 0x30;
/** Bitwise or. */
export const BPF_OR = 0x40;
/** Bitwise and. */
export const BPF_AND = 0x50;
/** Shifts left. */
export const BPF_LSH = 0x60;
/** Shifts right, without a sign. */
export const BPF_RSH = 0x70;
/** Negates. */
export const BPF_NEG = 0x80;
/** The remainder of a division without a sign. */
export const BPF_MOD = 0x90;
/** Bitwise exclusive or. */
export const BPF_XOR = 0xa0;

// Jumps
/** Always. */
export const BPF_JA = 0;
/** If equal. */
export const BPF_JEQ = 0x10;
/** If greater, without a sign. */
export const BPF_JGT = 0x20;
/** If greater or equal, without a sign. */
export const BPF_JGE = 0x30;
/** If a bit is set in both. */
export const BPF_JSET = 0x40;

// Sources of an operand
/** The constant of the instruction. */
export const BPF_K = 0;
/** The index register. */
export const BPF_X = 0x8;
/** The accumulator, for BPF_RET. */
export const BPF_A = 0x10;

// Between registers
/** From the accumulator to the index register. */
export const BPF_TAX = 0;
/** From the index register to the accumulator. */
export const BPF_TXA = 0x80;

// Limits
/** The most instructions of a program. */
export const BPF_MAXINSNS = 4096;
/** How many words of memory a program has. */
export const BPF_MEMWORDS = 16;

// Offsets from which Linux answers about the packet
/** Added to each of the SKF_AD_* offsets that follow. */
export const SKF_AD_OFF = -4096;
/** The protocol (ETH_P_*), in host byte order. */
export const SKF_AD_PROTOCOL = 0;
/** To whom the packet is (PACKET_HOST and its siblings). */
export const SKF_AD_PKTTYPE = 4;
/** The index of the interface. */
export const SKF_AD_IFINDEX = 8;
/** Where the netlink attribute is whose type is in X, from the offset in A; 0 if nowhere. */
export const SKF_AD_NLATTR = 12;
/** As SKF_AD_NLATTR, within the nested attribute at the offset in A. */
export const SKF_AD_NLATTR_NEST = 16;
/** The mark of the packet (SO_MARK). */
export const SKF_AD_MARK = 20;
/** The receive queue of the device. */
export const SKF_AD_QUEUE = 24;
/** The kind of hardware (ARPHRD_*). */
export const SKF_AD_HATYPE = 28;
/** The hash of the flow. */
export const SKF_AD_RXHASH = 32;
/** The CPU that runs the program. */
export const SKF_AD_CPU = 36;
/** The exclusive or of A and X; the number from before BPF_XOR. */
export const SKF_AD_ALU_XOR_X = 40;
/** The VLAN tag (TCI) that the device took off. */
export const SKF_AD_VLAN_TAG = 44;
/** Whether the device took a VLAN tag off. */
export const SKF_AD_VLAN_TAG_PRESENT = 48;
/** Where the payload begins, after the headers that the kernel knows. */
export const SKF_AD_PAY_OFFSET = 52;
/** A random number of 32 bits. */
export const SKF_AD_RANDOM = 56;
/** The protocol of the VLAN tag that the device took off. */
export const SKF_AD_VLAN_TPID = 60;
/** From the network header. */
export const SKF_NET_OFF = -1048576;
/** From the link header. */
export const SKF_LL_OFF = -2097152;
