/**
 * The servers that handle requests side by side in this event loop, under names like those of Python's combinations.
 */
import { AsyncMixIn, type AsyncServerClass } from "./asyncmixin.js";
import { UDPServer, UnixDatagramServer } from "./datagramserver.js";
import { TCPServer, UnixStreamServer } from "./streamserver.js";

/** TCPServer with AsyncMixIn, to derive from. */
const AsyncTCP: AsyncServerClass<typeof TCPServer> = AsyncMixIn(TCPServer);
/** UDPServer with AsyncMixIn, to derive from. */
const AsyncUDP: AsyncServerClass<typeof UDPServer> = AsyncMixIn(UDPServer);
/** UnixStreamServer with AsyncMixIn, to derive from. */
const AsyncUnixStream: AsyncServerClass<typeof UnixStreamServer> = AsyncMixIn(UnixStreamServer);
/** UnixDatagramServer with AsyncMixIn, to derive from. */
const AsyncUnixDatagram: AsyncServerClass<typeof UnixDatagramServer> = AsyncMixIn(UnixDatagramServer);

/** TCPServer with AsyncMixIn. Python's ThreadingTCPServer, without threads. */
export class AsyncTCPServer extends AsyncTCP {}

/** UDPServer with AsyncMixIn. Python's ThreadingUDPServer, without threads. */
export class AsyncUDPServer extends AsyncUDP {}

/** UnixStreamServer with AsyncMixIn. Python's ThreadingUnixStreamServer, without threads. */
export class AsyncUnixStreamServer extends AsyncUnixStream {}

/** UnixDatagramServer with AsyncMixIn. Python's ThreadingUnixDatagramServer, without threads. */
export class AsyncUnixDatagramServer extends AsyncUnixDatagram {}
