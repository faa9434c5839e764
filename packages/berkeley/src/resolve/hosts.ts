/**
 * The older look-ups of hosts: gethostbyname and gethostbyaddr, and getfqdn, which is made of them.
 * `getaddrinfo` and `getnameinfo` know IPv6 throughout and are to be preferred.
 */
import { inetNtop } from "../address/inet.js";
import { SocketError, socketError } from "../errors.js";
import { AF_INET, AF_INET6, EAI_NONAME, SOCK_DGRAM } from "../sys/linux/constants/index.js";
import { ERANGE } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import { gethostbyaddrR, gethostbynameR, type Lookup } from "../sys/netdb.js";
import { type Hostent, hostent, readHostent } from "../sys/netdbstructs.js";
import { hostText } from "./arguments.js";
import { gaiError, statusOfHerrno } from "./gaierror.js";
import { addrinfoSteps } from "./getaddrinfo.js";
import type { LookupOptions } from "./getnameinfo.js";
import { gethostname } from "./hostname.js";
import { run, runSync, type Steps } from "./steps.js";

/** What is known of a host: its name, its other names, its addresses as text. */
export type HostInfo = [hostname: string, aliases: string[], addresses: string[]];

/**
 * The first IPv4 address of a host: "127.0.0.1". Python's gethostbyname. Does not block. "" gives "0.0.0.0",
 * "<broadcast>" gives "255.255.255.255", an address itself.
 * @throws GaiError with the codes of `getaddrinfo`
 */
export async function gethostbyname(host: string, options: LookupOptions = {}): Promise<string> {
	return run(byName(host), options.signal);
}

/** `gethostbyname` that blocks the thread: same arguments, results and errors. */
export function gethostbynameSync(host: string): string {
	return runSync(byName(host));
}

/**
 * A host's canonical name, its aliases and all its IPv4 addresses. Python's gethostbyname_ex,
 * gethostbyname(3). Does not block.
 * @throws GaiError: EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_NODATA for the h_errno of the C function
 */
export async function gethostbynameEx(host: string, options: LookupOptions = {}): Promise<HostInfo> {
	return run(byNameEx(host), options.signal);
}

/** `gethostbynameEx` that blocks the thread: same arguments, results and errors. */
export function gethostbynameExSync(host: string): HostInfo {
	return runSync(byNameEx(host));
}

/**
 * The names of the host that has an address. Python's gethostbyaddr, gethostbyaddr(3). Does not block.
 * @param host an IPv4 or IPv6 address, or a name, of which the first address is taken
 * @throws GaiError: EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_NODATA
 */
export async function gethostbyaddr(host: string, options: LookupOptions = {}): Promise<HostInfo> {
	return run(byAddress(host), options.signal);
}

/** `gethostbyaddr` that blocks the thread: same arguments, results and errors. */
export function gethostbyaddrSync(host: string): HostInfo {
	return runSync(byAddress(host));
}

/**
 * The full name of a host, with its domain: of its canonical name and its aliases the first that has a dot,
 * else the canonical name, else the name that was given. Python's getfqdn. Does not block.
 * @param name "" (the default), "0.0.0.0" and "::" mean this host
 */
export async function getfqdn(name: string = "", options: LookupOptions = {}): Promise<string> {
	return run(fullName(name), options.signal);
}

/** `getfqdn` that blocks the thread: same arguments and results. */
export function getfqdnSync(name: string = ""): string {
	return runSync(fullName(name));
}

function* byName(host: string): Steps<string> {
	if (host === "") return "0.0.0.0";
	if (host === "<broadcast>") return "255.255.255.255";
	const hints = { flags: 0, family: AF_INET, type: SOCK_DGRAM, proto: 0 };
	const [first] = yield* addrinfoSteps("gethostbyname", host, null, hints);
	return addressText(first?.sockaddr);
}

function* byNameEx(host: string): Steps<HostInfo> {
	return yield* hostSteps("gethostbyname", host, gethostbynameR, Buffer.from(`${hostText(host)}\0`), []);
}

function* byAddress(host: string): Steps<HostInfo> {
	const hints = { flags: 0, family: 0, type: SOCK_DGRAM, proto: 0 };
	const [first] = yield* addrinfoSteps("gethostbyaddr", host, null, hints);
	const bytes = addressBytes(first?.sockaddr);
	const family = bytes.length === 4 ? AF_INET : AF_INET6;
	return yield* hostSteps("gethostbyaddr", host, gethostbyaddrR, bytes, [bytes.length, family]);
}

function* fullName(name: string): Steps<string> {
	const given = hostText(name).trim();
	const host = given === "" || given === "0.0.0.0" || given === "::" ? gethostname() : given;
	try {
		const [hostname, aliases] = yield* byAddress(host);
		return [hostname, ...aliases].find((each) => each.includes(".")) ?? hostname;
	} catch (error) {
		if (error instanceof SocketError) return host;
		throw error;
	}
}

const NETDB_INTERNAL = -1;

/**
 * The steps of gethostbyname_r and gethostbyaddr_r, which differ in what they begin with.
 * @param key the name or the address, of which C is given the location
 * @param about what C is given behind that
 */
function* hostSteps<Between extends number[]>(
	syscall: string,
	host: string,
	libc: Lookup<
		[
			key: number,
			...about: Between,
			hostent: number,
			buffer: number,
			size: number,
			result: number,
			herrno: number,
		]
	>,
	key: Buffer,
	about: Between,
): Steps<HostInfo> {
	const resultAt = hostent.size;
	const herrnoAt = resultAt + 8;
	const keyAt = herrnoAt + 8;
	const bufferAt = (keyAt + key.length + 7) & ~7;
	// The C functions want a buffer of the caller's, and say that it is too small rather than how large it must be.
	for (let size = 4096; ; size *= 2) {
		const memory = new NativeMemory(bufferAt + size);
		memory.bytes.set(key, keyAt);
		const base = memory.address;
		const args = [
			base + keyAt,
			...about,
			base,
			base + bufferAt,
			size,
			base + resultAt,
			base + herrnoAt,
		] as const;
		const errno = yield { memory, here: () => libc.here(...args), inPool: () => libc.inPool(...args) };
		if (memory.view.getBigUint64(resultAt, true) !== 0n) return hostInfo(readHostent(base));
		const herrno = memory.view.getInt32(herrnoAt, true);
		if (herrno !== NETDB_INTERNAL) {
			const status = statusOfHerrno(herrno);
			const advice = status === EAI_NONAME ? "neither /etc/hosts nor a name server knows it" : undefined;
			throw gaiError(syscall, status, { subject: host || '""', address: host, advice });
		}
		if (errno !== ERANGE) throw socketError(syscall, -errno, { address: host });
	}
}

function hostInfo({ name, aliases, family, addresses }: Hostent): HostInfo {
	return [name, aliases, addresses.map((bytes) => inetNtop(family, bytes))];
}

/** The address inside a sockaddr_in or sockaddr_in6: 4 or 16 bytes. */
function addressBytes(sockaddr: Buffer | undefined): Buffer {
	if (sockaddr === undefined) throw new Error("getaddrinfo succeeded without a result");
	return sockaddr.length < 28 ? sockaddr.subarray(4, 8) : sockaddr.subarray(8, 24);
}

function addressText(sockaddr: Buffer | undefined): string {
	const bytes = addressBytes(sockaddr);
	return inetNtop(bytes.length === 4 ? AF_INET : AF_INET6, bytes);
}
