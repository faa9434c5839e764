/**
 * Interfaces as other facts refer to them: by name and index.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import { encodeEscaped } from "../address/surrogateescape.js";
import { checkCText } from "../resolve/arguments.js";
import { ifIndextoname, ifNametoindex } from "../resolve/interfaces.js";
import * as sys from "../sys/interfaces.js";
import { IFNAMSIZ } from "../sys/linux/constants/interface.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RTM_GETLINK } from "../sys/linux/constants/rtnetlink.js";
import { decodeLink, ifinfomsg, type NetworkInterface } from "./links.js";
import { encodeAttributes } from "./netlink/attributes.js";
import { ask, type Conversation } from "./netlink/conversation.js";

/** An interface that something belongs to or leads to. */
export interface InterfaceReference {
	/** Its name; "" when it was gone before it could be asked for. */
	name: string;
	/** Its index. */
	index: number;
}

/** Requires the name or the index of an interface, without looking whether there is one. */
export function checkInterface(value: unknown): asserts value is string | number {
	if (typeof value === "number") checkInteger(value, 1, 0x7fffffff, "the interface's index");
	else if (typeof value === "string") checkCText(value, "the interface's name");
	else throw new TypeError(`an interface is given by its name or its index, not by ${kindOf(value)}`);
}

/**
 * The interface that has a name, an alternative name, or an index.
 * @throws SocketError ENODEV for a name, ENXIO for an index that no interface has
 */
export function* locate(value: string | number): Conversation<InterfaceReference> {
	if (typeof value === "number") return { name: ifIndextoname(value), index: value };
	const bytes = encodeEscaped(value);
	// An alternative name may be longer than the other functions of the kernel can be asked for.
	if (bytes.length < IFNAMSIZ) {
		const index = ifNametoindex(value);
		return { name: ifIndextoname(index), index };
	}
	const attribute = { type: rt.IFLA_ALT_IFNAME, data: Buffer.concat([bytes, Buffer.of(0)]) };
	const [found] = yield* ask(
		{
			type: RTM_GETLINK,
			body: Buffer.concat([Buffer.alloc(ifinfomsg.size), encodeAttributes([attribute])]),
			dump: false,
			subject: `interface ${JSON.stringify(value)}`,
			// Names that are too long even for that get ERANGE or EINVAL.
			advice: () => `no interface has the name ${JSON.stringify(value)}`,
		},
		decodeLink,
	);
	const { name, index } = found as NetworkInterface;
	return { name, index };
}

/** Finds the names of indices, each once: many routes lead to few interfaces. */
export class ReferencedInterfaces {
	readonly #known = new Map<number, string>();

	/** The reference of an index; undefined for none and for 0, which is no interface. */
	of(index: number | undefined): InterfaceReference | undefined {
		if (index === undefined || index === 0) return undefined;
		let name = this.#known.get(index);
		if (name === undefined) {
			const found = sys.ifIndextoname(index);
			name = typeof found === "string" ? found : "";
			this.#known.set(index, name);
		}
		return { name, index };
	}
}
