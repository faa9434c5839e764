/**
 * Whether what IP carries belongs to what was sent, as its reply: for answers().
 */
import { u16 } from "./bytes.js";
import type { Dhcpv4View } from "./dhcpv4.js";
import type { DnsView } from "./dns.js";
import {
	ICMP_ADDRESS,
	ICMP_ADDRESSREPLY,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP_TIMESTAMP,
	ICMP_TIMESTAMPREPLY,
	type Icmpv4View,
} from "./icmpv4.js";
import type { Icmpv6View } from "./icmpv6.js";
import {
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
	ND_NEIGHBOR_ADVERT,
	ND_NEIGHBOR_SOLICIT,
	ND_ROUTER_ADVERT,
	ND_ROUTER_SOLICIT,
} from "./icmpv6messages.js";
import type { Layer } from "./layer.js";
import { type TcpView, TH_ACK, TH_FIN, TH_RST, TH_SYN } from "./tcp.js";

/** Two packets, and where in their layers what IP carries is. */
export interface Lines {
	/** The layers of what was sent. */
	readonly request: readonly Layer[];
	/** Which of them it is. */
	readonly asked: number;
	/** The layers of what arrived. */
	readonly reply: readonly Layer[];
	/** Which of them it is. */
	readonly told: number;
	/** Whether the request went to many. */
	readonly group: boolean;
}

// Data that have not been read yet: the largest window of TCP, RFC 7323.
const largestWindow = 2 ** 30;

/** What is behind IP; both are of one protocol. */
export function answersTransport(lines: Lines): boolean {
	const question = lines.request[lines.asked] as Layer;
	const answer = lines.reply[lines.told] as Layer;
	switch (question.layer) {
		case "icmpv4":
			return answersIcmpv4(question as Icmpv4View, answer as Icmpv4View);
		case "icmpv6":
			return answersIcmpv6(question as Icmpv6View, answer as Icmpv6View);
		case "tcp":
			return portsAreSwapped(question, answer) && answersTcp(question as TcpView, answer as TcpView);
		case "udp":
			return answersUdp(lines, question, answer);
		default:
			// Of a protocol that is not known there are only the addresses.
			return question.layer === "raw";
	}
}

const icmpv4Replies: ReadonlyMap<number, number> = new Map([
	[ICMP_ECHO, ICMP_ECHOREPLY],
	[ICMP_TIMESTAMP, ICMP_TIMESTAMPREPLY],
	[ICMP_ADDRESS, ICMP_ADDRESSREPLY],
]);

function answersIcmpv4(question: Icmpv4View, answer: Icmpv4View): boolean {
	return (
		icmpv4Replies.get(question.type) === answer.type &&
		question.identifier === answer.identifier &&
		question.sequence === answer.sequence
	);
}

function answersIcmpv6(question: Icmpv6View, answer: Icmpv6View): boolean {
	switch (question.type) {
		case ICMP6_ECHO_REQUEST:
			return (
				answer.type === ICMP6_ECHO_REPLY &&
				question.identifier === answer.identifier &&
				question.sequence === answer.sequence
			);
		case ND_NEIGHBOR_SOLICIT:
			return answer.type === ND_NEIGHBOR_ADVERT && question.targetAddress === answer.targetAddress;
		case ND_ROUTER_SOLICIT:
			return answer.type === ND_ROUTER_ADVERT;
		default:
			return false;
	}
}

function portsAreSwapped(question: Layer, answer: Layer): boolean {
	return (
		u16(question.bytes, question.start) === u16(answer.bytes, answer.start + 2) &&
		u16(question.bytes, question.start + 2) === u16(answer.bytes, answer.start)
	);
}

/** How far a sequence number is behind another. */
function beyond(number: number, from: number): number {
	return (number - from) >>> 0;
}

function answersTcp(question: TcpView, answer: TcpView): boolean {
	const asked = question.flags;
	const told = answer.flags;
	// A reset is not answered.
	if ((asked & TH_RST) !== 0) return false;
	const length = question.end - question.payloadStart;
	const taken = length + ((asked & TH_SYN) !== 0 ? 1 : 0) + ((asked & TH_FIN) !== 0 ? 1 : 0);
	if ((told & TH_ACK) === 0) {
		// A reset without an acknowledgment takes its number from the request's.
		return (told & TH_RST) !== 0 && (asked & TH_ACK) !== 0 && answer.sequence === question.acknowledgment;
	}
	const acknowledged = beyond(answer.acknowledgment, question.sequence);
	if (acknowledged > taken) return false;
	if ((told & TH_RST) !== 0) return true;
	const isFirst = (asked & TH_SYN) !== 0 && (asked & TH_ACK) === 0;
	// With TCP Fast Open some of the data that came with a SYN are taken too.
	if ((told & TH_SYN) !== 0) return isFirst && acknowledged > 0;
	if (taken > 0 && acknowledged === 0) return false;
	return isFirst || beyond(answer.sequence, question.acknowledgment) < largestWindow;
}

function answersUdp({ request, asked, reply, told, group }: Lines, question: Layer, answer: Layer): boolean {
	const sent = request[asked + 1];
	const found = reply[told + 1];
	if (sent?.layer === "dhcpv4") {
		// Between a relay and a server both ports are 67.
		return found?.layer === "dhcpv4" && answersDhcpv4(sent as Dhcpv4View, found as Dhcpv4View);
	}
	if (!portsAreSwapped(question, answer)) return false;
	if (sent?.layer !== "dns") return true;
	return found?.layer === "dns" && answersDns(sent as DnsView, found as DnsView, group);
}

function answersDhcpv4(question: Dhcpv4View, answer: Dhcpv4View): boolean {
	return (
		question.op === 1 &&
		answer.op === 2 &&
		question.xid === answer.xid &&
		String(question.chaddr) === String(answer.chaddr)
	);
}

function answersDns(question: DnsView, answer: DnsView, group: boolean): boolean {
	if (question.response || !answer.response || question.id !== answer.id) return false;
	const asked = question.questions.map(({ name, type }) => `${type} ${name.toLowerCase()}`);
	// An answer to a group is for all, and mostly without the question: RFC 6762 section 6.
	if (answer.questionCount === 0 && group) {
		const names = new Set(answer.answers.map(({ name }) => name?.toLowerCase()));
		return question.questions.some(({ name }) => names.has(name.toLowerCase()));
	}
	// A server that could not read the question has none: RFC 5452 section 9.1 wants the same otherwise.
	if (answer.questionCount === 0) return true;
	return answer.questions.every(({ name, type }) => asked.includes(`${type} ${name.toLowerCase()}`));
}
