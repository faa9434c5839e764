/**
 * Reads what the compiler writes of the public interface: the .d.ts files that can be reached from an entry
 * point. The compiler's output is regular, a declaration a line and members indented by four, so that lines are
 * enough.
 */
import { readFileSync } from "node:fs";

/** A declaration, or a member of one, by its place. */
export interface Declared {
	/** "Socket", or "Socket.recv" for a member. */
	name: string;
	file: string;
	documented: boolean;
}

interface Declarations {
	/** The names that the file declares, each with the lines at which it does so: overloads, merged ones. */
	lines: Map<string, number[]>;
	/** Names that it has from elsewhere: the file, and the name there ("*" is a namespace). */
	imports: Map<string, { from: URL; name: string }>;
	/** Names that it passes on, in the same form. */
	exports: Map<string, { from: URL; name: string }>;
	/** Files all of whose names it passes on. */
	all: URL[];
	text: string[];
	file: URL;
}

function sourceOf(file: URL): string {
	return readFileSync(new URL(file.href.replace("/dist/src/", "/src/").replace(/\.d\.ts$/, ".ts")), "utf8");
}

const declaration =
	/^(?:export )?(?:declare )?(?:abstract )?(?:const|let|function|class|interface|type) ([\w$]+)/;
const member =
	/^ {4}(?!private |protected |#|_|\[\w+ in )(?:(?:static|readonly|abstract|get|set|declare) )*(new \(|\[[^\]]+\]|[\w$]+)\??\s*[(:<;]/;

const cache = new Map<string, Declarations>();

function read(file: URL): Declarations {
	const known = cache.get(file.href);
	if (known !== undefined) return known;
	const source = readFileSync(file, "utf8");
	const found: Declarations = {
		lines: new Map(),
		imports: new Map(),
		exports: new Map(),
		all: [],
		text: source.split("\n"),
		file,
	};
	cache.set(file.href, found);
	for (const [index, line] of found.text.entries()) {
		const name = declaration.exec(line)?.[1];
		if (name !== undefined) found.lines.set(name, [...(found.lines.get(name) ?? []), index]);
	}
	const target = (specifier: string): URL => new URL(specifier.replace(/\.js$/, ".d.ts"), file);
	for (const match of source.matchAll(
		/^(import|export)(?: type)? (?:(\*)(?: as (\w+))?|\{([^}]*)\}|\w+)(?: from "(\.[^"]+)")?;/gm,
	)) {
		const [, keyword, star, namespace, list = "", specifier] = match;
		const names = keyword === "import" ? found.imports : found.exports;
		const from = specifier === undefined ? file : target(specifier);
		if (star !== undefined && specifier === undefined) continue;
		if (namespace !== undefined) names.set(namespace, { from, name: "*" });
		else if (star !== undefined) found.all.push(from);
		for (const item of list.split(",")) {
			const [name, alias = name] = item
				.trim()
				.replace(/^type /, "")
				.split(" as ");
			if (!name || !alias) continue;
			// Without a file it is a name of this one, which it may have imported.
			if (specifier !== undefined) names.set(alias, { from, name });
			else if (name !== alias || !found.lines.has(name))
				names.set(alias, found.imports.get(name) ?? { from, name });
		}
	}
	return found;
}

/** Whether a comment for readers stands right above a line; the one that heads the file is not that. */
function documented({ text, file }: Declarations, line: number): boolean {
	const end = line - 1;
	if (!text[end]?.trimEnd().endsWith("*/")) return false;
	let begin = end;
	while (begin > 0 && !text[begin]?.trimStart().startsWith("/**")) begin--;
	if (text[begin]?.trimStart().startsWith("/**") !== true) return false;
	// The compiler drops the comment that heads a file when it drops the import below.
	return begin > 0 || !sourceOf(file).startsWith(text.slice(0, line).join("\n"));
}

/**
 * The members of the class or interface at a line, without those with an underscore, which node:stream asks for.
 * What a line of an overloaded member says holds for all.
 */
function members(declarations: Declarations, line: number): Map<string, boolean> {
	const found = new Map<string, boolean>();
	if (!/\{\s*$/.test(declarations.text[line] ?? "")) return found;
	for (let at = line + 1; !/^\S/.test(declarations.text[at] ?? "}"); at++) {
		const text = declarations.text[at] ?? "";
		const name = member.exec(text)?.[1];
		if (name !== undefined) found.set(name, found.get(name) === true || documented(declarations, at));
	}
	return found;
}

/** Everything that users of an entry point see, under the names by which they know it. */
export function publicInterface(entry: URL): Declared[] {
	const found = new Map<string, Declared>();
	visitFile(entry, "");
	return [...found.values()];

	function visitFile(file: URL, prefix: string): void {
		const declarations = read(file);
		for (const all of declarations.all) visitFile(all, prefix);
		for (const [alias, { from, name }] of declarations.exports) {
			if (name === "*") visitFile(from, `${prefix}${alias}.`);
			else visitName(from, name, `${prefix}${alias}`);
		}
		for (const [name, lines] of declarations.lines) {
			if (declarations.text[lines[0] ?? 0]?.startsWith("export ")) visitName(file, name, `${prefix}${name}`);
		}
	}

	function visitName(file: URL, name: string, known: string): void {
		const declarations = read(file);
		const lines = declarations.lines.get(name);
		if (lines === undefined) {
			const elsewhere =
				declarations.exports.get(name) ?? declarations.imports.get(name) ?? amongAll(declarations, name);
			if (elsewhere === undefined) throw new Error(`${file.pathname} does not declare ${name}`);
			if (elsewhere.name === "*") visitFile(elsewhere.from, `${known}.`);
			else visitName(elsewhere.from, elsewhere.name, known);
			return;
		}
		const says = lines.some((line) => documented(declarations, line));
		found.set(known, { name: known, file: file.pathname, documented: says });
		for (const line of lines) {
			for (const [each, saysSo] of members(declarations, line)) {
				found.set(`${known}.${each}`, { name: `${known}.${each}`, file: file.pathname, documented: saysSo });
			}
			// What is inherited is public too, even where its class is not exported.
			for (const base of basesOf(declarations.text[line] ?? "")) {
				const origin = declarations.imports.get(base);
				if (origin !== undefined) visitName(origin.from, origin.name, base);
				else if (declarations.lines.has(base)) visitName(file, base, base);
			}
		}
	}
}

function basesOf(line: string): string[] {
	const clause = /^export (?:declare )?(?:abstract )?(?:class|interface) .*\bextends ([^{]+)\{$/.exec(
		line,
	)?.[1];
	// The parameters of the generic types may have an `extends` of their own: the last one is the clause.
	return (clause?.split(/\bextends /).at(-1) ?? "")
		.replace(/<[^{]*>/g, "")
		.split(",")
		.map((name) => name.trim().split(" ")[0] ?? "")
		.filter((name) => /^[A-Z]\w*$/.test(name));
}

/** Where a name is that a file passes on with all of another's. */
function amongAll({ all }: Declarations, name: string): { from: URL; name: string } | undefined {
	const from = all.find((file) => read(file).lines.has(name) || read(file).exports.has(name));
	return from && { from, name };
}
