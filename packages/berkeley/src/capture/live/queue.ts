/**
 * The fallback without a ring: recvmsg(2), a call for each packet. Packets come one by one, as soon as they are there.
 */
import { findControl } from "../../sys/cmsg.js";
import { SOL_PACKET, SOL_SOCKET } from "../../sys/linux/constants/levels.js";
import { MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import { PACKET_AUXDATA } from "../../sys/linux/constants/packet.js";
import { SCM_TIMESTAMPNS } from "../../sys/linux/constants/scm.js";
import { EAGAIN, EINTR } from "../../sys/linux/errnos.js";
import { LentMemory } from "../../sys/memory.js";
import { MessageHeader } from "../../sys/msghdr.js";
import { sockaddrCapacity } from "../../sys/sockaddr.js";
import { recvmsg } from "../../sys/transfer.js";
import { headroom, type LivePacket, type Notes } from "./packet.js";
import type { Source } from "./source.js";

const controlRoom = 256;
// Less the runtime may keep in its heap, and move.
const leastSize = 4096;
const auxdataSize = 20;
const timespecSize = 16;

/** A socket's queue as a source of packets. */
export class Queue implements Source {
	readonly packet: LivePacket;
	#given = 0;
	readonly #header = new MessageHeader(1, controlRoom);
	// The runtime's own, and not native memory: a handler may transfer what it sees to another thread.
	#memory: LentMemory;
	readonly #size: number;
	readonly #notes: Notes = {
		start: headroom,
		size: 0,
		length: 0,
		seconds: 0,
		nanoseconds: 0,
		status: 0,
		tci: 0,
		tpid: 0,
	};

	constructor(snaplen: number, packet: LivePacket) {
		this.packet = packet;
		this.#size = Math.max(headroom + snaplen, leastSize);
		this.#memory = this.#makeMemory();
		this.#header.setIovCount(1);
	}

	#makeMemory(): LentMemory {
		const memory = new LentMemory(this.#size);
		this.#header.setIov(0, memory.address + headroom, this.#size - headroom);
		return memory;
	}

	get given(): number {
		return this.#given;
	}

	advance(fd: number): number {
		const header = this.#header;
		if (this.#memory.bytes.length < this.#size) this.#memory = this.#makeMemory();
		let count: number;
		do {
			header.setName(sockaddrCapacity);
			header.setControl(controlRoom);
			count = recvmsg(fd, header.address, MSG_TRUNC);
		} while (count === -EINTR);
		if (count === -EAGAIN) return 0;
		if (count < 0) return count;
		const notes = this.#notes;
		notes.size = Math.min(count, this.#size - headroom);
		notes.length = count;
		this.#readControl(header.control, header.controlLength);
		this.#given++;
		this.packet.move(this.#memory.bytes, notes, header.name, 0);
		return 1;
	}

	#readControl(control: Buffer, length: number): void {
		const notes = this.#notes;
		notes.status = 0;
		notes.tci = 0;
		notes.tpid = 0;
		const auxdata = findControl(control, length, SOL_PACKET, PACKET_AUXDATA, auxdataSize);
		if (auxdata >= 0) {
			notes.status = control.readUInt32LE(auxdata);
			notes.length = control.readUInt32LE(auxdata + 4);
			notes.tci = control.readUInt16LE(auxdata + 16);
			notes.tpid = control.readUInt16LE(auxdata + 18);
		}
		const time = findControl(control, length, SOL_SOCKET, SCM_TIMESTAMPNS, timespecSize);
		if (time < 0) return;
		notes.seconds = control.readUInt32LE(time) + control.readUInt32LE(time + 4) * 2 ** 32;
		notes.nanoseconds = control.readUInt32LE(time + 8);
	}

	release(): void {}

	end(): void {}
}
