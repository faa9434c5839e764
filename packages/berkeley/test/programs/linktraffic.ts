/**
 * Traffic for links, one of:
 *
 *     node linktraffic.js datagrams HOST     three datagrams to the port discard
 *     node linktraffic.js frame HEX          a frame, out of eth0
 *     node linktraffic.js sink               takes one connection, prints its port, and how many bytes came
 *     node linktraffic.js source HOST PORT   four million bytes to a sink
 */
import {
	AF_INET,
	AF_PACKET,
	createConnection,
	createServer,
	SOCK_DGRAM,
	SOCK_RAW,
	Socket,
} from "../../src/index.js";

const [what, ...words] = process.argv.slice(2);
const [first = "", second = ""] = words;

if (what === "datagrams") {
	using socket = new Socket(AF_INET, SOCK_DGRAM);
	for (const number of [1, 2, 3]) await socket.sendto(`datagram ${number}`, { host: first, port: 9 });
} else if (what === "frame") {
	using socket = new Socket(AF_PACKET, SOCK_RAW);
	socket.bind({ interface: "eth0", protocol: 0 });
	await socket.send(Buffer.from(first, "hex"));
} else if (what === "sink") {
	using listener = createServer({ host: "", port: 0 });
	console.log(listener.getsockname().port);
	const [socket] = await listener.accept();
	using connection = socket;
	let size = 0;
	for await (const chunk of connection) size += chunk.length;
	console.log(size);
} else {
	using connection = await createConnection({ host: first, port: Number(second) });
	await connection.sendall(Buffer.alloc(4_000_000, "data"));
}
