/**
 * The typed socket options against the kernel: a table with a line for each option, then what takes more.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { SocketError } from "../src/errors.js";
import { ip, ipv6, packet, so, tcp, udp, udplite } from "../src/options/index.js";
import type { ReadableOption, SocketOption, WritableOption } from "../src/options/option.js";
import { close } from "../src/sys/descriptors.js";
import { ifNametoindex } from "../src/sys/interfaces.js";
import * as C from "../src/sys/linux/constants/index.js";
import * as sys from "../src/sys/sockets.js";
import { get, type Kind, kernelHas, privileged, set, withPair, withSocket } from "./support/options.js";

const loopback = ifNametoindex("lo");
const rawKinds: readonly Kind[] = ["raw", "raw6", "icmp6", "packet"];

interface Needs {
	/** The option needs CAP_NET_ADMIN or CAP_NET_RAW. */
	privilege?: true;
	/** The first kernel that has the option. */
	since?: string;
}

/** Why this machine cannot run a line; undefined when it can. */
function reasonToSkip(kind: Kind, needs: Needs): string | undefined {
	if ((needs.privilege || rawKinds.includes(kind)) && !privileged)
		return "it needs CAP_NET_ADMIN and CAP_NET_RAW";
	if (needs.since !== undefined && !kernelHas(needs.since)) return `it needs Linux ${needs.since}`;
	return undefined;
}

type Line = [
	option: SocketOption<unknown, never>,
	kind: Kind,
	values: readonly (readonly [set: unknown, get: unknown])[],
	needs?: Needs,
];

/** A line whose values read as they were set. */
function line<T>(option: SocketOption<T, T>, kind: Kind, values: readonly T[], needs: Needs = {}): Line {
	return [option as SocketOption<unknown, never>, kind, values.map((value) => [value, value]), needs];
}

/** A line whose values read differently. */
function pairs<Get, Set>(
	option: SocketOption<Get, Set>,
	kind: Kind,
	values: readonly (readonly [Set, Get])[],
	needs: Needs = {},
): Line {
	return [option as unknown as SocketOption<unknown, never>, kind, values, needs];
}

const offOn = [true, false];
const root = { privilege: true } as const;

