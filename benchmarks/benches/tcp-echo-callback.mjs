// @ts-check
/** TCP echo, answered from a callback. */
import { connectionCases, echoPeers, runEcho } from "../lib/echo.mjs";
import { messageColumns } from "../lib/load.mjs";
import { ours } from "../lib/peers.mjs";

export const name = "tcp-echo-callback";
export const title = "TCP echo of 64 bytes, one message in flight on each connection, a handler by callback";
export const cases = connectionCases;
export const peers = [ours("echo.mjs", { args: ["callback"] }), ...echoPeers("callback")];
export const columns = messageColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "cost", against: "c", atMost: 1.18 },
	{ metric: "cost", against: "bun", atMost: 1 },
	{ metric: "cost", against: "net", atMost: 0.55 },
	{ metric: "rate", against: "c", atLeast: 0.9 },
	{ metric: "rate", against: "net", atLeast: 1.6 },
];
export const run = runEcho;
