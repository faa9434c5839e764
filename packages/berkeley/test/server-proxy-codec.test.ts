/**
 * The PROXY protocol's headers as bytes: built, read, in pieces, broken, and against HAProxy's document.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SOCK_DGRAM, SOCK_STREAM } from "../src/index.js";
import {
	buildProxyHeader,
	ProxyHeaderError,
	type ProxyHeaderFields,
	parseProxyHeader,
	proxyHeaderSize,
} from "../src/server/index.js";
import { crc32c } from "../src/server/proxy/crc32c.js";

const signature = "0d0a0d0a000d0a515549540a";

function hex(text: string): Buffer {
	return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

function read(bytes: Uint8Array | string) {
	const parsed = parseProxyHeader(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
	assert.ok(parsed !== undefined, "it is not complete");
	return parsed;
}

function refused(bytes: Uint8Array | string, message: RegExp): void {
	assert.throws(
		() => read(bytes),
		(error) => {
			assert.ok(error instanceof ProxyHeaderError, String(error));
			assert.equal(error.code, "ERR_PROXY_HEADER");
			assert.match(error.message, message);
			return true;
		},
	);
}

const ends = { source: { host: "192.0.2.1", port: 56324 }, destination: { host: "198.51.100.7", port: 443 } };

describe("version 1", () => {
	test("is read: TCP4, TCP6 and UNKNOWN, and what follows is not looked at", () => {
		const { header, size } = read("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\nGET / HTTP/1.1\r\n");
		assert.deepEqual(header, {
			version: 1,
			command: "PROXY",
			type: SOCK_STREAM,
			...ends,
			checksum: false,
			tlvs: [],
		});
		assert.equal(size, 45);
		assert.deepEqual(read("PROXY TCP6 2001:DB8:0:0::1 ::ffff:192.0.2.9 0 65535\r\n").header, {
			...header,
			source: { host: "2001:db8::1", port: 0 },
			destination: { host: "::ffff:192.0.2.9", port: 65535 },
		});
		for (const rest of ["", " ", " ffff::1 ffff::2 1 2", " \x7f\0 whatever"]) {
			const { header } = read(`PROXY UNKNOWN${rest}\r\n`);
			assert.equal(header.source, undefined);
			assert.equal(header.type, 0);
		}
	});

	test("may have 107 bytes and not one more", () => {
		const long = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
		const worst = `PROXY UNKNOWN ${long} ${long} 65535 65535\r\n`;
		assert.equal(worst.length, 107);
		assert.equal(read(worst).size, 107);
		const tooLong = worst.replace("\r\n", "0\r\n");
		refused(tooLong, /no end within 107 bytes/);
		refused(tooLong.slice(0, 107), /no end within 107 bytes/);
		assert.equal(parseProxyHeader(Buffer.from(worst.slice(0, 106))), undefined);
	});

	test("is refused where it is not exactly as it must be", () => {
		const lines = [
			"PROXY TCP4 192.0.2.1 198.51.100.7 56324 0443",
			"PROXY TCP4 192.0.2.1 198.51.100.7 56324 65536",
			"PROXY TCP4 192.0.2.1 198.51.100.7 -1 443",
			"PROXY TCP4 192.0.2.1 198.51.100.7 56324",
			"PROXY TCP4 192.0.2.1 198.51.100.7 56324 443 ",
			"PROXY TCP4  192.0.2.1 198.51.100.7 56324 443",
			"PROXY TCP4 192.0.2.01 198.51.100.7 56324 443",
			"PROXY TCP4 192.0.2 198.51.100.7 56324 443",
			"PROXY TCP4 ::1 ::1 56324 443",
			"PROXY TCP6 192.0.2.1 198.51.100.7 56324 443",
			"PROXY TCP6 fe80::1%1 ::1 56324 443",
			"PROXY TCP6 1::2::3 ::1 56324 443",
			"PROXY tcp4 192.0.2.1 198.51.100.7 56324 443",
			"PROXY UDP4 192.0.2.1 198.51.100.7 56324 443",
			"PROXY UNKNOWNED",
			"PROXY ",
			"PROXY TCP4",
		];
		for (const line of lines) refused(`${line}\r\n`, /malformed/);
		refused("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\n", /LF without a CR/);
		refused("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r ", /CR without a LF/);
	});
});

describe("version 2", () => {
	const tcp4 = `${signature} 21 11 000c c0000201 c6336407 dc04 01bb`;

	test("is read: TCP and UDP over either internet", () => {
		const { header, size } = read(hex(`${tcp4} 474554`));
		assert.deepEqual(header, {
			version: 2,
			command: "PROXY",
			type: SOCK_STREAM,
			...ends,
			checksum: false,
			tlvs: [],
		});
		assert.equal(size, 28);
		const inet6 = `${"20010db8".padEnd(31, "0")}1 ${"".padEnd(31, "0")}2 0001 0002`;
		const udp6 = read(hex(`${signature} 21 22 0024 ${inet6}`)).header;
		assert.equal(udp6.type, SOCK_DGRAM);
		assert.deepEqual(udp6.source, { host: "2001:db8::1", port: 1 });
		assert.deepEqual(udp6.destination, { host: "::2", port: 2 });
	});

	test("has Unix sockets: paths, abstract names, and none", () => {
		const path = (bytes: string): string => Buffer.from(bytes, "latin1").toString("hex").padEnd(216, "0");
		const { header } = read(hex(`${signature} 21 31 00d8 ${path("/run/a b")} ${path("\0abstract")}`));
		assert.equal(header.source, "/run/a b");
		assert.equal(header.destination, "\0abstract");
		const full = "/".padEnd(108, "x");
		assert.deepEqual(
			[read(hex(`${signature} 21 32 00d8 ${path(full)} ${path("")}`)).header].map((each) => [
				each.source,
				each.destination,
				each.type,
			]),
			[[full, "", SOCK_DGRAM]],
		);
	});

	test("LOCAL and UNSPEC have no addresses, whatever stands there", () => {
		for (const bytes of [
			`${signature} 20 00 0000`,
			`${signature} 20 11 000c c0000201 c6336407 dc04 01bb`,
			`${signature} 20 ff 0003 ffffff`,
			`${signature} 21 00 0000`,
			`${signature} 21 00 0005 ffffffffff`,
			`${signature} 21 10 000c c0000201 c6336407 dc04 01bb`,
			`${signature} 21 01 0000`,
		]) {
			const { header, size } = read(hex(bytes));
			assert.deepEqual([header.source, header.destination, header.type], [undefined, undefined, 0]);
			assert.equal(size, hex(bytes).length);
			assert.equal(header.command, bytes.includes("20 ") ? "LOCAL" : "PROXY");
		}
	});

	test("values (TLVs) are decoded where they have a name, and kept as they are", () => {
		const tlvs = `
			01 0002 6832
			02 000b 6578616d706c652e6f7267
			04 0003 000000
			05 0002 abcd
			20 001e 07 00000000 21 0007 544c5376312e33 22 0001 78 24 0001 79 25 0001 7a 28 0000
			30 0004 626c7565
			e0 0000
			02 0001 78`;
		const body = hex(tlvs);
		const bytes = hex(`${tcp4.replace("000c", (12 + body.length).toString(16).padStart(4, "0"))} ${tlvs}`);
		const { header } = read(bytes);
		assert.equal(header.alpn, "h2");
		assert.equal(header.authority, "example.org");
		assert.deepEqual(header.uniqueId, Buffer.from("abcd", "hex"));
		assert.equal(header.netns, "blue");
		assert.deepEqual(
			{ ...header.ssl, tlvs: header.ssl?.tlvs?.length },
			{
				tls: true,
				certificateOnConnection: true,
				certificateInSession: true,
				verified: true,
				verify: 0,
				version: "TLSv1.3",
				commonName: "x",
				signatureAlgorithm: "y",
				keyAlgorithm: "z",
				tlvs: 5,
			},
		);
		assert.deepEqual(
			header.tlvs.map(({ type }) => type),
			[1, 2, 4, 5, 0x20, 0x30, 0xe0, 2],
		);
		assert.ok(buildProxyHeader(header).equals(bytes));
	});

	test("a certificate is verified only where there was one", () => {
		const ssl = { tls: true, certificateOnConnection: false, certificateInSession: false, verify: 0 };
		assert.equal(read(buildProxyHeader({ ...ends, ssl })).header.ssl?.verified, false);
		const shown = { ...ssl, certificateInSession: true };
		assert.equal(read(buildProxyHeader({ ...ends, ssl: shown })).header.ssl?.verified, true);
		assert.equal(
			read(buildProxyHeader({ ...ends, ssl: { ...shown, verify: 18 } })).header.ssl?.verified,
			false,
		);
	});

	test("is refused where it is broken", () => {
		refused(hex(`${signature} 11 11`), /version is 1/);
		refused(hex(`${signature} 22 11`), /command is 2/);
		refused(hex(`${signature} 21 41`), /family 4 with protocol 1/);
		refused(hex(`${signature} 21 13`), /family 1 with protocol 3/);
		refused(hex(`${signature} 21 11 000b ${"00".repeat(11)}`), /longer than the header/);
		refused(hex(`${signature} 21 21 0023 ${"00".repeat(35)}`), /longer than the header/);
		refused(hex(`${signature} 21 31 00d7 ${"00".repeat(215)}`), /longer than the header/);
		const after = (tlvs: string): Buffer => {
			const size = (12 + hex(tlvs).length).toString(16).padStart(4, "0");
			return hex(`${tcp4.replace("000c", size)} ${tlvs}`);
		};
		refused(after("01"), /longer than the header/);
		refused(after("010002 68"), /longer than the header/);
		refused(after(`050081 ${"00".repeat(129)}`), /unique id has 129 bytes/);
		refused(after("200004 01000000"), /of TLS is cut off/);
		refused(after("200007 0100000000 2100"), /of TLS is cut off/);
		refused(after("030004 00000000"), /checksum is wrong/);
		refused(after("030003 000000"), /not 4 bytes/);
		refused(after("030004 00000000 030004 00000000"), /more than one checksum/);
	});

	test("its checksum is that of Castagnoli, over the whole header", () => {
		assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
		// RFC 3720, appendix B.4.
		assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
		assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43);
		const bytes = buildProxyHeader({ ...ends, checksum: true, authority: "a" });
		assert.equal(read(bytes).header.checksum, true);
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const broken = Buffer.from(bytes);
			broken[bit >> 3] = (broken[bit >> 3] as number) ^ (1 << (bit & 7));
			let parsed: ReturnType<typeof parseProxyHeader>;
			try {
				parsed = parseProxyHeader(broken);
			} catch {
				continue;
			}
			// What is left is a LOCAL header, an unspecified family, one that is longer, or one without a checksum.
			assert.ok(parsed === undefined || parsed.header.source === undefined || !parsed.header.checksum);
		}
	});
});

describe("a header", () => {
	test("is complete only with its last byte, and until then every byte is its own", () => {
		for (const bytes of [
			buildProxyHeader({ version: 1, ...ends }),
			buildProxyHeader({ ...ends, authority: "example.org", checksum: true }),
			buildProxyHeader({ command: "LOCAL" }),
		]) {
			for (let size = 0; size < bytes.length; size++) {
				assert.equal(parseProxyHeader(bytes.subarray(0, size)), undefined);
				assert.ok((proxyHeaderSize(bytes.subarray(0, size)) ?? bytes.length) === bytes.length);
			}
			assert.equal(proxyHeaderSize(Buffer.concat([bytes, Buffer.from("payload")])), bytes.length);
		}
	});

	test("is refused at the first byte that does not belong there", () => {
		for (const start of ["G", "PRI * HTTP/2.0", "PROXX", "PROXY\r\n", "\r\n\r\n\r", "\x16\x03\x01"]) {
			refused(start, /what comes is none/);
		}
	});

	test("cannot be built from what it has no room for", () => {
		const build = (fields: unknown) => () => buildProxyHeader(fields as ProxyHeaderFields);
		assert.throws(build(undefined), /takes an object/);
		assert.throws(build({ version: 3 }), /1 or 2/);
		assert.throws(build({ command: "BOTH" }), /"PROXY" or "LOCAL"/);
		assert.throws(build({ type: 3 }), /SOCK_STREAM, SOCK_DGRAM or 0/);
		assert.throws(build({ source: ends.source }), /of one family/);
		assert.throws(build({ source: ends.source, destination: { host: "::1", port: 1 } }), /of one family/);
		assert.throws(
			build({ source: ends.source, destination: { host: "localhost", port: 1 } }),
			/numeric address/,
		);
		assert.throws(build({ source: "/a".padEnd(109, "x"), destination: "" }), /at most 108 bytes/);
		assert.throws(build({ source: 5, destination: 5 }), /\{ host, port \} or a path/);
		assert.throws(build({ source: { host: "::1", port: 65536 }, destination: "" }), /port/);
		assert.throws(build({ version: 1, ...ends, authority: "x" }), /use version 2/);
		assert.throws(build({ version: 1, command: "LOCAL" }), /has no LOCAL/);
		assert.throws(build({ ...ends, uniqueId: new Uint8Array(129) }), /at most 128 bytes/);
		assert.throws(build({ ...ends, tlvs: [{ type: 256, value: new Uint8Array() }] }), RangeError);
		assert.throws(build({ ...ends, tlvs: [{ type: 1, value: "x" }] }), TypeError);
		assert.throws(build({ ...ends, tlvs: [{ type: 0xe0, value: new Uint8Array(65536) }] }), /65535 bytes/);
		const many = Array(2).fill({ type: 0xe0, value: new Uint8Array(40_000) });
		assert.throws(build({ ...ends, tlvs: many }), /65535 bytes behind its head/);
	});

	test("version 1 says UNKNOWN of what it has no words for", () => {
		for (const fields of [{}, { source: "/a", destination: "/b" }, { ...ends, type: SOCK_DGRAM }]) {
			assert.equal(`${buildProxyHeader({ version: 1, ...fields })}`, "PROXY UNKNOWN\r\n");
		}
	});
});

const port = fc.nat(65535);
const inet4 = fc.record({ host: fc.ipV4(), port });
const inet6 = fc.record({ host: fc.ipV6(), port });
const path = fc
	.string({ unit: "grapheme", maxLength: 27 })
	.map((text) => text.replaceAll("\0", ""))
	.filter((text) => Buffer.byteLength(text) <= 108);
const ended = fc.oneof(
	fc.record({ source: inet4, destination: inet4 }),
	fc.record({ source: inet6, destination: inet6 }),
	fc.record({ source: path, destination: path.map((text) => `\0x${[...text].slice(0, 9).join("")}`) }),
	fc.constant({}),
);
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const values = fc.record(
	{
		alpn: text,
		authority: text,
		netns: text,
		uniqueId: fc.uint8Array({ maxLength: 128 }),
		checksum: fc.boolean(),
		ssl: fc.record({
			tls: fc.boolean(),
			certificateOnConnection: fc.boolean(),
			certificateInSession: fc.boolean(),
			verify: fc.nat(0xffffffff),
			version: text,
			commonName: text,
			cipher: text,
		}),
		tlvs: fc.array(
			fc.record({ type: fc.integer({ min: 0xe0, max: 0xff }), value: fc.uint8Array({ maxLength: 50 }) }),
			{ maxLength: 4 },
		),
	},
	{ requiredKeys: [] },
);
const fields: fc.Arbitrary<ProxyHeaderFields> = fc.oneof(
	fc.tuple(ended, values).map(([ends, values]) => ({ ...ends, ...values })),
	ended.map((ends) => ({ version: 1 as const, ...ends })),
	fc.constant({ command: "LOCAL" as const }),
);

describe("any header", () => {
	test("is read as it was built, and built again to the same bytes, in front of anything", () => {
		fc.assert(
			fc.property(fields, fc.uint8Array({ maxLength: 20 }), (made, payload) => {
				const bytes = buildProxyHeader(made);
				const { header, size } = read(Buffer.concat([bytes, payload]));
				assert.equal(size, bytes.length);
				assert.ok(buildProxyHeader(header).equals(bytes));
				const { version = 2, command = "PROXY", ssl, tlvs = [], source, destination, ...others } = made;
				assert.equal(header.version, version);
				assert.equal(header.command, command);
				if (version === 2 && command === "PROXY") {
					for (const [name, value] of Object.entries(others)) {
						const got = header[name as keyof typeof header];
						if (value instanceof Uint8Array) assert.deepEqual(got, Buffer.from(value));
						else assert.equal(got, value);
					}
					for (const tlv of tlvs) {
						assert.ok(
							header.tlvs.some(
								({ type, value }) => type === tlv.type && Buffer.from(tlv.value).equals(value),
							),
						);
					}
					for (const [name, value] of Object.entries(ssl ?? {})) {
						assert.equal(header.ssl?.[name as keyof typeof header.ssl], value);
					}
					if (typeof source === "string")
						assert.deepEqual([header.source, header.destination], [source, destination]);
				}
				if (typeof source === "object" && typeof header.source === "object") {
					assert.equal(header.source.port, source.port);
				} else if (typeof source === "object") assert.fail("the source is gone");
			}),
			{ numRuns: 1000 },
		);
	});

	test("200,000 mutated ones are read or refused, and nothing else", () => {
		// A generator of its own: fast-check's would take longer than the test.
		let state = 20_261_121;
		const random = (below: number): number => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		const seeds = fc.sample(fields, { numRuns: 200, seed: 7 }).map((made) => buildProxyHeader(made));
		const counts = { read: 0, refused: 0, incomplete: 0 };
		for (let round = 0; round < 200_000; round++) {
			let bytes = Buffer.from(seeds[random(seeds.length)] as Buffer);
			for (let times = 1 + random(3); times > 0; times--) {
				const at = random(bytes.length);
				const what = random(4);
				if (what === 0) bytes[at] = random(256);
				else if (what === 1) bytes[at] = (bytes[at] as number) ^ (1 << random(8));
				else if (what === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
				else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)]);
				if (bytes.length === 0) bytes = Buffer.alloc(1);
			}
			try {
				const parsed = parseProxyHeader(bytes);
				if (parsed === undefined) counts.incomplete++;
				else {
					counts.read++;
					assert.ok(parsed.size <= bytes.length);
				}
			} catch (error) {
				if (!(error instanceof ProxyHeaderError)) throw error;
				counts.refused++;
			}
		}
		for (const [what, count] of Object.entries(counts)) assert.ok(count > 1000, `${count} were ${what}`);
	});
});
