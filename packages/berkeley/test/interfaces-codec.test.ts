/**
 * The messages of rtnetlink: their layouts against the C headers, their reading from any bytes, and the conversation
 * with the kernel, in which the test takes the kernel's part.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SocketError } from "../src/errors.js";
import { AF_NETLINK, NETLINK_ROUTE, SOCK_RAW, Socket } from "../src/index.js";
import { decodeAddress, ifaCacheinfo, ifaddrmsg } from "../src/interfaces/addresses.js";
import { features, getBlock, gstrings, setBlock, ssetInfo } from "../src/interfaces/features.js";
import { decodeLink, ifinfomsg } from "../src/interfaces/links.js";
import { ReferencedInterfaces } from "../src/interfaces/names.js";
import { decodeNeighbour, ndaCacheinfo, ndmsg } from "../src/interfaces/neighbours.js";
import { Attributes, attribute32, encodeAttributes } from "../src/interfaces/netlink/attributes.js";
import { ask, type Conversation, type Question } from "../src/interfaces/netlink/conversation.js";
import { decodeDone, decodeError, encodeMessage, messagesOf } from "../src/interfaces/netlink/messages.js";
import * as numbers from "../src/interfaces/numbers.js";
import { decodeRoute, rtaCacheinfo, rtmsg, rtnexthop } from "../src/interfaces/routemessage.js";
import { statisticsFields } from "../src/interfaces/statistics.js";
import { ifreq } from "../src/sys/ethtool.js";
import {
	NLM_F_ACK_TLVS,
	NLM_F_CAPPED,
	NLM_F_DUMP,
	NLM_F_DUMP_INTR,
	NLM_F_MULTI,
	NLM_F_REQUEST,
	NLMSG_DONE,
	NLMSG_ERROR,
	NLMSGERR_ATTR_MSG,
	RTM_GETADDR,
	RTM_GETLINK,
	RTM_GETNEIGH,
	RTM_GETROUTE,
	RTM_NEWLINK,
} from "../src/sys/linux/constants/index.js";
import * as rt from "../src/sys/linux/constants/rtattributes.js";
import { ENOBUFS } from "../src/sys/linux/errnos.js";
import { checkFacts, compilers, type Fact, skipWithout } from "./support/cc.js";

/** The facts of a struct: its size, where it is told, and where each field begins. */
function struct(name: string, { size, ...fields }: Record<string, number>): Fact[] {
	const offsets = Object.entries(fields).map(([field, value]) => ({
		expression: `offsetof(struct ${name}, ${field})`,
		value,
	}));
	return size === undefined ? offsets : [{ expression: `sizeof(struct ${name})`, value: size }, ...offsets];
}

/** The facts of a table of names: prefix and upper-case name, and number. */
function table(
	prefix: string,
	names: Readonly<Record<number, string>>,
	others: Record<string, string> = {},
): Fact[] {
	return Object.entries(names).map(([value, name]) => ({
		expression: prefix + (others[name] ?? name.toUpperCase().replaceAll("-", "_")),
		value: Number(value),
	}));
}

const { header: featuresHeader, ...featureFields } = features;
const youngCounters = new Set(["rx_otherhost_dropped"]);

const facts: Fact[] = [
	...struct("ifinfomsg", ifinfomsg),
	...struct("ifaddrmsg", ifaddrmsg),
	...struct("ifa_cacheinfo", ifaCacheinfo),
	...struct("rtmsg", rtmsg),
	...struct("rtnexthop", rtnexthop),
	...struct("rta_cacheinfo", rtaCacheinfo),
	...struct("ndmsg", ndmsg),
	...struct("nda_cacheinfo", ndaCacheinfo),
	...statisticsFields.map(([, field], index) => ({
		expression: `offsetof(struct rtnl_link_stats64, ${field})`,
		value: index * 8,
	})),
	...struct("ifreq", ifreq),
	...struct("ethtool_sset_info", ssetInfo),
	...struct("ethtool_gstrings", gstrings),
	...Object.entries(featureFields).flatMap(([field, value]) =>
		["gfeatures", "sfeatures"].map((name) => ({
			expression: `offsetof(struct ethtool_${name}, ${field})`,
			value,
		})),
	),
	{ expression: "sizeof(struct ethtool_gfeatures)", value: featuresHeader },
	{ expression: "sizeof(struct ethtool_sfeatures)", value: featuresHeader },
	...struct("ethtool_get_features_block", getBlock),
	...struct("ethtool_set_features_block", setBlock),
	...table("IFF_", numbers.interfaceFlags),
	...table("IF_OPER_", numbers.operationalStates),
	...table("RT_SCOPE_", numbers.scopes, { global: "UNIVERSE" }),
	...table("RTPROT_", numbers.routeProtocols, { none: "UNSPEC" }),
	...table("RTN_", numbers.routeTypes),
	...table("RTNH_F_", numbers.nexthopFlags),
	...table("NUD_", numbers.neighbourStates),
	...table("NTF_", numbers.neighbourFlags, { extern_learn: "EXT_LEARNED", offload: "OFFLOADED" }),
	...table("IFA_F_", numbers.addressFlags, {
		home: "HOMEADDRESS",
		mngtmpaddr: "MANAGETEMPADDR",
		autojoin: "MCAUTOJOIN",
	}),
];

