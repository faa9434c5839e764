/**
 * Where a connection leads or a listener stands, as the command line gives it.
 */
import { describeAddress } from "berkeley";

/** A host and a port, over TCP or UDP. */
export interface InternetPlace {
	readonly kind: "stream" | "datagram";
	readonly host: string;
	/** A number, or a service's name. */
	readonly port: string;
	/** The IP version; undefined takes what the host has. */
	readonly version: 4 | 6 | undefined;
}

/** A path, or a name in the abstract namespace, which begins with `\0`. */
export interface UnixPlace {
	readonly kind: "stream" | "datagram" | "seqpacket";
	readonly path: string;
}

export type Place = InternetPlace | UnixPlace;

/** The address that a person writes as a path, or as `@name` in the abstract namespace. */
export function unixAddress(text: string): string {
	return text.startsWith("@") ? `\0${text.slice(1)}` : text;
}

/** A place as a person writes it. */
export function describePlace(place: Place): string {
	if ("path" in place) return describeAddress(place.path);
	return `${place.host.includes(":") ? `[${place.host}]` : place.host}:${place.port}`;
}
