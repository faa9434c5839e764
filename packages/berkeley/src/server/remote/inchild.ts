/**
 * What a child process does: it handles requests that a server sends over the channel, until the channel ends.
 */
import type { Address } from "../../address/types.js";
import { socketError } from "../../errors.js";
import { Socket } from "../../socket/socket.js";
import { fcntl, write } from "../../sys/descriptors.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { F_SETFD, FD_CLOEXEC } from "../../sys/linux/constants/fcntl.js";
import { PR_SET_PDEATHSIG } from "../../sys/linux/constants/prctl.js";
import { SOCK_SEQPACKET } from "../../sys/linux/constants/types.js";
import { EMFILE } from "../../sys/linux/errnos.js";
import { prctl } from "../../sys/linux/prctl.js";
import { Channel } from "./channel.js";
import { errorData } from "./errors.js";
import { RemoteHost } from "./host.js";
import type { Order, RemoteSetup, Report } from "./messages.js";

/** What a server tells a child. */
export type ChildRequest =
	/**
	 * The first message. With it come the eventfd(2) in which the child is to count the requests that it begins, and,
	 * for datagrams, the server's socket.
	 */
	| { readonly do: "start"; readonly setup: RemoteSetup }
	/** A connection, whose descriptor comes with it. */
	| {
			readonly do: "serve";
			readonly id: number;
			readonly clientAddress: Address;
			readonly family: number;
			readonly type: number;
			readonly proto: number;
			readonly timeout: number | null;
	  }
	/** A datagram. */
	| { readonly do: "serve"; readonly id: number; readonly clientAddress: Address; readonly data: Uint8Array }
	| Order;

/** Where a child finds its end of the channel: behind the standard streams. */
const channelFd = 3;
const SIGKILL = 9;
const one = new BigInt64Array([1n]);

/** Serves the server that has started this process for it. Internal. */
export async function serveInChild(): Promise<void> {
	// A handler that holds up the event loop does not see that the channel has ended.
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	// Programs that handlers start have no business with it.
	fcntl(channelFd, F_SETFD, FD_CLOEXEC);
	const socket = new Socket(AF_UNIX, SOCK_SEQPACKET, 0, { fileno: channelFd });
	await new Child(await Channel.over<Report, ChildRequest>(socket)).run();
}

class Child {
	readonly #channel: Channel<Report, ChildRequest>;
	#host: RemoteHost | undefined = undefined;
	/** Whether a request was ended before its handler was through, which may be at work still. */
	#gaveUp = false;
	#left = false;
	#begun = -1;
	#reported: Promise<void> = Promise.resolve();

	constructor(channel: Channel<Report, ChildRequest>) {
		this.#channel = channel;
		// Ctrl-C in a terminal, and the SIGTERM of a service manager, reach all processes of a server: it is the server
		// that knows when its children are to end. Handlers that were given up have had their time by then.
		process.on("SIGINT", () => {});
		process.on("SIGTERM", () => {
			if (this.#gaveUp) process.exit();
			this.#report({ did: "retire" });
		});
	}

	/** Fulfilled when it is to leave, but has something to finish. */
	async run(): Promise<void> {
		for (;;) {
			const arrived = await this.#channel.receive();
			if (this.#left) return;
			// The server is gone.
			if (arrived === undefined) process.exit();
			const { message, fds } = arrived;
			if (message.do === "start") await this.#start(message.setup, fds);
			else if (message.do === "serve") this.#serve(message, fds[0]);
			else this.#obey(message);
		}
	}

	async #start(setup: RemoteSetup, [begun, fileno]: readonly number[]): Promise<void> {
		this.#begun = begun as number;
		this.#host = await RemoteHost.start(setup, {
			socket: fileno === undefined ? undefined : new Socket(setup.family, setup.type, undefined, { fileno }),
			report: (report) => this.#report(report),
			leave: () => void this.#reported.then(() => this.#leave()),
		});
	}

	#serve(message: ChildRequest & { do: "serve" }, fileno: number | undefined): void {
		write(this.#begun, one, 8);
		const { id, clientAddress } = message;
		if ("data" in message) {
			const { buffer, byteOffset, byteLength } = message.data;
			this.#host?.serve(id, Buffer.from(buffer, byteOffset, byteLength), clientAddress);
			return;
		}
		if (fileno === undefined) {
			// The kernel leaves descriptors out for which there is no room.
			this.#report({ did: "fail", id, error: errorData(socketError("recvmsg", -EMFILE)) });
			return;
		}
		const { family, type, proto, timeout } = message;
		const request = new Socket(family, type, proto, { fileno });
		request.settimeout(timeout);
		this.#host?.serve(id, request, clientAddress);
	}

	#obey(order: Order): void {
		if (order.do === "end" && (this.#host?.active ?? 0) > 0) this.#gaveUp = true;
		this.#host?.obey(order);
	}

	#report(report: Report): void {
		// In order. What the server does not hear any more is of no consequence: it is gone.
		this.#reported = this.#reported.then(() => this.#channel.send(report)).catch(() => {});
	}

	#leave(): void {
		// A handler that was given up may have something to clear away: it has the time that the server gives it.
		if (!this.#gaveUp) process.exit();
		this.#left = true;
		// Not closed: Deno takes whatever has the number next for what it was at the beginning.
		this.#channel.end();
	}
}
