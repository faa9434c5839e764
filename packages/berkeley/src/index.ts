/**
 * berkeley: the BSD socket API.
 */
export { htonl, htons, ntohl, ntohs } from "./address/byteorder.js";
export { Cidr } from "./address/cidr.js";
export { inetAton, inetNtoa, inetNtop, inetPton } from "./address/inet.js";
export { formatMac, parseMac } from "./address/mac.js";
export type {
	Address,
	AddressOf,
	Inet4Address,
	Inet6Address,
	NetlinkAddress,
	PacketAddress,
	RawAddress,
	UnixAddress,
	VsockAddress,
} from "./address/types.js";
export type { Bytes, IntoOptions, WaitOptions } from "./arguments.js";
export {
	BlockingIOError,
	ConnectionError,
	describeAddress,
	GaiError,
	PermissionError,
	SocketError,
	TimeoutError,
} from "./errors.js";
export * from "./options/index.js";
export * from "./resolve/index.js";
export type {
	AncillaryBytesInput,
	AncillaryInput,
	AncillaryMessage,
	AncillaryName,
	AncillaryValue,
	AncillaryValueInput,
	Credentials,
	DescriptorInput,
	ExtendedError,
	Inet4PacketInfo,
	Inet4PacketInfoInput,
	Inet6PacketInfo,
	Inet6PacketInfoInput,
	KnownAncillaryMessage,
	PacketAuxdata,
	PathMtu,
	Timestamp,
	Timestamps,
	UnknownAncillaryMessage,
} from "./socket/ancillary.js";
export type { SocketOptions } from "./socket/base.js";
export {
	type AsyncCreateConnectionOptions,
	type CreateConnectionOptions,
	createConnection,
	createConnectionSync,
} from "./socket/connection.js";
export { type CreateServerOptions, createServer, hasDualstackIpv6, hasIpv6 } from "./socket/create.js";
export type { EachOptions, FillableBuffer } from "./socket/data.js";
export {
	DatagramBatch,
	type DatagramBatchOptions,
	type DatagramOptions,
} from "./socket/datagrams/batch.js";
export type { Datagram } from "./socket/datagrams/datagram.js";
export type { OutgoingDatagram } from "./socket/datagrams/outgoing.js";
export type { SendManyOptions } from "./socket/datagrams.js";
export { getdefaulttimeout, setdefaulttimeout } from "./socket/defaults.js";
export { type ReceivedFds, recvFds, recvFdsSync, sendFds, sendFdsSync } from "./socket/fds.js";
export type { Flow, FlowOptions } from "./socket/flow.js";
export type { SocketTransfer } from "./socket/handover.js";
export type { ReceivedInto, ReceivedMessage } from "./socket/operations/message.js";
export { close, dup, fromfd, socketpair } from "./socket/pair.js";
export { type Iterated, Socket } from "./socket/socket.js";
export { type FileTarget, type SpliceOptions, splice, spliceSync } from "./socket/splice.js";
export { allocNative, type ZerocopyResult } from "./socket/zerocopy.js";
export type { ChannelStream, ToStreamOptions } from "./stream/duplex.js";
export {
	type BinaryFile,
	type BinaryFileOptions,
	type BinaryMode,
	IncompleteReadError,
	type TextFile,
	type TextFileOptions,
	type TextMode,
} from "./stream/file.js";
export { CMSG_LEN, CMSG_SPACE } from "./sys/cmsg.js";
export * from "./sys/linux/constants/index.js";
