/**
 * `sock capture`: shows and records the packets of an interface, or of a file.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CaptureSettings, TimeForm } from "../capture/options.js";
import { wholeNumber } from "./numbers.js";
import { addJson, type PacketOptions, runPackets } from "./run.js";

interface Options extends PacketOptions {
	interface?: string;
	read?: string;
	write?: string;
	print?: true;
	pcap?: true;
	pcapng?: true;
	count?: number;
	snapshotLength?: number;
	promiscuousMode: boolean;
	direction?: "in" | "out";
	bufferSize?: number;
	fileSize?: number;
	fileCount?: number;
	packetBuffered?: true;
	time?: number;
	linkLevel?: true;
	hex?: true;
	fields?: true;
}

const notes = `
The expression is tcpdump's: host, net, port, portrange, tcp, udp, icmp, vlan,
and, or, not, tcp[tcpflags] & tcp-syn != 0 (pcap-filter(7)). Lines are those of
\`tcpdump -nn -S\`: names are never looked up, sequence numbers are those in the
packets. Files are pcapng, or pcap where their name ends in .pcap, .cap or .dmp.
Reading a file and writing one of the same format copies whatever else is in it.

Capturing needs CAP_NET_RAW; reading files needs nothing. Ctrl-C prints the
statistics and ends.

  sock capture -i eth0 tcp port 80       sock capture -i any -w all.pcapng
  sock capture -r all.pcapng -c 10 -x    sock capture -r a.pcap --json udp`;

/** Adds the command. */
export function addCapture(sock: Command): void {
	const command = sock
		.command("capture")
		.summary("show and record packets, of an interface or a file")
		.description("Shows the packets of an interface or a file, and writes them to files.")
		.argument("[expression...]", "which packets, in tcpdump's words; all when left out")
		.addOption(
			new Option("-i, --interface <name>", "capture from an interface; any is all of them").conflicts("read"),
		)
		.option("-r, --read <file>", "read a file, pcap or pcapng; - is standard input")
		.option("-w, --write <file>", "write packets to a file instead of showing them; - is standard output")
		.option("--print", "with -w: show them, too")
		.addOption(new Option("--pcap", "with -w: write pcap, whatever the name").conflicts("pcapng"))
		.option("--pcapng", "with -w: write pcapng, whatever the name")
		.option("-c, --count <n>", "end after so many packets", wholeNumber(1, Number.MAX_SAFE_INTEGER))
		.option(
			"-s, --snapshot-length <bytes>",
			"keep so much of a packet (default: 262144, and all of a file's)",
			wholeNumber(1, 1048576),
		)
		.option("-p, --no-promiscuous-mode", "only what comes to this machine")
		.addOption(new Option("-Q, --direction <way>", "only what comes in, or goes out").choices(["in", "out"]))
		.option(
			"-B, --buffer-size <KiB>",
			"memory for packets that wait (default: 16384)",
			wholeNumber(512, 2097151),
		)
		.option(
			"-C, --file-size <size>",
			"with -w: begin another file after so many millions of bytes, or with k, m, g behind it KiB, MiB, GiB",
			parseFileSize,
		)
		.option(
			"-W, --file-count <n>",
			"with -C: so many files, then the first is written anew",
			wholeNumber(1, 1_000_000),
		)
		.option("-U, --packet-buffered", "with -w: write each packet at once")
		.option(
			"-t, --time",
			"no time; -tt since 1970, -ttt since the line before, -tttt with the date, -ttttt since the first",
			(_, before: number) => before + 1,
			0,
		)
		.option("-e, --link-level", "show the link's header: MAC addresses, VLAN")
		.option("-x, --hex", "show each packet's bytes; with --json have them in the event")
		.option("-X, --fields", "show each packet field by field");
	addJson(command)
		.addHelpText("after", notes)
		.action(async (expression: string[], options: Options) => {
			const settings = settingsOf(command, expression, options);
			await runPackets(command, options, 1, async (run) => {
				const { capturePackets } = await import("../capture/capture.js");
				return capturePackets(settings, run);
			});
		});
}

const timeForms: readonly TimeForm[] = ["clock", "none", "epoch", "since-last", "date", "since-first"];

/** What the options say; ends the command for those that say nothing together. */
function settingsOf(command: Command, expression: string[], options: Options): CaptureSettings {
	const { interface: name, read, write, print = false, json = false, time = 0 } = options;
	const refuse = (message: string): never => command.error(`error: ${message}`);
	if (name === undefined && read === undefined)
		return refuse("-i with an interface or -r with a file must be given");
	const isLive = read === undefined;
	const shown = write === undefined || print;
	const given = (option: string): boolean => command.getOptionValueSource(option) === "cli";
	for (const [option, text] of [
		["print", "--print"],
		["pcap", "--pcap"],
		["pcapng", "--pcapng"],
		["fileSize", "-C"],
		["packetBuffered", "-U"],
	] as const) {
		if (write === undefined && given(option)) return refuse(`${text} is for files that are written, with -w`);
	}
	for (const [option, text] of [
		["promiscuousMode", "-p"],
		["direction", "-Q"],
		["bufferSize", "-B"],
	] as const) {
		if (!isLive && given(option)) return refuse(`${text} is for capturing from an interface, with -i`);
	}
	for (const [option, text] of [
		["time", "-t"],
		["linkLevel", "-e"],
		["fields", "-X"],
		["hex", "-x"],
	] as const) {
		if (given(option) && !shown) return refuse(`${text} is for packets that are shown: give --print`);
		if (given(option) && json && option !== "hex")
			return refuse(`${text} is for lines of text, not for --json`);
	}
	if (time >= timeForms.length) return refuse("-t may be given five times at most");
	if (options.fileCount !== undefined && options.fileSize === undefined) {
		return refuse("-W is for files of a size, with -C");
	}
	if (write === "-") {
		if (options.fileSize !== undefined) return refuse("standard output is one file: -C needs a name");
		if (print || json) return refuse("standard output has the file: it cannot have packets as text, too");
	}
	if (!isLive && options.snapshotLength !== undefined && write === undefined) {
		return refuse("-s is for capturing with -i, and for files that are written with -w");
	}
	if (read !== undefined && read !== "-" && read === write)
		return refuse("a file cannot be written over itself");
	return {
		from: read === undefined ? { interface: name ?? "" } : { file: read },
		filter: expression.join(" "),
		write,
		print: shown,
		format: options.pcap ? "pcap" : options.pcapng ? "pcapng" : undefined,
		count: options.count,
		snapLength: options.snapshotLength,
		promiscuous: options.promiscuousMode,
		direction: options.direction,
		bufferSize: options.bufferSize === undefined ? undefined : options.bufferSize * 1024,
		fileSize: options.fileSize,
		fileCount: options.fileCount,
		unbuffered: options.packetBuffered ?? false,
		times: timeForms[time] ?? "clock",
		link: options.linkLevel ?? false,
		hex: options.hex ?? false,
		fields: options.fields ?? false,
	};
}

const units = { "": 1e6, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;

/** Reads a size as tcpdump's -C takes it. */
function parseFileSize(text: string): number {
	const [, count = "0", unit = ""] = /^(\d{1,9})([kmg]?)$/i.exec(text) ?? [];
	if (Number(count) === 0) {
		throw new InvalidArgumentError("It is a number of millions of bytes, or one with k, m or g behind it.");
	}
	return Number(count) * units[unit.toLowerCase() as keyof typeof units];
}
