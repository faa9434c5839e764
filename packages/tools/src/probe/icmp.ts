/**
 * Why a probe failed, as the socket's error queue tells it: which ICMP error came, and from whom (IP_RECVERR of ip(7),
 * IPV6_RECVERR of ipv6(7)).
 */
import {
	type Address,
	AF_INET,
	AF_INET6,
	type ExtendedError,
	IP_RECVERR,
	IPPROTO_IP,
	IPPROTO_IPV6,
	IPV6_RECVERR,
	ip,
	ipv6,
	MSG_DONTWAIT,
	MSG_ERRQUEUE,
	type ReceivedMessage,
	SO_EE_ORIGIN_ICMP,
	SO_EE_ORIGIN_ICMP6,
	SOCK_DGRAM,
	Socket,
} from "berkeley";
import { codeOf } from "../failure.js";
import { meaningOf } from "../probing/icmptext.js";
import type { Host } from "./targets.js";

/** An ICMP error that answered to a packet. */
export interface IcmpError {
	readonly version: 4 | 6;
	readonly type: number;
	readonly code: number;
	/** What the type and the code mean. */
	readonly meaning: string;
	/** Who sent it. */
	readonly from: string;
}

/** An entry of the error queue. */
export interface QueuedError {
	/** The ICMP error; undefined where the error is this machine's own. */
	readonly icmp: IcmpError | undefined;
	/** What the error quotes of the packet's payload. */
	readonly quoted: Buffer;
	/** Where the packet was sent to. */
	readonly destination: Address | undefined;
}

/** Lets a socket queue its errors. */
export function queueErrors(socket: Socket): void {
	if (socket.family === AF_INET6) socket.set(ipv6.recverr, true);
	else socket.set(ip.recverr, true);
}

// An error quotes what was sent, and one that Linux sends at most 576 bytes.
const quotedSize = 1500;
const controlSize = 512;

/** Takes the next entry out of a socket's error queue; undefined when there is none. */
export function takeError(socket: Socket): QueuedError | undefined {
	try {
		return entryOf(socket.recvmsgSync(quotedSize, controlSize, MSG_ERRQUEUE | MSG_DONTWAIT));
	} catch (error) {
		if (codeOf(error) === "EAGAIN") return undefined;
		throw error;
	}
}

/** Waits for the next ICMP error. @throws the signal's reason; SocketError EBADF when the socket is closed */
export async function nextIcmpError(socket: Socket, signal: AbortSignal): Promise<IcmpError> {
	for (;;) {
		const message = await socket.recvmsg(quotedSize, controlSize, MSG_ERRQUEUE, { signal, timeout: null });
		const { icmp } = entryOf(message);
		if (icmp !== undefined) return icmp;
	}
}

function entryOf({ data, ancillary, address }: ReceivedMessage): QueuedError {
	let icmp: IcmpError | undefined;
	for (const { level, type, value } of ancillary) {
		if (level === IPPROTO_IP && type === IP_RECVERR) icmp = icmpOf(4, value as ExtendedError);
		if (level === IPPROTO_IPV6 && type === IPV6_RECVERR) icmp = icmpOf(6, value as ExtendedError);
	}
	return { icmp, quoted: data, destination: address };
}

function icmpOf(version: 4 | 6, { origin, type, subcode, offender }: ExtendedError): IcmpError | undefined {
	const wanted = version === 4 ? SO_EE_ORIGIN_ICMP : SO_EE_ORIGIN_ICMP6;
	if (origin !== wanted || typeof offender !== "object" || !("host" in offender)) return undefined;
	return { version, type, code: subcode, meaning: meaningOf(version, type, subcode), from: offender.host };
}

/** An ICMP error in words. */
export function describeIcmp(host: Host, icmp: IcmpError): string {
	const name = `icmp${icmp.version === 6 ? "v6" : ""} ${icmp.meaning}`;
	if (icmp.from === host.host) return `${name} from the host`;
	// The kernel tells itself by ICMP that a neighbour does not answer.
	if (isOwn(icmp)) return `${name} from this machine: the host does not answer on its link`;
	return `${name} from ${icmp.from}`;
}

/** Whether an address is this machine's: nobody else's can be bound. */
function isOwn({ version, from }: IcmpError): boolean {
	using socket = new Socket(version === 4 ? AF_INET : AF_INET6, SOCK_DGRAM);
	try {
		socket.bind({ host: from, port: 0 });
		return true;
	} catch {
		return false;
	}
}
