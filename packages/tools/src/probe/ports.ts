/**
 * Ports as nmap writes them: `22,80,8000-8100`, `http,ssh`, `60000-`.
 */
import { getservbyname, getservbyport } from "berkeley";
import { Misuse } from "../failure.js";

/** The transports that are probed. */
export type Transport = "tcp" | "udp";

const largest = 65535;

/**
 * The ports that a list names, sorted, each once.
 * @throws Misuse for what is no list of ports
 */
export function parsePorts(text: string, transport: Transport): number[] {
	const ports = new Set<number>();
	for (const part of text.split(",")) {
		const [first, last] = rangeOf(part, transport);
		for (let port = first; port <= last; port++) ports.add(port);
	}
	return [...ports].sort((a, b) => a - b);
}

function rangeOf(part: string, transport: Transport): [first: number, last: number] {
	const [, from, dash, to] = part.match(/^(\d{1,9})(-(\d{0,9}))?$/) ?? [];
	if (from === undefined) {
		const port = named(part, transport);
		return [port, port];
	}
	const first = Number(from);
	const last = dash === undefined ? first : to === "" ? largest : Number(to);
	if (first < 1 || last > largest || first > last) {
		throw new Misuse(`ports are from 1 to 65535, and a range from the lower to the higher: not ${part}`);
	}
	return [first, last];
}

function named(name: string, transport: Transport): number {
	if (!/^(?=.*[a-z])[a-z\d][\w.+-]*$/i.test(name)) {
		throw new Misuse(
			`ports are numbers, ranges and service names with commas between them, as in 22,80,8000-8100: not ${JSON.stringify(name)}`,
		);
	}
	try {
		return getservbyname(name, transport);
	} catch {
		throw new Misuse(`no ${transport} service is called ${name}: see /etc/services, or give a number`);
	}
}

/** The service that is known to use a port; undefined when none is. */
export function serviceOf(port: number, transport: Transport): string | undefined {
	try {
		return getservbyport(port, transport);
	} catch {
		return undefined;
	}
}
