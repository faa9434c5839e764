/**
 * How a server speaks TLS: what its user gives.
 */
import type { SecureContext, SecureVersion } from "node:tls";

/** Text in PEM, or its bytes; or several of them. */
export type Pem = string | Uint8Array | readonly (string | Uint8Array)[];

/** Paths of files. */
export type Paths = string | URL | readonly (string | URL)[];

/** Who the server is: a key, its certificate with those above it, and whose clients it trusts. */
export interface TlsIdentity {
	/** The private key, in PEM; one for each kind of certificate (RSA, EC). */
	readonly key?: Pem | undefined;
	/** The certificate, in PEM, followed by those above it; one for each key. */
	readonly cert?: Pem | undefined;
	/** Where the key is, instead of `key`. Files are read again by reloadTls(). */
	readonly keyFile?: Paths | undefined;
	/** Where the certificate is, instead of `cert`. */
	readonly certFile?: Paths | undefined;
	/** Key and certificate in one, as PKCS #12. */
	readonly pfx?: Uint8Array | undefined;
	/** Where that is, instead of `pfx`. */
	readonly pfxFile?: string | URL | undefined;
	/** What the key, or the PKCS #12, is encrypted with. */
	readonly passphrase?: string | undefined;
	/** The authorities, in PEM, that may vouch for clients. */
	readonly ca?: Pem | undefined;
	/** Where they are, instead of `ca`. */
	readonly caFile?: Paths | undefined;
	/** Lists of certificates that were revoked, in PEM. */
	readonly crl?: Pem | undefined;
}

/**
 * Chooses who the server is by the name that a client asks for: an identity, or a context made by
 * tls.createSecureContext(). Nothing, and the server is who it is otherwise. The same object is looked at once.
 */
export type SniChoice = (
	servername: string,
) => TlsIdentity | SecureContext | null | undefined | Promise<TlsIdentity | SecureContext | null | undefined>;

/** How a server speaks TLS. The names are those of node:tls, where it has them. */
export interface TlsServerOptions extends TlsIdentity {
	/**
	 * Other identities, by the host name that a client asks for (SNI): `"a.example"`, or `"*.b.example"` for any one
	 * label in front of it. What one leaves out, but key and certificate, is as in the options themselves. Or a
	 * function, which cannot be used where connections go to threads or processes.
	 */
	readonly sni?: Readonly<Record<string, TlsIdentity>> | SniChoice | undefined;
	/** Whether clients have to show a certificate, for which one of `ca` vouches. */
	readonly requestCert?: boolean | undefined;
	/** False to let clients in whose certificate is missing or not good: `authorized` of the connection tells. */
	readonly rejectUnauthorized?: boolean | undefined;
	/** The protocols that are spoken, the best first: `["h2", "http/1.1"]`. A client that speaks others is refused. */
	readonly ALPNProtocols?: readonly string[] | undefined;
	/** The oldest version that is spoken; "TLSv1.2" when left out. */
	readonly minVersion?: SecureVersion | undefined;
	/** The newest version that is spoken; "TLSv1.3" when left out. */
	readonly maxVersion?: SecureVersion | undefined;
	/** The ciphers, as OpenSSL writes them. */
	readonly ciphers?: string | undefined;
	/** Whether the server's order of ciphers counts, and not the client's; it does when left out. */
	readonly honorCipherOrder?: boolean | undefined;
	/** The curves: "X25519:P-256", or "auto". */
	readonly ecdhCurve?: string | undefined;
	/** The algorithms of signatures, as OpenSSL writes them. */
	readonly sigalgs?: string | undefined;
	/** Parameters of Diffie and Hellman, in PEM, or "auto". */
	readonly dhparam?: string | Uint8Array | undefined;
	/** Seconds for which a session may be taken up again. */
	readonly sessionTimeout?: number | undefined;
	/** 48 random bytes that servers share which take up each other's sessions. Secret. */
	readonly ticketKeys?: Uint8Array | undefined;
	/** Milliseconds that a handshake may take in all; 30,000 when left out, null for any time. */
	readonly handshakeTimeout?: number | null | undefined;
	/** Whether files are read again when they have changed: looked at every 5 seconds, or so many milliseconds. */
	readonly watch?: boolean | number | undefined;
	/** The signal at which files are read again; true for SIGHUP. */
	readonly reloadSignal?: boolean | NodeJS.Signals | undefined;
}
