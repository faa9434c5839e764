/**
 * The datagrams of `sock probe udp`: well-formed to tshark, and their answers told from anything else.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build, ethernet, ipv4, udp } from "berkeley/packet";
import fc from "fast-check";
import { type Exchange, recognized } from "../src/probe/payloads/payload.js";
import { payloadOf, payloads } from "../src/probe/payloads/registry.js";
import { lacks, temporaryDirectory } from "./support/command.js";
import { refusedSnmp, responders } from "./support/responders.js";

/** What tshark calls a protocol, where no server of ours speaks it. */
const others = new Map([
	[17, "data"],
	[19, "chargen"],
	[4433, "dtls"],
]);

test("each port of a protocol is that protocol's alone, and every protocol has a server to be tried with", () => {
	const ports = payloads.flatMap((payload) => payload.ports);
	assert.equal(new Set(ports).size, ports.length);
	for (const payload of payloads) {
		const [first = 0] = payload.ports;
		const known = responders.some(({ port }) => port === first) || others.has(first);
		const elsewhere = payload.ports.some((port) => others.has(port));
		assert.ok(known || elsewhere, payload.name);
	}
	assert.ok(payloads.length >= 20);
});

describe("answers", () => {
	for (const { port, says, respond } of responders) {
		const { name } = payloadOf(port);
		test(`${name} on port ${port} is recognized, but not as the answer to another request`, () => {
			const exchange = payloadOf(port).prepare();
			// An identifier of one byte may be the same once in a while.
			const others = Array.from({ length: 8 }, () => payloadOf(port).prepare());
			for (const request of exchange.requests) {
				const reply = respond(Buffer.from(request));
				assert.ok(reply !== undefined, "the server does not understand the request");
				assert.match(recognized(exchange, reply) ?? "", says);
				// TFTP, RIP, SSDP and those that only send text have nothing that tells requests apart.
				const tellsApart = ![13, 37, 69, 520, 1900].includes(port);
				if (tellsApart) assert.ok(others.some((other) => recognized(other, reply) === undefined));
			}
			// Our own request is no answer, but to echo.
			const [own = Buffer.alloc(0)] = exchange.requests;
			if (![7, 13, 1900].includes(port)) assert.equal(recognized(exchange, own), undefined);
		});
	}

	test("of SNMP, errors are told", () => {
		const exchange = payloadOf(161).prepare();
		const reply = refusedSnmp(Buffer.from(exchange.requests[2] ?? []));
		assert.equal(recognized(exchange, reply), "version 1, community public: error 2");
	});

	test("of NTP, a kiss of death is told", () => {
		const exchange = payloadOf(123).prepare();
		const reply = responders
			.find(({ port }) => port === 123)
			?.respond(Buffer.from(exchange.requests[0] ?? []));
		assert.ok(reply !== undefined);
		reply[1] = 0;
		reply.write("RATE", 12, "latin1");
		assert.equal(recognized(exchange, reply), "version 4, kiss code RATE");
	});

	test("whatever comes, nothing throws, and what is said is of one line and printable", () => {
		const exchanges = payloads.map((payload): [Exchange, Buffer[]] => {
			const exchange = payload.prepare();
			const responder = responders.find(({ port }) => payload.ports.includes(port));
			const replies = exchange.requests.map((request) => responder?.respond(Buffer.from(request)));
			return [exchange, replies.map((reply, index) => reply ?? Buffer.from(exchange.requests[index] ?? []))];
		});
		const mutated = fc.record({
			which: fc.nat(exchanges.length - 1),
			reply: fc.nat(2),
			cut: fc.nat(2000),
			changes: fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }),
			random: fc.option(fc.uint8Array({ maxLength: 80 })),
		});
		fc.assert(
			fc.property(mutated, ({ which, reply, cut, changes, random }) => {
				const [exchange, replies] = exchanges[which] ?? assert.fail();
				const bytes = Buffer.from(random ?? replies[reply % replies.length] ?? []).subarray(0, cut);
				for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
				assert.match(recognized(exchange, bytes) ?? "", /^[\x20-\x7e…]*$/);
			}),
			{ numRuns: 20_000 },
		);
	});
});

describe("tshark", { skip: lacks("tshark") }, () => {
	test("finds every request and every answer well-formed", () => {
		const packets: { what: string; protocol: string; packet: Uint8Array }[] = [];
		const add = (what: string, protocol: string, ports: [number, number], payload: Uint8Array): void => {
			const packet = build(
				ethernet({ source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" }),
				ipv4({ source: "192.0.2.1", destination: "192.0.2.2" }),
				udp({ sourcePort: ports[0], destinationPort: ports[1] }),
				payload,
			);
			packets.push({ what, protocol, packet });
		};
		for (const { port, protocol, respond } of responders) {
			const { name, prepare } = payloadOf(port);
			prepare().requests.forEach((request, index) => {
				// Each exchange from a port of its own: tshark follows conversations.
				const own = 40_000 + packets.length;
				if (request.length > 0) add(`${name} request ${index}`, protocol, [own, port], request);
				const reply = respond(Buffer.from(request));
				if (reply !== undefined) add(`${name} answer ${index}`, protocol, [port, own], reply);
			});
		}
		for (const [port, protocol] of others) {
			for (const request of payloadOf(port).prepare().requests) {
				add(`${payloadOf(port).name} request`, protocol, [50_000 + port, port], request);
			}
		}
		const file = join(temporaryDirectory(), "probes.pcap");
		writeFileSync(file, pcapOf(packets.map(({ packet }) => packet)));
		const fields = ["frame.protocols", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message"];
		const chosen = fields.flatMap((field) => ["-e", field]);
		const args = ["-r", file, "-T", "fields", "-E", "separator=|", ...chosen];
		// Of these tshark needs to be told the protocol.
		const told = ["udp.port==4433,dtls", "udp.port==443,quic"].flatMap((rule) => ["-d", rule]);
		const { stdout, stderr, status } = spawnSync("tshark", [...args, ...told], {
			encoding: "utf8",
		});
		assert.equal(status, 0, stderr);
		const lines = stdout.trimEnd().split("\n");
		assert.equal(lines.length, packets.length);
		const complaints = lines.flatMap((line, index) => {
			const [protocols = "", malformed = "", severity = "", message = ""] = line.split("|");
			const { what, protocol } = packets[index] ?? assert.fail();
			const isKnown = protocols.split(":").includes(protocol);
			// 0x00600000 is a warning, 0x00800000 an error.
			// An error is an answer of TFTP; and nobody can decrypt what is of no version of QUIC.
			const isMeant = message === "TFTP ERROR packet" || message.startsWith("Decryption failed");
			const isWarned = !isMeant && severity.split(",").some((one) => Number(one) >= 0x00600000);
			return isKnown && malformed === "" && !isWarned
				? []
				: [`${what}: ${protocols} ${malformed} ${message}`];
		});
		assert.deepEqual(complaints, []);
	});
});

/** A capture file of Ethernet frames. */
function pcapOf(packets: readonly Uint8Array[]): Buffer {
	const header = Buffer.alloc(24);
	header.writeUInt32LE(0xa1b2c3d4);
	header.writeUInt16LE(2, 4);
	header.writeUInt16LE(4, 6);
	header.writeUInt32LE(0x40000, 16);
	header.writeUInt32LE(1, 20);
	const records = packets.map((packet) => {
		const record = Buffer.alloc(16);
		record.writeUInt32LE(packet.length, 8);
		record.writeUInt32LE(packet.length, 12);
		return Buffer.concat([record, packet]);
	});
	return Buffer.concat([header, ...records]);
}
