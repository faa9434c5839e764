/**
 * Tells what berkeley/interfaces knows of the network that it runs in. The argument is a list of calls as JSON; each
 * is made in both of its forms, which must tell the same. The answer to each is a line of JSON.
 */
import assert from "node:assert/strict";
import { SocketError } from "../../src/errors.js";
import * as facts from "../../src/interfaces/index.js";

/** A call: the name of a function without Sync, and its arguments. */
type Call = readonly [name: string, ...args: unknown[]];

const functions = facts as unknown as Record<string, (...args: readonly unknown[]) => unknown>;

/** What came of a call, and how often the event loop had a turn meanwhile. */
async function outcome(name: string, args: readonly unknown[]): Promise<object> {
	let turns = 0;
	let turn = setImmediate(function count() {
		turns++;
		turn = setImmediate(count);
	});
	try {
		const value = await functions[name]?.(...args);
		return { value, turns };
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		return { code: error.code, message: error.message };
	} finally {
		clearImmediate(turn);
	}
}

/** What differs from one moment to the next. */
const moving = new Set([
	"turns",
	"statistics",
	"used",
	"confirmed",
	"updated",
	"expires",
	"validLifetime",
	"preferredLifetime",
]);

for (const [name, ...args] of JSON.parse(process.argv[2] ?? "[]") as Call[]) {
	const found = await outcome(name, args);
	if (functions[`${name}Sync`] !== undefined) {
		const again = await outcome(`${name}Sync`, args);
		const steady = (value: unknown): string =>
			JSON.stringify(value, (key, member) => (moving.has(key) ? undefined : member));
		assert.equal(steady(again), steady(found));
	}
	// JSON has no Infinity.
	console.log(JSON.stringify(found, (_, value) => (value === Number.POSITIVE_INFINITY ? "forever" : value)));
}
