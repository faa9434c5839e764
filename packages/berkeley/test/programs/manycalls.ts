/**
 * Sends and receives many datagrams, for a test that counts the system calls.
 */
import { AF_INET, DatagramBatch, SOCK_DGRAM, Socket } from "../../src/index.js";

const receiver = new Socket(AF_INET, SOCK_DGRAM);
receiver.bind({ host: "127.0.0.1", port: 0 });
const sender = new Socket(AF_INET, SOCK_DGRAM);
await sender.connect(receiver.getsockname());

const batch = new DatagramBatch(AF_INET, 1000, 1);
const into = new DatagramBatch(AF_INET, 1024, 1);
const thousand: string[] = Array(1000).fill("x");
for (const each of thousand) batch.push(each);

await sender.sendMany(thousand.slice(0, 100));
await receiver.recvMany(into);
await sender.sendMany(batch);
await sender.sendMany(thousand);
receiver.close();
sender.close();
