/**
 * How long an operation waits: the timeout of a socket, read and set. Times are milliseconds.
 *
 *     node examples/dist/classic/timeouts.js
 */
import { AF_INET, BlockingIOError, SOCK_DGRAM, Socket, setdefaulttimeout, TimeoutError } from "berkeley";

using socket = new Socket(AF_INET, SOCK_DGRAM);
socket.bind({ host: "127.0.0.1", port: 0 });
console.log("at first:", socket.gettimeout()); // null: it would wait for ever

socket.settimeout(100);
console.log("set:", socket.gettimeout());
try {
	socket.recvSync(1024);
} catch (error) {
	if (!(error instanceof TimeoutError)) throw error;
	console.log("nobody sends: TimeoutError");
}

socket.setblocking(false);
console.log("non-blocking:", socket.gettimeout());
try {
	socket.recvSync(1024);
} catch (error) {
	if (!(error instanceof BlockingIOError)) throw error;
	console.log("nobody has sent: BlockingIOError");
}

setdefaulttimeout(2500);
using later = new Socket(AF_INET, SOCK_DGRAM);
console.log("of a socket made after setdefaulttimeout():", later.gettimeout());
