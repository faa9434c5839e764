/**
 * `compileFilter()`: from the language of tcpdump to classic BPF.
 */
import { checkInteger, checkText } from "../../address/bytes.js";
import { getservbyname } from "../../resolve/services.js";
import type { Instruction } from "../bpf/instruction.js";
import { always } from "./decision.js";
import { generate } from "./generate.js";
import type { ServicePort } from "./identifiers.js";
import { type LinkName, links } from "./links.js";
import { Lowering } from "./lower.js";
import { parseFilter } from "./parser.js";

/** How a filter is compiled. */
export interface FilterOptions {
	/** What packets begin with; ethernet when left out. */
	link?: LinkName;
	/** How many bytes of a packet are wanted when it passes; 262144 when left out, as tcpdump has it. */
	snapLength?: number;
}

/**
 * Compiles a filter such as `tcp port 80 and not host 192.0.2.1` for the kernel or for runProgram(). The language is
 * that of tcpdump, pcap-filter(7), without what is for links that are none of these, or looks names of hosts up.
 * @returns a program that gives `snapLength` for packets that pass, and 0 for others
 * @throws FilterError, which names the column, for what is wrong or not supported
 */
export function compileFilter(text: string, options: FilterOptions = {}): Instruction[] {
	checkText(text, "a filter");
	const { link = "ethernet", snapLength = 262144 } = options;
	if (!Object.hasOwn(links, link)) {
		throw new RangeError(`link must be ${Object.keys(links).join(", ")}, not ${String(link)}`);
	}
	checkInteger(snapLength, 1, 0xffffffff, "snapLength");
	const condition = parseFilter(text, servicePort);
	return generate(condition === undefined ? always : new Lowering(links[link]).lower(condition), snapLength);
}

const servicePort: ServicePort = (name, protocol) => {
	try {
		return getservbyname(name, protocol);
	} catch {
		return undefined;
	}
};
