/**
 * Live captures in network namespaces, by the ring and by the queue; tcpdump is the judge.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { type CaptureOptions, capture } from "../src/capture/index.js";
import { ringLayout } from "../src/capture/live/ring.js";
import { SocketError } from "../src/index.js";
import { cable } from "./support/capturing.js";
import { checkFacts, compilers, type Fact, skipWithout } from "./support/cc.js";
import { makeNetwork, noNetwork, type RunOptions } from "./support/network.js";
import { isDeno } from "./support/runtime.js";

const noTcpdump =
	spawnSync("tcpdump", ["--version"]).status === 0 ? false : "there is no tcpdump to compare with";

const noTunnel = existsSync("/dev/net/tun") ? false : "there is no /dev/net/tun";
const noPython =
	spawnSync("python3", ["--version"]).status === 0 ? false : "there is no python3 to refuse rings";

/** What each case shows. */
const cases: Record<string, string> = {
	packets: "gives bytes, lengths, times, interfaces and directions",
	tcpdump: "gives what tcpdump writes, in its order and with its times",
	snaplen: "keeps as much of a packet as was asked for, and says how long it was",
	stray: "gives nothing that the filter does not let pass, from the first packet on",
	filters: "filters as tcpdump does at an interface, whether a VLAN tag is in the packet or beside it",
	vlans: "puts VLAN tags back into packets, as tcpdump does",
	directions: "tells directions, and captures one alone",
	loopback: "sees loopback packets once, as tcpdump does",
	any: "makes cooked headers for all interfaces, as tcpdump does",
	tunnel: "gives IP packets of a tunnel, which has no header",
	promiscuous: "makes the interface promiscuous, until it is closed",
	drops: "counts what is dropped when nobody reads, and goes on after",
	flows: "hands packets to a function, which pauses, stops, throws and closes",
	waiting: "waits in the event loop and blocking, with timeouts and signals",
	views: "bears who keeps its memory, and writes to it",
	addresses: "uses the addresses of rings that were collected again",
	collected: "is closed when it is collected, with a warning",
	fanout: "shares packets among threads, each once, and flows together",
	terminations: "lets threads be terminated in mid-traffic, with all that they had",
	exit: "lets the process end in mid-traffic",
	interfaces: "names interfaces that are not there, down, or gone meanwhile",
};
const withTcpdump = new Set(["tcpdump", "filters", "vlans", "loopback", "any"]);

/** Refuses PACKET_RX_RING to the program that it becomes: the arguments that follow. */
const refusing = `
import ctypes, os, struct, sys
code = [(0x20, 0, 0, 0), (0x15, 0, 5, SETSOCKOPT), (0x20, 0, 0, 24), (0x15, 0, 3, 263), (0x20, 0, 0, 32),
        (0x15, 0, 1, 5), (0x06, 0, 0, 0x0005000c), (0x06, 0, 0, 0x7fff0000)]
program = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *line) for line in code))
filter = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(code), ctypes.addressof(program)))
libc = ctypes.CDLL(None, use_errno=True)
zero = ctypes.c_ulong(0)
if libc.prctl(38, ctypes.c_ulong(1), zero, zero, zero) or libc.prctl(22, ctypes.c_ulong(2), filter):
    sys.exit("no filter of system calls can be set")
os.execvp(sys.argv[1], sys.argv[1:])
`.replace("SETSOCKOPT", process.arch === "arm64" ? "208" : "54");

describe("capture()", { skip: noNetwork, concurrency: 2 }, () => {
	/** Runs a case in a new host of its own. */
	async function run(
		name: string,
		kind: string,
		options: RunOptions = {},
		before: readonly string[] = [],
	): Promise<void> {
		await using own = await makeNetwork({ hosts: ["h"] });
		await own.shell("h", cable);
		const program = new URL("./programs/captures.js", import.meta.url);
		const execute = isDeno
			? [process.execPath, "run", "-A", "--v8-flags=--expose-gc"]
			: [process.execPath, "--expose-gc"];
		const words = [...before, ...execute, program.pathname, name, kind];
		const { code, signal, stderr } = await own.run("h", words, options);
		assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
	}

	for (const kind of ["ring", "queue"]) {
		for (const [name, what] of Object.entries(cases)) {
			if (name === "addresses" && kind === "queue") continue;
			const skip = withTcpdump.has(name) ? noTcpdump : name === "tunnel" ? noTunnel : false;
			test(`by the ${kind} ${what}`, { skip }, () => run(name, kind));
		}
	}

	test("does without a ring where the kernel refuses it, unless it is required", { skip: noPython }, () =>
		run("refused", "ring", {}, ["python3", "-c", refusing]),
	);

	test("says which capability is missing", () => run("privilege", "ring", { unprivileged: true }));
});

