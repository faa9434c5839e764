/**
 * Ancillary data against Python's: descriptors, credentials and what IP sockets tell, in full and cut off at
 * every length.
 */
import "./support/leaks.js";
import { compareWithPython } from "./support/differential.js";
import {
	at,
	credentials,
	datagrams,
	differs,
	fds,
	hex,
	ints,
	of,
	type Scenario,
	type Step,
	scenario,
	tcp,
	text,
	thing,
	unix,
	unixStream,
	type Value,
} from "./support/scenario.js";

const rights = (...names: string[]): Value => ["SOL_SOCKET", "SCM_RIGHTS", fds(...names)];

function pair(type: string): Step[] {
	return [
		["a b", "socketpair", "AF_UNIX", type, 0],
		["f", "file", text("one")],
		["g", "open", { path: "/dev/null" }],
		["f", "identity"],
		["g", "identity"],
	];
}

const lengths = Array.from({ length: 42 }, (_, length) => length);

const descriptors = ["SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET"].flatMap((type): Scenario[] => [
	scenario(`${type}: one descriptor`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [rights("f")]],
		["b", "recvmsg", 8, "CMSG_LEN(4)"],
	]),
	scenario(`${type}: two descriptors in one message`, [
		...pair(type),
		["a", "sendmsg", [text("x"), text("y")], [rights("f", "g")]],
		["b", "recvmsg", 8, "CMSG_SPACE(8)"],
	]),
	scenario(`${type}: two messages with a descriptor each`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [rights("f"), rights("g")]],
		["b", "recvmsg", 8, "CMSG_SPACE(4)+CMSG_SPACE(4)"],
		["a", "sendmsg", [text("x")], [rights("f"), rights("g")]],
		["b", "recvmsg", 8, "CMSG_SPACE(4)+CMSG_LEN(4)"],
	]),
	scenario(`${type}: a message without descriptors`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [rights()]],
		["b", "recvmsg", 8, "CMSG_SPACE(4)"],
	]),
	scenario(`${type}: MSG_PEEK gives descriptors too`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [rights("f")]],
		["b", "recvmsg", 8, "CMSG_LEN(4)", "MSG_PEEK"],
		["b", "recvmsg", 8, "CMSG_LEN(4)"],
	]),
	scenario(`${type}: recvmsgInto() takes descriptors`, [
		...pair(type),
		["a", "sendmsg", [text("0123456789")], [rights("f", "g")]],
		["b", "recvmsgInto", [4, 6], "CMSG_SPACE(8)"],
	]),
	scenario(`${type}: sendFds() and recvFds()`, [
		...pair(type),
		["a", "sendFds", [text("x"), text("yz")], [thing("f"), thing("g"), thing("a")]],
		differs("descriptors are closed on exec", ["b", "recvFds", 8, 3]),
		["a", "sendFds", [text("x")], []],
		["b", "recvFds", 8, 0],
	]),
	scenario(`${type}: a number that is no descriptor`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [["SOL_SOCKET", "SCM_RIGHTS", ints(-1)]]],
		["a", "sendmsg", [text("x")], [["SOL_SOCKET", "SCM_RIGHTS", ints(100000)]]],
		["a", "sendmsg", [text("x")], [["SOL_SOCKET", "SCM_RIGHTS", hex("010000")]]],
		["b", "setblocking", false],
		["b", "recvmsg", 8, 64],
	]),
	scenario(`${type}: as many descriptors as a message takes, and one more`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [rights(...Array<string>(253).fill("f"))]],
		["b", "recvmsg", 8, "CMSG_SPACE(1012)"],
		["a", "sendmsg", [text("x")], [rights(...Array<string>(254).fill("f"))]],
	]),
	scenario(`${type}: descriptors for which there is no room are closed`, [
		...pair(type),
		...lengths.flatMap((length): Step[] => [
			["a", "sendmsg", [text("x")], [rights("f", "g")]],
			["b", "recvmsg", 8, length],
		]),
	]),
	scenario(`${type}: descriptors that recv() passes over are closed`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [rights("f", "g")]],
		["b", "recv", 8],
		["a", "sendmsg", [text("x")], [rights("f", "g")]],
		["b", "recvmsg", 8],
		["a", "sendmsg", [text("x")], [rights("f", "g")]],
		["b", "recvfrom", 8],
	]),
	scenario(`${type}: credentials`, [
		...pair(type),
		["b", "setsockopt", "SOL_SOCKET", "SO_PASSCRED", 1],
		["a", "sendmsg", [text("x")]],
		["b", "recvmsg", 8, "CMSG_SPACE(12)"],
		["a", "sendmsg", [text("y")], [["SOL_SOCKET", "SCM_CREDENTIALS", credentials]]],
		["b", "recvmsg", 8, "CMSG_SPACE(12)"],
		["a", "sendmsg", [text("z")], [["SOL_SOCKET", "SCM_CREDENTIALS", ints(1, 2)]]],
	]),
	scenario(`${type}: credentials and descriptors in one message, at every length`, [
		...pair(type),
		["b", "setsockopt", "SOL_SOCKET", "SO_PASSCRED", 1],
		...Array.from({ length: 58 }, (_, length) => length).flatMap((length): Step[] => [
			["a", "sendmsg", [text("x")], [["SOL_SOCKET", "SCM_CREDENTIALS", credentials], rights("f")]],
			["b", "recvmsg", 8, length],
		]),
	]),
	scenario(`${type}: control messages that nobody takes`, [
		...pair(type),
		["a", "sendmsg", [text("x")], [["SOL_SOCKET", 12345, text("data")]]],
		["a", "sendmsg", [text("x")], [["SOL_TCP", 1, text("data")]]],
		["a", "sendmsg", [text("x")], [["SOL_SOCKET", "SCM_RIGHTS", text("")]]],
	]),
]);

