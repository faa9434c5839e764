// @ts-check
/** Captures, and writes what comes to a pcap file: capture.mjs INTERFACE FILE. At a line of input it ends. */
import { once } from "node:events";
import { capture, createCaptureSync } from "berkeley/capture";

const [name = "", path = ""] = process.argv.slice(2);
const packets = capture({ interface: name });
const file = createCaptureSync(path, { format: "pcap" });
const flow = packets.recvEach((packet) => {
	file.write(packet);
});
console.log(JSON.stringify({ ready: packets.ring }));
const before = process.cpuUsage();
await once(process.stdin, "data");
process.stdin.pause();
flow.stop();
await flow.ended;
file.closeSync();
const { user, system } = process.cpuUsage(before);
const { captured, dropped } = packets.statistics();
packets.close();
console.log(JSON.stringify({ captured, dropped, cpu: (user + system) / 1e6 }));
