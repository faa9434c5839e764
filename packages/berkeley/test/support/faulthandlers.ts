/**
 * What handles the requests of the servers in the tests of faults; in a module of its own, from which a thread or
 * a process can load it.
 */
import { StreamRequestHandler } from "../../src/server/index.js";

/** Answers each line in upper case; "throw" and "hang" do what they say. */
export class FaultHandler extends StreamRequestHandler<number> {
	override async handle() {
		for await (const line of this.rfile) {
			const text = `${line}`.trim();
			if (text === "throw") throw new Error("asked to throw");
			if (text === "hang") await new Promise(() => {});
			await this.wfile.write(`${text.toUpperCase()}\n`);
		}
	}
}
