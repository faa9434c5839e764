/**
 * The first lesson's client: sends the lines that are typed, until one of them is `q`, and shows the answers.
 *
 *     node examples/dist/upper-echo-client.js [port]
 */
import { createInterface } from "node:readline";
import { createConnection } from "berkeley";

using socket = await createConnection({ host: "127.0.0.1", port: Number(process.argv[2] ?? 6969) });
const file = socket.makefile("rw"); // Lines, whatever pieces they arrive in.
const keyboard = createInterface({ input: process.stdin });
console.log("type a line, or q to leave");
for await (const line of keyboard) {
	if (line === "q") break;
	await file.write(`${line}\n`);
	await file.flush();
	console.log((await file.readline()).trimEnd());
}
keyboard.close();
process.stdin.destroy(); // A terminal would keep the program waiting.
