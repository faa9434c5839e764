/**
 * Headers for what was seen without any: a socket's data as the packets that carry it, more or less.
 */
import {
	build,
	ipv4,
	ipv6,
	type LayerValue,
	TH_ACK,
	TH_FIN,
	TH_PUSH,
	TH_RST,
	TH_SYN,
	tcp,
	udp,
} from "../packet/index.js";

/** An end of a conversation: a numeric host, and a port. */
export interface End {
	/** A numeric address; "" and a zone are taken too. */
	readonly host: string;
	/** The port. */
	readonly port: number;
}

/** The most that a made-up packet carries: with the headers it must stay within the 65535 bytes of IP. */
export const largestPayload = 65_000;

/** The IP header between two ends. One that is IPv4 is shown within IPv6 if the other is that. */
export function ipBetween(source: End, destination: End, protocol?: number): LayerValue {
	const hosts = [source.host, destination.host].map((host) => host.replace(/%.*$/, ""));
	const [from = "", to = ""] = hosts;
	if (!hosts.some((host) => host.includes(":"))) {
		const numbered = protocol === undefined ? {} : { protocol };
		return ipv4({ ...numbered, source: from || "0.0.0.0", destination: to || "0.0.0.0" });
	}
	const mapped = hosts.map((host) => (host.includes(":") ? host : host === "" ? "::" : `::ffff:${host}`));
	const numbered = protocol === undefined ? {} : { nextHeader: protocol };
	return ipv6({ ...numbered, source: mapped[0] ?? "::", destination: mapped[1] ?? "::" });
}

/** A datagram as UDP over IP. */
export function udpPacket(source: End, destination: End, data: Uint8Array): Uint8Array {
	const ports = { sourcePort: source.port, destinationPort: destination.port };
	return build(ipBetween(source, destination), udp(ports), data);
}

/** Where a direction of a made-up connection stands. */
interface Side {
	readonly end: End;
	/** The number of the next byte. */
	next: number;
	ended: boolean;
}

/** A connection as TCP segments with the right numbers, so that Wireshark can follow it. */
export class MadeUpConnection {
	readonly #client: Side;
	readonly #server: Side;
	readonly #record: (packet: Uint8Array, fromClient: boolean, comment: string | undefined) => void;
	#begun = false;

	constructor(
		client: End,
		server: End,
		record: (packet: Uint8Array, fromClient: boolean, comment: string | undefined) => void,
	) {
		this.#client = { end: client, next: 0, ended: false };
		this.#server = { end: server, next: 0, ended: false };
		this.#record = record;
	}

	/** The three segments that a connection begins with; nothing the second time. */
	begin(): void {
		if (this.#begun) return;
		this.#begun = true;
		this.#segment(true, TH_SYN);
		this.#segment(false, TH_SYN | TH_ACK);
		this.#segment(true, TH_ACK);
	}

	/** Data that one of them sends. */
	data(fromClient: boolean, data: Uint8Array, comment?: string): void {
		this.begin();
		for (let at = 0; at < data.length; at += largestPayload) {
			const part = data.subarray(at, at + largestPayload);
			this.#segment(fromClient, TH_ACK | TH_PUSH, part, at === 0 ? comment : undefined);
		}
	}

	/** One of them sends nothing more. */
	end(fromClient: boolean, comment?: string): void {
		this.begin();
		const side = fromClient ? this.#client : this.#server;
		if (side.ended) return;
		side.ended = true;
		this.#segment(fromClient, TH_FIN | TH_ACK, undefined, comment);
	}

	/** One of them resets the connection, if it has not ended. */
	reset(fromClient: boolean, comment?: string): void {
		this.begin();
		if (this.#client.ended && this.#server.ended) return;
		this.#client.ended = true;
		this.#server.ended = true;
		this.#segment(fromClient, TH_RST | TH_ACK, undefined, comment);
	}

	#segment(fromClient: boolean, flags: number, data?: Uint8Array, comment?: string): void {
		const [from, to] = fromClient ? [this.#client, this.#server] : [this.#server, this.#client];
		const header = tcp({
			sourcePort: from.end.port,
			destinationPort: to.end.port,
			sequence: from.next,
			acknowledgment: (flags & TH_ACK) === 0 ? 0 : to.next,
			flags,
		});
		const parts = data === undefined ? [] : [data];
		this.#record(build(ipBetween(from.end, to.end), header, ...parts), fromClient, comment);
		// SYN and FIN count as a byte each.
		const counted = (data?.length ?? 0) + ((flags & (TH_SYN | TH_FIN)) === 0 ? 0 : 1);
		from.next = (from.next + counted) % 2 ** 32;
	}
}
