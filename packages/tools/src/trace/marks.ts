/**
 * What traceroute writes behind a time when a hop did not just pass the probe on: !H, !N, !X …
 */
import {
	ICMP_DEST_UNREACH,
	ICMP6_DST_UNREACH,
	ICMP6_PACKET_TOO_BIG,
	ICMP6_PARAM_PROB,
} from "berkeley/packet";
import type { IcmpFacts } from "../probing/icmptext.js";
import { isExpired, isPortUnreachable } from "../probing/icmptext.js";

// By the code of a destination unreachable.
const marks4 = new Map([
	[0, "!N"],
	[1, "!H"],
	[2, "!P"],
	[5, "!S"],
	[9, "!X"],
	[10, "!X"],
	[13, "!X"],
	[14, "!V"],
	[15, "!C"],
]);
const marks6 = new Map([
	[0, "!N"],
	[1, "!X"],
	[2, "!S"],
	[3, "!H"],
]);

/** The mark of an ICMP error; undefined for what is to be expected of routers and targets. */
export function markOf(version: 4 | 6, facts: IcmpFacts): string | undefined {
	const { type, subcode, info } = facts;
	if (isExpired(version, facts) || isPortUnreachable(version, facts)) return undefined;
	if (version === 4) {
		if (type !== ICMP_DEST_UNREACH) return `!<${type}-${subcode}>`;
		return subcode === 4 ? `!F-${info}` : (marks4.get(subcode) ?? `!<${subcode}>`);
	}
	if (type === ICMP6_PACKET_TOO_BIG) return `!F-${info}`;
	if (type === ICMP6_PARAM_PROB && subcode === 1) return "!P";
	if (type !== ICMP6_DST_UNREACH) return `!<${type}-${subcode}>`;
	return marks6.get(subcode) ?? `!<${subcode}>`;
}
