/**
 * The filter compiler, compared with tcpdump's; and the interpreter of its programs, compared with the kernel's.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	checkProgram,
	compileFilter,
	disassemble,
	FilterError,
	type Instruction,
	runProgram,
} from "../src/capture/index.js";
import { AF_UNIX, SOCK_DGRAM, so, socketpair } from "../src/index.js";
import { Choice, frame } from "./support/frames.js";

const noTcpdump =
	spawnSync("tcpdump", ["--version"]).status === 0 ? false : "there is no tcpdump to compare with";

function tcpdumps(filter: string): Instruction[] {
	const { status, stdout, stderr } = spawnSync("tcpdump", ["-y", "EN10MB", "-ddd", "--", filter], {
		encoding: "utf8",
	});
	assert.equal(status, 0, `${filter}: ${stderr}`);
	return stdout
		.trim()
		.split("\n")
		.slice(1)
		.map((line) => {
			const [code = 0, jt = 0, jf = 0, k = 0] = line.split(" ").map(Number);
			return { code, jt, jf, k };
		});
}

/** By what they are about. */
const filters = {
	protocols: [
		"tcp",
		"udp",
		"icmp",
		"icmp6",
		"arp",
		"rarp",
		"ip",
		"ip6",
		"sctp",
		"igmp",
		"esp or ah",
		"pim",
		"vrrp",
		"ip proto 47",
		"ip6 proto 6",
		"proto 6",
		"proto \\udp",
		"ether proto \\ip",
		"ether proto 0x86dd",
	],
	hosts: [
		"host 1.2.3.4",
		"src host 1.2.3.4",
		"dst 1.2.3.4",
		"src and dst host 10.0.0.1",
		"ip host 1.2.3.4",
		"arp host 1.2.3.4",
		"rarp src 1.2.3.4",
		"ip6 host ::1",
		"host 2001:db8::9",
		"dst ff02::1",
		"ether host 02:00:00:00:00:01",
		"ether src 02:00:00:00:00:02",
		"ether dst ff:ff:ff:ff:ff:ff",
		"host 10.0.0.1 or 10.0.0.2 or 1.2.3.4",
		"not host 1.2.3.4 and 10.0.0.1",
	],
	networks: [
		"net 10.0.0.0/8",
		"net 10",
		"net 192.168",
		"src net 192.168 mask 255.255.0.0",
		"net 0.0.0.0/0",
		"net 2001:db8::/32",
		"dst net ff00::/8",
		"ip6 net 2001:db8::/29",
		"arp net 10",
		"net 10.0.0.0/8 or 192.168.0.0/16",
		"src net 10.0.0.0/8 or 192.168.0.0/16 or 224.0.0.0/4",
		"src and dst net 10.0.0.0/8 or 192.168.0.0/16",
		"net 10.0.0.0/8 or 2001:db8::/32 or ff00::/8",
		"not host 10.0.0.1 or 10.0.0.2 and ip",
	],
	ports: [
		"port 80",
		"tcp port 80",
		"tcp dst port 80",
		"dst port 53",
		"udp port domain",
		"portrange 10-90",
		"src portrange 53-1000",
		"sctp port 80",
		"port 80 or 443",
		"port (80 or 443) and not host 1.2.3.4",
		"src or dst port 80",
		"src and dst port 80",
		"src and dst port 80 or 443",
		"src port 80 or dst port 53",
		"tcp src port 1234 and dst port 80",
	],
	"and, or, not": [
		"not port 22 and udp",
		"not (tcp or udp)",
		"!tcp && !udp",
		"tcp or udp or icmp and host 1.2.3.4",
		"host 1.2.3.4 and not (port 80 or port 53)",
		"tcp and (port 80 or 8080) and len > 60",
		"not not tcp",
		"((tcp))",
	],
	casts: ["broadcast", "multicast", "ether broadcast", "ether multicast", "ip multicast", "ip6 multicast"],
	lengths: [
		"less 100",
		"greater 60",
		"len > 70 and len <= 90",
		"len / 2 > 30",
		"len % 7 = 3",
		"len ^ 1 = 61",
	],
	VLANs: [
		"vlan",
		"vlan 5",
		"vlan 5 and ip",
		"vlan and vlan and udp",
		"vlan and host 1.2.3.4",
		"ip or vlan or udp",
		"vlan 5 and tcp port 80",
		"not vlan 6 and arp",
		"vlan and ip6 net 2001:db8::/32",
	],
	"bytes and flags": [
		"tcp[tcpflags] & tcp-syn != 0",
		"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src and dst net 10.0.0.0/8",
		"tcp[13] = 18",
		"icmp[icmptype] = icmp-echo",
		"icmp[0] != 8",
		"icmp6[icmp6type] = icmp6-echo",
		"ip[0] & 0xf != 5",
		"ip[6:2] & 0x1fff = 0",
		"ip[2:2] - ((ip[0]&0xf)<<2) > 20",
		"tcp[((tcp[12]&0xf0)>>2):4] = 0x47455420",
		"(tcp[12] & 0xf0) = 0x50",
		"udp[4:2] > 20",
		"udp[0:2] = udp[2:2]",
		"ip[12:4] = ip[16:4]",
		"ip[ip[0]&0xf] = 0",
		"ip[8] * 2 = 128",
		"ip6[40] = 6",
		"ip6[6:2] > 3",
		"arp[7] = 1",
		"ether[0] & 1 = 0",
		"ether[12:2] = 0x0800 and ether[14] & 0xf0 = 0x40",
		"1 < tcp[13]",
		"ip[8] <= 64 and ip[8] >= 2",
		"ip[1] | ip[9] = 17",
		"-ip[9] = 0xfffffffa",
	],
	constants: ["1 = 1", "len >= 0 or 3 < 2"],
};

