/**
 * What tests expect of failures.
 */
import assert from "node:assert/strict";

/** The message says it, and code and class are as they must be. */
export interface Expected {
	code: string;
	name?: string;
	syscall?: string;
}

/** The promise rejects with a system error of this code. Gives the error. */
export async function rejectsWith(promise: Promise<unknown>, expected: Expected): Promise<Error> {
	let failure: unknown;
	try {
		await promise;
	} catch (error) {
		failure = error;
	}
	assert.ok(failure instanceof Error, `it did not reject, where ${expected.code} was expected`);
	for (const [key, value] of Object.entries(expected)) {
		assert.equal((failure as unknown as Record<string, unknown>)[key], value, failure.stack);
	}
	return failure;
}
