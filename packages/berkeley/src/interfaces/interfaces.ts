/**
 * interfaces() and interfaceOf(): links and their addresses, put together.
 */
import { RTM_GETADDR, RTM_GETLINK } from "../sys/linux/constants/rtnetlink.js";
import { ENODEV } from "../sys/linux/errnos.js";
import { decodeAddress, ifaddrmsg } from "./addresses.js";
import { decodeLink, ifinfomsg, type NetworkInterface } from "./links.js";
import { checkInterface, locate } from "./names.js";
import { ask, type Conversation, converse, converseSync } from "./netlink/conversation.js";

/**
 * All interfaces of this network namespace, in the order of their indices, with their addresses: what `ip address`
 * and `ip -statistics link` show (rtnetlink(7), RTM_GETLINK and RTM_GETADDR).
 * @throws SocketError EMFILE, ENFILE, ENOBUFS; EINTR when interfaces come and go faster than they are read
 */
export async function interfaces(): Promise<NetworkInterface[]> {
	return converse(all());
}

/** `interfaces` that blocks the thread. */
export function interfacesSync(): NetworkInterface[] {
	return converseSync(all());
}

/**
 * One interface of this network namespace, with its addresses.
 * @param nameOrIndex its name, one of its alternative names, or its index
 * @throws SocketError ENODEV when no interface has the name, ENXIO when none has the index; those of `interfaces`
 */
export async function interfaceOf(nameOrIndex: string | number): Promise<NetworkInterface> {
	checkInterface(nameOrIndex);
	return converse(one(nameOrIndex));
}

/** `interfaceOf` that blocks the thread. */
export function interfaceOfSync(nameOrIndex: string | number): NetworkInterface {
	checkInterface(nameOrIndex);
	return converseSync(one(nameOrIndex));
}

function* all(): Conversation<NetworkInterface[]> {
	const body = new Uint8Array(ifinfomsg.size);
	const found = yield* ask({ type: RTM_GETLINK, body, dump: true, subject: "interfaces" }, decodeLink);
	found.sort((a, b) => a.index - b.index);
	yield* addAddresses(found, 0);
	return found;
}

function* one(nameOrIndex: string | number): Conversation<NetworkInterface> {
	const { index, name } = yield* locate(nameOrIndex);
	const body = Buffer.alloc(ifinfomsg.size);
	body.writeInt32LE(index, ifinfomsg.ifi_index);
	const subject = `interface ${JSON.stringify(name)}`;
	const advice = (): string => "it was removed just now";
	const found = yield* ask({ type: RTM_GETLINK, body, dump: false, subject, advice }, decodeLink);
	yield* addAddresses(found, index);
	return found[0] as NetworkInterface;
}

/** Gives interfaces their addresses. Of one that came or went in between, nothing is known here. */
function* addAddresses(found: readonly NetworkInterface[], index: number): Conversation<void> {
	const body = Buffer.alloc(ifaddrmsg.size);
	body.writeInt32LE(index, ifaddrmsg.ifa_index);
	const question = { type: RTM_GETADDR, body, dump: true, subject: "addresses", empty: [-ENODEV] };
	const byIndex = new Map(found.map((each) => [each.index, each.addresses]));
	for (const each of yield* ask(question, decodeAddress)) byIndex.get(each.index)?.push(each.address);
}
