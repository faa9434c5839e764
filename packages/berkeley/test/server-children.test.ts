/**
 * The servers whose requests are handled in child processes, by the suite of all servers.
 */
import "./support/leaks.js";
import { AF_INET, AF_UNIX } from "../src/index.js";
import {
	ForkingTCPServer,
	ForkingUDPServer,
	ForkingUnixDatagramServer,
	ForkingUnixStreamServer,
} from "../src/server/index.js";
import { remoteKind } from "./support/puppets.js";
import { type AnyServer, freshName } from "./support/servers.js";
import { testServers } from "./support/serversuite.js";

const loopback = { host: "127.0.0.1", port: 0 };

/** Children take their time to start, and most tests need one. */
function unhurried(server: { spareChildren: number; workerPatience: number }): AnyServer {
	server.spareChildren = 0;
	// On a machine that is busy, a child may be slow to obey.
	server.workerPatience = 20_000;
	return server as unknown as AnyServer;
}

testServers([
	remoteKind({ name: "ForkingTCPServer", family: AF_INET, stream: true, skip: false }, (url) =>
		unhurried(new ForkingTCPServer(loopback, url)),
	),
	remoteKind({ name: "ForkingUDPServer", family: AF_INET, stream: false, skip: false }, (url) =>
		unhurried(new ForkingUDPServer(loopback, url)),
	),
	remoteKind({ name: "ForkingUnixStreamServer", family: AF_UNIX, stream: true, skip: false }, (url) =>
		unhurried(new ForkingUnixStreamServer(freshName(), url)),
	),
	remoteKind({ name: "ForkingUnixDatagramServer", family: AF_UNIX, stream: false, skip: false }, (url) =>
		unhurried(new ForkingUnixDatagramServer(freshName(), url)),
	),
]);
