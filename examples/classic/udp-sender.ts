/**
 * Sends one datagram. Whether anybody receives it, it does not learn.
 *
 *     node examples/dist/classic/udp-sender.js [port] [text]
 */
import { AF_INET, SOCK_DGRAM, Socket } from "berkeley";

const [port = "6667", text = "hello udp"] = process.argv.slice(2);

using socket = new Socket(AF_INET, SOCK_DGRAM);
await socket.sendto(text, { host: "127.0.0.1", port: Number(port) });
