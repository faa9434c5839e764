/**
 * The values of all layers that build() knows, as one type.
 */
import type { Ah } from "./ah.js";
import type { Arp } from "./arp.js";
import type { Dhcpv4 } from "./dhcpv4.js";
import type { Dns, DnsTcp } from "./dns.js";
import type { Ethernet } from "./ethernet.js";
import type { Gre } from "./gre.js";
import type { Icmpv4 } from "./icmpv4.js";
import type { Icmpv6 } from "./icmpv6.js";
import type { Igmp } from "./igmp.js";
import type { Ipv4 } from "./ipv4.js";
import type { Ipv6 } from "./ipv6.js";
import type { Ipv6Fragment } from "./ipv6fragment.js";
import type { Ipv6DestinationOptions, Ipv6HopByHop } from "./ipv6optionsheader.js";
import type { Ipv6Routing } from "./ipv6routing.js";
import type { Llc } from "./llc.js";
import type { Raw } from "./raw.js";
import type { Sll } from "./sll.js";
import type { Sll2 } from "./sll2.js";
import type { Snap } from "./snap.js";
import type { Tcp } from "./tcp.js";
import type { Udp } from "./udp.js";
import type { Vlan } from "./vlan.js";
import type { Vxlan } from "./vxlan.js";

/** The value of a layer, by whose `layer` the compiler knows its other fields. */
export type KnownLayerValue =
	| Ah
	| Arp
	| Dhcpv4
	| Dns
	| DnsTcp
	| Ethernet
	| Gre
	| Icmpv4
	| Icmpv6
	| Igmp
	| Ipv4
	| Ipv6
	| Ipv6DestinationOptions
	| Ipv6Fragment
	| Ipv6HopByHop
	| Ipv6Routing
	| Llc
	| Raw
	| Sll
	| Sll2
	| Snap
	| Tcp
	| Udp
	| Vlan
	| Vxlan;
