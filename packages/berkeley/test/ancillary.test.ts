/**
 * The codecs of ancillary messages: values against structs that a C program fills in from the headers, what can
 * be sent, what is refused, and hostile data.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	type AncillaryInput,
	type AncillaryMessage,
	decodeAncillary,
	descriptorsIn,
	encodeAncillary,
} from "../src/socket/ancillary.js";
import { IP_PKTINFO, IP_TOS, IP_TTL } from "../src/sys/linux/constants/ip.js";
import { IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS } from "../src/sys/linux/constants/ipv6.js";
import { SOL_IP, SOL_IPV6, SOL_SOCKET, SOL_UDP } from "../src/sys/linux/constants/levels.js";
import {
	SCM_CREDENTIALS,
	SCM_PIDFD,
	SCM_RIGHTS,
	SCM_TIMESTAMPING,
	SCM_TXTIME,
} from "../src/sys/linux/constants/scm.js";
import { SO_MARK, SO_RXQ_OVFL } from "../src/sys/linux/constants/so.js";
import { UDP_SEGMENT } from "../src/sys/linux/constants/udp.js";
import { checkFacts, compilers, skipWithout } from "./support/cc.js";
import { noCompiler, runC } from "./support/oracles.js";

/** One message, decoded. */
function decode(level: number, type: number, data: Buffer): AncillaryMessage {
	const [message] = decodeAncillary([{ level, type, data }]);
	assert.ok(message);
	return message;
}

/** The bytes of one message, encoded. */
function encode(input: AncillaryInput): string {
	const [message] = encodeAncillary([input]);
	assert.ok(message);
	assert.deepEqual([message.level, message.type], [input.level, input.type]);
	return Buffer.from(message.data).toString("hex");
}

/** A message as the C program makes it: [level, type, the declaration of `v`], and what it is here. */
type Row = readonly [level: string, type: string, declaration: string, name: string, value: unknown];

const inet4 = "{ .sin_family = AF_INET, .sin_port = htons(8080), .sin_addr = { htonl(0xc0000201) } }";
const inet6 = `{ .sin6_family = AF_INET6, .sin6_port = htons(53), .sin6_flowinfo = htonl(0xabcde),
	.sin6_addr = { { { 0xfe, 0x80, [15] = 1 } } }, .sin6_scope_id = 7 }`;
const address6 = { host: "fe80::1", port: 53, flowinfo: 0xabcde, scopeId: 7 };
const ee = `{ .ee_errno = ECONNREFUSED, .ee_origin = SO_EE_ORIGIN_ICMP, .ee_type = 3, .ee_code = 4,
	.ee_info = 0xfffffffe, .ee_data = 5 }`;
const error = { errno: 111, code: "ECONNREFUSED", origin: 2, type: 3, subcode: 4, info: 0xfffffffe, data: 5 };
const time = { seconds: 1_700_000_000, nanoseconds: 123_456_000 };
const now = "{ .tv_sec = 1700000000, .tv_nsec = 123456000 }";

