/**
 * ICMP errors in the words that ping uses: the only ones for all commands.
 */
import {
	ICMP_DEST_UNREACH,
	ICMP_PARAMETERPROB,
	ICMP_SOURCE_QUENCH,
	ICMP_TIME_EXCEEDED,
	ICMP6_DST_UNREACH,
	ICMP6_PACKET_TOO_BIG,
	ICMP6_PARAM_PROB,
	ICMP6_TIME_EXCEEDED,
} from "berkeley/packet";

/** What is known of an ICMP error. */
export interface IcmpFacts {
	readonly type: number;
	readonly subcode: number;
	/** The MTU, or the pointer of a parameter problem. */
	readonly info: number;
}

// RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
const unreachable4 = [
	"Destination Net Unreachable",
	"Destination Host Unreachable",
	"Destination Protocol Unreachable",
	"Destination Port Unreachable",
	"Frag needed and DF set",
	"Source Route Failed",
	"Destination Net Unknown",
	"Destination Host Unknown",
	"Source Host Isolated",
	"Destination Net Prohibited",
	"Destination Host Prohibited",
	"Destination Net Unreachable for Type of Service",
	"Destination Host Unreachable for Type of Service",
	"Packet filtered",
	"Precedence Violation",
	"Precedence Cutoff",
];

// RFC 4443 section 3.1, RFC 6550 section 20.14.
const unreachable6 = [
	"No route",
	"Administratively prohibited",
	"Beyond scope of source address",
	"Address unreachable",
	"Port unreachable",
	"Source address failed ingress/egress policy",
	"Reject route to destination",
	"Error in source routing header",
];

/** The codes for "the packet was larger than the path takes", whose `info` is the MTU. */
export function isTooBig(version: 4 | 6, { type, subcode }: IcmpFacts): boolean {
	return version === 4 ? type === ICMP_DEST_UNREACH && subcode === 4 : type === ICMP6_PACKET_TOO_BIG;
}

/** Whether a packet passed too many routers. */
export function isExpired(version: 4 | 6, { type, subcode }: IcmpFacts): boolean {
	return type === (version === 4 ? ICMP_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED) && subcode === 0;
}

/** Whether the error says that nobody has the port. */
export function isPortUnreachable(version: 4 | 6, { type, subcode }: Omit<IcmpFacts, "info">): boolean {
	return version === 4
		? type === ICMP_DEST_UNREACH && subcode === 3
		: type === ICMP6_DST_UNREACH && subcode === 4;
}

/** What the type and the code of an ICMP error mean. */
export function meaningOf(version: 4 | 6, type: number, subcode: number): string {
	return version === 4 ? meaning4(type, subcode) : meaning6(type, subcode);
}

/** An ICMP error in words, with the number that some have. */
export function describeIcmp(version: 4 | 6, facts: IcmpFacts): string {
	const { type, subcode, info } = facts;
	const meaning = meaningOf(version, type, subcode);
	if (isTooBig(version, facts))
		return version === 4 ? `${meaning} (mtu = ${info})` : `${meaning}: mtu=${info}`;
	if (version === 4) return type === ICMP_PARAMETERPROB ? `${meaning}: pointer = ${info}` : meaning;
	return type === ICMP6_PARAM_PROB ? `${meaning} at ${info}` : meaning;
}

function meaning4(type: number, subcode: number): string {
	switch (type) {
		case ICMP_DEST_UNREACH:
			return unreachable4[subcode] ?? `Dest Unreachable, Bad Code: ${subcode}`;
		case ICMP_SOURCE_QUENCH:
			return "Source Quench";
		case ICMP_TIME_EXCEEDED:
			if (subcode === 0) return "Time to live exceeded";
			return subcode === 1 ? "Frag reassembly time exceeded" : `Time exceeded, Bad Code: ${subcode}`;
		case ICMP_PARAMETERPROB:
			return "Parameter problem";
		default:
			return `Bad ICMP type: ${type}`;
	}
}

function meaning6(type: number, subcode: number): string {
	switch (type) {
		case ICMP6_DST_UNREACH:
			return `Destination unreachable: ${unreachable6[subcode] ?? `Unknown code ${subcode}`}`;
		case ICMP6_PACKET_TOO_BIG:
			return "Packet too big";
		case ICMP6_TIME_EXCEEDED: {
			const text =
				subcode === 0 ? "Hop limit" : subcode === 1 ? "Defragmentation failure" : `code ${subcode}`;
			return `Time exceeded: ${text}`;
		}
		case ICMP6_PARAM_PROB: {
			const what = ["Wrong header field", "Unknown header", "Unknown option"][subcode] ?? `code ${subcode}`;
			return `Parameter problem: ${what}`;
		}
		default:
			return `Unknown ICMP type: ${type}`;
	}
}
