/**
 * Python's `socket` module as the oracle: expressions over its names, evaluated by the machine's python3.
 */
import { execFile } from "node:child_process";
import { askPython } from "./oracles.js";

/** What an expression gave: its value as JSON, or the errno of the OSError (negative for EAI_*). */
export type PythonResult = { value: unknown } | { errno: number | null };

const script = `
import json, sys
from socket import *
def answer(expression):
    try:
        return {"value": eval(expression)}
    except OSError as error:
        return {"errno": error.errno}
`;

/** Evaluates expressions. */
export function evaluate(expressions: string[]): PythonResult[] {
	return askPython(script, expressions) as PythonResult[];
}

/** Evaluates expressions while this process goes on. */
export function evaluateAside(expressions: string[]): Promise<PythonResult[]> {
	const program = `${script}\nprint(json.dumps([answer(each) for each in json.loads(sys.argv[1])]))`;
	return new Promise((resolve, reject) => {
		execFile("python3", ["-c", program, JSON.stringify(expressions)], (error, output) => {
			if (error) reject(error);
			else resolve(JSON.parse(output));
		});
	});
}
