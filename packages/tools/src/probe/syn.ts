/**
 * Probes TCP ports half-open: sends a SYN by a raw socket, and never accepts the connection (RFC 9293 section 3.5).
 *
 * The source port is bound by a socket that does not listen, so that no connection of this machine has it, and that
 * the kernel answers to a SYN/ACK with a reset, by which the other side forgets the attempt.
 */
import { randomInt } from "node:crypto";
import { AF_INET, ifIndextoname, SOCK_STREAM, Socket, type SocketError } from "berkeley";
import { icmpv4, icmpv6, ipv4, ipv6, type Packet, TH_ACK, TH_RST, TH_SYN, tcp } from "berkeley/packet";
import { srIter } from "berkeley/raw";
import { meaningOf } from "../probing/icmptext.js";
import { describeIcmp, type IcmpError } from "./icmp.js";
import type { Host, Targets } from "./targets.js";
import { inMilliseconds, inSeconds, type Verdict } from "./verdict.js";

/** How ports are probed half-open. */
export interface SynOptions {
	/** How long answers are waited for in all attempts, in milliseconds. */
	readonly timeout: number;
	readonly attempts: number;
	readonly parallel: number;
	readonly rate: number;
	readonly signal: AbortSignal;
}

/** Probes the ports of all hosts, and tells of each as soon as it is known. @throws SocketError EPERM */
export async function probeHalfOpen(
	targets: Targets,
	ports: readonly number[],
	{ timeout, attempts, parallel, rate, signal }: SynOptions,
	tell: (host: Host, verdict: Verdict) => Promise<void>,
): Promise<void> {
	using reserved: Socket = new Socket(targets.family, SOCK_STREAM);
	reserved.bind({ host: "", port: 0 });
	const { port: sourcePort } = reserved.getsockname() as { port: number };
	const [{ scopeId } = {}] = targets.hosts();
	// Those that wait for their verdict: the answers name packets by their number.
	const asked = new Map<number, [Host, port: number]>();

	function* packets() {
		let index = 0;
		for (const host of targets.hosts()) {
			for (const destinationPort of ports) {
				asked.set(index++, [host, destinationPort]);
				const network = {
					layer: targets.family === AF_INET ? ("ipv4" as const) : ("ipv6" as const),
					destination: host.host,
				};
				const segment = {
					sourcePort,
					destinationPort,
					sequence: randomInt(2 ** 32),
					flags: TH_SYN,
					window: 65535,
					// What every host can take: RFC 9293 section 3.7.1.
					options: [{ kind: "mss" as const, value: targets.family === AF_INET ? 536 : 1220 }],
				};
				yield [network, tcp(segment)];
			}
		}
	}

	const exchanges = srIter(packets(), {
		timeout: Math.ceil(timeout / attempts),
		retries: attempts - 1,
		outstanding: parallel,
		rate,
		signal,
		filter: `tcp dst port ${sourcePort} or icmp or icmp6`,
		...(scopeId !== undefined && { interface: ifIndextoname(scopeId) }),
	});
	for await (const [, reply, details] of exchanges) {
		const [host, port] = asked.get(details.index) as [Host, number];
		asked.delete(details.index);
		const found =
			details.error !== undefined
				? refused(details.error)
				: reply === undefined
					? silence(timeout, details.attempts)
					: answered(host, reply, (details as { rtt: number }).rtt);
		await tell(host, { port, attempts: details.attempts, ...found });
	}
}

type Found = Omit<Verdict, "port" | "attempts">;

/** What the kernel refused to send: nothing is learnt of the port. */
function refused(error: SocketError): Found {
	return { state: "unknown", reason: "local-error", evidence: error.message };
}

function silence(timeout: number, attempts: number): Found {
	const sent = attempts === 1 ? "a syn" : `${attempts} syns`;
	const evidence = `no answer to ${sent} in ${inSeconds(timeout)}`;
	return { state: "filtered", reason: "no-answer", evidence };
}

function answered(host: Host, reply: Packet, milliseconds: number): Found {
	const icmp = icmpErrorOf(reply);
	const time = `in ${inMilliseconds(milliseconds)}`;
	if (icmp !== undefined) {
		return {
			state: "filtered",
			reason: "icmp",
			evidence: `${describeIcmp(host, icmp)} ${time}`,
			milliseconds,
			icmp,
		};
	}
	const flags = reply.get(tcp)?.flags ?? 0;
	if ((flags & TH_RST) !== 0)
		return { state: "closed", reason: "reset", evidence: `rst ${time}`, milliseconds };
	// A SYN without ACK opens at the same time from the other side, which only an open port does.
	const what = (flags & TH_ACK) !== 0 ? "syn-ack" : "syn";
	return { state: "open", reason: "syn-ack", evidence: `${what} ${time}`, milliseconds };
}

function icmpErrorOf(reply: Packet): IcmpError | undefined {
	const four = reply.get(icmpv4);
	const six = reply.get(icmpv6);
	const version = four !== undefined ? 4 : 6;
	const found = four ?? six;
	if (found === undefined) return undefined;
	const { type, code } = found;
	const from = (version === 4 ? reply.get(ipv4) : reply.get(ipv6))?.source ?? "";
	return { version, type, code, meaning: meaningOf(version, type, code), from };
}
