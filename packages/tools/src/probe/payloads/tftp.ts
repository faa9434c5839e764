/**
 * TFTP (RFC 1350 section 5): asks for a file that there is not. The server answers from a port of its own. Should
 * the file be there after all, the closed port of ours ends the transfer (section 7).
 */
import { randomBytes } from "node:crypto";
import { bytes, printable, u16 } from "./bytes.js";
import type { Payload } from "./payload.js";

const readRequest = 1;
const dataBlock = 3;
const errorMessage = 5;

export const tftp: Payload = {
	name: "TFTP",
	ports: [69],
	prepare() {
		const name = `${randomBytes(6).toString("hex")}.txt`;
		return {
			requests: [bytes(u16(readRequest), name, 0, "octet", 0)],
			recognize(reply) {
				const code = reply.readUInt16BE(0);
				const number = reply.readUInt16BE(2);
				if (code === errorMessage) return `error ${number}: ${printable(reply.subarray(4))}`;
				return code === dataBlock && number === 1 ? `${reply.length - 4} bytes of a file` : undefined;
			},
		};
	},
};
