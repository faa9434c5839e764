/** The helper that checks facts against C headers must not take silence for truth. */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkFacts, compilers, hasHeader, skipWithout } from "./support/cc.js";

for (const compiler of compilers) {
	describe(`checkFacts() with ${compiler.command}`, { skip: skipWithout(compiler) }, () => {
		test("says nothing of facts that are true", () => {
			const facts = [
				{ expression: "AF_INET6", value: 10 },
				{ expression: "sizeof(struct msghdr)", value: 56 },
				{ expression: "offsetof(struct msghdr, msg_iov)", value: 16 },
				{ expression: "-1", value: -1 },
				{ expression: "0xffffffffu", value: 4294967295 },
			];
			assert.deepEqual(checkFacts(compiler, ["sys/socket.h"], facts), { wrong: [], unknown: [] });
		});

		test("gives the true numbers of facts that are false", () => {
			const facts = [
				{ expression: "AF_UNSPEC", value: 1 },
				{ expression: "AF_INET6", value: 10 },
				{ expression: "sizeof(struct msghdr)", value: 55 },
				{ expression: "-AF_INET", value: 2 },
			];
			const { wrong, unknown } = checkFacts(compiler, ["sys/socket.h"], facts);
			assert.deepEqual(
				wrong.map(({ expression, actual }) => [expression, actual]),
				[
					["AF_UNSPEC", 0],
					["sizeof(struct msghdr)", 56],
					["-AF_INET", -2],
				],
			);
			assert.deepEqual(unknown, []);
		});

		test("reports every use of what the headers do not declare", () => {
			const facts = [
				{ expression: "AF_NOWHERE", value: 1 },
				{ expression: "AF_NOWHERE", value: 1 },
				{ expression: "sizeof(struct nowhere)", value: 1 },
				{ expression: "sizeof(struct nowhere)", value: 1 },
				{ expression: "offsetof(struct msghdr, msg_nowhere)", value: 1 },
				{ expression: "CMSG_LEN(sizeof(struct nowhere))", value: 1 },
				{ expression: "AF_INET", value: 2 },
			];
			const { wrong, unknown } = checkFacts(compiler, ["sys/socket.h"], facts);
			assert.deepEqual(wrong, []);
			assert.deepEqual(
				unknown.map(({ expression }) => expression),
				facts.slice(0, 6).map(({ expression }) => expression),
			);
		});

		test("passes over headers that are not installed", () => {
			const facts = [{ expression: "AF_INET", value: 2 }];
			assert.deepEqual(checkFacts(compiler, ["no/such.h", "sys/socket.h"], facts), {
				wrong: [],
				unknown: [],
			});
			assert.equal(hasHeader(compiler, "no/such.h"), false);
			assert.equal(hasHeader(compiler, "sys/socket.h"), true);
		});

		test("throws when the headers exclude each other", () => {
			const facts = [{ expression: "AF_INET", value: 2 }];
			assert.throws(() => checkFacts(compiler, ["linux/in.h", "netinet/in.h"], facts), /do not compile/);
		});
	});
}
