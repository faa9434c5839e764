/**
 * Functions of berkeley/raw called in a host of a network, by the program rawio.
 */
import assert from "node:assert/strict";
import { ICMP_ECHO, ICMP6_ECHO_REQUEST, icmpv4, icmpv6, type LayerValue } from "../../src/packet/index.js";
import type { CapturedPacket } from "../../src/raw/index.js";
import type { Network } from "./network.js";

/** A header of IP whose source is left to the kernel. */
export const to = (destination: string, more: object = {}): object => ({
	layer: destination.includes(":") ? "ipv6" : "ipv4",
	destination,
	...more,
});

/** An echo request. */
export const echo = (sequence: number, version: 4 | 6 = 4): object =>
	version === 4
		? icmpv4({ type: ICMP_ECHO, identifier: 77, sequence })
		: icmpv6({ type: ICMP6_ECHO_REQUEST, identifier: 77, sequence });

/** For answers that come for certain, however busy the machine is. */
export const patient: { timeout: number } = { timeout: 20_000 };

/** What to call. */
export interface RawCall {
	call: "send" | "sendp" | "sr" | "sr1" | "srIter" | "srp" | "srp1" | "srpIter";
	packets: readonly unknown[];
	options: object;
}

/** A layer with its fields, whatever they are. */
export type AnyLayer = LayerValue & Record<string, unknown>;

/** A request with its answer, as values. */
export interface RawExchange {
	request: readonly LayerValue[];
	reply: readonly LayerValue[] | undefined;
	index: number;
	attempts: number;
	rtt?: number;
	captured?: CapturedPacket;
	error?: RawError;
}

/** An error, as values. */
export interface RawError {
	name: string;
	message: string;
	code?: string;
	syscall?: string;
	address?: string;
}

/** What came of a call; of all members those that the function gives. */
export interface RawOutcome {
	count?: number;
	answered?: RawExchange[];
	unanswered?: (readonly LayerValue[])[];
	refused?: RawExchange[];
	dropped?: number;
	reply?: readonly LayerValue[] | undefined;
	exchanges?: RawExchange[];
	error?: RawError;
	elapsed?: number;
}

const program = new URL("../programs/rawio.js", import.meta.url);

function plain(_: string, value: unknown): unknown {
	return value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value;
}

/** Makes calls one after another, in one process. */
export async function callAll(net: Network, host: string, calls: readonly RawCall[]): Promise<RawOutcome[]> {
	return JSON.parse(await net.output(host, program, { input: JSON.stringify(calls, plain) })) as RawOutcome[];
}

/** Makes one call, whose promise may be rejected. */
export async function attempt(
	net: Network,
	host: string,
	call: RawCall["call"],
	packets: readonly unknown[],
	options: object = {},
): Promise<RawOutcome> {
	const [outcome] = await callAll(net, host, [{ call, packets, options }]);
	assert.ok(outcome);
	return outcome;
}

/** Makes one call, which must succeed. */
export async function call(...given: Parameters<typeof attempt>): Promise<RawOutcome> {
	const outcome = await attempt(...given);
	assert.equal(outcome.error, undefined, outcome.error?.message);
	return outcome;
}

/** The first layer of a protocol among values. */
export function layerOf(layers: readonly LayerValue[] | undefined, name: string): AnyLayer {
	const found = layers?.find(({ layer }) => layer === name);
	assert.ok(found, `no ${name} in ${JSON.stringify(layers?.map(({ layer }) => layer))}`);
	return found as AnyLayer;
}
