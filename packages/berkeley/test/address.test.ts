/**
 * address/: IP and hardware addresses as text and bytes, blocks of them, compared with Python's.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Cidr } from "../src/address/cidr.js";
import { isNumericHost } from "../src/address/host.js";
import { inetAton, inetNtoa, inetNtop, inetPton } from "../src/address/inet.js";
import { formatMac, parseMac } from "../src/address/mac.js";
import { decodeEscaped, encodeEscaped, isEncodable } from "../src/address/surrogateescape.js";
import { AF_INET, AF_INET6, AF_UNIX } from "../src/sys/linux/constants/families.js";
import { askPython, noPython } from "./support/oracles.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** A value, or null where RangeError says that the text is none. */
function orNull<T>(read: () => T): T | null {
	try {
		return read();
	} catch (error) {
		assert.ok(error instanceof RangeError, String(error));
		return null;
	}
}

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number) => fc.sample(arbitrary, count);

/** Text near the grammar of IPv4: valid, almost valid, and far off. */
const inet4Text: fc.Arbitrary<string> = fc.oneof(
	fc.ipV4(),
	fc.ipV4Extended(),
	fc
		.tuple(
			fc.array(
				fc.oneof(
					fc.nat(300).map(String),
					fc.nat().map((n) => `0x${n.toString(16)}`),
					fc.nat().map((n) => `0${n.toString(8)}`),
					fc.constantFrom("", "0", "00", "08", "0x", "0X1F", "4294967295", "4294967296", "16777216", "65536"),
				),
				{ minLength: 1, maxLength: 5 },
			),
			fc.constantFrom("", "", "", " ", " x", "\n", "\u00a0", "x", ".", "\v1"),
		)
		.map(([parts, tail]) => parts.join(".") + tail),
	fc.string({ unit: fc.constantFrom(..."0189.xXaf -+"), maxLength: 16 }),
);

/** Text near the grammar of IPv6. */
const inet6Text: fc.Arbitrary<string> = fc.oneof(
	fc.ipV6(),
	bytesOf(16).map((bytes) => inetNtop(AF_INET6, bytes)),
	fc
		.array(
			fc.oneof(
				fc.nat(0xffff).map((n) => n.toString(16)),
				fc.constantFrom("", "0", "0000", "00000", "FFFF", "1.2.3.4", "g"),
			),
			{ minLength: 1, maxLength: 9 },
		)
		.map((groups) => groups.join(":")),
	fc.string({ unit: fc.constantFrom(..."01af:::.%"), maxLength: 20 }),
);

/** Sixteen bytes in which runs of zeros are as likely as not. */
const inet6Bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
	bytesOf(16),
	fc
		.array(fc.constantFrom(0, 0, 0, 1, 0xffff, 0x0a00), { minLength: 8, maxLength: 8 })
		.map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))),
);

