/**
 * Blocks of IP addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3), for lists of who is let in.
 */
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { checkBytes, checkText } from "./bytes.js";
import { inetNtop } from "./inet.js";
import { packInet4, parseInet4 } from "./inet4.js";
import { isMapped, parseInet6 } from "./inet6.js";

/**
 * A block of addresses: `10.0.0.0/8`, `fe80::/10`, or one bare address.
 *
 * An IPv4-mapped IPv6 address (`::ffff:10.1.2.3`, what a dual-stack listener sees) is the IPv4 address that
 * it maps, here as in `contains`: a peer is in the same blocks whichever way it came. So `0.0.0.0/0` holds
 * every IPv4 peer, and `::/0` every peer that speaks IPv6.
 *
 * Netmasks written as addresses (`10.0.0.0/255.0.0.0`) and the short forms of inet_aton are not taken.
 */
export class Cidr {
	/** AF_INET or AF_INET6. */
	readonly family: typeof AF_INET | typeof AF_INET6;
	/** The length of the prefix in bits. */
	readonly prefix: number;
	readonly #bytes: Uint8Array;

	/**
	 * Reads a block.
	 * @throws RangeError when the text is none, or has bits set after its prefix, which is a typing error as a
	 * rule: the message names the block that was probably meant. Python's `ipaddress.ip_network`.
	 */
	constructor(text: string) {
		checkText(text, "a block of addresses");
		const slash = text.indexOf("/");
		const bytes = packed(slash < 0 ? text : text.slice(0, slash));
		if (bytes === undefined) throw malformed(text);
		let prefix = bytes.length * 8;
		if (slash >= 0) {
			const digits = text.slice(slash + 1);
			if (!/^[0-9]{1,3}$/.test(digits) || Number(digits) > prefix) {
				throw malformed(text, `the prefix is a number from 0 to ${prefix}`);
			}
			prefix = Number(digits);
		}
		const mapped = bytes.length === 16 && prefix >= 96 && isMapped(bytes);
		this.#bytes = mapped ? bytes.subarray(12) : bytes;
		this.prefix = mapped ? prefix - 96 : prefix;
		this.family = this.#bytes.length === 4 ? AF_INET : AF_INET6;
		const network = masked(this.#bytes, this.prefix);
		if (!network.every((byte, index) => byte === this.#bytes[index])) {
			const meant = `${inetNtop(this.family, network)}/${this.prefix}`;
			throw malformed(text, `bits are set after the prefix; ${meant} is the whole block`);
		}
	}

	/**
	 * Whether an address is in the block.
	 * @param address a numeric host, whose zone (`%eth0`) is not looked at, or 4 or 16 packed bytes
	 * @throws RangeError when it is no IP address
	 */
	contains(address: string | Uint8Array): boolean {
		const bytes = canonical(address);
		if (bytes.length !== this.#bytes.length) return false;
		const whole = this.prefix >> 3;
		for (let index = 0; index < whole; index++) if (bytes[index] !== this.#bytes[index]) return false;
		const rest = this.prefix & 7;
		if (rest === 0) return true;
		return (((bytes[whole] as number) ^ (this.#bytes[whole] as number)) & (0xff00 >> rest) & 0xff) === 0;
	}

	/** The block as text, always with its prefix: `192.0.2.1/32`. */
	toString(): string {
		return `${inetNtop(this.family, this.#bytes)}/${this.prefix}`;
	}
}

/** The packed bytes of an address in text, or undefined. */
function packed(text: string): Uint8Array | undefined {
	const address = parseInet4(text);
	if (address >= 0) return packInet4(address);
	const bytes = new Uint8Array(16);
	return parseInet6(text, bytes) ? bytes : undefined;
}

/** The bytes to compare: of an IPv4-mapped address the last four. */
function canonical(address: string | Uint8Array): Uint8Array {
	let bytes: Uint8Array | undefined;
	if (typeof address === "string") {
		const percent = address.indexOf("%");
		// Only an IPv6 address has a zone.
		const zoned = percent > 0 && address.includes(":");
		bytes = packed(zoned ? address.slice(0, percent) : address);
		if (bytes === undefined) throw new RangeError(`not a numeric IP address: ${JSON.stringify(address)}`);
	} else {
		checkBytes(address, "an address");
		if (address.length !== 4 && address.length !== 16) {
			throw new RangeError(`a packed IP address has 4 or 16 bytes, not ${address.length}`);
		}
		bytes = address;
	}
	return bytes.length === 16 && isMapped(bytes) ? bytes.subarray(12) : bytes;
}

function masked(bytes: Uint8Array, prefix: number): Uint8Array {
	return bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 0xff);
}

function malformed(text: string, why?: string): RangeError {
	const help = why ?? "write 10.0.0.0/8, fe80::/10 or one numeric address";
	return new RangeError(`not a block of IP addresses: ${JSON.stringify(text)}: ${help}`);
}
