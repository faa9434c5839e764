/**
 * The servers whose requests are handled in worker threads, by the suite of all servers.
 */
import "./support/leaks.js";
import { AF_INET, AF_INET6, AF_UNIX, hasIpv6 } from "../src/index.js";
import {
	ThreadingTCPServer,
	ThreadingUDPServer,
	ThreadingUnixDatagramServer,
	ThreadingUnixStreamServer,
} from "../src/server/index.js";
import { expectThreads } from "./support/leaks.js";
import { remoteKind } from "./support/puppets.js";
import { type AnyServer, freshName } from "./support/servers.js";
import { testServers } from "./support/serversuite.js";

expectThreads();

const loopback = { host: "127.0.0.1", port: 0 };
const loopback6 = { host: "::1", port: 0 };
const noIpv6 = hasIpv6() ? false : "this machine has no IPv6";

class ThreadingUDP6Server extends ThreadingUDPServer {
	override readonly addressFamily = AF_INET6;
}

/** Each takes its time to start. */
function withWorkers(server: { workers: number }, workers: number): AnyServer {
	server.workers = workers;
	return server as unknown as AnyServer;
}

testServers([
	remoteKind({ name: "ThreadingTCPServer", family: AF_INET, stream: true, skip: false }, (url) =>
		withWorkers(new ThreadingTCPServer(loopback, url), 2),
	),
	remoteKind({ name: "ThreadingUDPServer over IPv6", family: AF_INET6, stream: false, skip: noIpv6 }, (url) =>
		withWorkers(new ThreadingUDP6Server(loopback6, url), 1),
	),
	remoteKind({ name: "ThreadingUnixStreamServer", family: AF_UNIX, stream: true, skip: false }, (url) =>
		withWorkers(new ThreadingUnixStreamServer(freshName(), url), 1),
	),
	remoteKind({ name: "ThreadingUnixDatagramServer", family: AF_UNIX, stream: false, skip: false }, (url) =>
		withWorkers(new ThreadingUnixDatagramServer(freshName(), url), 1),
	),
]);
