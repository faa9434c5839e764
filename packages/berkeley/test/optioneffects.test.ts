/**
 * What typed socket options do beyond holding a value: filters, multicast, packet sockets and TCP.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SocketError } from "../src/errors.js";
import { ip, ipv6, packet, so, tcp } from "../src/options/index.js";
import { close } from "../src/sys/descriptors.js";
import { ifNametoindex } from "../src/sys/interfaces.js";
import * as C from "../src/sys/linux/constants/index.js";
import * as sys from "../src/sys/sockets.js";
import { recv, send } from "../src/sys/transfer.js";
import { get, getBytes, privileged, set, withConnection, withSocket } from "./support/options.js";

const loopback = ifNametoindex("lo");

describe("Filters", () => {
	// Keep 4 bytes of every packet.
	const keepFour = [
		{ code: 0, jt: 0, jf: 0, k: 4 },
		{ code: 0x16, jt: 0, jf: 0, k: 0 },
	];

	it("so.attachFilter() cuts what arrives, so.getFilter shows the program, so.detachFilter removes it", () => {
		withSocket("udp", (receiver) =>
			withSocket("udp", (sender) => {
				const address = Buffer.from([C.AF_INET, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
				assert.equal(sys.bind(receiver, address, 16), 0);
				assert.equal(sys.getsockname(receiver, address, Int32Array.of(16)), 0);
				assert.equal(sys.connect(sender, address, 16), 0);
				// The filter sees the UDP header of 8 bytes as well.
				const keepTwelve = [{ code: 6, jt: 0, jf: 0, k: 12 }];
				set(receiver, so.attachFilter, keepTwelve);
				set(receiver, so.rcvtimeo, 2000);
				assert.deepEqual(get(receiver, so.getFilter), keepTwelve);
				const data = Buffer.from("abcdefgh");
				assert.equal(send(sender, data, data.length, 0), 8);
				const room = Buffer.alloc(16);
				assert.equal(recv(receiver, room, room.length, 0), 4);
				assert.equal(room.toString("latin1", 0, 4), "abcd");
				set(receiver, so.detachFilter, undefined);
				assert.deepEqual(get(receiver, so.getFilter), []);
				assert.throws(() => set(receiver, so.detachBpf, undefined), { code: "ENOENT" });
			}),
		);
	});

	it("so.attachReuseportCbpf and so.detachReuseportBpf attach and remove the program of a group", () => {
		withSocket("udp", (fd) => {
			set(fd, so.reuseport, true);
			const address = Buffer.from([C.AF_INET, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
			assert.equal(sys.bind(fd, address, 16), 0);
			set(fd, so.attachReuseportCbpf, keepFour);
			set(fd, so.detachReuseportBpf, undefined);
			assert.throws(() => set(fd, so.detachReuseportBpf, undefined), { code: "ENOENT" });
		});
	});

	it("eBPF programs are given as descriptors, which the kernel checks", () => {
		withSocket("udp", (fd) => {
			assert.throws(() => set(fd, so.attachBpf, fd), { code: "EINVAL" });
			assert.throws(() => set(fd, so.attachReuseportEbpf, fd), { code: "EINVAL" });
		});
	});

	it("a program's encoding reads back as the same instructions", () => {
		const instruction = fc.record(
			{
				code: fc.nat(0xffff),
				jt: fc.nat(0xff),
				jf: fc.nat(0xff),
				k: fc.nat(0xffffffff),
			},
			{ noNullPrototype: true },
		);
		fc.assert(
			fc.property(fc.array(instruction, { minLength: 1, maxLength: 50 }), (program) => {
				const encoded = so.attachFilter.encode(program);
				const bytes = Buffer.from(encoded.buffer, encoded.byteOffset + encoded.length, program.length * 8);
				assert.equal(Buffer.from(encoded).readUInt16LE(0), program.length);
				assert.deepEqual(so.getFilter.decode(bytes), program);
			}),
		);
	});
});

describe("Multicast", () => {
	const group = "239.77.1.2";
	const group6 = "ff15::77:1:2";
	const joined4 = () => readFileSync("/proc/net/igmp", "utf8").includes("02014DEF");
	const joined6 = () => readFileSync("/proc/net/igmp6", "utf8").includes("ff150000000000000000007700010002");

	it("ip.addMembership joins by interface name, index and address, ip.dropMembership leaves", () => {
		withSocket("udp", (fd) => {
			for (const on of [{ interface: "lo" }, { interface: loopback }, { address: "127.0.0.1" }]) {
				set(fd, ip.addMembership, { group, ...on });
				assert.ok(joined4());
				assert.throws(() => set(fd, ip.addMembership, { group, ...on }), { code: "EADDRINUSE" });
				set(fd, ip.dropMembership, { group, ...on });
				assert.ok(!joined4());
			}
		});
	});

	it("ip.mcastJoinGroup and ip.mcastLeaveGroup do the same by group_req", () => {
		withSocket("udp", (fd) => {
			set(fd, ip.mcastJoinGroup, { group, interface: "lo" });
			assert.ok(joined4());
			set(fd, ip.mcastLeaveGroup, { group, interface: "lo" });
			assert.ok(!joined4());
		});
	});

	for (const [name, join, leave] of [
		["joinGroup", ipv6.joinGroup, ipv6.leaveGroup],
		["addMembership", ipv6.addMembership, ipv6.dropMembership],
		["mcastJoinGroup", ipv6.mcastJoinGroup, ipv6.mcastLeaveGroup],
	] as const) {
		it(`ipv6.${name} joins, and its counterpart leaves`, () => {
			withSocket("udp6", (fd) => {
				set(fd, join, { group: group6, interface: "lo" });
				assert.ok(joined6());
				set(fd, leave, { group: group6, interface: loopback });
				assert.ok(!joined6());
			});
		});
	}

	it("source-specific membership on IPv4 shows in ip.msfilterOf()", () => {
		withSocket("udp", (fd) => {
			const address = "127.0.0.1";
			set(fd, ip.addSourceMembership, { group, source: "192.0.2.1", address });
			set(fd, ip.addSourceMembership, { group, source: "192.0.2.2", address });
			assert.deepEqual(get(fd, ip.msfilterOf(group, address)), {
				mode: "include",
				sources: ["192.0.2.1", "192.0.2.2"],
			});
			set(fd, ip.dropSourceMembership, { group, source: "192.0.2.1", address });
			assert.deepEqual(get(fd, ip.msfilterOf(group, address)).sources, ["192.0.2.2"]);
		});
	});

	it("ip.blockSource, ip.unblockSource and ip.msfilter change the filter of a membership", () => {
		withSocket("udp", (fd) => {
			const address = "127.0.0.1";
			set(fd, ip.addMembership, { group, address });
			set(fd, ip.blockSource, { group, source: "192.0.2.7", address });
			assert.deepEqual(get(fd, ip.msfilterOf(group, address)), { mode: "exclude", sources: ["192.0.2.7"] });
			set(fd, ip.unblockSource, { group, source: "192.0.2.7", address });
			assert.deepEqual(get(fd, ip.msfilterOf(group, address)), { mode: "exclude", sources: [] });
			set(fd, ip.msfilter, { group, address, mode: "include", sources: ["192.0.2.8", "192.0.2.9"] });
			assert.deepEqual(get(fd, ip.msfilterOf(group, address)).sources, ["192.0.2.8", "192.0.2.9"]);
		});
	});

	for (const [level, kind, on, first, second] of [
		[ip, "udp", group, "192.0.2.1", "192.0.2.2"],
		[ipv6, "udp6", group6, "2001:db8::1", "2001:db8::2"],
	] as const) {
		it(`the MCAST_* options do all of that on a socket of kind ${kind}`, () => {
			withSocket(kind, (fd) => {
				const member = { group: on, interface: "lo" };
				const filter = level.mcastMsfilterOf(on, "lo");
				set(fd, level.mcastJoinSourceGroup, { ...member, source: first });
				assert.deepEqual(get(fd, filter), { mode: "include", sources: [first] });
				set(fd, level.mcastLeaveSourceGroup, { ...member, source: first });
				set(fd, level.mcastJoinGroup, member);
				set(fd, level.mcastBlockSource, { ...member, source: second });
				assert.deepEqual(get(fd, filter), { mode: "exclude", sources: [second] });
				set(fd, level.mcastUnblockSource, { ...member, source: second });
				set(fd, level.mcastMsfilter, { ...member, mode: "include", sources: [first, second] });
				assert.deepEqual(new Set(get(fd, filter).sources), new Set([first, second]));
			});
		});
	}

	it("ipv6.joinAnycast and ipv6.leaveAnycast reach the kernel with the address", {
		skip: !privileged && "it needs CAP_NET_ADMIN",
	}, () => {
		withSocket("udp6", (fd) => {
			// The kernel tells its own address from one that is not on the link, and this from what was joined.
			const own = { address: "::1", interface: "lo" };
			const foreign = { address: "2001:db8::77", interface: "lo" };
			assert.throws(() => set(fd, ipv6.joinAnycast, own), { code: "EINVAL" });
			assert.throws(() => set(fd, ipv6.joinAnycast, foreign), { code: "EADDRNOTAVAIL" });
			assert.throws(() => set(fd, ipv6.leaveAnycast, foreign), { code: "ENOENT" });
		});
	});

	it("an unknown interface is ENODEV before any call, with its name", () => {
		assert.throws(() => ip.addMembership.encode({ group, interface: "nosuchif" }), {
			name: "SocketError",
			code: "ENODEV",
			message: /nosuchif/,
		});
	});
});

describe("Options of other kinds", () => {
	it("buffers that are forced, and a polling budget, are taken from a privileged process", {
		skip: !privileged && "it needs CAP_NET_ADMIN",
	}, () => {
		withSocket("udp", (fd) => {
			set(fd, so.rcvbufforce, 1 << 24);
			assert.equal(get(fd, so.rcvbuf), 1 << 25);
			set(fd, so.sndbufforce, 1 << 24);
			assert.equal(get(fd, so.sndbuf), 1 << 25);
			set(fd, so.busyPollBudget, 16);
		});
	});

	it("so.linger takes null back", () => {
		withSocket("tcp", (fd) => {
			set(fd, so.linger, { seconds: 3 });
			set(fd, so.linger, null);
			assert.equal(get(fd, so.linger), null);
		});
	});

	it("timeouts never come out shorter than they were given", () => {
		fc.assert(
			fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (milliseconds) => {
				const decoded = so.rcvtimeo.decode(Buffer.from(so.rcvtimeo.encode(milliseconds)));
				assert.ok(decoded !== null && decoded >= milliseconds - 1e-6 && decoded - milliseconds < 0.0011);
			}),
		);
		assert.equal(so.rcvtimeo.decode(Buffer.from(so.rcvtimeo.encode(1e-9))), 0.001);
	});

	it("ipv6.pktinfo and ipv6.routerAlert reach the kernel", {
		skip: !privileged && "it needs CAP_NET_RAW",
	}, () => {
		withSocket("udp6", (fd) => {
			set(fd, ipv6.pktinfo, { interface: "lo", address: "::1" });
			set(fd, ipv6.pktinfo, {});
			set(fd, so.bindtodevice, "lo");
			assert.throws(() => set(fd, ipv6.pktinfo, { interface: loopback + 1000 }), { code: "EINVAL" });
		});
		// Only sockets of IPPROTO_RAW may ask for it, once.
		const fd = sys.socket(C.AF_INET6, C.SOCK_RAW, C.IPPROTO_RAW);
		set(fd, ipv6.routerAlert, 0);
		assert.throws(() => set(fd, ipv6.routerAlert, 0), { code: "EADDRINUSE" });
		set(fd, ipv6.routerAlert, -1);
		set(fd, ipv6.routerAlert, 1);
		close(fd);
	});

	it("ipv6.addrform takes AF_INET alone", () => {
		assert.throws(() => ipv6.addrform.encode(C.AF_INET6), RangeError);
		withSocket("tcp6", (fd) => assert.throws(() => set(fd, ipv6.addrform, C.AF_INET), { code: "ENOTCONN" }));
	});

	it("ipv6.mtu sets the size to fragment at", () => {
		withSocket("udp6", (fd) => {
			set(fd, ipv6.mtu, 1400);
			assert.throws(() => set(fd, ipv6.mtu, 1000), { code: "EINVAL" });
		});
	});

	it("the original destination is decoded from a sockaddr", () => {
		const four = Buffer.from([2, 0, 0x1f, 0x90, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
		assert.deepEqual(ip.soOriginalDst.decode(four), { host: "192.0.2.1", port: 8080 });
		const six = Buffer.alloc(28);
		six.set([10, 0, 0, 80, 0, 0, 0, 5, 0x20, 0x01, 0x0d, 0xb8], 0);
		six[23] = 1;
		six[24] = 3;
		assert.deepEqual(ipv6.ip6tSoOriginalDst.decode(six), {
			host: "2001:db8::1",
			port: 80,
			flowinfo: 5,
			scopeId: 3,
		});
	});

	it("packet memberships make an interface receive more, and are given back", {
		skip: !privileged && "it needs CAP_NET_RAW",
	}, () => {
		withSocket("packet", (fd) => {
			const promiscuous = { interface: "lo", type: C.PACKET_MR_PROMISC };
			set(fd, packet.addMembership, promiscuous);
			const flags = Number(readFileSync("/sys/class/net/lo/flags", "utf8"));
			assert.equal(flags & 0x100, 0x100);
			set(fd, packet.dropMembership, promiscuous);
			const address = Uint8Array.of(1, 0, 0x5e, 1, 2, 3);
			set(fd, packet.addMembership, { interface: "lo", type: C.PACKET_MR_MULTICAST, address });
			set(fd, packet.dropMembership, { interface: "lo", type: C.PACKET_MR_MULTICAST, address });
		});
	});

	it("packet sockets join a fanout group, with a program that chooses", {
		skip: !privileged && "it needs CAP_NET_RAW",
	}, () => {
		withSocket("packet", (fd) => {
			const address = Buffer.alloc(20);
			address.writeUInt16LE(C.AF_PACKET, 0);
			address.writeUInt16BE(0x88b5, 2);
			address.writeInt32LE(loopback, 4);
			assert.equal(sys.bind(fd, address, 20), 0);
			const id = process.pid & 0xffff;
			const flags = C.PACKET_FANOUT_FLAG_ROLLOVER;
			set(fd, packet.fanout, { id, type: C.PACKET_FANOUT_CBPF, flags, maxNumMembers: 4 });
			assert.deepEqual(get(fd, packet.fanout), { id, type: C.PACKET_FANOUT_CBPF, flags });
			set(fd, packet.fanoutData, [{ code: 6, jt: 0, jf: 0, k: 0 }]);
			assert.throws(() => set(fd, packet.fanoutData, fd), { code: "EINVAL" });
			assert.deepEqual(get(fd, packet.rolloverStats), { all: 0, huge: 0, failed: 0 });
		});
	});

	it("packet rings are made and removed, and TPACKET_V3 has a longer struct of statistics", {
		skip: !privileged && "it needs CAP_NET_RAW",
	}, () => {
		withSocket("packet", (fd) => {
			set(fd, packet.version, C.TPACKET_V3);
			const ring = { blockSize: 65536, blockNr: 2, frameSize: 2048, frameNr: 64, retireBlkTov: 10 };
			set(fd, packet.rxRing, ring);
			assert.throws(() => set(fd, packet.version, C.TPACKET_V2), { code: "EBUSY" });
			assert.deepEqual(get(fd, packet.statistics), { packets: 0, drops: 0, freezeQCnt: 0 });
			const none = { blockSize: 0, blockNr: 0, frameSize: 0, frameNr: 0 };
			set(fd, packet.rxRing, none);
			set(fd, packet.version, C.TPACKET_V2);
			set(fd, packet.txRing, ring);
			set(fd, packet.txRing, none);
			set(fd, packet.copyThresh, 100);
		});
	});
});

describe("TCP", () => {
	it("tcp.info tells of a connection what happened on it", () => {
		withConnection((client, accepted, listener) => {
			const data = Buffer.alloc(1000);
			assert.equal(send(client, data, data.length, 0), 1000);
			assert.equal(recv(accepted, Buffer.alloc(2000), 2000, 0), 1000);
			const info = get(client, tcp.info);
			assert.equal(info.stateName, "ESTABLISHED");
			assert.equal(info.state, 1);
			assert.equal(info.caStateName, "Open");
			assert.equal(info.options & 1, 1);
			assert.equal(info.bytesSent, 1000);
			assert.ok(info.rtt > 0 && info.rtt < 1_000_000);
			assert.ok(info.sndCwnd > 0);
			assert.equal(info.maxPacingRate, null);
			assert.equal(info.dataSegsOut, 1);
			assert.equal(get(accepted, tcp.info).bytesReceived, 1000);
			assert.equal(get(listener, tcp.info).stateName, "LISTEN");
			assert.equal(get(listener, tcp.info).sacked, 1);
			set(client, so.maxPacingRate, 12345678);
			assert.equal(get(client, tcp.info).maxPacingRate, 12345678);
		});
	});

	it("tcp.info leaves out what a shorter struct does not have", () => {
		withConnection((client) => {
			const bytes = getBytes(client, tcp.info);
			for (let length = 104; length <= bytes.length; length++) {
				const info = tcp.info.decode(bytes.subarray(0, length));
				assert.equal("pacingRate" in info, length >= 112);
				assert.equal("sndWnd" in info, length >= 232);
				assert.equal("accecn" in info, length >= 280);
			}
			assert.throws(() => tcp.info.decode(bytes.subarray(0, 103)), RangeError);
		});
	});

	it("tcp.info gives the number where it does not know a state's name, and decodes the bits", () => {
		const bytes = Buffer.alloc(280);
		bytes.set([200, 9, 0, 0, 0, 0, 0x73, 0b101]);
		const info = tcp.info.decode(bytes);
		assert.deepEqual([info.stateName, info.caStateName], ["200", "9"]);
		assert.deepEqual([info.sndWscale, info.rcvWscale], [3, 7]);
		assert.deepEqual([info.deliveryRateAppLimited, info.fastopenClientFail], [true, 2]);
	});

	it("tcp.savedSyn gives the headers that a listener kept, once", () => {
		withSocket("tcp", (listener) =>
			withSocket("tcp", (client) => {
				const address = Buffer.from([C.AF_INET, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
				assert.equal(sys.bind(listener, address, 16), 0);
				set(listener, tcp.saveSyn, 1);
				set(listener, tcp.fastopen, 5);
				assert.equal(sys.listen(listener, 1), 0);
				assert.equal(get(listener, so.acceptconn), true);
				assert.equal(get(listener, tcp.fastopen), 5);
				assert.equal(sys.getsockname(listener, address, Int32Array.of(16)), 0);
				assert.equal(sys.connect(client, address, 16), 0);
				const accepted = sys.accept4(listener, null, null, 0);
				const syn = get(accepted, tcp.savedSyn);
				assert.equal(syn[0], 0x45);
				assert.equal((syn[33] ?? 0) & 0x12, 0x02);
				assert.equal(get(accepted, tcp.savedSyn).length, 0);
				close(accepted);
			}),
		);
	});

	it("tcp.ccInfo decodes what bbr tells, and is empty for reno", (t) => {
		withSocket("tcp", (fd) => {
			set(fd, tcp.congestion, "reno");
			assert.deepEqual(get(fd, tcp.ccInfo), { bytes: Buffer.alloc(0) });
			const available = readFileSync("/proc/sys/net/ipv4/tcp_available_congestion_control", "utf8");
			if (!available.includes("bbr")) return t.skip("the kernel has no bbr");
			withConnection((client) => {
				set(client, tcp.congestion, "bbr");
				// The gains are there from the first acknowledgement on.
				assert.equal(send(client, Buffer.alloc(100), 100, 0), 100);
				const { bytes, bbr } = get(client, tcp.ccInfo);
				assert.equal(bytes.length, 20);
				assert.ok(bbr !== undefined && bbr.pacingGain > 2 && bbr.cwndGain > 2);
			});
		});
	});

	it("tcp.maxseg limits the segments of a connection to come", () => {
		withSocket("tcp", (fd) => {
			set(fd, tcp.maxseg, 1000);
			assert.throws(() => set(fd, tcp.maxseg, 50), { code: "EINVAL" });
			set(fd, tcp.maxseg, 0);
			assert.equal(get(fd, tcp.maxseg), 536);
		});
	});

	it("tcp.ulp attaches a protocol, or says that there is none", () => {
		withSocket("tcp", (fd) => {
			try {
				set(fd, tcp.ulp, "tls");
				assert.equal(get(fd, tcp.ulp), "tls");
			} catch (error) {
				assert.ok(error instanceof SocketError && ["ENOENT", "ENOTCONN"].includes(error.code), String(error));
			}
		});
	});

	it("tcp.md5sig and tcp.md5sigExt sign segments, and an empty key ends it", (t) => {
		withSocket("tcp", (fd) => {
			try {
				set(fd, tcp.md5sig, { address: "192.0.2.1", key: "secret" });
			} catch (error) {
				if (error instanceof SocketError && error.code === "ENOPROTOOPT")
					return t.skip("the kernel is built without TCP_MD5SIG");
				throw error;
			}
			set(fd, tcp.md5sig, { address: "192.0.2.1", key: "" });
			assert.throws(() => set(fd, tcp.md5sig, { address: "192.0.2.1", key: "" }), { code: "ENOENT" });
			const network = { address: "192.0.2.0", prefixLength: 24 };
			set(fd, tcp.md5sigExt, { ...network, key: Uint8Array.of(1, 2, 3) });
			set(fd, tcp.md5sigExt, { ...network, key: "" });
		});
		withSocket("tcp6", (fd) => set(fd, tcp.md5sig, { address: "2001:db8::1", key: "secret" }));
	});

	it("repair mode shows and sets queues, windows and options", {
		skip: !privileged && "it needs CAP_NET_ADMIN",
	}, () => {
		withConnection((client) => {
			assert.equal(send(client, Buffer.from("12345"), 5, 0), 5);
			set(client, tcp.repair, C.TCP_REPAIR_ON);
			set(client, tcp.repairQueue, C.TCP_SEND_QUEUE);
			assert.equal(get(client, tcp.repairQueue), C.TCP_SEND_QUEUE);
			assert.equal(typeof get(client, tcp.queueSeq), "number");
			const window = get(client, tcp.repairWindow);
			assert.ok(window.sndWnd > 0 && window.rcvWnd > 0 && window.maxWindow >= window.sndWnd);
			set(client, tcp.repairWindow, window);
			assert.deepEqual(get(client, tcp.repairWindow), window);
			set(client, tcp.timestamp, get(client, tcp.timestamp));
			set(client, tcp.repair, C.TCP_REPAIR_OFF_NO_WP);
		});
		withConnection((client) => {
			set(client, tcp.repair, C.TCP_REPAIR_ON);
			set(client, tcp.repairOptions, [{ code: 2, value: 1234 }]);
			assert.throws(() => set(client, tcp.repairOptions, [{ code: 3, value: 15 }]), { code: "EFBIG" });
			set(client, tcp.repair, C.TCP_REPAIR_OFF_NO_WP);
		});
		withSocket("tcp", (fd) => {
			set(fd, tcp.repair, 1);
			set(fd, tcp.repairQueue, C.TCP_RECV_QUEUE);
			set(fd, tcp.queueSeq, 0xfffffff0);
			assert.equal(get(fd, tcp.queueSeq), 0xfffffff0);
		});
	});
});
