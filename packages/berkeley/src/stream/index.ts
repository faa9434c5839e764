/**
 * `berkeley/stream`: connections as files, as Node's and the web's streams, and with TLS over them.
 */
export type { AsyncByteChannel, ByteChannel, NamedChannel } from "./channel.js";
export { ChannelStream, type StreamAddress, type ToStreamOptions, toStream } from "./duplex.js";
export {
	type AsyncBinaryFile,
	type AsyncSocketFile,
	type AsyncTextFile,
	type BinaryFile,
	type BinaryFileOptions,
	type BinaryMode,
	IncompleteReadError,
	makefile,
	type Newline,
	type SocketFile,
	type TextErrors,
	type TextFile,
	type TextFileOptions,
	type TextMode,
	type TextProperties,
} from "./file.js";
export { type WrapTlsOptions, wrapTls } from "./tls.js";
export { TlsError } from "./tlserror.js";
export { TlsSocket } from "./tlssocket.js";
export { readable, writable } from "./web.js";
