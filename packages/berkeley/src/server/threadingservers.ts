/**
 * The servers that handle requests in worker threads, under Python's names.
 */
import { UDPServer, UnixDatagramServer } from "./datagramserver.js";
import { TCPServer, UnixStreamServer } from "./streamserver.js";
import { ThreadingMixIn, type ThreadingServerClass } from "./threadingmixin.js";

/** TCPServer with ThreadingMixIn, to derive from. */
const ThreadingTCP: ThreadingServerClass<typeof TCPServer> = ThreadingMixIn(TCPServer);
/** UDPServer with ThreadingMixIn, to derive from. */
const ThreadingUDP: ThreadingServerClass<typeof UDPServer> = ThreadingMixIn(UDPServer);
/** UnixStreamServer with ThreadingMixIn, to derive from. */
const ThreadingUnixStream: ThreadingServerClass<typeof UnixStreamServer> = ThreadingMixIn(UnixStreamServer);
/** UnixDatagramServer with ThreadingMixIn, to derive from. */
const ThreadingUnixDatagram: ThreadingServerClass<typeof UnixDatagramServer> =
	ThreadingMixIn(UnixDatagramServer);

/** TCPServer with ThreadingMixIn. */
export class ThreadingTCPServer extends ThreadingTCP {}

/** UDPServer with ThreadingMixIn. */
export class ThreadingUDPServer extends ThreadingUDP {}

/** UnixStreamServer with ThreadingMixIn. */
export class ThreadingUnixStreamServer extends ThreadingUnixStream {}

/** UnixDatagramServer with ThreadingMixIn. */
export class ThreadingUnixDatagramServer extends ThreadingUnixDatagram {}
