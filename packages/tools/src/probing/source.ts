/**
 * Where probes leave from: what -I says.
 */
import { AF_INET, AF_INET6, ifNametoindex, inetPton, SOCK_DGRAM, Socket, so } from "berkeley";
import { Failure } from "../failure.js";
import type { Target } from "./target.js";

/** The source of probes; the kernel chooses what is left out. */
export interface Source {
	/** The name of an interface. */
	readonly device?: string;
	/** A numeric address of this machine. */
	readonly host?: string;
}

/** Reads what -I was given, each an interface's name or an address. @throws Failure for what is neither */
export function sourceOf(given: readonly string[], { family }: Target): Source {
	const source: { device?: string; host?: string } = {};
	for (const text of given) {
		const kind = isAddress(text, family) ? "host" : "device";
		if (source[kind] !== undefined) {
			throw new Failure(
				`-I is given two ${kind === "host" ? "addresses" : "interfaces"}: ${given.join(", ")}`,
			);
		}
		if (kind === "device") checkDevice("-I", text, family);
		source[kind] = text;
	}
	return source;
}

/** Any port will do: nothing is sent to it. */
const anyPort = 1025;

/** The address of this machine that packets to a target leave from. @throws SocketError when no route leads there */
export async function sourceAddress({ family, address }: Target, { host, device }: Source): Promise<string> {
	if (host !== undefined) return host;
	using socket = new Socket(family, SOCK_DGRAM);
	if (device !== undefined) socket.set(so.bindtodevice, device);
	socket.set(so.broadcast, true);
	// That connects no datagram socket to anything; it makes the kernel look for the way.
	await (socket as Socket).connect({ ...address, port: anyPort });
	return (socket.getsockname() as { host: string }).host;
}

function isAddress(text: string, family: number): boolean {
	try {
		inetPton(family, text.replace(/%.*$/, ""));
		return true;
	} catch {
		return false;
	}
}

/** Requires the name of an interface. @throws Failure */
export function checkDevice(option: string, name: string, family: number): void {
	try {
		ifNametoindex(name);
	} catch (error) {
		const other = family === AF_INET6 ? AF_INET : AF_INET6;
		const why = isAddress(name, other)
			? `it is an address of IPv${other === AF_INET ? 4 : 6}, and the target's is not`
			: "it is no interface of this machine, and no address";
		throw new Failure(`${option} ${name}: ${why}`, { cause: error });
	}
}

/** Requires a numeric address of the target's family. @throws Failure */
export function checkHost(option: string, host: string, family: number): void {
	if (isAddress(host, family)) return;
	throw new Failure(
		`${option} ${host}: it is no address of IPv${family === AF_INET6 ? 6 : 4}, as the target's is`,
	);
}
