/**
 * offload() and setOffload(): what a device does in the kernel's place, as `ethtool -k` shows and `ethtool -K` sets it.
 */
import { kindOf } from "../address/bytes.js";
import { socketError } from "../errors.js";
import { EOPNOTSUPP } from "../sys/linux/errnos.js";
import { type Feature, FeatureDoor } from "./features.js";
import { checkInterface, locate } from "./names.js";
import { converseSync } from "./netlink/conversation.js";

/** An offload by the name that `ethtool -K` takes. */
export type OffloadName =
	| "rx"
	| "tx"
	| "sg"
	| "tso"
	| "gso"
	| "gro"
	| "lro"
	| "rxvlan"
	| "txvlan"
	| "ntuple"
	| "rxhash";

/** The features that an offload stands for, by the patterns of ethtool(8). */
const groups: Readonly<Record<OffloadName, RegExp>> = {
	rx: /^rx-checksum$/,
	tx: /^tx-checksum-/,
	sg: /^tx-scatter-gather/,
	tso: /^tx-tcp.*-segmentation$/,
	gso: /^tx-generic-segmentation$/,
	gro: /^rx-gro$/,
	lro: /^rx-lro$/,
	rxvlan: /^rx-vlan-hw-parse$/,
	txvlan: /^tx-vlan-hw-insert$/,
	ntuple: /^rx-ntuple-filter$/,
	rxhash: /^rx-hashing$/,
};

/** What is known of a feature. */
export interface OffloadFeature {
	/** Whether it is in use. */
	active: boolean;
	/** Whether it is wished for; it is in use only when what it needs is as well. */
	requested: boolean;
	/** Whether this device cannot change it. */
	fixed: boolean;
}

/** The offloads of an interface. */
export interface Offload extends Record<OffloadName, boolean> {
	/** Checksums of arriving packets are verified by the device ("rx-checksumming"). */
	rx: boolean;
	/** Checksums of leaving packets are filled in by the device, so that captures show unfinished ones. */
	tx: boolean;
	/** Packets are sent from several pieces of memory ("scatter-gather"). */
	sg: boolean;
	/** Long runs of TCP are cut by the device ("tcp-segmentation-offload"). */
	tso: boolean;
	/** Long runs are cut by the kernel just before the device ("generic-segmentation-offload"). */
	gso: boolean;
	/** Arriving packets are joined by the kernel ("generic-receive-offload"). */
	gro: boolean;
	/** Arriving packets are joined by the device ("large-receive-offload"). */
	lro: boolean;
	/** VLAN tags are taken off by the device ("rx-vlan-offload"). */
	rxvlan: boolean;
	/** VLAN tags are put on by the device ("tx-vlan-offload"). */
	txvlan: boolean;
	/** Packets are steered to queues by filters of the device ("ntuple-filters"). */
	ntuple: boolean;
	/** Packets are hashed by the device ("receive-hashing"). */
	rxhash: boolean;
	/** All features by the kernel's names: "tx-checksum-ip-generic", "tx-tcp-segmentation", "rx-gro" … */
	features: Record<string, OffloadFeature>;
}

/** What is to change: offloads by ethtool's names, or features by the kernel's. */
export type OffloadWishes = Readonly<Partial<Record<OffloadName, boolean | undefined>>> &
	Readonly<Record<string, boolean | undefined>>;

/** What came of a change. */
export interface OffloadChange {
	/** The offloads now. */
	offload: Offload;
	/** The features that are not as they were, those included that went along with others: on or off now. */
	changed: Record<string, boolean>;
	/** Features that are not as was wished, by the kernel's names: something that they need is off, for example. */
	ungranted: string[];
}

/**
 * The offloads of an interface: whether its device computes checksums, cuts and joins packets. What `ethtool -k`
 * shows, by SIOCETHTOOL. An offload that stands for several features is on when one of them is.
 * @param nameOrIndex the interface's name or index
 * @throws SocketError ENODEV or ENXIO when there is no such interface
 */
export function offload(nameOrIndex: string | number): Offload {
	using door = doorTo(nameOrIndex);
	return describe(door.read());
}

