/**
 * What `sock capture` does.
 */
import {
	type Capture,
	CaptureFileError,
	type CaptureReader,
	capture,
	compileFilter,
	type FilePacket,
	FilterError,
	linkTypeOf,
	openCapture,
} from "berkeley/capture";
import type { Run } from "../commands/run.js";
import { Failure, OutputClosed } from "../failure.js";
import type { Report } from "../json.js";
import { say } from "../say.js";
import { Input } from "../transfer/input.js";
import type { CaptureSettings } from "./options.js";
import { Printer } from "./printer.js";
import { Recorder } from "./recorder.js";

/** Captures, or reads a file, and gives the exit code. */
export async function capturePackets(settings: CaptureSettings, { report, stop }: Run): Promise<number> {
	const { from, filter } = settings;
	try {
		// For links that are not Ethernet it is compiled once more; what is wrong with the words is known now.
		compileFilter(filter);
		if ("file" in from) await readFile(from.file, settings, report, stop);
		else await captureLive(from.interface, settings, report, stop);
		return 0;
	} catch (error) {
		throw explained(error, settings);
	}
}

function explained(error: unknown, { from }: CaptureSettings): unknown {
	if (error instanceof OutputClosed || !(error instanceof Error)) return error;
	if (error instanceof FilterError) return new Failure(`filter: ${error.message}`);
	if (error instanceof CaptureFileError) {
		const name = "file" in from ? (from.file === "-" ? "standard input" : from.file) : "";
		return new Failure(`${name}: ${error.message}`, { cause: error });
	}
	// What cannot be written: two links in a file of pcap, a time before 1970.
	return error instanceof RangeError ? new Failure(error.message) : error;
}

/** Counts packets, and says what to do with each. */
class Sorter {
	captured = 0;
	readonly #settings: CaptureSettings;
	readonly printer: Printer | undefined;
	readonly recorder: Recorder | undefined;

	constructor(settings: CaptureSettings, report: Report, link: FilePacket["link"] | undefined) {
		const { write, print } = settings;
		this.#settings = settings;
		this.printer = print ? new Printer(report, settings) : undefined;
		this.recorder = write === undefined ? undefined : new Recorder(write, settings, link);
	}

