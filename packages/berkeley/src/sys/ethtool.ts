/**
 * SIOCETHTOOL, the ioctl of netdevice(7) that hands a command of <linux/ethtool.h> to an interface.
 */
import { encodeEscaped } from "../address/surrogateescape.js";
import { ioctl } from "./descriptors.js";
import { IFNAMSIZ } from "./linux/constants/interface.js";
import { SIOCETHTOOL } from "./linux/constants/ioctl.js";
import { ENODEV } from "./linux/errnos.js";
import { NativeMemory } from "./memory.js";

/** Offsets in struct ifreq. */
export const ifreq = { size: 40, ifr_name: 0, ifr_data: 16 } as const;

const request = new NativeMemory(ifreq.size);

/**
 * Hands a command to an interface, which answers in place.
 * @param command the struct of the command, in memory that outlives the call: struct ifreq holds its address
 * @returns the result, or -errno; -ENODEV for a name that is too long
 */
export function ethtool(fd: number, interfaceName: string, command: NativeMemory): number {
	const name = encodeEscaped(interfaceName);
	if (name.length >= IFNAMSIZ) return -ENODEV;
	request.bytes.fill(0).set(name, ifreq.ifr_name);
	request.view.setBigUint64(ifreq.ifr_data, BigInt(command.address), true);
	return ioctl(fd, SIOCETHTOOL, request.address);
}
