/**
 * Runs in a network namespace of its own whose device drops what it is to send. Sends there without a copy, in
 * both forms, and writes what came of it as one line of JSON.
 */
import { AF_INET, allocNative, SOCK_DGRAM, Socket } from "../../src/index.js";
import { twins } from "./twins.js";

const seen: Record<string, unknown> = {};
for (const twin of twins) {
	using socket = new Socket(AF_INET, SOCK_DGRAM);
	socket.connectSync({ host: "10.9.9.2", port: 9 });
	seen[twin.name] = await twin.sendZerocopy(socket, allocNative(60_000));
}
console.log(JSON.stringify(seen));
