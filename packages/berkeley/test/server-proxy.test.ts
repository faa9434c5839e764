/**
 * Servers behind proxies: whom they believe, what handlers learn, and that not a byte of what follows is lost.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import {
	AF_UNIX,
	Cidr,
	createConnection,
	createServer,
	SHUT_WR,
	SOCK_STREAM,
	Socket,
	socketpair,
} from "../src/index.js";
import {
	AsyncTCPServer,
	AsyncUnixStreamServer,
	BaseRequestHandler,
	buildProxyHeader,
	ProxyHeaderError,
	type ProxyHeaderFields,
	type ProxyProtocolOptions,
	readProxyHeader,
	StreamRequestHandler,
	serve,
	TCPServer,
} from "../src/server/index.js";
import { wrapTls } from "../src/stream/index.js";
import { Authority, noOpenssl } from "./support/certificates.js";
import { runPeer } from "./support/children.js";
import { noHaproxy, withHaproxy } from "./support/haproxy.js";
import { freshName, gate } from "./support/servers.js";
import { until } from "./support/until.js";

const anyPort = { host: "127.0.0.1", port: 0 };
const loopback = new Cidr("127.0.0.0/8");
const proxyProtocol = { trusted: [loopback] } satisfies ProxyProtocolOptions;
const ends = { source: { host: "192.0.2.1", port: 1111 }, destination: { host: "192.0.2.2", port: 443 } };
const ends6 = { source: { host: "2001:db8::1", port: 1 }, destination: { host: "2001:db8::2", port: 2 } };

interface Told {
	address: unknown;
	header: ProxyHeaderFields | null;
	data: string;
}

/** Answers with what it knows of the client, and all that the client has sent. */
class Tell extends StreamRequestHandler<number> {
	override async handle() {
		const data = (await this.rfile.read()).toString("latin1");
		const told: Told = { address: this.clientAddress, header: this.proxyHeader ?? null, data };
		await this.wfile.write(JSON.stringify(told));
	}
}

/** What is in a JSON text in the place of bytes. */
function bytes(value: unknown): Buffer {
	return Buffer.from((value as { data: number[] }).data);
}

async function answerOf(client: Socket): Promise<Told> {
	client.shutdown(SHUT_WR);
	return JSON.parse(`${await client.makefile("rb").read()}`);
}

async function connect(server: { readonly serverAddress: { host: string; port: number } }): Promise<Socket> {
	return (await createConnection(server.serverAddress)) as Socket;
}

/** Whether the server has closed it. With data unread TCP resets. */
async function ended(client: Socket): Promise<boolean> {
	return (await client.recv(1).catch(() => "")).length === 0;
}

/** Sends something and gives the answer. */
async function ask(
	server: { readonly serverAddress: { host: string; port: number } },
	...pieces: (string | Buffer)[]
): Promise<Told> {
	using client = await connect(server);
	await client.sendall(Buffer.concat(pieces.map((piece) => Buffer.from(piece as string))));
	return await answerOf(client);
}

/** What the errors of a server say. */
function errorsOf(server: { handleError: (...args: never[]) => void }): string[] {
	const errors: string[] = [];
	server.handleError = (_request: unknown, _address: unknown, error: unknown) => void errors.push(`${error}`);
	return errors;
}