const rows: readonly Row[] = [
	["SOL_SOCKET", "SCM_RIGHTS", "int v[] = { 3, 70000 }", "SCM_RIGHTS", [3, 70000]],
	[
		"SOL_SOCKET",
		"SCM_CREDENTIALS",
		"struct ucred v = { .pid = 1234, .uid = 0xfffffffe, .gid = 100 }",
		"SCM_CREDENTIALS",
		{ pid: 1234, uid: 0xfffffffe, gid: 100 },
	],
	["SOL_SOCKET", "0x03", 'char v[] = "system_u:object_r"', "SCM_SECURITY", "system_u:object_r"],
	["SOL_SOCKET", "0x04", "int v = 9", "SCM_PIDFD", 9],
	["SOL_SOCKET", "84", "int v = 321", "SCM_INQ", 321],
	["SOL_IP", "0x03", 'char v[] = "label"', "SCM_SECURITY", "label"],
	[
		"SOL_SOCKET",
		"SO_TIMESTAMP",
		"struct timeval v = { .tv_sec = 1700000000, .tv_usec = 123456 }",
		"SCM_TIMESTAMP",
		time,
	],
	[
		"SOL_SOCKET",
		"SO_TIMESTAMP_NEW",
		"struct timeval v = { .tv_sec = -5, .tv_usec = 999999 }",
		"SCM_TIMESTAMP",
		{ seconds: -5, nanoseconds: 999_999_000 },
	],
	["SOL_SOCKET", "SO_TIMESTAMPNS", `struct timespec v = ${now}`, "SCM_TIMESTAMPNS", time],
	["SOL_SOCKET", "SO_TIMESTAMPNS_NEW", `struct __kernel_timespec v = ${now}`, "SCM_TIMESTAMPNS", time],
	[
		"SOL_SOCKET",
		"SO_TIMESTAMPING",
		`struct scm_timestamping v = { { ${now} } }`,
		"SCM_TIMESTAMPING",
		{ software: time },
	],
	[
		"SOL_SOCKET",
		"SO_TIMESTAMPING_NEW",
		`struct scm_timestamping64 v = { { [2] = ${now} } }`,
		"SCM_TIMESTAMPING",
		{ hardware: time },
	],
	["SOL_SOCKET", "SO_RXQ_OVFL", "uint32_t v = 4000000000u", "SO_RXQ_OVFL", 4_000_000_000],
	["SOL_SOCKET", "SO_MARK", "uint32_t v = 0xcafe0001", "SO_MARK", 0xcafe0001],
	["SOL_SOCKET", "SO_PRIORITY", "uint32_t v = 6", "SO_PRIORITY", 6],
	["SOL_SOCKET", "SCM_WIFI_STATUS", "int v = 1", "SCM_WIFI_STATUS", 1],
	["SOL_SOCKET", "SCM_TXTIME", "uint64_t v = 18446744073709551615u", "SCM_TXTIME", 2n ** 64n - 1n],
	["SOL_SOCKET", "81", "uint32_t v = 77", "SCM_TS_OPT_ID", 77],
	[
		"SOL_IP",
		"IP_PKTINFO",
		"struct in_pktinfo v = { 2, { htonl(0xc0000201) }, { htonl(0xe00000fb) } }",
		"IP_PKTINFO",
		{ interface: 2, local: "192.0.2.1", address: "224.0.0.251" },
	],
	["SOL_IP", "IP_TTL", "int v = 64", "IP_TTL", 64],
	["SOL_IP", "IP_TOS", "uint8_t v = 0xb8", "IP_TOS", 0xb8],
	["SOL_IP", "IP_RECVFRAGSIZE", "int v = 1280", "IP_RECVFRAGSIZE", 1280],
	[
		"SOL_IP",
		"IP_ORIGDSTADDR",
		`struct sockaddr_in v = ${inet4}`,
		"IP_ORIGDSTADDR",
		{ host: "192.0.2.1", port: 8080 },
	],
	[
		"SOL_IP",
		"IP_RECVERR",
		`struct { struct sock_extended_err e; struct sockaddr_in a; } v = { ${ee}, ${inet4} }`,
		"IP_RECVERR",
		{ ...error, offender: { host: "192.0.2.1", port: 8080 } },
	],
	[
		"SOL_IP",
		"IP_RECVERR",
		`struct { struct sock_extended_err e; struct sockaddr_in a; } v = { { .ee_origin = 5, .ee_data = 9 } }`,
		"IP_RECVERR",
		{ errno: 0, code: "", origin: 5, type: 0, subcode: 0, info: 0, data: 9 },
	],
	[
		"SOL_IPV6",
		"IPV6_PKTINFO",
		"struct in6_pktinfo v = { { { { 0x20, 1, 0x0d, 0xb8, [15] = 9 } } }, 3 }",
		"IPV6_PKTINFO",
		{ interface: 3, address: "2001:db8::9" },
	],
	["SOL_IPV6", "IPV6_HOPLIMIT", "int v = 255", "IPV6_HOPLIMIT", 255],
	["SOL_IPV6", "IPV6_TCLASS", "int v = 0x20", "IPV6_TCLASS", 0x20],
	["SOL_IPV6", "IPV6_DONTFRAG", "int v = 1", "IPV6_DONTFRAG", 1],
	["SOL_IPV6", "IPV6_RECVFRAGSIZE", "int v = 1280", "IPV6_RECVFRAGSIZE", 1280],
	["SOL_IPV6", "11", "uint32_t v = htonl(0x0ab12345)", "IPV6_FLOWINFO", 0x0ab12345],
	["SOL_IPV6", "IPV6_ORIGDSTADDR", `struct sockaddr_in6 v = ${inet6}`, "IPV6_ORIGDSTADDR", address6],
	[
		"SOL_IPV6",
		"IPV6_RECVERR",
		`struct { struct sock_extended_err e; struct sockaddr_in6 a; } v = { ${ee}, ${inet6} }`,
		"IPV6_RECVERR",
		{ ...error, offender: address6 },
	],
	[
		"SOL_IPV6",
		"IPV6_PATHMTU",
		`struct ip6_mtuinfo v = { ${inet6}, 1400 }`,
		"IPV6_PATHMTU",
		{ address: address6, mtu: 1400 },
	],
	["IPPROTO_UDP", "UDP_GRO", "int v = 1472", "UDP_GRO", 1472],
	["IPPROTO_UDP", "UDP_SEGMENT", "uint16_t v = 65535", "UDP_SEGMENT", 65535],
	["IPPROTO_TCP", "TCP_CM_INQ", "int v = 12345", "TCP_CM_INQ", 12345],
	["282", "TLS_SET_RECORD_TYPE", "uint8_t v = 22", "TLS_SET_RECORD_TYPE", 22],
	["282", "TLS_GET_RECORD_TYPE", "uint8_t v = 23", "TLS_GET_RECORD_TYPE", 23],
	[
		"SOL_PACKET",
		"PACKET_AUXDATA",
		"struct tpacket_auxdata v = { TP_STATUS_USER | TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID," +
			"1514, 96, 14, 18, 0x2064, 0x8100 }",
		"PACKET_AUXDATA",
		{ status: 0x51, len: 1514, snaplen: 96, mac: 14, net: 18, vlanTci: 0x2064, vlanTpid: 0x8100 },
	],
	[
		"SOL_PACKET",
		"PACKET_AUXDATA",
		"struct tpacket_auxdata v = { TP_STATUS_USER, 60, 60, 0, 14, 0xffff, 0xffff }",
		"PACKET_AUXDATA",
		{ status: 1, len: 60, snaplen: 60, mac: 0, net: 14 },
	],
	["SOL_PACKET", "PACKET_TX_TIMESTAMP", `struct sock_extended_err v = ${ee}`, "PACKET_TX_TIMESTAMP", error],
];

