/**
 * Filters on the packets of files.
 */
import type { Instruction } from "../bpf/instruction.js";
import { checkProgram, runProgram } from "../bpf/interpreter.js";
import { compileFilter } from "../filter/compile.js";
import { CaptureFileError } from "./codec/error.js";
import { describeLink, type FileLink, filterLinkOf } from "./codec/linktypes.js";
import type { FilePacket } from "./codec/values.js";

/** Whether a packet passes, by the packet and where it begins in its file. */
export type PacketFilter = (packet: FilePacket, offset: number) => boolean;

/**
 * Whether a packet passes. A filter that is text is compiled for each link that comes.
 * @throws FilterError for a text that is none, RangeError for a program that is none
 */
export function packetFilter(filter: string | readonly Instruction[]): PacketFilter {
	if (typeof filter !== "string") {
		checkProgram(filter);
		return ({ bytes, length }) => runProgram(filter, bytes, length) > 0;
	}
	const programs = new Map<FileLink, Instruction[]>([["ethernet", compileFilter(filter)]]);
	return ({ bytes, length, link }, offset) => {
		let program = programs.get(link);
		if (program === undefined) {
			const name = filterLinkOf(link);
			if (name === undefined) {
				throw new CaptureFileError(
					"UNKNOWN_LINK",
					offset,
					"a packet",
					`no filter can be made for ${describeLink(link)}`,
				);
			}
			program = compileFilter(filter, { link: name });
			programs.set(link, program);
		}
		return runProgram(program, bytes, length) > 0;
	};
}
