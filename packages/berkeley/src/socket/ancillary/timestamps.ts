/**
 * The timestamps among the ancillary messages (socket(7), Documentation/networking/timestamping.rst). Whether
 * the kernel gives a struct timeval or a struct timespec, a time is { seconds, nanoseconds } here.
 */

/**
 * A point in time since the epoch of its clock: 1970 for software timestamps, the card's own for hardware ones.
 * Timestamps in microseconds (SO_TIMESTAMP) come with nanoseconds that are a multiple of 1000.
 */
export interface Timestamp {
	/** Whole seconds since the clock's beginning. */
	seconds: number;
	/** 0 to 999999999. */
	nanoseconds: number;
}

/** What SO_TIMESTAMPING gives; a timestamp that was not taken is left out. */
export interface Timestamps {
	/** When the kernel handled the packet, CLOCK_REALTIME. */
	software?: Timestamp;
	/** When the network card did, on the clock of the card. */
	hardware?: Timestamp;
}

const SIZE = 16;

/** A struct timeval of two 64-bit integers. */
export function decodeTimeval(data: Buffer): Timestamp | undefined {
	if (data.length < SIZE) return undefined;
	return { seconds: Number(data.readBigInt64LE(0)), nanoseconds: Number(data.readBigInt64LE(8)) * 1000 };
}

/** A struct timespec of two 64-bit integers. */
export function decodeTimespec(data: Buffer): Timestamp | undefined {
	if (data.length < SIZE) return undefined;
	return { seconds: Number(data.readBigInt64LE(0)), nanoseconds: Number(data.readBigInt64LE(8)) };
}

/** A struct scm_timestamping: three timespecs, of which the second is no longer used. */
export function decodeTimestamping(data: Buffer): Timestamps | undefined {
	const software = decodeTimespec(data);
	const hardware = decodeTimespec(data.subarray(2 * SIZE));
	if (software === undefined || hardware === undefined) return undefined;
	return { ...(isSet(software) && { software }), ...(isSet(hardware) && { hardware }) };
}

function isSet(time: Timestamp): boolean {
	return time.seconds !== 0 || time.nanoseconds !== 0;
}
