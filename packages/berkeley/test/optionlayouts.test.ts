/**
 * The structs of socket options against the C headers: sizes and offsets by the compiler, for both platforms, and
 * the bytes of encoded values.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip, ipv6, packet, so, tcp } from "../src/options/index.js";
import { tcpInfoFields } from "../src/options/tcp-info.js";
import { AF_INET, AF_INET6 } from "../src/sys/linux/constants/index.js";
import { checkFacts, compilers, type Fact, skipWithout } from "./support/cc.js";

/** The facts of a struct: its size, where each field begins and, where told, its size. */
function struct(name: string, size: number, fields: Record<string, number>): Fact[] {
	const offsets = Object.entries(fields).map(([field, value]) => ({
		expression: `offsetof(struct ${name}, ${field})`,
		value,
	}));
	return [{ expression: `sizeof(struct ${name})`, value: size }, ...offsets];
}

const infoFacts: Fact[] = tcpInfoFields.flatMap(([, field, offset, size]) => [
	{ expression: `offsetof(struct tcp_info, tcpi_${field})`, value: offset },
	{ expression: `sizeof(((struct tcp_info *)0)->tcpi_${field})`, value: size },
]);

// What Linux 6.1's headers, the oldest that this is developed on, do not have yet. Newer headers do check it.
const youngInfoFields = new Set([
	"rcv_wnd",
	"rehash",
	"total_rto",
	"total_rto_recoveries",
	"total_rto_time",
	"received_ce",
	"delivered_e1_bytes",
	"delivered_e0_bytes",
	"delivered_ce_bytes",
	"received_e1_bytes",
	"received_e0_bytes",
	"received_ce_bytes",
	// Ours: the name is that of no field, since the bits in these four bytes have changed theirs.
	"accecn",
]);

/** Each set of headers and what is asked of it. Those of the kernel and of libc declare the same names. */
const questions: readonly (readonly [headers: string, facts: Fact[]])[] = [
	["linux/tcp.h", infoFacts],
	[
		"linux/tcp.h",
		[
			...struct("tcp_md5sig", 216, {
				tcpm_addr: 0,
				tcpm_flags: 128,
				tcpm_prefixlen: 129,
				tcpm_keylen: 130,
				tcpm_ifindex: 132,
				tcpm_key: 136,
			}),
			{ expression: "TCP_MD5SIG_FLAG_PREFIX", value: 1 },
			{ expression: "TCP_MD5SIG_FLAG_IFINDEX", value: 2 },
			...struct("tcp_repair_opt", 8, { opt_code: 0, opt_val: 4 }),
			...struct("tcp_repair_window", 20, { snd_wl1: 0, snd_wnd: 4, max_window: 8, rcv_wnd: 12, rcv_wup: 16 }),
		],
	],
	[
		"linux/inet_diag.h",
		struct("tcp_bbr_info", 20, {
			bbr_bw_lo: 0,
			bbr_bw_hi: 4,
			bbr_min_rtt: 8,
			bbr_pacing_gain: 12,
			bbr_cwnd_gain: 16,
		}),
	],
	[
		"linux/in.h",
		[
			...struct("ip_mreqn", 12, { imr_multiaddr: 0, imr_address: 4, imr_ifindex: 8 }),
			...struct("ip_mreq_source", 12, { imr_multiaddr: 0, imr_interface: 4, imr_sourceaddr: 8 }),
			...struct("ip_msfilter", 20, {
				imsf_multiaddr: 0,
				imsf_interface: 4,
				imsf_fmode: 8,
				imsf_numsrc: 12,
				imsf_slist: 16,
			}),
			...struct("group_req", 136, { gr_interface: 0, gr_group: 8 }),
			...struct("group_source_req", 264, { gsr_interface: 0, gsr_group: 8, gsr_source: 136 }),
			...struct("group_filter", 272, {
				gf_interface: 0,
				gf_group: 8,
				gf_fmode: 136,
				gf_numsrc: 140,
				gf_slist: 144,
			}),
			...struct("sockaddr_in", 16, { sin_port: 2, sin_addr: 4 }),
		],
	],
	[
		"netinet/in.h",
		[
			...struct("ipv6_mreq", 20, { ipv6mr_multiaddr: 0, ipv6mr_interface: 16 }),
			...struct("in6_pktinfo", 20, { ipi6_addr: 0, ipi6_ifindex: 16 }),
			...struct("ip6_mtuinfo", 32, { ip6m_addr: 0, ip6m_mtu: 28 }),
			...struct("sockaddr_in6", 28, { sin6_port: 2, sin6_flowinfo: 4, sin6_addr: 8, sin6_scope_id: 24 }),
		],
	],
	[
		"sys/socket.h",
		[...struct("linger", 8, { l_onoff: 0, l_linger: 4 }), ...struct("ucred", 12, { pid: 0, uid: 4, gid: 8 })],
	],
	["sys/time.h", struct("timeval", 16, { tv_sec: 0, tv_usec: 8 })],
	[
		"linux/filter.h",
		[
			...struct("sock_filter", 8, { code: 0, jt: 2, jf: 3, k: 4 }),
			...struct("sock_fprog", 16, { len: 0, filter: 8 }),
			{ expression: "BPF_MAXINSNS", value: 4096 },
		],
	],
	[
		"linux/net_tstamp.h",
		[
			...struct("so_timestamping", 8, { flags: 0, bind_phc: 4 }),
			...struct("sock_txtime", 8, { clockid: 0, flags: 4 }),
		],
	],
	[
		"linux/sock_diag.h",
		[
			"RMEM_ALLOC",
			"RCVBUF",
			"WMEM_ALLOC",
			"SNDBUF",
			"FWD_ALLOC",
			"WMEM_QUEUED",
			"OPTMEM",
			"BACKLOG",
			"DROPS",
		].map((name, value) => ({ expression: `SK_MEMINFO_${name}`, value })),
	],
	[
		"linux/if_packet.h",
		[
			...struct("packet_mreq", 16, { mr_ifindex: 0, mr_type: 4, mr_alen: 6, mr_address: 8 }),
			...struct("fanout_args", 8, { id: 0, type_flags: 2, max_num_members: 4 }),
			...struct("tpacket_stats", 8, { tp_packets: 0, tp_drops: 4 }),
			...struct("tpacket_stats_v3", 12, { tp_packets: 0, tp_drops: 4, tp_freeze_q_cnt: 8 }),
			...struct("tpacket_rollover_stats", 24, { tp_all: 0, tp_huge: 8, tp_failed: 16 }),
			...struct("tpacket_req", 16, { tp_block_size: 0, tp_block_nr: 4, tp_frame_size: 8, tp_frame_nr: 12 }),
			...struct("tpacket_req3", 28, {
				tp_block_size: 0,
				tp_block_nr: 4,
				tp_frame_size: 8,
				tp_frame_nr: 12,
				tp_retire_blk_tov: 16,
				tp_sizeof_priv: 20,
				tp_feature_req_word: 24,
			}),
		],
	],
];

