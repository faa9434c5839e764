// @ts-check
/** What the benchmarks of UDP have in common: one side sends without end, the other receives, and one is measured. */
import { setTimeout as sleep } from "node:timers/promises";
import { compiled } from "./compile.mjs";
import { messageColumns, sampleOf } from "./load.mjs";
import { startMeter } from "./meter.mjs";
import { startServer } from "./programs.mjs";

/**
 * @typedef {import("./bench.mjs").Context} Context
 * @typedef {import("./bench.mjs").Sample} Sample
 * @typedef {import("./programs.mjs").Program} Program
 */

/** The columns, in datagrams.
 * @type {import("./bench.mjs").Column[]} */
export const datagramColumns = messageColumns
	.filter(({ metric }) => !["p50", "p99", "loadBusy"].includes(metric))
	.map((column) => ({ ...column, title: column.title.replace("msg", "datagram") }));

/** Those of datagrams that the kernel cuts or joins.
 * @type {import("./bench.mjs").Column[]} */
export const joinedColumns = [
	{ metric: "perCpu", title: "MB/CPU s", digits: 0, ratio: true },
	...datagramColumns,
];

/** The goals of those: by bytes for a second of CPU time.
 * @type {import("./bench.mjs").Goal[]} */
export const joinedGoals = [
	{ metric: "perCpu", against: "c", atLeast: 0.9 },
	{ metric: "perCpu", against: "dgram", atLeast: 5 },
];

/**
 * A sender: a program that takes a port and a size as its last arguments.
 * @param {readonly string[]} command
 * @param {{ size: number, sink?: string[] }} settings `sink`: the arguments of the receiver
 * @param {Context} context
 */
export async function measureSender(command, { size, sink = [] }, context) {
	const receiver = await startServer([compiled("udp-receive.c"), ...sink], context.cores.load);
	try {
		const { port } = receiver.ready;
		const sender = await startServer([...command, String(port), String(size)], context.cores.server);
		try {
			return await measured(sender, size, context);
		} finally {
			await sender.stop();
		}
	} finally {
		await receiver.stop();
	}
}

/**
 * A receiver: a program that says its port.
 * @param {readonly string[]} command
 * @param {{ size: number, flood: string }} settings `flood`: in which way the load sends
 * @param {Context} context
 */
export async function measureReceiver(command, { size, flood }, context) {
	const receiver = await startServer(command, context.cores.server);
	try {
		const { port } = receiver.ready;
		const args = [flood, String(port), String(size)];
		const sender = await startServer([compiled("udp-send.c"), ...args], context.cores.load);
		try {
			return await measured(receiver, size, context);
		} finally {
			await sender.stop();
		}
	} finally {
		await receiver.stop();
	}
}

/**
 * @param {Program} program
 * @param {number} size
 * @param {Context} context
 * @returns {Promise<Sample>}
 */
async function measured(program, size, { cores, warmup, seconds }) {
	await sleep(warmup * 1000);
	const meter = await startMeter([program.pid], cores.load);
	try {
		const begun = await asked(program);
		await meter.read();
		await sleep(seconds * 1000);
		const ended = await asked(program);
		const { cpu } = await meter.read();
		const messages = ended.messages - begun.messages;
		const sample = sampleOf({ messages, seconds: (ended.time - begun.time) / 1e9, cpu });
		return { ...sample, perCpu: (messages * size) / cpu.total };
	} finally {
		await meter.stop();
	}
}

/** @param {Program} program @returns {Promise<{ messages: number, time: number }>} */
function asked(program) {
	program.tell("");
	return program.line();
}
