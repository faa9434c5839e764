/**
 * `sock ping`: asks a host for echoes.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { collected, seconds, wholeNumber } from "./numbers.js";
import { addJson, type PacketOptions, runPackets } from "./run.js";

interface Options extends PacketOptions {
	ipv4?: true;
	ipv6?: true;
	count?: number;
	interval?: number;
	timeout?: number;
	deadline?: number;
	size: number;
	ttl?: number;
	interface?: string[];
	quiet?: true;
	flood?: true;
	pmtudisc?: keyof typeof strategies;
	tos?: number;
	pattern?: Uint8Array;
	stamps?: true;
	outstanding?: true;
	names?: true;
	broadcast?: true;
}

// The kernel's IP_PMTUDISC_*, which IPv6 numbers alike; the library is not loaded for --help.
const strategies = { dont: 0, want: 1, do: 2, probe: 3 } as const;

const notes = `
Times are those between the kernel's stamps of sending and receiving; where an
interface does not stamp what it sends, those of this process. Answers that come
twice are marked (DUP!), and data that are not those that were sent are shown.
Ctrl-C prints the statistics and ends; Ctrl-\\ (SIGQUIT) prints short ones on
standard error and goes on. Without -H no names are looked up for those who
answer.

No privilege is needed where net.ipv4.ping_group_range has one of the user's
groups; else CAP_NET_RAW is. Intervals under 2 ms, and -f without -i, are for
root.

Exit codes of ping: 0 an answer came; 1 none came, or with -c and -w fewer than
the count; 2 anything else went wrong, or wrong usage.

  sock ping -c 3 192.0.2.7               sock ping -6 -i 0.2 -w 5 example.org`;

/** Adds the command. */
export function addPing(sock: Command): void {
	const command = sock
		.command("ping")
		.summary("ask a host for echoes (ICMP), and time them")
		.description("Sends a host ICMP echo requests, and tells when they are answered, or why not.")
		.argument("<host>", "the host, by name or number")
		.addOption(new Option("-4, --ipv4", "IPv4 only").conflicts("ipv6"))
		.option("-6, --ipv6", "IPv6 only")
		.option("-c, --count <n>", "stop after so many requests", wholeNumber(1, Number.MAX_SAFE_INTEGER))
		.option("-i, --interval <seconds>", "the time between requests (default: 1)", seconds(0))
		.option(
			"-W, --timeout <seconds>",
			"how long to wait at the end when nothing was answered; 0 is for ever (default: 10)",
			seconds(0),
		)
		.option(
			"-w, --deadline <seconds>",
			"end after so long; -c counts answers then, and an ICMP error ends it",
			seconds(0.001),
		)
		.option("-s, --size <bytes>", "how many bytes of data", wholeNumber(0, 65527), 56)
		.option("-t, --ttl <n>", "the time to live, or hop limit", wholeNumber(1, 255))
		.option(
			"-I, --interface <name>",
			"an interface, or an address of this machine, to send from; may be given for both",
			collected,
		)
		.option("-q, --quiet", "nothing between the first line and the statistics")
		.option("-f, --flood", "a dot for each request, taken back by its answer; without -i as fast as it goes")
		.addOption(
			new Option(
				"-M, --pmtudisc <how>",
				"do: never fragment; want: only here; dont: let routers; probe: do, and ignore what is known",
			).choices(Object.keys(strategies)),
		)
		.option("-Q, --tos <n>", "the type of service or traffic class, 0 to 255", wholeNumber(0, 255))
		.option("-p, --pattern <hex>", "up to 16 bytes to fill the data with", parsePattern)
		.option("-D, --stamps", "print the Unix time before each line")
		.option("-O, --outstanding", "say what is unanswered when the next request goes out")
		.addOption(new Option("-n, --numeric", "print no names: so it is without -H").conflicts("names"))
		.option("-H, --names", "look up the names of those who answer")
		.option("-b, --broadcast", "allow a broadcast address");
	addJson(command)
		.addHelpText("after", notes)
		.action(async (host: string, options: Options) => {
			const { interval = options.flood ? 0 : 1000 } = options;
			if (interval < 2 && process.geteuid?.() !== 0) {
				command.error(
					options.flood && options.interval === undefined
						? "error: -f without -i is for root; others give an interval of at least 0.002"
						: "error: an interval under 0.002 seconds is for root",
				);
			}
			await runPackets(command, options, 2, async (run) => {
				const { ping } = await import("../ping/ping.js");
				const { pmtudisc } = options;
				return ping(
					host,
					{
						version: options.ipv4 ? 4 : options.ipv6 ? 6 : undefined,
						count: options.count,
						interval,
						timeout: options.timeout ?? 10_000,
						deadline: options.deadline,
						size: options.size,
						ttl: options.ttl,
						sources: options.interface ?? [],
						quiet: options.quiet ?? false,
						flood: options.flood ?? false,
						pmtudisc: pmtudisc === undefined ? undefined : strategies[pmtudisc],
						tos: options.tos,
						pattern: options.pattern,
						stamps: options.stamps ?? false,
						outstanding: options.outstanding ?? false,
						names: options.names ?? false,
						broadcast: options.broadcast ?? false,
					},
					run,
				);
			});
		});
}

/** Reads bytes in hexadecimal; of an odd number of digits the last is a byte of its own. */
function parsePattern(text: string): Uint8Array {
	if (!/^[\da-f]{1,32}$/i.test(text)) {
		throw new InvalidArgumentError("It is 1 to 32 hexadecimal digits.");
	}
	return Uint8Array.from(text.match(/..?/g) ?? [], (pair) => Number.parseInt(pair, 16));
}
