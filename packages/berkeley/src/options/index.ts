/**
 * The typed socket options, one namespace a level: `s.get(tcp.info)`, `s.set(so.linger, { seconds: 5 })`.
 */
export type { Interface } from "./interface.js";
export * as ip from "./ip.js";
export * as ipv6 from "./ipv6.js";
export type { ReadableOption, SocketOption, WritableOption } from "./option.js";
export * as packet from "./packet.js";
export * as so from "./so.js";
export * as tcp from "./tcp.js";
export * as udp from "./udp.js";
export * as udplite from "./udplite.js";
