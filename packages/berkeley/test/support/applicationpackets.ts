/**
 * DNS and DHCPv4 messages with all that they can have, for the kinds of packets.ts.
 */
import {
	DHCPACK,
	dhcpv4,
	dns,
	dnsTcp,
	ethernet,
	ipv4,
	type LayerValue,
	TH_ACK,
	TH_PUSH,
	tcp,
	udp,
} from "../../src/packet/index.js";

const frame = ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" });
const network = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });
const owner = { name: "www.example.com", ttl: 300 };
const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, index) => index * 7 + 1);

/** The layers' values, without what build() computes. */
export const applicationPackets: readonly {
	readonly name: string;
	readonly values: readonly LayerValue[];
}[] = [
	{
		name: "a DNS query",
		values: [
			frame,
			network,
			udp({ sourcePort: 40000 }),
			dns({
				id: 0x1234,
				recursionDesired: true,
				questions: [{ name: "www.example.com", type: "AAAA" }],
				additionals: [
					{
						type: "OPT",
						dnssecOk: true,
						options: [
							{ kind: "nsid", data: bytes(0) },
							{ kind: "clientSubnet", sourcePrefixLength: 20, scopePrefixLength: 0, address: "192.0.32.0" },
							{ kind: "clientSubnet", sourcePrefixLength: 48, scopePrefixLength: 0, address: "2001:db8::" },
							{ kind: "cookie", client: bytes(8), server: bytes(16) },
							{ kind: "keepalive", timeout: 100 },
							{ kind: "extendedError", infoCode: 22, text: "nobody there" },
							{ kind: 65001, data: bytes(3) },
							{ kind: "padding", length: 5 },
						],
					},
				],
			}),
		],
	},
	{
		name: "a DNS response",
		values: [
			frame,
			network,
			udp({ sourcePort: 53, destinationPort: 40000 }),
			dns({
				id: 0x1234,
				response: true,
				recursionAvailable: true,
				questions: [{ name: "www.example.com", type: "ANY" }],
				answers: [
					{ ...owner, type: "CNAME", target: "host.example.com" },
					{ ...owner, type: "A", address: "192.0.2.7" },
					{ ...owner, type: "AAAA", address: "2001:db8::7" },
					{ ...owner, type: "MX", preference: 10, exchange: "mail.example.com" },
					{ ...owner, type: "TXT", strings: ["v=spf1 -all", Uint8Array.of(255, 0), ""] },
					{
						...owner,
						name: "_sip._tcp.example.com",
						type: "SRV",
						priority: 1,
						weight: 2,
						port: 5060,
						target: "sip.example.com",
					},
					{ ...owner, type: "CAA", flags: 128, tag: "issue", value: "ca.example.net" },
				],
				authorities: [
					{
						...owner,
						name: "example.com",
						type: "SOA",
						mname: "ns.example.com",
						rname: "host\\.master.example.com",
						serial: 2026112101,
						refresh: 7200,
						retry: 3600,
						expire: 1209600,
						minimum: 3600,
					},
					{ ...owner, name: "example.com", type: "NS", target: "ns.example.com" },
				],
				additionals: [
					{ ...owner, type: "HINFO", cpu: "RFC8482", os: "" },
					{ ...owner, type: 65280, data: bytes(9) },
					{ ...owner, type: "URI", priority: 1, weight: 1, target: "https://example.com/" },
				],
			}),
		],
	},
	{
		name: "a DNS response in TCP",
		values: [
			frame,
			network,
			tcp({ sourcePort: 53, destinationPort: 40000, flags: TH_ACK | TH_PUSH }),
			dnsTcp({}),
			dns({
				response: true,
				answers: [
					{ ...owner, type: "DNSKEY", flags: 257, protocol: 3, algorithm: 13, publicKey: bytes(16) },
					{ ...owner, type: "DS", keyTag: 1, algorithm: 13, digestType: 2, digest: bytes(16) },
					{
						...owner,
						type: "RRSIG",
						typeCovered: "A",
						algorithm: 13,
						labels: 3,
						originalTtl: 300,
						expiration: 1790000000,
						inception: 1780000000,
						keyTag: 7,
						signerName: "example.com",
						signature: bytes(16),
					},
					{
						...owner,
						type: "NSEC",
						nextName: "xyz.example.com",
						types: ["A", "RRSIG", "NSEC", "CAA", 65280],
					},
					{
						...owner,
						type: "NSEC3",
						hashAlgorithm: 1,
						flags: 1,
						iterations: 0,
						salt: bytes(4),
						nextHashedOwner: bytes(20),
						types: ["NS", "SOA"],
					},
					{ ...owner, type: "NSEC3PARAM", hashAlgorithm: 1, flags: 0, iterations: 0, salt: bytes(0) },
					{
						...owner,
						type: "HTTPS",
						priority: 1,
						target: ".",
						params: [
							{ key: "mandatory", keys: [1] },
							{ key: "alpn", protocols: ["h2", "h3"] },
							{ key: "noDefaultAlpn" },
							{ key: "port", port: 8443 },
							{ key: "ipv4hint", addresses: ["192.0.2.1", "192.0.2.2"] },
							{ key: "ech", data: bytes(5) },
							{ key: "ipv6hint", addresses: ["2001:db8::1"] },
							{ key: 667, data: bytes(2) },
						],
					},
					{
						...owner,
						type: "TLSA",
						usage: 3,
						selector: 1,
						matchingType: 1,
						certificateAssociation: bytes(8),
					},
					{ ...owner, type: "SSHFP", algorithm: 4, fingerprintType: 2, fingerprint: bytes(8) },
					{
						...owner,
						type: "NAPTR",
						order: 1,
						preference: 2,
						flags: "s",
						services: "SIP+D2T",
						regexp: "",
						replacement: "_sip._tcp.example.com",
					},
					{ ...owner, type: "RP", mailbox: "admin.example.com", text: "." },
					{ ...owner, type: "AFSDB", preference: 1, exchange: "db.example.com" },
					{ ...owner, type: "DNAME", target: "example.net" },
					{ ...owner, type: "OPENPGPKEY", publicKey: bytes(4) },
				],
			}),
		],
	},
	{
		name: "a DHCPv4 request",
		values: [
			frame,
			ipv4({ source: "0.0.0.0", destination: "255.255.255.255" }),
			udp({ sourcePort: 68 }),
			dhcpv4({
				xid: 0xdecade,
				secs: 3,
				broadcast: true,
				chaddr: "02:00:00:00:00:02",
				options: [
					{ kind: "messageType", value: 3 },
					{ kind: "clientIdentifier", value: { type: 1, id: bytes(6) } },
					{ kind: "requestedAddress", value: "192.0.2.9" },
					{ kind: "hostName", value: "client" },
					{ kind: "parameterRequestList", value: [1, 3, 6, 15, 121] },
					{ kind: "maximumMessageSize", value: 1500 },
					{ kind: "pad" },
					{ kind: "rapidCommit", value: true },
					{ kind: "end", data: bytes(9) },
				],
			}),
		],
	},
	{
		name: "a DHCPv4 reply",
		values: [
			frame,
			network,
			udp({ sourcePort: 67, destinationPort: 68 }),
			dhcpv4({
				op: 2,
				hops: 1,
				yiaddr: "192.0.2.9",
				siaddr: "192.0.2.1",
				giaddr: "192.0.2.254",
				chaddr: bytes(16),
				sname: "server",
				file: Uint8Array.from([12, 2, 104, 105, 255, ...new Uint8Array(122).fill(1), 0]),
				options: [
					{ kind: "messageType", value: DHCPACK },
					{ kind: "overload", value: 1 },
					{ kind: "serverIdentifier", value: "192.0.2.1" },
					{ kind: "leaseTime", value: 3600 },
					{ kind: "renewalTime", value: 1800 },
					{ kind: "rebindingTime", value: 3150 },
					{ kind: "subnetMask", value: "255.255.255.0" },
					{ kind: "broadcastAddress", value: "192.0.2.255" },
					{ kind: "router", value: ["192.0.2.1"] },
					{ kind: "domainNameServer", value: ["192.0.2.53", "192.0.2.54"] },
					{ kind: "domainName", value: "example.com" },
					{ kind: "timeOffset", value: -3600 },
					{ kind: "interfaceMtu", value: 1400 },
					{ kind: "staticRoute", value: [["198.51.100.1", "192.0.2.1"]] },
					{
						kind: "classlessStaticRoute",
						value: [
							{ destination: "0.0.0.0/0", router: "192.0.2.1" },
							{ destination: "198.51.100.0/22", router: "192.0.2.2" },
						],
					},
					{ kind: "message", value: Uint8Array.of(0xff) },
					{ kind: "relayAgentInformation", value: bytes(4) },
					{ kind: 224, data: bytes(3) },
				],
			}),
		],
	},
];