describe("a server behind proxies", () => {
	test("has the client's address from either version, side by side or not", async () => {
		for (const Server of [TCPServer, AsyncTCPServer]) {
			await using server = new Server(anyPort, Tell, { proxyProtocol });
			void server.serveForever();
			for (const version of [1, 2] as const) {
				for (const { source, destination } of [ends, ends6]) {
					const told = await ask(server, buildProxyHeader({ version, source, destination }), "payload");
					assert.deepEqual(told.address, source);
					assert.deepEqual(told.header?.destination, destination);
					assert.equal(told.header?.version, version);
					assert.equal(told.data, "payload");
				}
			}
		}
	});

	test("has its peer's own where the header names nobody: UNKNOWN, LOCAL, UNSPEC, a path", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		void server.serveForever();
		for (const fields of [
			{ version: 1 as const },
			{ command: "LOCAL" as const },
			{},
			{ source: "/run/client", destination: "/run/server" },
		]) {
			using client = await connect(server);
			await client.sendall(buildProxyHeader(fields));
			const own = client.getsockname();
			const told = await answerOf(client);
			assert.deepEqual(told.address, own);
			assert.equal(told.header?.command, fields.command ?? "PROXY");
			assert.equal(told.header?.source, fields.source);
		}
	});

	test("learns the rest from the header, also in a function", async () => {
		const fields: ProxyHeaderFields = {
			...ends,
			alpn: "h2",
			authority: "a.example",
			uniqueId: Buffer.from("id"),
			ssl: {
				tls: true,
				certificateOnConnection: true,
				certificateInSession: true,
				verify: 0,
				commonName: "person",
			},
			tlvs: [{ type: 0xe5, value: Buffer.from("own") }],
			checksum: true,
		};
		await using server = serve(
			anyPort,
			async (connection, { clientAddress, proxyHeader }) => {
				assert.deepEqual(clientAddress, ends.source);
				assert.equal(proxyHeader?.ssl?.verified, true);
				await connection.sendall(JSON.stringify({ address: clientAddress, header: proxyHeader, data: "" }));
				await connection.recv(1);
			},
			{ proxyProtocol },
		);
		const { header } = await ask(server, buildProxyHeader(fields));
		assert.equal(header?.alpn, "h2");
		assert.equal(header?.authority, "a.example");
		assert.equal(`${bytes(header?.uniqueId)}`, "id");
		assert.equal(header?.ssl?.commonName, "person");
		assert.ok(header?.tlvs?.some(({ type, value }) => type === 0xe5 && `${bytes(value)}` === "own"));
	});

	test("on a Unix socket takes them from anybody if it is told to, with addresses of any family", async () => {
		await using server = new AsyncUnixStreamServer(freshName(), Tell, { proxyProtocol: { trustUnix: true } });
		void server.serveForever();
		const paths = { source: "/run/client", destination: "\0server" };
		for (const { source, destination } of [ends, ends6, paths]) {
			using client = new Socket(AF_UNIX, SOCK_STREAM);
			await client.connect(server.serverAddress);
			await client.sendall(buildProxyHeader({ source, destination }));
			const told = await answerOf(client as Socket);
			assert.deepEqual(told.address, source);
			assert.deepEqual(told.header?.destination, destination);
		}
		await using wary = new AsyncUnixStreamServer(freshName(), Tell, { proxyProtocol });
		void wary.serveForever();
		using client = new Socket(AF_UNIX, SOCK_STREAM);
		await client.connect(wary.serverAddress);
		await client.sendall(buildProxyHeader({ version: 1, ...ends }));
		const told = await answerOf(client as Socket);
		assert.equal(told.header, null);
		assert.match(told.data, /^PROXY TCP4/);
	});

	test("leaves every byte behind the header in the socket, however the pieces come", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		void server.serveForever();
		const payload = "\r\nPROXY TCP4 payload \0\r\n\r\n";
		const big = buildProxyHeader({ ...ends, tlvs: [{ type: 0xe0, value: Buffer.alloc(5000, "\n") }] });
		for (const header of [
			buildProxyHeader({ version: 1, ...ends }),
			buildProxyHeader({ ...ends, checksum: true }),
			big,
		]) {
			const whole = Buffer.concat([header, Buffer.from(payload, "latin1")]);
			for (const cut of [1, 5, 6, 12, 13, 15, 16, 17, header.length - 1, header.length, header.length + 1]) {
				using client = await connect(server);
				await client.sendall(whole.subarray(0, cut));
				// The server has seen the first piece when it answers somebody else.
				await ask(server, header);
				await client.sendall(whole.subarray(cut));
				const told = await answerOf(client);
				assert.equal(told.data, payload);
				assert.deepEqual(told.address, ends.source);
			}
		}
	});

	test("takes a header that dribbles in byte by byte, while others are served", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		void server.serveForever();
		const header = buildProxyHeader({ version: 1, ...ends });
		using slow = await connect(server);
		for (const byte of header) {
			await slow.sendall(Buffer.from([byte]));
			assert.equal((await ask(server, buildProxyHeader({ ...ends6 }), "quick")).data, "quick");
		}
		await slow.sendall("slow");
		assert.equal((await answerOf(slow)).data, "slow");
	});

	test("closes who sends no good header, counts and reports it, and serves the next", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		const errors = errorsOf(server);
		void server.serveForever();
		const bad: [string | Buffer, RegExp][] = [
			["GET / HTTP/1.1\r\n\r\n", /what comes is none: "GET /],
			["PROXY TCP4 1.2.3.4\r\n", /malformed: "PROXY TCP4 1\.2\.3\.4"/],
			[`PROXY UNKNOWN ${"x".repeat(200)}\r\n`, /within 107 bytes/],
			[buildProxyHeader({ ...ends, checksum: true }).fill(9, 28), /checksum|longer/],
			["", /ended without one/],
			["PROXY TCP4 ", /cut off/],
			[buildProxyHeader(ends).subarray(0, 20), /cut off/],
		];
		for (const [index, [bytes, message]] of bad.entries()) {
			using client = await connect(server);
			await client.sendall(bytes);
			try {
				client.shutdown(SHUT_WR);
			} catch {
				// It may be reset by now.
			}
			assert.equal(await ended(client), true);
			await until(() => errors.length === index + 1);
			assert.match(errors[index] ?? "", /^ProxyHeaderError: PROXY header: /);
			assert.match(errors[index] ?? "", message);
		}
		assert.equal((await ask(server, buildProxyHeader(ends), "good")).data, "good");
		const { proxyErrors, failed, accepted } = server.statistics();
		assert.deepEqual([proxyErrors, failed, accepted], [bad.length, bad.length, bad.length + 1]);
	});

	test("closes at once who cannot be sending one any more, without waiting for the rest", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, {
			proxyProtocol: { ...proxyProtocol, headerTimeout: null },
		});
		const errors = errorsOf(server);
		void server.serveForever();
		using client = await connect(server);
		await client.sendall("H");
		assert.equal(await ended(client), true);
		await until(() => errors.length === 1);
	});

	test("gives a header so long as it is told, and not longer than the idle timeout", async () => {
		for (const idleTimeout of [null, 20]) {
			await using server = new AsyncTCPServer(anyPort, Tell, {
				proxyProtocol: { ...proxyProtocol, headerTimeout: idleTimeout === null ? 20 : 60_000 },
			});
			server.idleTimeout = idleTimeout;
			const errors = errorsOf(server);
			void server.serveForever();
			using silent = await connect(server);
			await silent.sendall("PROXY ");
			assert.equal(await ended(silent), true);
			await until(() => errors.length === 1);
			assert.match(errors[0] ?? "", /TimeoutError: readProxyHeader: timed out after 20 ms/);
			assert.equal(server.statistics().proxyErrors, 1);
		}
	});

	test("is shut down while a header is still to come", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		void server.serveForever();
		using silent = await connect(server);
		await silent.sendall("PROXY ");
		await until(() => server.activeRequests === 1);
		assert.equal(await server.shutdown({ grace: 0 }), 1);
		assert.equal(await ended(silent), true);
	});

	test("neither looks for a header of others nor believes it, or refuses them if it is told to", async () => {
		const trusted = [new Cidr("10.0.0.0/8")];
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol: { trusted } });
		void server.serveForever();
		using client = await connect(server);
		const own = client.getsockname();
		await client.sendall(buildProxyHeader({ version: 1, ...ends }));
		const told = await answerOf(client);
		assert.deepEqual(told.address, own);
		assert.equal(told.header, null);
		assert.equal(told.data, "PROXY TCP4 192.0.2.1 192.0.2.2 1111 443\r\n");

		await using strict = new AsyncTCPServer(anyPort, Tell, { proxyProtocol: { trusted, others: "refuse" } });
		const errors = errorsOf(strict);
		void strict.serveForever();
		using other = await connect(strict);
		assert.equal((await other.recv(1)).length, 0);
		await until(() => strict.statistics().refused === 1);
		assert.deepEqual(errors, []);
		assert.equal(strict.statistics().failed, 0);
	});

	test("lets its lists decide about the proxy and about the client", async () => {
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		const errors = errorsOf(server);
		void server.serveForever();
		const from = (host: string) =>
			ask(server, buildProxyHeader({ source: { host, port: 1 }, destination: ends.destination }));
		const refused = async (host: string): Promise<void> => {
			const before = server.statistics().refused;
			await assert.rejects(from(host));
			await until(() => server.statistics().refused === before + 1);
		};
		server.deny = [new Cidr("192.0.2.0/24"), new Cidr("2001:db8::/32")];
		assert.deepEqual((await from("198.51.100.1")).address, { host: "198.51.100.1", port: 1 });
		await refused("192.0.2.77");
		server.deny = [];
		server.allow = [loopback, new Cidr("198.51.100.0/24")];
		assert.deepEqual((await from("198.51.100.1")).address, { host: "198.51.100.1", port: 1 });
		await refused("203.0.113.1");
		server.allow = [new Cidr("198.51.100.0/24")];
		await refused("198.51.100.1");
		assert.deepEqual(errors, []);
		const { finished, failed, accepted } = server.statistics();
		assert.deepEqual([finished, failed, accepted], [2, 0, 5]);
	});

	test("publishes that a client was refused", async () => {
		const { subscribe, unsubscribe } = await import("node:diagnostics_channel");
		const events: unknown[] = [];
		const take = (event: unknown): void =>
			void events.push((event as { clientAddress: unknown }).clientAddress);
		subscribe("berkeley.server.request.refuse", take);
		try {
			await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
			server.deny = [new Cidr(ends.source.host)];
			void server.serveForever();
			using client = await connect(server);
			await client.sendall(buildProxyHeader(ends));
			assert.equal((await client.recv(1)).length, 0);
			assert.deepEqual(events, [client.getsockname()]);
		} finally {
			unsubscribe("berkeley.server.request.refuse", take);
		}
	});

	test("has the header in any handler, and none for datagrams and direct clients", async () => {
		const seen: unknown[] = [];
		await using server = new AsyncTCPServer(
			anyPort,
			class extends BaseRequestHandler<Socket, unknown> {
				override handle() {
					seen.push(this.proxyHeader?.source, this.request.closed);
				}
			} as never,
			{ proxyProtocol },
		);
		void server.serveForever();
		using client = await connect(server);
		await client.sendall(buildProxyHeader(ends));
		assert.equal((await client.recv(1)).length, 0);
		assert.deepEqual([...seen], [ends.source, false]);
		await using direct = serve(anyPort, (_connection, { proxyHeader }) => void seen.push(proxyHeader));
		using other = await connect(direct);
		assert.equal((await other.recv(1)).length, 0);
		assert.equal(seen.at(-1), undefined);
	});

	test("is refused before anything is touched when its options cannot be", () => {
		const refused = (options: unknown, message: RegExp): void => {
			const server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol: options as ProxyProtocolOptions });
			assert.throws(() => server.open(), message);
		};
		refused({}, /trusts nobody/);
		refused({ trusted: [] }, /trusts nobody/);
		refused({ trusted: ["10.0.0.0/8"] }, /new Cidr/);
		refused({ trusted: loopback }, /new Cidr/);
		refused("all", /object of options/);
		refused({ ...proxyProtocol, timeout: 5 }, /no option "timeout"/);
		refused({ ...proxyProtocol, headerTimeout: -1 }, /headerTimeout/);
		refused({ ...proxyProtocol, others: "drop" }, /"serve" or "refuse"/);
		assert.throws(
			() => serve(anyPort, () => {}, { type: 2, proxyProtocol } as never),
			/for connections, and not for datagrams/,
		);
	});
});

