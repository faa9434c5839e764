/**
 * Reads the filter language of tcpdump: pcap-filter(7).
 *
 * `and` and `or` bind alike, from the left. An identifier without a keyword has those of the one before it:
 * `port 80 or 443`.
 */
import { BPF_MAXINSNS } from "../../sys/linux/constants/bpf.js";
import { FilterError } from "./error.js";
import { readAddress, readNet, readPorts, readProtocolNumber, type ServicePort } from "./identifiers.js";
import { type Token, tokensOf } from "./lexer.js";
import { ethertypes, fieldNames, ipProtocols, portProtocols } from "./names.js";
import type { Condition, Direction, Operator, Relation, Term } from "./syntax.js";

/** What an identifier is, and of what. */
interface Qualifiers {
	readonly protocol: string | undefined;
	readonly direction: Direction;
	readonly type: "host" | "net" | "port" | "portrange" | "proto";
}

const types: readonly string[] = ["host", "net", "port", "portrange", "proto"];
const linkNames: readonly string[] = ["ether", "link", "fddi", "tr", "wlan"];
const logic: readonly string[] = ["and", "or", "not"];
/** Words of tcpdump's that are known, and not supported. */
const unsupported: readonly string[] = [
	"gateway",
	"protochain",
	"inbound",
	"outbound",
	"ifname",
	"on",
	"rnr",
	"rulenum",
	"reason",
	"rset",
	"ruleset",
	"srnr",
	"subrulenum",
	"action",
	"type",
	"subtype",
	"dir",
	"addr1",
	"addr2",
	"addr3",
	"addr4",
	"ra",
	"ta",
	"mpls",
	"pppoed",
	"pppoes",
	"geneve",
	"vxlan",
	"iso",
	"clnp",
	"esis",
	"isis",
	"llc",
	"stp",
	"ipx",
	"netbeui",
	"lane",
	"oam",
	"vpi",
	"vci",
];

const relations: ReadonlyMap<string, Relation> = new Map([
	["=", "="],
	["==", "="],
	["!=", "!="],
	["<", "<"],
	[">", ">"],
	["<=", "<="],
	[">=", ">="],
]);

/** What binds loosest comes first. */
const operators: readonly (readonly Operator[])[] = [
	["|"],
	["^"],
	["&"],
	["<<", ">>"],
	["+", "-"],
	["*", "/", "%"],
];

/** Parentheses, `not` and `-` may stand in each other so deep. */
const deepest = 200;
/** So many conditions may be joined: each is an instruction or more, as a rule, and the kernel takes no more of these. */
const most = BPF_MAXINSNS;

/**
 * A filter's text as a tree; undefined for a text without words, which lets everything pass.
 * @throws FilterError
 */
export function parseFilter(text: string, servicePort: ServicePort): Condition | undefined {
	return new Parser(text, servicePort).parse();
}

class Parser {
	readonly #tokens: readonly Token[];
	readonly #servicePort: ServicePort;
	#at = 0;
	#depth = 0;
	#joined = 0;
	#last: Qualifiers | undefined = undefined;

	constructor(text: string, servicePort: ServicePort) {
		this.#tokens = tokensOf(text);
		this.#servicePort = servicePort;
	}

	parse(): Condition | undefined {
		if (this.#peek(0).kind === "end") return undefined;
		const condition = this.#expression();
		if (this.#next.kind !== "end") throw this.#unexpected("and, or, or the end");
		return condition;
	}

	get #next(): Token {
		return this.#tokens[this.#at] as Token;
	}

	#peek(distance: number): Token {
		return this.#tokens[Math.min(this.#at + distance, this.#tokens.length - 1)] as Token;
	}

