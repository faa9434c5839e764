/**
 * TLS over connections: against itself, against openssl and against Python's ssl module.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { after, describe, test } from "node:test";
import { createSecureContext } from "node:tls";
import { AF_INET, ConnectionError, SHUT_RD, SHUT_WR, SOCK_STREAM, Socket, socketpair } from "../src/index.js";
import { TlsError, type TlsSocket, type WrapTlsOptions, wrapTls } from "../src/stream/index.js";
import { Authority, type Identity, noOpenssl } from "./support/certificates.js";
import { type Peer, startPeer, stopPeer } from "./support/children.js";
import { type Connection, kinds, tcpPair } from "./support/connections.js";
import { noPython } from "./support/oracles.js";
import { isDeno } from "./support/runtime.js";

type Secure = TlsSocket<Connection>;

const children = new Set<ChildProcess>();

/** Starts a peer that prints a line when it is ready. */
async function start(command: string, args: string[], ready: RegExp): Promise<Peer> {
	const peer = await startPeer(command, args, ready);
	children.add(peer.child);
	return peer;
}

async function stop(child: ChildProcess): Promise<void> {
	children.delete(child);
	await stopPeer(child);
}

async function readAll(socket: Secure): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of socket) pieces.push(piece);
	return Buffer.concat(pieces);
}

async function connected(port: number): Promise<Socket<typeof AF_INET>> {
	const socket = new Socket(AF_INET, SOCK_STREAM);
	await socket.connect({ host: "127.0.0.1", port });
	return socket;
}

