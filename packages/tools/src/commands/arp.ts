/**
 * `sock arp`: who has an address on this link.
 */
import { type Command, Option } from "commander";
import { Misuse } from "../failure.js";
import { seconds, wholeNumber } from "./numbers.js";
import { addJson, type PacketOptions, runPackets } from "./run.js";

interface Options extends PacketOptions {
	ipv4?: true;
	ipv6?: true;
	interface?: string;
	source?: string;
	count?: number;
	interval?: number;
	deadline?: number;
	first?: true;
	detect?: true;
	unsolicited?: true;
	answer?: true;
	rate: number;
	limit: number;
}

const notes = `
HOST is a name or an address; over IPv6 the same is done by neighbour discovery.
A block such as 192.0.2.0/24 is asked address by address, each twice if need be,
without its network and broadcast address and those of this machine. A question
that the kernel refuses to send, for a filter of the interface, is told, and the
others go on.

Questions go to everybody on the link, so that all who have an address answer:
when there are several, it says so.
-D asks without claiming an address (RFC 5227, RFC 4862), three times, and ends
when anybody uses it. -U and -A tell everybody that the address is here, as
after it has moved: once, or -c times.

It needs CAP_NET_RAW.

Exit codes of arp: 0 an answer came, with -D nobody uses the address, with -U
and -A it was sent; 1 no answer came, with -D the address is in use; 2 anything
else went wrong, or wrong usage.

  sock arp -c 3 192.0.2.7                sock arp 192.0.2.0/24
  sock arp -D -I eth0 192.0.2.7          sock arp -U -c 2 -I eth0 fd00::7`;

/** Adds the command. */
export function addArp(sock: Command): void {
	const command = sock
		.command("arp")
		.summary("ask who has an address on a link, by ARP or neighbour discovery")
		.description("Asks who has an address on a link, by ARP or by IPv6 neighbour discovery.")
		.argument("<host>", "a name, an address, or a block of addresses")
		.addOption(new Option("-4, --ipv4", "IPv4 only").conflicts("ipv6"))
		.option("-6, --ipv6", "IPv6 only")
		.option("-I, --interface <name>", "the interface; otherwise that by which the host is reached")
		.option("-s, --source <address>", "the address that questions come from")
		.option("-c, --count <n>", "how often to ask (default: until Ctrl-C)", wholeNumber(1, 2 ** 40))
		.option("-i, --interval <seconds>", "the time between two (default: 1)", seconds(0.001))
		.option("-w, --deadline <seconds>", "end after so long", seconds(0.001))
		.option("-f, --first", "end with the first answer")
		.addOption(
			new Option("-D, --detect", "find out whether the address is in use").conflicts([
				"unsolicited",
				"answer",
				"source",
			]),
		)
		.addOption(
			new Option("-U, --unsolicited", "announce the address by a request").conflicts([
				"answer",
				"source",
				"first",
			]),
		)
		.addOption(new Option("-A, --answer", "announce the address by an answer").conflicts(["source", "first"]))
		.option("--rate <count>", "of a block: how many questions a second", wholeNumber(1, 10_000), 200)
		.option("--limit <count>", "refuse blocks of more addresses", wholeNumber(1, 2 ** 40), 65_536);
	addJson(command)
		.addHelpText("after", notes)
		.action(async (host: string, options: Options) => {
			await runPackets(command, options, 2, async (run) => {
				const { runArp } = await import("../arp/run.js");
				const { ipv4, ipv6, detect, unsolicited, answer } = options;
				try {
					return await runArp(
						host,
						{
							version: ipv4 ? 4 : ipv6 ? 6 : undefined,
							mode: detect ? "detect" : unsolicited ? "request" : answer ? "answer" : "ask",
							device: options.interface,
							source: options.source,
							count: options.count,
							interval: options.interval ?? 1000,
							deadline: options.deadline,
							first: options.first ?? false,
							rate: options.rate,
							limit: options.limit,
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