for (const compiler of compilers) {
	test(`structs and tables are those of the headers of ${compiler.arch}`, {
		skip: skipWithout(compiler),
	}, () => {
		const headers =
			"linux/if.h linux/if_addr.h linux/if_link.h linux/rtnetlink.h linux/neighbour.h linux/ethtool.h";
		const { wrong, unknown } = checkFacts(compiler, ["stddef.h", ...headers.split(" ")], facts);
		assert.deepEqual(wrong, []);
		assert.deepEqual(
			unknown.filter(({ expression }) => ![...youngCounters].some((name) => expression.includes(name))),
			[],
		);
	});
}

const names = new ReferencedInterfaces();

/** Reads a datagram in every way. */
function readAll(datagram: Buffer): number {
	let count = 0;
	for (const message of messagesOf(datagram)) {
		count++;
		for (const type of [message.type, RTM_NEWLINK, 20, 24, 28]) {
			const typed = { ...message, type };
			decodeLink(typed);
			decodeAddress(typed);
			decodeRoute(typed, names);
			decodeNeighbour(typed, names);
		}
		decodeError(message);
		decodeDone(message);
	}
	return count;
}

/** What the kernel sends when it is asked for everything: whole datagrams. */
function kernelDatagrams(): Buffer[] {
	using socket = new Socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	const found: Buffer[] = [];
	for (const [type, size] of [
		[RTM_GETLINK, ifinfomsg.size],
		[RTM_GETADDR, ifaddrmsg.size],
		[RTM_GETROUTE, rtmsg.size],
		[RTM_GETNEIGH, ndmsg.size],
	] as const) {
		socket.sendSync(encodeMessage(type, NLM_F_REQUEST | NLM_F_DUMP, type, Buffer.alloc(size)));
		for (let done = false; !done; ) {
			const datagram = socket.recvSync(65536);
			found.push(datagram);
			done = [...messagesOf(datagram)].some((message) => message.type === NLMSG_DONE);
		}
	}
	return found;
}

