/**
 * getaddrinfo: from a host and a service to the addresses that a socket can connect or bind to.
 */
import type { Address, AddressOf } from "../address/types.js";
import { AF_INET, AF_INET6, AI_NUMERICHOST, EAI_NONAME } from "../sys/linux/constants/index.js";
import { NativeMemory } from "../sys/memory.js";
import { freeaddrinfo, getaddrinfo as libc } from "../sys/netdb.js";
import { type Addrinfo, addrinfo, type Hints, readAddrinfos, writeHints } from "../sys/netdbstructs.js";
import { decodeSockaddr } from "../sys/sockaddr.js";
import { checkInt, hostText, serviceText } from "./arguments.js";
import { type GaiContext, gaiError } from "./gaierror.js";
import { run, runSync, type Steps } from "./steps.js";

/** The families that names resolve to. */
export type InternetFamily = typeof AF_INET | typeof AF_INET6;

/** The family of the results, from the family that was asked for: both when that is left open. */
export type ResolvedFamily<Family extends number> = Family extends InternetFamily ? Family : InternetFamily;

/** One way to reach a service: what to give to `new Socket()` and to `connect()`. */
export interface AddressInfo<Family extends InternetFamily = InternetFamily> {
	/** AF_INET or AF_INET6. */
	family: Family;
	/** SOCK_STREAM, SOCK_DGRAM or SOCK_RAW. */
	type: number;
	/** IPPROTO_TCP, IPPROTO_UDP … */
	proto: number;
	/** The host's canonical name: with AI_CANONNAME and in the first result only, else "". */
	canonname: string;
	/** The address, with the port. */
	address: AddressOf<Family>;
}

/** What getaddrinfo is to look for; what is left out is open. */
export interface GetaddrinfoOptions<Family extends number = number> {
	/** AF_INET, AF_INET6 or AF_UNSPEC (0, the default): both. */
	family?: Family | undefined;
	/** SOCK_STREAM, SOCK_DGRAM or SOCK_RAW; 0, the default, gives one result for each. */
	type?: number | undefined;
	/** IPPROTO_TCP, IPPROTO_UDP …; 0, the default, for any. */
	proto?: number | undefined;
	/** AI_PASSIVE, AI_CANONNAME, AI_NUMERICHOST, AI_NUMERICSERV, AI_ADDRCONFIG, AI_V4MAPPED, AI_ALL. */
	flags?: number | undefined;
}

/** The same, for the form that does not block. */
export interface AsyncGetaddrinfoOptions<Family extends number = number> extends GetaddrinfoOptions<Family> {
	/** Aborts the wait: the promise rejects with the signal's reason. */
	signal?: AbortSignal | undefined;
}

/**
 * Translates a host and a service into addresses, in the order in which to try them. Python's getaddrinfo,
 * getaddrinfo(3), RFC 3493. Does not block: the C library looks on a thread of the runtime's pool.
 * @param host a name, an IPv4 or IPv6 address (a zone may follow as `%eth0`), or null for the loopback
 *   addresses, and with AI_PASSIVE for the wildcard addresses. A name that is not ASCII is put into IDNA form
 * @param port a number, the name of a service ("http"), or null for 0
 * @throws GaiError: EAI_NONAME (not known), EAI_AGAIN (no answer), EAI_NODATA and EAI_ADDRFAMILY (no address of
 *   the family), EAI_SERVICE, EAI_FAMILY, EAI_SOCKTYPE, EAI_BADFLAGS, EAI_FAIL, EAI_MEMORY, EAI_SYSTEM
 */
export async function getaddrinfo<const Family extends number = number>(
	host: string | null,
	port: number | string | null,
	options: AsyncGetaddrinfoOptions<Family> = {},
): Promise<AddressInfo<ResolvedFamily<Family>>[]> {
	return run(getaddrinfoSteps<Family>(host, port, options), options.signal);
}

/** `getaddrinfo` that blocks the thread: same arguments, results and errors. */
export function getaddrinfoSync<const Family extends number = number>(
	host: string | null,
	port: number | string | null,
	options: GetaddrinfoOptions<Family> = {},
): AddressInfo<ResolvedFamily<Family>>[] {
	return runSync(getaddrinfoSteps<Family>(host, port, options));
}

function* getaddrinfoSteps<Family extends number>(
	host: string | null,
	port: number | string | null,
	options: GetaddrinfoOptions<Family>,
): Steps<AddressInfo<ResolvedFamily<Family>>[]> {
	const list = yield* addrinfoSteps("getaddrinfo", host, port, {
		flags: options.flags ?? 0,
		family: options.family ?? 0,
		type: options.type ?? 0,
		proto: options.proto ?? 0,
	});
	return list.map(({ family, type, proto, canonname, sockaddr }) => ({
		family: family as ResolvedFamily<Family>,
		type,
		proto,
		canonname,
		address: decodeSockaddr(sockaddr, sockaddr.length) as AddressOf<ResolvedFamily<Family>>,
	}));
}

/**
 * The steps of getaddrinfo, with raw socket addresses: what the other look-ups begin with.
 * @param syscall the function that the user called
 * @param address what an error is to give as the address, when that is more than the host and the port
 */
export function* addrinfoSteps(
	syscall: string,
	host: string | null,
	port: number | string | null,
	hints: Hints,
	address?: Address,
): Steps<Addrinfo[]> {
	checkInt(hints.flags, "the flags");
	checkInt(hints.family, "the family");
	checkInt(hints.type, "the type");
	checkInt(hints.proto, "the proto");
	const node = host === null ? undefined : Buffer.from(`${hostText(host)}\0`);
	const service = port === null ? undefined : Buffer.from(`${serviceText(port)}\0`);

	const resultAt = addrinfo.size;
	const nodeAt = resultAt + 8;
	const serviceAt = nodeAt + (node?.length ?? 0);
	const memory = new NativeMemory(serviceAt + (service?.length ?? 0));
	writeHints(memory.view, 0, hints);
	if (node !== undefined) memory.bytes.set(node, nodeAt);
	if (service !== undefined) memory.bytes.set(service, serviceAt);
	const base = memory.address;
	const args = [
		node === undefined ? 0 : base + nodeAt,
		service === undefined ? 0 : base + serviceAt,
		base,
		base + resultAt,
	] as const;

	try {
		const status = yield { memory, here: () => libc.here(...args), inPool: () => libc.inPool(...args) };
		if (status !== 0) throw gaiError(syscall, status, contextOf(host, port, hints, status, address));
		return readAddrinfos(Number(memory.view.getBigUint64(resultAt, true)));
	} finally {
		const list = Number(memory.view.getBigUint64(resultAt, true));
		if (list !== 0) freeaddrinfo(list);
	}
}

function contextOf(
	host: string | null,
	port: number | string | null,
	hints: Hints,
	status: number,
	address: Address | undefined,
): GaiContext {
	const service = typeof port === "string" ? ` ${port}` : "";
	return {
		subject: `${host === null ? "(no host)" : host || '""'}${service}`,
		address: address ?? (host === null ? undefined : typeof port === "number" ? { host, port } : host),
		advice: status === EAI_NONAME ? noNameAdvice(host, hints) : undefined,
	};
}

function noNameAdvice(host: string | null, { flags, family }: Hints): string {
	if (host === null) return "a host or a port must be given";
	if (flags & AI_NUMERICHOST) return "with AI_NUMERICHOST the host must be a numeric address of the family";
	const kind = family === AF_INET ? "IPv4 address" : family === AF_INET6 ? "IPv6 address" : "address";
	return `neither /etc/hosts nor a name server knows an ${kind} of it`;
}
