/**
 * The protocols that are known, and the numbers that headers name them by.
 */
import { ethernet } from "./ethernet.js";
import { ipv4 } from "./ipv4.js";
import type { Links } from "./layer.js";
import { LinkMaps } from "./links.js";
import { raw } from "./raw.js";
import { tcp } from "./tcp.js";
import { udp } from "./udp.js";

/** What build() and dissect() know. */
export const links: Links = new LinkMaps(
	{
		ethertypes: [
			[0x0800, ipv4],
			[0x6558, ethernet],
		],
		ipProtocols: [
			[4, ipv4],
			[6, tcp],
			[17, udp],
		],
		udpPorts: [],
		tcpPorts: [],
	},
	[raw],
);