/**
 * Turns offloads on and off: what `ethtool -K eth1 tx off` does. Of an offload that stands for several features,
 * those are changed that the device can change. Others may go along: without checksums there is no TCP segmentation.
 *
 *     setOffload("eth1", { tx: false });
 *
 * @param nameOrIndex the interface's name or index
 * @param wishes offloads by ethtool's names (`tx`, `gro` …), or features by the kernel's ("tx-checksum-ipv4"); a
 *   feature by its own name goes before the offload that it belongs to
 * @returns what the kernel made of it, read after the change
 * @throws SocketError EPERM without CAP_NET_ADMIN; EOPNOTSUPP when the device cannot change what is to be changed,
 *   and then nothing is; ENODEV or ENXIO when there is no such interface. RangeError for a name that the kernel does
 *   not know.
 */
export function setOffload(nameOrIndex: string | number, wishes: OffloadWishes): OffloadChange {
	const wanted = checkWishes(wishes);
	using door = doorTo(nameOrIndex);
	const before = door.read();
	const wish = new Map<string, boolean>();
	for (const [name, value] of wanted) {
		for (const feature of changeable(before, name, value, nameOrIndex)) wish.set(feature.name, value);
	}
	const named = before.filter(({ name }) => wish.has(name));
	if (named.length > 0) {
		door.request(named.map(({ bit, name }): [number, boolean] => [bit, wish.get(name) === true]));
	}
	const after = door.read();
	const active = new Map(before.map((feature) => [feature.name, feature.active]));
	return {
		offload: describe(after),
		changed: Object.fromEntries(
			after
				.filter(({ name, active: now }) => active.get(name) !== now)
				.map((each) => [each.name, each.active]),
		),
		ungranted: after.filter(({ name, active: now }) => wish.has(name) && wish.get(name) !== now).map(nameOf),
	};
}

const nameOf = ({ name }: Feature): string => name;

function doorTo(nameOrIndex: string | number): FeatureDoor {
	checkInterface(nameOrIndex);
	return new FeatureDoor(converseSync(locate(nameOrIndex)).name);
}

/** The wishes, those for single features last, so that they count. */
function checkWishes(wishes: OffloadWishes): [name: string, value: boolean][] {
	if (typeof wishes !== "object" || wishes === null || Array.isArray(wishes)) {
		throw new TypeError(`the wishes must be an object such as { tx: false }, not ${kindOf(wishes)}`);
	}
	const entries = Object.entries(wishes).filter(([, value]) => value !== undefined);
	if (entries.length === 0) throw new TypeError("nothing is wished for; write { tx: false }, for example");
	for (const [name, value] of entries) {
		if (typeof value !== "boolean") {
			throw new TypeError(`${name} must be true or false, not ${kindOf(value)}`);
		}
	}
	const isGroup = ([name]: [string, unknown]): boolean => Object.hasOwn(groups, name);
	return [...entries.filter(isGroup), ...entries.filter((entry) => !isGroup(entry))] as [string, boolean][];
}

/** The features that a wish is for, and that can be changed. */
function changeable(
	all: readonly Feature[],
	name: string,
	value: boolean,
	nameOrIndex: string | number,
): Feature[] {
	const group = Object.hasOwn(groups, name) ? groups[name as OffloadName] : undefined;
	const meant = all.filter((feature) =>
		group === undefined ? feature.name === name : group.test(feature.name),
	);
	if (meant.length === 0 && group === undefined) {
		const known = Object.keys(groups).join(", ");
		throw new RangeError(
			`the kernel has no feature ${JSON.stringify(name)}; there are ${known}, and the names in offload().features`,
		);
	}
	const free = meant.filter(({ fixed }) => !fixed);
	const isSo = meant.some(({ active }) => active) === value;
	if (free.length === 0 && !isSo) {
		throw socketError("ioctl", -EOPNOTSUPP, {
			subject: `turning ${name} ${value ? "on" : "off"} at ${JSON.stringify(nameOrIndex)}`,
			advice: `${meant.map(nameOf).join(", ") || name} is fixed: the device cannot change it`,
		});
	}
	return free;
}

function describe(all: readonly Feature[]): Offload {
	const states = Object.entries(groups).map(([name, pattern]) => [
		name,
		all.some((feature) => feature.active && pattern.test(feature.name)),
	]);
	const features = all.map(({ name, active, requested, fixed }) => [name, { active, requested, fixed }]);
	return { ...Object.fromEntries(states), features: Object.fromEntries(features) } as Offload;
}
