/**
 * The protocols that are known, and the numbers that headers name them by.
 */
import { ah } from "./ah.js";
import { arp } from "./arp.js";
import { dhcpv4 } from "./dhcpv4.js";
import { dns, dnsTcp } from "./dns.js";
import { ethernet } from "./ethernet.js";
import { ETHERTYPE_SERVICE_VLAN, ETHERTYPE_VLAN } from "./ethertypes.js";
import { gre } from "./gre.js";
import { icmpv4 } from "./icmpv4.js";
import { icmpv6 } from "./icmpv6.js";
import { igmp } from "./igmp.js";
import { ipv4 } from "./ipv4.js";
import { ipv6 } from "./ipv6.js";
import { ipv6Fragment } from "./ipv6fragment.js";
import { ipv6DestinationOptions, ipv6HopByHop } from "./ipv6optionsheader.js";
import { ipv6Routing } from "./ipv6routing.js";
import type { Links } from "./layer.js";
import { LinkMaps } from "./links.js";
import { llc } from "./llc.js";
import { raw } from "./raw.js";
import { sll } from "./sll.js";
import { sll2 } from "./sll2.js";
import { snap } from "./snap.js";
import { tcp } from "./tcp.js";
import { udp } from "./udp.js";
import { vlan } from "./vlan.js";
import { VXLAN_PORT, vxlan } from "./vxlan.js";

/** What build() and dissect() know. */
export const links: Links = new LinkMaps(
	{
		ethertypes: [
			[0x0800, ipv4],
			[0x0806, arp],
			[0x6558, ethernet],
			[ETHERTYPE_VLAN, vlan],
			[0x86dd, ipv6],
			[ETHERTYPE_SERVICE_VLAN, vlan],
		],
		ipProtocols: [
			[0, ipv6HopByHop],
			[1, icmpv4],
			[2, igmp],
			[4, ipv4],
			[6, tcp],
			[17, udp],
			[41, ipv6],
			[43, ipv6Routing],
			[44, ipv6Fragment],
			[47, gre],
			[51, ah],
			[58, icmpv6],
			[60, ipv6DestinationOptions],
		],
		udpPorts: [
			[53, dns],
			[67, dhcpv4],
			[68, dhcpv4],
			[VXLAN_PORT, vxlan],
			[5353, dns],
		],
		tcpPorts: [[53, dnsTcp]],
	},
	[llc, raw, sll, sll2, snap],
);
