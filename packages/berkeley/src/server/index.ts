/**
 * `berkeley/server`: servers of requests, as Python's `socketserver` has them.
 */

export { type Rate, TokenBucket, type TokenBucketOptions } from "../socket/tokenbucket.js";
export { AsyncMixIn, type AsyncServerClass, type AsyncServing, type ServerClass } from "./asyncmixin.js";
export {
	AsyncTCPServer,
	AsyncUDPServer,
	AsyncUnixDatagramServer,
	AsyncUnixStreamServer,
} from "./asyncservers.js";
export {
	BaseServer,
	type RequestHandler,
	type RequestHandlerClass,
	type ServeForeverOptions,
	type ShutdownOptions,
} from "./base.js";
export { ChildExitError } from "./childplace.js";
export type { ClientRate } from "./clientbuckets.js";
export { type ProxiedAddress, proxyHeaderOf, type TlsConnection } from "./connection.js";
export { DatagramRequestHandler } from "./datagramhandler.js";
export { type DatagramRequest, DatagramServer, UDPServer, UnixDatagramServer } from "./datagramserver.js";
export { ForkingMixIn, type ForkingServerClass, type ForkingServing } from "./forkingmixin.js";
export {
	ForkingTCPServer,
	ForkingUDPServer,
	ForkingUnixDatagramServer,
	ForkingUnixStreamServer,
} from "./forkingservers.js";
export type { Handler, RequestContext } from "./functionhandler.js";
export { BaseRequestHandler } from "./handler.js";
export type { ServerLimits } from "./limits.js";
export {
	type MetricsRegister,
	type ServerMetrics,
	type ServerMetricsOptions,
	serverMetrics,
} from "./metrics.js";
export { type MetricsServeOptions, serveMetrics } from "./metricsendpoint.js";
export type { AcceptErrorEvent, RequestEvent, ServerStatistics } from "./observer.js";
export { type PassedFd, PassedSockets, type SocketKind } from "./passedsockets.js";
export { WorkerExitError } from "./places.js";
export type { PlacesServing } from "./placesmixin.js";
export type { ConnectionSettings, ProxyProtocolOptions } from "./preparation.js";
export { ProxyHeaderError } from "./proxy/error.js";
export { buildProxyHeader, parseProxyHeader, proxyHeaderSize } from "./proxy/header.js";
export { readProxyHeader } from "./proxy/reader.js";
export type {
	ParsedProxyHeader,
	ProxyAddress,
	ProxyHeader,
	ProxyHeaderFields,
	ProxySsl,
	ProxyTlv,
} from "./proxy/types.js";
export { RefusedError } from "./refusal.js";
export {
	type HandedOver,
	type Handover,
	type HandoverOptions,
	handover,
	type PassingServer,
	type PassingServers,
} from "./restart/handover.js";
export { type RestartableOptions, restartable } from "./restart/restartable.js";
export { TakenOver, type TakeOverOptions, takeOver } from "./restart/takeover.js";
export { ShutdownError } from "./running.js";
export {
	type ChildrenOptions,
	type DatagramServeOptions,
	type DirectServeOptions,
	type PlainServeOptions,
	type ProxiedServeOptions,
	type ServeOptions,
	type StreamServeOptions,
	serve,
	type TlsServeOptions,
	type WorkerOptions,
} from "./serve.js";
export { type Inet, SocketServer } from "./socketserver.js";
export { StreamRequestHandler, TlsRequestHandler } from "./streamhandler.js";
export {
	StreamServer,
	type StreamServerOptions,
	TCPServer,
	type TlsHandlerClass,
	UnixStreamServer,
} from "./streamserver.js";
export type { EnvironmentOptions } from "./systemd/environment.js";
export { sdListenFds, systemdSockets } from "./systemd/listenfds.js";
export {
	type NotifyOptions,
	type NotifyState,
	sdBooted,
	sdNotify,
	sdNotifySync,
	sdWatchdogEnabled,
} from "./systemd/notify.js";
export { ThreadingMixIn, type ThreadingServerClass, type ThreadingServing } from "./threadingmixin.js";
export {
	ThreadingTCPServer,
	ThreadingUDPServer,
	ThreadingUnixDatagramServer,
	ThreadingUnixStreamServer,
} from "./threadingservers.js";
export type { SniChoice, TlsIdentity, TlsServerOptions } from "./tls/options.js";
export type { RequestWriter } from "./writer.js";
