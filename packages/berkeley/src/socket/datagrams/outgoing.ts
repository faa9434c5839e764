/**
 * Datagrams that are to be sent and stand in no batch: checked, and made ready.
 */
import { kindOf } from "../../address/bytes.js";
import type { Address } from "../../address/types.js";
import { checkAddress, snapshot } from "../../address/validate.js";
import { type Bytes, sizeOf, toBytes } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { needsResolving } from "../../resolve/resolveaddress.js";
import type { ControlMessage } from "../../sys/cmsg.js";
import { encodeSockaddr, sockaddrCapacity } from "../../sys/sockaddr.js";
import { encodeAncillary } from "../ancillary.js";
import type { ReadyDatagram } from "../operations/sendmany.js";
import { checkDatagramOptions, type DatagramOptions } from "./batch.js";
import { segmentControl } from "./core.js";
import { Datagram } from "./datagram.js";

/** A datagram for sendMany(). */
export interface OutgoingDatagram<A extends Address = Address> extends DatagramOptions {
	/** The data. Do not change them before they are sent. */
	data: Bytes;
	/** Where it goes; the connected peer when left out. A host name is resolved first. */
	address?: A | undefined;
}

/** A datagram whose address may still be a name. */
export interface CheckedDatagram {
	bytes: Uint8Array;
	address: Address | undefined;
	control: readonly ControlMessage[];
	segmented: boolean;
}

const none: readonly ControlMessage[] = [];

/** Checks everything that does not need the kernel or a resolver. `segmentSize` is for those that have none. */
export function checkDatagrams(family: number, input: unknown, segmentSize: number): CheckedDatagram[] {
	if (
		typeof input !== "object" ||
		input === null ||
		!(Symbol.iterator in input) ||
		ArrayBuffer.isView(input)
	) {
		throw new TypeError(`sendMany takes a DatagramBatch or an array of datagrams, not ${kindOf(input)}`);
	}
	const common = segmentSize > 0 ? [segmentControl(segmentSize)] : none;
	// One object as the address of many datagrams is looked at once.
	let given: unknown;
	let address: Address | undefined;
	return Array.from(input as Iterable<Bytes | OutgoingDatagram>, (each): CheckedDatagram => {
		if (isPlain(each)) {
			return {
				bytes: toBytes("sendMany", each),
				address: undefined,
				control: common,
				segmented: segmentSize > 0,
			};
		}
		if (typeof each !== "object" || each === null || !("data" in each)) {
			throw new TypeError(`a datagram must be bytes or { data, address }, not ${kindOf(each)}`);
		}
		if (each.address === undefined) {
			given = undefined;
			address = undefined;
		} else if (each.address !== given) {
			checkAddress(family, each.address);
			given = each.address;
			address = snapshot(each.address);
		}
		const own = checkDatagramOptions(family, each).segmentSize || segmentSize;
		// What came with a received datagram is not for the one that goes out.
		const { ancillary } = each instanceof Datagram ? { ancillary: undefined } : each;
		const control = ancillary === undefined ? none : encodeAncillary(ancillary);
		return {
			bytes: toBytes("sendMany", each.data),
			address,
			control: own > 0 ? [...control, segmentControl(own)] : control,
			segmented: own > 0,
		};
	});
}

function isPlain(each: Bytes | OutgoingDatagram): each is Bytes {
	return typeof each === "string" || ArrayBuffer.isView(each) || each instanceof ArrayBuffer;
}

/** The different addresses whose hosts are names. */
export function unresolved(family: number, datagrams: readonly CheckedDatagram[]): Set<Address> {
	const names = new Set<Address>();
	let last: Address | undefined;
	for (const { address } of datagrams) {
		if (address === last || address === undefined) continue;
		last = address;
		if (needsResolving(family, address)) names.add(address);
	}
	return names;
}

/** Writes the addresses; `resolved` says which stand for those with names. */
export function makeReady(
	family: number,
	datagrams: readonly CheckedDatagram[],
	resolved: ReadonlyMap<Address, Address>,
): ReadyDatagram[] {
	let last: Address | undefined;
	let sockaddr: Uint8Array | undefined;
	return datagrams.map(({ bytes, address, control, segmented }) => {
		if (address !== undefined && address !== last) {
			last = address;
			sockaddr = encoded(family, resolved.get(address) ?? address);
		}
		return {
			bytes,
			size: sizeOf(bytes),
			address,
			sockaddr: address === undefined ? undefined : sockaddr,
			control,
			segmented,
		};
	});
}

const room = Buffer.alloc(sockaddrCapacity);

function encoded(family: number, address: Address): Uint8Array {
	const length = encodeSockaddr(family, address, room);
	if (length < 0) throw socketError("sendmmsg", length, { address });
	return new Uint8Array(room.subarray(0, length));
}
