/**
 * All protocols that `sock probe udp` speaks. What is left out: DHCP and syslog, which answer nobody who is not known
 * or do not answer at all; RADIUS, WireGuard and OpenVPN with a key, which answer only those who have the secret.
 */
import { bytes } from "./bytes.js";
import { coap } from "./coap.js";
import { dns } from "./dns.js";
import { dtls } from "./dtls.js";
import { ike, ikeNat } from "./ike.js";
import { l2tp } from "./l2tp.js";
import { ldap } from "./ldap.js";
import { mdns } from "./mdns.js";
import { memcached } from "./memcached.js";
import { netbios } from "./netbios.js";
import { ntp } from "./ntp.js";
import type { Payload } from "./payload.js";
import { quic } from "./quic.js";
import { rip } from "./rip.js";
import { rmcp } from "./rmcp.js";
import { nfs, portmapper } from "./rpc.js";
import { sip } from "./sip.js";
import { characterGenerator, daytime, echo, quoteOfTheDay, time } from "./smallservices.js";
import { snmp } from "./snmp.js";
import { ssdp } from "./ssdp.js";
import { stun } from "./stun.js";
import { tftp } from "./tftp.js";

/** The protocols, by their first port. */
export const payloads: readonly Payload[] = [
	echo,
	daytime,
	quoteOfTheDay,
	characterGenerator,
	time,
	dns,
	tftp,
	portmapper,
	ntp,
	netbios,
	snmp,
	ldap,
	quic,
	ike,
	rip,
	rmcp,
	l2tp,
	ssdp,
	nfs,
	dtls,
	stun,
	ikeNat,
	sip,
	mdns,
	coap,
	memcached,
];

/** For ports of which nothing is known: an empty datagram, so that any answer will do. */
const anything: Payload = {
	name: "",
	ports: [],
	prepare: () => ({ requests: [bytes()], recognize: () => undefined }),
};

const byPort = new Map(payloads.flatMap((payload) => payload.ports.map((port) => [port, payload])));

/** The protocol that is spoken on a port; its name is empty where there is none. */
export function payloadOf(port: number): Payload {
	return byPort.get(port) ?? anything;
}
