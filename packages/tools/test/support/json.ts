/**
 * What commands print with --json, held against the published schema.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Envelope } from "../../src/json.js";

/** The published schema. */
export const schema = JSON.parse(
	readFileSync(new URL("../../../schema/sock.schema.json", import.meta.url), "utf8"),
) as { $defs: Record<string, unknown> };

// Without strictTypes: a command's $def says nothing about the type, which the envelope's root says.
const validate = new Ajv2020({
	allErrors: true,
	strict: true,
	strictTypes: false,
	strictRequired: false,
}).compile<Envelope>(schema);

/** A line of --json, its data as they are. */
export interface Line extends Envelope {
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever the schema has let through
	readonly data: any;
}

/** Reads what a command printed with --json; fails on a line that the schema does not describe. */
export function jsonLines(output: string | Uint8Array): Line[] {
	const text = typeof output === "string" ? output : Buffer.from(output).toString();
	if (text === "") return [];
	assert.ok(text.endsWith("\n"), `the last line is not whole: ${JSON.stringify(text.slice(-200))}`);
	return text
		.slice(0, -1)
		.split("\n")
		.map((line) => {
			const value: unknown = JSON.parse(line);
			if (!validate(value)) assert.fail(`${line}\n${complaints(value)}`);
			return value as Line;
		});
}

/** What the schema says against a line, without what belongs to other commands and events. */
function complaints(value: unknown): string {
	const { command, event } = value as { command?: unknown; event?: unknown };
	const all = validate.errors ?? [];
	const telling = all.filter(({ keyword }) => keyword !== "const" && keyword !== "oneOf");
	const lines = (telling.length > 0 ? telling : all).map(
		({ schemaPath, instancePath, message, params }) =>
			`${schemaPath}: ${instancePath} ${message} ${JSON.stringify(params)}`,
	);
	return [`${String(command)} ${String(event)} is not as the schema says:`, ...lines].join("\n");
}
