/**
 * DHCPv4 messages built and read: the header, options, and what is broken.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	build,
	DHCPDISCOVER,
	type Dhcpv4,
	type Dhcpv4Option,
	dhcpv4,
	dissect,
	udp,
} from "../src/packet/index.js";

const SIZE = 240;

function read(bytes: Uint8Array) {
	const packet = dissect(bytes, { first: dhcpv4 });
	assert.deepEqual(build(...packet.toValues()), bytes);
	return packet;
}

function optionsOf(hex: string): { options: readonly Dhcpv4Option[]; error: string | undefined } {
	const data = Buffer.from(hex.replace(/\s/g, ""), "hex");
	const bytes = new Uint8Array(SIZE + data.length);
	bytes.set(build(dhcpv4({})).subarray(0, SIZE));
	bytes.set(data, SIZE);
	const packet = read(bytes);
	return { options: packet.get(dhcpv4)?.options ?? [], error: packet.error?.message };
}

describe("DHCPv4", () => {
	test("has the fields of RFC 2131 where they belong", () => {
		const bytes = build(
			dhcpv4({
				xid: 0x01020304,
				secs: 5,
				broadcast: true,
				ciaddr: "192.0.2.1",
				yiaddr: "192.0.2.2",
				siaddr: "192.0.2.3",
				giaddr: "192.0.2.4",
				chaddr: "02:00:00:00:00:01",
				sname: "server",
				file: "boot",
				options: [{ kind: "messageType", value: DHCPDISCOVER }],
			}),
		);
		const hex = Buffer.from(bytes).toString("hex");
		assert.ok(hex.startsWith("010106000102030400058000c0000201c0000202c0000203c000020402000000000100"));
		assert.equal(hex.slice(SIZE * 2 - 8), "63825363350101ff");
		assert.equal(Buffer.from(bytes.subarray(44, 50)).toString(), "server");
		assert.equal(Buffer.from(bytes.subarray(108, 112)).toString(), "boot");
		const view = read(bytes).get(dhcpv4);
		assert.deepEqual(
			[view?.messageType, view?.chaddr, view?.sname, view?.file, view?.broadcast],
			[DHCPDISCOVER, "02:00:00:00:00:01", "server", "boot", true],
		);
		assert.equal(view?.summary(), "DISCOVER xid 0x01020304 for 02:00:00:00:00:01 gets 192.0.2.2");
	});

	test("gets an end behind its options, unless it has one or is to have none", () => {
		const last = (value: Partial<Dhcpv4>): number | undefined => build(dhcpv4(value)).at(-1);
		assert.equal(last({ options: [{ kind: "leaseTime", value: 1 }] }), 255);
		assert.equal(build(dhcpv4({ options: [{ kind: "end" }] })).length, SIZE + 1);
		assert.equal(build(dhcpv4({ end: false })).length, SIZE);
	});

	test("keeps pads, and what follows the end", () => {
		assert.deepEqual(optionsOf("00 35 01 05 00 ff 0000"), {
			options: [
				{ kind: "pad" },
				{ kind: "messageType", value: 5 },
				{ kind: "pad" },
				{ kind: "end", data: new Uint8Array(2) },
			],
			error: undefined,
		});
	});

	test("keeps options whose data are not as they should be as bytes", () => {
		const { options } = optionsOf("35 02 0505 79 02 2100 03 03 c00002 3d 00 ff");
		assert.deepEqual(
			options.map(({ kind }) => kind),
			[53, 121, 3, 61, "end"],
		);
	});

	test("tells of options that go beyond the message, and of a missing end", () => {
		const cut = optionsOf("35 01 05 36 04 c000");
		assert.match(cut.error ?? "", /^dhcpv4\.options at byte 243: an option is longer than the message$/);
		assert.deepEqual(cut.options[1], { kind: "malformed", data: Uint8Array.of(0x36, 4, 0xc0, 0) });
		assert.match(optionsOf("36").error ?? "", /longer than the message/);
		assert.match(optionsOf("35 01 05").error ?? "", /no end/);
	});

	test("reads classless routes as RFC 3442 has them", () => {
		const { options } = optionsOf("79 15 00 0a000001 08 0a 0a000002 1d 0a112b08 0a000003 20 ff");
		// The example is cut, so it is bytes; whole it is routes.
		assert.equal(options[0]?.kind, 121);
		const whole = optionsOf("79 14 00 0a000001 08 0a 0a000002 1d 0a112b08 0a000003 ff").options[0];
		assert.deepEqual(whole, {
			kind: "classlessStaticRoute",
			value: [
				{ destination: "0.0.0.0/0", router: "10.0.0.1" },
				{ destination: "10.0.0.0/8", router: "10.0.0.2" },
				{ destination: "10.17.43.8/29", router: "10.0.0.3" },
			],
		});
	});

	test("finds the options that stand in file and sname, in that order", () => {
		const padded = (hex: string, size: number): Uint8Array => {
			const data = new Uint8Array(size);
			data.set(Buffer.from(hex.replace(/\s/g, ""), "hex"));
			return data;
		};
		const view = read(
			build(
				dhcpv4({
					file: padded("0c 01 61 ff", 128),
					sname: padded("0f 01 62 ff", 64),
					options: [
						{ kind: "overload", value: 3 },
						{ kind: "messageType", value: 5 },
					],
				}),
			),
		).get(dhcpv4);
		assert.deepEqual(view?.allOptions, [
			{ kind: "overload", value: 3 },
			{ kind: "messageType", value: 5 },
			{ kind: "hostName", value: "a" },
			{ kind: "domainName", value: "b" },
		]);
	});

	test("reads no options where the cookie is another, as BOOTP's vendors have it", () => {
		const packet = read(build(dhcpv4({ cookie: 1, end: false }), new Uint8Array(60)));
		assert.equal(packet.error?.field, "cookie");
		assert.deepEqual(packet.get(dhcpv4)?.options, []);
		assert.equal(packet.payload.length, 60);
	});

	test("is served at port 67", () => {
		const packet = dissect(build(udp({ sourcePort: 68 }), dhcpv4({})), { first: udp });
		assert.equal(packet.get(udp)?.destinationPort, 67);
		assert.equal(packet.has(dhcpv4), true);
	});

	test("refuses what a field cannot hold, by its name", () => {
		const cases: [Partial<Dhcpv4>, RegExp][] = [
			[{ xid: -1 }, /dhcpv4\.xid/],
			[{ chaddr: "02:00" }, /dhcpv4\.chaddr/],
			[{ chaddr: new Uint8Array(17) }, /dhcpv4\.chaddr has at most 16 bytes, not 17/],
			[{ sname: "x".repeat(65) }, /dhcpv4\.sname has at most 64 bytes, not 65/],
			[
				{ options: [{ kind: "router", value: "192.0.2.1" as never }] },
				/dhcpv4\.options\[0\]\.value must be an array/,
			],
			[{ options: [{ kind: "leaseTime", value: 2 ** 32 }] }, /dhcpv4\.options\[0\]\.value/],
			[
				{ options: [{ kind: "nothing" as never, data: new Uint8Array(0) }] },
				/options\[0\]\.kind must be .*leaseTime/,
			],
			[{ options: [{ kind: "toString" as never, data: new Uint8Array(0) }] }, /options\[0\]\.kind must be/],
			[{ options: [{ kind: 200, data: new Uint8Array(256) }] }, /options\[0\] \(200\) has at most 255 bytes/],
			[
				{
					options: [
						{ kind: "classlessStaticRoute", value: [{ destination: "192.0.2.0/33", router: "0.0.0.0" }] },
					],
				},
				/options\[0\]\.value's destinations must be networks/,
			],
			[
				{ options: [{ kind: "timeOffset", value: 2 ** 31 }] },
				/options\[0\]\.value must be an integer from -2147483648/,
			],
			[{ options: [null as never] }, /options\[0\] must be an option/],
			[{ options: {} as never }, /dhcpv4\.options must be an array/],
			[{ end: 1 as never }, /dhcpv4\.end/],
		];
		for (const [fields, message] of cases) assert.throws(() => build(dhcpv4(fields)), { message });
	});

	test("keeps any options and any header as they were", () => {
		const start = build(dhcpv4({})).subarray(0, SIZE);
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(255)), { maxLength: 4 }),
				fc.array(fc.oneof(fc.constantFrom(0, 1, 4, 8, 53, 61, 121, 255), fc.nat(255)), { maxLength: 60 }),
				(changes, options) => {
					const bytes = Uint8Array.from([...start, ...options]);
					for (const [at, byte] of changes) bytes[at] = byte;
					read(bytes).summary();
				},
			),
			{ numRuns: 2000 },
		);
	});
});
