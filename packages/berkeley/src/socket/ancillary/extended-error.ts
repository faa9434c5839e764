/**
 * struct sock_extended_err, which the error queue gives (MSG_ERRQUEUE; ip(7) under IP_RECVERR): errors that
 * routers and the local stack report, and completions of timestamps, zero-copy sends and timed sends.
 */
import type { Address } from "../../address/types.js";
import { errnoName } from "../../sys/linux/errnos.js";
import { anySockaddr } from "./addresses.js";

/** One entry of the error queue. */
export interface ExtendedError {
	/** The errno, positive as the kernel has it (ee_errno); 0 for a zero-copy completion. */
	errno: number;
	/** The errno's name: "ECONNREFUSED"; "" when errno is 0. */
	code: string;
	/** Where it comes from: SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_LOCAL, SO_EE_ORIGIN_TIMESTAMPING … (ee_origin). */
	origin: number;
	/** The type of the ICMP message (ee_type). */
	type: number;
	/** The code of the ICMP message, or SO_EE_CODE_* of a completion (ee_code). */
	subcode: number;
	/** The path's MTU for EMSGSIZE; SCM_TSTAMP_* for timestamps; the first of a range of zero-copy sends. */
	info: number;
	/** The key of the timestamped packet; the last of a range of zero-copy sends; for ICMP, see RFC 4884. */
	data: number;
	/** Who reported it, port 0; left out where there is nobody, as for local errors. */
	offender?: Address;
}

const SIZE = 16;

/** The entry in the data of an IP_RECVERR, IPV6_RECVERR or PACKET_TX_TIMESTAMP message. */
export function decodeExtendedError(data: Buffer): ExtendedError | undefined {
	if (data.length < SIZE) return undefined;
	const errno = data.readUInt32LE(0);
	const error: ExtendedError = {
		errno,
		code: errno === 0 ? "" : errnoName(errno),
		origin: data.readUInt8(4),
		type: data.readUInt8(5),
		subcode: data.readUInt8(6),
		info: data.readUInt32LE(8),
		data: data.readUInt32LE(12),
	};
	const offender = anySockaddr(data.subarray(SIZE));
	if (offender !== undefined) error.offender = offender;
	return error;
}