describe("compileFilter()", () => {
	const choice = new Choice(20);
	const frames = Array.from({ length: 2000 }, () => frame(choice));

	for (const [about, texts] of Object.entries(filters)) {
		test(`lets the same frames pass as tcpdump: ${about}`, { skip: noTcpdump }, () => {
			for (const text of texts) {
				const expected = tcpdumps(text);
				const program = compileFilter(text);
				checkProgram(program);
				for (const bytes of frames) {
					const wanted = runProgram(expected, bytes);
					assert.equal(
						runProgram(program, bytes),
						wanted,
						`${text} on ${Buffer.from(bytes).toString("hex")}`,
					);
				}
			}
		});
	}

	test("of nothing lets everything pass", () => {
		assert.equal(disassemble(compileFilter("  ", { snapLength: 96 })), "(000) ret      #96");
	});

	test("does not load what is loaded already, nor ask what is known", () => {
		assert.equal(
			disassemble(compileFilter("tcp port 80")).replace(/ +/g, " "),
			`(000) ldh [12]
(001) jeq #0x86dd jt 2	jf 8
(002) ldb [20]
(003) jeq #0x6 jt 4	jf 19
(004) ldh [54]
(005) jeq #0x50 jt 18	jf 6
(006) ldh [56]
(007) jeq #0x50 jt 18	jf 19
(008) jeq #0x800 jt 9	jf 19
(009) ldb [23]
(010) jeq #0x6 jt 11	jf 19
(011) ldh [20]
(012) jset #0x1fff jt 19	jf 13
(013) ldxb 4*([14]&0xf)
(014) ldh [x + 14]
(015) jeq #0x50 jt 18	jf 16
(016) ldh [x + 16]
(017) jeq #0x50 jt 18	jf 19
(018) ret #262144
(019) ret #0`,
		);
	});

	test("makes jumps that are farther than a condition can jump", () => {
		const ports = Array.from({ length: 300 }, (_, index) => `port ${1000 + index}`).join(" or ");
		const program = compileFilter(ports);
		checkProgram(program);
		const withPort = (port: number): Uint8Array =>
			Uint8Array.from([
				...new Array(12).fill(2),
				...[8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
				...[port >> 8, port & 255, 0, 1, 0, 8, 0, 0],
			]);
		assert.equal(runProgram(program, withPort(999)), 0);
		assert.equal(runProgram(program, withPort(1000)), 262144);
		assert.equal(runProgram(program, withPort(1299)), 262144);
		assert.equal(runProgram(program, withPort(1300)), 0);
	});

	test("takes as many hosts as tcpdump takes", () => {
		const hosts = Array.from({ length: 400 }, (_, index) => `host 10.0.${index >> 8}.${index & 255}`);
		checkProgram(compileFilter(hosts.join(" or ")));
	});

	test("names the word that is wrong or not supported, and its column", () => {
		const wrong: [text: string, column: number, problem: RegExp][] = [
			["tpc port 80", 1, /"tpc" is no word/],
			["tcp port", 9, /the end where a port must be/],
			["tcp prot 80", 5, /"prot" where and, or, or the end must be/],
			["host example.org", 6, /names are not looked up/],
			["host 1.2.3", 6, /"1.2.3" is not an address/],
			["net 10.1.1.1/8", 5, /bits beyond its mask; the network is 10.0.0.0/],
			["net 10/33", 8, /at most 32 bits/],
			["port 70000", 6, /at most 65535/],
			["port nosuchservice", 6, /no service/],
			["icmp port 80", 6, /port goes with tcp, udp, sctp, not with icmp/],
			["tcp host 1.2.3.4", 5, /host goes with/],
			["(tcp", 5, /the end where "\)" must be/],
			["tcp)", 4, /"\)" where and, or, or the end must be/],
			["tcp and", 8, /the end where a condition must be/],
			["tcp[0:3] = 1", 7, /1, 2 or 4 bytes/],
			["tcp[0] = ", 10, /the end where a number must be/],
			["foo[0] = 1", 1, /"foo" is no protocol/],
			["len / 0 = 1", 1, /division by 0/],
			["gateway 1.2.3.4", 1, /"gateway" is not supported/],
			["ip broadcast", 4, /takes the network's mask/],
			["tcp $ udp", 5, /"\$" means nothing/],
			["vlan 5000", 6, /at most 4095/],
			["mpls 5", 1, /"mpls" is not supported/],
		];
		for (const [text, column, problem] of wrong) {
			assert.throws(
				() => compileFilter(text),
				(error) => {
					assert.ok(error instanceof FilterError, text);
					assert.match(error.message, problem);
					assert.equal(error.column, column, text);
					return true;
				},
			);
		}
		assert.throws(() => compileFilter("tcp", { link: "token ring" as never }), RangeError);
		assert.throws(() => compileFilter(5 as never), TypeError);
	});

	test("never throws anything else, whatever the text is", () => {
		const words = Object.values(filters)
			.flat()
			.flatMap((text) => text.split(/(?=[ ()[\]&|!=<>])|(?<=[ ()[\]&|!=<>])/));
		const texts = fc.oneof(
			fc.string(),
			fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(" ")),
		);
		fc.assert(
			fc.property(texts, (text) => {
				try {
					checkProgram(compileFilter(text));
				} catch (error) {
					assert.ok(error instanceof FilterError, `${text}: ${error}`);
				}
			}),
			{ numRuns: 3000 },
		);
		assert.throws(() => compileFilter("(".repeat(100_000)), FilterError);
		assert.throws(() => compileFilter(`${"not ".repeat(100_000)}tcp`), FilterError);
		const hosts = Array.from({ length: 100_000 }, (_, index) => `host 10.${index >> 16}.0.${index & 255}`);
		assert.throws(() => compileFilter(hosts.join(" or ")), FilterError);
		assert.throws(() => compileFilter(`tcp port (${"80 or ".repeat(100_000)}81)`), FilterError);
	});
});

describe("runProgram()", () => {
	test("gives what the kernel gives", () => {
		const choice = new Choice(7);
		const [sender, receiver] = socketpair(AF_UNIX, SOCK_DGRAM);
		using one = sender;
		using other = receiver;
		for (const text of Object.values(filters).flat()) {
			// As the kernel cuts a datagram to what the program gives, that can be seen.
			const program = compileFilter(text, { snapLength: 40 });
			other.set(so.attachFilter, program);
			for (let count = 0; count < 20; count++) {
				const bytes = frame(choice);
				one.sendSync(bytes);
				const wanted = runProgram(program, bytes);
				if (wanted > 0) assert.equal(other.recvSync(65536).length, Math.min(wanted, bytes.length), text);
				else assert.throws(() => other.recvSync(65536, 0, { timeout: 0 }), { code: "EAGAIN" }, text);
			}
		}
	});

	test("gives 0 for a program that reads beyond the packet or divides by 0", () => {
		const load = { code: 0x30, jt: 0, jf: 0, k: 10 };
		const accept = { code: 0x06, jt: 0, jf: 0, k: 1 };
		assert.equal(runProgram([load, accept], new Uint8Array(11)), 1);
		assert.equal(runProgram([load, accept], new Uint8Array(10)), 0);
		assert.equal(runProgram([{ code: 0x3c, jt: 0, jf: 0, k: 0 }, accept], new Uint8Array(1)), 0);
	});
});

describe("checkProgram()", () => {
	test("refuses what the kernel refuses, and names the instruction", () => {
		const accept = { code: 0x06, jt: 0, jf: 0, k: 1 };
		const cases: [Instruction[], RegExp][] = [
			[[], /1 to 4096 instructions, not 0/],
			[[{ code: 0x15, jt: 1, jf: 0, k: 0 }, accept], /instruction 0 .* jumps out/],
			[[accept, { code: 0x05, jt: 0, jf: 0, k: 0 }], /instruction 1 .* jumps out/],
			[[{ code: 0x34, jt: 0, jf: 0, k: 0 }, accept], /divides by 0/],
			[[{ code: 0x60, jt: 0, jf: 0, k: 16 }, accept], /16 words/],
			[[{ code: 0xff, jt: 0, jf: 0, k: 0 }], /ends with a return/],
			[[{ code: 0x30, jt: 0, jf: 0, k: 0 }], /ends with a return/],
		];
		const [one, other] = socketpair(AF_UNIX, SOCK_DGRAM);
		using first = one;
		using second = other;
		for (const [program, message] of cases) {
			assert.throws(() => checkProgram(program), { name: "RangeError", message });
			if (program.length > 0) assert.throws(() => first.set(so.attachFilter, program), { code: "EINVAL" });
		}
		second.set(so.attachFilter, [accept]);
	});
});