/** A free port: nothing else on this machine is likely to take it in the meantime. */
function freePort(): number {
	using socket = new Socket(AF_INET, SOCK_STREAM);
	socket.bind({ host: "127.0.0.1", port: 0 });
	return socket.getsockname().port;
}

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("wrapTls()", { skip: noOpenssl }, () => {
	const authority = noOpenssl ? (undefined as never) : new Authority();
	const localhost: Identity = noOpenssl
		? (undefined as never)
		: authority.issue("localhost", "DNS:localhost,IP:127.0.0.1");
	after(async () => {
		authority.remove();
		await Promise.all([...children].map(stop));
	});
	const server = (more: WrapTlsOptions = {}): WrapTlsOptions => ({
		serverSide: true,
		key: localhost.key,
		cert: localhost.cert,
		...more,
	});
	const client = (more: WrapTlsOptions = {}): WrapTlsOptions => ({
		servername: "localhost",
		ca: authority.ca,
		...more,
	});

	/** Both ends with TLS over them. */
	async function pair(
		make: () => Promise<[Connection, Connection]> = tcpPair,
		serverOptions: WrapTlsOptions = {},
		clientOptions: WrapTlsOptions = {},
	): Promise<[Secure, Secure]> {
		const [a, b] = await make();
		return Promise.all([wrapTls(a, server(serverOptions)), wrapTls(b, client(clientOptions))]);
	}

	/** How both handshakes failed; undefined for one that did not. */
	async function failures(
		serverOptions: WrapTlsOptions,
		clientOptions: WrapTlsOptions,
	): Promise<(Error | undefined)[]> {
		const [a, b] = await tcpPair();
		const results = await Promise.allSettled([
			wrapTls(a, server(serverOptions)),
			wrapTls(b, client(clientOptions)),
		]);
		return results.map((result, index) => {
			if (result.status === "fulfilled") {
				result.value.close();
				return undefined;
			}
			assert.ok([a, b][index]?.closed, "a failed handshake closes the channel");
			return result.reason;
		});
	}

	for (const [kind, make] of kinds) {
		for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
			test(`carries 1 MiB both ways over ${kind} by ${version}`, async () => {
				const [a, b] = await pair(make, { minVersion: version, maxVersion: version });
				assert.deepEqual(
					[a.version(), b.version(), b.cipher()?.version],
					[version, version, version === "TLSv1.3" ? version : "TLSv1.2"],
				);
				const data = Buffer.alloc(1 << 20);
				for (let at = 0; at < data.length; at++) data[at] = (at * 31 + (at >> 8)) & 255;
				const send = async (socket: Secure): Promise<void> => {
					await socket.sendall(data);
					socket.shutdown(SHUT_WR);
				};
				const [atA, atB] = await Promise.all([readAll(a), readAll(b), send(a), send(b)]);
				assert.ok(atA.equals(data));
				assert.ok(atB.equals(data));
				a.close();
				b.close();
			});
		}
	}

	test("agrees on ALPN and SNI, and shows certificates", async () => {
		const other = authority.issue("other.example", "DNS:other.example");
		const asked: string[] = [];
		const [a, b] = await pair(
			tcpPair,
			{
				ALPNProtocols: ["h2", "http/1.1"],
				SNICallback(name, done) {
					asked.push(name);
					done(null, createSecureContext({ key: other.key, cert: other.cert }));
				},
			},
			{ servername: "other.example", ALPNProtocols: ["http/1.1"] },
		);
		assert.deepEqual(asked, ["other.example"]);
		assert.deepEqual([a.selectedAlpnProtocol(), b.selectedAlpnProtocol()], ["http/1.1", "http/1.1"]);
		assert.equal(a.servername(), "other.example");
		assert.equal(b.getpeercert()?.subject.CN, "other.example");
		assert.equal(b.getpeercert(true)?.issuerCertificate.subject.CN, "Test Authority");
		assert.equal(a.getpeercert(), undefined);
		assert.deepEqual([b.authorized, b.authorizationError], [true, undefined]);
		a.close();
		b.close();
		const [c, d] = await pair();
		assert.equal(c.selectedAlpnProtocol(), null);
		c.close();
		d.close();
	});

	test("an IP address is checked, and not asked for", async () => {
		const [a, b] = await pair(tcpPair, {}, { servername: "127.0.0.1" });
		assert.equal(a.servername(), null);
		a.close();
		b.close();
		const [, failure] = await failures({}, { servername: "127.0.0.2" });
		assert.ok(failure instanceof TlsError && failure.code === "ERR_TLS_CERT_ALTNAME_INVALID");
	});

	test("checks client certificates where they are asked for", async () => {
		const alice = authority.issue("alice", "DNS:alice");
		const [a, b] = await pair(tcpPair, { requestCert: true, ca: authority.ca }, alice);
		assert.deepEqual([a.authorized, a.getpeercert()?.subject.CN], [true, "alice"]);
		a.close();
		b.close();

		for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
			const [missing] = await failures({ requestCert: true, ca: authority.ca, maxVersion: version }, {});
			assert.equal((missing as TlsError).code, "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE");
		}
		const stranger = new Authority("Another Authority");
		const mallory = stranger.issue("mallory", "DNS:mallory");
		stranger.remove();
		const [unknown] = await failures({ requestCert: true, ca: authority.ca }, mallory);
		assert.equal((unknown as TlsError).name, "TlsError");
		// Deno gives its reason in words alone.
		assert.match((unknown as TlsError).code, isDeno ? /^ERR_TLS$/ : /UNABLE_TO_/);

		const [c, d] = await pair(
			tcpPair,
			{ requestCert: true, rejectUnauthorized: false, ca: authority.ca },
			mallory,
		);
		assert.equal(c.authorized, false);
		// Deno does not tell a server why.
		if (!isDeno) assert.match(c.authorizationError ?? "", /UNABLE_TO_/);
		c.close();
		d.close();
	});

	test("says what is wrong with the peer's certificate", async () => {
		const [atServer, wrongName] = await failures({}, { servername: "wrong.example" });
		assert.ok(wrongName instanceof TlsError);
		assert.equal(wrongName.code, "ERR_TLS_CERT_ALTNAME_INVALID");
		assert.equal(wrongName.syscall, "wrapTls");
		assert.match(wrongName.message, /the certificate is for other names/);
		assert.ok(wrongName.cause instanceof Error);
		if (atServer !== undefined) assert.ok(atServer instanceof TlsError);
		const [, untrusted] = await failures({}, { ca: [] });
		assert.match((untrusted as TlsError).code, /UNABLE_TO_|SELF_SIGNED/);
		const [a, b] = await pair(tcpPair, {}, { ca: [], rejectUnauthorized: false });
		assert.equal(b.authorized, false);
		assert.match(b.authorizationError ?? "", /UNABLE_TO_|SELF_SIGNED/);
		a.close();
		b.close();
	});

	test("says why two ends cannot agree", async () => {
		const versions = await failures({ minVersion: "TLSv1.3" }, { maxVersion: "TLSv1.2" });
		assert.deepEqual(
			versions.map((error) => (error as TlsError).code),
			// Deno sends no alert about it.
			isDeno
				? ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "ECONNRESET"]
				: ["ERR_SSL_UNSUPPORTED_PROTOCOL", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION"],
		);
		const protocols = await failures({ ALPNProtocols: ["a"] }, { ALPNProtocols: ["b"] });
		assert.ok(protocols.every((error) => error instanceof TlsError));
	});

	test("a peer that speaks no TLS, ends or resets is an error at either end", async () => {
		for (const options of [server(), client()]) {
			const [a, b] = await tcpPair();
			b.sendallSync("HTTP/1.1 400 Bad Request\r\n\r\n");
			await assert.rejects(
				wrapTls(a, options),
				(error) => error instanceof TlsError && /does not speak TLS/.test(error.message),
			);
			assert.ok(a.closed);
			b.close();

			const [c, d] = await tcpPair();
			d.shutdown(SHUT_WR);
			await assert.rejects(wrapTls(c, options), { code: "ECONNRESET", message: /during the handshake/ });
			assert.ok(c.closed);
			d.close();
		}
	});

	test("limits the handshake by its timeout, the channel's and a signal", async () => {
		const [a, b] = await tcpPair();
		await assert.rejects(wrapTls(a, client({ timeout: 20 })), {
			name: "TimeoutError",
			code: "ETIMEDOUT",
			syscall: "wrapTls",
		});
		assert.ok(a.closed);
		b.settimeout(20);
		await assert.rejects(wrapTls(b, server()), TlsError);

		const [c, d] = await tcpPair();
		c.settimeout(20);
		await assert.rejects(wrapTls(c, client()), { code: "ETIMEDOUT" });
		const controller = new AbortController();
		const waiting = wrapTls(d, server({ signal: controller.signal, timeout: null }));
		const reason = new Error("enough");
		controller.abort(reason);
		await assert.rejects(waiting, (error) => error === reason || error instanceof TlsError);
		assert.ok(c.closed && d.closed);
	});

	test("a client must name the server, or say that it does not care", async () => {
		const [a, b] = await tcpPair();
		await assert.rejects(wrapTls(a, { ca: authority.ca }), TypeError);
		await assert.rejects(wrapTls(b, { serverSide: true, key: "no key", cert: "no certificate" }), TlsError);
		assert.ok(a.closed && b.closed);
	});

	test("waits as a socket does: timeouts, signals, turns", async () => {
		const [a, b] = await pair();
		await assert.rejects(a.recv(10, 0, { timeout: 10 }), { code: "ETIMEDOUT", syscall: "recv" });
		await assert.rejects(a.recv(10, 0, { timeout: 0 }), { code: "EAGAIN", name: "BlockingIOError" });
		a.settimeout(10);
		assert.equal(a.gettimeout(), 10);
		await assert.rejects(a.recv(10), { code: "ETIMEDOUT" });
		a.settimeout(null);
		const controller = new AbortController();
		const first = a.recv(3);
		const second = a.recv(3, 0, { signal: controller.signal });
		const third = a.recv(3);
		controller.abort(new Error("enough"));
		await assert.rejects(second, /enough/);
		await b.sendall("onetwo");
		assert.deepEqual((await Promise.all([first, third])).map(String), ["one", "two"]);
		await b.send("into");
		const buffer = Buffer.alloc(4);
		assert.equal(await a.recvInto(buffer), 4);
		assert.equal(String(buffer), "into");
		await assert.rejects(a.recv(1, 1), RangeError);
		await assert.rejects(a.send("x", 1), RangeError);
		assert.equal((await a.recv(0)).length, 0);
		a.close();
		b.close();
	});

	test("a peer that does not read holds the sender back, and nothing is lost over timeouts", async () => {
		const [a, b] = await pair();
		let sent = 0;
		const piece = Buffer.alloc(10_000, "x");
		await assert.rejects(
			async () => {
				for (;;) sent += await a.send(piece, 0, { timeout: 50 });
			},
			{ code: "ETIMEDOUT", syscall: "send" },
		);
		await assert.rejects(a.sendall(Buffer.alloc(100_000), 0, { timeout: 10 }), { code: "ETIMEDOUT" });
		assert.ok(sent < 30 << 20, `${sent} bytes`);
		a.shutdown(SHUT_WR);
		assert.equal((await readAll(b)).length, sent);
		await assert.rejects(a.send("more"), { code: "EPIPE" });
		a.close();
		b.close();
	});

	test("a connection that breaks gives what came before, and then the reason, at either call", async () => {
		const [a, b] = await tcpPair();
		const [one, other] = await Promise.all([wrapTls(a, server()), wrapTls(b, client())]);
		await one.sendall("before");
		assert.equal(String(await other.recv(3)), "bef");
		await other.sendall("unread"); // Closed with data unread, TCP resets.
		a.close();
		await assert.rejects(
			async () => {
				for (;;) await other.sendall(Buffer.alloc(100_000));
			},
			(error) => {
				assert.ok(error instanceof ConnectionError, String(error));
				assert.match(error.code, /EPIPE|ECONNRESET/);
				return true;
			},
		);
		assert.equal(String(await other.recv(100)), "ore");
		await assert.rejects(other.recv(100), ConnectionError);
		await assert.rejects(other.send("x"), { code: /EPIPE|ECONNRESET/ });
		other.close();
		one.close();
		assert.ok(b.closed);
	});

	test("half-close keeps the other direction, and the end is given again and again", async () => {
		const [a, b] = await pair();
		await a.sendall("question");
		a.shutdown(SHUT_WR);
		assert.equal(String(await readAll(b)), "question");
		assert.equal((await b.recv(10)).length, 0);
		await b.sendall("answer");
		assert.equal(String(await a.recv(100)), "answer");
		a.shutdown(SHUT_RD);
		assert.equal((await a.recv(10)).length, 0);
		b.close();
		a.close();
	});

	test("closing sends what was sent, rejects what waits, and closes the channel", async () => {
		const [a, b] = await tcpPair();
		const [one, other] = await Promise.all([wrapTls(a, server()), wrapTls(b, client())]);
		const waiting = one.recv(10);
		const next = one.recv(10);
		one.settimeout(0);
		assert.equal(await one.send("last words"), 10);
		one.close();
		assert.ok(one.closed);
		await assert.rejects(waiting, { code: "EBADF" });
		await assert.rejects(next, { code: "EBADF" });
		await assert.rejects(one.recv(1), { code: "EBADF" });
		await assert.rejects(one.sendall("x"), { code: "EBADF" });
		assert.equal(String(await readAll(other)), "last words");
		await other[Symbol.asyncDispose]();
		await until(() => a.closed && b.closed);
	});

	test("unwrap() gives the channel back, and what follows in the clear is not lost", async () => {
		for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
			const [a, b] = socketpair();
			const [one, other] = await Promise.all([
				wrapTls(a, server({ maxVersion: version })),
				wrapTls(b, client()),
			]);
			await one.sendall("secret");
			assert.equal(String(await other.recv(100)), "secret");
			const plain = one.unwrap().then(async (channel) => {
				assert.equal(channel, a);
				await channel.sendall("in the clear");
			});
			assert.equal(await other.unwrap(), b);
			await plain;
			assert.equal(String(await b.recv(100)), "in the clear");
			assert.ok(one.closed && other.closed);
			await assert.rejects(one.recv(1), { code: "EBADF" });
			const again = await Promise.all([wrapTls(a, server()), wrapTls(b, client())]);
			for (const socket of again) socket.close();
		}
	});

	test("unwrap() fails when data is unread or the peer just ends", async () => {
		const [a, b] = await pair();
		await a.sendall("unread");
		await assert.rejects(b.unwrap(), { code: "ERR_SSL_APPLICATION_DATA_AFTER_CLOSE_NOTIFY" });
		assert.ok(b.closed);
		a.close();
		const [c, d] = await tcpPair();
		const [, secure] = await Promise.all([wrapTls(c, server()), wrapTls(d, client())]);
		const unwrapping = secure.unwrap();
		c.shutdown(SHUT_WR);
		await assert.rejects(unwrapping, { code: "ECONNRESET", message: /without a close_notify/ });
		c.close();
	});

	test("offers files and streams", async () => {
		const [a, b] = await pair();
		const file = a.makefile("rw");
		await file.write("line\n");
		await file.flush();
		const other = b.makefile("rb");
		assert.equal(String(await other.readline()), "line\n");
		assert.throws(() => (file as unknown as { readSync(): void }).readSync(), /await read\(\) instead/);
		const stream = b.toStream();
		stream.write("from a stream\n");
		assert.equal(await file.readline(), "from a stream\n");
		const writer = a.writable.getWriter();
		await writer.write("to the stream");
		await writer.close();
		let received = "";
		for await (const piece of stream) received += piece;
		assert.equal(received, "to the stream");
		stream.destroy();
		assert.ok(b.closed);
		a.close();
	});

	test("takes a session up again", { skip: isDeno && "Deno takes up no TLS session" }, async () => {
		const secureContext = createSecureContext({ key: localhost.key, cert: localhost.cert });
		const [a, b] = await pair(tcpPair, { secureContext });
		await a.sendall("x");
		await b.recv(1);
		const session = b.session();
		assert.ok(session);
		assert.equal(b.sessionReused(), false);
		a.close();
		b.close();
		const [c, d] = await pair(tcpPair, { secureContext }, { session });
		assert.equal(d.sessionReused(), true);
		c.close();
		d.close();
	});

	test("speaks to openssl s_server", async () => {
		const port = freePort();
		const { child } = await start(
			"openssl",
			[
				"s_server",
				"-accept",
				`127.0.0.1:${port}`,
				"-key",
				localhost.keyFile,
				"-cert",
				localhost.certFile,
				"-alpn",
				"echo",
				"-rev",
			],
			/ACCEPT/,
		);
		const socket = await wrapTls(await connected(port), client({ ALPNProtocols: ["echo"] }));
		assert.equal(socket.selectedAlpnProtocol(), "echo");
		assert.equal(socket.authorized, true);
		await socket.sendall("abc\n");
		assert.equal(String(await socket.recv(100)), "cba\n");
		socket.close();
		await assert.rejects(
			async () => wrapTls(await connected(port), client({ servername: "wrong.example" })),
			{
				code: "ERR_TLS_CERT_ALTNAME_INVALID",
			},
		);
		await stop(child);
	});

	test("speaks to openssl s_client", async () => {
		using listener = new Socket(AF_INET, SOCK_STREAM);
		listener.bind({ host: "127.0.0.1", port: 0 });
		listener.listen(1);
		const accepted = listener.accept();
		const starting = start(
			"openssl",
			[
				"s_client",
				"-connect",
				`127.0.0.1:${listener.getsockname().port}`,
				"-CAfile",
				authority.caFile,
				"-servername",
				"localhost",
				"-verify_return_error",
			],
			/Verify return code: 0/,
		);
		const [connection] = await accepted;
		const socket = await wrapTls(connection, server());
		const { child, output } = await starting;
		assert.equal(socket.servername(), "localhost");
		child.stdin?.write("to the server\n");
		assert.equal(String(await socket.recv(100)), "to the server\n");
		await socket.sendall("to the client\n");
		await until(() => output().includes("to the client"));
		socket.close();
		await stop(child);
	});

	test("speaks to Python's ssl, and unwraps with it", { skip: noPython }, async () => {
		const script = `
import socket, ssl, sys
key, cert, ca = sys.argv[1:]
listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
plain, _ = listener.accept()
s = context.wrap_socket(plain, server_side=True)
data = b""
while len(data) < 1 << 20: data += s.recv(65536)
s.sendall(data[::-1])
plain = s.unwrap()
plain.sendall(b"in the clear")
assert plain.recv(100) == b"thanks"
plain.close()

plain, _ = listener.accept()
context = ssl.create_default_context(cafile=ca)
s = context.wrap_socket(plain, server_hostname="localhost")
s.sendall(b"from the client")
assert s.recv(100) == b"from the server"
assert s.recv(100) == b""
s.close()
print("done", flush=True)
`;
		const { child, output } = await start(
			"python3",
			["-c", script, localhost.keyFile, localhost.certFile, authority.caFile],
			/port \d+\n/,
		);
		const port = Number(/port (\d+)/.exec(output())?.[1]);
		const socket = await wrapTls(await connected(port), client());
		const data = Buffer.alloc(1 << 20);
		for (let at = 0; at < data.length; at++) data[at] = (at * 7) & 255;
		const sending = socket.sendall(data);
		const received = await socket.makefile("rb").readexactly(data.length);
		await sending;
		assert.ok(received.equals(data.reverse()));
		const plain = await socket.unwrap();
		assert.equal(String(await plain.recv(100)), "in the clear");
		await plain.sendall("thanks");
		plain.close();

		const other = await wrapTls(await connected(port), server());
		assert.equal(String(await other.recv(100)), "from the client");
		await other.sendall("from the server");
		other.close();
		await until(() => output().includes("done"));
		await stop(child);
	});
});
