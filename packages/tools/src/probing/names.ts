/**
 * Names of addresses, each looked up once.
 */
import { AF_INET, AF_INET6, AI_NUMERICHOST, getaddrinfo, getnameinfo, NI_NAMEREQD } from "berkeley";

/** How many names are remembered. */
const most = 4096;

/** The names of hosts, when they are wanted. */
export class Names {
	readonly #wanted: boolean;
	readonly #known = new Map<string, Promise<string | undefined>>();

	constructor(wanted: boolean) {
		this.#wanted = wanted;
	}

	/** The name of an address; undefined when it has none, or when names are not wanted. */
	async of(address: string): Promise<string | undefined> {
		if (!this.#wanted) return undefined;
		const known = this.#known.get(address) ?? lookUp(address);
		if (this.#known.size < most) this.#known.set(address, known);
		return known;
	}
}

async function lookUp(address: string): Promise<string | undefined> {
	try {
		const family = address.includes(":") ? AF_INET6 : AF_INET;
		const [info] = await getaddrinfo(address, 0, { family, flags: AI_NUMERICHOST });
		if (info === undefined) return undefined;
		const [name] = await getnameinfo(info.address, NI_NAMEREQD);
		return name;
	} catch {
		return undefined; // It has none, or whoever would know does not answer.
	}
}
