/**
 * Servers with TLS: what handlers get, names, client certificates, reloads, and clients that misbehave.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createSecureContext, type PeerCertificate } from "node:tls";
import {
	AF_INET6,
	AF_UNIX,
	Cidr,
	createConnection,
	hasIpv6,
	SHUT_WR,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
} from "../src/index.js";
import {
	AsyncTCPServer,
	AsyncUnixStreamServer,
	buildProxyHeader,
	type ConnectionSettings,
	StreamRequestHandler,
	serve,
	TCPServer,
	TlsRequestHandler,
	type TlsServerOptions,
} from "../src/server/index.js";
import { TlsError, type TlsSocket, type WrapTlsOptions, wrapTls } from "../src/stream/index.js";
import { Authority, type Identity, noOpenssl } from "./support/certificates.js";
import { runPeer, startPeer, stopPeer } from "./support/children.js";
import { noPython } from "./support/oracles.js";
import { isDeno } from "./support/runtime.js";
import { freshName, gate } from "./support/servers.js";
import { soon, until } from "./support/until.js";

const anyPort = { host: "127.0.0.1", port: 0 };

class Upper extends StreamRequestHandler {
	override async handle() {
		for await (const line of this.rfile) await this.wfile.write(`${line}`.toUpperCase());
	}
}

/** Answers one line with what it knows of the client. */
class Facts extends TlsRequestHandler<number> {
	override async handle() {
		await this.rfile.readline();
		const { connection } = this;
		const facts = {
			servername: connection.servername(),
			protocol: connection.selectedAlpnProtocol(),
			version: connection.version(),
			cipher: typeof connection.cipher()?.name,
			client: connection.getpeercert()?.subject.CN ?? null,
			authorized: connection.authorized,
			address: this.clientAddress,
			proxied: this.proxyHeader?.destination ?? null,
		};
		await this.wfile.write(`${JSON.stringify(facts)}\n`);
	}
}

type Client = TlsSocket<Socket>;

/** The name in the certificate that the server has shown. */
function shown(client: Client): string | undefined {
	return (client.getpeercert() as PeerCertificate | undefined)?.subject.CN as string | undefined;
}

async function lineOf(client: Client, text = "x\n"): Promise<string> {
	await client.sendall(text);
	return `${await client.makefile("rb").readline()}`;
}

