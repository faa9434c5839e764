/**
 * The words of the filter language: pcap-filter(7).
 */
import { FilterError } from "./error.js";

/** A piece of a filter's text. */
export interface Token {
	/** A word is a name or a number; an address has colons; a sign is none of these; the end comes last. */
	readonly kind: "word" | "address" | "sign" | "end";
	/** As it is written, but without the backslash that lets a name stand for itself. */
	readonly text: string;
	/** Whether it had a backslash, and so is no keyword. */
	readonly escaped: boolean;
	/** Where it begins, from 1 on. */
	readonly column: number;
}

const space = /\s*/y;
// Hardware addresses and IPv6: at least two colons, or one that is doubled.
const address = /(?:[0-9a-fA-F]{1,4}:){2,}[0-9a-fA-F:.]*|[0-9a-fA-F]{0,4}::[0-9a-fA-F:.]*/y;
const word = /\\?[A-Za-z0-9_](?:[-_.A-Za-z0-9]*[A-Za-z0-9_])?/y;
const sign = /&&|\|\||!=|<=|>=|==|<<|>>|[()[\]:&|^!=<>+\-*/%]/y;

/** Takes a filter's text apart. */
export function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		const match = pattern.exec(text)?.[0];
		if (match !== undefined) at += match.length;
		return match;
	};
	for (;;) {
		take(space);
		const column = at + 1;
		if (at === text.length) {
			tokens.push({ kind: "end", text: "", escaped: false, column });
			return tokens;
		}
		const found = take(address);
		if (found !== undefined) {
			tokens.push({ kind: "address", text: found, escaped: false, column });
			continue;
		}
		const name = take(word);
		if (name !== undefined) {
			const escaped = name.startsWith("\\");
			tokens.push({ kind: "word", text: escaped ? name.slice(1) : name, escaped, column });
			continue;
		}
		const mark = take(sign);
		if (mark === undefined) {
			throw new FilterError(`${JSON.stringify(text[at])} means nothing here`, column);
		}
		tokens.push({ kind: "sign", text: mark, escaped: false, column });
	}
}