describe("capture() refuses, before it touches anything,", () => {
	const wrong: [what: string, options: unknown, problem: RegExp][] = [
		["no options", undefined, /capture takes \{ interface/],
		["no interface", {}, /interface must be/],
		["a negative index", { interface: -1 }, /interface/],
		["an unknown option", { interface: "lo", promisc: true }, /no option promisc/],
		["a filter that is wrong", { interface: "lo", filter: "tcp prot 80" }, /"prot"/],
		["a program without end", { interface: "lo", filter: [] }, /1 to 4096 instructions/],
		["a filter that is no text", { interface: "lo", filter: 5 }, /a filter/],
		["no snaplen", { interface: "lo", snaplen: 0 }, /snaplen/],
		["a direction that is none", { interface: "lo", direction: "up" }, /direction must be in or out/],
		["blocks of an odd size", { interface: "lo", blockSize: 5000 }, /power of two/],
		["a buffer for one block", { interface: "lo", bufferSize: 65536 }, /two blocks/],
		["blocks without a ring", { interface: "lo", ring: false, blockSize: 4096 }, /blockSize is for a ring/],
		["a block's time without a ring", { interface: "lo", immediate: true, blockTimeout: 5 }, /blockTimeout/],
		["an immediate ring", { interface: "lo", immediate: true, ring: true }, /immediate is for/],
		["all promiscuous", { interface: "any", promiscuous: true }, /not for "any"/],
		["a mode that is none", { interface: "lo", fanout: { id: 1, mode: "all" } }, /mode must be hash/],
		["a group's number", { interface: "lo", fanout: { id: 65536, mode: "lb" } }, /fanout: id/],
		["a signal that is none", { interface: "lo", signal: 5 }, /AbortSignal/],
	];
	for (const [what, options, problem] of wrong) {
		test(what, () => {
			assert.throws(
				() => capture(options as CaptureOptions),
				(error: Error) => !(error instanceof SocketError) && problem.test(error.message),
			);
		});
	}
});

describe("the structures of a ring", () => {
	const facts: Fact[] = [
		["struct tpacket_block_desc, hdr.bh1.block_status", ringLayout.status],
		["struct tpacket_block_desc, hdr.bh1.num_pkts", ringLayout.count],
		["struct tpacket_block_desc, hdr.bh1.offset_to_first_pkt", ringLayout.first],
		["struct tpacket3_hdr, tp_next_offset", ringLayout.next],
		["struct tpacket3_hdr, tp_sec", ringLayout.seconds],
		["struct tpacket3_hdr, tp_nsec", ringLayout.nanoseconds],
		["struct tpacket3_hdr, tp_snaplen", ringLayout.size],
		["struct tpacket3_hdr, tp_len", ringLayout.length],
		["struct tpacket3_hdr, tp_status", ringLayout.packetStatus],
		["struct tpacket3_hdr, tp_mac", ringLayout.mac],
		["struct tpacket3_hdr, hv1.tp_vlan_tci", ringLayout.tci],
		["struct tpacket3_hdr, hv1.tp_vlan_tpid", ringLayout.tpid],
	].map(([members, value]) => ({ expression: `offsetof(${members})`, value: Number(value) }));
	facts.push(
		{ expression: "TPACKET_ALIGN(sizeof(struct tpacket3_hdr))", value: ringLayout.address },
		{ expression: "TPACKET3_HDRLEN", value: ringLayout.end },
		{ expression: "offsetof(struct tpacket_auxdata, tp_vlan_tci)", value: 16 },
		{ expression: "sizeof(struct tpacket_auxdata)", value: 20 },
	);
	for (const compiler of compilers) {
		test(`are as in C for ${compiler.arch}`, { skip: skipWithout(compiler) }, () => {
			const headers = ["stddef.h", "linux/if_packet.h"];
			assert.deepEqual(checkFacts(compiler, headers, facts), { wrong: [], unknown: [] });
		});
	}
});