const table: readonly Line[] = [
	pairs(
		so.bindtodevice,
		"udp",
		[
			["lo", "lo"],
			["", ""],
		],
		root,
	),
	pairs(
		so.bindtoifindex,
		"udp",
		[
			["lo", loopback],
			[0, 0],
			[loopback, loopback],
		],
		root,
	),
	line(so.broadcast, "udp", offOn),
	line(so.bufLock, "udp", [1, 2, 3, 0], { since: "5.15" }),
	line(so.busyPoll, "udp", [50, 0], root),
	line(so.debug, "tcp", offOn, root),
	line(so.dontroute, "udp", offOn),
	line(so.incomingCpu, "udp", [0]),
	line(so.keepalive, "tcp", offOn),
	line(so.linger, "tcp", [{ seconds: 5 }, { seconds: 0 }, { seconds: 65535 }]),
	line(so.lockFilter, "udp", [true]),
	line(so.mark, "udp", [7, 0xffffffff, 0], root),
	line(so.maxPacingRate, "tcp", [1_000_000, 2 ** 40, null]),
	line(so.noCheck, "udp", offOn),
	line(so.nofcs, "packet", offOn),
	line(so.oobinline, "tcp", offOn),
	line(so.passcred, "unix", offOn),
	line(so.passpidfd, "unix", offOn, { since: "6.5" }),
	line(so.passrights, "unix", [false, true], { since: "6.16" }),
	line(so.passsec, "unix", offOn),
	line(so.peekOff, "unix", [4, 0, -1]),
	line(so.preferBusyPoll, "udp", offOn, { ...root, since: "5.11" }),
	line(so.priority, "udp", [6, 0]),
	line(so.priority, "udp", [7], root),
	pairs(so.rcvbuf, "udp", [[8192, 16384]]),
	pairs(so.rcvlowat, "tcp", [
		[100, 100],
		[0, 1],
	]),
	line(so.rcvmark, "udp", offOn, { since: "5.19", privilege: true }),
	line(so.rcvpriority, "udp", offOn, { since: "6.14", privilege: true }),
	line(so.rcvtimeo, "udp", [1500, 100, null]),
	line(so.reuseaddr, "tcp", offOn),
	line(so.reuseport, "tcp", offOn),
	line(so.rxqOvfl, "udp", offOn),
	line(so.selectErrQueue, "udp", offOn),
	pairs(so.sndbuf, "udp", [[8192, 16384]]),
	line(so.sndtimeo, "udp", [2000, 60_000, null]),
	line(so.timestamp, "udp", offOn),
	pairs(so.timestamping, "udp", [
		[C.SOF_TIMESTAMPING_SOFTWARE, { flags: C.SOF_TIMESTAMPING_SOFTWARE, bindPhc: 0 }],
		[{ flags: C.SOF_TIMESTAMPING_RX_SOFTWARE }, { flags: C.SOF_TIMESTAMPING_RX_SOFTWARE, bindPhc: 0 }],
		[0, { flags: 0, bindPhc: 0 }],
	]),
	line(so.timestampns, "udp", offOn),
	line(so.txrehash, "tcp", [false, true], { since: "5.18" }),
	line(so.txtime, "udp", [{ clockid: 1, flags: 2 }], root),
	line(so.wifiStatus, "packet", offOn),
	line(so.zerocopy, "tcp", offOn),

	line(ip.bindAddressNoPort, "tcp", offOn),
	line(ip.checksum, "udp", offOn),
	line(ip.freebind, "udp", offOn),
	line(ip.hdrincl, "raw", offOn),
	line(ip.localPortRange, "tcp", [{ low: 40000, high: 40100 }, { low: 50000, high: 0 }, null], {
		since: "6.3",
	}),
	line(ip.minttl, "tcp", [255, 0]),
	line(ip.mtuDiscover, "udp", [C.IP_PMTUDISC_DO, C.IP_PMTUDISC_DONT]),
	line(ip.multicastAll, "udp", [false, true]),
	pairs(ip.multicastIf, "udp", [
		["127.0.0.1", "127.0.0.1"],
		[{ interface: "lo", address: "127.0.0.2" }, "127.0.0.2"],
		["0.0.0.0", "0.0.0.0"],
	]),
	line(ip.multicastLoop, "udp", [false, true]),
	pairs(ip.multicastTtl, "udp", [
		[32, 32],
		[-1, 1],
		[0, 0],
	]),
	line(ip.nodefrag, "raw", offOn),
	line(ip.options, "udp", [Buffer.from([1, 1, 1, 0]), Buffer.alloc(0)]),
	line(ip.passsec, "udp", offOn),
	line(ip.pktinfo, "udp", offOn),
	line(ip.recverr, "udp", offOn),
	line(ip.recverrRfc4884, "udp", offOn, { since: "5.9" }),
	line(ip.recvfragsize, "udp", offOn),
	line(ip.recvopts, "udp", offOn),
	line(ip.recvorigdstaddr, "udp", offOn),
	line(ip.recvtos, "udp", offOn),
	line(ip.recvttl, "udp", offOn),
	line(ip.retopts, "udp", offOn),
	line(ip.routerAlert, "raw", offOn),
	line(ip.tos, "udp", [0x10, 0xb8, 0]),
	line(ip.transparent, "tcp", offOn, root),
	pairs(ip.ttl, "udp", [
		[1, 1],
		[255, 255],
		[-1, 64],
	]),
	pairs(ip.unicastIf, "udp", [
		["lo", loopback],
		[0, 0],
	]),

	pairs(ipv6.addrPreferences, "udp6", [
		[C.IPV6_PREFER_SRC_TMP, C.IPV6_PREFER_SRC_TMP | C.IPV6_PREFER_SRC_HOME],
		[C.IPV6_PREFER_SRC_PUBLIC, C.IPV6_PREFER_SRC_PUBLIC | C.IPV6_PREFER_SRC_HOME],
	]),
	line(ipv6.autoflowlabel, "udp6", offOn),
	line(ipv6.checksum, "raw6", [2, -1]),
	line(ipv6.dontfrag, "udp6", offOn),
	line(ipv6.dstopts, "raw6", [Buffer.from([0, 0, 1, 4, 0, 0, 0, 0]), Buffer.alloc(0)]),
	line(ipv6.flowinfo, "udp6", offOn),
	line(ipv6.flowinfoSend, "udp6", offOn),
	line(ipv6.freebind, "udp6", offOn),
	line(ipv6.hdrincl, "raw6", offOn),
	line(ipv6.hopopts, "raw6", [Buffer.from([0, 0, 1, 4, 0, 0, 0, 0]), Buffer.alloc(0)]),
	line(ipv6.minhopcount, "tcp6", [255, 0]),
	line(ipv6.mtuDiscover, "udp6", [C.IPV6_PMTUDISC_DO, C.IPV6_PMTUDISC_DONT]),
	line(ipv6.multicastAll, "udp6", [false, true]),
	pairs(ipv6.multicastHops, "udp6", [
		[7, 7],
		[-1, 1],
	]),
	pairs(ipv6.multicastIf, "udp6", [
		["lo", loopback],
		[0, 0],
	]),
	line(ipv6.multicastLoop, "udp6", [false, true]),
	line(ipv6.recvdstopts, "udp6", offOn),
	line(ipv6.recverr, "udp6", offOn),
	line(ipv6.recverrRfc4884, "udp6", offOn, { since: "5.9" }),
	line(ipv6.recvfragsize, "udp6", offOn),
	line(ipv6.recvhoplimit, "udp6", offOn),
	line(ipv6.recvhopopts, "udp6", offOn),
	line(ipv6.recvorigdstaddr, "udp6", offOn),
	line(ipv6.recvpathmtu, "udp6", offOn),
	line(ipv6.recvpktinfo, "udp6", offOn),
	line(ipv6.recvrthdr, "udp6", offOn),
	line(ipv6.recvtclass, "udp6", offOn),
	line(ipv6.routerAlertIsolate, "icmp6", offOn, { since: "5.1" }),
	line(ipv6.rthdr, "raw6", [Buffer.alloc(0)]),
	line(ipv6.rthdrdstopts, "raw6", [Buffer.from([0, 0, 1, 4, 0, 0, 0, 0]), Buffer.alloc(0)]),
	pairs(ipv6.tclass, "udp6", [
		[0xb8, 0xb8],
		[-1, 0],
	]),
	line(ipv6.transparent, "tcp6", offOn, root),
	pairs(ipv6.unicastHops, "udp6", [
		[3, 3],
		[-1, 64],
	]),
	pairs(ipv6.unicastIf, "udp6", [
		["lo", loopback],
		[0, 0],
	]),
	line(ipv6.v6only, "tcp6", [true, false]),

	line(tcp.congestion, "tcp", ["reno"]),
	line(tcp.cork, "tcp", offOn),
	pairs(tcp.deferAccept, "tcp", [
		[3, 3],
		[0, 0],
	]),
	line(tcp.delackMaxUs, "tcp", [40_000], { since: "6.15" }),
	line(tcp.fastopenConnect, "tcp", offOn),
	line(tcp.fastopenKey, "tcp", [Buffer.alloc(16, 7), Buffer.alloc(32, 9)], { since: "4.15" }),
	line(tcp.fastopenNoCookie, "tcp", offOn),
	line(tcp.inq, "tcp", offOn),
	line(tcp.keepcnt, "tcp", [1, 127]),
	line(tcp.keepidle, "tcp", [1, 32767]),
	line(tcp.keepintvl, "tcp", [1, 32767]),
	line(tcp.linger2, "tcp", [10, -1]),
	line(tcp.nodelay, "tcp", offOn),
	line(tcp.notsentLowat, "tcp", [16384, 0xffffffff]),
	pairs(tcp.quickack, "tcp", [
		[true, true],
		[false, false],
	]),
	line(tcp.repair, "tcp", [1], root),
	line(tcp.rtoMaxMs, "tcp", [5000], { since: "6.15" }),
	line(tcp.rtoMinUs, "tcp", [40_000], { since: "6.15" }),
	line(tcp.saveSyn, "tcp", [1, 2, 0]),
	line(tcp.syncnt, "tcp", [1, 127]),
	pairs(tcp.thinDupack, "tcp", [[true, false]]),
	line(tcp.thinLinearTimeouts, "tcp", offOn),
	line(tcp.txDelay, "tcp", [1000, 0]),
	line(tcp.userTimeout, "tcp", [30_000, 0]),
	line(tcp.windowClamp, "tcp", [65536, 0]),

	line(udp.cork, "udp", offOn),
	line(udp.encap, "udp", [0]),
	line(udp.gro, "udp", offOn),
	line(udp.noCheck6Rx, "udp6", offOn),
	line(udp.noCheck6Tx, "udp6", offOn),
	line(udp.segment, "udp", [1400, 0]),
	line(udplite.recvCscov, "udplite", [20, 0]),
	line(udplite.sendCscov, "udplite", [8, 0]),

	line(packet.auxdata, "packet", offOn),
	line(packet.ignoreOutgoing, "packet", offOn),
	line(packet.loss, "packet", offOn),
	line(packet.origdev, "packet", offOn),
	line(packet.qdiscBypass, "packet", offOn),
	line(packet.reserve, "packet", [64, 0]),
	line(packet.timestamp, "packet", [C.SOF_TIMESTAMPING_RAW_HARDWARE, 0]),
	line(packet.txHasOff, "packet", offOn),
	line(packet.version, "packet", [C.TPACKET_V2, C.TPACKET_V3, C.TPACKET_V1]),
	line(packet.vnetHdr, "packet", offOn),
	line(packet.vnetHdrSz, "packet", [10, 12, 0], { since: "6.6" }),
];