const passingCredentials: Step = ["b", "setsockopt", "SOL_SOCKET", "SO_PASSCRED", 1];

/** With MSG_WAITALL a Unix stream is read to the end of the size, but not past what parts its data. */
const whole = [
	{ name: "descriptors", asks: [] as Step[] },
	{ name: "descriptors, with credentials", asks: [passingCredentials] },
].flatMap(({ name, asks }): Scenario[] => {
	const start: Step[] = [...pair("SOCK_STREAM"), ...asks, ["b", "settimeout", null]];
	const sending: Step[] = [
		["a", "send", text("01")],
		["a", "sendmsg", [text("234")], [rights("f", "g")]],
		["a", "send", text("567")],
	];
	const rest: Step = ["b", "recv", 3];
	return [
		scenario(`MSG_WAITALL stops behind ${name}`, [
			...start,
			...sending,
			["b", "recvmsg", 8, "CMSG_SPACE(12)+CMSG_SPACE(8)", "MSG_WAITALL"],
			["b", "recvmsg", 3, 0, "MSG_WAITALL"],
			...sending,
			["b", "recvmsgInto", [1, 2, 5], "CMSG_SPACE(12)+CMSG_SPACE(8)", "MSG_WAITALL"],
			rest,
		]),
		scenario(`MSG_WAITALL stops behind ${name} for which there is no room`, [
			...start,
			...Array.from({ length: 62 }, (_, length) => length).flatMap((length): Step[] => [
				...sending,
				["b", "recvmsg", 8, length, "MSG_WAITALL"],
				rest,
			]),
		]),
		scenario(`MSG_WAITALL stops within the message that carries ${name}`, [
			...start,
			...sending,
			["b", "recvmsg", 3, 100, "MSG_WAITALL"],
			["b", "recvmsg", 5, 100, "MSG_WAITALL"],
		]),
		scenario(`recv() with MSG_WAITALL stops behind ${name}`, [
			...start,
			...sending,
			["b", "recv", 8, "MSG_WAITALL"],
			rest,
			...sending,
			["b", "recvInto", 8, 0, "MSG_WAITALL"],
			rest,
			...sending,
			["b", "recvfrom", 8, "MSG_WAITALL"],
			rest,
			...sending,
			["b", "recvfromInto", 8, 0, "MSG_WAITALL"],
			rest,
		]),
		scenario(`a wait with MSG_WAITALL is over when there come ${name}`, [
			...start,
			["a", "send", text("01")],
			["b", "&recvmsg", 8, 100, "MSG_WAITALL"],
			["a", "send", text("23")],
			["a", "sendmsg", [text("4")], [rights("f")]],
			["b", "join"],
		]),
		scenario(`MSG_WAITALL puts senders apart where they are told: ${name}`, [
			...start,
			...[100, 32, 20, 0].flatMap((length): Step[] => [
				["a", "send", text("01")],
				["a", "sendInChild", text("23")],
				["a", "send", text("4567")],
				["b", "recvmsg", 8, length, "MSG_WAITALL|MSG_DONTWAIT"],
				["b", "recvmsg", 8, length, "MSG_WAITALL|MSG_DONTWAIT"],
				["b", "recvmsg", 8, length, "MSG_WAITALL|MSG_DONTWAIT"],
			]),
			["a", "send", text("01")],
			["b", "&recvmsg", 8, 100, "MSG_WAITALL"],
			["a", "send", text("23")],
			["a", "sendInChild", text("45")],
			["a", "send", text("67")],
			["b", "join"],
			["b", "recvmsg", 8, 100, "MSG_DONTWAIT"],
		]),
		scenario(`the end of a stream has no part in what MSG_WAITALL gives, with ${name}`, [
			...start,
			["a", "send", text("01")],
			["b", "&recvmsg", 8, 100, "MSG_WAITALL"],
			["a", "send", text("23")],
			["a", "close"],
			["b", "join"],
			["b", "recvmsg", 8, 100, "MSG_WAITALL"],
		]),
	];
});

