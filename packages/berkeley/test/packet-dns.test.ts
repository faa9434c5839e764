/**
 * DNS messages built and read: names, compression, records, and what is broken.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	build,
	type Dns,
	type DnsRecord,
	dissect,
	dns,
	dnsTcp,
	ethernet,
	ipv4,
	tcp,
	udp,
} from "../src/packet/index.js";

const header = "1234 8180 0001 0001 0000 0000";

function bytesOf(hex: string): Uint8Array {
	return Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
}

function hexOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

function read(hex: string) {
	const packet = dissect(bytesOf(hex), { first: dns });
	assert.equal(hexOf(build(...packet.toValues())), hexOf(packet.bytes));
	return packet;
}

function messageOf(hex: string): Dns {
	return read(hex).toValues()[0] as Dns;
}

describe("DNS names", () => {
	const encode = (name: string): string => {
		const bytes = build(dns({ questions: [{ name, type: "A" }] }));
		return hexOf(bytes.subarray(12, -4));
	};

	test("are written label by label, whether a dot is at their end or not", () => {
		assert.equal(encode("www.example.com"), `${hexOf(Buffer.from("\x03www\x07example\x03com\0"))}`);
		assert.equal(encode("www.example.com."), encode("www.example.com"));
		assert.equal(encode("."), "00");
	});

	test("have odd bytes as \\DDD and dots in a label as \\., as master files do", () => {
		assert.equal(encode("a\\.b.c\\000\\255\\\\\\032"), hexOf(bytesOf("03 612e62 05 63 00 ff 5c 20 00")));
		const [question] =
			messageOf("0000 0000 0001 0000 0000 0000 03612e62 05 63 00 ff 5c 20 00 0001 0001").questions ?? [];
		assert.equal(question?.name, "a\\.b.c\\000\\255\\\\\\032");
	});

	test("are read as they were written, whatever their bytes are", () => {
		const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
		fc.assert(
			fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
				const wire = Buffer.concat([
					...labels.map((each) => Buffer.concat([Buffer.of(each.length), each])),
					Buffer.of(0),
				]);
				const message = `0000 0000 0001 0000 0000 0000 ${hexOf(wire)} 0001 0001`;
				const value = messageOf(message);
				assert.equal(value.questions?.[0]?.encodings, undefined);
				assert.equal(encode(value.questions?.[0]?.name as string), hexOf(wire));
			}),
		);
	});

	test("that cannot be are refused, with the reason", () => {
		const cases: [string, RegExp][] = [
			["a..b", /a label is empty/],
			["", /a label is empty/],
			[`${"a".repeat(64)}.b`, /at most 63/],
			[Array.from({ length: 5 }, () => "a".repeat(60)).join("."), /at most 255/],
			["bücher.example", /xn--/],
			["a\\256", /backslash/],
			["a\\", /backslash/],
			["a\\1b", /backslash/],
		];
		for (const [name, message] of cases) {
			assert.throws(() => encode(name), { name: "RangeError", message });
			assert.throws(() => encode(name), /^RangeError: dns\.questions\[0\]\.name must be a domain name/);
		}
		assert.throws(() => encode(5 as never), /dns\.questions\[0\]\.name must be a string/);
	});
});

describe("compression", () => {
	const query = `${header} 03777777 076578616d706c65 03636f6d 00 0001 0001`;

	test("leads to the first place of the longest part that is there, and keeps upper case", () => {
		const bytes = build(
			dns({
				questions: [{ name: "www.example.com", type: "A" }],
				answers: [
					{ name: "www.example.com", type: "CNAME", target: "web.example.com" },
					{ name: "WEB.example.com", type: "A", address: "192.0.2.1" },
					{ name: "_s.example.com", type: "SRV", priority: 0, weight: 0, port: 1, target: "www.example.com" },
				],
			}),
		);
		const text = hexOf(bytes.subarray(12 + 17 + 4));
		assert.ok(text.startsWith("c00c0005000100000000000603776562c010"), text);
		assert.ok(text.includes("03574542c010"), "WEB is not web");
		assert.ok(
			text.endsWith(hexOf(Buffer.from("\x03www\x07example\x03com\0"))),
			"the target of SRV has no pointer",
		);
	});

	test("that is unusual stays as it was, in `encodings`", () => {
		const answer = "0001 0001 0000003c 0004 c0000201";
		assert.equal(messageOf(`${query} c00c ${answer}`).answers?.[0]?.encodings, undefined);
		// All of the name again, where a pointer would do; a pointer to a pointer; and one within a name's data.
		const whole = messageOf(`${query} 03777777 076578616d706c65 03636f6d 00 ${answer}`).answers?.[0];
		assert.equal(whole?.name, "www.example.com");
		assert.deepEqual(whole?.encodings, { name: bytesOf("03777777 076578616d706c65 03636f6d 00") });
		const partly = messageOf(`${query} 03777777 c010 ${answer}`).answers?.[0];
		assert.deepEqual(
			[partly?.name, partly?.encodings],
			["www.example.com", { name: bytesOf("03777777 c010") }],
		);
	});

	test("that was unusual is not kept for a name that it no longer stands for", () => {
		const value = messageOf(`${query} 03777777 c010 0005 0001 0000003c 0002 c010`);
		const [answer] = value.answers as [DnsRecord];
		const changed = { ...value, answers: [{ ...answer, name: "ftp.example.com" } as DnsRecord] };
		const [again] = (dissect(build(changed), { first: dns }).toValues()[0] as Dns).answers ?? [];
		assert.deepEqual([again?.name, again?.encodings], ["ftp.example.com", undefined]);
		// What the pointer leads to has changed.
		const other = { ...value, questions: [{ name: "www.example.org", type: "A" as const }] };
		const [moved] = (dissect(build(other), { first: dns }).toValues()[0] as Dns).answers ?? [];
		assert.equal(moved?.name, "www.example.com");
	});

	test("that leads in a circle, forward, or into the header is a fault, with all before it read", () => {
		for (const pointer of ["c021", "c030", "cfff", "c000", "8001", "4001"]) {
			const packet = read(`${query} ${pointer} 0001 0001 0000003c 0004 c0000201`);
			assert.deepEqual(
				[packet.error?.layer, packet.error?.field, packet.error?.offset],
				["dns", "answers[0].name", 33],
			);
			assert.equal(packet.get(dns)?.questions.length, 1);
			assert.equal(packet.layers[1]?.layer, "raw");
		}
	});

	test("of many pointers to pointers is refused, in bounded time", () => {
		// Each pointer leads to the one before it; and each of many records begins with the last of them.
		const pointers = Array.from({ length: 8000 }, (_, index) => 0xc000 | Math.max(0, 30 + (index - 1) * 2));
		const message = new Uint8Array(65535);
		message.set(bytesOf("0000 0000 0000 0fff 0000 0000 01 61 00 fff0 0001 00000000 3e80 00"), 0);
		for (const [index, pointer] of pointers.entries()) {
			message[30 + index * 2] = pointer >>> 8;
			message[31 + index * 2] = pointer & 255;
		}
		for (let at = 14 + 1 + 10 + 16000; at + 12 < message.length; at += 12) {
			message.set(bytesOf("fe00 fff0 0001 00000000 0000"), at);
		}
		const begin = performance.now();
		const packet = dissect(message, { first: dns });
		assert.equal(hexOf(build(...packet.toValues())), hexOf(message));
		packet.summary();
		assert.ok(packet.error !== undefined);
		assert.ok(performance.now() - begin < 5000);
	});

	test("keeps any mutated message as it was", () => {
		const base = bytesOf(
			`${query} c00c 000f 0001 0000003c 0009 000a 046d61696c c010 c02d 001c 0001 00000001 0010 20010db8000000000000000000000001`,
		);
		base[7] = 2;
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 5 }), (changes) => {
				const bytes = base.slice();
				for (const [at, byte] of changes) bytes[at] = byte;
				read(hexOf(bytes));
			}),
			{ numRuns: 2000 },
		);
	});
});

describe("DNS records", () => {
	test("whose data are not those of their type are bytes, and a fault names them", () => {
		const packet = read("0000 8000 0000 0001 0000 0000 00 0001 0001 00000000 0003 c00002");
		assert.match(
			packet.error?.message ?? "",
			/^dns\.answers\[0\]\.data at byte 23: they are not those of A$/,
		);
		assert.deepEqual((packet.toValues()[0] as Dns).answers, [
			{ name: ".", type: 1, class: 1, ttl: 0, data: bytesOf("c00002") },
		]);
	});

	test("without data, as updates have, are no fault", () => {
		assert.equal(read("0000 2800 0000 0000 0001 0000 00 0001 00ff 00000000 0000").error, undefined);
	});

	test("that the message has not are a fault, and the counts stay", () => {
		const packet = read("0000 8000 0000 0002 0000 0000 00 0001 0001 00000000 0004 c0000201");
		assert.equal(packet.error?.message, "dns.answers at byte 27: it says 2, and 1 are there");
		assert.equal(packet.get(dns)?.answerCount, 2);
		assert.equal(packet.get(dns)?.answers.length, 1);
	});

	test("are read section by section", () => {
		const sections = {
			questions: [{ name: "a.example", type: "A" as const }],
			answers: [{ name: "a.example", type: "A" as const, address: "192.0.2.1" }],
			authorities: [{ name: "example", type: "NS" as const, target: "ns.example" }],
			additionals: [{ type: "OPT" as const, udpPayloadSize: 4096, extendedRcode: 1, dnssecOk: true }],
		};
		const view = dissect(build(dns(sections)), { first: dns }).get(dns);
		assert.equal(view?.questions[0]?.name, "a.example");
		assert.deepEqual(view?.answers, [{ ...sections.answers[0], class: 1, ttl: 0 }]);
		assert.deepEqual(view?.authorities, [{ ...sections.authorities[0], class: 1, ttl: 0 }]);
		assert.deepEqual(view?.additionals, [
			{ ...sections.additionals[0], name: ".", version: 0, z: 0, options: [] },
		]);
	});

	test("refuse what a field cannot hold, by its name", () => {
		const cases: [object, RegExp][] = [
			[{ name: "a", type: "A", address: "::1" }, /dns\.answers\[0\]\.address must be an IPv4 address/],
			[{ name: "a", type: "NOTHING" }, /dns\.answers\[0\]\.type must be A, .* or a number, not "NOTHING"/],
			[{ name: "a", type: "ANY" }, /dns\.answers\[0\]\.type ANY is one of questions/],
			[{ name: "a", type: 1 }, /dns\.answers\[0\]\.data must be bytes/],
			[
				{ name: "a", type: "TXT", strings: ["x".repeat(256)] },
				/dns\.answers\[0\]\.strings has at most 255 bytes, not 256/,
			],
			[{ name: "a", type: "TXT", strings: "x" }, /dns\.answers\[0\]\.strings must be an array/],
			[{ name: "a", type: "MX", preference: 65536, exchange: "b" }, /dns\.answers\[0\]\.preference/],
			[{ name: "a", type: "A", address: "192.0.2.1", ttl: -1 }, /dns\.answers\[0\]\.ttl/],
		];
		for (const [record, message] of cases) {
			assert.throws(() => build(dns({ answers: [record as DnsRecord] })), { message });
		}
		assert.throws(
			() => build(dns({ answers: [undefined as never] })),
			/dns\.answers\[0\] must not be undefined/,
		);
		assert.throws(() => build(dns({ id: 65536 })), /dns\.id/);
	});
});

describe("DNS in TCP", () => {
	const frame = ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" });
	const network = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });
	const segment = tcp({ sourcePort: 40000, destinationPort: 53 });
	const question = dns({ id: 7, questions: [{ name: "example.com", type: "SOA" }] });

	test("has its length before it", () => {
		const bytes = build(frame, network, segment, dnsTcp({}), question);
		const packet = dissect(bytes);
		assert.equal(packet.error, undefined);
		assert.equal(packet.get(dnsTcp)?.length, 29);
		assert.equal(packet.get(dns)?.id, 7);
		assert.match(packet.summary(), /dnsTcp length 29 \| dns query 7 SOA example\.com$/);
	});

	test("is not looked into where it goes on in another segment, and what follows a message is kept", () => {
		const cut = dissect(build(frame, network, segment, dnsTcp({ length: 500 }), question));
		assert.match(
			cut.error?.message ?? "",
			/^dnsTcp\.length at byte 54: it says 500 bytes, and 29 are in this segment$/,
		);
		assert.equal(cut.has(dns), false);
		const two = build(frame, network, segment, dnsTcp({ length: 29 }), question, new Uint8Array(3));
		const values = dissect(two).toValues();
		assert.deepEqual(values[2]?.trailer, new Uint8Array(3));
		assert.equal(hexOf(build(...values)), hexOf(two));
	});
});

describe("UDP", () => {
	test("gets DNS's port, and multicast DNS is read at its own", () => {
		const bytes = build(udp({ sourcePort: 5353, destinationPort: 5353 }), dns({ response: true }));
		assert.equal(dissect(bytes, { first: udp }).has(dns), true);
		const query = dissect(build(udp({ sourcePort: 40000 }), dns({})), { first: udp });
		assert.equal(query.get(udp)?.destinationPort, 53);
	});
});
