// @ts-check
/** Captures, and writes what comes to a pcap file: capture.mjs INTERFACE FILE. Counts from one line of input to the next. */
import { createInterface } from "node:readline";
import { capture, createCaptureSync } from "berkeley/capture";

const [name = "", path = ""] = process.argv.slice(2);
// As tcpdump does, it takes its time to look at what is there.
const packets = capture({ interface: name, blockSize: 2 ** 20, blockTimeout: 1000, bufferSize: 2 ** 25 });
const file = createCaptureSync(path, { format: "pcap" });
const flow = packets.recvEach((packet) => {
	file.write(packet);
});
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
console.log(JSON.stringify({ ready: packets.ring }));
await lines.next();
const before = packets.statistics();
console.log(JSON.stringify({ begun: true }));
const usage = process.cpuUsage();
await lines.next();
flow.stop();
await flow.ended;
file.closeSync();
const { user, system } = process.cpuUsage(usage);
const { captured } = packets.statistics();
packets.close();
console.log(JSON.stringify({ captured: captured - before.captured, cpu: (user + system) / 1e6 }));
process.exit();
