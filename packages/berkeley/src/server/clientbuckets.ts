/**
 * A token bucket for each client, in bounded memory.
 */
import { parseInet4 } from "../address/inet4.js";
import { isMapped, parseInet6 } from "../address/inet6.js";
import type { Address } from "../address/types.js";
import { type Rate, TokenBucket } from "../socket/tokenbucket.js";

/** How many connections each client may make, and what a client is. */
export interface ClientRate extends Rate {
	/** How many leading bits of an IPv4 address tell a client, 0 to 32; 32 when left out. */
	ipv4Prefix?: number | undefined;
	/** The same of an IPv6 address, 0 to 128; 64 when left out, for that is what one subscriber has at least. */
	ipv6Prefix?: number | undefined;
	/**
	 * Of how many clients the server keeps account; 65536 when left out. When there are more, the one that has been
	 * quiet for longest is forgotten, and begins anew.
	 */
	clients?: number | undefined;
}

const scratch = new Uint8Array(16);

/** The buckets of a server's clients. */
export class ClientBuckets {
	readonly #rate: ClientRate;
	readonly #clock: (() => number) | undefined;
	readonly #ipv4Mask: number;
	readonly #ipv6Prefix: number;
	readonly #most: number;
	/** In the order in which the clients were last heard of. */
	readonly #buckets = new Map<number | string, TokenBucket>();

	constructor(rate: ClientRate, clock?: () => number) {
		const { ipv4Prefix = 32, ipv6Prefix = 64, clients = 65536 } = rate;
		this.#rate = rate;
		this.#clock = clock;
		// A shift by 32 would be none.
		this.#ipv4Mask = ipv4Prefix === 0 ? 0 : -1 << (32 - ipv4Prefix);
		this.#ipv6Prefix = ipv6Prefix;
		this.#most = clients;
	}

	/** Of how many clients there is a bucket. */
	get size(): number {
		return this.#buckets.size;
	}

	/** The bucket of a client; undefined where an address says nothing of who it is, as that of a Unix socket. */
	of(address: Address | undefined): TokenBucket | undefined {
		if (typeof address !== "object" || !("host" in address)) return undefined;
		const key = this.#keyOf(address.host);
		if (key === undefined) return undefined;
		const buckets = this.#buckets;
		let bucket = buckets.get(key);
		if (bucket === undefined) {
			bucket = new TokenBucket({ ...this.#rate, clock: this.#clock });
			this.#forget();
		} else {
			buckets.delete(key);
		}
		buckets.set(key, bucket);
		return bucket;
	}

	/** Makes room. A bucket that is full again is as good as none; those stand among the first, a few at a time. */
	#forget(): void {
		let allowance = 2;
		for (const [key, bucket] of this.#buckets) {
			const isOver = this.#buckets.size >= this.#most;
			if (!isOver && (allowance-- === 0 || !bucket.full)) return;
			this.#buckets.delete(key);
		}
	}

	/** What clients of one block have in common. */
	#keyOf(host: string): number | string | undefined {
		const inet4 = parseInet4(host);
		if (inet4 >= 0) return inet4 & this.#ipv4Mask;
		const zone = host.indexOf("%");
		if (!parseInet6(zone < 0 ? host : host.slice(0, zone), scratch)) return undefined;
		// What a dual-stack listener sees of a client that speaks IPv4.
		if (isMapped(scratch)) return new DataView(scratch.buffer).getInt32(12) & this.#ipv4Mask;
		const prefix = this.#ipv6Prefix;
		const whole = prefix >> 3;
		let key = String.fromCharCode(...scratch.subarray(0, whole));
		if (prefix & 7) key += String.fromCharCode((scratch[whole] as number) & (0xff00 >> (prefix & 7)));
		return key;
	}
}
