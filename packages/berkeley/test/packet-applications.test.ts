/**
 * DNS, DHCPv4 and answers() beside others: tshark reads what we build, scapy builds what we read and reads what we
 * build, and says of the same pairs which answer.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
	answers,
	build,
	dhcpv4,
	dissect,
	dns,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	icmpv4,
	ipv4,
	type Part,
	udp,
} from "../src/packet/index.js";
import { applicationPackets } from "./support/applicationpackets.js";
import { hexOf, randomOf } from "./support/mutations.js";
import { askPython } from "./support/oracles.js";

const noTshark = spawnSync("tshark", ["--version"]).status === 0 ? false : "there is no tshark";
// Debian's packages are those of its own Python, which need not be the first one.
const python = ["python3", "/usr/bin/python3"].find(
	(candidate) => spawnSync(candidate, ["-c", "import scapy.all"]).status === 0,
);
const noScapy = python === undefined ? "there is no python3-scapy" : false;

function pcap(packets: readonly Uint8Array[]): Buffer {
	const header = Buffer.alloc(24);
	header.writeUInt32LE(0xa1b2c3d4, 0);
	header.writeUInt16LE(2, 4);
	header.writeUInt16LE(4, 6);
	header.writeUInt32LE(65535, 16);
	header.writeUInt32LE(1, 20);
	return Buffer.concat([
		header,
		...packets.flatMap((packet) => {
			const record = Buffer.alloc(16);
			record.writeUInt32LE(packet.length, 8);
			record.writeUInt32LE(packet.length, 12);
			return [record, packet];
		}),
	]);
}

/** What tshark must show of each of applicationPackets: fields and their values. */
const shown: Record<string, Record<string, string>> = {
	"a DNS query": {
		"dns.id": "0x1234",
		"dns.flags.recdesired": "1",
		"dns.qry.name": "www.example.com",
		"dns.qry.type": "28",
		"dns.rr.udp_payload_size": "1232",
		"dns.opt.code": "3,8,8,10,11,15,65001,12",
		"dns.opt.client.addr4": "192.0.32.0",
		"dns.opt.client.addr6": "2001:db8::",
		"dns.opt.ext_error.info_code": "22",
	},
	"a DNS response": {
		"dns.count.answers": "7",
		"dns.resp.type": "5,1,28,15,16,33,257,6,2,13,65280,256",
		"dns.cname": "host.example.com",
		"dns.a": "192.0.2.7",
		"dns.aaaa": "2001:db8::7",
		"dns.mx.mail_exchange": "mail.example.com",
		"dns.srv.target": "sip.example.com",
		"dns.soa.mname": "ns.example.com",
		"dns.soa.serial_number": "2026112101",
		"dns.ns": "ns.example.com",
		"dns.caa.value": "ca.example.net",
	},
	"a DNS response in TCP": {
		"dns.length": "541",
		"dns.dnskey.flags": "0x0101",
		"dns.rrsig.signers_name": "example.com",
		"dns.nsec.next_domain_name": "xyz.example.com",
		"dns.nsec3.salt_length": "4,0",
		"dns.svcb.svcparam.port": "8443",
		"dns.svcb.svcparam.alpn": "h2,h3",
		"dns.svcb.svcparam.ipv4hint.ip": "192.0.2.1,192.0.2.2",
		"dns.naptr.replacement": "_sip._tcp.example.com",
		"dns.dname": "example.net",
	},
	"a DHCPv4 request": {
		"dhcp.type": "1",
		"dhcp.id": "0x00decade",
		"dhcp.flags.bc": "1",
		"dhcp.hw.mac_addr": "02:00:00:00:00:02,01:08:0f:16:1d:24",
		"dhcp.option.dhcp": "3",
		"dhcp.option.requested_ip_address": "192.0.2.9",
		"dhcp.option.hostname": "client",
		"dhcp.option.request_list_item": "1,3,6,15,121",
	},
	"a DHCPv4 reply": {
		"dhcp.ip.your": "192.0.2.9",
		"dhcp.ip.relay": "192.0.2.254",
		"dhcp.server": "server",
		"dhcp.option.ip_address_lease_time": "3600",
		"dhcp.option.subnet_mask": "255.255.255.0",
		"dhcp.option.router": "192.0.2.1",
		"dhcp.option.domain_name_server": "192.0.2.53,192.0.2.54",
		"dhcp.option.domain_name": "example.com",
	},
};

