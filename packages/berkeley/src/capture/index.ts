/**
 * `berkeley/capture`: live captures, and filters for packets.
 */
export { disassemble, type Instruction } from "./bpf/instruction.js";
export { checkProgram, runProgram } from "./bpf/interpreter.js";
export type { CapturedInterface, CapturedPacket, CapturedVlan, Direction } from "./captured.js";
export { compileFilter, type FilterOptions } from "./filter/compile.js";
export { FilterError } from "./filter/error.js";
export type { LinkName } from "./filter/links.js";
export { Capture, type CaptureStatistics, capture } from "./live/capture.js";
export type { CaptureFanout, CaptureOptions, FanoutMode } from "./live/options.js";
export type { LivePacket } from "./live/packet.js";
