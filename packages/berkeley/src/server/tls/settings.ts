/**
 * How a server speaks TLS, as plain data: the options checked, and the files read.
 *
 * Everything is text, numbers, arrays and objects, so that it can be sent to a thread or a process in any way.
 */
import { readFileSync } from "node:fs";
import type { SecureVersion } from "node:tls";
import { isBytes, kindOf } from "../../address/bytes.js";
import { checkTimeout } from "../../arguments.js";
import type { Paths, Pem, TlsIdentity, TlsServerOptions } from "./options.js";

/** An identity as data. Bytes are in base64. */
export interface TlsIdentityData {
	readonly key?: readonly string[];
	readonly cert?: readonly string[];
	readonly pfx?: string;
	readonly passphrase?: string;
	readonly ca?: readonly string[];
	readonly crl?: readonly string[];
}

/** What holds for every identity. */
export interface TlsCommonData {
	readonly minVersion?: SecureVersion;
	readonly maxVersion?: SecureVersion;
	readonly ciphers?: string;
	readonly honorCipherOrder?: boolean;
	readonly ecdhCurve?: string;
	readonly sigalgs?: string;
	readonly dhparam?: string;
	readonly sessionTimeout?: number;
	readonly ticketKeys?: string;
}

/** How a server speaks TLS, as data. */
export interface TlsSettings {
	readonly identity: TlsIdentityData;
	readonly sni: Readonly<Record<string, TlsIdentityData>>;
	readonly common: TlsCommonData;
	readonly requestCert: boolean;
	readonly rejectUnauthorized: boolean;
	readonly ALPNProtocols: readonly string[];
	readonly handshakeTimeout: number | null;
}

const identityNames = [
	...["key", "cert", "keyFile", "certFile", "pfx", "pfxFile", "passphrase", "ca", "caFile", "crl"],
];
const commonTexts = ["minVersion", "maxVersion", "ciphers", "ecdhCurve", "sigalgs"] as const;
const otherNames = [
	...["sni", "requestCert", "rejectUnauthorized", "ALPNProtocols", "honorCipherOrder", "dhparam"],
	...["sessionTimeout", "ticketKeys", "handshakeTimeout", "watch", "reloadSignal", ...commonTexts],
];

/** Checks the options, and reads the files. What `sni` is as a function is not in it. */
export function tlsSettings(options: TlsServerOptions): TlsSettings {
	checkNames("tls", options, [...identityNames, ...otherNames]);
	const { sni = {}, requestCert = false, rejectUnauthorized = true, ALPNProtocols = [] } = options;
	const { handshakeTimeout = 30_000, ticketKeys, dhparam, sessionTimeout, honorCipherOrder } = options;
	const identity = identityData("tls", options);
	const isChoice = typeof sni === "function";
	if (!isChoice && (typeof sni !== "object" || sni === null || Array.isArray(sni))) {
		throw new TypeError(`tls.sni must be an object of identities by name or a function, not ${kindOf(sni)}`);
	}
	const names: Record<string, TlsIdentityData> = {};
	for (const [name, each] of isChoice ? [] : Object.entries(sni)) {
		const what = `tls.sni[${JSON.stringify(name)}]`;
		if (!/^(?:\*\.)?[^*\s.]+(?:\.[^*\s.]+)*$/.test(name)) {
			throw new RangeError(`${what}: a name is "a.example", or "*.b.example" for any label in front of it`);
		}
		const data = sniData(what, each);
		if (data.key === undefined && data.pfx === undefined)
			throw new TypeError(`${what} needs a key and a cert`);
		names[name.toLowerCase()] = data;
	}
	const isNobody = identity.key === undefined && identity.pfx === undefined;
	if (isNobody && !isChoice && Object.keys(names).length === 0) {
		throw new TypeError("tls needs a key and a cert, as text or as keyFile and certFile");
	}
	if (requestCert && rejectUnauthorized && identity.ca === undefined && !isChoice) {
		throw new TypeError("tls.requestCert needs `ca`, the authorities that may vouch for clients");
	}
	return {
		identity,
		sni: names,
		common: {
			...textsOf(options),
			...(dhparam === undefined ? {} : { dhparam: textOf("tls.dhparam", dhparam) }),
			...(ticketKeys === undefined ? {} : { ticketKeys: base64Of("tls.ticketKeys", ticketKeys, 48) }),
			...(sessionTimeout === undefined ? {} : { sessionTimeout }),
			...(honorCipherOrder === undefined ? {} : { honorCipherOrder }),
		},
		requestCert,
		rejectUnauthorized,
		ALPNProtocols: protocolsOf(ALPNProtocols),
		handshakeTimeout: checkTimeout("tls.handshakeTimeout", handshakeTimeout),
	};
}

