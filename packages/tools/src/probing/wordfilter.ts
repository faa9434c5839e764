/**
 * A filter for raw sockets, which get everything of their protocol that comes to this machine: without it a busy
 * neighbour fills the socket's buffer, and answers are lost.
 */
import { AF_INET6, type Socket, so } from "berkeley";

// linux/bpf_common.h
const BPF_LDX_IMM = 0x01;
const BPF_LDX_B_MSH = 0xb1;
const BPF_LD_H_IND = 0x48;
const BPF_JMP_JEQ_K = 0x15;
const BPF_RET_K = 0x06;
const everything = 0x40000;

/**
 * Lets the socket receive only packets with these words of 16 bits at these offsets behind the IP header, which raw
 * sockets of IPv4 see and those of IPv6 do not.
 */
export function receiveOnly(
	socket: Socket,
	words: readonly (readonly [offset: number, value: number])[],
): void {
	const start =
		socket.family === AF_INET6
			? { code: BPF_LDX_IMM, jt: 0, jf: 0, k: 0 }
			: { code: BPF_LDX_B_MSH, jt: 0, jf: 0, k: 0 };
	const tests = words.flatMap(([offset, value], index) => [
		{ code: BPF_LD_H_IND, jt: 0, jf: 0, k: offset },
		// To the last instruction, behind the two of each later test and the one that accepts.
		{ code: BPF_JMP_JEQ_K, jt: 0, jf: 2 * (words.length - 1 - index) + 1, k: value },
	]);
	const ends = [everything, 0].map((k) => ({ code: BPF_RET_K, jt: 0, jf: 0, k }));
	socket.set(so.attachFilter, [start, ...tests, ...ends]);
}
