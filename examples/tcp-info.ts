/**
 * What the kernel knows about a TCP connection: TCP_INFO, before and after a megabyte.
 *
 *     node examples/dist/tcp-info.js
 */
import { createConnection, createServer, type Socket, tcp } from "berkeley";

function show(socket: Socket, when: string): void {
	const { stateName, rtt, sndCwnd, sndMss, bytesAcked } = socket.get(tcp.info);
	console.log(
		`${when}: ${stateName}, round trip ${rtt} µs, window ${sndCwnd} × ${sndMss} bytes, acknowledged`,
		bytesAcked,
	);
}

using listener = createServer({ host: "127.0.0.1", port: 0 });
using client = await createConnection(listener.getsockname());
const [connection] = await listener.accept();
using server = connection;

show(client, "at first");
const megabyte = Buffer.alloc(1024 * 1024);
const sent = client.sendall(megabyte);
for (let received = 0; received < megabyte.length; ) received += (await server.recv(65536)).length;
await sent;
show(client, "after 1 MiB");
