/**
 * How a command fails: with one sentence for a person, and with --json with an event that programs can read.
 */

/** Something went wrong that is no bug; the message is all there is to say. */
export class Failure extends Error {}

/** The command was called in a wrong way, which showed only when it ran. */
export class Misuse extends Failure {}

/** Nobody reads standard output any more. That ends a command quietly. */
export class OutputClosed extends Error {}

/** The data of an error event. */
export interface FailureDetails {
	/**
	 * An errno's name ("EPERM"), a name of getaddrinfo's ("EAI_NONAME"), "USAGE" for wrong usage, "FAILURE" for what
	 * has only its message, and "UNEXPECTED" for a bug.
	 */
	readonly code: string;
	/** The sentence that standard error has too. */
	readonly message: string;
	/** The operation that failed: "socket", "sendto" … */
	readonly syscall?: string | undefined;
	/** The address that it was given. */
	readonly address?: string | undefined;
	readonly port?: number | undefined;
}

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

/** What an error event says about an error. */
export function detailsOf(error: unknown): FailureDetails {
	const message = describeFailure(error);
	if (error instanceof Failure) {
		// A failure that puts another into words has that one's code.
		return error.cause === undefined ? { code: "FAILURE", message } : { ...detailsOf(error.cause), message };
	}
	const code = codeOf(error);
	if (code === undefined) return { code: "UNEXPECTED", message };
	const { syscall, address, port } = error as { syscall?: unknown; address?: unknown; port?: unknown };
	return {
		code,
		message,
		syscall: typeof syscall === "string" ? syscall : undefined,
		address: typeof address === "string" ? address : undefined,
		port: typeof port === "number" ? port : undefined,
	};
}
