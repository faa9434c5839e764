// @ts-check
/** What the handover is measured to: a handler that notes when it is entered, and says a byte. */
import { BaseRequestHandler } from "berkeley/server";

export class Entered extends BaseRequestHandler {
	/** Notes the time in the memory that it was given. */
	async handle() {
		const { workerData } = /** @type {{ workerData: BigInt64Array }} */ (
			/** @type {unknown} */ (this.server)
		);
		const { port } = /** @type {{ port: number }} */ (this.clientAddress);
		workerData[port] = process.hrtime.bigint();
		await /** @type {import("berkeley").Socket} */ (this.request).sendall("x");
	}
}
