/**
 * The servers that handle requests in child processes, under Python's names.
 */
import { UDPServer, UnixDatagramServer } from "./datagramserver.js";
import { ForkingMixIn, type ForkingServerClass } from "./forkingmixin.js";
import { TCPServer, UnixStreamServer } from "./streamserver.js";

/** TCPServer with ForkingMixIn, to derive from. */
const ForkingTCP: ForkingServerClass<typeof TCPServer> = ForkingMixIn(TCPServer);
/** UDPServer with ForkingMixIn, to derive from. */
const ForkingUDP: ForkingServerClass<typeof UDPServer> = ForkingMixIn(UDPServer);
/** UnixStreamServer with ForkingMixIn, to derive from. */
const ForkingUnixStream: ForkingServerClass<typeof UnixStreamServer> = ForkingMixIn(UnixStreamServer);
/** UnixDatagramServer with ForkingMixIn, to derive from. */
const ForkingUnixDatagram: ForkingServerClass<typeof UnixDatagramServer> = ForkingMixIn(UnixDatagramServer);

/** TCPServer with ForkingMixIn. */
export class ForkingTCPServer extends ForkingTCP {}

/** UDPServer with ForkingMixIn. */
export class ForkingUDPServer extends ForkingUDP {}

/** UnixStreamServer with ForkingMixIn. */
export class ForkingUnixStreamServer extends ForkingUnixStream {}

/** UnixDatagramServer with ForkingMixIn. */
export class ForkingUnixDatagramServer extends ForkingUnixDatagram {}
