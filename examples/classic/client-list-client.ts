/**
 * Gives its name to client-list-server, and shows who else did. The list may be of any length, so it is read to
 * the end: one recv(1024) would cut it.
 *
 *     node examples/dist/classic/client-list-client.js [port] [name]
 */
import { userInfo } from "node:os";
import { createConnection, describeAddress } from "berkeley";

const [port = "5000", name = userInfo().username] = process.argv.slice(2);

using socket = await createConnection({ host: "127.0.0.1", port: Number(port) });
await socket.sendall(name);
const clients = JSON.parse(await socket.makefile("r").read());
for (const client of clients) {
	console.log(`${client.name} from ${describeAddress({ host: client.address, port: client.port })}`);
}
