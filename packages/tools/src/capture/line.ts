/**
 * A packet in one line, in the words of `tcpdump -n -S`.
 */
import type { FilePacket } from "berkeley/capture";
import {
	ARPOP_REPLY,
	ARPOP_REQUEST,
	arp,
	ethernet,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
	type Icmpv4View,
	type Icmpv6View,
	ipv4,
	ipv6,
	type Layer,
	ND_NEIGHBOR_ADVERT,
	ND_NEIGHBOR_SOLICIT,
	type Packet,
	type TcpOption,
	type TcpView,
	TH_ACK,
	TH_FIN,
	TH_RST,
	TH_SYN,
	TH_URG,
	type UdpView,
	vlan,
} from "berkeley/packet";

/** What a line has in it. */
export interface LineOptions {
	/** Whether it begins with the link's header. */
	link: boolean;
}

/** The line, without the time. What a terminal would take for a command is shown as dots. */
export function lineOf(captured: FilePacket, packet: Packet, options: LineOptions): string {
	const text = body(packet);
	// What is not of IP is told by its link.
	const header = options.link || text === undefined ? linkHeader(captured, packet) : "";
	const named =
		header === "" ? (text ?? others(packet)) : (text ?? others(packet)).replace(/^(IP6?|ARP,) /, "");
	const problem = packet.error === undefined ? "" : ` [${packet.error.message}]`;
	const comment = captured.comment === undefined ? "" : ` # ${captured.comment}`;
	return visible(`${place(captured)}${header}${named}${problem}${comment}`);
}

/** Text without control characters. */
export function visible(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ".");
}

const directions = { in: "In", out: "Out", broadcast: "B", multicast: "M", otherhost: "P" } as const;

/** With cooked headers, which are of several interfaces: which one, and which way. */
function place({ link, interface: where, direction }: FilePacket): string {
	if ((link !== "sll2" && link !== "sll") || where === undefined || direction === undefined) return "";
	return `${(where.name ?? `#${where.index}`).padEnd(5)} ${directions[direction].padEnd(3)} `;
}

const etherTypes = new Map([
	[0x0800, "IPv4"],
	[0x0806, "ARP"],
	[0x86dd, "IPv6"],
	[0x8100, "802.1Q"],
	[0x88a8, "802.1Q-QinQ"],
]);

function linkHeader({ length }: FilePacket, packet: Packet): string {
	const frame = packet.get(ethernet);
	if (frame === undefined) return "";
	const type = typeText(frame.type);
	const tag = packet.get(vlan);
	const tagged =
		tag === undefined
			? ""
			: ` vlan ${tag.vid}, p ${tag.pcp}${tag.dei ? ", DEI" : ""}, ${typeText(tag.type)},`;
	return `${frame.source} > ${frame.destination}, ${type}, length ${length}:${tagged} `;
}

function typeText(type: number): string {
	return `ethertype ${etherTypes.get(type) ?? "Unknown"} (0x${type.toString(16).padStart(4, "0")})`;
}

/** What is in a frame that is not of IP. */
function others({ layers }: Packet): string {
	return layers
		.filter(({ layer }) => layer !== "ethernet" && layer !== "vlan")
		.map((layer) => `${layer.layer} ${layer.summary()}`)
		.join(" | ");
}

/** What IP and ARP say; undefined for what is neither. */
function body(packet: Packet): string | undefined {
	const { layers } = packet;
	const at = layers.findIndex(({ layer }) => layer === "ipv4" || layer === "ipv6" || layer === "arp");
	if (at < 0) return undefined;
	const first = layers[at] as Layer;
	if (first.layer === "arp") return arpLine(packet, first);
	const is4 = first.layer === "ipv4";
	const header = is4 ? packet.get(ipv4) : packet.get(ipv6);
	if (header === undefined) return "";
	const inner = layers.slice(at + 1).find(({ layer }) => !layer.startsWith("ipv6") && layer !== "ah");
	const [from, to] = [header.source, header.destination];
	const name = is4 ? "IP" : "IP6";
	if (inner === undefined) return `${name} ${from} > ${to}: ${nothing(packet)}`;
	const ports = (view: TcpView | UdpView): string =>
		`${name} ${from}.${view.sourcePort} > ${to}.${view.destinationPort}:`;
	if (inner.layer === "tcp") {
		const view = inner as TcpView;
		return `${ports(view)} ${tcpLine(view)}${application(packet, inner)}`;
	}
	if (inner.layer === "udp") {
		const view = inner as UdpView;
		const told = application(packet, inner);
		return `${ports(view)} ${told === "" ? `UDP, length ${Math.max(view.length - 8, 0)}` : told.slice(2)}`;
	}
	const ends = `${name} ${from} > ${to}:`;
	const size = first.end - inner.start;
	if (inner.layer === "icmpv4") return `${ends} ICMP ${icmpLine(inner as Icmpv4View)}, length ${size}`;
	if (inner.layer === "icmpv6") return `${ends} ICMP6, ${icmp6Line(inner as Icmpv6View)}, length ${size}`;
	if (inner.layer === "raw") return `${ends} ${nothing(packet)}`;
	const rest = layers.slice(layers.indexOf(inner)).filter(({ layer }) => layer !== "raw");
	return `${ends} ${rest.map((layer) => `${layer.layer} ${layer.summary()}`).join(" | ")}`;
}