describe("a server with TLS", { skip: noOpenssl }, () => {
	const authority = noOpenssl ? (undefined as never) : new Authority();
	const issue = (name: string, names: string): Identity =>
		noOpenssl ? (undefined as never) : authority.issue(name, names);
	const localhost = issue("localhost", "DNS:localhost,IP:127.0.0.1,IP:::1");
	const other = issue("other", "DNS:localhost,IP:127.0.0.1");
	const ofA = issue("a.example", "DNS:a.example");
	const ofB = issue("b.example", "DNS:*.b.example");
	const person = issue("person", "DNS:person");
	const stranger = noOpenssl ? (undefined as never) : new Authority("Somebody");
	after(() => {
		if (noOpenssl) return;
		authority.remove();
		stranger.remove();
	});

	const tls = { key: localhost?.key, cert: localhost?.cert } satisfies TlsServerOptions;

	/** A client of a server on the loopback. */
	async function connect(
		server: { readonly serverAddress: { host: string; port: number } },
		options: WrapTlsOptions = {},
	): Promise<Client> {
		const socket = await createConnection(server.serverAddress);
		return wrapTls(socket as Socket, { ca: authority.ca, servername: "localhost", ...options });
	}

	test("serves a StreamRequestHandler as it is, side by side or not", async () => {
		for (const Server of [AsyncTCPServer, TCPServer]) {
			await using server = new Server(anyPort, Upper, { tls });
			void server.serveForever();
			for (const text of ["hello\n", "again\n"]) {
				const client = await connect(server);
				assert.equal(await lineOf(client, text), text.toUpperCase());
				await client[Symbol.asyncDispose]();
			}
			await server.shutdown();
			assert.equal(server.statistics().finished, 2);
		}
	});

	test("sets the options that a StreamRequestHandler asks for", async () => {
		let timeout: number | null = 0;
		class Buffered extends StreamRequestHandler {
			override wbufsize = -1;
			override timeout = 5000;
			override disableNagleAlgorithm = true;
			override async handle() {
				timeout = this.connection.gettimeout();
				await this.wfile.writelines(["abc", "def"]);
			}
		}
		await using server = new AsyncTCPServer(anyPort, Buffered, { tls });
		void server.serveForever();
		const client = await connect(server);
		assert.equal(`${await client.makefile("rb").read()}`, "abcdef");
		assert.equal(timeout, 5000);
		client.close();
	});

	test("tells a TlsRequestHandler of the name, the protocol, the cipher and the client", async () => {
		const options = { ...tls, ALPNProtocols: ["one", "two"], minVersion: "TLSv1.3" as const };
		await using server = new AsyncTCPServer(anyPort, Facts, { tls: options });
		void server.serveForever();
		const client = await connect(server, { ALPNProtocols: ["two", "one"] });
		const { address, ...facts } = JSON.parse(await lineOf(client));
		assert.deepEqual(facts, {
			servername: "localhost",
			protocol: "one",
			version: "TLSv1.3",
			cipher: "string",
			client: null,
			authorized: false,
			proxied: null,
		});
		assert.deepEqual(address, client.getsockname());
		client.close();
	});

	test("gives a function a TlsSocket, and an end that is not cut off", async () => {
		const answer = Buffer.alloc(1 << 20, "0123456789\n");
		await using server = serve(
			anyPort,
			async (connection, { signal }) => {
				assert.equal(signal.aborted, false);
				assert.equal(connection.servername(), "localhost");
				await connection.sendall(answer);
			},
			{ tls },
		);
		const client = await connect(server);
		assert.ok((await client.makefile("rb").read()).equals(answer));
		client.close();
	});

	test("keeps half-closes: the client ends its side, and is answered after that", async () => {
		await using server = serve(
			anyPort,
			async (connection) => {
				const question = await connection.makefile("rb").read();
				await connection.sendall(`${question.length}`);
				connection.shutdown(SHUT_WR);
				assert.equal((await connection.recv(1)).length, 0);
			},
			{ tls },
		);
		const client = await connect(server);
		await client.sendall(Buffer.alloc(100_000));
		client.shutdown(SHUT_WR);
		assert.equal(`${await client.makefile("rb").read()}`, "100000");
		client.close();
		await until(() => server.statistics().finished === 1);
	});

	test("serves over IPv6", { skip: !hasIpv6() && "this machine has no IPv6" }, async () => {
		await using server = serve({ host: "::1", port: 0 }, (connection) => connection.sendall("six"), { tls });
		const socket = new Socket(AF_INET6, SOCK_STREAM);
		await socket.connect(server.serverAddress);
		const client = await wrapTls(socket, { ca: authority.ca, servername: "localhost" });
		assert.equal(`${await client.recv(100)}`, "six");
		client.close();
	});

	test("serves over Unix sockets", async () => {
		await using server = new AsyncUnixStreamServer(freshName(), Facts, { tls });
		void server.serveForever();
		const socket = new Socket(AF_UNIX, SOCK_STREAM);
		await socket.connect(server.serverAddress);
		const client = await wrapTls(socket as Socket, { ca: authority.ca, servername: "localhost" });
		assert.equal(JSON.parse(await lineOf(client)).servername, "localhost");
		client.close();
	});

	test("serves openssl s_client, and agrees on a protocol with it", async () => {
		await using server = new AsyncTCPServer(anyPort, Upper, {
			tls: { ...tls, ALPNProtocols: ["berkeley"] },
		});
		server.handleError = () => {};
		void server.serveForever();
		const { port } = server.serverAddress;
		const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "localhost"];
		const checks = ["-CAfile", authority.caFile, "-verify_return_error", "-alpn", "h2,berkeley"];
		const { child, output } = await startPeer("openssl", [...args, ...checks], /Verify return code: 0/);
		assert.match(output(), /ALPN protocol: berkeley/);
		assert.match(output(), /CN = localhost/);
		child.stdin?.write("to the server\n");
		await until(() => output().includes("TO THE SERVER"));
		await stopPeer(child);
		const refused = await runPeer("openssl", [...args, "-CAfile", authority.caFile, "-alpn", "other"]);
		// Deno sends no alert about it.
		assert.match(refused.stderr + refused.stdout, isDeno ? /has read 0 bytes/ : /no application protocol/i);
	});

	describe("by names (SNI)", () => {
		const sni = {
			"A.example": { key: ofA?.key, cert: ofA?.cert },
			"*.b.example": { key: ofB?.key, cert: ofB?.cert },
		};
		const names: [name: string, shown: string][] = [
			["a.example", "a.example"],
			["one.b.example", "b.example"],
			["TWO.B.EXAMPLE", "b.example"],
			["one.two.b.example", "localhost"],
			["b.example", "localhost"],
			["elsewhere", "localhost"],
		];

		test("each has its certificate, wildcards are for one label, and the others have the first", async () => {
			await using server = new AsyncTCPServer(anyPort, Facts, { tls: { ...tls, sni } });
			server.handleError = () => {}; // Those who just leave.
			void server.serveForever();
			for (const [servername, expected] of names) {
				const client = await connect(server, { servername, checkServerIdentity: () => undefined });
				assert.equal(shown(client), expected, servername);
				client.close();
			}
			const nameless = await connect(server, { servername: "127.0.0.1" });
			assert.equal(shown(nameless), "localhost");
			assert.equal(JSON.parse(await lineOf(nameless)).servername, null);
			nameless.close();
		});

		test("curl is content with each, and only with each", async () => {
			await using server = serve(
				anyPort,
				async (connection) => {
					const file = connection.makefile("rb");
					while (`${await file.readline()}`.trim() !== "");
					const text = `${connection.servername()}\n`;
					await connection.sendall(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
				},
				{ tls: { ...tls, sni } },
			);
			const { port } = server.serverAddress;
			const get = (name: string) =>
				runPeer("curl", [
					...["-sS", "--max-time", "30", "--cacert", authority.caFile],
					...["--resolve", `${name}:${port}:127.0.0.1`, `https://${name}:${port}/`],
				]);
			for (const name of ["a.example", "one.b.example", "localhost"]) {
				const { code, stdout, stderr } = await get(name);
				assert.equal(code, 0, stderr);
				assert.equal(stdout, `${name}\n`);
			}
			// CURLE_PEER_FAILED_VERIFICATION
			assert.equal((await get("one.two.b.example")).code, 60);
		});

		test("without a first one nobody else is served", async () => {
			await using server = new AsyncTCPServer(anyPort, Facts, { tls: { sni } });
			server.handleError = () => {};
			void server.serveForever();
			const client = await connect(server, { servername: "a.example" });
			client.close();
			await assert.rejects(connect(server), TlsError);
			await until(() => server.statistics().tlsErrors === 1);
		});

		test("a function chooses, at once or later, and what it gives is looked at once", async () => {
			const asked: string[] = [];
			const context = createSecureContext({ key: ofB.key, cert: ofB.cert });
			await using server = new AsyncTCPServer(anyPort, Facts, {
				tls: {
					...tls,
					sni: (name) => {
						asked.push(name);
						if (name === "broken") throw new Error("no such name");
						if (name === "none") return undefined;
						if (name === "context") return context;
						return name === "later" ? Promise.resolve(sni["*.b.example"]) : sni["A.example"];
					},
				},
			});
			const errors: unknown[] = [];
			server.handleError = (_request, _address, error) => void errors.push(error);
			void server.serveForever();
			const seen: (string | undefined)[] = [];
			// Deno waits for ever for what is told later.
			const names = ["a.example", ...(isDeno ? [] : ["later"]), "none", "context", "a.example"];
			for (const servername of names) {
				const client = await connect(server, { servername, checkServerIdentity: () => undefined });
				seen.push(shown(client));
				client.close();
			}
			const later = isDeno ? [] : ["b.example"];
			assert.deepEqual(seen, ["a.example", ...later, "localhost", "b.example", "a.example"]);
			assert.deepEqual(asked, names);
			await assert.rejects(connect(server, { servername: "broken" }), TlsError);
			await until(() => errors.some((error) => /no such name/.test(String(error))));
		});
	});

	describe("that asks for certificates", () => {
		const options = { ...tls, ca: authority?.ca, requestCert: true };
		const identity = { key: person?.key, cert: person?.cert };

		test("knows clients by them, and lets nobody else in", async () => {
			await using server = new AsyncTCPServer(anyPort, Facts, { tls: options });
			const codes: unknown[] = [];
			server.handleError = (_request, _address, error) => void codes.push((error as TlsError).code);
			void server.serveForever();
			const client = await connect(server, identity);
			const { client: name, authorized } = JSON.parse(await lineOf(client));
			assert.deepEqual([name, authorized], ["person", true]);
			client.close();
			const foreign = stranger.issue("foreign", "DNS:foreign");
			for (const one of [{}, { key: foreign.key, cert: foreign.cert }]) {
				// With TLS 1.3 the client is through before the server has looked at its certificate.
				await assert.rejects(async () => {
					const refused = await connect(server, one);
					try {
						if ((await refused.recv(1)).length === 0) throw new Error("ended");
					} finally {
						refused.close();
					}
				});
			}
			await until(() => codes.length === 2);
			assert.equal(server.statistics().tlsErrors, 2);
			assert.equal(server.statistics().failed, 2);
			assert.deepEqual(codes.slice(0, 1), ["ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"]);
		});

		const noAuthority = isDeno && "Deno says of who shows no certificate that it is authorized";
		test("may let others in, and says so", { skip: noAuthority }, async () => {
			await using server = new AsyncTCPServer(anyPort, Facts, {
				tls: { ...options, rejectUnauthorized: false },
			});
			void server.serveForever();
			const client = await connect(server);
			const { client: name, authorized } = JSON.parse(await lineOf(client));
			assert.deepEqual([name, authorized], [null, false]);
			client.close();
		});

		const noSessions = isDeno && "Deno takes up no TLS session";
		test("takes up sessions, but not from one name to another", { skip: noSessions }, async () => {
			for (const sni of [undefined, { "a.example": { key: ofA.key, cert: ofA.cert } }]) {
				await using server = new AsyncTCPServer(anyPort, Facts, { tls: { ...options, sni } });
				void server.serveForever();
				const client = await connect(server, identity);
				await lineOf(client);
				const session = client.session();
				client.close();
				const again = await connect(server, session ? { ...identity, session } : identity);
				assert.equal(again.sessionReused(), sni === undefined);
				assert.equal(JSON.parse(await lineOf(again)).client, "person");
				again.close();
			}
		});

		test("serves Python's ssl with one, and refuses it without", { skip: noPython }, async () => {
			await using server = new AsyncTCPServer(anyPort, Facts, { tls: { ...options, maxVersion: "TLSv1.2" } });
			server.handleError = () => {};
			void server.serveForever();
			const script = `
import socket, ssl, sys
port, ca, cert, key = sys.argv[1:]
def ask(chain):
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["x"])
    if chain: context.load_cert_chain(cert, key)
    with socket.create_connection(("127.0.0.1", int(port))) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as s:
            s.sendall(b"question\\n")
            print(s.version(), s.makefile("rb").read().decode().strip(), flush=True)
ask(True)
try: ask(False)
except (ssl.SSLError, ConnectionError): print("refused")
`;
			const { port } = server.serverAddress;
			const files = [authority.caFile, person.certFile, person.keyFile];
			const { stdout, stderr } = await runPeer("python3", ["-c", script, `${port}`, ...files]);
			const [first = "", second] = stdout.trim().split("\n");
			assert.equal(second, "refused", stderr);
			assert.match(first, /^TLSv1\.2 /);
			assert.equal(JSON.parse(first.slice(8)).client, "person");
		});
	});

	describe("that takes other certificates", () => {
		test("misses no connection meanwhile, and keeps those under way", async () => {
			await using server = new AsyncTCPServer(anyPort, Upper, { tls });
			server.maxConnections = 64;
			void server.serveForever();
			const old = await connect(server);
			assert.equal(shown(old), "localhost");
			const seen = new Map<string | undefined, number>();
			let stopped = false;
			const load = async (): Promise<void> => {
				while (!stopped) {
					const client = await connect(server);
					const name = shown(client);
					assert.equal(await lineOf(client, "load\n"), "LOAD\n");
					await client[Symbol.asyncDispose]();
					seen.set(name, (seen.get(name) ?? 0) + 1);
				}
			};
			const loads = Promise.all([load(), load(), load()]);
			for (let round = 0; round < 10; round++) {
				const before = seen.get("other") ?? 0;
				server.reloadTls({ key: other.key, cert: other.cert });
				await until(() => (seen.get("other") ?? 0) > before);
				const between = seen.get("localhost") ?? 0;
				server.reloadTls(tls);
				await until(() => (seen.get("localhost") ?? 0) > between);
			}
			stopped = true;
			await loads;
			assert.equal(await lineOf(old, "still here\n"), "STILL HERE\n");
			assert.equal(shown(old), "localhost");
			old.close();
			await server.shutdown();
			const { accepted, finished, failed } = server.statistics();
			assert.deepEqual([finished, failed], [accepted, 0]);
		});

		/** A folder with the files of a server. */
		function folder(): { keyFile: string; certFile: string; put(identity: Identity): void; remove(): void } {
			const place = mkdtempSync(join(tmpdir(), "berkeley-reload-"));
			const [keyFile, certFile] = [join(place, "key.pem"), join(place, "cert.pem")];
			const put = (identity: Identity): void => {
				// As those do who know how: a new file in the place of the old.
				for (const [from, to] of [
					[identity.keyFile, keyFile],
					[identity.certFile, certFile],
				] as const) {
					copyFileSync(from, `${to}.new`);
					renameSync(`${to}.new`, to);
				}
			};
			return { keyFile, certFile, put, remove: () => rmSync(place, { recursive: true }) };
		}

		/** The name in the certificate that a new connection is shown. */
		async function name(server: AsyncTCPServer): Promise<string | undefined> {
			const client = await connect(server);
			const found = shown(client);
			client.close();
			return found;
		}

		for (const how of ["when asked to", "at a signal", "when the files change"]) {
			test(`reads the files again ${how}, and keeps what it has when they are broken`, async () => {
				const { keyFile, certFile, put, remove } = folder();
				try {
					put(localhost);
					const signal = how === "at a signal" ? { reloadSignal: true } : {};
					const watch = how === "when the files change" ? { watch: 10 } : {};
					await using server = new AsyncTCPServer(anyPort, Upper, {
						tls: { keyFile, certFile, ...signal, ...watch },
					});
					const errors: unknown[] = [];
					let reloads = 0;
					server.handleReloadError = (error) => void errors.push(error);
					server.tlsReloaded = () => void reloads++;
					void server.serveForever();
					const due = (): void => {
						if (how === "at a signal") process.kill(process.pid, "SIGHUP");
						if (how !== "when asked to") return;
						try {
							server.reloadTls();
						} catch (error) {
							errors.push(error);
						}
					};
					assert.equal(await name(server), "localhost");

					put(other);
					due();
					await until(() => reloads === 1);
					assert.equal(await name(server), "other");

					// The key of one with the certificate of another.
					copyFileSync(localhost.keyFile, keyFile);
					due();
					await until(() => errors.length === 1);
					assert.equal((errors[0] as TlsError).code, "ERR_OSSL_X509_KEY_VALUES_MISMATCH");
					assert.equal(await name(server), "other");

					writeFileSync(keyFile, "");
					due();
					await until(() => errors.length === 2);
					assert.match(String(errors[1]), /key\.pem is not in PEM/);

					rmSync(keyFile);
					due();
					await until(() => errors.length === 3);
					assert.match(String(errors[2]), /ENOENT/);
					assert.equal(await name(server), "other");

					put(localhost);
					due();
					await until(() => reloads === 2);
					assert.equal(await name(server), "localhost");
				} finally {
					remove();
				}
			});
		}

		test("forgets files and signals that are no longer named", async () => {
			const { keyFile, certFile, put, remove } = folder();
			try {
				put(localhost);
				const before = process.listenerCount("SIGHUP");
				const server = new AsyncTCPServer(anyPort, Upper, {
					tls: { keyFile, certFile, reloadSignal: "SIGHUP", watch: true },
				});
				server.open();
				assert.equal(process.listenerCount("SIGHUP"), before + 1);
				assert.throws(() => server.reloadTls({ key: "no key", cert: "none" }), /not in PEM/);
				assert.equal(process.listenerCount("SIGHUP"), before + 1);
				server.reloadTls(tls);
				assert.equal(process.listenerCount("SIGHUP"), before);
				assert.equal(server.tls, tls);
				await server.close();
				const plain = new AsyncTCPServer(anyPort, Upper);
				assert.throws(() => plain.reloadTls(tls), /speaks no TLS/);
			} finally {
				remove();
			}
		});
	});

	describe("and clients that misbehave:", () => {
		/** The beginning of what a client sends to open TLS. */
		const hello = Buffer.from("160301020001000150", "hex");

		/** Clients that do not go on: every second one has sent something. */
		async function stall(server: AsyncTCPServer): Promise<Socket[]> {
			const stalled: Socket[] = [];
			for (let count = 0; count < 50; count++) {
				const socket = await createConnection(server.serverAddress);
				await socket.sendall(count % 2 === 0 ? hello : "");
				stalled.push(socket as Socket);
			}
			return stalled;
		}

		async function dropped(stalled: readonly Socket[]): Promise<void> {
			for (const socket of stalled) {
				assert.equal((await soon(socket.recv(1).catch(() => ""))).length, 0);
				socket.close();
			}
		}

		test("who stalls in mid-handshake holds nobody up", async () => {
			await using server = new AsyncTCPServer(anyPort, Upper, { tls });
			void server.serveForever();
			const stalled = await stall(server);
			const client = await connect(server);
			assert.equal(await lineOf(client, "quick\n"), "QUICK\n");
			await client[Symbol.asyncDispose]();
			await until(() => server.activeRequests === 50);
			assert.equal(await server.shutdown({ grace: 0 }), 50);
			await dropped(stalled);
		});

		test("who stalls in mid-handshake is dropped in time", async () => {
			const options = { ...tls, handshakeTimeout: 50 };
			await using server = new AsyncTCPServer(anyPort, Upper, { tls: options });
			const errors: { code?: string; syscall?: string }[] = [];
			server.handleError = (_request, _address, error) => void errors.push(error as object);
			void server.serveForever();
			await dropped(await stall(server));
			await until(() => errors.length === 50);
			assert.ok(errors.every(({ code, syscall }) => code === "ETIMEDOUT" && syscall === "wrapTls"));
			assert.equal(server.statistics().tlsErrors, 50);
		});

		test("who is silent for the idle timeout is dropped in the handshake too", async () => {
			await using server = new AsyncTCPServer(anyPort, Upper, { tls });
			server.idleTimeout = 20;
			const told = gate();
			server.handleError = (_request, _address, error) => {
				assert.equal((error as { code?: string }).code, "ETIMEDOUT");
				told.open();
			};
			void server.serveForever();
			using silent = await createConnection(server.serverAddress);
			assert.equal((await silent.recv(1)).length, 0);
			await told.opened;
			silent.close();
		});

		test("who trickles is dropped after the total timeout", async () => {
			await using server = new AsyncTCPServer(anyPort, Upper, { tls });
			server.totalTimeout = 50;
			const errors: unknown[] = [];
			server.handleError = (_request, _address, error) => void errors.push(error);
			void server.serveForever();
			const slow = await createConnection(server.serverAddress);
			await slow.sendall(hello);
			assert.equal((await slow.recv(1).catch(() => Buffer.alloc(0))).length, 0);
			slow.close();
			await until(() => errors.length === 1);
			assert.match(String(errors[0]), /TimeoutError: request 127\.0\.0\.1:\d+: timed out after 50 ms/);
			assert.equal(server.statistics().ended, 1);
		});

		test("who speaks no TLS, or leaves, is closed and told of, and the next is served", async () => {
			for (const Server of [TCPServer, AsyncTCPServer]) {
				await using server = new Server(anyPort, Upper, { tls });
				const errors: unknown[] = [];
				server.handleError = (_request, _address, error) => void errors.push(error);
				void server.serveForever();
				const plain = await createConnection(server.serverAddress);
				await plain.sendall("GET / HTTP/1.1\r\n\r\n");
				// An alert may come, or a reset.
				await plain.recv(100).catch(() => {});
				plain.close();
				await until(() => errors.length === 1);
				assert.match(String(errors[0]), /TlsError: wrapTls: .*does not speak TLS/);
				(await createConnection(server.serverAddress)).close();
				await until(() => errors.length === 2);
				assert.match(String(errors[1]), /during the handshake/);
				const client = await connect(server);
				assert.equal(await lineOf(client, "next\n"), "NEXT\n");
				client.close();
				assert.equal(server.statistics().tlsErrors, 2);
			}
		});

		test("who resets in mid-request is told by handleError()", async () => {
			await using server = new AsyncTCPServer(anyPort, Upper, { tls });
			const told = gate();
			server.handleError = (_request, _address, error) => {
				assert.match((error as { code: string }).code, /ECONNRESET|EPIPE/);
				told.open();
			};
			void server.serveForever();
			const socket = await createConnection(server.serverAddress);
			const rude = await wrapTls(socket as Socket, { ca: authority.ca, servername: "localhost" });
			assert.equal(await lineOf(rude, "hello\n"), "HELLO\n");
			const { so } = await import("../src/index.js");
			socket.set(so.linger, { seconds: 0 });
			socket.close();
			await told.opened;
			rude.close();
		});
	});

	test("is shut down in mid-handshake and in mid-request, and signals abort", async () => {
		await using server = new AsyncTCPServer(
			anyPort,
			class extends TlsRequestHandler {
				override async handle() {
					const { signal } = this;
					const aborted = new Promise<void>((resolve) => {
						signal.addEventListener("abort", () => resolve());
					});
					await this.wfile.write("begun\n");
					await aborted;
					reasons.push((signal.reason as { code?: string }).code);
				}
			},
			{ tls },
		);
		const reasons: unknown[] = [];
		void server.serveForever();
		const silent = await createConnection(server.serverAddress);
		const client = await connect(server);
		assert.equal(`${await client.recv(100)}`, "begun\n");
		assert.equal(server.activeRequests, 2);
		assert.equal(await server.shutdown({ grace: 0 }), 2);
		await until(() => reasons.length === 1);
		assert.deepEqual(reasons, ["ERR_SERVER_SHUTDOWN"]);
		assert.equal((await silent.recv(1)).length, 0);
		silent.close();
		client.close();
	});

	test("lets a handler end its request by the server, in either form", async () => {
		const told = gate();
		await using server = new AsyncTCPServer(
			anyPort,
			class extends TlsRequestHandler {
				override async handle() {
					assert.ok(this.server.endRequest(this.request, new Error("enough")));
				}
			},
			{ tls },
		);
		server.handleError = (_request, _address, error) => {
			assert.match(String(error), /enough/);
			told.open();
		};
		void server.serveForever();
		const client = await connect(server);
		assert.equal((await client.recv(1).catch(() => Buffer.alloc(0))).length, 0);
		await told.opened;
		client.close();
	});

	test("reads a PROXY header first, where both are asked for", async () => {
		await using server = new AsyncTCPServer(anyPort, Facts, {
			tls: { ...tls, sni: { "a.example": { key: ofA.key, cert: ofA.cert } } },
			proxyProtocol: { trusted: [new Cidr("127.0.0.0/8")] },
		});
		void server.serveForever();
		for (const version of [1, 2] as const) {
			const socket = await createConnection(server.serverAddress);
			const destination = { host: "2001:db8::2", port: 443 };
			const source = { host: "2001:db8::1", port: 12345 };
			await socket.sendall(buildProxyHeader({ version, source, destination }));
			const client = await wrapTls(socket as Socket, { ca: authority.ca, servername: "a.example" });
			const { servername, address, proxied } = JSON.parse(await lineOf(client));
			assert.equal(servername, "a.example");
			assert.deepEqual(address, source);
			assert.deepEqual(proxied, destination);
			client.close();
		}
	});

	test("can be described by data that crosses to another thread or process", async () => {
		const there = { ...tls, ca: authority.ca, sni: { "*.b.example": { key: ofB.key, cert: ofB.cert } } };
		await using original = new AsyncTCPServer(anyPort, Facts, {
			tls: { ...there, ALPNProtocols: ["x"], ticketKeys: Buffer.alloc(48, 7) },
			proxyProtocol: { trusted: [new Cidr("127.0.0.1")] },
		});
		original.deny = [new Cidr("192.0.2.0/24")];
		const settings = original.connectionSettings as ConnectionSettings;
		for (const copy of [structuredClone(settings), JSON.parse(JSON.stringify(settings))]) {
			assert.deepEqual(copy, settings);
			await using server = new AsyncTCPServer(anyPort, Facts as never);
			server.connectionSettings = copy as ConnectionSettings;
			void server.serveForever();
			const ask = async (host: string): Promise<Client> => {
				const socket = await createConnection(server.serverAddress);
				const ends = { source: { host, port: 1 }, destination: { host: "192.0.2.2", port: 2 } };
				await socket.sendall(buildProxyHeader(ends));
				return wrapTls(socket as Socket, { ca: authority.ca, servername: "one.b.example" });
			};
			const client = await ask("198.51.100.1");
			assert.equal(shown(client), "b.example");
			assert.deepEqual(JSON.parse(await lineOf(client)).address, { host: "198.51.100.1", port: 1 });
			client.close();
			await assert.rejects(ask("192.0.2.1"));
			await until(() => server.statistics().refused === 1);
		}
		await using choosing = new AsyncTCPServer(anyPort, Facts, { tls: { ...tls, sni: () => undefined } });
		assert.throws(() => choosing.connectionSettings, /sni cannot be a function/);
		assert.equal(new AsyncTCPServer(anyPort, Upper).connectionSettings, undefined);
	});

	test("is refused before anything is touched when its options cannot be", async () => {
		const refused = (
			options: unknown,
			message: RegExp,
			kind: new (...args: never[]) => Error = TypeError,
		) => {
			const server = new AsyncTCPServer(anyPort, Upper, { tls: options as TlsServerOptions });
			assert.throws(
				() => server.open(),
				(error) => {
					assert.ok(error instanceof kind, String(error));
					assert.match(error.message, message);
					return true;
				},
			);
			assert.throws(() => serve(anyPort, Upper, { tls: options as TlsServerOptions }), message);
		};
		refused({}, /needs a key and a cert/);
		refused("x", /object of options/);
		refused({ ...tls, keyfile: "x" }, /no option "keyfile"/);
		refused({ key: tls.key }, /has a key and no cert/);
		refused({ ...tls, keyFile: "x" }, /key and keyFile/);
		refused({ ...tls, key: 5 }, /text or bytes/);
		refused({ ...tls, cert: "" }, /not in PEM/);
		refused({ keyFile: "/no/such/key", certFile: "/no/such/cert" }, /ENOENT/, Error);
		refused({ ...tls, key: other.key }, /key values mismatch/i, TlsError);
		refused({ ...tls, key: tls.key.replaceAll(/[a-z]/g, "A") }, /tls: /, TlsError);
		refused({ ...tls, requestCert: true }, /needs `ca`/);
		refused({ ...tls, ALPNProtocols: "h2" }, /array of names/);
		refused({ ...tls, ALPNProtocols: [""] }, /1 to 255 bytes/);
		refused({ ...tls, sni: [] }, /identities by name/);
		refused({ ...tls, sni: { "*": tls } }, /a name is/, RangeError);
		refused({ ...tls, sni: { "a.*.b": tls } }, /a name is/, RangeError);
		refused({ ...tls, sni: { a: {} } }, /tls\.sni\["a"\] needs a key/);
		refused({ ...tls, sni: { a: { ...tls, watch: 1 } } }, /no option "watch"/);
		refused({ ...tls, sni: { a: { ...tls, key: other.key } } }, /tls\.sni\["a"\]: .*mismatch/i, TlsError);
		refused({ ...tls, handshakeTimeout: -1 }, /handshakeTimeout/, RangeError);
		refused({ ...tls, ticketKeys: Buffer.alloc(47) }, /48 bytes/, RangeError);
		refused({ ...tls, minVersion: 3 }, /minVersion must be a string/);
		refused({ ...tls, minVersion: "TLSv9" }, /TLSv9/, Error);
		refused({ ...tls, watch: true }, /no files/);
		refused({ keyFile: localhost.keyFile, certFile: localhost.certFile, watch: 0 }, /watch/, RangeError);
		const files = { keyFile: localhost.keyFile, certFile: localhost.certFile };
		refused({ ...files, reloadSignal: "SIGNOTHING" }, /no signal/, RangeError);
		refused({ ...files, reloadSignal: 5 }, /reloadSignal/);
		class Packets extends AsyncUnixStreamServer {
			override socketType = SOCK_SEQPACKET;
		}
		assert.throws(() => new Packets(freshName(), Upper as never, { tls }).open(), /stream of bytes/);
		assert.throws(() => new AsyncTCPServer(anyPort, Upper, 5 as never), /an object of options/);
		await Promise.resolve();
	});

	test("takes PKCS #12, passphrases, several keys, and paths as URLs", async () => {
		const place = mkdtempSync(join(tmpdir(), "berkeley-pfx-"));
		try {
			const pfx = join(place, "both.p12");
			const args = ["pkcs12", "-export", "-inkey", localhost.keyFile, "-in", localhost.certFile];
			const made = await runPeer("openssl", [...args, "-out", pfx, "-passout", "pass:secret"]);
			assert.equal(made.code, 0, made.stderr);
			const encrypted = join(place, "encrypted.pem");
			await runPeer("openssl", [
				...["ec", "-in", localhost.keyFile, "-aes256", "-passout", "pass:secret", "-out", encrypted],
			]);
			const { pathToFileURL } = await import("node:url");
			const options: TlsServerOptions[] = [
				{ pfxFile: pfx, passphrase: "secret" },
				{ keyFile: pathToFileURL(encrypted), certFile: [localhost.certFile], passphrase: "secret" },
				{ key: [Buffer.from(localhost.key)], cert: new Uint8Array(Buffer.from(localhost.cert)) },
			];
			for (const tls of options) {
				await using server = new AsyncTCPServer(anyPort, Upper, { tls });
				void server.serveForever();
				const client = await connect(server);
				assert.equal(await lineOf(client, "x\n"), "X\n");
				client.close();
			}
		} finally {
			rmSync(place, { recursive: true });
		}
	});
});

test("node:tls is not loaded where no server speaks it", {
	skip: isDeno && "Deno has no list of modules",
}, async () => {
	const url = new URL("../src/server/index.js", import.meta.url).href;
	const script = `
		const { serve } = await import(${JSON.stringify(url)});
		await serve({ host: "127.0.0.1", port: 0 }, () => {}).close();
		console.log(process.moduleLoadList.filter((name) => / (_tls_wrap|tls|crypto)$/.test(name)).join());
	`;
	const { stdout, stderr } = await runPeer(process.execPath, ["--input-type=module", "-e", script]);
	assert.equal(stdout.trim(), "", stderr);
});
