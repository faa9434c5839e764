/**
 * `berkeley/packet`: packets built and read. Pure: it needs nothing of the runtime, so it runs in a browser too.
 */
export { type Ah, type AhView, ah } from "./ah.js";
export { answers } from "./answers.js";
export { ARPOP_REPLY, ARPOP_REQUEST, type Arp, type ArpView, arp } from "./arp.js";
export { build, type Part, recomputed } from "./build.js";
export { checksum, updateChecksum, updateChecksumOfBytes } from "./checksum.js";
export {
	PACKET_BROADCAST,
	PACKET_HOST,
	PACKET_MULTICAST,
	PACKET_OTHERHOST,
	PACKET_OUTGOING,
} from "./cooked.js";
export {
	DHCPACK,
	DHCPDECLINE,
	DHCPDISCOVER,
	DHCPINFORM,
	DHCPNAK,
	DHCPOFFER,
	DHCPRELEASE,
	DHCPREQUEST,
	type Dhcpv4,
	type Dhcpv4View,
	dhcpv4,
} from "./dhcpv4.js";
export type {
	ClasslessRoute,
	ClientIdentifier,
	Dhcpv4KnownOption,
	Dhcpv4Option,
	Dhcpv4OptionValues,
	PadOption,
} from "./dhcpv4options.js";
export { type DissectOptions, dissect } from "./dissect.js";
export { type Dns, type DnsTcp, type DnsTcpView, type DnsView, dns, dnsTcp } from "./dns.js";
export type {
	AddressHintParam,
	AlpnParam,
	EchParam,
	MandatoryParam,
	NoDefaultAlpnParam,
	PortParam,
	SvcParam,
	UnknownParam,
} from "./dnsparams.js";
export type {
	AddressRecord,
	CaaRecord,
	DnsEncodings,
	DnskeyRecord,
	DnsQuestion,
	DnsRecord,
	DnsRecordBase,
	DnsType,
	DnsTypeName,
	DsRecord,
	HinfoRecord,
	KnownDnsRecord,
	MxRecord,
	NameRecord,
	NaptrRecord,
	Nsec3paramRecord,
	Nsec3Record,
	NsecRecord,
	OpenpgpkeyRecord,
	OptRecord,
	RpRecord,
	RrsigRecord,
	SoaRecord,
	SrvRecord,
	SshfpRecord,
	SvcbRecord,
	TlsaRecord,
	TxtRecord,
	UnknownRecord,
	UriRecord,
} from "./dnsrecords.js";
export type {
	ClientSubnetOption,
	CookieOption,
	EdnsOption,
	ExtendedErrorOption,
	KeepaliveOption,
	NsidOption,
	PaddingOption,
} from "./ednsoptions.js";
export { type Ethernet, type EthernetView, ethernet } from "./ethernet.js";
export { ETHERTYPE_LOCAL_EXPERIMENTAL, ETHERTYPE_SERVICE_VLAN, ETHERTYPE_VLAN } from "./ethertypes.js";
export { type FragmentOptions, fragment } from "./fragments.js";
export { type Gre, type GreView, gre } from "./gre.js";
export type { GroupRecord } from "./grouprecords.js";
export { type HexdumpOptions, hexdump } from "./hexdump.js";
export {
	type ExtensionObject,
	type IcmpExtension,
	type MalformedExtensionObjects,
	type MplsLabel,
	type MplsLabelStack,
	readIcmpExtension,
	type UnknownExtensionObject,
} from "./icmpextension.js";
export {
	ICMP_ADDRESS,
	ICMP_ADDRESSREPLY,
	ICMP_DEST_UNREACH,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP_PARAMETERPROB,
	ICMP_REDIRECT,
	ICMP_SOURCE_QUENCH,
	ICMP_TIME_EXCEEDED,
	ICMP_TIMESTAMP,
	ICMP_TIMESTAMPREPLY,
	type Icmpv4,
	type Icmpv4View,
	icmpv4,
} from "./icmpv4.js";
export { type Icmpv6, type Icmpv6View, icmpv6 } from "./icmpv6.js";
export {
	ICMP6_DST_UNREACH,
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
	ICMP6_PACKET_TOO_BIG,
	ICMP6_PARAM_PROB,
	ICMP6_TIME_EXCEEDED,
	MLD_LISTENER_QUERY,
	MLD_LISTENER_REDUCTION,
	MLD_LISTENER_REPORT,
	MLD2_LISTENER_REPORT,
	ND_NEIGHBOR_ADVERT,
	ND_NEIGHBOR_SOLICIT,
	ND_REDIRECT,
	ND_ROUTER_ADVERT,
	ND_ROUTER_SOLICIT,
} from "./icmpv6messages.js";
export {
	IGMP_MEMBERSHIP_QUERY,
	IGMP_V1_MEMBERSHIP_REPORT,
	IGMP_V2_LEAVE_GROUP,
	IGMP_V2_MEMBERSHIP_REPORT,
	IGMP_V3_MEMBERSHIP_REPORT,
	type Igmp,
	type IgmpView,
	igmp,
} from "./igmp.js";
export { type Ipv4, type Ipv4View, ipv4 } from "./ipv4.js";
export type { Ipv4Option, RouteOption, RouterAlertOption, TimestampOption } from "./ipv4options.js";
export { IPPROTO_NONE, type Ipv6, type Ipv6View, ipv6 } from "./ipv6.js";
export { type Ipv6Fragment, type Ipv6FragmentView, ipv6Fragment } from "./ipv6fragment.js";
export type {
	Ipv6Option,
	Ipv6RouterAlertOption,
	JumboPayloadOption,
	MalformedIpv6Options,
	Pad1Option,
	PadNOption,
	UnknownIpv6Option,
} from "./ipv6options.js";
export {
	type Ipv6DestinationOptions,
	type Ipv6DestinationOptionsView,
	type Ipv6HopByHop,
	type Ipv6HopByHopView,
	ipv6DestinationOptions,
	ipv6HopByHop,
} from "./ipv6optionsheader.js";
export { type Ipv6Routing, type Ipv6RoutingView, ipv6Routing } from "./ipv6routing.js";
export { fromJson, type ToJsonOptions, toJson } from "./json.js";
export type { AnyCodec, Layer, LayerValue, Mark, Protocol } from "./layer.js";
export { type Llc, type LlcView, llc } from "./llc.js";
export type {
	LinkLayerAddressOption,
	MalformedNdOptions,
	MtuOption,
	NdOption,
	PrefixInformationOption,
	RecursiveDnsServerOption,
	RedirectedHeaderOption,
	UnknownNdOption,
} from "./ndoptions.js";
export type { CommonOption, EndOfOptions, MalformedOptions, NoOperation, UnknownOption } from "./options.js";
export type { Packet, PacketFault } from "./packet.js";
export { type Raw, type RawView, raw } from "./raw.js";
export { type Discarded, Reassembler, type ReassemblerOptions } from "./reassembler.js";
export { type Sll, type SllView, sll } from "./sll.js";
export { type Sll2, type Sll2View, sll2 } from "./sll2.js";
export { type Snap, type SnapView, snap } from "./snap.js";
export {
	type Tcp,
	type TcpView,
	TH_ACK,
	TH_CWR,
	TH_ECE,
	TH_FIN,
	TH_PUSH,
	TH_RST,
	TH_SYN,
	TH_URG,
	tcp,
} from "./tcp.js";
export type { TcpOption } from "./tcpoptions.js";
export { type Udp, type UdpView, udp } from "./udp.js";
export type { KnownLayerValue } from "./values.js";
export { type Vlan, type VlanView, vlan } from "./vlan.js";
export { VXLAN_PORT, type Vxlan, type VxlanView, vxlan } from "./vxlan.js";
