/**
 * A proxy with faults, to test programs with: what it does it does again with the same seed.
 *
 *     node examples/dist/packets/faulty-proxy.js udp 5353 '{ "there": { "loss": 0.3 } }'
 *     node examples/dist/packets/faulty-proxy.js tcp 8080 '{ "back": { "rate": 20000, "reset": { "at": 50000 } } }' 7 trace.pcapng
 *
 * The arguments: udp or tcp, the port on this machine to go on to, a plan as JSON, a seed, a file for a trace. It ends
 * by Ctrl-C, and says what became of what passed.
 */
import { createCapture } from "berkeley/capture";
import { tcpProxy, udpProxy } from "berkeley/impair";

const [protocol, port, plan = "{}", seed, file] = process.argv.slice(2);
const target = { host: "127.0.0.1", port: Number(port) };
const trace = file === undefined ? undefined : await createCapture(file);
const options = { seed: seed === undefined ? undefined : Number(seed), trace };
const make = protocol === "udp" ? udpProxy : tcpProxy;
const proxy = await make(target, JSON.parse(plan), options);
console.log(`listening on port ${proxy.address.port}, with the seed ${proxy.seed}`);
process.once("SIGINT", () => proxy.close());
await proxy.ended;
console.log(proxy.statistics);
await trace?.close();
