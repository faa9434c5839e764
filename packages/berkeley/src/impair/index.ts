/**
 * `berkeley/impair`: faults by seed, for sockets, links and proxies, and a trace of what passes.
 */
export type { Bursts, Chance, ChosenPackets, EveryPacket, FoundPackets, Gilbert } from "./chance.js";
export type { Corrupt, Delay, Duplicate, Impairments, Reorder, Truncate } from "./impairments.js";
export { Injector, type InjectorOptions, type Plan, Replay, replay } from "./injector.js";
export type { LineStatistics, VerdictLog } from "./line.js";
export { Link, type LinkStatistics, link } from "./link.js";
export type { ImpairOptions, RelayOptions } from "./options.js";
export type { ProxyAddress } from "./proxyaddresses.js";
export { ImpairedSocket, impaired, type SocketDirection, traced } from "./socket.js";
export { ImpairedStream, impairedStream, tracedStream } from "./stream.js";
export type { Pieces, Stall, StreamImpairments, StreamPlace } from "./streamimpairments.js";
export type { StreamStatistics } from "./streamline.js";
export type { StreamOptions, StreamPlan } from "./streamplan.js";
export { TcpProxy, type TcpProxyOptions, type TcpProxyStatistics, tcpProxy } from "./tcpproxy.js";
export type { PacketSink } from "./trace.js";
export {
	type ProxyStatistics,
	type RelayDirection,
	UdpProxy,
	type UdpProxyOptions,
	udpProxy,
} from "./udpproxy.js";
export { describeVerdict, impairBytes, type Verdict } from "./verdict.js";
