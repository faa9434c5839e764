/**
 * `sock send`: packets of one's own making, and what answers them.
 */
import type { Command } from "commander";
import { Misuse } from "../failure.js";
import { seconds, wholeNumber } from "./numbers.js";
import { addJson, type PacketOptions, runPackets } from "./run.js";

interface Options extends PacketOptions {
	from?: string;
	payload?: string;
	payloadHex?: string;
	payloadFile?: string;
	interface?: string;
	count: number;
	rate: number;
	interval?: number;
	mtu?: number;
	answers?: true;
	timeout?: number;
	retries: number;
	multi?: true;
	hexdump?: true;
	dryRun?: true;
}

const notes = `
A packet is its layers, the outermost first, each NAME:FIELD=VALUE,FIELD=VALUE.
Names of layers and fields are those of berkeley/packet: ethernet, vlan, arp,
ipv4, ipv6, icmpv4, icmpv6, tcp, udp, dns …; dst, src, sport, dport, seq and ack
are short for destination, source, sourcePort and so on. Lengths, checksums and
the numbers of what is inside are computed unless they are given, and so is who
sends: ethernet.source, ipv4.source, ipv6.source, arp's sender, and a source
port. A value is a number, a text, true, false, hex:00ff, constants as
flags=SYN+ACK, type=ECHO or operation=REQUEST, or JSON: options=[…]. All of a
layer as JSON: tcp:{"destinationPort":80}. Hosts are numbers.

Files of -f hold a packet as berkeley/packet's toJson() writes it, an array of
layers, or an array of packets, or a packet a line; - is standard input.

A packet that begins with ipv4 or ipv6 is routed by the kernel; any other is a
frame, and goes out of the interface that -i names. Of IPv4 that is routed the
kernel itself sets the total length and the header's checksum.

All of it but --dry-run needs CAP_NET_RAW. The kernel answers what answers you
as it likes: it resets a connection that is offered by a SYN/ACK.

With -a, what the kernel refuses to send is told, and the others go on; without,
it ends the sending.

Exit codes: 0 all was sent, or with -a something answered; 1 nothing answered,
or it failed; 2 wrong usage. Ctrl-C ends it and tells how far it came.

  sock send ipv4:dst=192.0.2.7 icmpv4:type=ECHO,identifier=1 -a -c 3
  sock send ipv4:dst=192.0.2.7 tcp:dport=80,flags=SYN -a
  sock send -i eth0 ethernet:dst=ff:ff:ff:ff:ff:ff vlan:vid=5 \\
    arp:operation=REQUEST,targetProtocolAddress=192.0.2.7 -a
  sock send ipv4:dst=192.0.2.7,ttl=1 udp:dport=33434 -p hello --dry-run`;

/** Adds the command. */
export function addSend(sock: Command): void {
	const command = sock
		.command("send")
		.usage("[options] <layer...>\n       sock send [options] -f <file>")
		.summary("send packets of your own making, and show what answers")
		.description("Sends packets that are made of layers, and shows what answers them.")
		.argument("[layer...]", "the layers of a packet, the outermost first")
		.option("-f, --from <file>", "packets as JSON; - is standard input")
		.option("-p, --payload <text>", "what the last layer carries")
		.option("--payload-hex <digits>", "the same in hexadecimal")
		.option("--payload-file <file>", "the same from a file")
		.option("-i, --interface <name>", "the interface that frames leave by, or must be routed by")
		.option("-c, --count <n>", "send all so many times", wholeNumber(1, 1_000_000_000), 1)
		.option("-r, --rate <n>", "at most so many packets a second", wholeNumber(1, 10_000_000), 100)
		.option("--interval <seconds>", "at least so long between two packets", seconds(0, 86_400))
		.option(
			"-m, --mtu <bytes>",
			"cut routed packets into fragments of so many bytes",
			wholeNumber(68, 65_535),
		)
		.option("-a, --answers", "wait for answers, and show them")
		.option("-W, --timeout <seconds>", "how long to wait for an answer (default: 2)", seconds(0, 86_400))
		.option("--retries <n>", "how often to send again what is not answered", wholeNumber(0, 1000), 0)
		.option("--multi", "show all answers of the timeout, not the first one alone")
		.option("-x, --hexdump", "show packets and answers byte by byte, with their fields")
		.option("-n, --dry-run", "send nothing: show the packets byte by byte");
	addJson(command)
		.addHelpText("after", notes)
		.action(async (layers: string[], options: Options) => {
			const { from, answers = false, timeout, multi = false } = options;
			const payloads = [options.payload, options.payloadHex, options.payloadFile];
			const refuse = (reason: string): never => command.error(`error: ${reason}`);
			if (payloads.filter((each) => each !== undefined).length > 1) {
				refuse("--payload, --payload-hex and --payload-file exclude each other");
			}
			if (layers.length > 0 === (from !== undefined)) {
				refuse("the packet is given by its layers, or by -f");
			}
			if (from !== undefined && payloads.some((each) => each !== undefined)) {
				refuse("a payload goes with layers; packets of -f have theirs");
			}
			if (!answers && (timeout !== undefined || multi || options.retries > 0)) {
				refuse("--timeout, --retries and --multi are about answers: they go with -a");
			}
			if (options.dryRun && (answers || options.count > 1)) {
				refuse("--dry-run sends nothing: it goes with neither -a nor -c");
			}
			await runPackets(command, options, 1, async (run) => {
				const { sendPackets } = await import("../send/send.js");
				try {
					return await sendPackets(layers, { ...options, answers, multi, timeout: timeout ?? 2000 }, run);
				} catch (error) {
					if (error instanceof Misuse) refuse(error.message);
					throw error;
				}
			});
		});
}
