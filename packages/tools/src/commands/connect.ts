/**
 * `sock connect`: standard input goes to a peer, and what the peer sends to standard output.
 */
import type { Command } from "commander";
import { addPlace, type PlaceOptions, parseSeconds, placeOf } from "./options.js";

interface ConnectOptions extends PlaceOptions {
	source?: string;
	timeout?: number;
	shutdown: boolean;
	verbose?: true;
}

const notes = `
Streams: the end of standard input ends the sending side (half-close), and what
the peer sends is taken until it has ended its own. When standard input is a
terminal, the peer's end is the end. A connection that is reset before
everything was sent is a failure.
Datagrams (-u): what is read at once, such as a line that is typed, goes out as
one datagram of at most 65507 bytes over IPv4, 65527 over IPv6 and 65536 over
Unix sockets. After the end of standard input, answers are taken until none has
come for the time of -w, or for one second.

  sock connect example.org 80            sock connect -u -w 2 127.0.0.1 53
  sock connect ::1 6969 <file >answer    sock connect -U /run/example.sock`;

/** Adds the command. */
export function addConnect(sock: Command): void {
	const command = sock
		.command("connect")
		.usage("[options] <host> <port>\n       sock connect [options] -U <path>")
		.summary("connect standard input and output to a peer")
		.description("Sends standard input to a peer, and writes what the peer sends to standard output.");
	addPlace(command, "the host, by name or number, and the port, by number or service name")
		.option("-s, --source <address>", "the local address to use: a host, or a path for -U -u")
		.option(
			"-w, --timeout <seconds>",
			"give up connecting after so long, and end when nothing moves for so long: a failure for streams",
			parseSeconds,
		)
		.option("--no-shutdown", "leave the sending side open at the end of standard input")
		.option("-v, --verbose", "say on standard error who is connected, and how much went each way")
		.addHelpText("after", notes)
		.action(async (address: string[], options: ConnectOptions) => {
			const place = placeOf(command, address, options, undefined);
			const { source } = options;
			if (source !== undefined && "path" in place && place.kind !== "datagram") {
				command.error("error: -s with -U is for datagrams (-u): a Unix stream needs no name of its own");
			}
			const { connect } = await import("../transfer/connect.js");
			await connect(place, { ...options, verbose: options.verbose ?? false });
		});
}
