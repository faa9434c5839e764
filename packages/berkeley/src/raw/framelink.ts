/**
 * What the frames of an interface begin with, by its hardware type: linux/if_arp.h.
 */

import { u8 } from "../packet/bytes.js";
import { ethernet, ipv4, ipv6 } from "../packet/index.js";
import type { AnyCodec } from "../packet/layer.js";
import {
	ARPHRD_ETHER,
	ARPHRD_LOOPBACK,
	ARPHRD_NONE,
	ARPHRD_PPP,
	ARPHRD_RAWIP,
	ARPHRD_SIT,
	ARPHRD_TUNNEL,
	ARPHRD_TUNNEL6,
} from "../sys/linux/constants/arphrd.js";

/** An Ethernet header, or that of IP at once. */
export type FrameLink = "ethernet" | "raw";

const ethernetLike: readonly number[] = [ARPHRD_ETHER, ARPHRD_LOOPBACK];
const withoutHeader: readonly number[] = [
	ARPHRD_NONE,
	ARPHRD_PPP,
	ARPHRD_RAWIP,
	ARPHRD_SIT,
	ARPHRD_TUNNEL,
	ARPHRD_TUNNEL6,
];

/** The link of a hardware type. @throws TypeError for one whose frames are not known here */
export function linkOf(name: string, interfaceName: string, hardwareType: number | undefined): FrameLink {
	if (ethernetLike.includes(hardwareType ?? -1)) return "ethernet";
	if (withoutHeader.includes(hardwareType ?? -1)) return "raw";
	throw new TypeError(
		`${name}: ${interfaceName} is of hardware type ${hardwareType}, whose frames are neither Ethernet nor bare IP`,
	);
}

/** What reads a frame. */
export function codecOf(link: FrameLink, bytes: Uint8Array): AnyCodec {
	if (link === "ethernet") return ethernet;
	return bytes.length > 0 && u8(bytes, 0) >>> 4 === 6 ? ipv6 : ipv4;
}
