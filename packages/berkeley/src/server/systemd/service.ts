/**
 * A server as a service of systemd: READY=1 when it serves, WATCHDOG=1 at half the time that systemd gives, STOPPING=1
 * when it begins to stop. What cannot be sent is a warning, and no reason to stop serving.
 */
import type { Address } from "../../address/types.js";
import { describeAddress } from "../../errors.js";
import { type NotifyState, sdNotify, sdWatchdogEnabled, watchdogInterval } from "./notify.js";

// What systemd does not take in this time it does not take.
const patience = 5000;

// setInterval takes no more.
const longestTimer = 2 ** 31 - 1;

// The variables of the process that was replaced are those of its successor, whom it has started.
let successor = false;

/** From now on this process is what systemd watches: another one has handed over to it. */
export function succeed(): void {
	successor = true;
}

/** Tells systemd something; what is wrong with that is a warning. @returns whether nothing was */
export async function tell(state: NotifyState): Promise<boolean> {
	try {
		await sdNotify(state, { timeout: patience });
		return true;
	} catch (error) {
		process.emitWarning(`systemd was not told: ${error instanceof Error ? error.message : error}`);
		return false;
	}
}

/** What one server tells systemd, from the time when it serves. */
export class Service {
	readonly #address: unknown;
	#sent: Promise<unknown> = Promise.resolve();
	#watchdog: NodeJS.Timeout | undefined = undefined;
	#holders = 1;
	#over = false;

	/** @throws SocketError EINVAL when systemd's variables make no sense */
	constructor(address: unknown) {
		const interval = successor ? watchdogInterval() : sdWatchdogEnabled();
		this.#address = address;
		if (interval === null) return;
		let waiting = false;
		this.#watchdog = setInterval(
			async () => {
				if (waiting) return;
				waiting = true;
				// One warning is enough.
				if (!(await tell({ WATCHDOG: 1 }))) clearInterval(this.#watchdog);
				waiting = false;
			},
			Math.min(interval / 2, longestTimer),
		);
		this.#watchdog.unref();
	}

	/** The server serves. */
	ready(): void {
		if (this.#over) return;
		const where = describeAddress(this.#address as Address | undefined);
		this.#sent = this.#sent.then(() => tell({ READY: 1, STATUS: `serving at ${where}` }));
	}

	/**
	 * The server begins to stop, and goes on being watched until release().
	 * @param passed whether another process serves on: then systemd need not know
	 */
	stopping(active: number, passed: boolean): void {
		this.#holders++;
		this.#end(`finishing ${active} request${active === 1 ? "" : "s"}`, passed);
	}

	#end(status: string, passed: boolean): void {
		if (this.#over) return;
		this.#over = true;
		if (passed) clearInterval(this.#watchdog);
		else this.#sent = this.#sent.then(() => tell({ STOPPING: 1, STATUS: status }));
	}

	/** The server has stopped, as far as the caller is concerned. Waits until systemd has been told everything. */
	async release(): Promise<void> {
		this.#end("closed", false);
		this.#holders--;
		if (this.#holders <= 0) clearInterval(this.#watchdog);
		await this.#sent;
	}
}
