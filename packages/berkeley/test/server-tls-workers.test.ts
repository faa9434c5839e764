/**
 * TLS and the PROXY protocol where threads and child processes handle the connections.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { PeerCertificate } from "node:tls";
import { Cidr, createConnection, type Socket } from "../src/index.js";
import {
	buildProxyHeader,
	ForkingTCPServer,
	ProxyHeaderError,
	serve,
	ThreadingTCPServer,
} from "../src/server/index.js";
import { TlsError, type TlsSocket, wrapTls } from "../src/stream/index.js";
import { Authority, noOpenssl } from "./support/certificates.js";
import { until } from "./support/until.js";

const anyPort = { host: "127.0.0.1", port: 0 };
const handlers = new URL("./support/tlshandlers.js", import.meta.url);
const ends = { source: { host: "192.0.2.1", port: 1 }, destination: { host: "192.0.2.2", port: 2 } };
const loopback = [new Cidr("127.0.0.0/8")];

type Client = TlsSocket<Socket>;
type Server = ThreadingTCPServer | ForkingTCPServer;

function shown(client: Client): string | undefined {
	return (client.getpeercert() as PeerCertificate | undefined)?.subject.CN as string | undefined;
}

/** Threads that listen themselves take a while to come to that. */
async function untilListening(address: { host: string; port: number }): Promise<Socket> {
	for (;;) {
		try {
			return (await createConnection(address)) as Socket;
		} catch (error) {
			if ((error as { code?: string }).code !== "ECONNREFUSED") throw error;
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	}
}

describe("where others handle the connections", { skip: noOpenssl }, () => {
	const authority = noOpenssl ? (undefined as never) : new Authority();
	after(() => noOpenssl || authority.remove());
	const issue = (name: string) => (noOpenssl ? (undefined as never) : authority.issue(name, `DNS:${name}`));
	const [first, second, named] = [issue("first"), issue("second"), issue("named.example")];
	const tls = { key: first?.key, cert: first?.cert };

	function threading(): Server {
		const server = new ThreadingTCPServer(anyPort, handlers);
		server.workers = 2;
		return server;
	}
	function listening(): Server {
		const server = threading() as ThreadingTCPServer;
		server.listenInWorkers = true;
		return server;
	}
	function forking(): Server {
		const server = new ForkingTCPServer(anyPort, handlers);
		server.maxChildren = 2;
		return server;
	}

	async function connect(
		{ serverAddress }: { serverAddress: { host: string; port: number } },
		servername = "first",
		header: Uint8Array = Buffer.alloc(0),
	): Promise<Client> {
		const socket = await untilListening(serverAddress);
		await socket.sendall(header);
		return wrapTls(socket, { ca: authority.ca, servername, checkServerIdentity: () => undefined });
	}

	async function ask(client: Client, line: string): Promise<Record<string, unknown>> {
		await client.sendall(`${line}\n`);
		const file = client.makefile("rb");
		const answer = await file.readline();
		return JSON.parse(`${answer}`);
	}

	for (const make of [threading, listening, forking]) {
		test(`${make.name}: handlers have TLS and the client that the proxy names`, async () => {
			const server = make();
			server.tls = { ...tls, sni: { "*.example": { key: named.key, cert: named.cert } } };
			server.proxyProtocol = { trusted: loopback };
			server.deny = [new Cidr("203.0.113.0/24")];
			await using serving = server;
			const errors: unknown[] = [];
			server.handleError = (_request, _address, error) => void errors.push(error);
			void server.serveForever();

			const header = buildProxyHeader({ ...ends, authority: "a", checksum: true });
			const client = await connect(serving, "named.example", header);
			assert.equal(shown(client), "named.example");
			const { process: pid, ...facts } = await ask(client, "hello");
			assert.deepEqual(facts, {
				line: "hello",
				servername: "named.example",
				address: ends.source,
				authority: "a",
				aborted: false,
			});
			assert.equal(pid === process.pid, make !== forking);
			await client[Symbol.asyncDispose]();

			// What goes wrong there is told here, with its class.
			const bare = await createConnection(server.serverAddress);
			await bare.sendall("no header");
			assert.equal((await bare.recv(1).catch(() => "")).length, 0);
			bare.close();
			const plain = await createConnection(server.serverAddress);
			await plain.sendall(Buffer.concat([header, Buffer.from("no TLS")]));
			await plain
				.makefile("rb")
				.read()
				.catch(() => {});
			plain.close();
			await until(() => errors.length === 2);
			// The two may be told by two workers.
			assert.ok(
				errors.some((error) => error instanceof ProxyHeaderError),
				errors.join(),
			);
			assert.ok(
				errors.some((error) => error instanceof TlsError),
				errors.join(),
			);
			const refused = { ...ends, source: { host: "203.0.113.5", port: 5 } };
			await assert.rejects(connect(server, "first", buildProxyHeader(refused)));
			await until(() => server.statistics().refused === 1);
			const { proxyErrors, tlsErrors, failed } = server.statistics();
			assert.deepEqual([proxyErrors, tlsErrors, failed], [1, 1, 2]);
		});

		test(`${make.name}: other certificates are taken without missing a connection`, async () => {
			const server = make();
			server.tls = tls;
			await using serving = server;
			void server.serveForever();
			const old = await connect(serving);
			assert.equal(shown(old), "first");
			const seen = new Set<string | undefined>();
			let stopped = false;
			const load = async (): Promise<void> => {
				while (!stopped) {
					const client = await connect(serving);
					seen.add(shown(client));
					assert.equal((await ask(client, "load")).line, "load");
					await client[Symbol.asyncDispose]();
				}
			};
			const loads = Promise.all([load(), load()]);
			for (const identity of [second, first, second]) {
				seen.clear();
				server.reloadTls({ key: identity.key, cert: identity.cert });
				await until(() => seen.has(identity === first ? "first" : "second"));
			}
			stopped = true;
			await loads;
			assert.equal((await ask(old, "still here")).line, "still here");
			old.close();
			await server.shutdown();
			const { accepted, finished, failed } = server.statistics();
			assert.deepEqual([finished, failed], [accepted, 0]);
		});
	}

	test("serve() takes both with the URL of a module", async () => {
		const options = { workers: 1, tls, proxyProtocol: { trusted: loopback } };
		await using server = serve(anyPort, handlers, options);
		const client = await connect(server, "first", buildProxyHeader(ends));
		assert.deepEqual((await ask(client, "x")).address, ends.source);
		client.close();
		await server.shutdown();
		const choosing = { ...tls, sni: () => undefined };
		const refusing = new ThreadingTCPServer(anyPort, handlers);
		refusing.tls = choosing;
		await assert.rejects(refusing.serveForever(), /sni cannot be a function/);
		await refusing.close();
		assert.throws(() => serve(anyPort, handlers, { tls: choosing }), /sni cannot be a function/);
	});
});
