/**
 * What the words of a filter come to, on a link: tests of the packet's bytes. As libpcap understands them.
 */

import { SKF_AD_OFF, SKF_AD_VLAN_TAG, SKF_AD_VLAN_TAG_PRESENT } from "../../sys/linux/constants/bpf.js";
import {
	all,
	always,
	any,
	atLeast,
	bytesAre,
	type Decision,
	equals,
	hasBits,
	type Loading,
	loadAt,
	loadBehind,
	moreThan,
	never,
	not,
} from "./decision.js";
import { FilterError } from "./error.js";
import type { Link } from "./links.js";
import { ethertypes, ipProtocols, onlyIn, portProtocols } from "./names.js";
import { guardsOf, relationOf } from "./relation.js";
import type { Condition, Direction, Net, Primitive } from "./syntax.js";

const IPV6_FRAGMENT = 44;
const vlanTypes = [0x8100, 0x88a8, 0x9100];

/** The decision for a condition on packets as files have them. */
export function lower(condition: Condition, link: Link): Decision {
	return new Lowering(link, false).lower(condition);
}

/**
 * The decision for a condition on packets as the kernel's filter sees them. The outermost VLAN tag may be beside the
 * packet, or in it: where a tag matters, each has a decision of its own.
 */
export function lowerLive(condition: Condition, link: Link): Decision {
	const within = lower(condition, link);
	if (link.name !== "ethernet" || !asksForVlan(condition)) return within;
	const present = equals(loadAt(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT, 1), 1);
	return any(all(present, new Lowering(link, true).lower(condition)), all(not(present), within));
}

function asksForVlan(condition: Condition): boolean {
	switch (condition.kind) {
		case "and":
		case "or":
			return asksForVlan(condition.left) || asksForVlan(condition.right);
		case "not":
			return asksForVlan(condition.condition);
		default:
			return condition.kind === "vlan";
	}
}

/** Reads a tree in the order in which it was written: a `vlan` moves what all behind it look at. */
class Lowering {
	readonly #link: Link;
	/** Whether the next VLAN tag is not in the packet, but beside it. */
	#beside: boolean;
	/** How many bytes of VLAN tags are in front of the EtherType. */
	#shift = 0;

	constructor(link: Link, beside: boolean) {
		this.#link = link;
		this.#beside = beside;
	}

	/** The decision for a condition. */
	lower(condition: Condition): Decision {
		switch (condition.kind) {
			case "and":
			case "or": {
				const { kind, left, right } = condition;
				const joined = kind === "or" ? oneOfAKind(left, right) : undefined;
				if (joined !== undefined) return this.#primitive(joined);
				const first = this.lower(left);
				return { kind, left: first, right: this.lower(right) };
			}
			case "not":
				return not(this.lower(condition.condition));
			default:
				return this.#primitive(condition);
		}
	}

