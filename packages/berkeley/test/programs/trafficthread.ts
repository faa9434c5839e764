/**
 * A thread full of traffic, which never ends by itself.
 */
import { parentPort } from "node:worker_threads";
import { startTraffic } from "../support/traffic.js";

await startTraffic();
parentPort?.postMessage("ready");
