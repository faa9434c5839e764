/**
 * `berkeley/capture`: live captures, files of captures, and filters for packets.
 */
export { disassemble, type Instruction } from "./bpf/instruction.js";
export { checkProgram, runProgram } from "./bpf/interpreter.js";
export type { CapturedInterface, CapturedPacket, CapturedVlan, Direction } from "./captured.js";
export { CaptureBlock } from "./files/codec/block.js";
export { CaptureEncoder, type CaptureEncoderOptions } from "./files/codec/encoder.js";
export { CaptureFileError, type CaptureFileErrorCode } from "./files/codec/error.js";
export { type FileLink, linkOf, linkTypeOf } from "./files/codec/linktypes.js";
export type { CaptureOption, Commented } from "./files/codec/options.js";
export { CaptureParser, type CaptureParserOptions } from "./files/codec/parser.js";
export type { TimestampResolution } from "./files/codec/timestamps.js";
export type {
	CaptureFormat,
	CaptureSection,
	CaptureTime,
	CaptureValue,
	CaptureValueOf,
	CustomData,
	DecryptionSecrets,
	FileInterface,
	FilePacket,
	FilePacketVerdict,
	InterfaceDescription,
	InterfaceIpv4,
	InterfaceIpv6,
	InterfaceStatistics,
	NamedAddress,
	NameRecord,
	NameResolution,
	PcapHeader,
	UnknownBlock,
} from "./files/codec/values.js";
export { CaptureReader, type CaptureReaderOptions, openCapture, openCaptureSync } from "./files/reader.js";
export type { CaptureSink } from "./files/sink.js";
export type { CaptureSource } from "./files/source.js";
export {
	CaptureWriter,
	type CaptureWriterOptions,
	createCapture,
	createCaptureSync,
} from "./files/writer.js";
export { compileFilter, type FilterOptions } from "./filter/compile.js";
export { FilterError } from "./filter/error.js";
export type { LinkName } from "./filter/links.js";
export { Capture, type CaptureStatistics, capture } from "./live/capture.js";
export type { CaptureFanout, CaptureOptions, FanoutMode } from "./live/options.js";
export type { LivePacket } from "./live/packet.js";
