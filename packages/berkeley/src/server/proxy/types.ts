/**
 * What a header of the PROXY protocol says: the protocol's document is doc/proxy-protocol.txt of HAProxy.
 * Pure types: this file has no run-time code.
 */
import type { Inet4Address, Inet6Address, UnixAddress } from "../../address/types.js";

/** An address in a header: of the internet, or the path of a Unix socket. */
export type ProxyAddress = Inet4Address | Inet6Address | UnixAddress;

/** One type-length-value of version 2, as it is. Types 0xE0 to 0xEF are for whoever wants them. */
export interface ProxyTlv {
	/** PP2_TYPE_*, 0 to 255. */
	readonly type: number;
	/** At most 65535 bytes. */
	readonly value: Uint8Array;
}

/** What the proxy tells of the TLS that the client spoke with it: PP2_TYPE_SSL. */
export interface ProxySsl {
	/** Whether the client spoke TLS: PP2_CLIENT_SSL. */
	readonly tls: boolean;
	/** Whether it has shown a certificate on this connection: PP2_CLIENT_CERT_CONN. */
	readonly certificateOnConnection: boolean;
	/** Whether it has shown one in this TLS session: PP2_CLIENT_CERT_SESS. */
	readonly certificateInSession: boolean;
	/** What the check of the certificate gave: 0 is good, and is given also where there was no certificate. */
	readonly verify: number;
	/** Whether there was a certificate and it is good. Not to be given: it follows from the others. */
	readonly verified?: boolean;
	/** The version of TLS: "TLSv1.3". */
	readonly version?: string;
	/** The common name in the client's certificate. */
	readonly commonName?: string;
	/** The cipher: "TLS_AES_256_GCM_SHA384". */
	readonly cipher?: string;
	/** How the proxy's certificate is signed: "RSA-SHA256". */
	readonly signatureAlgorithm?: string;
	/** The kind of the proxy's key: "RSA2048". */
	readonly keyAlgorithm?: string;
	/** Everything that stands in it, as it is; those without a name of their own too. */
	readonly tlvs?: readonly ProxyTlv[];
}

/** What a header is made of: see buildProxyHeader(). What is left out does not appear. */
export interface ProxyHeaderFields {
	/** The version: 1 is a line of text, 2 is binary and has room for more than addresses. 2 when left out. */
	readonly version?: 1 | 2;
	/** "PROXY", or "LOCAL" for a connection of the proxy's own, such as a health check. "PROXY" when left out. */
	readonly command?: "PROXY" | "LOCAL";
	/** SOCK_STREAM, SOCK_DGRAM, or 0 when it is not known. SOCK_STREAM when there are addresses. */
	readonly type?: number;
	/** Who asks. Undefined when the proxy does not say. */
	readonly source?: ProxyAddress | undefined;
	/** Whom the client has asked: the address that it connected to. */
	readonly destination?: ProxyAddress | undefined;
	/** The protocol that the client and the proxy agreed on: "h2". PP2_TYPE_ALPN. */
	readonly alpn?: string;
	/** The host name that the client has asked for, in TLS its server_name. PP2_TYPE_AUTHORITY. */
	readonly authority?: string;
	/** What the proxy calls this connection, at most 128 bytes. PP2_TYPE_UNIQUE_ID. */
	readonly uniqueId?: Uint8Array;
	/** TLS between the client and the proxy. PP2_TYPE_SSL. */
	readonly ssl?: ProxySsl;
	/** The name of the network namespace. PP2_TYPE_NETNS. */
	readonly netns?: string;
	/** Whether the header has a CRC-32C. PP2_TYPE_CRC32C. */
	readonly checksum?: boolean;
	/** Everything of version 2 that stands behind the addresses, in its order and as it is. */
	readonly tlvs?: readonly ProxyTlv[];
}

/** What stood in a header: see parseProxyHeader(). */
export interface ProxyHeader extends ProxyHeaderFields {
	/** The version: 1 is a line of text, 2 is binary. */
	readonly version: 1 | 2;
	/** "LOCAL" for a connection of the proxy's own, such as a health check. */
	readonly command: "PROXY" | "LOCAL";
	/** SOCK_STREAM, SOCK_DGRAM, or 0 where the header does not say: "UNKNOWN", UNSPEC or LOCAL. */
	readonly type: number;
	/** Who asks; undefined where the header does not say. It is then the peer of the connection. */
	readonly source: ProxyAddress | undefined;
	/** Whom the client has asked; undefined where the header does not say. */
	readonly destination: ProxyAddress | undefined;
	/** Whether it had a CRC-32C, which was right. */
	readonly checksum: boolean;
	/** Everything of version 2 that stands behind the addresses, in its order and as it is. */
	readonly tlvs: readonly ProxyTlv[];
}

/** A header that bytes began with. */
export interface ParsedProxyHeader {
	/** What stood in it. */
	readonly header: ProxyHeader;
	/** How many bytes it had. */
	readonly size: number;
}
