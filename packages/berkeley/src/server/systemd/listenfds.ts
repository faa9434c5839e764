/**
 * Sockets that systemd has opened for this process: socket activation, sd_listen_fds(3).
 */
import { type PassedFd, PassedSockets, setCloseOnExec } from "../passedsockets.js";
import { type EnvironmentOptions, invalid, numberFrom, unset } from "./environment.js";

/** The first descriptor that systemd passes: SD_LISTEN_FDS_START. */
const firstFd = 3;

const variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"];

/**
 * The descriptors that systemd passed, in the order of the unit's ListenStream= and the like, with their names
 * (FileDescriptorName=, the unit's name by default); none when the variables are not there or are meant for another
 * process. They are not inheritable from then on. sd_listen_fds_with_names(3).
 * @throws SocketError EINVAL when LISTEN_PID, LISTEN_FDS or LISTEN_FDNAMES make no sense, EBADF when a descriptor is
 *   not open
 */
export function sdListenFds(options: EnvironmentOptions = {}): PassedFd[] {
	try {
		const pid = numberFrom("LISTEN_PID");
		if (pid !== process.pid) return [];
		const count = numberFrom("LISTEN_FDS") ?? 0;
		const text = process.env.LISTEN_FDNAMES;
		const names = text === undefined ? Array<string>(count).fill("unknown") : text.split(":");
		if (count > 0 && names.length !== count) {
			throw invalid("LISTEN_FDNAMES", `it should have as many names as LISTEN_FDS says: ${count}`);
		}
		const passed = names.slice(0, count).map((name, index) => ({ fd: firstFd + index, name }));
		for (const { fd, name } of passed) {
			setCloseOnExec(fd, `descriptor ${fd}, ${JSON.stringify(name)}, of LISTEN_FDS`);
		}
		return passed;
	} finally {
		unset(options, variables);
	}
}

/**
 * The sockets that systemd passed, to be served from: `serve(address, handler, { socket: systemdSockets()?.socket() })`
 * or `server.adopt(socket)`.
 * @returns undefined when it passed none: the program binds its own
 * @throws as sdListenFds()
 */
export function systemdSockets(options: EnvironmentOptions = {}): PassedSockets | undefined {
	const passed = sdListenFds(options);
	return passed.length === 0 ? undefined : new PassedSockets("systemd", passed);
}
