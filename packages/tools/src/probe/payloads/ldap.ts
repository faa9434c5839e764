/**
 * LDAP without a connection (RFC 1798, RFC 4511 section 4.5; MS-ADTS section 6.3.3): the root of the directory, which
 * everybody may read (RFC 4512 section 5.1).
 */
import { randomInt } from "node:crypto";
import {
	element,
	elementsOf,
	INTEGER,
	integer,
	integerOf,
	OCTET_STRING,
	readElement,
	SEQUENCE,
} from "./ber.js";
import { bytes, printable } from "./bytes.js";
import type { Payload } from "./payload.js";

const ENUMERATED = 0x0a;
const BOOLEAN = 0x01;
const searchRequest = 0x63;
const searchEntry = 0x64;
const searchDone = 0x65;
const present = 0x87;

export const ldap: Payload = {
	name: "LDAP",
	ports: [389],
	prepare() {
		const id = randomInt(1, 0x7fffffff);
		const search = element(
			searchRequest,
			element(OCTET_STRING),
			integer(0, ENUMERATED), // baseObject
			integer(0, ENUMERATED), // neverDerefAliases
			integer(0),
			integer(0),
			element(BOOLEAN, bytes(0)),
			element(present, "objectClass"),
			element(SEQUENCE, element(OCTET_STRING, "supportedLDAPVersion")),
		);
		return {
			requests: [element(SEQUENCE, integer(id), search)],
			recognize(reply) {
				const message = readElement(reply);
				const [answered, operation] = message.tag === SEQUENCE ? elementsOf(message) : [];
				if (answered?.tag !== INTEGER || integerOf(answered) !== id) return undefined;
				if (operation?.tag === searchEntry) return "root entry";
				if (operation?.tag !== searchDone) return undefined;
				const [code, , text] = elementsOf(operation);
				const result = code === undefined ? "" : ` ${integerOf(code)}`;
				return printable(`result${result} ${text?.content.toString("latin1") ?? ""}`);
			},
		};
	},
};
