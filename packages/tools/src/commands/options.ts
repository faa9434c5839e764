/**
 * What `sock listen` and `sock connect` take alike: where, and by what kind of socket.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Place, unixAddress } from "../place.js";

/** The options that say where. */
export interface PlaceOptions {
	udp?: true;
	unix?: string;
	seqpacket?: true;
	ipv4?: true;
	ipv6?: true;
}

/** Adds the options that say where, and the arguments `[host] <port>`. */
export function addPlace(command: Command, places: string): Command {
	return command
		.argument("[address...]", places)
		.addOption(new Option("-u, --udp", "datagrams: UDP, or Unix datagrams with -U").conflicts("seqpacket"))
		.option(
			"-U, --unix <path>",
			"a Unix socket instead of a host and port; @name is in the abstract namespace",
		)
		.option("--seqpacket", "with -U: a connection that keeps the bounds of records")
		.addOption(new Option("-4, --ipv4", "IPv4 only").conflicts(["ipv6", "unix"]))
		.addOption(new Option("-6, --ipv6", "IPv6 only").conflicts("unix"));
}

/**
 * The place that the command line names. Ends the command with a usage error when it names none.
 * @param defaultHost the host when only a port is given; undefined when both must be
 */
export function placeOf(
	command: Command,
	address: readonly string[],
	options: PlaceOptions,
	defaultHost: string | undefined,
): Place {
	if (options.unix !== undefined) {
		if (address.length > 0) command.error(`error: -U takes the place of host and port: ${address.join(" ")}`);
		if (options.unix === "") command.error("error: the path of -U is empty");
		const kind = options.seqpacket ? "seqpacket" : options.udp ? "datagram" : "stream";
		return { kind, path: unixAddress(options.unix) };
	}
	if (options.seqpacket) command.error("error: --seqpacket needs -U: only Unix sockets have records");
	const wanted = defaultHost === undefined ? "a host and a port" : "a port, or a host and a port,";
	const [host, port] =
		address.length === 1 && defaultHost !== undefined ? [defaultHost, address[0]] : address;
	if (address.length > 2 || host === undefined || host === "" || port === undefined) {
		command.error(`error: ${wanted} must be given, or -U with a path: ${address.join(" ") || "nothing was"}`);
	}
	return {
		kind: options.udp ? "datagram" : "stream",
		host,
		port: checkPort(command, port),
		version: options.ipv4 ? 4 : options.ipv6 ? 6 : undefined,
	};
}

/** A port as a number or as a service's name, which is looked up later. */
function checkPort(command: Command, text: string): string {
	if (!/^\d+$/.test(text) ? /^[a-z][\w.+-]*$/i.test(text) : Number(text) <= 65535) return text;
	return command.error(
		`error: a port is a number from 0 to 65535 or a service's name, not ${JSON.stringify(text)}`,
	);
}

/** Reads a port that must be a number. */
export function parsePort(text: string): number {
	if (!/^\d+$/.test(text) || Number(text) > 65535) {
		throw new InvalidArgumentError("A port is a number from 0 to 65535.");
	}
	return Number(text);
}

/** Reads a number of seconds and gives milliseconds. */
export function parseSeconds(text: string): number {
	const seconds = Number(text);
	// setTimeout takes 31 bits of milliseconds.
	if (!/^\d*\.?\d+$/.test(text) || seconds <= 0 || seconds > 2_000_000) {
		throw new InvalidArgumentError("It is a number of seconds, more than 0 and at most 2000000.");
	}
	return seconds * 1000;
}
