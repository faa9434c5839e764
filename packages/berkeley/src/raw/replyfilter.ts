/**
 * Which packets the kernel is to hand over while answers are waited for: a program of classic BPF. It lets pass more
 * than the answers, and all of them: what is left over is looked at by answers().
 */
import { kindOf } from "../address/bytes.js";
import type { Instruction } from "../capture/bpf/instruction.js";
import { compileFilter } from "../capture/filter/compile.js";
import type { Ipv4View } from "../packet/ipv4.js";
import type { Ipv6View } from "../packet/ipv6.js";
import type { Layer } from "../packet/layer.js";
import type { Packet } from "../packet/packet.js";
import {
	BPF_ABS,
	BPF_JEQ,
	BPF_JMP,
	BPF_LD,
	BPF_RET,
	BPF_W,
	SKF_AD_OFF,
	SKF_AD_PKTTYPE,
	SKF_AD_PROTOCOL,
} from "../sys/linux/constants/bpf.js";
import { ETH_P_IP, ETH_P_IPV6 } from "../sys/linux/constants/ethernet.js";
import { PACKET_OUTGOING } from "../sys/linux/constants/packet.js";
import { IPPROTO_TCP, IPPROTO_UDP } from "../sys/linux/constants/protocols.js";
import type { FrameLink } from "./framelink.js";
import { carriedBy, networkIndex, portsOf } from "./replykeys.js";

// Beyond so many addresses or ports the filter takes all.
const mostAlternatives = 16;
// Whole packets: what the batch has no room for is cut there.
const everything = 0x40000;

/** What a filter is made of. */
export interface FilterInput {
	/** What packets begin with: IP, received without any header of a link; or frames of an interface. */
	readonly link: FrameLink;
	/** Whether there is no header of a link because the kernel took it off, as it does for all interfaces at once. */
	readonly cooked: boolean;
	/** What the user wants to see, in the language of tcpdump. */
	readonly filter: string | undefined;
	/** All packets that are sent, where they are known. */
	readonly requests: readonly Packet[] | undefined;
}

/** The program for the listening socket. @throws FilterError for what the user's filter says */
export function replyProgram({ link, cooked, filter, requests }: FilterInput): Instruction[] {
	const text = filter ?? (requests === undefined ? "" : answerFilter(requests));
	const program = compileFilter(text, { link, snapLength: everything });
	return [...withoutOutgoing, ...(cooked ? ipAlone : []), ...program];
}

const refuse: Instruction = { code: BPF_RET, jt: 0, jf: 0, k: 0 };

function load(what: number): Instruction {
	return { code: BPF_LD | BPF_W | BPF_ABS, jt: 0, jf: 0, k: (SKF_AD_OFF + what) >>> 0 };
}

function isEqual(k: number, jt: number, jf: number): Instruction {
	return { code: BPF_JMP | BPF_JEQ, jt, jf, k };
}

/** What this machine sends is seen too, also what we send. */
const withoutOutgoing: readonly Instruction[] = [
	load(SKF_AD_PKTTYPE),
	isEqual(PACKET_OUTGOING, 0, 1),
	refuse,
];

const ipAlone: readonly Instruction[] = [
	load(SKF_AD_PROTOCOL),
	isEqual(ETH_P_IP, 2, 0),
	isEqual(ETH_P_IPV6, 1, 0),
	refuse,
];

/**
 * The filter, in the language of compileFilter(), that lets pass whatever may answer any of the packets, and little
 * else: what sr() and srp() make of an array. With packets from an iterator, which they do not know before, it can be
 * given as `filter`, when all are alike.
 * @param requests packets of dissect(): frames, or IP packets
 * @returns "", which is everything, where nothing can be said, as of frames with two VLAN tags
 */
export function answerFilter(requests: readonly Packet[]): string {
	if (!isPackets(requests)) {
		throw new TypeError(`answerFilter takes an array of packets of dissect(), not ${kindOf(requests)}`);
	}
	const asked = { arp: false, ip: new Expected("ip"), ip6: new Expected("ip6") };
	for (const { layers } of requests) {
		const index = networkIndex(layers);
		const network = layers[index];
		// A second tag stays in the frame, and with it everything is elsewhere.
		const tags = layers.slice(0, index).filter(({ layer }) => layer === "vlan").length;
		const others = layers.slice(0, index).some(({ layer }) => layer !== "ethernet" && layer !== "vlan");
		if (network === undefined || tags > 1 || others) return "";
		if (network.layer === "arp") asked.arp = true;
		else (network.layer === "ipv4" ? asked.ip : asked.ip6).add(layers, index);
	}
	const kinds = [...(asked.arp ? ["arp or rarp"] : []), ...asked.ip.text(), ...asked.ip6.text()];
	return kinds.join(" or ");
}

function isPackets(given: unknown): boolean {
	return Array.isArray(given) && given.every((each: Packet | undefined) => Array.isArray(each?.layers));
}

/** What may come over one version of IP. */
class Expected {
	readonly #version: "ip" | "ip6";
	readonly #hosts = new Set<string>();
	readonly #protocols = new Map<number, Set<number>>();

	constructor(version: "ip" | "ip6") {
		this.#version = version;
	}

	add(layers: readonly Layer[], index: number): void {
		const header = layers[index] as Ipv4View | Ipv6View;
		this.#hosts.add(header.source);
		const carried = carriedBy(layers, index);
		const isFragment = carried === undefined;
		const protocol = isFragment ? -1 : carried.protocol;
		const ports = this.#protocols.get(protocol) ?? new Set();
		this.#protocols.set(protocol, ports);
		// Servers of DHCP, VXLAN and groups answer to the port that they are asked at.
		for (const port of portsOf(carried) ?? []) ports.add(port);
	}

	text(): string[] {
		if (this.#hosts.size === 0) return [];
		const parts = [this.#version, this.#hostText(), this.#protocolText()].filter((part) => part !== "");
		return [`(${parts.join(" and ")})`];
	}

	/** Answers come to who has asked, or to all; and to anybody where nobody has asked. */
	#hostText(): string {
		const hosts = [...this.#hosts];
		if (hosts.length > mostAlternatives || hosts.includes("0.0.0.0") || hosts.includes("::")) return "";
		const groups = this.#version === "ip" ? "dst net 224.0.0.0/3" : "dst net ff00::/8";
		return `(${[...hosts.map((host) => `dst host ${host}`), groups].join(" or ")})`;
	}

	#protocolText(): string {
		if (this.#protocols.has(-1)) return "";
		const isV4 = this.#version === "ip";
		// Later fragments have no ports, and extension headers stand before what they belong to.
		const always = isV4
			? ["icmp", "ip[6:2] & 0x1fff != 0"]
			: ["icmp6", ...headers.map((n) => `ip6[6] = ${n}`)];
		const others = [...this.#protocols].map(([protocol, ports]) => {
			const name = protocol === IPPROTO_TCP ? "tcp" : protocol === IPPROTO_UDP ? "udp" : undefined;
			if (name === undefined) return isV4 ? `ip[9] = ${protocol}` : `ip6[6] = ${protocol}`;
			if (ports.size === 0 || ports.size > mostAlternatives) return name;
			return `(${[...ports].map((port) => `${name} dst port ${port}`).join(" or ")})`;
		});
		return `(${[...always, ...others].join(" or ")})`;
	}
}

/** Hop-by-hop options, routing, fragment, authentication, destination options. */
const headers = [0, 43, 44, 51, 60];