describe("reading", () => {
	const real = kernelDatagrams();

	test("the kernel's datagrams are taken apart to their last byte", () => {
		for (const datagram of real) {
			const lengths = [...messagesOf(datagram)].map(({ body }) => Math.ceil((16 + body.length) / 4) * 4);
			assert.equal(
				lengths.reduce((sum, length) => sum + length, 0),
				Math.ceil(datagram.length / 4) * 4,
			);
		}
	});

	test("no bytes whatever make it throw or read beyond them", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
				// In memory of their own, so that there is nothing behind them.
				readAll(Buffer.from(bytes));
			}),
			{ numRuns: 2000 },
		);
	});

	test("the kernel's datagrams, changed and cut anyhow, do not make it throw", () => {
		const change = fc.record({
			at: fc.nat(40_000),
			value: fc.constantFrom(0, 1, 2, 3, 4, 7, 8, 127, 128, 255),
		});
		fc.assert(
			fc.property(
				fc.constantFrom(...real),
				fc.array(change, { minLength: 1, maxLength: 12 }),
				fc.nat(40_000),
				(datagram, changes, cut) => {
					const bytes = Buffer.from(datagram.subarray(0, cut % 3 === 0 ? cut % datagram.length : undefined));
					for (const { at, value } of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
					readAll(bytes);
				},
			),
			{ numRuns: 3000 },
		);
	});

	test("attributes are read as they were written", () => {
		const attribute = fc.record({
			type: fc.integer({ min: 0, max: 0x3fff }),
			data: fc.uint8Array({ maxLength: 40 }),
		});
		fc.assert(
			fc.property(fc.array(attribute, { maxLength: 20 }), (list) => {
				const found = new Attributes(encodeAttributes(list));
				for (const { type } of list) {
					const last = list.filter((each) => each.type === type).at(-1);
					assert.deepEqual(found.bytes(type), Buffer.from(last?.data ?? []));
				}
			}),
		);
	});

	test("an attribute that is too short for its number is none", () => {
		const found = new Attributes(encodeAttributes([{ type: 1, data: new Uint8Array(3) }, attribute32(2, 7)]));
		assert.equal(found.u32(1), undefined);
		assert.equal(found.u16(1), 0);
		assert.equal(found.u32(2), 7);
		assert.equal(found.u32(3), undefined);
	});

	test("a VLAN tells its tag, an interface its names", () => {
		const text = (type: number, value: string) => ({ type, data: Buffer.from(`${value}\0`) });
		const data = encodeAttributes([
			{ type: rt.IFLA_VLAN_ID, data: Buffer.of(7, 0) },
			{ type: rt.IFLA_VLAN_PROTOCOL, data: Buffer.of(0x88, 0xa8) },
		]);
		const body = Buffer.concat([
			Buffer.alloc(ifinfomsg.size),
			encodeAttributes([
				text(rt.IFLA_IFNAME, "eth0.7"),
				{
					type: rt.IFLA_LINKINFO,
					data: encodeAttributes([text(rt.IFLA_INFO_KIND, "vlan"), { type: rt.IFLA_INFO_DATA, data }]),
				},
				{
					type: rt.IFLA_PROP_LIST | 0x8000,
					data: encodeAttributes([text(rt.IFLA_ALT_IFNAME, "one"), text(rt.IFLA_ALT_IFNAME, "two")]),
				},
				{ type: rt.IFLA_ADDRESS, data: new Uint8Array(20).fill(0xab) },
			]),
		]);
		const link = decodeLink({ type: RTM_NEWLINK, flags: 0, sequence: 1, body });
		assert.deepEqual(link?.vlan, { id: 7, protocol: 0x88a8 });
		assert.equal(link?.name, "eth0.7");
		assert.deepEqual(link?.alternativeNames, ["one", "two"]);
		assert.equal(link?.mac, Array.from({ length: 20 }, () => "ab").join(":"));
		assert.equal(link?.statistics, undefined);
	});

	test("what has no name stays a number, and an unknown flag hexadecimal", () => {
		assert.deepEqual(numbers.flagsOf(numbers.interfaceFlags, 0x80000001), ["UP", "0x80000000"]);
		assert.equal(numbers.nameOf(numbers.scopes, 17), 17);
	});

	test("the kernel's words are found behind a request that is quoted, whole or not", () => {
		const words = encodeAttributes([{ type: NLMSGERR_ATTR_MSG, data: Buffer.from("no such thing\0") }]);
		const errno = Buffer.alloc(4);
		errno.writeInt32LE(-2);
		const request = encodeMessage(RTM_GETROUTE, 0, 1, Buffer.alloc(13));
		const padded = Buffer.concat([request, Buffer.alloc(3)]);
		const read = (flags: number, ...parts: Buffer[]) =>
			decodeError({ type: NLMSG_ERROR, flags, sequence: 1, body: Buffer.concat([errno, ...parts]) });
		const expected = { result: -2, reason: "no such thing" };
		assert.deepEqual(read(NLM_F_ACK_TLVS, padded, words), expected);
		assert.deepEqual(read(NLM_F_ACK_TLVS | NLM_F_CAPPED, request.subarray(0, 16), words), expected);
		assert.deepEqual(read(0, request), { result: -2 });
		const done = {
			type: NLMSG_DONE,
			flags: NLM_F_ACK_TLVS,
			sequence: 1,
			body: Buffer.concat([errno, words]),
		};
		assert.deepEqual(decodeDone(done), expected);
	});
});