// TCP_INQ, which tells how many bytes are left behind those that were given.
const left: Scenario = scenario("MSG_WAITALL over TCP: what comes each time counts as it came last", [
	...tcp(),
	["b1", "setsockopt", "IPPROTO_TCP", 36, 1],
	["b1", "settimeout", null],
	["a", "send", text("01")],
	["b1", "&recvmsg", 6, 100, "MSG_WAITALL"],
	["a", "send", text("23")],
	["a", "send", text("456")],
	["b1", "join"],
	["b1", "&recvmsg", 6, 8, "MSG_WAITALL"],
	["a", "send", text("789ab")],
	["b1", "join"],
]);

const hop: Value = ["IPPROTO_IPV6", "IPV6_HOPLIMIT", ints(3)];
const trafficClass: Value = ["IPPROTO_IPV6", "IPV6_TCLASS", ints(0x20)];

function inet6(proto: Value): Step[] {
	return [
		...datagrams("AF_INET6", at("::1", 0), at("::1", 0), proto),
		["b", "setsockopt", "IPPROTO_IPV6", "IPV6_RECVHOPLIMIT", 1],
		["b", "setsockopt", "IPPROTO_IPV6", "IPV6_RECVTCLASS", 1],
	];
}

const advanced = [
	{ name: "UDP over IPv6", proto: 0 },
	{ name: "UDP-Lite over IPv6", proto: "IPPROTO_UDPLITE" },
].flatMap(({ name, proto }): Scenario[] => [
	scenario(`${name}: hop limit and traffic class, at every length`, [
		...inet6(proto),
		...Array.from({ length: 51 }, (_, length) => length).flatMap((length): Step[] => [
			["a", "sendmsg", [text("x")], [hop, trafficClass], 0, of("b")],
			["b", "recvmsg", 8, length],
		]),
	]),
	scenario(`${name}: hop limit and traffic class, set or not`, [
		...inet6(proto),
		["a", "sendmsg", [text("x")], [], 0, of("b")],
		["b", "recvmsg", 8, "CMSG_SPACE(4)+CMSG_SPACE(4)"],
		["a", "setsockopt", "IPPROTO_IPV6", "IPV6_UNICAST_HOPS", 17],
		["a", "setsockopt", "IPPROTO_IPV6", "IPV6_TCLASS", 0x40],
		["a", "sendto", text("y"), of("b")],
		["b", "recvmsgInto", [1, 1], "CMSG_SPACE(4)+CMSG_SPACE(4)"],
		["a", "sendmsg", [text("z")], [hop], 0, of("b")],
		["b", "recvmsg", 8, "CMSG_SPACE(4)+CMSG_LEN(4)"],
		["a", "sendmsg", [text("z")], [["IPPROTO_IPV6", "IPV6_HOPLIMIT", ints(-1)]], 0, of("b")],
		["b", "recvmsg", 8, 100],
	]),
	scenario(`${name}: items of a wrong size or value`, [
		...inet6(proto),
		["a", "sendmsg", [text("x")], [["IPPROTO_IPV6", "IPV6_HOPLIMIT", hex("030000000000000000")]], 0, of("b")],
		["a", "sendmsg", [text("x")], [["IPPROTO_IPV6", "IPV6_HOPLIMIT", hex("0300")]], 0, of("b")],
		["a", "sendmsg", [text("x")], [["IPPROTO_IPV6", "IPV6_HOPLIMIT", ints(256)]], 0, of("b")],
		["a", "sendmsg", [text("x")], [["IPPROTO_IPV6", "IPV6_TCLASS", ints(-2)]], 0, of("b")],
		["b", "setblocking", false],
		["b", "recvmsg", 8, 100],
	]),
	scenario(`${name}: packet information`, [
		...inet6(proto),
		["b", "setsockopt", "IPPROTO_IPV6", "IPV6_RECVPKTINFO", 1],
		["a", "sendto", text("x"), of("b")],
		["b", "recvmsg", 8, 200],
		[
			"a",
			"sendmsg",
			[text("y")],
			[["IPPROTO_IPV6", "IPV6_PKTINFO", hex("0000000000000000000000000000000101000000")]],
			0,
			of("b"),
		],
		["b", "recvmsg", 8, "CMSG_SPACE(20)"],
	]),
]);

