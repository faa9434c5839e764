/**
 * What users give here, checked before the kernel is asked.
 */
import { kindOf } from "../address/bytes.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";

/** Requires an object without members that have no meaning. */
export function checkOptions(options: unknown, known: readonly string[]): void {
	const allowed = known.join(", ");
	if (typeof options !== "object" || options === null || Array.isArray(options)) {
		throw new TypeError(`the options must be { ${allowed} }, not ${kindOf(options)}`);
	}
	const stranger = Object.keys(options).find((key) => !known.includes(key));
	if (stranger !== undefined) {
		throw new TypeError(`there is no option ${JSON.stringify(stranger)}; there are ${allowed}`);
	}
}

/** Requires AF_INET, AF_INET6 or nothing. */
export function checkFamily(family: unknown): void {
	if (family === undefined || family === AF_INET || family === AF_INET6) return;
	const given = typeof family === "number" ? String(family) : kindOf(family);
	const Refusal = typeof family === "number" ? RangeError : TypeError;
	throw new Refusal(`family must be AF_INET (${AF_INET}) or AF_INET6 (${AF_INET6}), not ${given}`);
}
