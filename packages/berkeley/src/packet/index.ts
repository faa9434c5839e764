/**
 * `berkeley/packet`: packets built and read. Pure: it needs nothing of the runtime, so it runs in a browser too.
 */
export { build, type Part, recomputed } from "./build.js";
export { checksum, updateChecksum, updateChecksumOfBytes } from "./checksum.js";
export { type DissectOptions, dissect } from "./dissect.js";
export { ETHERTYPE_LOCAL_EXPERIMENTAL, type Ethernet, type EthernetView, ethernet } from "./ethernet.js";
export { type Ipv4, type Ipv4View, ipv4 } from "./ipv4.js";
export type { Ipv4Option, RouteOption, RouterAlertOption, TimestampOption } from "./ipv4options.js";
export type { AnyCodec, Layer, LayerValue, Mark, Protocol } from "./layer.js";
export type { CommonOption, EndOfOptions, MalformedOptions, NoOperation, UnknownOption } from "./options.js";
export type { Packet, PacketFault } from "./packet.js";
export { type Raw, type RawView, raw } from "./raw.js";
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
