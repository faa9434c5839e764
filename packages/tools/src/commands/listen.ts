/**
 * `sock listen`: waits for a peer, and is connected to it as `sock connect` is.
 */
import type { Command } from "commander";
import { addPlace, type PlaceOptions, parseSeconds, placeOf } from "./options.js";

interface ListenOptions extends PlaceOptions {
	keep?: true;
	timeout?: number;
	shutdown: boolean;
	verbose?: true;
}

const notes = `
It says on standard error where it listens: "listening on 127.0.0.1:8000", with
the port that the kernel chose when it is 0. Without a host it listens on the
loopback address only; 0.0.0.0 is every IPv4 address, and :: every address, or
with -6 every IPv6 address.
Streams: one connection is accepted, and both directions are carried until each
has ended. With -k the next connection is accepted then, one at a time; what is
left of standard input goes to it.
Datagrams (-u): the sender of the first datagram is the peer, to whom standard
input goes; others are ignored. With -k everybody's datagrams are taken, and
standard input goes to whoever sent last. There is no end but that of -w, or a
signal.
A Unix socket's path must not exist before, and is removed at the end.

  sock listen 8000 >file                 sock listen -u -w 5 0.0.0.0 8000
  sock listen -k -v :: 8000              sock listen -U /tmp/example.sock <file`;

/** Adds the command. */
export function addListen(sock: Command): void {
	const command = sock
		.command("listen")
		.usage("[options] [host] <port>\n       sock listen [options] -U <path>")
		.summary("wait for a peer, and connect standard input and output to it")
		.description("Waits for a peer, sends it standard input, and writes what it sends to standard output.");
	addPlace(command, "the host, by name or number, and the port, by number or service name")
		.option(
			"-k, --keep",
			"go on with another connection when one has ended; with -u, take everybody's datagrams",
		)
		.option(
			"-w, --timeout <seconds>",
			"end when nobody comes, or nothing moves, for so long: a failure unless somebody was served",
			parseSeconds,
		)
		.option("--no-shutdown", "leave the sending side open at the end of standard input")
		.option("-v, --verbose", "say on standard error who is connected, and how much went each way")
		.addHelpText("after", notes)
		.action(async (address: string[], options: ListenOptions) => {
			const place = placeOf(command, address, options, options.ipv6 ? "::1" : "127.0.0.1");
			const { listen } = await import("../transfer/listen.js");
			await listen(place, { ...options, keep: options.keep ?? false, verbose: options.verbose ?? false });
		});
}
