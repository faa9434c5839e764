/**
 * The first lesson's client: sends what is typed, line by line until one of them is `q`, and shows the answers.
 *
 *     node examples/dist/classic/upper-echo-client.js [port]
 */
import { createInterface } from "node:readline";
import { createConnection, MSG_WAITALL } from "berkeley";

using socket = await createConnection({ host: "127.0.0.1", port: Number(process.argv[2] ?? 6969) });
const keyboard = createInterface({ input: process.stdin });
console.log("type a line, or q to leave");
for await (const line of keyboard) {
	if (line === "q") break;
	if (line === "") continue; // Nothing would be sent, and no answer come.
	await socket.sendall(line);
	// TCP knows no messages: an answer may come in pieces. This one is as long as the text in upper case.
	const answer = await socket.recv(Buffer.byteLength(line.toUpperCase()), MSG_WAITALL);
	if (answer.length === 0) break;
	console.log(`${answer}`);
}
keyboard.close();
process.stdin.destroy(); // A terminal would keep the program waiting.
