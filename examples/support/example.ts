/**
 * The examples, run as their users run them.
 */
import { fileURLToPath } from "node:url";
import { Program } from "./program.js";

/** The compiled file of an example, by its place in examples/. */
export function fileOf(name: string): string {
	return fileURLToPath(new URL(`../${name}.js`, import.meta.url));
}

/** An example that runs, by its place in examples/. */
export class Example extends Program {
	constructor(name: string, ...args: string[]) {
		super(process.execPath, [fileOf(name), ...args]);
	}
}