describe("inetAton() and inetNtoa()", () => {
	it("inetAton() reads the short, octal and hexadecimal forms", () => {
		for (const text of ["127.0.0.1", "127.1", "0x7f.1", "0177.0.0.01", "2130706433", "0x7f000001"]) {
			assert.equal(hex(inetAton(text)), "7f000001", text);
		}
		assert.equal(hex(inetAton("1")), "00000001");
	});

	it("inetAton() ignores what follows a white space, and nothing else", () => {
		assert.equal(hex(inetAton("127.1 whatever")), "7f000001");
		assert.equal(hex(inetAton("127.1\n")), "7f000001");
		for (const text of ["127.1x", " 127.1", "", "1.2.3.4\0", "1.2.3.4 \0", "1.2.3.4.", "256.1", "08"]) {
			assert.throws(() => inetAton(text), { name: "RangeError", message: /not an IPv4 address: "/ });
		}
	});

	it("inetAton() accepts, refuses and reads as Python does", { skip: noPython }, () => {
		const texts = sample(inet4Text, 4000);
		const answers = askPython("import socket\ndef answer(text): return socket.inet_aton(text).hex()", texts);
		for (const [index, text] of texts.entries()) {
			const expected = typeof answers[index] === "string" ? answers[index] : null;
			const bytes = orNull(() => inetAton(text));
			assert.equal(bytes && hex(bytes), expected, JSON.stringify(text));
		}
	});

	it("inetNtoa() and inetAton() undo each other", () => {
		fc.assert(
			fc.property(bytesOf(4), (bytes) => {
				assert.equal(inetNtoa(bytes), bytes.join("."));
				assert.deepEqual(inetAton(inetNtoa(bytes)), bytes);
			}),
		);
	});

	it("they take Buffers and views, and refuse other types and lengths", () => {
		assert.equal(inetNtoa(Buffer.from("xx\x7f\0\0\x01", "latin1").subarray(2)), "127.0.0.1");
		assert.throws(() => inetNtoa(new Uint8Array(5)), { name: "RangeError", message: /4 bytes, not 5/ });
		assert.throws(() => inetNtoa("1.2.3.4" as never), { name: "TypeError", message: /not a string/ });
		assert.throws(() => inetAton(1 as never), { name: "TypeError", message: /must be a string/ });
	});
});

describe("inetPton() and inetNtop()", () => {
	it("inetPton() accepts, refuses and reads as Python does, in both families", { skip: noPython }, () => {
		const requests = [
			...sample(inet4Text, 2000).map((text) => [AF_INET, text] as const),
			...sample(inet6Text, 5000).map((text) => [AF_INET6, text] as const),
		];
		const answers = askPython(
			"import socket\ndef answer(request): return socket.inet_pton(*request).hex()",
			requests,
		);
		for (const [index, [family, text]] of requests.entries()) {
			const expected = typeof answers[index] === "string" ? answers[index] : null;
			const bytes = orNull(() => inetPton(family, text));
			assert.equal(bytes && hex(bytes), expected, `${family} ${JSON.stringify(text)}`);
		}
	});

	it("inetNtop() prints as Python does, in both families", { skip: noPython }, () => {
		const requests = [
			...sample(bytesOf(4), 500).map((bytes) => [AF_INET, hex(bytes)] as const),
			...sample(inet6Bytes, 4000).map((bytes) => [AF_INET6, hex(bytes)] as const),
		];
		const answers = askPython(
			"import socket\ndef answer(request): return socket.inet_ntop(request[0], bytes.fromhex(request[1]))",
			requests,
		);
		for (const [index, [family, text]] of requests.entries()) {
			assert.equal(inetNtop(family, Buffer.from(text, "hex")), answers[index], text);
		}
	});

	it("inetNtop() and inetPton() undo each other", () => {
		fc.assert(
			fc.property(inet6Bytes, (bytes) => {
				assert.deepEqual(inetPton(AF_INET6, inetNtop(AF_INET6, bytes)), bytes);
			}),
		);
	});

	it("inetNtop() writes mapped and compatible addresses with a dotted quad", () => {
		for (const text of ["::ffff:1.2.3.4", "::1.2.3.4", "::", "::1", "::ffff", "1::", "::1:0:ffff"]) {
			assert.equal(inetNtop(AF_INET6, inetPton(AF_INET6, text)), text);
		}
	});

	it("they say what is wrong with a family, a type, a length, a zone", () => {
		assert.throws(() => inetPton(AF_UNIX, "::1"), { name: "RangeError", message: /AF_INET6 \(10\), not 1/ });
		assert.throws(() => inetNtop("inet" as never, new Uint8Array(4)), { name: "TypeError" });
		assert.throws(() => inetPton(AF_INET6, null as never), { name: "TypeError", message: /not null/ });
		assert.throws(() => inetNtop(AF_INET6, new Uint8Array(4)), { name: "RangeError", message: /16 bytes/ });
		assert.throws(() => inetPton(AF_INET6, "fe80::1%lo"), { name: "RangeError", message: /zone/ });
		assert.throws(() => inetPton(AF_INET, "127.1"), { name: "RangeError", message: /"127.1"/ });
	});
});

describe("isNumericHost()", () => {
	it("says of IPv4 hosts what getaddrinfo() says", { skip: noPython }, () => {
		const texts = sample(inet4Text, 1500).filter((text) => text !== "");
		const answers = askPython(
			"import socket\ndef answer(text): return socket.getaddrinfo(text, 0, socket.AF_INET, socket.SOCK_DGRAM, 0, socket.AI_NUMERICHOST)[0][4][0]",
			texts,
		);
		for (const [index, text] of texts.entries()) {
			assert.equal(isNumericHost(AF_INET, text), typeof answers[index] === "string", JSON.stringify(text));
		}
	});

	it("takes the two special hosts, and zones of IPv6", () => {
		for (const host of ["", "<broadcast>", "127.1"]) assert.equal(isNumericHost(AF_INET, host), true, host);
		for (const host of ["", "::1", "fe80::1%eth0", "fe80::1%2", "::ffff:1.2.3.4%1"]) {
			assert.equal(isNumericHost(AF_INET6, host), true, host);
		}
		for (const host of ["<broadcast>", "127.0.0.1", "fe80::1%", "%lo", "localhost"]) {
			assert.equal(isNumericHost(AF_INET6, host), false, host);
		}
		for (const host of ["localhost", "::1", "1.2.3.4 ", "1.2.3.4%lo"]) {
			assert.equal(isNumericHost(AF_INET, host), false, host);
		}
		assert.equal(isNumericHost(AF_UNIX, ""), false);
	});
});

describe("parseMac() and formatMac()", () => {
	it("undo each other, with colons and with hyphens", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 8 }), (bytes) => {
				const text = formatMac(bytes);
				assert.match(text, /^[0-9a-f]{2}(:[0-9a-f]{2})*$/);
				assert.deepEqual(parseMac(text), bytes);
				assert.deepEqual(parseMac(text.replaceAll(":", "-").toUpperCase()), bytes);
			}),
		);
	});

	it("parseMac() takes single digits and refuses everything else", () => {
		assert.equal(formatMac(parseMac("0:1b:2:aA:b:cC")), "00:1b:02:aa:0b:cc");
		const bad = ["", ":", "00:", "0g", "001b21aabbcc", "00:1b-21", "1:2:3:4:5:6:7:8:9", " 00:11", "-1"];
		for (const text of bad) {
			assert.throws(() => parseMac(text), { name: "RangeError", message: /not a hardware address: "/ });
		}
		assert.throws(() => parseMac(7 as never), TypeError);
	});

	it('formatMac() gives "" for no bytes and refuses more than eight', () => {
		assert.equal(formatMac(new Uint8Array()), "");
		assert.throws(() => formatMac(new Uint8Array(9)), { name: "RangeError", message: /at most 8 bytes/ });
		assert.throws(() => formatMac("00:11" as never), TypeError);
	});
});

