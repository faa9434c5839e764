/**
 * The structs of <netdb.h> and <net/if.h> against the C headers.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ifNameindexStruct } from "../src/sys/interfaces.js";
import { addrinfo, hostent, protoent, servent } from "../src/sys/netdbstructs.js";
import { checkFacts, compilers, type Fact, skipWithout } from "./support/cc.js";

const structs = { addrinfo, hostent, servent, protoent, if_nameindex: ifNameindexStruct };

const facts: Fact[] = Object.entries(structs).flatMap(([struct, { size, ...offsets }]) => [
	{ expression: `sizeof(struct ${struct})`, value: size },
	...Object.entries(offsets).map(([field, value]) => ({
		expression: `offsetof(struct ${struct}, ${field})`,
		value,
	})),
]);
// The fields that are read as 32-bit integers.
for (const field of [
	"struct addrinfo *)0)->ai_flags",
	"struct addrinfo *)0)->ai_family",
	"struct addrinfo *)0)->ai_socktype",
	"struct addrinfo *)0)->ai_protocol",
	"struct addrinfo *)0)->ai_addrlen",
	"struct hostent *)0)->h_addrtype",
	"struct hostent *)0)->h_length",
	"struct servent *)0)->s_port",
	"struct protoent *)0)->p_proto",
	"struct if_nameindex *)0)->if_index",
]) {
	facts.push({ expression: `sizeof(((${field})`, value: 4 });
}

for (const compiler of compilers) {
	test(`the structs are laid out as in the headers of ${compiler.arch}`, {
		skip: skipWithout(compiler),
	}, () => {
		assert.deepEqual(checkFacts(compiler, ["netdb.h", "net/if.h"], facts), { wrong: [], unknown: [] });
	});
}