/** Of an IP packet in which there is nothing that is known. */
function nothing(packet: Packet): string {
	const last = packet.get(ipv4);
	const protocol = last?.protocol ?? packet.get(ipv6)?.nextHeader ?? 0;
	const offset = last?.fragmentOffset ?? 0;
	const length = packet.payload.length;
	return `${offset > 0 ? `fragment at ${offset * 8}, ` : ""}ip-proto-${protocol} ${length}`;
}

function arpLine(packet: Packet, { start }: Layer): string {
	const view = packet.get(arp);
	if (view === undefined) return "ARP";
	const length = packet.bytes.length - start;
	const [sender, target] = [show(view.senderProtocolAddress), show(view.targetProtocolAddress)];
	if (view.operation === ARPOP_REQUEST)
		return `ARP, Request who-has ${target} tell ${sender}, length ${length}`;
	if (view.operation === ARPOP_REPLY) {
		return `ARP, Reply ${sender} is-at ${show(view.senderHardwareAddress)}, length ${length}`;
	}
	return `ARP, ${view.summary()}, length ${length}`;
}

function show(address: string | Uint8Array): string {
	return typeof address === "string" ? address : Buffer.from(address).toString("hex");
}

const flagLetters = ["F", "S", "R", "P", ".", "U", "E", "W"];

function tcpLine(view: TcpView): string {
	const { flags, sequence, options } = view;
	const letters = flagLetters.filter((_, bit) => (flags & (1 << bit)) !== 0).join("") || "none";
	const length = view.end - view.payloadStart;
	const parts = [`Flags [${letters}]`];
	if (length > 0) parts.push(`seq ${sequence}:${(sequence + length) % 2 ** 32}`);
	else if ((flags & (TH_SYN | TH_FIN | TH_RST)) !== 0) parts.push(`seq ${sequence}`);
	if ((flags & TH_ACK) !== 0) parts.push(`ack ${view.acknowledgment}`);
	parts.push(`win ${view.window}`);
	if ((flags & TH_URG) !== 0) parts.push(`urg ${view.urgentPointer}`);
	if (options.length > 0) parts.push(`options [${options.map(optionText).join(",")}]`);
	parts.push(`length ${length}`);
	return parts.join(", ");
}

function optionText(option: TcpOption): string {
	switch (option.kind) {
		case "end":
			return "eol";
		case "mss":
			return `mss ${option.value}`;
		case "windowScale":
			return `wscale ${option.shift}`;
		case "sackPermitted":
			return "sackOK";
		case "sack":
			return `sack ${option.blocks.length} ${option.blocks.map(([left, right]) => `{${left}:${right}}`).join("")}`;
		case "timestamps":
			return `TS val ${option.value} ecr ${option.echo}`;
		default:
			return String(option.kind);
	}
}

/** What is in a segment or datagram that is known: `: dns …`. */
function application({ layers }: Packet, transport: Layer): string {
	const inner = layers.slice(layers.indexOf(transport) + 1).filter(({ layer }) => layer !== "raw");
	return inner.map((layer) => `: ${layer.layer} ${layer.summary()}`).join("");
}

function icmpLine(view: Icmpv4View): string {
	const { type, identifier, sequence } = view;
	if (type === ICMP_ECHO) return `echo request, id ${identifier}, seq ${sequence}`;
	if (type === ICMP_ECHOREPLY) return `echo reply, id ${identifier}, seq ${sequence}`;
	return view.summary();
}

function icmp6Line(view: Icmpv6View): string {
	const { type, identifier, sequence, targetAddress } = view;
	if (type === ICMP6_ECHO_REQUEST) return `echo request, id ${identifier}, seq ${sequence}`;
	if (type === ICMP6_ECHO_REPLY) return `echo reply, id ${identifier}, seq ${sequence}`;
	if (type === ND_NEIGHBOR_SOLICIT) return `neighbor solicitation, who has ${targetAddress}`;
	if (type === ND_NEIGHBOR_ADVERT) return `neighbor advertisement, tgt is ${targetAddress}`;
	return view.summary();
}
