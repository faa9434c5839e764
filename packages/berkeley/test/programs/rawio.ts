/**
 * Calls a function of berkeley/raw as standard input says, in JSON, and prints what came of it, in JSON. Bytes are
 * { "hex": … } in both.
 */
import { readFileSync } from "node:fs";
import type { LayerValue, Packet } from "../../src/packet/index.js";
import {
	type Exchange,
	type OutgoingFrame,
	type OutgoingPacket,
	type SrpOptions,
	send,
	sendp,
	sr,
	sr1,
	srIter,
	srp,
	srp1,
	srpIter,
} from "../../src/raw/index.js";
import type { RawCall, RawError, RawExchange, RawOutcome } from "../support/rawcalls.js";

const functions = { send, sendp, sr, sr1, srIter, srp, srp1, srpIter };

function revive(_: string, value: unknown): unknown {
	if (typeof value !== "object" || value === null || !("hex" in value)) return value;
	return new Uint8Array(Buffer.from(String(value.hex), "hex"));
}

function plain(_: string, value: unknown): unknown {
	return value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value;
}

function layersOf(packet: Packet): LayerValue[] {
	return packet.toValues();
}

function exchangeOf([request, reply, details]: Exchange): RawExchange {
	const { error, ...others } = details;
	return {
		request: layersOf(request),
		reply: reply && layersOf(reply),
		...others,
		...(error !== undefined && { error: errorOf(error) }),
	};
}

function errorOf(error: Error & Partial<RawError>): RawError {
	const { name, message, code, syscall, address } = error;
	return {
		name,
		message,
		...(code && { code }),
		...(syscall && { syscall }),
		...(address && { address }),
	};
}

async function perform({ call, packets, options }: RawCall): Promise<RawOutcome> {
	const given = packets as OutgoingPacket[] & OutgoingFrame[];
	const how = options as SrpOptions;
	const started = performance.now();
	const outcome = await (async (): Promise<RawOutcome> => {
		switch (call) {
			case "send":
			case "sendp":
				return { count: await functions[call](given, how) };
			case "sr":
			case "srp": {
				const { answered, unanswered, refused, dropped } = await functions[call](given, how);
				return {
					answered: answered.map(exchangeOf),
					unanswered: unanswered.map(layersOf),
					refused: refused.map(exchangeOf),
					dropped,
				};
			}
			case "sr1":
			case "srp1": {
				const reply = await functions[call](given, how);
				return { reply: reply && layersOf(reply) };
			}
			case "srIter":
			case "srpIter": {
				const exchanges: RawExchange[] = [];
				for await (const exchange of functions[call](given, how)) exchanges.push(exchangeOf(exchange));
				return { exchanges };
			}
		}
	})();
	return { ...outcome, elapsed: performance.now() - started };
}

const calls = JSON.parse(readFileSync(0, "utf8"), revive) as RawCall[];
const outcomes: RawOutcome[] = [];
for (const each of calls) {
	outcomes.push(await perform(each).catch((error: Error & { code?: string }) => ({ error: errorOf(error) })));
}
// Buffer.toJSON() would be called before the replacer.
(Buffer.prototype as { toJSON?: unknown }).toJSON = undefined;
console.log(JSON.stringify(outcomes, plain));