	/** Whether there have been as many as were wanted. */
	get isEnough(): boolean {
		return this.captured >= (this.#settings.count ?? Number.POSITIVE_INFINITY);
	}

	/** Writes a packet. */
	record(packet: FilePacket): void {
		this.captured++;
		this.recorder?.packet(packet);
	}

	/** Writes a packet and shows it. Only showing waits. */
	take(packet: FilePacket): Promise<void> | undefined {
		this.record(packet);
		return this.printer?.packet(packet);
	}

	/** What is told of files at the end. */
	close(): object {
		const { recorder } = this;
		if (recorder === undefined) return {};
		recorder.close();
		return { files: recorder.files };
	}
}

function linkText(link: FilePacket["link"]): string {
	return typeof link === "number" ? `link-type ${link}` : `link-type ${link} (${linkTypeOf(link)})`;
}

async function captureLive(
	name: string,
	settings: CaptureSettings,
	report: Report,
	stop: AbortSignal,
): Promise<void> {
	const { filter, snapLength, promiscuous, direction, bufferSize } = settings;
	using packets = capture({
		interface: name,
		...(filter === "" ? {} : { filter }),
		...(snapLength === undefined ? {} : { snaplen: snapLength }),
		...(direction === undefined ? {} : { direction }),
		...(bufferSize === undefined ? {} : { bufferSize }),
		promiscuous: promiscuous && name !== "any",
	});
	const sorter = new Sorter(settings, report, packets.link);
	const { link, snaplen, ring } = packets;
	const what = filter === "" ? {} : { filter };
	await report.tell("start", { interface: name, link, snapLength: snaplen, ring, ...what }, undefined);
	if (!report.json) say(`listening on ${name}, ${linkText(link)}, snapshot length ${snaplen} bytes`);
	try {
		if (sorter.printer === undefined) await record(packets, sorter, stop);
		else await print(packets, sorter, stop);
	} finally {
		const { received, dropped, freezes } = packets.statistics();
		const files = sorter.close();
		const counts = { captured: sorter.captured, received, dropped, freezes };
		await report.tell("summary", { ...counts, ...files }, undefined);
		if (!report.json) {
			say(`${plural(counts.captured)} captured`);
			say(`${plural(received)} received by filter`);
			say(`${plural(dropped)} dropped by kernel`);
		}
	}
}

function plural(count: number): string {
	return `${count} packet${count === 1 ? "" : "s"}`;
}

/** Writes packets as they lie in the kernel's memory. */
async function record(packets: Capture, sorter: Sorter, stop: AbortSignal): Promise<void> {
	if (stop.aborted) return;
	const enough = new AbortController();
	const flow = packets.recvEach((packet) => {
		if (sorter.isEnough) return;
		sorter.record(packet);
		if (sorter.isEnough) enough.abort();
	});
	enough.signal.addEventListener("abort", () => flow.stop());
	if (enough.signal.aborted) flow.stop();
	const end = (): void => flow.stop();
	stop.addEventListener("abort", end);
	try {
		await flow.ended;
	} finally {
		stop.removeEventListener("abort", end);
	}
}

/** Shows packets, at the pace at which they are read. */
async function print(packets: Capture, sorter: Sorter, stop: AbortSignal): Promise<void> {
	if (stop.aborted) return;
	const ended = new AbortController();
	const end = (): void => ended.abort();
	stop.addEventListener("abort", end);
	try {
		while (!sorter.isEnough && !stop.aborted) await sorter.take(await packets.recv({ signal: ended.signal }));
	} catch (error) {
		if (!ended.signal.aborted) throw error;
	} finally {
		stop.removeEventListener("abort", end);
	}
}

async function readFile(
	path: string,
	settings: CaptureSettings,
	report: Report,
	stop: AbortSignal,
): Promise<void> {
	const { filter, snapLength, fileSize } = settings;
	const source = path === "-" ? standardInput(stop) : path;
	const reader = await openCapture(source, filter === "" ? {} : { filter });
	try {
		const link = reader.interfaces[0]?.link;
		const sorter = new Sorter(settings, report, link);
		const { recorder } = sorter;
		// Nothing is lost when blocks are copied.
		const asBlocks = recorder?.format === reader.format && snapLength === undefined && fileSize === undefined;
		const what = filter === "" ? {} : { filter };
		await report.tell("start", { file: path, format: reader.format, ...what }, undefined);
		if (!report.json) {
			say(
				`reading from ${path === "-" ? "standard input" : path}, ${reader.format}${link === undefined ? "" : `, ${linkText(link)}`}`,
			);
		}
		try {
			if (recorder !== undefined && asBlocks) await copy(reader, recorder, sorter, stop);
			else await packetsOf(reader, sorter, stop);
		} catch (error) {
			if (!stop.aborted || error instanceof OutputClosed) throw error;
		} finally {
			const files = sorter.close();
			await report.tell("summary", { captured: sorter.captured, ...files }, undefined);
		}
	} finally {
		await reader.close();
	}
}

/** Nobody knows when its next bytes come; a signal ends the wait. */
async function* standardInput(stop: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
	const input = new Input();
	for (;;) {
		const chunk = await input.read(stop);
		if (chunk === undefined) return;
		yield chunk;
	}
}

async function packetsOf(reader: CaptureReader, sorter: Sorter, stop: AbortSignal): Promise<void> {
	for (;;) {
		const batch = sorter.isEnough || stop.aborted ? undefined : await reader.batch();
		if (batch === undefined) return;
		for (const packet of batch) {
			if (sorter.isEnough || stop.aborted) return;
			const printed = sorter.take(packet);
			if (printed !== undefined) await printed;
		}
	}
}

async function copy(
	reader: CaptureReader,
	recorder: Recorder,
	sorter: Sorter,
	stop: AbortSignal,
): Promise<void> {
	while (!sorter.isEnough && !stop.aborted) {
		const block = await reader.block();
		if (block === undefined) return;
		recorder.block(block);
		const { packet } = block;
		if (packet === undefined) continue;
		sorter.captured++;
		await sorter.printer?.packet(packet);
	}
}
