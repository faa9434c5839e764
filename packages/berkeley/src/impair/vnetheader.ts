/**
 * What comes before a frame with PACKET_VNET_HDR: struct virtio_net_hdr of <linux/virtio_net.h>, in the machine's byte
 * order. It tells what the kernel has left to the hardware.
 */
import { checksum } from "../packet/index.js";
import type { PacketAuxdata } from "../socket/ancillary.js";

/** Its size. */
export const headerSize = 10;

const needsChecksum = 1;
const minimumEthernet = 14;
const defaultTpid = 0x8100;

/** A frame as it would be on a cable. */
export interface WholeFrame {
	/** The frame, with its VLAN tag, and with its checksums where it is not cut by the hardware. */
	readonly frame: Uint8Array;
	/** What it is to be sent with. */
	readonly header: Uint8Array;
}

/** Reads the header, and does what is left to do: computes the checksum, and puts the VLAN tag back. */
export function wholeFrame(received: Buffer, auxdata: PacketAuxdata | undefined): WholeFrame {
	const header = new Uint8Array(headerSize);
	if (received.length < headerSize + minimumEthernet) {
		return { frame: new Uint8Array(received.subarray(headerSize)), header };
	}
	const isCut = received.readUInt8(1) !== 0;
	const start = received.readUInt16LE(6);
	const at = start + received.readUInt16LE(8);
	let frame: Uint8Array = new Uint8Array(received.subarray(headerSize));
	if (isCut) {
		header.set(received.subarray(0, headerSize));
	} else if ((received.readUInt8(0) & needsChecksum) !== 0 && at + 2 <= frame.length) {
		// In the field stands the sum of the pseudo-header. 0 would mean none in UDP.
		const sum = checksum(frame, start) || 0xffff;
		frame[at] = sum >>> 8;
		frame[at + 1] = sum & 0xff;
	}
	const tci = auxdata?.vlanTci;
	if (tci === undefined) return { frame, header };
	const tpid = auxdata?.vlanTpid ?? defaultTpid;
	const tagged = new Uint8Array(frame.length + 4);
	tagged.set(frame.subarray(0, 12));
	tagged.set([tpid >>> 8, tpid & 0xff, tci >>> 8, tci & 0xff], 12);
	tagged.set(frame.subarray(12), 16);
	frame = tagged;
	if (isCut) {
		// Where the headers end, and where the sum begins, moves with the tag.
		const view = new DataView(header.buffer);
		for (const offset of [2, 6]) view.setUint16(offset, view.getUint16(offset, true) + 4, true);
	}
	return { frame, header };
}
