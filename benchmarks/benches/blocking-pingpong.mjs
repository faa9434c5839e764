// @ts-check
/** One message to and fro, by calls that block. */
import { messageColumns, underLoad } from "../lib/load.mjs";
import { c, ours, python } from "../lib/peers.mjs";

export const name = "blocking-pingpong";
export const title = "64 bytes to and fro over one TCP connection, by recvSync and sendallSync";
export const cases = [{ name: "1 connection" }];
export const peers = [ours("pingpong-sync.mjs"), c("pingpong.c"), python("pingpong_blocking.py")];
export const columns = messageColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [{ metric: "rate", against: "python", atLeast: 1 }];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, _, context) => underLoad(command, [], context);
