/**
 * What TLS needs for each connection, made once from the settings.
 */
import type { SecureContext, SecureContextOptions } from "node:tls";
import type { Socket } from "../../socket/socket.js";
import { type WrapTlsOptions, wrapTls } from "../../stream/tls.js";
import { tlsError } from "../../stream/tlserror.js";
import type { TlsSocket } from "../../stream/tlssocket.js";
import type { SniChoice } from "./options.js";
import { sniData, type TlsIdentityData, type TlsSettings } from "./settings.js";

// OpenSSL's SSL_OP_NO_TICKET.
const noTicket = 0x4000;

/** The contexts of one server, which do not change: a reload makes others. */
export class TlsContexts {
	readonly #settings: TlsSettings;
	readonly #default: SecureContext;
	readonly #byName = new Map<string, SecureContext>();
	readonly #choose: SniChoice | undefined;
	/** What a choice gave earlier. */
	readonly #chosen = new WeakMap<object, SecureContext>();

	/**
	 * @param choose `sni`, where it is a function
	 * @throws TlsError when OpenSSL cannot use a key or certificate, or they do not belong together
	 */
	constructor(settings: TlsSettings, choose?: SniChoice) {
		this.#settings = settings;
		this.#choose = choose;
		this.#default = this.#contextOf("tls", settings.identity);
		for (const [name, identity] of Object.entries(settings.sni)) {
			this.#byName.set(name, this.#contextOf(`tls.sni["${name}"]`, identity));
		}
	}

	/** Makes the handshake of a connection. @throws what wrapTls() does; the connection is closed then */
	secure<Family extends number>(connection: Socket<Family>): Promise<TlsSocket<Socket<Family>>> {
		const { requestCert, rejectUnauthorized, ALPNProtocols, handshakeTimeout } = this.#settings;
		const own = connection.gettimeout();
		const options: WrapTlsOptions = {
			serverSide: true,
			secureContext: this.#default,
			requestCert,
			rejectUnauthorized,
			// A client that is silent for too long is not heard to the end of the handshake.
			timeout: own === null ? handshakeTimeout : Math.min(own, handshakeTimeout ?? own),
		};
		if (ALPNProtocols.length > 0) options.ALPNProtocols = [...ALPNProtocols];
		if (this.#byName.size > 0 || this.#choose !== undefined) {
			options.SNICallback = (name, done) => {
				try {
					const found = this.#contextFor(name.toLowerCase());
					// At once where it can be: Deno waits for ever for what is told later.
					if (!(found instanceof Promise)) done(null, found);
					else found.then((context) => done(null, context), done);
				} catch (error) {
					done(error as Error);
				}
			};
		}
		return wrapTls(connection, options);
	}

	#contextFor(name: string): SecureContext | undefined | Promise<SecureContext | undefined> {
		if (this.#choose !== undefined) {
			const choice = this.#choose(name);
			if (!(choice instanceof Promise)) return this.#chosenContext(name, choice);
			return choice.then((later) => this.#chosenContext(name, later));
		}
		const dot = name.indexOf(".");
		const wildcard = dot < 0 ? undefined : this.#byName.get(`*${name.slice(dot)}`);
		return this.#byName.get(name) ?? wildcard;
	}

	#chosenContext(name: string, choice: Chosen): SecureContext | undefined {
		if (choice === null || choice === undefined) return undefined;
		if (typeof choice === "object" && "context" in choice) return choice;
		const what = `tls.sni(${JSON.stringify(name)})`;
		const known = typeof choice === "object" ? this.#chosen.get(choice) : undefined;
		if (known !== undefined) return known;
		const context = this.#contextOf(what, sniData(what, choice));
		this.#chosen.set(choice, context);
		return context;
	}

	#contextOf(what: string, identity: TlsIdentityData): SecureContext {
		const { common, identity: first, requestCert, sni } = this.#settings;
		const { dhparam, ticketKeys, ...texts } = common;
		const { ca, crl } = { ...first, ...identity };
		const options: SecureContextOptions = {
			honorCipherOrder: true,
			...texts,
			// Without one OpenSSL refuses to take up a session in which it had asked for a certificate.
			sessionIdContext: "berkeley",
		};
		if (identity.key !== undefined) options.key = [...identity.key];
		if (identity.cert !== undefined) options.cert = [...identity.cert];
		if (identity.pfx !== undefined) options.pfx = Buffer.from(identity.pfx, "base64");
		if (identity.passphrase !== undefined) options.passphrase = identity.passphrase;
		if (ca !== undefined) options.ca = [...ca];
		if (crl !== undefined) options.crl = [...crl];
		if (dhparam !== undefined) options.dhparam = dhparam;
		if (ticketKeys !== undefined) options.ticketKeys = Buffer.from(ticketKeys, "base64");
		// A session is taken up before the name is looked at: one client's certificate, accepted for one name, must not
		// be good for another with authorities of its own.
		const isShared = this.#choose !== undefined || Object.keys(sni).length > 0;
		if (requestCert && isShared) options.secureOptions = noTicket;
		try {
			// Loaded when it is needed, and at once, so that open() can tell what is wrong with a certificate.
			const context = process.getBuiltinModule("node:tls").createSecureContext(options);
			checkTogether(identity);
			return context;
		} catch (error) {
			throw tlsError(what, error);
		}
	}
}

type Chosen = Awaited<ReturnType<SniChoice>>;

/** Node has found out by now when a key is not the certificate's; Deno takes both. */
function checkTogether({ key, cert, passphrase }: TlsIdentityData): void {
	if (process.versions.deno === undefined || key?.length !== 1 || cert?.length !== 1) return;
	const crypto = process.getBuiltinModule("node:crypto");
	const [pem = ""] = key;
	const own = crypto.createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
	if (new crypto.X509Certificate(cert[0] ?? "").checkPrivateKey(own)) return;
	const code = "ERR_OSSL_X509_KEY_VALUES_MISMATCH";
	throw Object.assign(new Error("key values mismatch"), { code, reason: "key values mismatch" });
}
