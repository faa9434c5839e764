/**
 * Signals of the operating system that shut a server down.
 */
import { kindOf } from "../address/bytes.js";

/** The signals that `true` stands for: what `kill` and service managers send, and Ctrl-C. */
const usual: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"];

/** The signals that were asked for. */
export function signalsOf(
	signals: boolean | readonly NodeJS.Signals[] | undefined,
): readonly NodeJS.Signals[] {
	if (signals === undefined || signals === false) return [];
	if (signals === true) return usual;
	if (Array.isArray(signals)) return signals;
	throw new TypeError(
		`signals must be true, false or an array of names as "SIGTERM", not ${kindOf(signals)}`,
	);
}

/**
 * Calls a function at the first of the signals. A second one does what it does by default: it ends the process.
 * @returns takes the listeners back
 */
export function onFirstSignal(signals: readonly NodeJS.Signals[], act: () => void): () => void {
	const forget = (): void => {
		for (const signal of signals) process.off(signal, arrived);
	};
	const arrived = (): void => {
		forget();
		act();
	};
	for (const signal of signals) process.on(signal, arrived);
	return forget;
}
