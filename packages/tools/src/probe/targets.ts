/**
 * The hosts that a person names: a name, an address, or a block of addresses.
 */
import { type Address, AF_INET, AF_INET6, Cidr, getaddrinfo, inetNtop, inetPton, SOCK_DGRAM } from "berkeley";
import { Failure, Misuse } from "../failure.js";
import { familyOf } from "../transfer/resolve.js";

/** Whom to probe. */
export interface Targets {
	/** As they were given. */
	readonly text: string;
	readonly family: typeof AF_INET | typeof AF_INET6;
	/** How many hosts there are. */
	readonly count: number;
	/** The name, where one was given. */
	readonly name?: string | undefined;
	/** The addresses, one after another. */
	hosts(): Generator<Host>;
}

/** One of them, without a port. */
export interface Host {
	readonly host: string;
	/** The interface of a link-local IPv6 address. */
	readonly scopeId?: number;
}

/** The address of a host's port. */
export function addressAt(
	{ host, scopeId }: Host,
	port: number,
): Exclude<Address, string> & { host: string } {
	return scopeId === undefined ? { host, port } : { host, port, scopeId };
}

/**
 * Whom the text means: of a name the first address, of a block all but the IPv4 network's own and its broadcast.
 * @param version 4 or 6 for addresses of that version only
 * @throws GaiError for a name that has no address; Misuse for a block that is none, or of the other version
 */
export async function findTargets(
	text: string,
	version: 4 | 6 | undefined,
	signal: AbortSignal,
): Promise<Targets> {
	return text.includes("/") ? blockOf(text, version) : resolve(text, version, signal);
}

async function resolve(text: string, version: 4 | 6 | undefined, signal: AbortSignal): Promise<Targets> {
	const options = { family: familyOf(version), type: SOCK_DGRAM, signal };
	const found = await getaddrinfo(text, 0, options);
	for (const { family, address } of found) {
		if (family !== AF_INET && family !== AF_INET6) continue;
		const { host, scopeId } = address as { host: string; scopeId?: number };
		const one: Host = scopeId === undefined || scopeId === 0 ? { host } : { host, scopeId };
		return {
			family,
			text,
			count: 1,
			name: host === text ? undefined : text,
			*hosts() {
				yield one;
			},
		};
	}
	throw new Failure(`${text} has no address`);
}

function blockOf(text: string, version: 4 | 6 | undefined): Targets {
	let block: Cidr;
	try {
		block = new Cidr(text);
	} catch (error) {
		throw new Misuse((error as Error).message, { cause: error });
	}
	const { family, prefix } = block;
	const isInet4 = family === AF_INET;
	if (version !== undefined && isInet4 !== (version === 4)) {
		throw new Misuse(`${text} is no block of IPv${version} addresses`);
	}
	const bits = (isInet4 ? 32 : 128) - prefix;
	const first = toNumber(inetPton(family, block.toString().split("/")[0] ?? ""));
	// In a block of two (RFC 3021) or one, both ends are hosts.
	const ends = isInet4 && bits > 1 ? 1n : 0n;
	const count = (1n << BigInt(bits)) - 2n * ends;
	return {
		family,
		text,
		count: Number(count),
		*hosts() {
			for (let index = 0n; index < count; index++) {
				yield { host: inetNtop(family, toBytes(first + ends + index, isInet4 ? 4 : 16)) };
			}
		},
	};
}

function toNumber(bytes: Uint8Array): bigint {
	return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function toBytes(value: bigint, length: number): Buffer {
	return Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
}