describe("readProxyHeader()", () => {
	test("reads one from any connection, and waits as other operations do", async () => {
		const [near, far] = socketpair();
		await far.sendall(Buffer.concat([buildProxyHeader(ends), Buffer.from("rest")]));
		assert.deepEqual((await readProxyHeader(near)).source, ends.source);
		assert.equal(`${await near.recv(100)}`, "rest");
		await assert.rejects(readProxyHeader(near, { timeout: 5 }), {
			name: "TimeoutError",
			syscall: "readProxyHeader",
			timeout: 5,
		});
		near.settimeout(6);
		await assert.rejects(readProxyHeader(near), { code: "ETIMEDOUT", timeout: 6 });
		const controller = new AbortController();
		const waiting = readProxyHeader(near, { signal: controller.signal, timeout: null });
		controller.abort(new Error("enough"));
		await assert.rejects(waiting, /enough/);
		far.close();
		await assert.rejects(readProxyHeader(near), ProxyHeaderError);
		near.close();
		await assert.rejects(readProxyHeader(near), { code: "EBADF" });
	});
});

describe("other programs", () => {
	const authority = noOpenssl ? undefined : new Authority();
	after(() => authority?.remove());

	test("curl --haproxy-protocol is understood", async () => {
		await using server = serve(
			anyPort,
			async (connection, { clientAddress, proxyHeader }) => {
				const file = connection.makefile("rb");
				const request = await file.readline();
				while (`${await file.readline()}`.trim() !== "");
				const text = JSON.stringify({ address: clientAddress, header: proxyHeader, data: `${request}` });
				await connection.sendall(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
			},
			{ proxyProtocol },
		);
		const { port } = server.serverAddress;
		const url = `http://127.0.0.1:${port}/path`;
		const { stdout, stderr } = await runPeer("curl", ["-sS", "--max-time", "30", "--haproxy-protocol", url]);
		assert.notEqual(stdout, "", stderr);
		const { address, header, data } = JSON.parse(stdout) as Told;
		assert.equal(data, "GET /path HTTP/1.1\r\n");
		assert.equal(header?.version, 1);
		assert.deepEqual(address, header?.source);
		assert.deepEqual(header?.destination, { host: "127.0.0.1", port });
	});

	for (const version of [1, 2] as const) {
		test(`HAProxy's version ${version} is understood`, { skip: noHaproxy }, async () => {
			await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
			void server.serveForever();
			const { port } = server.serverAddress;
			const option = version === 1 ? "send-proxy" : "send-proxy-v2";
			const config = `listen front
  mode tcp
  bind fd@3
  server back 127.0.0.1:${port} ${option}
`;
			await withHaproxy(config, async (front) => {
				using client = (await createConnection({ host: "127.0.0.1", port: front })) as Socket;
				const own = client.getsockname();
				await client.sendall("through the proxy");
				const told = await answerOf(client);
				assert.deepEqual(told.address, own);
				assert.equal(told.header?.version, version);
				assert.deepEqual(told.header?.destination, { host: "127.0.0.1", port: front });
				assert.equal(told.data, "through the proxy");
			});
		});
	}

	test("what HAProxy tells of TLS is understood, and its checksum is ours", {
		skip: noHaproxy || noOpenssl,
	}, async () => {
		if (authority === undefined) return;
		await using server = new AsyncTCPServer(anyPort, Tell, { proxyProtocol });
		void server.serveForever();
		const { port } = server.serverAddress;
		const proxy = authority.issue("proxy", "DNS:proxy.example");
		const person = authority.issue("person", "DNS:person");
		const both = join(authority.directory, "both.pem");
		writeFileSync(both, readFileSync(proxy.certFile, "utf8") + readFileSync(proxy.keyFile, "utf8"));
		const options = "ssl,cert-cn,ssl-cipher,cert-sig,cert-key,crc32c,unique-id,authority";
		const config = `listen front
  mode tcp
  unique-id-format connection-%pid
  bind fd@3 ssl crt ${both} ca-file ${authority.caFile} verify optional alpn one,two
  server back 127.0.0.1:${port} send-proxy-v2 proxy-v2-options ${options}
`;
		await withHaproxy(config, async (front) => {
			for (const identity of [{ key: person.key, cert: person.cert }, {}]) {
				const socket = await createConnection({ host: "127.0.0.1", port: front });
				const own = socket.getsockname();
				const tls = { ca: authority.ca, servername: "proxy.example", ALPNProtocols: ["two"], ...identity };
				const client = await wrapTls(socket, tls);
				await client.sendall("secret");
				client.shutdown(SHUT_WR);
				const told: Told = JSON.parse(`${await client.makefile("rb").read()}`);
				client.close();
				assert.equal(told.data, "secret");
				assert.deepEqual(told.address, own);
				const { checksum, authority: name, uniqueId, ssl } = told.header ?? {};
				assert.equal(checksum, true);
				assert.equal(name, "proxy.example");
				assert.match(`${bytes(uniqueId)}`, /^connection-\d+$/);
				assert.equal(ssl?.tls, true);
				assert.equal(ssl?.version, "TLSv1.3");
				assert.match(ssl?.cipher ?? "", /^TLS_/);
				assert.match(ssl?.keyAlgorithm ?? "", /^EC/);
				const known = "key" in identity;
				assert.equal(ssl?.verified, known);
				assert.equal(ssl?.certificateOnConnection, known);
				assert.equal(ssl?.commonName, known ? "person" : undefined);
			}
		});
	});

	test("HAProxy's health checks are LOCAL", { skip: noHaproxy }, async () => {
		const commands: unknown[] = [];
		const told = gate();
		await using server = serve(
			anyPort,
			(_connection, { proxyHeader }) => {
				commands.push(proxyHeader?.command);
				told.open();
			},
			{ proxyProtocol },
		);
		server.handleError = () => {};
		const { port } = server.serverAddress;
		const config = `listen front
  mode tcp
  bind fd@3
  server back 127.0.0.1:${port} send-proxy-v2 check check-send-proxy inter 100ms
`;
		await withHaproxy(config, async () => {
			await told.opened;
			assert.equal(commands[0], "LOCAL");
		});
	});

	test("HAProxy understands ours", { skip: noHaproxy }, async () => {
		const config = `frontend front
  mode http
  bind fd@3 accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst] %[dst_port] %[fc_pp_authority] %[fc_pp_unique_id]"
`;
		const all: [ProxyHeaderFields, RegExp][] = [
			[{ version: 1, ...ends }, /^192\.0\.2\.1 1111 192\.0\.2\.2 443 {2}$/],
			[{ version: 1, ...ends6 }, /^2001:db8::1 1 2001:db8::2 2 {2}$/],
			[ends, /^192\.0\.2\.1 1111 192\.0\.2\.2 443 {2}$/],
			[
				{ ...ends6, authority: "a.example", uniqueId: Buffer.from("ours"), checksum: true },
				/ a\.example ours$/,
			],
			[{ command: "LOCAL" }, /^127\.0\.0\.1 \d+ 127\.0\.0\.1 /],
			[{ version: 1 }, /^127\.0\.0\.1 \d+ 127\.0\.0\.1 /],
		];
		await withHaproxy(config, async (port) => {
			for (const [fields, expected] of all) {
				using client = await createConnection({ host: "127.0.0.1", port });
				await client.sendall(buildProxyHeader(fields));
				await client.sendall("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
				const answer = `${await client.makefile("rb").read()}`;
				assert.match(answer.split("\r\n\r\n")[1] ?? answer, expected, JSON.stringify(fields));
			}
			// It checks the checksum, too.
			using client = await createConnection({ host: "127.0.0.1", port });
			const wrong = buildProxyHeader({ ...ends, checksum: true });
			wrong[wrong.length - 1] = (wrong[wrong.length - 1] as number) ^ 1;
			await client.sendall(wrong);
			await client.sendall("GET / HTTP/1.1\r\nHost: x\r\n\r\n").catch(() => {});
			const answer = await client.recv(100).catch(() => Buffer.alloc(0));
			assert.equal(`${answer}`, "");
		});
	});
});

test("a listener of one's own can take headers too", async () => {
	using listener = createServer(anyPort);
	using client = await createConnection(listener.getsockname());
	await client.sendall(buildProxyHeader({ version: 1, ...ends6 }));
	const [connection] = await listener.accept();
	using accepted = connection;
	assert.deepEqual((await readProxyHeader(accepted as Socket)).source, ends6.source);
});