describe("An option that is set", () => {
	for (const [option, kind, values, needs = {}] of table) {
		const { kernelName } = option;
		it(`${kernelName} reads as it was set on a socket of kind ${kind}`, (t) => {
			const reason = reasonToSkip(kind, needs);
			if (reason !== undefined) return t.skip(reason);
			withSocket(kind, (fd) => {
				for (const [value, expected] of values) {
					set(fd, option as WritableOption<unknown>, value);
					assert.deepEqual(get(fd, option), expected, `${kernelName} after ${JSON.stringify(value)}`);
				}
			});
		});
	}
});

describe("An option that is only read", () => {
	const readings: readonly [ReadableOption<unknown>, Kind, unknown, Needs?][] = [
		[so.acceptconn, "tcp", false],
		[so.bpfExtensions, "udp", 64],
		[so.domain, "udp6", C.AF_INET6],
		[so.error, "tcp", 0],
		[so.getFilter, "udp", []],
		[so.incomingNapiId, "udp", 0],
		[so.linger, "tcp", null],
		[so.peercred, "unix", { pid: 0, uid: 0xffffffff, gid: 0xffffffff }],
		[so.protocol, "tcp", C.IPPROTO_TCP],
		[so.reserveMem, "tcp", 0, { since: "5.16" }],
		[so.sndlowat, "tcp", 1],
		[so.type, "udp", C.SOCK_DGRAM],
		[ip.protocol, "raw", C.IPPROTO_ICMP, { since: "6.4" }],
		[ip.multicastIf, "udp", "0.0.0.0"],
		[tcp.isMptcp, "tcp", false, { since: "6.2" }],
		[tcp.savedSyn, "tcp", Buffer.alloc(0)],
		[tcp.ulp, "tcp", ""],
		[packet.fanout, "packet", { id: 0, type: 0, flags: 0 }],
		[packet.statistics, "packet", { packets: 0, drops: 0 }],
	];
	for (const [option, kind, expected, needs = {}] of readings) {
		it(`${option.kernelName} of a new socket of kind ${kind} has its value`, (t) => {
			const reason = reasonToSkip(kind, needs);
			if (reason !== undefined) return t.skip(reason);
			withSocket(kind, (fd) => assert.deepEqual(get(fd, option), expected));
		});
	}

	it("so.cookie and so.netnsCookie are bigints, the first of each socket, the second of the namespace", () => {
		withSocket("udp", (a) =>
			withSocket("udp", (b) => {
				assert.equal(typeof get(a, so.cookie), "bigint");
				assert.notEqual(get(a, so.cookie), get(b, so.cookie));
				assert.equal(get(a, so.netnsCookie), get(b, so.netnsCookie));
			}),
		);
	});

	it("so.meminfo agrees with the options that tell the same", () => {
		withSocket("udp", (fd) => {
			set(fd, so.rcvbuf, 10_000);
			const info = get(fd, so.meminfo);
			assert.equal(info.rcvbuf, 20_000);
			assert.equal(info.sndbuf, get(fd, so.sndbuf));
			assert.equal(info.drops, 0);
		});
	});

	it("so.peercred, so.peergroups and so.peerpidfd tell of the process at the other end", (t) => {
		withPair((a) => {
			const { getuid, getgid, getgroups } = process;
			assert.ok(getuid && getgid && getgroups);
			assert.deepEqual(get(a, so.peercred), { pid: process.pid, uid: getuid(), gid: getgid() });
			// Node adds the effective group to what getgroups(2) says.
			for (const group of get(a, so.peergroups)) assert.ok(getgroups().includes(group));
			if (!kernelHas("6.5")) return t.skip("SO_PEERPIDFD needs Linux 6.5");
			const descriptor = get(a, so.peerpidfd);
			const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
			close(descriptor);
			assert.match(info, new RegExp(`^Pid:\\s*${process.pid}$`, "m"));
		});
	});

	it("so.peersec is a text, or ENOPROTOOPT without a module that labels sockets", () => {
		withPair((a) => {
			try {
				assert.equal(typeof get(a, so.peersec), "string");
			} catch (error) {
				assert.ok(error instanceof SocketError && error.code === "ENOPROTOOPT");
			}
		});
	});

	it("ip.mtu and ipv6.pathmtu tell of the path that a connected socket has", () => {
		const mtu = Number(readFileSync("/sys/class/net/lo/mtu", "utf8"));
		withSocket("udp", (fd) => {
			const address = Buffer.from([C.AF_INET, 0, 0, 9, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
			assert.equal(sys.connect(fd, address, 16), 0);
			assert.equal(get(fd, ip.mtu), Math.min(mtu, 65535));
		});
		withSocket("udp6", (fd) => {
			const address = Buffer.alloc(28);
			address.writeUInt16LE(C.AF_INET6, 0);
			address.writeUInt16BE(9, 2);
			address[23] = 1;
			assert.equal(sys.connect(fd, address, 28), 0);
			assert.ok(get(fd, ipv6.mtu) <= mtu);
			assert.equal(get(fd, ipv6.pathmtu), get(fd, ipv6.mtu));
		});
	});

	it("packet.hdrlenOf() asks for the version that it was given", {
		skip: !privileged && "it needs CAP_NET_RAW",
	}, () => {
		withSocket("packet", (fd) => {
			assert.equal(get(fd, packet.hdrlenOf(C.TPACKET_V1)), 32);
			assert.equal(get(fd, packet.hdrlenOf(C.TPACKET_V2)), 32);
			assert.equal(get(fd, packet.hdrlenOf(C.TPACKET_V3)), 48);
		});
	});
});

describe("A value that an option does not take", () => {
	const wrong: readonly [WritableOption<never>, unknown, typeof TypeError | typeof RangeError, RegExp][] = [
		[so.reuseaddr, 1, TypeError, /^SO_REUSEADDR takes true or false, not 1$/],
		[
			so.linger,
			{ seconds: -1 },
			RangeError,
			/^SO_LINGER takes as seconds an integer from 0 to 65535, not -1$/,
		],
		[so.linger, 5, TypeError, /^SO_LINGER takes { seconds } or null, not 5$/],
		[so.rcvtimeo, 0, RangeError, /^SO_RCVTIMEO takes milliseconds, .*null for no timeout, not 0$/],
		[so.rcvtimeo, Number.NaN, RangeError, /not NaN$/],
		[so.rcvtimeo, "1", TypeError, /not '1'$/],
		[so.bindtodevice, "an interface with a long name", RangeError, /at most 15 bytes/],
		[so.bindtodevice, "a\0b", TypeError, /without NUL/],
		[so.attachFilter, [], RangeError, /1 to 4096 instructions, not 0/],
		[so.attachFilter, {}, TypeError, /an array of/],
		[so.attachFilter, [{ code: 6, jt: 256, jf: 0, k: 0 }], RangeError, /as jt an integer from 0 to 255/],
		[so.attachFilter, [null], TypeError, /instruction/],
		[so.mark, 2 ** 32, RangeError, /from 0 to 4294967295/],
		[so.mark, 1.5, RangeError, /integer/],
		[so.maxPacingRate, -1, RangeError, /integer/],
		[so.timestamping, {}, TypeError, /as flags/],
		[so.txtime, null, TypeError, /{ clockid, flags }/],
		[ip.ttl, 0, RangeError, /^IP_TTL takes an integer from 1 to 255, not 0$/],
		[ip.addMembership, { group: "nowhere" }, TypeError, /^IP_ADD_MEMBERSHIP takes as group an IPv4 address/],
		[ip.addMembership, { group: "ff02::1" }, TypeError, /IPv4 address, not 'ff02::1'$/],
		[ip.addMembership, { group: "224.0.0.1", interface: "" }, TypeError, /interface's name or index/],
		[ip.addMembership, { group: "224.0.0.1", interface: -1 }, RangeError, /as interface an integer/],
		[ip.addSourceMembership, { group: "224.0.0.1" }, TypeError, /as source/],
		[ip.msfilter, { group: "224.0.0.1", mode: "both", sources: [] }, TypeError, /"include" or "exclude"/],
		[ip.msfilter, { group: "224.0.0.1", mode: "include" }, TypeError, /as sources an array/],
		[ip.options, Buffer.alloc(41), RangeError, /0 to 40 bytes, not 41/],
		[ip.options, "text", TypeError, /a Uint8Array/],
		[ip.localPortRange, { low: 5, high: 4 }, RangeError, /in this order/],
		[ip.localPortRange, { low: 5, high: 70000 }, RangeError, /as high/],
		[ipv6.joinGroup, { group: "224.0.0.1" }, TypeError, /IPv6 address/],
		[ipv6.joinGroup, "ff02::1", TypeError, /{ group, interface\? }/],
		[ipv6.multicastHops, 256, RangeError, /from -1 to 255/],
		[tcp.keepcnt, 0, RangeError, /^TCP_KEEPCNT takes an integer from 1 to 127, not 0$/],
		[tcp.congestion, "a name that is too long", RangeError, /at most 15 bytes/],
		[tcp.fastopenKey, new Uint8Array(17), RangeError, /16 or 32 bytes, not 17/],
		[tcp.md5sig, { address: "192.0.2.1", key: "x".repeat(81) }, RangeError, /as key 0 to 80 bytes, not 81/],
		[tcp.md5sigExt, { address: "192.0.2.1", key: "", prefixLength: 33 }, RangeError, /as prefixLength/],
		[tcp.repairOptions, [{ code: 1 }], TypeError, /as value/],
		[tcp.repairWindow, { sndWl1: 1 }, TypeError, /as sndWnd/],
		[packet.addMembership, { interface: "lo", type: -1 }, RangeError, /as type/],
		[packet.fanout, { id: 65536, type: 0 }, RangeError, /as id/],
		[packet.rxRing, { blockSize: 1 }, TypeError, /as blockNr/],
	];
	for (const [option, value, ErrorClass, message] of wrong) {
		it(`${option.kernelName} refuses ${JSON.stringify(value)}`, () => {
			assert.throws(
				() => (option as WritableOption<unknown>).encode(value),
				(error: unknown) => {
					assert.ok(error instanceof ErrorClass, String(error));
					assert.match(error.message, message);
					return true;
				},
			);
		});
	}
});

const levels = { so, ip, ipv6, tcp, udp, udplite, packet };
const prefixes = {
	so: "SO_",
	ip: "IP_",
	ipv6: "IPV6_",
	tcp: "TCP_",
	udp: "UDP_",
	udplite: "UDPLITE_",
	packet: "PACKET_",
};

type AnyOption = Partial<ReadableOption<unknown>> & Partial<WritableOption<never>> & { kernelName: string };

function optionsOf(level: keyof typeof levels): [string, AnyOption][] {
	const entries = Object.entries(levels[level] as Record<string, unknown>);
	return entries.filter((entry): entry is [string, AnyOption] => typeof entry[1] === "object");
}

describe("The names", () => {
	for (const level of Object.keys(levels) as (keyof typeof levels)[]) {
		it(`of ${level} follow from the kernel's by one rule, and have its numbers`, () => {
			for (const [name, option] of optionsOf(level)) {
				const prefix = prefixes[level];
				const { kernelName } = option;
				const bare = kernelName.startsWith(prefix) ? kernelName.slice(prefix.length) : kernelName;
				const folded = bare.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
				assert.equal(name, folded);
				assert.equal(option.name, (C as Record<string, unknown>)[kernelName], kernelName);
			}
		});

		it(`of ${level} are sorted by kernel name in the file`, () => {
			const source = readFileSync(new URL(`../../src/options/${level}.ts`, import.meta.url), "utf8");
			const found = [...source.matchAll(/^export const \w+: (?:[^=]|=>)* = [^;]*?"([A-Z0-9_]+)"/gm)].map(
				(m) => m[1],
			);
			assert.equal(found.length, optionsOf(level).length);
			assert.deepEqual(found, found.toSorted());
		});
	}
});

const python = spawnSync("python3", ["--version"]).status === 0;

describe("Python", { skip: !python && "python3 is not installed" }, () => {
	it("has the same level and number for every option that it knows", () => {
		const names = Object.keys(levels).flatMap((level) =>
			optionsOf(level as keyof typeof levels).map(([, { kernelName, level: number, name }]) => [
				kernelName,
				number,
				name,
			]),
		);
		const script = `
import json, socket, sys
names = json.load(sys.stdin)
print(json.dumps([[n, getattr(socket, n)] for n, _, _ in names if hasattr(socket, n)]))`;
		const run = spawnSync("python3", ["-c", script], { input: JSON.stringify(names), encoding: "utf8" });
		const known = new Map<string, number>(JSON.parse(run.stdout));
		assert.ok(known.size > 60, `${known.size}`);
		for (const [kernelName, , number] of names) {
			const expected = known.get(kernelName as string);
			if (expected !== undefined) assert.equal(number, expected, kernelName as string);
		}
	});

	it("reads the same bytes from the same descriptors, and packs the same structs", () => {
		withSocket("tcp", (tcpSocket) =>
			withSocket("udp", (udpSocket) => {
				set(tcpSocket, so.linger, { seconds: 7 });
				set(tcpSocket, so.rcvtimeo, 1500);
				set(tcpSocket, tcp.congestion, "reno");
				set(udpSocket, ip.multicastIf, { interface: "lo", address: "127.0.0.1" });
				const script = `
import json, socket, struct
t, u = socket.socket(fileno=3), socket.socket(fileno=4)
o = lambda s, l, n, size: s.getsockopt(l, n, size).hex()
out = {
  "linger": [o(t, socket.SOL_SOCKET, socket.SO_LINGER, 8), struct.pack("ii", 1, 7).hex()],
  "rcvtimeo": [o(t, socket.SOL_SOCKET, 20, 16), struct.pack("ll", 1, 500000).hex()],
  "congestion": [o(t, socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16), b"reno".ljust(16, b"\\0").hex()],
  "multicastIf": [o(u, socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4), socket.inet_aton("127.0.0.1").hex()],
  "info": [o(t, socket.IPPROTO_TCP, socket.TCP_INFO, 280), ""],
}
t.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 21))
u.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 9)
u.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4si", socket.inet_aton("239.77.1.9"), b"\\0" * 4, socket.if_nametoindex("lo")))
print(json.dumps(out))`;
				const run = spawnSync("python3", ["-c", script], {
					stdio: ["ignore", "pipe", "inherit", tcpSocket, udpSocket],
					encoding: "utf8",
				});
				const out = JSON.parse(run.stdout) as Record<string, [string, string]>;
				assert.equal(out.linger?.[0], Buffer.from(so.linger.encode({ seconds: 7 })).toString("hex"));
				assert.equal(out.linger?.[0], out.linger?.[1]);
				assert.equal(out.rcvtimeo?.[0], Buffer.from(so.rcvtimeo.encode(1500)).toString("hex"));
				assert.equal(out.rcvtimeo?.[0], out.rcvtimeo?.[1]);
				assert.equal(out.congestion?.[0], out.congestion?.[1]);
				assert.equal(out.multicastIf?.[0], out.multicastIf?.[1]);
				assert.equal(tcp.info.decode(Buffer.from(out.info?.[0] ?? "", "hex")).stateName, "CLOSE");
				// What Python set on its copies of the descriptors shows here.
				assert.deepEqual(get(tcpSocket, so.linger), { seconds: 21 });
				assert.equal(get(udpSocket, ip.multicastTtl), 9);
				set(udpSocket, ip.dropMembership, { group: "239.77.1.9", interface: "lo" });
			}),
		);
	});
});