describe("Cidr", () => {
	it("agrees with Python's ipaddress on blocks and on what they contain", { skip: noPython }, () => {
		const block = fc.oneof(
			fc.tuple(fc.ipV4(), fc.nat(34)).map(([text, prefix]) => `${text}/${prefix}`),
			fc.tuple(inet6Bytes, fc.nat(130)).map(([b, prefix]) => `${inetNtop(AF_INET6, b)}/${prefix}`),
			// Blocks without bits after the prefix, and the neighbourhood of one for the addresses below.
			fc.nat(32).map((prefix) => `${inetNtoa(masked([10, 255, 170, 85], prefix))}/${prefix}`),
			fc.nat(128).map((prefix) => `${inetNtop(AF_INET6, masked(v6, prefix))}/${prefix}`),
			fc.nat(32).map((prefix) => `::ffff:${inetNtoa(masked([10, 255, 170, 85], prefix))}/${prefix + 96}`),
			fc.ipV4(),
			fc.ipV6(),
		);
		const v6 = [0x20, 1, 0xd, 0xb8, 0xff, 0xff, 0xaa, 0x55, 1, 2, 3, 4, 5, 6, 7, 8];
		const flip = (bytes: number[]) =>
			fc.nat(bytes.length * 8 - 1).map((bit) => {
				const copy = Uint8Array.from(bytes);
				copy[bit >> 3] = (copy[bit >> 3] as number) ^ (128 >> (bit & 7));
				return copy;
			});
		const address = fc.oneof(
			fc.ipV4(),
			flip([10, 255, 170, 85]).map(inetNtoa),
			flip([10, 255, 170, 85]).map((bytes) => `::ffff:${inetNtoa(bytes)}`),
			flip(v6).map((bytes) => inetNtop(AF_INET6, bytes)),
		);
		const requests = sample(fc.tuple(block, address), 4000);
		const answers = askPython(
			`
import ipaddress
def answer(request):
    block, address = request[0], ipaddress.ip_address(request[1])
    net = ipaddress.ip_network(block)
    if net.version == 6 and net.prefixlen >= 96 and net.network_address.ipv4_mapped is not None:
        net = ipaddress.ip_network((net.network_address.ipv4_mapped, net.prefixlen - 96))
    address = getattr(address, "ipv4_mapped", None) or address
    return [net.version, net.prefixlen, net.network_address.packed.hex(), address in net]
`,
			requests,
		);
		let inside = 0;
		for (const [index, [text, host]] of requests.entries()) {
			const cidr = orNull(() => new Cidr(text));
			const answer = answers[index];
			if (!Array.isArray(answer)) {
				assert.equal(cidr, null, text);
				continue;
			}
			assert.ok(cidr, text);
			const network = cidr.toString().split("/")[0] as string;
			const version = cidr.family === AF_INET ? 4 : 6;
			const contained = cidr.contains(host);
			assert.deepEqual([version, cidr.prefix, hex(inetPton(cidr.family, network)), contained], answer, text);
			const packed = inetPton(host.includes(":") ? AF_INET6 : AF_INET, host);
			assert.equal(cidr.contains(packed), contained);
			if (contained) inside++;
		}
		assert.ok(inside > 100, `only ${inside} addresses were inside a block`);
	});

	it("takes IPv4-mapped addresses for the IPv4 addresses that they are", () => {
		assert.ok(new Cidr("10.0.0.0/8").contains("::ffff:10.1.2.3"));
		assert.ok(new Cidr("::ffff:10.0.0.0/104").contains("10.1.2.3"));
		assert.equal(new Cidr("::ffff:10.0.0.0/104").toString(), "10.0.0.0/8");
		assert.equal(new Cidr("::/0").contains("::ffff:10.1.2.3"), false);
		assert.equal(new Cidr("0.0.0.0/0").contains("::1"), false);
	});

	it("does not look at the zone of an address", () => {
		assert.ok(new Cidr("fe80::/10").contains("fe80::1%eth0"));
		assert.throws(() => new Cidr("10.0.0.0/8").contains("10.0.0.1%eth0"), RangeError);
	});

	it("says what is wrong with a block, and which one was probably meant", () => {
		assert.throws(() => new Cidr("10.1.2.3/8"), {
			name: "RangeError",
			message: /10\.0\.0\.0\/8 is the whole/,
		});
		for (const text of [
			"",
			"/8",
			"10.0.0.0/",
			"10.0.0.0/33",
			"::/129",
			"::/-1",
			"10/8",
			"localhost",
			"::%1/8",
		]) {
			assert.throws(() => new Cidr(text), { name: "RangeError", message: /not a block of IP addresses: "/ });
		}
		assert.throws(() => new Cidr(10 as never), TypeError);
	});

	it("contains() refuses what is no address", () => {
		const cidr = new Cidr("10.0.0.0/8");
		for (const host of ["", "localhost", "10.1", "10.0.0.1:80"]) {
			assert.throws(() => cidr.contains(host), { name: "RangeError", message: /not a numeric IP address/ });
		}
		assert.throws(() => cidr.contains(new Uint8Array(5)), RangeError);
		assert.throws(() => cidr.contains(undefined as never), TypeError);
	});
});

function masked(bytes: number[], prefix: number): Uint8Array {
	return Uint8Array.from(bytes, (byte, index) => {
		const bits = Math.min(8, Math.max(0, prefix - index * 8));
		return byte & (0xff00 >> bits) & 0xff;
	});
}

describe("surrogateescape", () => {
	/** Bytes in which valid UTF-8, cut sequences and stray bytes all occur. */
	const mixed = fc
		.array(
			fc.oneof(
				fc.uint8Array({ maxLength: 4 }),
				fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
				fc.constantFrom([0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]),
			),
			{ maxLength: 6 },
		)
		.map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

	it("gives every sequence of bytes back", () => {
		fc.assert(
			fc.property(mixed, (bytes) => {
				const text = decodeEscaped(bytes);
				assert.ok(isEncodable(text));
				assert.deepEqual(Uint8Array.from(encodeEscaped(text)), bytes);
			}),
			{ numRuns: 1000 },
		);
	});

	it("decodes as Python does", { skip: noPython }, () => {
		const samples = sample(mixed, 2000);
		const answers = askPython(
			'def answer(text): return bytes.fromhex(text).decode("utf-8", "surrogateescape")',
			samples.map(hex),
		);
		for (const [index, bytes] of samples.entries())
			assert.equal(decodeEscaped(bytes), answers[index], hex(bytes));
	});

	it("does not call other lone surrogates encodable", () => {
		for (const text of ["\ud800", "a\udc7f", "\udd00", "\udcff\ud83d"])
			assert.equal(isEncodable(text), false);
		assert.equal(isEncodable("\u{1f600}\udc80é"), true);
	});
});
