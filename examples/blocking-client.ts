/**
 * A client without a single `await`: each call blocks the thread until it is through, as in a Python script.
 * It talks to upper-echo-server, or to `sock serve`.
 *
 *     node examples/dist/blocking-client.js [port] [text]
 */
import { createConnectionSync, SHUT_WR } from "berkeley";

const [port = "6969", text = "Hello, blocking world"] = process.argv.slice(2);

using socket = createConnectionSync({ host: "127.0.0.1", port: Number(port) }, { timeout: 5000 });
socket.sendallSync(text);
socket.shutdown(SHUT_WR); // That was all: the server ends its side too when it has answered.

const answer: Buffer[] = [];
for (let chunk = socket.recvSync(1024); chunk.length > 0; chunk = socket.recvSync(1024)) answer.push(chunk);
console.log(Buffer.concat(answer).toString());