/** The messages of the table as the C compiler makes them. */
function compiled(): { level: number; type: number; data: Buffer }[] {
	const blocks = rows.map(
		([level, type, declaration]) => `{ ${declaration}; put(${level}, ${type}, &v, sizeof v); }`,
	);
	const output = runC(`
		#define _GNU_SOURCE
		#include <errno.h>
		#include <stdint.h>
		#include <stdio.h>
		#include <arpa/inet.h>
		#include <netinet/in.h>
		#include <netinet/udp.h>
		#include <sys/socket.h>
		#include <sys/time.h>
		#include <linux/errqueue.h>
		#include <linux/if_packet.h>
		#include <linux/tcp.h>
		#include <linux/tls.h>
		#ifndef UDP_SEGMENT
		#define UDP_SEGMENT 103
		#define UDP_GRO 104
		#endif
		static void put(int level, int type, const void *data, size_t size) {
			printf("%d %d ", level, type);
			for (size_t i = 0; i < size; i++) printf("%02x", ((const unsigned char *) data)[i]);
			printf("\\n");
		}
		int main(void) {
			${blocks.join("\n")}
			return 0;
		}`);
	return output
		.trim()
		.split("\n")
		.map((line) => {
			const [level, type, hex = ""] = line.split(" ");
			return { level: Number(level), type: Number(type), data: Buffer.from(hex, "hex") };
		});
}

test("decodeAncillary() reads the structs that C fills in, kind by kind", { skip: noCompiler }, () => {
	const messages = compiled();
	assert.equal(messages.length, rows.length);
	for (const [index, { level, type, data }] of messages.entries()) {
		const [, , declaration, name, value] = rows[index] as Row;
		assert.deepEqual(decode(level, type, data), { level, type, data, name, value }, declaration);
	}
});

