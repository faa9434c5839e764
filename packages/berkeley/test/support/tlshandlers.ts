/**
 * Handlers of servers with TLS for threads and processes, which take them from a module.
 */
import { TlsRequestHandler } from "../../src/server/index.js";

/** Answers each line with what it knows of the client. */
export default class Facts extends TlsRequestHandler<number> {
	override async handle(): Promise<void> {
		for await (const line of this.rfile) {
			const facts = {
				line: `${line}`.trim(),
				servername: this.connection.servername(),
				address: this.clientAddress,
				authority: this.proxyHeader?.authority ?? null,
				aborted: this.signal.aborted,
				process: process.pid,
			};
			await this.wfile.write(`${JSON.stringify(facts)}\n`);
		}
	}
}
