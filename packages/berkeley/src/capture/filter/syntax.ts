/**
 * A filter as a tree.
 */

/** Which of the two ends. */
export type Direction = "src" | "dst" | "src or dst" | "src and dst";

/** A condition on a packet. */
export type Condition =
	| { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
	| { readonly kind: "not"; readonly condition: Condition }
	| Primitive;

/** The addresses that are like one, where the mask has bits. */
export interface Net {
	readonly address: Uint8Array;
	readonly mask: Uint8Array;
}

/** Ports from one to another. */
export type PortRange = readonly [low: number, high: number];

/** A condition that has no other in it. */
export type Primitive =
	| { readonly kind: "protocol"; readonly protocol: string }
	| {
			readonly kind: "number";
			readonly of: "ether" | "ip" | "ip6" | undefined;
			readonly number: number;
	  }
	| {
			readonly kind: "net";
			/** ip, arp, rarp or ip6; undefined for all that have such addresses. */
			readonly of: string | undefined;
			readonly direction: Direction;
			/** Any of these, all of one version. */
			readonly nets: readonly Net[];
	  }
	| { readonly kind: "etherHost"; readonly direction: Direction; readonly address: Uint8Array }
	| {
			readonly kind: "ports";
			/** tcp, udp or sctp; undefined for all of them. */
			readonly of: string | undefined;
			readonly direction: Direction;
			readonly ranges: readonly PortRange[];
	  }
	| { readonly kind: "vlan"; readonly id: number | undefined }
	| { readonly kind: "cast"; readonly of: string; readonly to: "broadcast" | "multicast" }
	| {
			readonly kind: "relation";
			readonly left: Term;
			readonly operator: Relation;
			readonly right: Term;
	  };

/** How two numbers are compared. */
export type Relation = "=" | "!=" | "<" | ">" | "<=" | ">=";

/** A number. */
export type Term =
	| { readonly kind: "constant"; readonly value: number }
	| { readonly kind: "length" }
	| { readonly kind: "load"; readonly protocol: string; readonly index: Term; readonly size: 1 | 2 | 4 }
	| {
			readonly kind: "binary";
			readonly operator: Operator;
			readonly left: Term;
			readonly right: Term;
	  }
	| { readonly kind: "negative"; readonly term: Term };

/** Arithmetic of 32 bits without a sign. */
export type Operator = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>";
