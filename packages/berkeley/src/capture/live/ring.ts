/**
 * The ring of TPACKET_V3 (packet(7), Documentation/networking/packet_mmap.rst): memory that the kernel fills block by
 * block, and which is read where it lies. A word in each block says whose turn it is; no call is made.
 *
 * struct tpacket_block_desc: block_status at 8, num_pkts 12, offset_to_first_pkt 16. struct tpacket3_hdr, 48 bytes:
 * tp_next_offset at 0, tp_sec 4, tp_nsec 8, tp_snaplen 12, tp_len 16, tp_status 20, tp_mac 24 and tp_net 26 (16 bits),
 * tp_vlan_tci 32, tp_vlan_tpid 36 (16 bits); struct sockaddr_ll follows.
 */
import { TP_STATUS_USER } from "../../sys/linux/constants/packet.js";
import type { Mapping } from "../../sys/mapping.js";
import type { LivePacket, Notes } from "./packet.js";
import type { Source } from "./source.js";

/** The offsets by which the structures are read; a test compares them with the headers of C. */
export const ringLayout = {
	status: 8,
	count: 12,
	first: 16,
	next: 0,
	seconds: 4,
	nanoseconds: 8,
	size: 12,
	length: 16,
	packetStatus: 20,
	mac: 24,
	tci: 32,
	tpid: 36,
	address: 48,
	/** How far sockaddr_ll goes. */
	end: 68,
} as const;

interface Block {
	readonly bytes: Buffer;
	readonly words: Uint32Array;
	/** The same words, for atomic access: what the kernel wrote must be seen in order. */
	readonly shared: Int32Array;
}

function blockOf(memory: ArrayBuffer): Block {
	return { bytes: Buffer.from(memory), words: new Uint32Array(memory), shared: new Int32Array(memory) };
}

const statusWord = ringLayout.status / 4;

/** A ring as a source of packets. */
export class Ring implements Source {
	readonly packet: LivePacket;
	#given = 0;
	readonly #mapping: Mapping;
	readonly #blocks: Block[];
	/** Which block is read, or comes next. */
	#at = 0;
	/** Whether it is ours. */
	#held = false;
	/** How many packets in it were not read. */
	#left = 0;
	/** Where the next of them begins. */
	#next = 0;
	readonly #notes: Notes = {
		start: 0,
		size: 0,
		length: 0,
		seconds: 0,
		nanoseconds: 0,
		status: 0,
		tci: 0,
		tpid: 0,
	};

	constructor(mapping: Mapping, packet: LivePacket) {
		this.#mapping = mapping;
		this.packet = packet;
		this.#blocks = Array.from({ length: mapping.count }, (_, index) => blockOf(mapping.view(index)));
	}

	get given(): number {
		return this.#given;
	}

	advance(): number {
		for (let tries = this.#blocks.length; tries >= 0; tries--) {
			if (this.#left > 0 && this.#take()) return 1;
			if (this.#held) this.#giveBack();
			const { shared, words } = this.#blocks[this.#at] as Block;
			if ((Atomics.load(shared, statusWord) & TP_STATUS_USER) === 0) return 0;
			this.#held = true;
			this.#left = words[ringLayout.count / 4] as number;
			this.#next = words[ringLayout.first / 4] as number;
		}
		return 0;
	}

	release(): void {
		if (this.#held && this.#left === 0) this.#giveBack();
	}

	end(): void {
		this.#held = false;
		this.#left = 0;
		this.#mapping.end();
	}

	#giveBack(): void {
		let block = this.#blocks[this.#at] as Block;
		if (block.shared.length === 0) {
			// A handler has transferred the memory that it was shown.
			block = blockOf(this.#mapping.view(this.#at));
			this.#blocks[this.#at] = block;
		}
		this.#held = false;
		this.#left = 0;
		this.#at = this.#at + 1 === this.#blocks.length ? 0 : this.#at + 1;
		Atomics.store(block.shared, statusWord, 0);
	}

	/** The next packet of the block. A user may have written over what is there: then the block is given up. */
	#take(): boolean {
		const { bytes, words } = this.#blocks[this.#at] as Block;
		const at = this.#next;
		const word = at >>> 2;
		if ((at & 3) !== 0 || at + ringLayout.end > bytes.length) return this.#giveUp();
		const notes = this.#notes;
		const start = at + ((words[word + ringLayout.mac / 4] as number) & 0xffff);
		const size = words[word + ringLayout.size / 4] as number;
		if (start + size > bytes.length) return this.#giveUp();
		notes.start = start;
		notes.size = size;
		notes.length = words[word + ringLayout.length / 4] as number;
		notes.seconds = words[word + ringLayout.seconds / 4] as number;
		notes.nanoseconds = words[word + ringLayout.nanoseconds / 4] as number;
		notes.status = words[word + ringLayout.packetStatus / 4] as number;
		notes.tci = (words[word + ringLayout.tci / 4] as number) & 0xffff;
		notes.tpid = (words[word + ringLayout.tpid / 4] as number) & 0xffff;
		this.#left--;
		this.#next = at + (words[word + ringLayout.next / 4] as number);
		this.#given++;
		this.packet.move(bytes, notes, bytes, at + ringLayout.address);
		return true;
	}

	#giveUp(): boolean {
		this.#left = 0;
		return false;
	}
}