const inet = [
	{ name: "UDP", proto: 0 },
	{ name: "UDP-Lite", proto: "IPPROTO_UDPLITE" },
].flatMap(({ name, proto }): Scenario[] => {
	const make: Step[] = [
		...datagrams("AF_INET", at("127.0.0.1", 0), at("127.0.0.1", 0), proto),
		["b", "setsockopt", "IPPROTO_IP", "IP_RECVTTL", 1],
		["b", "setsockopt", "IPPROTO_IP", "IP_RECVTOS", 1],
		["b", "setsockopt", "IPPROTO_IP", "IP_PKTINFO", 1],
	];
	return [
		scenario(`${name}: packet information, time to live and type of service, at every length`, [
			...make,
			...Array.from({ length: 85 }, (_, length) => length).flatMap((length): Step[] => [
				[
					"a",
					"sendmsg",
					[text("x")],
					[
						["IPPROTO_IP", "IP_TTL", ints(9)],
						["IPPROTO_IP", "IP_TOS", ints(0x10)],
					],
					0,
					of("b"),
				],
				["b", "recvmsg", 8, length],
			]),
		]),
		scenario(`${name}: the source address chosen by a message`, [
			["b", "socket", "AF_INET", "SOCK_DGRAM", proto],
			["b", "bind", at("127.0.0.1", 0)],
			["a", "socket", "AF_INET", "SOCK_DGRAM", proto],
			[
				"a",
				"sendmsg",
				[text("x")],
				[["IPPROTO_IP", "IP_PKTINFO", hex("000000007f00000500000000")]],
				0,
				of("b"),
			],
			["b", "recvmsg", 8],
		]),
		scenario(`${name}: items that do not fit`, [
			...make,
			["a", "sendmsg", [text("x")], [["IPPROTO_IP", "IP_TTL", ints(0)]], 0, of("b")],
			["a", "sendmsg", [text("x")], [["IPPROTO_IP", "IP_TTL", ints(256)]], 0, of("b")],
			["a", "sendmsg", [text("x")], [["IPPROTO_IP", "IP_TTL", hex("01")]], 0, of("b")],
			["a", "sendmsg", [text("x")], [["IPPROTO_IP", "IP_TOS", hex("10")]], 0, of("b")],
			["b", "recvmsg", 8, 100],
		]),
	];
});

compareWithPython("ancillary data", [
	...descriptors,
	...whole,
	left,
	...advanced,
	...inet,
	scenario("descriptors alone do not travel on a stream", [
		...pair("SOCK_STREAM"),
		["a", "sendmsg", [], [rights("f")]],
		["a", "sendmsg", [text("")], [rights("f")]],
		["b", "setblocking", false],
		["b", "recvmsg", 8, 64],
	]),
	scenario("descriptors alone travel as a datagram", [
		...pair("SOCK_DGRAM"),
		["a", "sendmsg", [], [rights("f")]],
		["b", "recvmsg", 8, 64],
	]),
	scenario("descriptors keep streams apart", [
		...pair("SOCK_STREAM"),
		["a", "send", text("before")],
		["a", "sendmsg", [text("with")], [rights("f")]],
		["a", "send", text("after")],
		["b", "recvmsg", 64, 64],
		["b", "recvmsg", 64, 64],
	]),
	scenario("credentials over a connection, between processes", [
		...unixStream(),
		["b1", "setsockopt", "SOL_SOCKET", "SO_PASSCRED", 1],
		["a", "sendmsg", [text("x")], [["SOL_SOCKET", "SCM_CREDENTIALS", credentials]]],
		["b1", "recvmsg", 8, "CMSG_SPACE(12)"],
	]),
	scenario("descriptors between processes", [
		...datagrams("AF_UNIX", unix("near"), unix("far")),
		["f", "file", text("content")],
		["f", "identity"],
		["a", "sendmsg", [text("x")], [rights("f", "a")], 0, of("b")],
		["b", "recvmsg", 8, "CMSG_SPACE(8)"],
		["a", "identity"],
	]),
	scenario(
		"CMSG_LEN and CMSG_SPACE",
		[0, 1, 4, 7, 8, 9, 12, 20, 1012].flatMap((length): Step[] => [
			["*", "number", `CMSG_LEN(${length})`],
			["*", "number", `CMSG_SPACE(${length})`],
		]),
	),
]);
