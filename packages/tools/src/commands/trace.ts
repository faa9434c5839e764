/**
 * `sock trace`: finds the routers on the way to a host.
 */
import { type Command, Option } from "commander";
import { seconds, wholeNumber } from "./numbers.js";
import { parsePort } from "./options.js";
import { addJson, type PacketOptions, runPackets } from "./run.js";

interface Options extends PacketOptions {
	udp?: true;
	icmp?: true;
	tcp?: true;
	ipv4?: true;
	ipv6?: true;
	port?: number;
	flow?: number;
	first: number;
	maxHops: number;
	queries: number;
	wait?: number;
	parallel: number;
	pause?: number;
	size?: number;
	interface?: string;
	source?: string;
	tos?: number;
	dontFragment?: true;
	mtu?: true;
	names?: true;
	extensions?: true;
}

const notes = `
All probes are of one flow, so that routers that share traffic out among several
ways send all of them the same way: ports, or the identifier and checksum of
echoes, stay the same, and probes are told apart by their data, or by TCP's
sequence number. --flow takes another of those ways, the same each time.

Behind a time there may be: !N network, !H host, !P protocol unreachable, !X
forbidden, !S source route failed, !F-1400 too long for a link of that MTU, !V
and !C precedence, !<n> any other code. * is a probe that was not answered. Such
a hop, or the target itself, is the last. Without -w a probe is waited for three
times as long as another of the same hop took, or ten times as long as one of a
later hop did, but half a second at least, and 5 seconds at most.

UDP probes need no privilege. ICMP probes need none where
net.ipv4.ping_group_range has one of the user's groups, and else CAP_NET_RAW;
TCP probes need CAP_NET_RAW. Some routers quote so little of a UDP probe that it
cannot be told from others: then one goes out at a time.

Exit codes of trace: 0 however far it got (with --json the summary tells), 1
nothing could be sent, or something else went wrong, 2 wrong usage.

  sock trace 192.0.2.7                   sock trace -T -p 443 example.org`;

/** Adds the command. */
export function addTrace(sock: Command): void {
	const command = sock
		.command("trace")
		.summary("find the routers on the way to a host")
		.description("Finds the routers on the way to a host, by probes that live only so many hops.")
		.argument("<host>", "the host, by name or number")
		.addOption(new Option("-4, --ipv4", "IPv4 only").conflicts("ipv6"))
		.option("-6, --ipv6", "IPv6 only")
		.addOption(new Option("-U, --udp", "probes by UDP, as without it").conflicts(["icmp", "tcp"]))
		.addOption(new Option("-I, --icmp", "probes by ICMP echoes").conflicts(["tcp", "port"]))
		.addOption(new Option("-T, --tcp", "probes by TCP, with SYN").conflicts("size"))
		.option("-p, --port <port>", "the destination's port (default: 33434, TCP 80)", parsePort)
		.option("--flow <n>", "the number of the flow, which chooses among ways", wholeNumber(0, 9999))
		.option("-f, --first <hop>", "the first hop to look at", wholeNumber(1, 255), 1)
		.option("-m, --max-hops <n>", "the last hop to look at", wholeNumber(1, 255), 30)
		.option("-q, --queries <n>", "probes for each hop", wholeNumber(1, 10), 3)
		.option(
			"-w, --wait <seconds>",
			"how long to wait for an answer (default: 5, or less: see below)",
			seconds(0.01, 3600),
		)
		.option("-N, --parallel <n>", "how many probes may be under way", wholeNumber(1, 256), 16)
		.option("-z, --pause <seconds>", "the least time between two probes (default: 0)", seconds(0, 3600))
		.option("-l, --size <bytes>", "the length of a whole packet", wholeNumber(28, 65535))
		.option("-i, --interface <name>", "the interface to send through")
		.option("-s, --source <address>", "the address of this machine to send from")
		.option("-t, --tos <n>", "the type of service or traffic class, 0 to 255", wholeNumber(0, 255))
		.option("-F, --dont-fragment", "let nobody fragment the probes")
		.addOption(
			new Option("--mtu", "find the longest packets that get through, one probe at a time").conflicts([
				"tcp",
				"size",
				"parallel",
			]),
		)
		.option("-e, --extensions", "show ICMP extensions, such as MPLS labels")
		.addOption(new Option("-n, --numeric", "print no names: so it is without -H").conflicts("names"))
		.option("-H, --names", "look up the names of those who answer");
	addJson(command)
		.addHelpText("after", notes)
		.action(async (host: string, options: Options) => {
			const { first, maxHops } = options;
			if (first > maxHops) {
				command.error(`error: -f ${first} is behind the last hop, which -m says is ${maxHops}`);
			}
			await runPackets(command, options, 1, async (run) => {
				const { trace } = await import("../trace/trace.js");
				return trace(
					host,
					{
						method: options.icmp ? "icmp" : options.tcp ? "tcp" : "udp",
						version: options.ipv4 ? 4 : options.ipv6 ? 6 : undefined,
						port: options.port,
						flow: options.flow,
						first,
						most: maxHops,
						queries: options.queries,
						wait: options.wait,
						parallel: options.parallel,
						pause: options.pause ?? 0,
						size: options.size,
						device: options.interface,
						host: options.source,
						tos: options.tos,
						dontFragment: options.dontFragment ?? false,
						mtu: options.mtu ?? false,
						names: options.names ?? false,
						extensions: options.extensions ?? false,
					},
					run,
				);
			});
		});
}
