/**
 * The features of a device as the kernel keeps them: bits with names, read and set by ETHTOOL_GFEATURES and
 * ETHTOOL_SFEATURES (<linux/ethtool.h>).
 */

import { socketError } from "../errors.js";
import { needsCapability } from "../privileges.js";
import { Socket } from "../socket/socket.js";
import { ethtool } from "../sys/ethtool.js";
import {
	ETH_GSTRING_LEN,
	ETH_SS_FEATURES,
	ETHTOOL_GFEATURES,
	ETHTOOL_GSSET_INFO,
	ETHTOOL_GSTRINGS,
	ETHTOOL_SFEATURES,
} from "../sys/linux/constants/ethtool.js";
import { AF_UNIX } from "../sys/linux/constants/families.js";
import { SOCK_DGRAM } from "../sys/linux/constants/types.js";
import { EOPNOTSUPP, EPERM } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";

/** Offsets in struct ethtool_sset_info. */
export const ssetInfo = { size: 16, cmd: 0, sset_mask: 8, data: 16 } as const;

/** Offsets in struct ethtool_gstrings. */
export const gstrings = { size: 12, cmd: 0, string_set: 4, len: 8, data: 12 } as const;

/** Offsets in struct ethtool_gfeatures and struct ethtool_sfeatures. */
export const features = { header: 8, cmd: 0, size: 4 } as const;

/** Offsets in struct ethtool_get_features_block, which holds 32 features. */
export const getBlock = { size: 16, available: 0, requested: 4, active: 8, never_changed: 12 } as const;

/** Offsets in struct ethtool_set_features_block. */
export const setBlock = { size: 8, valid: 0, requested: 4 } as const;

/** A feature of a device. */
export interface Feature {
	/** Its bit. */
	readonly bit: number;
	/** The kernel's name for it: "tx-checksum-ip-generic". */
	readonly name: string;
	/** Whether it is in use. */
	readonly active: boolean;
	/** Whether it is wished for; it is in use when the device, and other features that it needs, allow it. */
	readonly requested: boolean;
	/** Whether nobody can change it. */
	readonly fixed: boolean;
}

/** An interface whose features are read and set. */
export class FeatureDoor implements Disposable {
	readonly #name: string;
	// Any socket does: the ioctl is about the interface.
	readonly #socket = new Socket(AF_UNIX, SOCK_DGRAM);
	readonly #count: number;

	/** @throws SocketError ENODEV when there is no such interface */
	constructor(name: string) {
		this.#name = name;
		try {
			this.#count = this.#readCount();
		} catch (error) {
			this.#socket.close();
			throw error;
		}
	}

	/** Done with it. */
	[Symbol.dispose](): void {
		this.#socket.close();
	}

	/** All features that have names. */
	read(): Feature[] {
		const names = this.#readNames();
		const blocks = Math.ceil(this.#count / 32);
		const command = new NativeMemory(features.header + blocks * getBlock.size);
		command.view.setUint32(features.cmd, ETHTOOL_GFEATURES, true);
		command.view.setUint32(features.size, blocks, true);
		this.#perform("ETHTOOL_GFEATURES", command);
		const found: Feature[] = [];
		for (const [bit, name] of names.entries()) {
			if (name === "") continue;
			const start = features.header + (bit >> 5) * getBlock.size;
			const has = (field: number): boolean =>
				((command.view.getUint32(start + field, true) >>> (bit & 31)) & 1) === 1;
			found.push({
				bit,
				name,
				active: has(getBlock.active),
				requested: has(getBlock.requested),
				fixed: !has(getBlock.available) || has(getBlock.never_changed),
			});
		}
		return found;
	}

	/** Wishes for features, or for their absence. What came of it, read() tells. */
	request(wishes: readonly (readonly [bit: number, wanted: boolean])[]): void {
		const blocks = Math.ceil(this.#count / 32);
		const command = new NativeMemory(features.header + blocks * setBlock.size);
		const { view } = command;
		view.setUint32(features.cmd, ETHTOOL_SFEATURES, true);
		view.setUint32(features.size, blocks, true);
		for (const [bit, wanted] of wishes) {
			const start = features.header + (bit >> 5) * setBlock.size;
			for (const field of wanted ? [setBlock.valid, setBlock.requested] : [setBlock.valid]) {
				const value = view.getUint32(start + field, true) | (1 << (bit & 31));
				view.setUint32(start + field, value >>> 0, true);
			}
		}
		this.#perform("ETHTOOL_SFEATURES", command);
	}

	#readCount(): number {
		const command = new NativeMemory(ssetInfo.size + 4);
		command.view.setUint32(ssetInfo.cmd, ETHTOOL_GSSET_INFO, true);
		command.view.setBigUint64(ssetInfo.sset_mask, 1n << BigInt(ETH_SS_FEATURES), true);
		this.#perform("ETHTOOL_GSSET_INFO", command);
		const known = command.view.getBigUint64(ssetInfo.sset_mask, true) !== 0n;
		return known ? command.view.getUint32(ssetInfo.data, true) : 0;
	}

	#readNames(): string[] {
		const command = new NativeMemory(gstrings.size + this.#count * ETH_GSTRING_LEN);
		command.view.setUint32(gstrings.cmd, ETHTOOL_GSTRINGS, true);
		command.view.setUint32(gstrings.string_set, ETH_SS_FEATURES, true);
		command.view.setUint32(gstrings.len, this.#count, true);
		this.#perform("ETHTOOL_GSTRINGS", command);
		return Array.from({ length: this.#count }, (_, index) => {
			const start = gstrings.data + index * ETH_GSTRING_LEN;
			return command.bytes.toString("latin1", start, start + ETH_GSTRING_LEN).replace(/\0.*$/s, "");
		});
	}

	#perform(what: string, command: NativeMemory): void {
		const result = ethtool(this.#socket.fileno(), this.#name, command);
		if (result >= 0) return;
		throw socketError("ioctl", result, {
			subject: `${what} of ${JSON.stringify(this.#name)}`,
			advice: advice[-result],
		});
	}
}

const advice: Readonly<Record<number, string>> = {
	[EPERM]: needsCapability("changing offloads needs", "CAP_NET_ADMIN"),
	[EOPNOTSUPP]: "the device has no offloads",
};
