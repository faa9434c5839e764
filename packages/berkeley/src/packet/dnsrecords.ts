/**
 * The questions and resource records of DNS: RFC 1035 sections 3.2, 3.3 and 4.1; the RFC of each type is at the type.
 */
import type { SvcParam } from "./dnsparams.js";
import type { EdnsOption } from "./ednsoptions.js";

/** The types that have names here; any other is its number. IANA's "Domain Name System (DNS) Parameters". */
export type DnsTypeName =
	| "A"
	| "NS"
	| "CNAME"
	| "SOA"
	| "PTR"
	| "HINFO"
	| "MX"
	| "TXT"
	| "RP"
	| "AFSDB"
	| "AAAA"
	| "SRV"
	| "NAPTR"
	| "DNAME"
	| "OPT"
	| "DS"
	| "SSHFP"
	| "RRSIG"
	| "NSEC"
	| "DNSKEY"
	| "NSEC3"
	| "NSEC3PARAM"
	| "TLSA"
	| "SMIMEA"
	| "CDS"
	| "CDNSKEY"
	| "OPENPGPKEY"
	| "SVCB"
	| "HTTPS"
	| "SPF"
	| "URI"
	| "CAA"
	| "IXFR"
	| "AXFR"
	| "ANY";

/** A type: its name, or its number where it has no name here. */
export type DnsType = DnsTypeName | number;

/**
 * Names that do not stand in the message as build() writes them: the field's name, and its bytes. build() uses them
 * where they still stand for the name that the field has, and not otherwise.
 */
export type DnsEncodings = Readonly<Record<string, Uint8Array>>;

/** A question. */
export interface DnsQuestion {
	/** The name that is asked for. */
	readonly name: string;
	/** What is asked for: `"A"`, `"ANY"` … */
	readonly type: DnsType;
	/** The class; 1, the internet, when left out. In multicast DNS the upper bit asks for an answer by unicast. */
	readonly class?: number;
	/** The bytes of `name`, where it is not written as build() does. */
	readonly encodings?: DnsEncodings;
}

/** What every resource record has. */
export interface DnsRecordBase {
	/** Whose record it is. */
	readonly name: string;
	/** The class; 1, the internet, when left out. In multicast DNS the upper bit says that old records are void. */
	readonly class?: number;
	/** For how many seconds it may be kept; 0 when left out. */
	readonly ttl?: number;
	/** The bytes of names, where they are not written as build() does. */
	readonly encodings?: DnsEncodings;
}

/** An address. RFC 1035, RFC 3596. */
export interface AddressRecord extends DnsRecordBase {
	/** A for IPv4, AAAA for IPv6. */
	readonly type: "A" | "AAAA";
	/** The address. */
	readonly address: string;
}

/** A record that is a name: a server, the name that another stands for, … RFC 1035; DNAME: RFC 6672. */
export interface NameRecord extends DnsRecordBase {
	/** Which record it is. */
	readonly type: "NS" | "CNAME" | "PTR" | "DNAME";
	/** The name that it has. */
	readonly target: string;
}

/** The start of a zone. RFC 1035. */
export interface SoaRecord extends DnsRecordBase {
	/** "SOA". */
	readonly type: "SOA";
	/** The server that the zone comes from. */
	readonly mname: string;
	/** The mailbox of who is responsible, with a dot for the @. */
	readonly rname: string;
	/** The zone's version. */
	readonly serial: number;
	/** After how many seconds it should be read again. */
	readonly refresh: number;
	/** After how many seconds that should be tried again. */
	readonly retry: number;
	/** After how many seconds the zone is void. */
	readonly expire: number;
	/** How long it is kept that there is no record. RFC 2308. */
	readonly minimum: number;
}

/** Where mail goes. RFC 1035; AFSDB: RFC 1183. */
export interface MxRecord extends DnsRecordBase {
	/** Which record it is; `preference` is the subtype in AFSDB. */
	readonly type: "MX" | "AFSDB";
	/** The least is tried first. */
	readonly preference: number;
	/** The host. */
	readonly exchange: string;
}

/** Texts. RFC 1035; SPF: RFC 7208. */
export interface TxtRecord extends DnsRecordBase {
	/** Which record it is. */
	readonly type: "TXT" | "SPF";
	/** At most 255 bytes each: text where they are UTF-8. */
	readonly strings: readonly (string | Uint8Array)[];
}