	#unexpected(wanted: string): FilterError {
		const { kind, text, column } = this.#next;
		return new FilterError(
			`${kind === "end" ? "the end" : JSON.stringify(text)} where ${wanted} must be`,
			column,
		);
	}

	#isSign(text: string): boolean {
		return this.#next.kind === "sign" && this.#next.text === text;
	}

	#isWord(text: string): boolean {
		return isKeyword(this.#next, text);
	}

	#take(): Token {
		const token = this.#next;
		if (token.kind !== "end") this.#at++;
		return token;
	}

	#takeSign(text: string): boolean {
		const found = this.#isSign(text);
		if (found) this.#at++;
		return found;
	}

	#takeWord(text: string): boolean {
		const found = this.#isWord(text);
		if (found) this.#at++;
		return found;
	}

	#expect(text: string): void {
		if (!this.#takeSign(text)) throw this.#unexpected(JSON.stringify(text));
	}

	#deeper<T>(read: () => T): T {
		if (++this.#depth > deepest) {
			throw new FilterError(`more than ${deepest} levels of parentheses and signs`, this.#next.column);
		}
		const result = read();
		this.#depth--;
		return result;
	}

	#expression(): Condition {
		let left = this.#term();
		for (;;) {
			const kind = this.#takeConjunction();
			if (kind === undefined) return left;
			left = { kind, left, right: this.#term() };
		}
	}

	#takeConjunction(): "and" | "or" | undefined {
		const { column } = this.#next;
		const isAnd = this.#takeWord("and") || this.#takeSign("&&");
		if (!isAnd && !this.#takeWord("or") && !this.#takeSign("||")) return undefined;
		if (++this.#joined >= most) throw new FilterError(`more than ${most} conditions`, column);
		return isAnd ? "and" : "or";
	}

	#takeNot(): boolean {
		return this.#takeWord("not") || this.#takeSign("!");
	}

	#term(): Condition {
		return this.#deeper(() => {
			if (this.#takeNot()) return { kind: "not", condition: this.#term() };
			if (!this.#isSign("(")) return this.#primitive();
			const relation = this.#tryRelation();
			if (relation !== undefined) return relation;
			this.#expect("(");
			const condition = this.#expression();
			this.#expect(")");
			return condition;
		});
	}

	/** A relation that begins with a parenthesis, if it is one. */
	#tryRelation(): Condition | undefined {
		const { length } = this.#tokens;
		// What cannot be in a number ends the search before anything is read twice.
		let open = 0;
		for (let at = this.#at; at < length; at++) {
			const token = this.#tokens[at] as Token;
			if (token.kind === "end" || token.kind === "address") return undefined;
			if (token.kind === "word" && (logic.includes(token.text) || types.includes(token.text)))
				return undefined;
			if (token.text === "(") open++;
			else if (token.text === ")" && --open === 0) {
				const after = this.#tokens[at + 1] as Token;
				const goesOn =
					after.kind === "sign" &&
					(relations.has(after.text) || operators.some((level) => level.includes(after.text as Operator)));
				return goesOn ? this.#relation() : undefined;
			}
		}
		return undefined;
	}

	#primitive(): Condition {
		const token = this.#next;
		if (token.kind === "end" || (token.kind === "sign" && token.text !== "-")) {
			throw this.#unexpected("a condition");
		}
		if (this.#startsRelation()) return this.#relation();
		if (token.kind === "address" || token.escaped) return this.#identifier(this.#last ?? anyHost);
		if (this.#takeWord("vlan")) {
			const id = isNumber(this.#next) ? this.#number(4095, "a VLAN's number") : undefined;
			return { kind: "vlan", id };
		}
		if (this.#isWord("less") || this.#isWord("greater")) {
			const operator = this.#take().text === "less" ? "<=" : ">=";
			const value = this.#number(0xffffffff, "a length");
			return { kind: "relation", left: { kind: "length" }, operator, right: { kind: "constant", value } };
		}
		if (this.#isWord("broadcast") || this.#isWord("multicast")) return this.#cast("ether");
		if (unsupported.includes(token.text)) {
			throw new FilterError(`${JSON.stringify(token.text)} is not supported`, token.column);
		}
		return this.#qualified();
	}

	#cast(of: string): Condition {
		const token = this.#take();
		const to = token.text as "broadcast" | "multicast";
		const known = of === "ether" || (to === "multicast" && (of === "ip" || of === "ip6"));
		if (known) return { kind: "cast", of, to };
		const why = of === "ip" ? "; it takes the network's mask, which is not known here" : "";
		throw new FilterError(`"${of} ${to}" is not supported${why}`, token.column);
	}

	#qualified(): Condition {
		const token = this.#next;
		let protocol: string | undefined;
		const isLink = linkNames.includes(token.text);
		if (isLink || ethertypes.has(token.text) || ipProtocols.has(token.text)) {
			protocol = isLink ? "ether" : token.text;
			this.#at++;
			if (this.#isWord("broadcast") || this.#isWord("multicast")) return this.#cast(protocol);
		}
		const direction = this.#direction();
		const typeToken = this.#next;
		const type = types.find((each) => this.#takeWord(each)) as Qualifiers["type"] | undefined;
		if (direction === undefined && type === undefined) {
			if (protocol === undefined) return this.#bareIdentifier();
			if (protocol === "ether") throw this.#unexpected("host, src, dst, proto, broadcast, multicast or [");
			return { kind: "protocol", protocol };
		}
		if (type === undefined && unsupported.includes(this.#next.text)) {
			throw new FilterError(`${JSON.stringify(this.#next.text)} is not supported`, this.#next.column);
		}
		const qualifiers: Qualifiers = { protocol, direction: direction ?? "src or dst", type: type ?? "host" };
		requireFitting(qualifiers, direction, typeToken.column);
		this.#last = qualifiers;
		return this.#identifiers(qualifiers);
	}

	#bareIdentifier(): Condition {
		const token = this.#next;
		if (this.#last === undefined && !/^\d/.test(token.text)) {
			throw new FilterError(`${JSON.stringify(token.text)} is no word of the filter language`, token.column);
		}
		return this.#identifier(this.#last ?? anyHost);
	}

	#direction(): Direction | undefined {
		for (const [first, second] of [
			["src", "dst"],
			["dst", "src"],
		] as const) {
			if (!this.#takeWord(first)) continue;
			for (const conjunction of ["or", "and"] as const) {
				const sign = conjunction === "or" ? "||" : "&&";
				const found = this.#isWord(conjunction) || this.#isSign(sign);
				const other = this.#peek(1);
				// "src and dst port 80" is one thing, "src and dst 80" too; so a side without an identifier says.
				if (!found || !isKeyword(other, second)) continue;
				this.#at += 2;
				return conjunction === "or" ? "src or dst" : "src and dst";
			}
			return first;
		}
		return undefined;
	}

	/** Identifiers of the same kind: one, `not` one, or several in parentheses. */
	#identifiers(qualifiers: Qualifiers): Condition {
		return this.#deeper(() => {
			if (this.#takeNot()) return { kind: "not", condition: this.#identifiers(qualifiers) };
			if (!this.#takeSign("(")) return this.#identifier(qualifiers);
			let left = this.#identifiers(qualifiers);
			for (;;) {
				const kind = this.#takeConjunction();
				if (kind === undefined) break;
				left = { kind, left, right: this.#identifiers(qualifiers) };
			}
			this.#expect(")");
			return left;
		});
	}

	#identifier({ protocol, direction, type }: Qualifiers): Condition {
		const token = this.#take();
		if (token.kind === "end" || token.kind === "sign") {
			this.#at -= token.kind === "end" ? 0 : 1;
			throw this.#unexpected(`a ${type}`);
		}
		switch (type) {
			case "port":
			case "portrange": {
				const range = readPorts(token, type, protocol, this.#servicePort);
				return { kind: "ports", of: protocol, direction, ranges: [range] };
			}
			case "proto": {
				const of = protocol as "ether" | "ip" | "ip6" | undefined;
				return { kind: "number", of, number: readProtocolNumber(token, of) };
			}
			case "host": {
				const read = readAddress(token, protocol);
				if (read.kind === "ether") return { kind: "etherHost", direction, address: read.address };
				const mask = new Uint8Array(read.address.length).fill(255);
				return { kind: "net", of: protocol, direction, nets: [{ address: read.address, mask }] };
			}
			case "net": {
				const length = this.#takeSign("/") ? this.#take() : undefined;
				const mask = length === undefined && this.#takeWord("mask") ? this.#take() : undefined;
				const net = readNet(token, length, mask, protocol);
				return { kind: "net", of: protocol, direction, nets: [net] };
			}
		}
	}

	#number(most: number, what: string): number {
		const token = this.#next;
		const value = isNumber(token) ? Number(octal(token.text)) : Number.NaN;
		if (!(value <= most)) throw this.#unexpected(`${what}, at most ${most},`);
		this.#at++;
		return value;
	}

	#startsRelation(): boolean {
		const token = this.#next;
		const after = this.#peek(1);
		if (token.kind === "sign") return token.text === "-";
		if (token.kind !== "word" || token.escaped) return false;
		if (after.kind === "sign" && after.text === "[") return true;
		if (token.text === "len" || fieldNames.has(token.text)) return true;
		const goesOn =
			after.kind === "sign" &&
			(relations.has(after.text) || operators.some((level) => level.includes(after.text as Operator)));
		// "net 10/8 or 11/8" has numbers before a slash too.
		return goesOn && isNumber(token) && !(after.text === "/" && this.#last?.type === "net");
	}

	#relation(): Condition {
		const left = this.#arithmetic(0);
		const operator = this.#next.kind === "sign" ? relations.get(this.#next.text) : undefined;
		if (operator === undefined) throw this.#unexpected("=, !=, <, >, <= or >=");
		this.#at++;
		return { kind: "relation", left, operator, right: this.#arithmetic(0) };
	}

	#arithmetic(level: number): Term {
		const choice = operators[level];
		if (choice === undefined) return this.#factor();
		let left = this.#arithmetic(level + 1);
		for (;;) {
			const token = this.#next;
			const operator = token.kind === "sign" ? choice.find((each) => each === token.text) : undefined;
			if (operator === undefined) return left;
			this.#at++;
			left = { kind: "binary", operator, left, right: this.#arithmetic(level + 1) };
		}
	}

	#factor(): Term {
		return this.#deeper(() => {
			const token = this.#next;
			if (this.#takeSign("-")) return { kind: "negative", term: this.#factor() };
			if (this.#takeSign("(")) {
				const term = this.#arithmetic(0);
				this.#expect(")");
				return term;
			}
			if (this.#takeWord("len")) return { kind: "length" };
			const named = token.kind === "word" ? fieldNames.get(token.text) : undefined;
			if (named !== undefined) {
				this.#at++;
				return { kind: "constant", value: named };
			}
			if (isNumber(token)) return { kind: "constant", value: this.#number(0xffffffff, "a number") };
			if (token.kind !== "word") throw this.#unexpected("a number");
			this.#at++;
			if (!this.#isSign("[")) {
				this.#at--;
				throw this.#unexpected("a number");
			}
			return this.#load(token);
		});
	}

	#load({ text, column }: Token): Term {
		const isLink = linkNames.includes(text);
		if (!isLink && !ethertypes.has(text) && !ipProtocols.has(text)) {
			throw new FilterError(`${JSON.stringify(text)} is no protocol`, column);
		}
		this.#expect("[");
		const index = this.#arithmetic(0);
		let size = 1;
		if (this.#takeSign(":")) {
			const token = this.#next;
			size = this.#number(4, "a size");
			if (size !== 1 && size !== 2 && size !== 4) {
				throw new FilterError(`1, 2 or 4 bytes can be read, not ${size}`, token.column);
			}
		}
		this.#expect("]");
		return { kind: "load", protocol: isLink ? "ether" : text, index, size: size as 1 | 2 | 4 };
	}
}

const anyHost: Qualifiers = { protocol: undefined, direction: "src or dst", type: "host" };

function isKeyword(token: Token, text: string): boolean {
	return token.kind === "word" && !token.escaped && token.text === text;
}

function isNumber({ kind, text }: Token): boolean {
	return kind === "word" && /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text);
}

function octal(text: string): string {
	return /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text;
}

function requireFitting(
	{ protocol, type }: Qualifiers,
	direction: Direction | undefined,
	column: number,
): void {
	if (protocol === undefined && !(type === "proto" && direction !== undefined)) return;
	const fits =
		type === "host"
			? ["ether", "ip", "ip6", "arp", "rarp"]
			: type === "net"
				? ["ip", "ip6", "arp", "rarp"]
				: type === "proto"
					? ["ether", "ip", "ip6"]
					: portProtocols;
	if (type === "proto" && direction !== undefined) {
		throw new FilterError(`"proto" has no direction`, column);
	}
	if (protocol !== undefined && !fits.includes(protocol)) {
		throw new FilterError(`${type} goes with ${fits.join(", ")}, not with ${protocol}`, column);
	}
}