for (const compiler of compilers) {
	test(`the layouts are those of the headers for ${compiler.arch}`, { skip: skipWithout(compiler) }, () => {
		for (const [headers, facts] of questions) {
			const { wrong, unknown } = checkFacts(compiler, headers.split(" "), facts);
			assert.deepEqual(wrong, []);
			const unexpected = unknown.filter(
				({ expression }) => ![...youngInfoFields].some((field) => expression.includes(`tcpi_${field}`)),
			);
			assert.deepEqual(unexpected, []);
		}
	});
}

test("the fields of tcp_info follow one another without gap or overlap, apart from the bits", () => {
	let end = 0;
	for (const [name, , offset, size] of tcpInfoFields) {
		assert.equal(offset, name === "rto" ? 8 : end, name);
		assert.equal(offset % size, 0, name);
		end = offset + size;
	}
	assert.equal(end, tcp.info.size);
});

test("the fields of tcp_info have the kernel's names, folded", () => {
	for (const [name, kernelName] of tcpInfoFields)
		assert.equal(
			name,
			kernelName.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
		);
});

test("encoded values have their fields where the structs have them", () => {
	const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
	const four = { group: "224.1.2.3", source: "192.0.2.1", address: "127.0.0.1" };
	assert.equal(
		hex(ip.addMembership.encode({ group: "224.1.2.3", interface: 5 })),
		"e00102030000000005000000",
	);
	assert.equal(hex(ip.addSourceMembership.encode(four)), "e00102037f000001c0000201");
	assert.equal(
		hex(ip.msfilter.encode({ ...four, mode: "include", sources: ["10.0.0.1", "10.0.0.2"] })),
		"e00102037f00000101000000020000000a0000010a000002",
	);
	const request = Buffer.from(ip.mcastJoinSourceGroup.encode({ ...four, interface: 5 }));
	assert.equal(request.length, 264);
	assert.equal(request.readUInt32LE(0), 5);
	assert.equal(request.readUInt16LE(8), AF_INET);
	assert.deepEqual([...request.subarray(12, 16)], [224, 1, 2, 3]);
	assert.deepEqual([...request.subarray(140, 144)], [192, 0, 2, 1]);
	const request6 = Buffer.from(ipv6.mcastJoinGroup.encode({ group: "ff15::1", interface: 6 }));
	assert.equal(request6.length, 136);
	assert.equal(request6.readUInt16LE(8), AF_INET6);
	assert.equal(hex(request6.subarray(16, 32)), "ff150000000000000000000000000001");
	const joined = ipv6.joinGroup.encode({ group: "ff15::1", interface: 6 });
	assert.equal(hex(joined), "ff15000000000000000000000000000106000000");
	assert.equal(hex(so.linger.encode({ seconds: 5 })), "0100000005000000");
	assert.equal(hex(ip.localPortRange.encode({ low: 0x1234, high: 0x5678 })), "34127856");
	assert.equal(hex(ip.unicastIf.encode(3)), "00000003");
	const signed = Buffer.from(
		tcp.md5sigExt.encode({ address: "192.0.2.1", prefixLength: 24, interface: 3, key: "abc" }),
	);
	assert.equal(signed.readUInt8(128), 3);
	assert.equal(signed.readUInt8(129), 24);
	assert.equal(signed.readUInt16LE(130), 3);
	assert.equal(signed.readInt32LE(132), 3);
	assert.equal(signed.toString("latin1", 136, 139), "abc");
	const eight = packet.addMembership.encode({ interface: 2, type: 1, address: Uint8Array.of(1, 2, 3) });
	assert.equal(hex(eight), "02000000010003000102030000000000");
	assert.equal(
		packet.addMembership.encode({ interface: 2, type: 0, address: new Uint8Array(20) }).length,
		28,
	);
	assert.equal(hex(packet.fanout.encode({ id: 7, type: 1, flags: 0x1000 })), "07000110");
});
