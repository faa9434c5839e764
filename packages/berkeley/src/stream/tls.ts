/**
 * TLS over any connection: Python's ssl module, on node:tls.
 *
 * Left out: blocking twins, for node:tls needs the event loop; and DTLS, which it does not have.
 */
import type * as nodeTls from "node:tls";
import type { ConnectionOptions, TLSSocket, TLSSocketOptions } from "node:tls";
import type { WaitOptions } from "../arguments.js";
import type { AsyncByteChannel, NamedChannel } from "./channel.js";
import { Patience } from "./patience.js";
import { RecordStream } from "./records.js";
import { tlsEnded, tlsError } from "./tlserror.js";
import { TlsSocket } from "./tlssocket.js";

type Decided = "isServer" | "server" | "socket" | "host" | "port" | "path" | "allowHalfOpen" | "timeout";

/** How TLS is put over a connection: the options of tls.connect() and tls.TLSSocket, and some more. */
export interface WrapTlsOptions
	extends Omit<ConnectionOptions, Decided | keyof TLSSocketOptions>,
		Omit<TLSSocketOptions, Decided>,
		WaitOptions {
	/** Whether this end is the server; the client when left out. Python's server_side. */
	serverSide?: boolean;
	/**
	 * The server's name: it is asked for (SNI), and the certificate is checked against it. A client must give
	 * it, or `rejectUnauthorized: false`, or a `checkServerIdentity` of its own. An IP address is checked but not
	 * asked for. Python's server_hostname.
	 */
	servername?: string;
	/** Milliseconds for the handshake; the channel's own timeout when left out. */
	timeout?: number | null | undefined;
}

/**
 * Puts TLS over a connection and makes the handshake. Python's SSLContext.wrap_socket().
 *
 * The channel belongs to TLS from then on: do not read or write it. When the handshake fails, for whatever
 * reason, the channel is closed. Options with certificates are read once for each connection: a server of many
 * makes them once by tls.createSecureContext() and gives them as `secureContext`.
 * @throws TlsError with Node's or OpenSSL's code; SocketError when the connection fails; TimeoutError
 */
export async function wrapTls<Channel extends AsyncByteChannel & NamedChannel>(
	channel: Channel,
	options: WrapTlsOptions = {},
): Promise<TlsSocket<Channel>> {
	let records: RecordStream | undefined;
	try {
		const { serverSide = false, timeout, signal, ...others } = options;
		const patience = new Patience("wrapTls", { timeout, signal }, channel.gettimeout?.() ?? null);
		patience.check();
		if (!serverSide) checkServerName(options);
		// Loaded when it is needed: it takes longer than the whole library.
		const node = await import("node:tls");
		records = new RecordStream(channel);
		const tls = serverSide ? serverOver(node, records, others) : clientOver(node, records, others);
		await handshake(tls, records, serverSide, options, patience);
		return new TlsSocket(channel, records, tls);
	} catch (error) {
		records?.destroy();
		channel.close();
		throw error;
	}
}

function checkServerName({ servername, rejectUnauthorized, checkServerIdentity }: WrapTlsOptions): void {
	if (servername || rejectUnauthorized === false || checkServerIdentity !== undefined) return;
	throw new TypeError(
		"wrapTls: a client gives `servername`, which the certificate is checked against, or `rejectUnauthorized: false`",
	);
}

type NodeOptions = Omit<WrapTlsOptions, "serverSide" | "timeout" | "signal">;

function clientOver(
	node: typeof nodeTls,
	records: RecordStream,
	{ servername, ...options }: NodeOptions,
): TLSSocket {
	// An address goes by `host`: it is compared with the certificate, but must not be sent (RFC 6066, section 3).
	const numeric = servername !== undefined && /^[\d.]+$|:/.test(servername);
	const name = servername === undefined ? {} : numeric ? { host: servername } : { servername };
	return guarded(() => node.connect({ ...options, ...name, socket: records }));
}

function serverOver(node: typeof nodeTls, records: RecordStream, options: NodeOptions): TLSSocket {
	// Who asks for a certificate wants one, unless told otherwise; as tls.Server has it.
	const rejectUnauthorized = options.requestCert === true && options.rejectUnauthorized !== false;
	return guarded(() => new node.TLSSocket(records, { ...options, isServer: true, rejectUnauthorized }));
}

/** What node:tls says of a key or certificate that it cannot use. */
function guarded(make: () => TLSSocket): TLSSocket {
	try {
		return make();
	} catch (error) {
		throw error instanceof TypeError || error instanceof RangeError ? error : tlsError("wrapTls", error);
	}
}

async function handshake(
	tls: TLSSocket,
	records: RecordStream,
	serverSide: boolean,
	options: WrapTlsOptions,
	patience: Patience,
): Promise<void> {
	// After the handshake, and after a failed one, nobody else may listen for an error that still comes.
	tls.on("error", () => {});
	records.on("error", () => {});
	await patience.wait((done, fail) => {
		const failed = (error: unknown): void => fail(tlsError("wrapTls", error));
		const closed = (): void => failed(records.errored ?? tlsEnded("wrapTls", "during the handshake"));
		const secure = serverSide ? "secure" : "secureConnect";
		tls
			.once(secure, done)
			.once("error", failed)
			.once("_tlsError", failed)
			.once("close", closed)
			.once("end", closed);
		records.once("error", failed);
		return () => {
			tls
				.off(secure, done)
				.off("error", failed)
				.off("_tlsError", failed)
				.off("close", closed)
				.off("end", closed);
			records.off("error", failed);
		};
	});
	if (serverSide && options.requestCert) checkClient(tls, options.rejectUnauthorized !== false);
}

type VerifyError = Error & { code?: string };

/** node:tls leaves it to tls.Server to look at the client's certificate. */
function checkClient(tls: TLSSocket, reject: boolean): void {
	const handle = (tls as unknown as { ssl?: { verifyError?: () => VerifyError | null } }).ssl;
	const unknown: VerifyError = new Error("the certificate was not verified");
	const error = handle?.verifyError === undefined ? unknown : handle.verifyError();
	tls.authorized = !error;
	if (!error) return;
	tls.authorizationError = (error.code ?? error.message) as unknown as Error;
	if (reject) throw tlsError("wrapTls", error);
}