describe("tshark", { skip: noTshark }, () => {
	test("shows of DNS and DHCPv4 what was built, and nothing malformed", () => {
		const fields = [...new Set(Object.values(shown).flatMap((row) => Object.keys(row))), "_ws.malformed"];
		const folder = mkdtempSync(join(tmpdir(), "berkeley-pcap-"));
		try {
			const file = join(folder, "packets.pcap");
			writeFileSync(file, pcap(applicationPackets.map(({ values }) => build(...values))));
			const args = ["-n", "-r", file, "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
			const { stdout, stderr, status } = spawnSync("tshark", args, { encoding: "utf8" });
			assert.equal(status, 0, stderr);
			const rows = stdout.replace(/\n$/, "").split("\n");
			assert.equal(rows.length, applicationPackets.length);
			for (const [index, { name }] of applicationPackets.entries()) {
				const cells = rows[index]?.split("\t") ?? [];
				const row = shown[name] ?? {};
				assert.ok(Object.keys(row).length > 0, name);
				for (const [field, expected] of Object.entries(row)) {
					assert.equal(cells[fields.indexOf(field)], expected, `${name}: ${field}`);
				}
				assert.equal(cells.at(-1), "", name);
			}
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

const script = `
from scapy.all import *

def text(name): return name.decode()

def answer(request):
    what, value = request
    if what == "dns":
        # Names without anything in common, for scapy does not compress.
        packet = DNS(id=value["id"], qr=1, rd=0, ra=1, qd=DNSQR(qname=value["name"], qtype="A"),
            an=DNSRR(rrname="alias.test", type="CNAME", ttl=value["ttl"], rdata="other.invalid")
              / DNSRR(rrname="host.example", type="A", ttl=value["ttl"], rdata=value["address"])
              / DNSRR(rrname="six.org", type="AAAA", ttl=value["ttl"], rdata="2001:db8::1"))
        ours = DNS(bytes.fromhex(value["ours"]))
        return {
            "bytes": bytes(packet).hex(),
            "read": [ours.id, text(ours.qd.qname), [
                [text(r.rrname), r.type, r.ttl, r.rdata if isinstance(r.rdata, str) else text(r.rdata)]
                for r in (ours.an[i] for i in range(ours.ancount))
            ]],
        }
    if what == "dhcp":
        ours = BOOTP(bytes.fromhex(value["ours"]))
        packet = BOOTP(op=2, xid=value["xid"], yiaddr=value["address"], chaddr=bytes.fromhex("020000000001")) / DHCP(options=[
            ("message-type", "ack"), ("server_id", value["address"]), ("lease_time", value["ttl"]),
            ("name_server", "192.0.2.53", "192.0.2.54"), ("domain", b"example.com"), "end"])
        options = [list(o) for o in ours[DHCP].options if isinstance(o, tuple)]
        return {"bytes": bytes(packet).hex(), "read": [ours.xid, ours.yiaddr, [
            [v.decode() if isinstance(v, bytes) else v for v in o] for o in options]]}
    one, two = (IP(bytes.fromhex(each)) for each in value)
    return bool(two.answers(one))
`;

describe("scapy", { skip: noScapy }, () => {
	const random = randomOf(1);
	const below = (limit: number): number => Math.floor(random() * limit);
	const ask = (what: string, values: readonly unknown[]): unknown[] =>
		askPython(
			script,
			values.map((value) => [what, value]),
			python,
		);
	const some = Array.from({ length: 20 }, () => ({
		id: below(65536),
		xid: below(2 ** 32),
		ttl: below(2 ** 31),
		name: `n${below(1000)}.net`,
		address: `192.0.2.${below(256)}`,
	}));

	test("builds and reads the same DNS as we do", () => {
		const cases = some.map(({ id, ttl, name, address }) => {
			const bytes = build(
				dns({
					id,
					response: true,
					recursionAvailable: true,
					questions: [{ name, type: "A" }],
					answers: [
						{ name: "alias.test", type: "CNAME", ttl, target: "other.invalid" },
						{ name: "host.example", type: "A", ttl, address },
						{ name: "six.org", type: "AAAA", ttl, address: "2001:db8::1" },
					],
				}),
			);
			return { id, ttl, name, address, ours: hexOf(bytes) };
		});
		for (const [index, result] of ask("dns", cases).entries()) {
			const { id, ttl, name, address, ours } = cases[index] as (typeof cases)[number];
			assert.deepEqual(result, {
				bytes: ours,
				read: [
					id,
					`${name}.`,
					[
						["alias.test.", 5, ttl, "other.invalid."],
						["host.example.", 1, ttl, address],
						["six.org.", 28, ttl, "2001:db8::1"],
					],
				],
			});
		}
	});

	test("builds and reads the same DHCPv4 as we do", () => {
		const cases = some.map(({ xid, ttl, address }) => {
			const bytes = build(
				dhcpv4({
					op: 2,
					xid,
					yiaddr: address,
					chaddr: "02:00:00:00:00:01",
					options: [
						{ kind: "messageType", value: 5 },
						{ kind: "serverIdentifier", value: address },
						{ kind: "leaseTime", value: ttl },
						{ kind: "domainNameServer", value: ["192.0.2.53", "192.0.2.54"] },
						{ kind: "domainName", value: "example.com" },
					],
				}),
			);
			return { xid, ttl, address, ours: hexOf(bytes) };
		});
		for (const [index, result] of ask("dhcp", cases).entries()) {
			const { xid, ttl, address, ours } = cases[index] as (typeof cases)[number];
			assert.deepEqual(result, {
				bytes: ours,
				read: [
					xid,
					address,
					[
						["message-type", 5],
						["server_id", address],
						["lease_time", ttl],
						["name_server", "192.0.2.53", "192.0.2.54"],
						["domain", "example.com"],
					],
				],
			});
		}
	});

	test("says of pairs of echoes, datagrams and queries which answer, as we do", () => {
		const address = (): string => `192.0.2.${below(2) + 1}`;
		const port = (): number => below(2) + 61000;
		const packetOf = (): Uint8Array => {
			const network = ipv4({ source: address(), destination: address() });
			const kinds: readonly (() => readonly Part[])[] = [
				() => [
					icmpv4({
						type: [ICMP_ECHO, ICMP_ECHOREPLY][below(2)] as number,
						identifier: 1,
						sequence: below(2),
					}),
				],
				() => [udp({ sourcePort: port(), destinationPort: port() }), "data"],
				() => {
					const response = below(2) === 1;
					const ports = response ? { sourcePort: 53, destinationPort: 61000 } : { sourcePort: 61000 };
					return [udp(ports), dns({ id: below(2), response, questions: [{ name: "a.example", type: "A" }] })];
				},
			];
			return build(network, ...(kinds[below(kinds.length)] as () => readonly Part[])());
		};
		const pairs = Array.from({ length: 1500 }, () => [packetOf(), packetOf()] as const);
		const theirs = ask(
			"answers",
			pairs.map((pair) => pair.map(hexOf)),
		);
		const ours = pairs.map(([one, two]) =>
			answers(dissect(one, { first: ipv4 }), dissect(two, { first: ipv4 })),
		);
		for (const [index, expected] of theirs.entries()) {
			const [request, reply] = (pairs[index] ?? []).map((bytes) => dissect(bytes, { first: ipv4 }).get(udp));
			// It does not look where a datagram comes from.
			if (request !== undefined && reply !== undefined && request.destinationPort !== reply.sourcePort) {
				assert.equal(ours[index], false);
				continue;
			}
			const told = pairs[index]?.map((bytes) => dissect(bytes, { first: ipv4 }).summary()).join("\n");
			assert.equal(ours[index], expected, told);
		}
		assert.ok(ours.filter((each) => each).length > 20);
	});
});
