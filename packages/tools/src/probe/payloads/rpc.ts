/**
 * ONC RPC (RFC 5531 section 9): calls procedure 0, which does nothing, of the port mapper (RFC 1833) or of NFS (RFC
 * 1813, RFC 7530).
 */
import { randomInt } from "node:crypto";
import { bytes, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const call = 0;
const reply_ = 1;
const rpcVersion = 2;
const noAuthentication = [0, 0];
const acceptStates = [
	"accepted",
	"no such program",
	"another version of the program",
	"no such procedure",
	"arguments not understood",
	"system error",
];

function nullProcedure(name: string, ports: readonly number[], program: number, version: number): Payload {
	return {
		name,
		ports,
		prepare() {
			const id = randomInt(0x7fffffff);
			const words = [id, call, rpcVersion, program, version, 0, ...noAuthentication, ...noAuthentication];
			return {
				requests: [bytes(words.flatMap(u32))],
				recognize(reply) {
					if (reply.readUInt32BE(0) !== id || reply.readUInt32BE(4) !== reply_) return undefined;
					if (reply.readUInt32BE(8) !== 0) return "call denied";
					// Behind the verifier, of any length, stands what became of the call.
					const state = reply.readUInt32BE(20 + ((reply.readUInt32BE(16) + 3) & ~3));
					return acceptStates[state] ?? `state ${state}`;
				},
			};
		},
	};
}

export const portmapper: Payload = nullProcedure("RPC port mapper", [111], 100_000, 2);
export const nfs: Payload = nullProcedure("NFS", [2049], 100_003, 3);
