// @ts-check
/** TCP echo, answered by awaiting. */
import { connectionCases, echoPeers, runEcho } from "../lib/echo.mjs";
import { messageColumns } from "../lib/load.mjs";
import { ours } from "../lib/peers.mjs";

export const name = "tcp-echo-await";
export const title =
	"TCP echo of 64 bytes, one message in flight on each connection, awaiting recv and sendall";
export const cases = connectionCases;
export const peers = [ours("echo.mjs", { args: ["await"] }), ...echoPeers("await")];
export const columns = messageColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "cost", against: "c", atMost: 1.35 },
	{ metric: "cost", against: "net", atMost: 0.65 },
	{ metric: "rate", against: "c", atLeast: 0.8 },
	{ metric: "rate", against: "net", atLeast: 1.3 },
	{ metric: "p99", against: "net", atMost: 1, cases: ["1000 connections"] },
];
export const run = runEcho;