/** What a host is. RFC 1035, RFC 8482. */
export interface HinfoRecord extends DnsRecordBase {
	/** "HINFO". */
	readonly type: "HINFO";
	/** The processor. */
	readonly cpu: string | Uint8Array;
	/** The operating system. */
	readonly os: string | Uint8Array;
}

/** Who is responsible. RFC 1183. */
export interface RpRecord extends DnsRecordBase {
	/** "RP". */
	readonly type: "RP";
	/** A mailbox, with a dot for the @. */
	readonly mailbox: string;
	/** Where a TXT record says more. */
	readonly text: string;
}

/** Where a service is. RFC 2782. */
export interface SrvRecord extends DnsRecordBase {
	/** "SRV". */
	readonly type: "SRV";
	/** The least is tried first. */
	readonly priority: number;
	/** How often to take it, among those of one priority. */
	readonly weight: number;
	/** The port. */
	readonly port: number;
	/** The host. */
	readonly target: string;
}

/** A rule to rewrite names by. RFC 3403. */
export interface NaptrRecord extends DnsRecordBase {
	/** "NAPTR". */
	readonly type: "NAPTR";
	/** The least comes first. */
	readonly order: number;
	/** The least is preferred, within an order. */
	readonly preference: number;
	/** What the result is. */
	readonly flags: string | Uint8Array;
	/** The services. */
	readonly services: string | Uint8Array;
	/** The substitution. */
	readonly regexp: string | Uint8Array;
	/** The next name, in place of a substitution. */
	readonly replacement: string;
}

/** The digest of a key of a zone below. RFC 4034; CDS: RFC 7344. */
export interface DsRecord extends DnsRecordBase {
	/** Which record it is. */
	readonly type: "DS" | "CDS";
	/** Which key. */
	readonly keyTag: number;
	/** The key's algorithm. */
	readonly algorithm: number;
	/** The digest's. */
	readonly digestType: number;
	/** The digest. */
	readonly digest: Uint8Array;
}

/** The fingerprint of a host's key. RFC 4255. */
export interface SshfpRecord extends DnsRecordBase {
	/** "SSHFP". */
	readonly type: "SSHFP";
	/** The key's algorithm. */
	readonly algorithm: number;
	/** The fingerprint's. */
	readonly fingerprintType: number;
	/** The fingerprint. */
	readonly fingerprint: Uint8Array;
}

/** A key of a zone. RFC 4034; CDNSKEY: RFC 7344. */
export interface DnskeyRecord extends DnsRecordBase {
	/** Which record it is. */
	readonly type: "DNSKEY" | "CDNSKEY";
	/** 256 for a zone's key, 1 more for one that signs keys. */
	readonly flags: number;
	/** 3. */
	readonly protocol: number;
	/** The algorithm. */
	readonly algorithm: number;
	/** The key. */
	readonly publicKey: Uint8Array;
}

/** A signature. RFC 4034. */
export interface RrsigRecord extends DnsRecordBase {
	/** "RRSIG". */
	readonly type: "RRSIG";
	/** The type of the records that it signs. */
	readonly typeCovered: DnsType;
	/** The algorithm. */
	readonly algorithm: number;
	/** How many labels the name has, without a wildcard. */
	readonly labels: number;
	/** The time to live in the zone. */
	readonly originalTtl: number;
	/** When it ends, in seconds since 1970, modulo 2³². */
	readonly expiration: number;
	/** When it begins. */
	readonly inception: number;
	/** Which key. */
	readonly keyTag: number;
	/** The zone. */
	readonly signerName: string;
	/** The signature. */
	readonly signature: Uint8Array;
}

/** The next name, and which types there are. RFC 4034. */
export interface NsecRecord extends DnsRecordBase {
	/** "NSEC". */
	readonly type: "NSEC";
	/** The next name of the zone. */
	readonly nextName: string;
	/** The types that the name has, the least number first. */
	readonly types: readonly DnsType[];
}

/** The same with digests of names. RFC 5155. */
export interface Nsec3Record extends DnsRecordBase {
	/** "NSEC3". */
	readonly type: "NSEC3";
	/** The digest's algorithm. */
	readonly hashAlgorithm: number;
	/** 1 for opt-out. */
	readonly flags: number;
	/** How often it is applied again. */
	readonly iterations: number;
	/** What is put behind the name. */
	readonly salt: Uint8Array;
	/** The next digest. */
	readonly nextHashedOwner: Uint8Array;
	/** The types that the name has, the least number first. */
	readonly types: readonly DnsType[];
}