test("decodeAncillary() of data one byte short has the name and the data, but no value", {
	skip: noCompiler,
}, () => {
	// These are of any length, or have a smaller form that is whole.
	const elastic = new Set(["SCM_RIGHTS", "SCM_SECURITY", "IP_RECVERR", "IPV6_RECVERR"]);
	for (const { level, type, data } of compiled()) {
		const short = data.subarray(0, -1);
		const message = decode(level, type, short);
		if (elastic.has(message.name ?? "")) continue;
		assert.deepEqual(message, { level, type, data: short, name: message.name });
		assert.ok(message.name);
	}
});

test("encodeAncillary() writes what C writes for the kinds that can be sent", { skip: noCompiler }, () => {
	const sendable = new Set([
		...["SCM_RIGHTS", "SCM_CREDENTIALS", "SO_MARK", "SO_PRIORITY", "SCM_TXTIME", "SCM_TS_OPT_ID"],
		...["IP_PKTINFO", "IP_TTL", "IPV6_PKTINFO", "IPV6_HOPLIMIT", "IPV6_TCLASS", "IPV6_DONTFRAG"],
		...["IPV6_FLOWINFO", "UDP_SEGMENT", "TLS_SET_RECORD_TYPE"],
	]);
	let count = 0;
	for (const [index, { level, type, data }] of compiled().entries()) {
		const [, , , name, value] = rows[index] as Row;
		if (!sendable.has(name)) continue;
		count++;
		assert.equal(encode({ level, type, value } as AncillaryInput), data.toString("hex"), name);
	}
	assert.equal(count, sendable.size);
});

test("encodeAncillary() takes values by kind", () => {
	const holder = { fileno: () => 5 };
	assert.equal(encode({ level: SOL_SOCKET, type: SCM_RIGHTS, value: [holder, 6] }), "0500000006000000");
	assert.equal(encode({ level: SOL_SOCKET, type: SCM_RIGHTS, value: [] }), "");
	assert.equal(encode({ level: SOL_SOCKET, type: SCM_TIMESTAMPING, value: 0b11 }), "03000000");
	assert.equal(encode({ level: SOL_SOCKET, type: SCM_TXTIME, value: 258 }), "0201000000000000");
	assert.equal(encode({ level: SOL_IP, type: IP_TOS, value: 0xb8 }), "b8000000");
	assert.equal(encode({ level: SOL_IP, type: IP_PKTINFO, value: {} }), "00".repeat(12));
	const local = { local: "127.0.0.2" };
	assert.equal(encode({ level: SOL_IP, type: IP_PKTINFO, value: local }), "000000007f00000200000000");
	const address = { interface: 1, address: "::1" };
	assert.equal(
		encode({ level: SOL_IPV6, type: IPV6_PKTINFO, value: address }),
		`${"00".repeat(15)}0101000000`,
	);
	assert.equal(encode({ level: SOL_IPV6, type: IPV6_HOPLIMIT, value: -1 }), "ffffffff");
});

test("encodeAncillary() takes bytes and text for any level and type", () => {
	assert.equal(encode({ level: 12345, type: -6, data: Uint8Array.of(1, 2) }), "0102");
	assert.equal(encode({ level: 0, type: 0, data: "hé" }), "68c3a9");
	assert.equal(encode({ level: SOL_IP, type: IP_TTL, data: Buffer.of(1) }), "01");
});

test("encodeAncillary() sends a received message unchanged, truncated ones included", {
	skip: noCompiler,
}, () => {
	const raw = compiled().flatMap(({ level, type, data }) => [
		{ level, type, data },
		{ level, type, data: data.subarray(0, 3) },
	]);
	assert.deepEqual(encodeAncillary(decodeAncillary(raw)), raw);
});

test("encodeAncillary() sends the data where data and value are both given", () => {
	const both = { level: SOL_IP, type: IP_TTL, data: Buffer.of(9, 0, 0, 0), value: 200 };
	assert.equal(encode(both), "09000000");
});

