/**
 * ICMP extensions: RFC 4884, with the MPLS label stack of RFC 4950.
 */

/** An entry of an MPLS label stack (RFC 3032). */
export interface MplsLabel {
	readonly label: number;
	/** The traffic class, once "experimental use". */
	readonly trafficClass: number;
	readonly bottom: boolean;
	readonly ttl: number;
}

/** An object of an extension. */
export interface ExtensionObject {
	/** The object's class. */
	readonly class: number;
	/** The object's type within its class. */
	readonly type: number;
	/** The labels of an MPLS label stack. */
	readonly mpls?: MplsLabel[];
	/** What another object holds, in hexadecimal. */
	readonly hex?: string;
}

const version = 2;
const headerSize = 4;
const mplsClass = 1;
const incomingStack = 1;

/** The objects of the extension that begins at `start`; those that are whole. */
export function readExtensions(bytes: Buffer, start: number): ExtensionObject[] {
	const objects: ExtensionObject[] = [];
	if (start === 0 || start + headerSize > bytes.length || bytes.readUInt8(start) >> 4 !== version)
		return objects;
	for (let at = start + headerSize; at + headerSize <= bytes.length; ) {
		const length = bytes.readUInt16BE(at);
		if (length < headerSize || at + length > bytes.length) break;
		const data = bytes.subarray(at + headerSize, at + length);
		const [kind, type] = [bytes.readUInt8(at + 2), bytes.readUInt8(at + 3)];
		objects.push(
			kind === mplsClass && type === incomingStack && data.length % 4 === 0
				? { class: kind, type, mpls: labels(data) }
				: { class: kind, type, hex: data.toString("hex") },
		);
		at += length;
	}
	return objects;
}

function labels(data: Buffer): MplsLabel[] {
	return Array.from({ length: data.length / 4 }, (_, index) => {
		const entry = data.readUInt32BE(4 * index);
		return {
			label: entry >>> 12,
			trafficClass: (entry >>> 9) & 7,
			bottom: ((entry >>> 8) & 1) === 1,
			ttl: entry & 0xff,
		};
	});
}

/** The objects as traceroute writes them: `MPLS:L=16,E=0,S=1,T=1`, `2/1:0a0b`. */
export function describeExtensions(objects: readonly ExtensionObject[]): string {
	return objects
		.map(({ class: kind, type, mpls, hex = "" }) =>
			mpls === undefined
				? `${kind}/${type}:${hex}`
				: `MPLS:${mpls.map(({ label, trafficClass, bottom, ttl }) => `L=${label},E=${trafficClass},S=${bottom ? 1 : 0},T=${ttl}`).join("/")}`,
		)
		.join(";");
}
