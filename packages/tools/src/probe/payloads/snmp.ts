/**
 * SNMP: version 3 discovers the engine without any secret (RFC 3414 section 4, RFC 3412 section 6); versions 2c (RFC
 * 1901, RFC 3416) and 1 (RFC 1157) ask for sysDescr in the community "public", which agents come with.
 */
import { randomInt } from "node:crypto";
import {
	type Element,
	element,
	elementsOf,
	INTEGER,
	integer,
	integerOf,
	NULL,
	OBJECT_IDENTIFIER,
	OCTET_STRING,
	readElement,
	SEQUENCE,
} from "./ber.js";
import { bytes, printable } from "./bytes.js";
import type { Payload } from "./payload.js";

const GET_REQUEST = 0xa0;
const RESPONSE = 0xa2;
const REPORT = 0xa8;
// 1.3.6.1.2.1.1.1.0
const sysDescr = element(OBJECT_IDENTIFIER, Uint8Array.of(0x2b, 6, 1, 2, 1, 1, 1, 0));
const nothing = element(OCTET_STRING);

export const snmp: Payload = {
	name: "SNMP",
	ports: [161],
	prepare() {
		const id = randomInt(1, 0x7fffffff);
		return {
			requests: [discovery(id), getRequest(1, id), getRequest(0, id)],
			recognize(reply) {
				const message = readElement(reply);
				if (message.tag !== SEQUENCE) return undefined;
				const [version, second, third, fourth] = elementsOf(message);
				if (version?.tag !== INTEGER || second === undefined || third === undefined) return undefined;
				if (integerOf(version) !== 3) return community(integerOf(version), third, id);
				const [answered] = elementsOf(second);
				if (answered === undefined || integerOf(answered) !== id || fourth === undefined) return undefined;
				return engine(third, fourth);
			},
		};
	},
};

/** An empty request: whoever is the authority reports its engine (RFC 3414 section 4). */
function discovery(id: number): Buffer {
	const reportable = 4;
	const userSecurityModel = 3;
	const header = element(
		SEQUENCE,
		integer(id),
		integer(65507),
		element(OCTET_STRING, bytes(reportable)),
		integer(userSecurityModel),
	);
	const security = element(SEQUENCE, nothing, integer(0), integer(0), nothing, nothing, nothing);
	const pdu = element(GET_REQUEST, integer(id), integer(0), integer(0), element(SEQUENCE));
	return element(
		SEQUENCE,
		integer(3),
		header,
		element(OCTET_STRING, security),
		element(SEQUENCE, nothing, nothing, pdu),
	);
}

function getRequest(version: number, id: number): Buffer {
	const binding = element(SEQUENCE, sysDescr, element(NULL));
	const pdu = element(GET_REQUEST, integer(id), integer(0), integer(0), element(SEQUENCE, binding));
	return element(SEQUENCE, integer(version), element(OCTET_STRING, "public"), pdu);
}

function community(version: number, pdu: Element, id: number): string | undefined {
	if (version > 1 || pdu.tag !== RESPONSE) return undefined;
	const [requestId, status, , bindings] = elementsOf(pdu);
	if (requestId === undefined || integerOf(requestId) !== id || status === undefined) return undefined;
	const spoken = `version ${version === 0 ? "1" : "2c"}, community public`;
	const [binding] = bindings === undefined ? [] : elementsOf(bindings);
	const value = binding === undefined ? undefined : elementsOf(binding)[1];
	if (value?.tag === OCTET_STRING) return `${spoken}: ${printable(value.content)}`;
	return integerOf(status) === 0 ? spoken : `${spoken}: error ${integerOf(status)}`;
}

function engine(security: Element, scoped: Element): string | undefined {
	const [id] = elementsOf(readElement(security.content));
	const pdu = elementsOf(scoped)[2];
	if (id === undefined || (pdu?.tag !== REPORT && pdu?.tag !== RESPONSE)) return undefined;
	return `version 3, engine ${id.content.subarray(0, 32).toString("hex")}`;
}
