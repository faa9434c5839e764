/**
 * ICMP extensions, with the MPLS label stack, in the forms in which they are shown: RFC 4884, RFC 4950.
 */
import { type MplsLabel, readIcmpExtension } from "berkeley/packet";

/** An object of an extension. */
export interface ExtensionObject {
	/** The object's class. */
	readonly class: number;
	/** The object's type within its class. */
	readonly type: number;
	/** The labels of an MPLS label stack. */
	readonly mpls?: readonly MplsLabel[];
	/** What another object holds, in hexadecimal. */
	readonly hex?: string;
}

/** The objects of the extension that begins at `start`, where it is not 0; those that are whole. */
export function readExtensions(bytes: Buffer, start: number): ExtensionObject[] {
	const { objects = [] } = (start === 0 ? undefined : readIcmpExtension(bytes, start)) ?? {};
	return objects.flatMap((object): ExtensionObject[] => {
		if (object.kind === "malformed") return [];
		if (object.kind === "mplsLabelStack") return [{ class: 1, type: 1, mpls: object.labels }];
		const { class: number, type, data } = object;
		return [{ class: number, type, hex: Buffer.from(data).toString("hex") }];
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
