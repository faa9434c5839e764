/**
 * Where the successor of a process finds it: a Unix socket that nobody else can use. Its file has mode 0600, in a
 * directory that others cannot write in; and whoever connects is looked at (SO_PEERCRED, unix(7)), which is all
 * that protects an abstract name.
 */
import { chmodSync, lstatSync, statSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { checkText, kindOf } from "../../address/bytes.js";
import { SocketError, socketError } from "../../errors.js";
import { type Credentials, peercred } from "../../options/so.js";
import { Socket } from "../../socket/socket.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { SOCK_SEQPACKET } from "../../sys/linux/constants/types.js";
import { EACCES, EADDRINUSE } from "../../sys/linux/errnos.js";
import type { Channel } from "./protocol.js";

// Processes that wait to be asked for what they want: one is served after the other.
const backlog = 64;

/** Requires what can name a meeting place. */
export function checkPlace(path: unknown): asserts path is string {
	checkText(path, "path");
	if (path === "" || path === "\0")
		throw new RangeError("path must not be empty: successors could not find it");
}

/** The listening socket of a meeting place, and whether its file is this process's to remove. */
export class MeetingPlace {
	/** The path, or the abstract name with its NUL. */
	readonly path: string;
	/** Where successors come in. */
	readonly listener: Channel;
	#inode: number | undefined;

	private constructor(path: string, listener: Channel) {
		this.path = path;
		this.listener = listener;
		this.#inode = inodeOf(path);
	}

	/**
	 * Makes the meeting place. A file that nobody listens on any more is replaced.
	 * @throws SocketError EACCES when others may write in the directory, EADDRINUSE when somebody listens there or
	 *   the file is no socket; and as bind(2) does
	 */
	static open(path: string): MeetingPlace {
		if (!path.startsWith("\0")) checkDirectory(path);
		const listener = new Socket(AF_UNIX, SOCK_SEQPACKET);
		try {
			bindTo(listener, path);
			// Nobody can connect before it listens.
			if (!path.startsWith("\0")) chmodSync(path, 0o600);
			listener.listen(backlog);
			return new MeetingPlace(path, listener);
		} catch (error) {
			listener.close();
			throw error;
		}
	}

	/** The meeting place of a predecessor, which passed its listening socket. */
	static inherit(path: string, listener: Channel): MeetingPlace {
		// From now on it is this process that SO_PEERCRED tells of.
		listener.listen(backlog);
		return new MeetingPlace(path, listener);
	}

	/** Closes it. @param passed whether a successor has it, and its file, from now on */
	close(passed = false): void {
		if (this.listener.closed) return;
		this.listener.close();
		if (passed || this.#inode === undefined || inodeOf(this.path) !== this.#inode) return;
		this.#inode = undefined;
		unlinkSync(this.path);
	}
}

/** The connection to whoever offers at a path; undefined when nobody does. */
export async function visit(
	path: string,
	timeout: number | null,
	signal?: AbortSignal,
): Promise<Channel | undefined> {
	const channel = new Socket(AF_UNIX, SOCK_SEQPACKET);
	try {
		await channel.connect(path, { timeout, signal });
		return channel;
	} catch (error) {
		channel.close();
		if (isNobody(error)) return undefined;
		throw error;
	}
}

/**
 * The other end's process, when it may take part: one of the same user, of root or of the user that is named.
 * @throws SocketError EACCES for all others
 */
export function checkPeer(channel: Channel, subject: string, user: number | undefined): Credentials {
	const peer = channel.get(peercred);
	const own = process.geteuid?.();
	if (peer.uid === own || peer.uid === 0 || peer.uid === user) return peer;
	const advice = `process ${peer.pid} is of user ${peer.uid}, this one of user ${own}: name it by { user: ${peer.uid} } if you trust it`;
	throw socketError("SO_PEERCRED", -EACCES, { subject, advice });
}

/** Requires a user's number, or nothing. */
export function checkUser(user: unknown): asserts user is number | undefined {
	if (user === undefined || (Number.isInteger(user) && (user as number) >= 0)) return;
	throw new TypeError(
		`user must be the number of a user, not ${typeof user === "number" ? user : kindOf(user)}`,
	);
}

/** Whether nobody listens there, or the file is not there. */
function isNobody(error: unknown): boolean {
	return error instanceof SocketError && (error.code === "ECONNREFUSED" || error.code === "ENOENT");
}

function bindTo(listener: Channel, path: string): void {
	try {
		listener.bind(path);
		return;
	} catch (error) {
		if (!(error instanceof SocketError) || error.code !== "EADDRINUSE") throw error;
	}
	if (!removeAbandoned(path, SOCK_SEQPACKET)) {
		const advice = isSocketFile(path)
			? "another process listens there: takeOver() asks for its sockets"
			: "the file is no socket: remove it, or use another path";
		throw socketError("handover", -EADDRINUSE, { address: path, advice });
	}
	listener.bind(path);
}

/**
 * Removes the file of a Unix socket that nobody has open any more.
 * @param type the type of the socket
 * @returns whether it was one, and is gone
 */
export function removeAbandoned(path: string, type: number): boolean {
	if (path === "" || path.startsWith("\0") || !isSocketFile(path)) return false;
	using probe = new Socket(AF_UNIX, type);
	try {
		probe.connectSync(path, { timeout: 0 });
		return false;
	} catch (error) {
		if (!isNobody(error)) return false;
	}
	unlinkSync(path);
	return true;
}

/** Whether what bears the name is a socket; an abstract name always is one's. */
function isSocketFile(path: string): boolean {
	if (path.startsWith("\0")) return true;
	try {
		return lstatSync(path).isSocket();
	} catch {
		return false;
	}
}

/** Requires that nobody else can put a file in the place of the socket's. */
function checkDirectory(path: string): void {
	const directory = dirname(path);
	let status: ReturnType<typeof statSync>;
	try {
		status = statSync(directory);
	} catch {
		return; // bind(2) says what is wrong with it.
	}
	const own = process.geteuid?.();
	const mode = (status.mode & 0o7777).toString(8).padStart(4, "0");
	if (status.uid !== own && status.uid !== 0) {
		const advice = `its directory ${directory} belongs to user ${status.uid}: use one of the program's own`;
		throw socketError("handover", -EACCES, { address: path, advice });
	}
	if ((status.mode & 0o022) !== 0) {
		const advice = `others may write in its directory ${directory} (mode ${mode}): use one of the program's own, of mode 0700`;
		throw socketError("handover", -EACCES, { address: path, advice });
	}
}

function inodeOf(path: string): number | undefined {
	if (path.startsWith("\0")) return undefined;
	try {
		return lstatSync(path).ino;
	} catch {
		return undefined;
	}
}
