/**
 * What a service tells systemd: sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names; and what systemd
 * tells it: sd_watchdog_enabled(3), sd_booted(3).
 */
import { lstatSync } from "node:fs";
import { kindOf } from "../../address/bytes.js";
import type { WaitOptions } from "../../arguments.js";
import { check, socketError } from "../../errors.js";
import type { AncillaryInput, DescriptorInput } from "../../socket/ancillary.js";
import { Socket } from "../../socket/socket.js";
import { CLOCK_MONOTONIC, clockGettime } from "../../sys/clock.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../../sys/linux/constants/levels.js";
import { SCM_RIGHTS } from "../../sys/linux/constants/scm.js";
import { SOCK_DGRAM } from "../../sys/linux/constants/types.js";
import { EAFNOSUPPORT } from "../../sys/linux/errnos.js";
import { type EnvironmentOptions, invalid, numberFrom, unset } from "./environment.js";

/**
 * What to tell systemd: an object as `{ READY: 1, STATUS: "serving" }`, whose values are numbers, text without line
 * breaks, or true for 1; or the lines as sd_notify(3) takes them, `"READY=1\nSTATUS=serving"`.
 */
export type NotifyState = string | Readonly<Record<string, string | number | bigint | true | undefined>>;

/** How sdNotify() tells it. */
export interface NotifyOptions extends EnvironmentOptions, WaitOptions {
	/** Descriptors that systemd is to keep for the next start of the service: with FDSTORE=1. */
	fds?: readonly DescriptorInput[] | undefined;
}

/**
 * Tells systemd how the service is: READY=1, RELOADING=1, to which MONOTONIC_USEC is added, STOPPING=1, STATUS=…,
 * ERRNO=…, MAINPID=…, WATCHDOG=1, FDSTORE=1 with FDNAME=…, EXTEND_TIMEOUT_USEC=… sd_notify(3).
 * @returns false when nobody wants to know: NOTIFY_SOCKET is not set
 * @throws SocketError EAFNOSUPPORT when NOTIFY_SOCKET is neither a path nor an abstract name, ENOENT, ECONNREFUSED …
 */
export async function sdNotify(state: NotifyState, options: NotifyOptions = {}): Promise<boolean> {
	const text = linesOf(state);
	const address = notifySocket();
	unset(options, ["NOTIFY_SOCKET"]);
	if (address === undefined) return false;
	using socket = new Socket(AF_UNIX, SOCK_DGRAM);
	const { timeout, signal } = options;
	await socket.sendmsg([text], rights(options), 0, address, {
		...(timeout !== undefined && { timeout }),
		...(signal !== undefined && { signal }),
	});
	return true;
}

/** The blocking twin of `sdNotify`. */
export function sdNotifySync(state: NotifyState, options: NotifyOptions = {}): boolean {
	const text = linesOf(state);
	const address = notifySocket();
	unset(options, ["NOTIFY_SOCKET"]);
	if (address === undefined) return false;
	using socket = new Socket(AF_UNIX, SOCK_DGRAM);
	const { timeout } = options;
	socket.sendmsgSync([text], rights(options), 0, address, timeout === undefined ? {} : { timeout });
	return true;
}

/**
 * How often systemd wants to see WATCHDOG=1: the milliseconds after which it takes the service for hung; null when it
 * does not want it from this process. Send it at half that time. sd_watchdog_enabled(3).
 * @throws SocketError EINVAL when WATCHDOG_USEC or WATCHDOG_PID is no number
 */
export function sdWatchdogEnabled(options: EnvironmentOptions = {}): number | null {
	try {
		const pid = numberFrom("WATCHDOG_PID");
		if (pid !== undefined && pid !== process.pid) return null;
		return watchdogInterval();
	} finally {
		unset(options, ["WATCHDOG_USEC", "WATCHDOG_PID"]);
	}
}

/** The watchdog's time, for whatever process it is meant. */
export function watchdogInterval(): number | null {
	const interval = numberFrom("WATCHDOG_USEC");
	if (interval === undefined) return null;
	if (interval === 0) throw invalid("WATCHDOG_USEC", "it should be more than 0");
	return interval / 1000;
}

/** Whether this machine was booted with systemd. sd_booted(3). */
export function sdBooted(): boolean {
	try {
		return lstatSync("/run/systemd/system").isDirectory();
	} catch {
		return false;
	}
}

function notifySocket(): string | undefined {
	const text = process.env.NOTIFY_SOCKET;
	if (text === undefined || text === "") return undefined;
	if (text.startsWith("/")) return text;
	if (text.startsWith("@") && text.length > 1) return `\0${text.slice(1)}`;
	throw socketError("sd_notify", -EAFNOSUPPORT, {
		subject: `environment NOTIFY_SOCKET=${text}`,
		advice: "it should be an absolute path, or an abstract name with @ in front",
	});
}

function rights({ fds = [] }: NotifyOptions): AncillaryInput[] {
	if (!Array.isArray(fds)) throw new TypeError(`fds must be an array of descriptors, not ${kindOf(fds)}`);
	return fds.length === 0 ? [] : [{ level: SOL_SOCKET, type: SCM_RIGHTS, value: [...fds] }];
}

function linesOf(state: NotifyState): string {
	const lines =
		typeof state === "string" ? state.split("\n").filter((line) => line !== "") : assignments(state);
	if (lines.length === 0) throw new RangeError("state must say something, as { READY: 1 }");
	for (const line of lines) {
		if (/^[A-Z][A-Z0-9_]*=/.test(line)) continue;
		throw new RangeError(`state must consist of lines as READY=1, not ${JSON.stringify(line)}`);
	}
	if (lines.includes("RELOADING=1") && !lines.some((line) => line.startsWith("MONOTONIC_USEC="))) {
		lines.push(`MONOTONIC_USEC=${monotonicMicroseconds()}`);
	}
	return lines.join("\n");
}

function assignments(state: Exclude<NotifyState, string>): string[] {
	if (typeof state !== "object" || state === null) {
		throw new TypeError(`state must be text or an object as { READY: 1 }, not ${kindOf(state)}`);
	}
	const lines: string[] = [];
	for (const [name, value] of Object.entries(state)) {
		if (value === undefined) continue;
		const text = value === true ? "1" : String(value);
		if (text.includes("\n")) {
			throw new RangeError(`${name} must be one line: systemd takes the next one for another assignment`);
		}
		lines.push(`${name}=${text}`);
	}
	return lines;
}

function monotonicMicroseconds(): bigint {
	const time = new BigInt64Array(2);
	check("clock_gettime", clockGettime(CLOCK_MONOTONIC, time));
	const [seconds = 0n, nanoseconds = 0n] = time;
	return seconds * 1_000_000n + nanoseconds / 1000n;
}
