/**
 * sendmsg() and recvmsg() without ancillary data, over every kind of transport, against Python's.
 */
import "./support/leaks.js";
import { compareWithPython } from "./support/differential.js";
import {
	at,
	connected,
	datagrams,
	hex,
	of,
	type Scenario,
	type Step,
	scenario,
	tcp,
	text,
	unix,
	unixStream,
	type Value,
} from "./support/scenario.js";

interface Transport {
	name: string;
	/** Makes the sockets. */
	make: Step[];
	/** Who sends and who receives. */
	from: string;
	to: string;
	stream?: boolean;
	/** Where to send, when the sender is not connected. */
	address?: string;
}

const inet = at("127.0.0.1", 0);
const inet6 = at("::1", 0);
const connect: Step = ["a", "connect", of("b")];

const transports: Transport[] = [
	{ name: "TCP", make: tcp(), from: "a", to: "b1", stream: true },
	{ name: "TCP over IPv6", make: tcp("::1"), from: "b1", to: "a", stream: true },
	{
		name: "MPTCP",
		make: connected("AF_INET", inet, "SOCK_STREAM", "IPPROTO_MPTCP"),
		from: "a",
		to: "b1",
		stream: true,
	},
	{ name: "Unix streams", make: unixStream(), from: "a", to: "b1", stream: true },
	{ name: "Unix seqpackets", make: unixStream("SOCK_SEQPACKET"), from: "a", to: "b1" },
	{
		name: "a pair of Unix streams",
		make: [["a b", "socketpair", "AF_UNIX", "SOCK_STREAM", 0]],
		from: "a",
		to: "b",
		stream: true,
	},
	{
		name: "a pair of Unix datagrams",
		make: [["a b", "socketpair", "AF_UNIX", "SOCK_DGRAM", 0]],
		from: "a",
		to: "b",
	},
	{
		name: "a pair of Unix seqpackets",
		make: [["a b", "socketpair", "AF_UNIX", "SOCK_SEQPACKET", 0]],
		from: "b",
		to: "a",
	},
	{ name: "UDP", make: datagrams("AF_INET", inet, inet), from: "a", to: "b", address: "b" },
	{ name: "UDP over IPv6", make: datagrams("AF_INET6", inet6, inet6), from: "a", to: "b", address: "b" },
	{ name: "connected UDP", make: [...datagrams("AF_INET", inet, inet), connect], from: "a", to: "b" },
	{
		name: "UDP-Lite",
		make: datagrams("AF_INET", inet, inet, "IPPROTO_UDPLITE"),
		from: "a",
		to: "b",
		address: "b",
	},
	{
		name: "UDP-Lite over IPv6",
		make: datagrams("AF_INET6", inet6, inet6, "IPPROTO_UDPLITE"),
		from: "a",
		to: "b",
		address: "b",
	},
	{
		name: "Unix datagrams",
		make: datagrams("AF_UNIX", unix("near"), unix("far")),
		from: "a",
		to: "b",
		address: "b",
	},
];

