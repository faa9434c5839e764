/**
 * What goes wrong in TLS, in a sentence.
 */
import { SocketError } from "../errors.js";
import { ECONNRESET, EPROTO } from "../sys/linux/errnos.js";

/**
 * TLS failed: the handshake, a certificate, or a record. Python's SSLError. `code` is Node's or OpenSSL's
 * ("ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED", "ERR_SSL_WRONG_VERSION_NUMBER"), `errno` EPROTO, and
 * `cause` the error that node:tls gave. A failure of the connection below is a SocketError of its own.
 */
export class TlsError extends SocketError {
	static {
		TlsError.prototype.name = "TlsError";
	}
}

/** What to do about it, by code. Sorted. */
const advice: Record<string, string> = {
	CERT_HAS_EXPIRED: "the certificate, or one above it, is out of date; check this machine's clock too",
	CERT_NOT_YET_VALID: "the certificate is not valid yet; check this machine's clock too",
	DEPTH_ZERO_SELF_SIGNED_CERT: "nobody vouches for the certificate; give it as `ca` if you trust it",
	ERR_SSL_HTTP_REQUEST: "the peer does not speak TLS but HTTP",
	ERR_SSL_NO_SHARED_CIPHER:
		"this end has no certificate (`key`, `cert`), or none of its ciphers suits the peer",
	ERR_SSL_NO_APPLICATION_PROTOCOL: "the two ends have no ALPN protocol in common",
	ERR_SSL_PACKET_LENGTH_TOO_LONG: "the peer does not speak TLS",
	ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: "the client has sent no certificate",
	ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
		"the peer refuses: no common cipher, or no certificate that it wants",
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "the peer wants a client certificate (`key`, `cert`)",
	ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: "the peer speaks none of the ALPN protocols offered",
	ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "the peer wants another version of TLS (`minVersion`, `maxVersion`)",
	ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "the peer does not trust who signed this end's certificate",
	ERR_SSL_UNSUPPORTED_PROTOCOL: "the peer wants another version of TLS (`minVersion`, `maxVersion`)",
	ERR_SSL_WRONG_VERSION_NUMBER: "the peer does not speak TLS",
	ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for other names than `servername`",
	SELF_SIGNED_CERT_IN_CHAIN: "the authority is not one that is trusted; give its certificate as `ca`",
	UNABLE_TO_GET_ISSUER_CERT: "a certificate of the chain is missing",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the authority is not one that is trusted; give its certificate as `ca`",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the peer did not send the whole chain, or `ca` is another authority's",
};

/** The error for what node:tls or the channel failed with. */
export function tlsError(syscall: string, error: unknown): SocketError {
	if (error instanceof SocketError) return error;
	const { code, reason, message } = detailsOf(error);
	const help = advice[code];
	const text = `${syscall}: ${reason ?? message} (${code})${help === undefined ? "" : `: ${help}`}`;
	return withCause(new TlsError(text, code, -EPROTO, syscall), error);
}

/** The error of a peer that closes the connection before TLS is through with it. */
export function tlsEnded(syscall: string, when: string): TlsError {
	return new TlsError(
		`${syscall}: the peer closed the connection ${when} (ECONNRESET)`,
		"ECONNRESET",
		-ECONNRESET,
		syscall,
	);
}

function detailsOf(error: unknown): { code: string; reason: string | undefined; message: string } {
	if (!(error instanceof Error)) return { code: "ERR_TLS", reason: undefined, message: String(error) };
	const code = "code" in error && typeof error.code === "string" ? error.code : "ERR_TLS";
	const reason = "reason" in error && typeof error.reason === "string" ? error.reason : undefined;
	return { code, reason, message: error.message };
}

function withCause<E extends Error>(error: E, cause: unknown): E {
	error.cause = cause;
	return error;
}
