/**
 * How many connections a server takes, of all clients together and of each, and how many bytes they move.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import { checkTimeout } from "../arguments.js";
import { Gate } from "../socket/gate.js";
import { meter } from "../socket/metered.js";
import type { Socket } from "../socket/socket.js";
import { checkRate, type Rate, TokenBucket } from "../socket/tokenbucket.js";
import { ClientBuckets, type ClientRate } from "./clientbuckets.js";

/**
 * Limits by token buckets; what is left out has none. A server of datagrams takes each datagram for a connection,
 * and limits no bytes. Servers with workers limit the bytes of each connection, in the workers, but not those of all.
 */
export interface ServerLimits {
	/** How many connections may come, from all clients together. */
	connections?: Rate | undefined;
	/** How many may come from each client: from each block of addresses. */
	connectionsPerClient?: ClientRate | undefined;
	/**
	 * What happens beyond these two. 0, when left out, refuses: the connection is closed at once. Else it is held until
	 * it is its turn, if that is within so many milliseconds, and refused if not; null holds for as long as it takes.
	 * What is held counts as being handled, against `maxConnections` for example, and the timeouts run.
	 */
	longestDelay?: number | null | undefined;
	/** How many bytes are received, on all connections together. */
	bytesReceived?: Rate | undefined;
	/** How many bytes are sent, on all connections together. */
	bytesSent?: Rate | undefined;
	/** How many bytes are received on each connection. */
	bytesReceivedPerConnection?: Rate | undefined;
	/** How many bytes are sent on each connection. */
	bytesSentPerConnection?: Rate | undefined;
}

const bytes = ["bytesReceived", "bytesSent", "bytesReceivedPerConnection", "bytesSentPerConnection"] as const;

/** Requires limits that can be kept. Whether there are limits on bytes. Internal. */
export function checkServerLimits(limits: ServerLimits): boolean {
	if (typeof limits !== "object" || limits === null) {
		throw new TypeError(`limits must be an object or null, not ${kindOf(limits)}`);
	}
	const { connections, connectionsPerClient, longestDelay } = limits;
	if (connections !== undefined) checkRate("limits.connections", connections);
	if (connectionsPerClient !== undefined) {
		checkRate("limits.connectionsPerClient", connectionsPerClient);
		const { ipv4Prefix, ipv6Prefix, clients } = connectionsPerClient;
		checkInteger(ipv4Prefix ?? 32, 0, 32, "limits.connectionsPerClient: ipv4Prefix");
		checkInteger(ipv6Prefix ?? 64, 0, 128, "limits.connectionsPerClient: ipv6Prefix");
		checkInteger(clients ?? 1, 1, 2 ** 23, "limits.connectionsPerClient: clients");
	}
	checkTimeout("limits.longestDelay", longestDelay ?? null);
	for (const name of bytes) {
		const rate = limits[name];
		if (rate !== undefined) checkRate(`limits.${name}`, rate);
	}
	return bytes.some((name) => limits[name] !== undefined);
}

function gates(...rates: (Gate | undefined)[]): Gate[] {
	return rates.filter((gate) => gate !== undefined);
}

function gate(rate: Rate | undefined): Gate | undefined {
	return rate && new Gate(rate);
}

/** What is left of limits for workers, in which each connection is counted for itself. Internal. */
export function limitsOfEach(limits: ServerLimits | null): ServerLimits | null {
	if (limits === null) return null;
	const { bytesReceivedPerConnection, bytesSentPerConnection } = limits;
	if (bytesReceivedPerConnection === undefined && bytesSentPerConnection === undefined) return null;
	return { bytesReceivedPerConnection, bytesSentPerConnection };
}

/** A connection with its own bytes limited: the one given is closed then. Internal. */
export function meterConnection<Family extends number>(
	connection: Socket<Family>,
	{ bytesReceivedPerConnection, bytesSentPerConnection }: ServerLimits,
	received?: Gate,
	sent?: Gate,
): Socket<Family> {
	return meter(connection, {
		received: gates(gate(bytesReceivedPerConnection), received),
		sent: gates(gate(bytesSentPerConnection), sent),
	});
}

/** What one server counts by its limits. Internal. */
export class Limiter {
	/** What it was made of. */
	readonly limits: ServerLimits;
	/** Whether there are limits on bytes. */
	readonly limitsBytes: boolean;
	readonly #connections: TokenBucket | undefined;
	readonly #clients: ClientBuckets | undefined;
	readonly #received: Gate | undefined;
	readonly #sent: Gate | undefined;

	constructor(limits: ServerLimits) {
		this.limitsBytes = checkServerLimits(limits);
		this.limits = limits;
		const { connections, connectionsPerClient } = limits;
		this.#connections = connections && new TokenBucket(connections);
		this.#clients = connectionsPerClient && new ClientBuckets(connectionsPerClient);
		this.#received = gate(limits.bytesReceived);
		this.#sent = gate(limits.bytesSent);
	}

	/**
	 * Counts a connection.
	 * @returns for how many milliseconds to hold it; below 0 when it is refused, which costs no tokens
	 */
	admit(clientAddress: Address | undefined): number {
		const all = this.#connections;
		const own = this.#clients?.of(clientAddress);
		const delay = Math.max(all?.waitFor(1) ?? 0, own?.waitFor(1) ?? 0);
		const { longestDelay = 0 } = this.limits;
		if (delay > 0 && longestDelay !== null && delay > longestDelay) return -1;
		all?.take(1);
		own?.take(1);
		return delay;
	}

	/** The connection with its bytes limited, where they are: the one given is closed then. */
	meter<Family extends number>(connection: Socket<Family>): Socket<Family> {
		if (!this.limitsBytes) return connection;
		return meterConnection(connection, this.limits, this.#received, this.#sent);
	}
}
