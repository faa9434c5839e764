/**
 * `compileFilter()`: from the language of tcpdump to classic BPF.
 */
import { checkInteger, checkText, kindOf } from "../../address/bytes.js";
import { getservbyname } from "../../resolve/services.js";
import type { Instruction } from "../bpf/instruction.js";
import { always } from "./decision.js";
import { generate } from "./generate.js";
import type { ServicePort } from "./identifiers.js";
import { type LinkName, links, liveLink } from "./links.js";
import { lower, lowerLive } from "./lower.js";
import { parseFilter } from "./parser.js";

/** How a filter is compiled. */
export interface FilterOptions {
	/** What packets begin with; ethernet when left out. */
	link?: LinkName;
	/** How many bytes of a packet are wanted when it passes; 262144 when left out, as tcpdump has it. */
	snapLength?: number;
	/**
	 * For a packet socket's SO_ATTACH_FILTER, and not for runProgram(): the kernel keeps a VLAN's tag beside the
	 * packet, and makes cooked headers after the filter. False when left out.
	 */
	live?: boolean;
}

/**
 * Compiles a filter such as `tcp port 80 and not host 192.0.2.1` for the kernel or for runProgram(). The language is
 * that of tcpdump, pcap-filter(7), without what is for links that are none of these, or looks names of hosts up.
 * @returns a program that gives `snapLength` for packets that pass, and 0 for others
 * @throws FilterError, which names the column, for what is wrong or not supported
 */
export function compileFilter(text: string, options: FilterOptions = {}): Instruction[] {
	checkText(text, "a filter");
	const { link = "ethernet", snapLength = 262144, live = false } = options;
	if (!Object.hasOwn(links, link)) {
		throw new RangeError(`link must be ${Object.keys(links).join(", ")}, not ${String(link)}`);
	}
	checkInteger(snapLength, 1, 0xffffffff, "snapLength");
	if (typeof live !== "boolean") throw new TypeError(`live must be true or false, not ${kindOf(live)}`);
	const condition = parseFilter(text, servicePort);
	if (condition === undefined) return generate(always, snapLength);
	return generate(live ? lowerLive(condition, liveLink(link)) : lower(condition, links[link]), snapLength);
}

const servicePort: ServicePort = (name, protocol) => {
	try {
		return getservbyname(name, protocol);
	} catch {
		return undefined;
	}
};