test("encodeAncillary() says what is wrong with a value", () => {
	const cases: [input: unknown, name: string, message: RegExp][] = [
		[{ level: 1, type: SCM_RIGHTS, value: [-1] }, "RangeError", /SCM_RIGHTS\[0\] .*0 to 2147483647, not -1/],
		[{ level: 1, type: SCM_RIGHTS, value: [1, 2.5] }, "RangeError", /SCM_RIGHTS\[1\] .* not 2.5/],
		[{ level: 1, type: SCM_RIGHTS, value: [1, "2"] }, "TypeError", /SCM_RIGHTS\[1\] .* fileno\(\)/],
		[
			{ level: 1, type: SCM_RIGHTS, value: [{ fileno: () => -1 }] },
			"RangeError",
			/SCM_RIGHTS\[0\] is closed/,
		],
		[{ level: 1, type: SCM_RIGHTS, value: 3 }, "TypeError", /array of descriptors, not a number/],
		[{ level: 1, type: SCM_RIGHTS, value: Array(254).fill(0) }, "RangeError", /at most 253 .* not 254/],
		[{ level: 1, type: SCM_CREDENTIALS, value: 1 }, "TypeError", /\{ pid, uid, gid \}, not a number/],
		[{ level: 1, type: SCM_CREDENTIALS, value: { pid: 1, uid: 0 } }, "TypeError", /gid must be a number/],
		[{ level: 1, type: SCM_CREDENTIALS, value: { pid: -1, uid: 0, gid: 0 } }, "RangeError", /pid/],
		[{ level: 1, type: SCM_TXTIME, value: -1n }, "RangeError", /nanoseconds, not -1/],
		[{ level: 1, type: SCM_TXTIME, value: 2n ** 64n }, "RangeError", /18446744073709551615/],
		[{ level: 1, type: SCM_TXTIME, value: 2 ** 60 }, "TypeError", /a bigint or a safe integer/],
		[{ level: 1, type: SO_MARK, value: -1 }, "RangeError", /SO_MARK .*4294967295, not -1/],
		[{ level: 1, type: SO_RXQ_OVFL, value: 1 }, "TypeError", /SO_RXQ_OVFL.* give its bytes as data/],
		[{ level: 0, type: IP_TTL, value: 0 }, "RangeError", /IP_TTL .*1 to 255, not 0/],
		[{ level: 0, type: IP_TOS, value: 256 }, "RangeError", /IP_TOS/],
		[{ level: 0, type: IP_PKTINFO, value: "lo" }, "TypeError", /IP_PKTINFO must be an object/],
		[{ level: 0, type: IP_PKTINFO, value: { local: "::1" } }, "RangeError", /IP_PKTINFO: local: .*"::1"/],
		[{ level: 0, type: IP_PKTINFO, value: { local: 1 } }, "TypeError", /IP_PKTINFO: local: .* string/],
		[{ level: 0, type: IP_PKTINFO, value: { interface: "lo" } }, "TypeError", /interface .*not a string/],
		[{ level: 41, type: IPV6_PKTINFO, value: { address: "1.2.3.4" } }, "RangeError", /address: .*IPv6/],
		[{ level: 41, type: IPV6_TCLASS, value: 256 }, "RangeError", /IPV6_TCLASS .*-1 to 255/],
		[{ level: 17, type: UDP_SEGMENT, value: 65536 }, "RangeError", /UDP_SEGMENT .*65535/],
		[{ level: 1, type: 9999, value: 1 }, "TypeError", /level 1 and type 9999 is of no known kind/],
		[{ level: 1, type: SCM_RIGHTS }, "TypeError", /\(SCM_RIGHTS\) needs data or a value/],
		[{ level: 1, type: 1, data: 5 }, "TypeError", /data must be a Uint8Array or a string, not a number/],
		[{ level: 1, type: 1, data: null }, "TypeError", /not null/],
		[{ level: "1", type: 1, data: "" }, "TypeError", /level must be a number/],
		[{ level: 1, type: 2 ** 31, data: "" }, "RangeError", /type must be .*not 2147483648/],
		[undefined, "TypeError", /must be \{ level, type, data \}, not undefined/],
	];
	for (const [input, name, message] of cases) {
		assert.throws(() => encodeAncillary([input as AncillaryInput]), { name, message });
	}
	assert.throws(() => encodeAncillary({} as never), { name: "TypeError", message: /must be an array/ });
});

test("decodeAncillary() leaves what it does not know as it is", () => {
	const raw = [{ level: SOL_SOCKET, type: 9999, data: Buffer.from("x") }];
	assert.deepEqual(decodeAncillary(raw), raw);
	assert.deepEqual(Object.keys(decode(-5, -6, Buffer.alloc(0))), ["level", "type", "data"]);
});

test("decodeAncillary() of SCM_RIGHTS that were cut off gives the descriptors that are whole", () => {
	const message = decode(SOL_SOCKET, SCM_RIGHTS, Buffer.from("0300000004000000050000", "hex"));
	assert.deepEqual(message.value, [3, 4]);
});