describe("the conversation", () => {
	const question: Question = {
		type: RTM_GETLINK,
		body: Buffer.alloc(ifinfomsg.size),
		dump: true,
		subject: "things",
	};
	const kernel = 0;

	/** A link as the kernel tells it. */
	function link(sequence: number, index: number, flags = NLM_F_MULTI): Buffer {
		const body = Buffer.alloc(ifinfomsg.size);
		body.writeInt32LE(index, ifinfomsg.ifi_index);
		return encodeMessage(RTM_NEWLINK, flags, sequence, body);
	}

	/** The end of an answer, with the result of all of it. */
	function done(sequence: number, result = 0, flags = NLM_F_MULTI): Buffer {
		const body = Buffer.alloc(4);
		body.writeInt32LE(result);
		return encodeMessage(NLMSG_DONE, flags, sequence, body);
	}

	type Answer = readonly [datagram: Buffer, sender?: number] | Error;

	/** Has the conversation with scripted answers: each is told first for its length, and then filled in. */
	function converse<T>(conversation: Conversation<T>, answers: readonly Answer[]): T {
		let step = conversation.next();
		for (const answer of answers) {
			assert.ok(!step.done);
			if (answer instanceof Error) {
				step = conversation.throw(answer);
				continue;
			}
			const [datagram, sender = kernel] = answer;
			assert.equal(step.value.memory.length, 0);
			step = conversation.next([datagram.length, sender]);
			assert.ok(!step.done);
			assert.ok(step.value.memory.length >= datagram.length);
			datagram.copy(step.value.memory);
			step = conversation.next([datagram.length, sender]);
		}
		assert.ok(step.done);
		return step.value;
	}

	const indices = (answers: readonly Answer[]): number[] =>
		converse(ask(question, decodeLink), answers).map(({ index }) => index);

	test("an answer in many datagrams, and larger than usual, is put together", () => {
		const many = Array.from({ length: 3000 }, (_, index) => link(1, index + 10));
		assert.equal(indices([[link(1, 1)], [Buffer.concat(many)], [done(1)]]).length, 3001);
	});

	test("what others send, and what answers another question, is passed over", () => {
		assert.deepEqual(
			indices([[link(1, 6), 4711], [done(1), 4711], [link(7, 5)], [done(7)], [link(1, 3)], [done(1)]]),
			[3],
		);
	});

	test("a dump that was interrupted by a change is begun again", () => {
		assert.deepEqual(
			indices([
				[link(1, 1, NLM_F_MULTI | NLM_F_DUMP_INTR)],
				[done(1)],
				[link(2, 2)],
				[done(2, 0, NLM_F_DUMP_INTR)],
				[link(3, 3)],
				[done(3)],
			]),
			[3],
		);
	});

	test("an answer of which the kernel lost a part is asked for again", () => {
		const lost = new SocketError("lost", "ENOBUFS", -ENOBUFS, "recvfrom");
		assert.deepEqual(indices([[link(1, 1)], lost, [link(2, 2)], [done(2)]]), [2]);
	});

	test("one that changes all the time is given up", () => {
		const answers = Array.from({ length: 20 }, (_, i): Answer => [done(i + 1, 0, NLM_F_DUMP_INTR)]);
		assert.throws(() => indices(answers), {
			code: "EINTR",
			message: /^things: .*: what it lists was changed, or a part was lost, in each of 20 attempts/,
		});
	});

	test("an error carries the kernel's words", () => {
		const words = encodeAttributes([{ type: NLMSGERR_ATTR_MSG, data: Buffer.from("ipv4: not today\0") }]);
		const errno = Buffer.alloc(4);
		errno.writeInt32LE(-22);
		const body = Buffer.concat([errno, encodeMessage(0, 0, 1, Buffer.alloc(0)), words]);
		assert.throws(() => indices([[encodeMessage(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, 1, body)]]), {
			code: "EINVAL",
			syscall: "netlink",
			message: "things: invalid argument (EINVAL): ipv4: not today",
		});
		assert.throws(() => indices([[done(1, -1)]]), { code: "EPERM" });
	});

	test("an error that means that there is nothing gives nothing", () => {
		const conversation = ask({ ...question, empty: [-2] }, decodeLink);
		assert.deepEqual(converse(conversation, [[link(1, 1)], [done(1, -2)]]), []);
	});
});