/** How the digests of NSEC3 are made. RFC 5155. */
export interface Nsec3paramRecord extends DnsRecordBase {
	/** "NSEC3PARAM". */
	readonly type: "NSEC3PARAM";
	/** The digest's algorithm. */
	readonly hashAlgorithm: number;
	/** 0. */
	readonly flags: number;
	/** How often it is applied again. */
	readonly iterations: number;
	/** What is put behind the name. */
	readonly salt: Uint8Array;
}

/** Which certificate a server has. RFC 6698; SMIMEA: RFC 8162. */
export interface TlsaRecord extends DnsRecordBase {
	/** Which record it is. */
	readonly type: "TLSA" | "SMIMEA";
	/** Whose certificate it is. */
	readonly usage: number;
	/** 0 for all of the certificate, 1 for its key. */
	readonly selector: number;
	/** 0 for itself, 1 for SHA-256, 2 for SHA-512. */
	readonly matchingType: number;
	/** What is compared. */
	readonly certificateAssociation: Uint8Array;
}

/** An OpenPGP key. RFC 7929. */
export interface OpenpgpkeyRecord extends DnsRecordBase {
	/** "OPENPGPKEY". */
	readonly type: "OPENPGPKEY";
	/** The key. */
	readonly publicKey: Uint8Array;
}

/** How a service is reached. RFC 9460. */
export interface SvcbRecord extends DnsRecordBase {
	/** Which record it is. */
	readonly type: "SVCB" | "HTTPS";
	/** 0 says that `target` stands for the name; else the least is tried first. */
	readonly priority: number;
	/** The host; "." for the name itself. */
	readonly target: string;
	/** What is to be known of it, the least key first. */
	readonly params: readonly SvcParam[];
}

/** A URI. RFC 7553. */
export interface UriRecord extends DnsRecordBase {
	/** "URI". */
	readonly type: "URI";
	/** The least is tried first. */
	readonly priority: number;
	/** How often to take it, among those of one priority. */
	readonly weight: number;
	/** The URI. */
	readonly target: string | Uint8Array;
}

/** Who may issue certificates. RFC 8659. */
export interface CaaRecord extends DnsRecordBase {
	/** "CAA". */
	readonly type: "CAA";
	/** 128 where who does not know the tag must not issue. */
	readonly flags: number;
	/** "issue", "issuewild", "iodef" … */
	readonly tag: string | Uint8Array;
	/** What the tag says. */
	readonly value: string | Uint8Array;
}

/** What the sender of a message can do beyond RFC 1035: EDNS. RFC 6891. */
export interface OptRecord {
	/** "OPT". */
	readonly type: "OPT";
	/** "." when left out. */
	readonly name?: string;
	/** How large a datagram the sender takes; 1232 when left out. */
	readonly udpPayloadSize?: number;
	/** The upper eight bits of the response code; 0 when left out. */
	readonly extendedRcode?: number;
	/** The version; 0 when left out. */
	readonly version?: number;
	/** Whether DNSSEC's records are wanted; false when left out. */
	readonly dnssecOk?: boolean;
	/** The fifteen bits behind `dnssecOk`; 0 when left out. */
	readonly z?: number;
	/** Options; none when left out. */
	readonly options?: readonly EdnsOption[];
	/** The bytes of `name`, where it is not written as build() does. */
	readonly encodings?: DnsEncodings;
}

/** A record of another type, or one whose data are not as they should be. */
export interface UnknownRecord extends DnsRecordBase {
	/** The type's number. */
	readonly type: number;
	/** The data as they are. */
	readonly data: Uint8Array;
}

/** A resource record whose data are known. */
export type KnownDnsRecord =
	| AddressRecord
	| NameRecord
	| SoaRecord
	| MxRecord
	| TxtRecord
	| HinfoRecord
	| RpRecord
	| SrvRecord
	| NaptrRecord
	| DsRecord
	| SshfpRecord
	| DnskeyRecord
	| RrsigRecord
	| NsecRecord
	| Nsec3Record
	| Nsec3paramRecord
	| TlsaRecord
	| OpenpgpkeyRecord
	| SvcbRecord
	| UriRecord
	| CaaRecord
	| OptRecord;

/** A resource record. */
export type DnsRecord = KnownDnsRecord | UnknownRecord;
