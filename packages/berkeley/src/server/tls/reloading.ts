/**
 * When a server reads its keys and certificates again by itself: when files change, and at a signal.
 */
import { constants } from "node:os";
import { checkInteger, kindOf } from "../../address/bytes.js";
import { FileWatch } from "./filewatch.js";
import type { TlsServerOptions } from "./options.js";
import { filesOf } from "./settings.js";

const usualInterval = 5000;
const longestInterval = 2 ** 31 - 1;

/** Calls a function when it is time to reload. */
export class Reloading {
	readonly #due: () => void;
	readonly #signal: NodeJS.Signals | undefined;
	readonly #watch: FileWatch | undefined;

	/**
	 * Begins. What is to be read is read after this.
	 * @throws TypeError, RangeError for options that cannot be
	 */
	constructor(options: TlsServerOptions, due: () => void) {
		this.#due = due;
		const interval = intervalOf(options);
		this.#signal = signalOf(options);
		const files = filesOf(options);
		if ((interval !== undefined || this.#signal !== undefined) && files.length === 0) {
			throw new TypeError("tls: there are no files to read again: give keyFile and certFile");
		}
		if (interval !== undefined) this.#watch = new FileWatch(files, interval, due);
		if (this.#signal !== undefined) process.on(this.#signal, due);
	}

	/** Ends. */
	close(): void {
		this.#watch?.close();
		if (this.#signal !== undefined) process.off(this.#signal, this.#due);
	}
}

function intervalOf({ watch = false }: TlsServerOptions): number | undefined {
	if (watch === false) return undefined;
	if (watch === true) return usualInterval;
	return checkInteger(watch, 1, longestInterval, "tls.watch, in milliseconds,");
}

function signalOf({ reloadSignal = false }: TlsServerOptions): NodeJS.Signals | undefined {
	if (reloadSignal === false) return undefined;
	if (reloadSignal === true) return "SIGHUP";
	if (typeof reloadSignal !== "string") {
		throw new TypeError(`tls.reloadSignal must be true or a name as "SIGHUP", not ${kindOf(reloadSignal)}`);
	}
	if (reloadSignal in constants.signals) return reloadSignal;
	throw new RangeError(`tls.reloadSignal: there is no signal ${JSON.stringify(reloadSignal)}`);
}
