/**
 * Runs as a process that may keep little memory pinned. Sends more than that without a copy, and writes what came
 * of it as one line of JSON.
 */
import { createHash } from "node:crypto";
import { allocNative, createConnection, createServer, SHUT_WR } from "../../src/index.js";

using listener = createServer({ host: "127.0.0.1", port: 0 });
using client = await createConnection(listener.getsockname());
const [accepted] = await listener.accept();
using server = accepted;
const data = allocNative(4 * 1024 * 1024);
for (let i = 0; i < data.length; i += 1000) data.writeUInt32LE(i, i - (i % 4));
const sent = Promise.all([1, 2].map(() => client.sendZerocopy(data))).then((results) => {
	client.shutdown(SHUT_WR);
	return results;
});
const hash = createHash("sha256");
for await (const chunk of server) hash.update(chunk);
const whole = hash.digest("hex") === createHash("sha256").update(data).update(data).digest("hex");
console.log(JSON.stringify({ results: await sent, whole }));