/** An identity that is not the server's only one. */
export function sniData(what: string, identity: TlsIdentity): TlsIdentityData {
	checkNames(what, identity, identityNames);
	return identityData(what, identity);
}

/** Every file that is named in the options. */
export function filesOf(options: TlsServerOptions): readonly (string | URL)[] {
	const { sni } = options;
	const identities = [options, ...(typeof sni === "object" ? Object.values(sni) : [])];
	return identities.flatMap(({ keyFile, certFile, pfxFile, caFile }) =>
		[keyFile, certFile, pfxFile, caFile].flatMap((paths) => (paths === undefined ? [] : listOf(paths))),
	);
}

function identityData(what: string, identity: TlsIdentity): TlsIdentityData {
	const { passphrase, pfx, pfxFile } = identity;
	const key = pems(what, "key", identity.key, identity.keyFile);
	const cert = pems(what, "cert", identity.cert, identity.certFile);
	const ca = pems(what, "ca", identity.ca, identity.caFile);
	const crl = pems(what, "crl", identity.crl, undefined);
	if ((key === undefined) !== (cert === undefined)) {
		throw new TypeError(`${what} has a ${key ? "key" : "cert"} and no ${key ? "cert" : "key"}`);
	}
	if (pfx !== undefined && pfxFile !== undefined) throw both(what, "pfx");
	const packed = pfxFile === undefined ? pfx : readFileSync(pfxFile);
	if (passphrase !== undefined && typeof passphrase !== "string") {
		throw new TypeError(`${what}.passphrase must be a string, not ${kindOf(passphrase)}`);
	}
	return {
		...(key && { key }),
		...(cert && { cert }),
		...(packed && { pfx: base64Of(`${what}.pfx`, packed) }),
		...(passphrase !== undefined && { passphrase }),
		...(ca && { ca }),
		...(crl && { crl }),
	};
}

function pems(
	what: string,
	name: string,
	pem: Pem | undefined,
	paths: Paths | undefined,
): readonly string[] | undefined {
	if (pem !== undefined && paths !== undefined) throw both(what, name);
	const texts =
		pem !== undefined
			? listOf(pem).map((each) => [`${what}.${name}`, textOf(`${what}.${name}`, each)] as const)
			: paths !== undefined
				? listOf(paths).map((path) => [String(path), readFileSync(path, "latin1")] as const)
				: undefined;
	for (const [place, text] of texts ?? []) {
		// node:tls takes no notice of what is empty, as a file is that is about to be written.
		if (!text.includes("-----BEGIN ")) throw new TypeError(`${place} is not in PEM ("-----BEGIN …")`);
	}
	return texts?.map(([, text]) => text);
}

function both(what: string, name: string): TypeError {
	return new TypeError(`${what} has ${name} and ${name}File: give one of them`);
}

function textOf(what: string, value: string | Uint8Array): string {
	if (typeof value === "string") return value;
	if (!isBytes(value)) throw new TypeError(`${what} must be text or bytes, not ${kindOf(value)}`);
	return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
}

function base64Of(what: string, value: Uint8Array, size?: number): string {
	if (!isBytes(value)) throw new TypeError(`${what} must be bytes, not ${kindOf(value)}`);
	if (size !== undefined && value.byteLength !== size) {
		throw new RangeError(`${what} must have ${size} bytes, not ${value.byteLength}`);
	}
	return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

function textsOf(options: TlsServerOptions): Pick<TlsCommonData, (typeof commonTexts)[number]> {
	const found: Record<string, string> = {};
	for (const name of commonTexts) {
		const value = options[name];
		if (value === undefined) continue;
		if (typeof value !== "string") throw new TypeError(`tls.${name} must be a string, not ${kindOf(value)}`);
		found[name] = value;
	}
	return found;
}

function protocolsOf(protocols: readonly string[]): readonly string[] {
	if (!Array.isArray(protocols)) {
		throw new TypeError(`tls.ALPNProtocols must be an array of names, not ${kindOf(protocols)}`);
	}
	for (const name of protocols as readonly unknown[]) {
		if (typeof name === "string" && name.length > 0 && Buffer.byteLength(name) < 256) continue;
		throw new TypeError(`tls.ALPNProtocols: a name is a string of 1 to 255 bytes, not ${kindOf(name)}`);
	}
	return protocols;
}

function checkNames(what: string, options: object, known: readonly string[]): void {
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`${what} must be an object of options, not ${kindOf(options)}`);
	}
	const odd = Object.keys(options).find((name) => !known.includes(name));
	if (odd !== undefined) throw new TypeError(`${what} has no option ${JSON.stringify(odd)}`);
}

function listOf<T extends string | URL | Uint8Array>(value: T | readonly T[]): readonly T[] {
	return Array.isArray(value) ? value : [value as T];
}