	#primitive(primitive: Primitive): Decision {
		switch (primitive.kind) {
			case "protocol":
				return this.protocol(primitive.protocol);
			case "number":
				return this.#number(primitive.of, primitive.number);
			case "net":
				return isIp6(primitive) ? this.#net6(primitive) : this.#net4(primitive);
			case "etherHost":
				this.#requireEthernet("a hardware address");
				return either(primitive.direction, (end) => bytesAre(end === "src" ? 6 : 0, primitive.address));
			case "ports":
				return this.#ports(primitive);
			case "vlan":
				return this.#vlan(primitive.id);
			case "cast":
				return this.#cast(primitive.of, primitive.to);
			case "relation":
				return all(...guardsOf(primitive, this), relationOf(primitive, this));
		}
	}

	/** How many bytes in front of the packet are not there yet. */
	get missing(): number {
		return this.#link.missing;
	}

	/** Where the network's header begins. */
	get network(): number {
		return this.#link.network + this.#shift;
	}

	/** Whether the link carries something of an EtherType. */
	carries(number: number): Decision {
		const { ethertype } = this.#link;
		if (ethertype !== undefined) return equals(loadAt(ethertype + this.#shift, 2), number);
		if (number === ethertypes.get("ip")) return equals(loadAt(0, 1, 0xf0), 0x40);
		return number === ethertypes.get("ip6") ? equals(loadAt(0, 1, 0xf0), 0x60) : never;
	}

	/** Whether a packet is of a protocol. */
	protocol(name: string): Decision {
		const ethertype = ethertypes.get(name);
		if (ethertype !== undefined) return this.carries(ethertype);
		const number = ipProtocols.get(name) as number;
		return this.#number(onlyIn.get(name), number);
	}

	/** Whether an IPv4 packet carries a protocol and has the beginning of it: it is no later fragment. */
	begins(number: number): Decision {
		return all(this.#ip, equals(loadAt(this.network + 9, 1), number), not(this.#laterFragment));
	}

	/** Whether an IPv6 packet carries a protocol. */
	carriedByIp6(number: number): Decision {
		const next = loadAt(this.network + 6, 1);
		const behindFragment = all(equals(next, IPV6_FRAGMENT), equals(loadAt(this.network + 40, 1), number));
		return all(this.#ip6, any(equals(next, number), behindFragment));
	}

	get #ip(): Decision {
		return this.carries(0x0800);
	}

	get #ip6(): Decision {
		return this.carries(0x86dd);
	}

	get #laterFragment(): Decision {
		return hasBits(loadAt(this.network + 6, 2), 0x1fff);
	}

	#number(of: "ether" | "ip" | "ip6" | undefined, number: number): Decision {
		if (of === "ether") return this.carries(number);
		const inIp = all(this.#ip, equals(loadAt(this.network + 9, 1), number));
		if (of === "ip") return inIp;
		const inIp6 = this.carriedByIp6(number);
		return of === "ip6" ? inIp6 : any(inIp, inIp6);
	}

	#net4({ of, direction, nets }: Nets): Decision {
		const at = (source: number, destination: number): Decision =>
			either(direction, (end) => this.#within(end === "src" ? source : destination, nets));
		const decisions: Decision[] = [];
		if (of === undefined || of === "ip") decisions.push(all(this.#ip, at(12, 16)));
		const resolving = ["arp", "rarp"].filter((name) => of === undefined || of === name);
		if (resolving.length > 0) {
			decisions.push(all(any(...resolving.map((name) => this.protocol(name))), at(14, 24)));
		}
		return any(...decisions);
	}

	#net6({ direction, nets }: Nets): Decision {
		return all(
			this.#ip6,
			either(direction, (end) => this.#within(end === "src" ? 8 : 24, nets)),
		);
	}

	/** Whether the address at an offset of the network's header is one of these. */
	#within(offset: number, nets: readonly Net[]): Decision {
		return any(...nets.map(({ address, mask }) => bytesAre(this.network + offset, address, mask)));
	}

	#ports({ of, direction, ranges }: Ports): Decision {
		const numbers = (of === undefined ? portProtocols : [of]).map((name) => ipProtocols.get(name) as number);
		const carried = (offset: number): Decision =>
			any(...numbers.map((number) => equals(loadAt(this.network + offset, 1), number)));
		const within = (loading: Loading): Decision =>
			any(
				...ranges.map(([low, high]) =>
					low === high ? equals(loading, low) : all(atLeast(loading, low), not(moreThan(loading, high))),
				),
			);
		const inIp6 = either(direction, (end) => within(loadAt(this.network + 40 + (end === "src" ? 0 : 2), 2)));
		const inIp = either(direction, (end) => within(loadBehind(this.network, end === "src" ? 0 : 2, 2)));
		return any(all(this.#ip6, carried(6), inIp6), all(this.#ip, carried(9), not(this.#laterFragment), inIp));
	}

	#vlan(id: number | undefined): Decision {
		this.#requireEthernet("a VLAN");
		if (this.#beside) {
			this.#beside = false;
			return id === undefined ? always : equals(loadAt(SKF_AD_OFF + SKF_AD_VLAN_TAG, 2, 0x0fff), id);
		}
		const type = 12 + this.#shift;
		const tagged = any(...vlanTypes.map((number) => equals(loadAt(type, 2), number)));
		this.#shift += 4;
		return id === undefined ? tagged : all(tagged, equals(loadAt(type + 2, 2, 0x0fff), id));
	}

	#cast(of: string, to: string): Decision {
		if (of === "ip") return all(this.#ip, atLeast(loadAt(this.network + 16, 1), 224));
		if (of === "ip6") return all(this.#ip6, equals(loadAt(this.network + 24, 1), 255));
		this.#requireEthernet(to);
		return to === "broadcast" ? bytesAre(0, new Uint8Array(6).fill(255)) : hasBits(loadAt(0, 1), 1);
	}

	#requireEthernet(what: string): void {
		if (this.#link.name === "ethernet") return;
		throw new FilterError(`${what} is for Ethernet, and the packets begin with ${this.#link.name}`, 1);
	}
}

type End = "src" | "dst";
type Ports = Primitive & { kind: "ports" };

type Nets = Primitive & { kind: "net" };

/**
 * `port 80 or 443`, `host 192.0.2.1 or 192.0.2.2 or 198.51.100.1`: what carries them need not be asked for each.
 */
function oneOfAKind(left: Condition, right: Condition): Ports | Nets | undefined {
	const first = left.kind === "or" ? oneOfAKind(left.left, left.right) : left;
	if (first?.kind === "ports" && right.kind === "ports" && haveSameQualifiers(first, right)) {
		return { ...first, ranges: [...first.ranges, ...right.ranges] };
	}
	if (first?.kind !== "net" || right.kind !== "net" || !haveSameQualifiers(first, right)) return undefined;
	return isIp6(first) === isIp6(right) ? { ...first, nets: [...first.nets, ...right.nets] } : undefined;
}

function haveSameQualifiers(one: Ports | Nets, other: Ports | Nets): boolean {
	// Both ends in one network, or both in another, is not each end in any of the two.
	return one.of === other.of && one.direction === other.direction && one.direction !== "src and dst";
}

function isIp6({ nets }: Nets): boolean {
	return nets[0]?.address.length === 16;
}

/** A decision for one end, for either or for both. */
function either(direction: Direction, decide: (end: End) => Decision): Decision {
	if (direction === "src" || direction === "dst") return decide(direction);
	const both = [decide("src"), decide("dst")] as const;
	return direction === "src or dst" ? any(...both) : all(...both);
}
