/**
 * What systemd says in environment variables: whole numbers, and for which process they are meant.
 */
import { type SocketError, socketError } from "../../errors.js";
import { EINVAL } from "../../sys/linux/errnos.js";

/** How the functions that read the environment leave it. */
export interface EnvironmentOptions {
	/** Whether the variables are removed, so that programs that this process starts do not take them for theirs. */
	unsetEnvironment?: boolean | undefined;
}

/** A variable that is a whole number; undefined when it is not set. @throws SocketError EINVAL */
export function numberFrom(name: string): number | undefined {
	const text = process.env[name];
	if (text === undefined) return undefined;
	const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
	if (value < 0) throw invalid(name, "it should be a whole number");
	return value;
}

/** The error for a variable that makes no sense. */
export function invalid(name: string, what: string): SocketError {
	return socketError("getenv", -EINVAL, {
		subject: `environment ${name}=${process.env[name] ?? ""}`,
		advice: what,
	});
}

/** Removes variables, when that was asked for. */
export function unset({ unsetEnvironment = false }: EnvironmentOptions, names: readonly string[]): void {
	if (unsetEnvironment) for (const name of names) delete process.env[name];
}