const general = transports.flatMap(({ name, make, from, to, stream, address }): Scenario[] => {
	const send = (buffers: Value[]): Step => [
		from,
		"sendmsg",
		buffers,
		...(address === undefined ? [] : [[], 0, of(address)]),
	];
	const several: Scenario[] = [
		scenario(`${name}: several buffers, empty ones among them, are one message`, [
			...make,
			send([text("one,"), text(""), text("two,"), text("x", 3000), text("")]),
			[to, "recvmsg", 5000],
		]),
		scenario(`${name}: the defaults of recvmsg()`, [
			...make,
			send([text("hello")]),
			[to, "recvmsg", 64, 0, 0],
		]),
		scenario(`${name}: less room than the message`, [
			...make,
			send([text("0123456789")]),
			[to, "recvmsg", 4],
			send([text("abc")]),
			[to, "recvmsg", 64],
		]),
		scenario(`${name}: MSG_PEEK leaves the message`, [
			...make,
			send([text("0123456789")]),
			[to, "recvmsg", 4, 0, "MSG_PEEK"],
			[to, "recv", 64, "MSG_PEEK"],
			[to, "recvmsg", 64],
		]),
		scenario(`${name}: no room at all`, [
			...make,
			send([text("0123456789")]),
			[to, "recvmsg", 0, 0, "MSG_PEEK"],
			[to, "recvmsgInto", [], 0, "MSG_PEEK"],
			[to, "recvmsgInto", [0, 0], 0, "MSG_PEEK"],
			[to, "recvmsg", 64],
		]),
		scenario(`${name}: recvmsgInto() fills one buffer after another`, [
			...make,
			send([text("0123456789")]),
			[to, "recvmsgInto", [3, 0, 4, 10, 2]],
			send([text("0123456789")]),
			[to, "recvmsgInto", [10], 0, 0],
		]),
		scenario(`${name}: no room for control messages is no truncation`, [
			...make,
			send([text("x")]),
			[to, "recvmsg", 8, "CMSG_SPACE(100)"],
			send([text("y")]),
			[to, "recvmsg", 8, 1],
		]),
		scenario(`${name}: a message that does not come in time`, [
			...make,
			[to, "settimeout", 10],
			[to, "recvmsg", 8],
			[to, "recvmsgInto", [8]],
			[to, "setblocking", false],
			[to, "recvmsg", 8],
			[to, "recvmsg", 8, 0, "MSG_PEEK"],
			[to, "recvmsgInto", [8]],
		]),
		scenario(`${name}: operations on a closed socket`, [
			...make,
			[from, "close"],
			[from, "sendmsg", [text("x")]],
			[from, "recvmsg", 8],
			[from, "recvmsgInto", [8]],
			[from, "recvmsg", 8, 16],
		]),
		scenario(`${name}: MSG_DONTWAIT does not wait on a blocking socket`, [
			...make,
			[to, "settimeout", null],
			[to, "recvmsg", 8, 0, "MSG_DONTWAIT"],
			[to, "recv", 8, "MSG_DONTWAIT"],
			[to, "recvfrom", 8, "MSG_DONTWAIT"],
			[to, "recvInto", 8, 0, "MSG_DONTWAIT"],
			[to, "recvmsgInto", [8], 0, "MSG_DONTWAIT"],
			send([text("x")]),
			[to, "recvmsg", 8, 0, "MSG_DONTWAIT"],
		]),
	];
	if (stream) {
		several.push(
			scenario(`${name}: a stream keeps no boundaries`, [
				...make,
				send([text("one")]),
				send([text("two")]),
				[to, "recvmsg", 4],
				[to, "recvmsg", 64],
			]),
			scenario(`${name}: nothing is no message of a stream`, [
				...make,
				send([text("")]),
				send([]),
				[to, "settimeout", 0],
				[to, "recvmsg", 8],
			]),
			scenario(`${name}: the end of a stream`, [
				...make,
				send([text("last")]),
				[from, "shutdown", "SHUT_WR"],
				[to, "recvmsg", 64],
				[to, "recvmsg", 64],
				[to, "recvmsg", 64, "CMSG_SPACE(4)"],
				[to, "recvmsgInto", [8, 8]],
				[to, "recvfrom", 8],
				[to, "recvInto", 8],
				[from, "sendmsg", [text("x")]],
			]),
			scenario(`${name}: MSG_WAITALL takes what is there already in full`, [
				...make,
				send([text("0123")]),
				send([text("456789")]),
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
				send([text("0123456789")]),
				[to, "recv", 10, "MSG_WAITALL"],
				send([text("0123456789")]),
				[to, "recvmsgInto", [5, 5], 0, "MSG_WAITALL"],
			]),
			scenario(`${name}: MSG_WAITALL ends at the end of the stream`, [
				...make,
				[to, "settimeout", null],
				send([text("0123")]),
				[from, "shutdown", "SHUT_WR"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
				[to, "recv", 10, "MSG_WAITALL"],
			]),
			scenario(`${name}: recvmsg() with MSG_WAITALL waits on a blocking socket`, [
				...make,
				[to, "settimeout", null],
				send([text("0123")]),
				[to, "&recvmsg", 10, 0, "MSG_WAITALL"],
				send([text("456")]),
				send([text("789abc")]),
				[to, "join"],
				[to, "&recvmsgInto", [2, 0, 3, 1, 4], 100, "MSG_WAITALL"],
				send([text("defgh")]),
				send([text("ijklm")]),
				[to, "join"],
				[to, "recv", 10],
				[to, "&recvmsg", 10, 0, "MSG_WAITALL"],
				send([text("0123")]),
				[from, "shutdown", "SHUT_WR"],
				[to, "join"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
			]),
			scenario(`${name}: MSG_WAITALL without waiting gives what is there`, [
				...make,
				send([text("0123456789")]),
				[to, "setblocking", false],
				[to, "recvmsg", 4, 0, "MSG_WAITALL"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
				[to, "settimeout", null],
				send([text("0123456789")]),
				[to, "recvmsgInto", [2, 3], 0, "MSG_WAITALL|MSG_DONTWAIT"],
				[to, "recvmsgInto", [2, 30], 0, "MSG_WAITALL|MSG_DONTWAIT"],
				[to, "recvmsgInto", [2, 30], 0, "MSG_WAITALL|MSG_DONTWAIT"],
			]),
			scenario(`${name}: MSG_WAITALL and no room`, [
				...make,
				send([text("0123")]),
				[to, "recvmsg", 0, 0, "MSG_WAITALL"],
				[to, "recvmsgInto", [0, 0], 0, "MSG_WAITALL"],
				[to, "recvmsgInto", [0, 4], 0, "MSG_WAITALL"],
			]),
			scenario(`${name}: MSG_WAITALL stops in front of urgent data`, [
				...make,
				[to, "settimeout", null],
				[from, "send", text("01!"), "MSG_OOB"],
				[from, "send", text("234")],
				[from, "shutdown", "SHUT_WR"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
				[to, "recvmsg", 10, 0, "MSG_WAITALL"],
			]),
			scenario(`${name}: recv() with MSG_WAITALL stops in front of urgent data`, [
				...make,
				[to, "settimeout", null],
				[from, "send", text("01!"), "MSG_OOB"],
				[from, "send", text("234")],
				[from, "shutdown", "SHUT_WR"],
				[to, "recv", 10, "MSG_WAITALL"],
				[to, "recvInto", 10, 0, "MSG_WAITALL"],
				[to, "recv", 10, "MSG_WAITALL"],
			]),
			scenario(`${name}: MSG_WAITALL waits on a blocking socket`, [
				...make,
				[to, "settimeout", null],
				send([text("0123")]),
				[to, "&recv", 10, "MSG_WAITALL"],
				send([text("456")]),
				send([text("789")]),
				[to, "join"],
				send([text("0123")]),
				[to, "&recvInto", 10, 0, "MSG_WAITALL"],
				send([text("456789")]),
				[to, "join"],
			]),
		);
		several.push(
			scenario(`${name}: sendall() to a peer that does not read`, [
				...make,
				[to, "setsockopt", "SOL_SOCKET", "SO_RCVBUF", 8192],
				[from, "setsockopt", "SOL_SOCKET", "SO_SNDBUF", 8192],
				[from, "settimeout", 10],
				[from, "sendall", text("x", 3000000)],
				[from, "settimeout", null],
				[from, "sendall", text("x", 3000000), "MSG_DONTWAIT"],
				[from, "setblocking", false],
				[from, "sendall", text("x", 3000000)],
			]),
		);
		// MPTCP has no urgent data.
		if (name !== "MPTCP") {
			several.push(
				scenario(`${name}: urgent data end a wait with MSG_WAITALL`, [
					...make,
					[to, "settimeout", null],
					[from, "send", text("01")],
					[to, "&recvmsg", 10, 0, "MSG_WAITALL"],
					[from, "send", text("!"), "MSG_OOB"],
					[to, "join"],
					[from, "send", text("234")],
					[to, "&recvfrom", 6, "MSG_WAITALL"],
					[from, "send", text("56?"), "MSG_OOB"],
					[to, "join"],
				]),
			);
		}
		// TCP, once it is full, takes some more when its timers have run; a Unix socket stays as it is.
		if (name.includes("Unix")) {
			several.push(
				scenario(`${name}: sending to a peer that does not read`, [
					...make,
					[from, "setsockopt", "SOL_SOCKET", "SO_SNDBUF", 8192],
					[from, "fill"],
					[from, "settimeout", 10],
					[from, "sendmsg", [text("x", 100000)]],
					[from, "send", text("x", 100000)],
					[from, "sendall", text("x", 100000)],
					[from, "settimeout", null],
					[from, "sendmsg", [text("x", 100000)], [], "MSG_DONTWAIT"],
					[from, "send", text("x", 100000), "MSG_DONTWAIT"],
					[from, "setblocking", false],
					[from, "sendmsg", [text("x", 100000)]],
					[from, "send", text("x", 100000)],
				]),
			);
		}
	} else {
		several.push(
			scenario(`${name}: messages keep their boundaries, empty ones too`, [
				...make,
				send([text("one")]),
				send([]),
				send([text("two")]),
				[to, "recvmsg", 64],
				[to, "recvmsg", 64],
				[to, "recvmsg", 64],
			]),
			scenario(`${name}: MSG_TRUNC tells how long the message was`, [
				...make,
				send([text("0123456789")]),
				[to, "recvmsg", 4, 0, "MSG_PEEK"],
				[to, "recvmsgInto", [4, 2], 0, "MSG_PEEK|MSG_TRUNC"],
				[to, "recvInto", 4, 0, "MSG_PEEK|MSG_TRUNC"],
				[to, "recvfromInto", 4, 0, "MSG_PEEK|MSG_TRUNC"],
				[to, "recvInto", 4, 2],
			]),
			scenario(`${name}: a message in the least room for it`, [
				...make,
				send([text("0123456789")]),
				[to, "recvmsg", 10],
				send([text("0123456789")]),
				[to, "recvmsgInto", [9, 1]],
			]),
		);
	}
	return several;
});

compareWithPython("sendmsg() and recvmsg()", [
	...general,
	scenario("seqpackets end with MSG_EOR", [
		...unixStream("SOCK_SEQPACKET"),
		["a", "sendmsg", [text("one")], [], "MSG_EOR"],
		["a", "sendmsg", [text("two")]],
		["b1", "recvmsg", 2, 0, "MSG_PEEK"],
		["b1", "recvmsg", 64],
		["b1", "recvmsg", 64],
		["a", "close"],
		["b1", "recvmsg", 64],
	]),
	scenario("sendmsg() to an address on a socket that is not connected", [
		...datagrams("AF_INET", inet, inet),
		["a", "sendmsg", [text("x")]],
		["a", "sendmsg", [text("x")], [], 0, null],
		["a", "sendmsg", [text("x")], [], 0, of("b")],
		["b", "recvmsg", 8],
	]),
	scenario("sendmsg() to an address on a connected stream", [
		...tcp(),
		["a", "sendmsg", [text("x")], [], 0, of("b")],
		["b1", "recvmsg", 8],
		["a", "sendmsg", [text("y")], [], 0, null],
		["b1", "recvmsg", 8],
	]),
	scenario("sendmsg() to an address on a connected Unix stream", [
		...unixStream(),
		["a", "sendmsg", [text("x")], [], 0, of("b")],
		["a", "sendmsg", [text("y")], [], 0, null],
		["b1", "recvmsg", 8],
	]),
	scenario("sendmsg() on sockets without a peer", [
		["a", "socket", "AF_INET", "SOCK_STREAM"],
		["a", "sendmsg", [text("x")]],
		["a", "recvmsg", 8],
		["c", "socket", "AF_UNIX", "SOCK_STREAM"],
		["c", "sendmsg", [text("x")]],
		["c", "recvmsg", 8],
		["d", "socket", "AF_UNIX", "SOCK_DGRAM"],
		["d", "sendmsg", [text("x")]],
		["e", "socket", "AF_UNIX", "SOCK_SEQPACKET"],
		["e", "sendmsg", [text("x")]],
		["e", "recvmsg", 8],
		["f", "socket", "AF_INET6", "SOCK_DGRAM"],
		["f", "sendmsg", [text("x")]],
	]),
	scenario("a datagram that is too long", [
		...datagrams("AF_INET", inet, inet),
		["a", "sendmsg", [text("x", 60000), text("y", 6000)], [], 0, of("b")],
		["a", "sendto", text("x", 65508), of("b")],
		["a", "sendto", text("x", 65507), of("b")],
		["b", "recvmsg", 65536],
		["a", "connect", of("b")],
		["a", "send", text("x", 65508)],
		["a", "sendall", text("x", 65508)],
		["a", "sendall", text("x", 65507)],
		["b", "recvmsgInto", [60000, 10000]],
	]),
	scenario("Unix datagrams to nobody, and to one who is full", [
		["a", "socket", "AF_UNIX", "SOCK_DGRAM"],
		["a", "sendto", text("x"), unix("nobody")],
		["a", "sendmsg", [text("x")], [], 0, unix("nobody")],
		["b", "socket", "AF_UNIX", "SOCK_DGRAM"],
		["b", "bind", unix("far")],
		["a", "connect", of("b")],
		["a", "fill"],
		["a", "settimeout", 30],
		["a", "send", text("x")],
		["a", "sendmsg", [text("x")]],
		["a", "sendto", text("x"), of("b")],
		["b", "close"],
		["a", "send", text("x")],
	]),
	scenario("what is wrong with the arguments shows before anything is sent", [
		...datagrams("AF_INET", inet, inet),
		["a", "recvmsg", -1],
		["a", "recvmsg", 8, -1],
		["a", "recv", -1],
		["a", "recvfrom", -1],
		["a", "recvmsgInto", [8], -1],
		["a", "recvInto", 8, -1],
		["a", "recvInto", 8, 9],
		["a", "recvfromInto", 8, -1],
		["a", "recvfromInto", 8, 9],
		["a", "sendto", text("x"), at("127.0.0.1", 65536)],
		["a", "sendto", text("x"), at("127.0.0.1", -1)],
	]),
	scenario("urgent data", [
		...tcp(),
		["b1", "setsockopt", "SOL_SOCKET", "SO_OOBINLINE", 0],
		["a", "send", text("ab!"), "MSG_OOB"],
		["b1", "recv", 8, "MSG_OOB"],
		["b1", "recv", 8],
		["b1", "settimeout", null],
		["b1", "recv", 8, "MSG_OOB"],
	]),
	scenario("bytes that are no text", [
		["a b", "socketpair", "AF_UNIX", "SOCK_DGRAM", 0],
		["a", "sendmsg", [hex("00ff80"), hex("0a")]],
		["b", "recvmsg", 8],
	]),
]);
