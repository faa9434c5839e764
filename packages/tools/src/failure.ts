/**
 * How a command fails: with one sentence for a person.
 */

/** Something went wrong that is no bug; the message is all there is to say. */
export class Failure extends Error {}

/** Nobody reads standard output any more. That ends a command quietly. */
export class OutputClosed extends Error {}

/** The sentence for an error; of what nobody expected, the stack. */
export function describeFailure(error: unknown): string {
	if (!(error instanceof Error)) return `unexpected: ${String(error)}`;
	const expected = error instanceof Failure || codeOf(error) !== undefined;
	return expected ? error.message : `unexpected: ${error.stack ?? error.message}`;
}

/** The error's code, such as "ECONNREFUSED". */
export function codeOf(error: unknown): string | undefined {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	return typeof code === "string" ? code : undefined;
}
