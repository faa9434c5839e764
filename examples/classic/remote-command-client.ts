/**
 * Has what is typed run by remote-command-server, line by line until one of them is `q`, and shows the output.
 * What is typed and what is shown travel as they are, for everybody to read; so it connects to this machine
 * alone.
 *
 *     node examples/dist/classic/remote-command-client.js [port] [127.0.0.1 or ::1]
 */
import { createInterface } from "node:readline";
import { createConnection, MSG_WAITALL } from "berkeley";

const [port = "8000", host = "127.0.0.1"] = process.argv.slice(2);
if (host !== "127.0.0.1" && host !== "::1") {
	console.error(`remote-command-client connects to 127.0.0.1 or ::1 alone, not to ${host}`);
	process.exit(1);
}

using socket = await createConnection({ host, port: Number(port) });
const keyboard = createInterface({ input: process.stdin });
console.log("type a command, or q to leave");
for await (const line of keyboard) {
	const command = line.trim();
	if (command === "q") break;
	if (command === "") continue;
	await socket.sendall(command);
	const size = Number(`${await socket.recv(1024)}`);
	if (size === 0) throw new Error("the server has hung up");
	await socket.sendall("ready");
	const output = await socket.recv(size, MSG_WAITALL);
	console.log(`${output}`.trimEnd());
}
keyboard.close();
process.stdin.destroy(); // A terminal would keep the program waiting.