test("decodeAncillary() and descriptorsIn() never throw, whatever the bytes are", () => {
	const levels = fc.constantFrom(SOL_SOCKET, SOL_IP, SOL_IPV6, SOL_UDP, 6, 263, 282);
	const data = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
	// An offender of every family, known or not.
	const offender = fc.tuple(fc.nat(45), data).map(([family, bytes]) => {
		const head = Buffer.alloc(18);
		head.writeUInt16LE(family, 16);
		return Buffer.concat([head, bytes]);
	});
	const raw = fc.record({ level: levels, type: fc.nat(110), data: fc.oneof(data, offender) });
	fc.assert(
		fc.property(fc.array(raw, { maxLength: 20 }), (messages) => {
			assert.equal(decodeAncillary(messages).length, messages.length);
			assert.ok(descriptorsIn(messages).every((descriptor) => descriptor >= 0));
		}),
		{ numRuns: 500 },
	);
});

test("descriptorsIn() gives every descriptor that arrived, and no errno", () => {
	const pidfd = Buffer.alloc(4);
	pidfd.writeInt32LE(-3);
	const raw = [
		{ level: SOL_SOCKET, type: SCM_RIGHTS, data: Buffer.from("0300000004000000", "hex") },
		{ level: SOL_IP, type: SCM_RIGHTS, data: Buffer.from("63000000", "hex") },
		{ level: SOL_SOCKET, type: SCM_PIDFD, data: Buffer.from("05000000", "hex") },
		{ level: SOL_SOCKET, type: SCM_PIDFD, data: pidfd },
		{ level: SOL_SOCKET, type: SCM_RIGHTS, data: Buffer.from("060000000700", "hex") },
	];
	assert.deepEqual(descriptorsIn(raw), [3, 4, 5, 6]);
});

test("the types know the value from the name, and the input from level and type", () => {
	const message = decode(SOL_SOCKET, SCM_RIGHTS, Buffer.from("03000000", "hex"));
	if (message.name === "SCM_RIGHTS") {
		const descriptors: number[] | undefined = message.value;
		assert.deepEqual(descriptors, [3]);
	} else assert.fail("the name is SCM_RIGHTS");
	const inputs: AncillaryInput[] = [
		message,
		{ level: SOL_SOCKET, type: SCM_RIGHTS, value: [1] },
		// @ts-expect-error: descriptors are numbers
		{ level: SOL_SOCKET, type: SCM_RIGHTS, value: ["1"] },
		// @ts-expect-error: the drop counter is only received
		{ level: SOL_SOCKET, type: SO_RXQ_OVFL, value: 1 },
		// @ts-expect-error: there are neither data nor a value
		{ level: SOL_IP, type: IP_TTL },
		// @ts-expect-error: a time to live is a number
		{ level: SOL_IP, type: IP_TTL, value: { seconds: 1 } },
	];
	assert.equal(inputs.length, 6);
});

for (const compiler of compilers) {
	// The values above are compared on the machine's own platform; these show that the other one is the same.
	test(`the structs of the codecs are laid out so on ${compiler.arch}`, {
		skip: skipWithout(compiler),
	}, () => {
		const layout: Record<string, [size: number, last: string, offset: number]> = {
			ucred: [12, "gid", 8],
			timeval: [16, "tv_usec", 8],
			timespec: [16, "tv_nsec", 8],
			scm_timestamping: [48, "ts[2]", 32],
			in_pktinfo: [12, "ipi_addr", 8],
			in6_pktinfo: [20, "ipi6_ifindex", 16],
			ip6_mtuinfo: [32, "ip6m_mtu", 28],
			sock_extended_err: [16, "ee_data", 12],
			tpacket_auxdata: [20, "tp_vlan_tpid", 18],
		};
		const facts = Object.entries(layout).flatMap(([struct, [size, last, offset]]) => [
			{ expression: `sizeof(struct ${struct})`, value: size },
			{ expression: `offsetof(struct ${struct}, ${last})`, value: offset },
		]);
		const headers = ["netinet/in.h", "sys/socket.h", "sys/time.h", "linux/errqueue.h", "linux/if_packet.h"];
		assert.deepEqual(checkFacts(compiler, headers, facts), { wrong: [], unknown: [] });
	});
}
