/**
 * `link()`: a cable with faults between two interfaces.
 */
import { checkText } from "../address/bytes.js";
import type { CapturedInterface } from "../capture/captured.js";
import type { SocketError } from "../errors.js";
import * as packet from "../options/packet.js";
import { rcvbuf } from "../options/so.js";
import { ifNametoindex } from "../resolve/interfaces.js";
import { Socket } from "../socket/socket.js";
import { AF_PACKET } from "../sys/linux/constants/families.js";
import { ETH_P_ALL, PACKET_MR_PROMISC } from "../sys/linux/constants/index.js";
import { SOCK_RAW } from "../sys/linux/constants/types.js";
import { injectors, type Plan } from "./injector.js";
import { Line, type LineStatistics } from "./line.js";
import { checkOptions, checkSignal, closeBy, type RelayOptions } from "./options.js";
import { commentOn, Trace } from "./trace.js";
import type { RelayDirection } from "./udpproxy.js";
import { wholeFrame } from "./vnetheader.js";

/** What a link has done. */
export interface LinkStatistics extends Readonly<Record<RelayDirection, LineStatistics>> {
	/** How often an interface refused to send, or was down. */
	readonly errors: number;
}

// A frame that the hardware is to cut has up to 64 KiB, and the headers.
const largestFrame = 0x10000 + 256;
const controlSize = 64;
const wantedBuffer = 4 * 1024 * 1024;

interface End {
	readonly socket: Socket<typeof AF_PACKET>;
	readonly interface: CapturedInterface;
	readonly line: Line<Uint8Array>;
}

/** A cable between two interfaces of this machine: each frame that comes in at one goes out at the other. */
export class Link {
	/** The seed, for a run like this one. */
	readonly seed: number;
	/** Fulfilled when it is closed; rejected when it cannot receive any more, or with what a function of the plan throws. */
	readonly ended: Promise<void>;
	readonly #ends: readonly [End, End];
	readonly #trace: Trace;
	readonly #forgetSignal: () => void;
	#errors = 0;

	/** As link() makes it. */
	constructor(one: string, other: string, plan: Plan<RelayDirection>, options: RelayOptions = {}) {
		checkText(one, "link: the first interface");
		checkText(other, "link: the second interface");
		if (one === other) throw new TypeError(`link: both ends are ${JSON.stringify(one)}`);
		const { seed, log, trace } = checkOptions(options, ["signal"]);
		const { there, back } = injectors(plan, ["there", "back"], seed);
		checkSignal(options.signal);
		this.seed = seed;
		this.#trace = new Trace(trace);
		const first = openEnd(one);
		let second: Socket<typeof AF_PACKET>;
		try {
			second = openEnd(other);
		} catch (error) {
			first.close();
			throw error;
		}
		const line = (injector: typeof there, to: Socket, from: CapturedInterface): Line<Uint8Array> =>
			new Line(
				injector,
				{
					deliver: (frame, header, verdict, copy) => {
						this.#record(frame, from, commentOn(verdict, copy));
						return to.send(Buffer.concat([header, frame])).catch(() => {
							this.#errors += 1;
						});
					},
					lose: (frame, _, verdict) => this.#record(frame, from, commentOn(verdict)),
				},
				log,
			);
		const interfaces = [one, other].map((name) => ({ index: ifNametoindex(name), name }));
		const [firstInterface, secondInterface] = interfaces as [CapturedInterface, CapturedInterface];
		this.#ends = [
			{ socket: first, interface: firstInterface, line: line(there, second, firstInterface) },
			{ socket: second, interface: secondInterface, line: line(back, first, secondInterface) },
		];
		this.#forgetSignal = closeBy(options.signal, () => this.close());
		this.ended = Promise.all(this.#ends.map((end) => this.#relay(end))).then(() => {});
	}

	/** What passed: `there` from the first interface to the second. */
	get statistics(): LinkStatistics {
		const [first, second] = this.#ends;
		return { there: first.line.statistics, back: second.line.statistics, errors: this.#errors };
	}

	/** Waits until no frame waits any more. */
	async drained(): Promise<void> {
		await Promise.all(this.#ends.map(({ line }) => line.drained()));
	}

	/** Pulls the plug: what waits is lost. */
	close(): void {
		this.#forgetSignal();
		for (const { socket, line } of this.#ends) {
			line.close();
			socket.close();
		}
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	async #relay({ socket, line }: End): Promise<void> {
		while (!socket.closed) {
			try {
				const { data, ancillary } = await socket.recvmsg(largestFrame, controlSize);
				const auxdata = ancillary.find((message) => message.name === "PACKET_AUXDATA");
				const { frame, header } = wholeFrame(
					data,
					auxdata?.name === "PACKET_AUXDATA" ? auxdata.value : undefined,
				);
				line.put(frame, header);
			} catch (error) {
				if (socket.closed) return;
				this.#errors += 1;
				// Told once; when the interface is up again frames come again.
				if ((error as SocketError).code === "ENETDOWN") continue;
				this.close();
				throw error;
			}
		}
	}

	#record(frame: Uint8Array, from: CapturedInterface, comment: string | undefined): void {
		if (!this.#trace.records) return;
		this.#trace.record(new Uint8Array(frame), "ethernet", { interface: from, direction: "in", comment });
	}
}

/** A socket that gets every frame that comes in at an interface, and none that goes out there. */
function openEnd(name: string): Socket<typeof AF_PACKET> {
	const index = ifNametoindex(name);
	// Of no protocol: nothing comes before all is set.
	const socket = new Socket(AF_PACKET, SOCK_RAW, 0);
	try {
		socket.settimeout(null);
		socket.set(rcvbuf, wantedBuffer);
		socket.set(packet.ignoreOutgoing, true);
		socket.set(packet.auxdata, true);
		socket.set(packet.vnetHdr, true);
		socket.set(packet.addMembership, { interface: index, type: PACKET_MR_PROMISC });
		socket.bind({ interface: name, protocol: ETH_P_ALL });
		return socket;
	} catch (error) {
		socket.close();
		throw error;
	}
}

/**
 * Joins two interfaces of this machine by a cable with faults: what tc-netem(8) does, by seed, and with a log. Frames
 * that come in at the first go out at the second, and the other way round. It needs CAP_NET_RAW.
 *
 *     using cable = link("veth1", "veth2", { there: { loss: { every: 3 } }, back: { delay: { time: 20, jitter: 5 } } });
 *
 * The interfaces are the ends of cables to others, as those of veth pairs, and should have no addresses, or this
 * machine takes part. Checksums that the kernel has left to the hardware are filled in, and VLAN tags put back. Frames
 * that it has left to the hardware to cut (TSO, GSO) pass whole and count as one; where that is not wanted, switch
 * these offloads off at the hosts, by setOffload() of `berkeley/interfaces`. TUN and TAP devices are not opened by it; a TAP that exists is an interface.
 * @param plan impairments for either direction, "there" from the first to the second; or `replay(log)`
 * @throws SocketError EPERM without CAP_NET_RAW, ENODEV, ENETDOWN; TypeError, RangeError for what is no plan
 */
export function link(
	one: string,
	other: string,
	plan: Plan<RelayDirection>,
	options: RelayOptions = {},
): Link {
	return new Link(one, other, plan, options);
}
