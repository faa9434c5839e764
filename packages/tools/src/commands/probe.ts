/**
 * `sock probe`: which ports of hosts are open, and how that is known.
 */
import { Argument, type Command, Option } from "commander";
import { Misuse } from "../failure.js";
import { seconds, wholeNumber } from "./numbers.js";
import { addJson, type PacketOptions, runPackets } from "./run.js";

interface Options extends PacketOptions {
	ipv4?: true;
	ipv6?: true;
	timeout?: number;
	retries?: number;
	syn?: true;
	parallel: number;
	rate: number;
	limit: number;
	banner?: number | true;
	open?: true;
	all?: true;
}

/** When -w does not say. */
const patience = 3500;
const bannerPatience = 1000;

const notes = `
HOST is a name, whose first address is taken, an address, or a block such as
192.0.2.0/24, without its network and broadcast address. PORTS are as nmap's:
22,80,8000-8100,https and 60000- for all from there on.

States, each with its evidence:
  open           a connection was accepted, or a datagram answered
  closed         the host itself refuses: a reset, or icmp port unreachable
  filtered       an icmp error from elsewhere or of another kind, or with tcp
                 no answer at all
  open|filtered  udp: no answer, as of many open ports and of firewalls
  unknown        this machine could not send: there is no route, or a firewall
                 of its own forbids it; the other probes go on

tcp connects, and needs no privilege. Where the kernel (Linux 5.18) tells, a
refusal by icmp is told from a reset. With --syn no connection is made, and the
service sees nothing of it.
udp sends what the usual service understands (DNS, NTP, SNMP, TFTP, STUN, QUIC
and others), and an empty datagram to other ports. Hosts limit their icmp
errors, Linux to one a second: silent ports are asked again, more slowly, until
their silence can be believed. Many closed ports take a second each.

Exit codes of probe: 0 a port is open, 1 none is, or it failed, 2 wrong usage.
Ctrl-C shows what was found so far.

  sock probe tcp example.org 22,80,443
  sock probe udp 192.0.2.7 53,123,161 --json
  sock probe tcp 192.0.2.0/24 ssh --open --banner`;

/** Adds the command. */
export function addProbe(sock: Command): void {
	const command = sock
		.command("probe")
		.summary("find out which ports are open, and how that is known")
		.description("Probes ports, and says of each what it is and how that is known.")
		.addArgument(new Argument("<transport>", "how to probe").choices(["tcp", "udp"]))
		.argument("<host>", "a name, an address, or a block of addresses")
		.argument("<ports>", "numbers, ranges and service names, with commas between them")
		.addOption(new Option("-4, --ipv4", "IPv4 only").conflicts("ipv6"))
		.option("-6, --ipv6", "IPv6 only")
		.option("-w, --timeout <seconds>", "how long to wait for answers, in all attempts (3.5)", seconds(0.001))
		.option("--retries <count>", "udp and --syn: how often to ask again (2)", wholeNumber(0, 10))
		.option("--parallel <count>", "how many ports at the same time", wholeNumber(1, 1000), 200)
		.option("--rate <count>", "how many ports a second at most", wholeNumber(1, 100_000), 1000)
		.option("--limit <count>", "refuse more probes, hosts times ports", wholeNumber(1, 2 ** 40), 65_536)
		.option(
			"--banner [seconds]",
			"tcp: what the service says by itself within a second, or so many",
			seconds(0.001),
		)
		.option("--syn", "tcp: half-open, by raw packets, which needs CAP_NET_RAW")
		.option("--open", "show open ports only")
		.option("--all", "show each port, also where many are alike");
	addJson(command)
		.addHelpText("after", notes)
		.action(async (transport: "tcp" | "udp", host: string, ports: string, options: Options) => {
			if (transport === "udp" && options.banner !== undefined) {
				command.error("error: --banner is for tcp: a udp service says nothing by itself");
			}
			if (transport === "udp" && options.syn) command.error("error: --syn is for tcp");
			if (options.syn && options.banner !== undefined) {
				command.error("error: --banner needs a connection, which --syn never makes");
			}
			if (transport === "tcp" && !options.syn && options.retries !== undefined) {
				command.error(
					"error: --retries is for udp and --syn: otherwise the kernel repeats by itself, one second after the first",
				);
			}
			await runPackets(command, options, 1, async (run) => {
				const { probe } = await import("../probe/probe.js");
				const { ipv4, ipv6, timeout = patience, retries = 2, banner, open, all } = options;
				try {
					return await probe(
						transport,
						host,
						ports,
						{
							...options,
							version: ipv4 ? 4 : ipv6 ? 6 : undefined,
							timeout,
							retries,
							syn: options.syn ?? false,
							banner: banner === true ? bannerPatience : banner,
							open: open ?? false,
							all: all ?? false,
						},
						run,
					);
				} catch (error) {
					if (error instanceof Misuse) command.error(`error: ${error.message}`);
					throw error;
				}
			});
		});
}
