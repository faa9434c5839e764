/**
 * The timeout that new sockets begin with.
 */
import { checkTimeout } from "../arguments.js";

let defaultTimeout: number | null = null;

/** The timeout of sockets made from now on, in milliseconds; null, the first value, waits without end. */
export function getdefaulttimeout(): number | null {
	return defaultTimeout;
}

/**
 * Sets the timeout of sockets made from now on in this thread, in milliseconds; 0 makes them non-blocking, null
 * lets them wait without end. Python's setdefaulttimeout().
 */
export function setdefaulttimeout(timeout: number | null): void {
	defaultTimeout = checkTimeout("timeout", timeout);
}
