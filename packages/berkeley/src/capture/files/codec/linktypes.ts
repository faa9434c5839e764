/**
 * Link types: the numbers by which files say how the bytes of their packets begin. pcap-linktype(7); the registry is
 * at https://www.tcpdump.org/linktypes.html.
 */
import { checkInteger } from "../../../address/bytes.js";
import { type LinkName, links } from "../../filter/links.js";

const numbers: Readonly<Record<LinkName, number>> = { ethernet: 1, raw: 101, sll: 113, sll2: 276 };
const names = new Map<number, LinkName>(
	Object.entries(numbers).map(([name, number]) => [number, name as LinkName]),
);

/** How packets of a file begin: a name, or where the library has none for it the LINKTYPE_ number. */
export type FileLink = LinkName | number;

/** The name of a LINKTYPE_ number, or the number where there is none. */
export function linkOf(linkType: number): FileLink {
	return names.get(linkType) ?? linkType;
}

/** The LINKTYPE_ number of a name; a number is its own. */
export function linkTypeOf(link: FileLink): number {
	if (typeof link === "number") return checkInteger(link, 0, 0xffff, "link");
	if (!Object.hasOwn(numbers, link)) {
		throw new RangeError(
			`link must be ${Object.keys(links).join(", ")} or the number of a link type, not ${String(link)}`,
		);
	}
	return numbers[link];
}

/** A link type for people: `ethernet`, or `link type 127`. */
export function describeLink(link: FileLink): string {
	return typeof link === "number" ? `link type ${link}` : link;
}

/**
 * The link as a filter sees it: raw IP has numbers of its own for IPv4 (228) and IPv6 (229), and had others in files
 * of BSD (12, 14). Undefined where filters do not know it.
 */
export function filterLinkOf(link: FileLink): LinkName | undefined {
	if (typeof link !== "number") return link;
	return link === 228 || link === 229 || link === 12 || link === 14 ? "raw" : undefined;
}
