/**
 * The files into which `sock capture` writes packets: one, or one after another.
 */
import {
	type CaptureBlock,
	type CaptureWriter,
	type CaptureWriterOptions,
	createCaptureSync,
	type FilePacket,
} from "berkeley/capture";
import { codeOf, OutputClosed } from "../failure.js";
import type { CaptureSettings } from "./options.js";

/** A file that was written. */
export interface WrittenFile {
	readonly path: string;
	readonly packets: number;
	readonly bytes: number;
}

/** Writes packets. Each call blocks until its file has them, or they are in the memory for the next piece. */
export class Recorder {
	/** The files that are complete, but for those that were written anew. */
	readonly files: WrittenFile[] = [];
	readonly #path: string;
	readonly #options: CaptureWriterOptions;
	readonly #fileSize: number;
	readonly #fileCount: number | undefined;
	readonly #unbuffered: boolean;
	#number = 0;
	#name: string;
	#writer: CaptureWriter;

	/** Opens the first file, so that what cannot be written is known before anything is captured. */
	constructor(path: string, settings: CaptureSettings, link: FilePacket["link"] | undefined) {
		const { format = formatOf(path), snapLength, fileSize, fileCount, unbuffered } = settings;
		this.#path = path;
		this.#options = {
			format,
			...(snapLength === undefined ? {} : { snapLength }),
			...(format === "pcap"
				? link === undefined
					? {}
					: { link }
				: { section: { application: "sock capture", os: "Linux" } }),
		};
		this.#fileSize = fileSize ?? Number.POSITIVE_INFINITY;
		this.#fileCount = fileCount;
		this.#unbuffered = unbuffered;
		this.#name = this.#nextName();
		this.#writer = this.#open();
	}

	/** Writes a packet. */
	packet(packet: FilePacket): void {
		this.#guarded(() => {
			if (this.#writer.bytes >= this.#fileSize) this.#turn();
			this.#writer.write(packet);
			if (this.#unbuffered) this.#writer.drainSync();
		});
	}

	/** Writes a block of another file as it is. */
	block(block: CaptureBlock): void {
		this.#guarded(() => {
			this.#writer.writeBlock(block);
			if (this.#unbuffered) this.#writer.drainSync();
		});
	}

	/** Writes what is left, and closes the file. */
	close(): void {
		this.#guarded(() => this.#close());
	}

	/** The format of the files. */
	get format(): "pcap" | "pcapng" {
		return this.#writer.format;
	}

	#open(): CaptureWriter {
		const writer = createCaptureSync(this.#path === "-" ? 1 : this.#name, this.#options);
		// A header is there from the beginning, for those who look.
		if (this.#unbuffered) writer.drainSync();
		return writer;
	}

	#turn(): void {
		this.#close();
		this.#name = this.#nextName();
		this.#writer = this.#open();
	}

	#close(): void {
		const { packets } = this.#writer;
		this.#writer.closeSync();
		const { bytes } = this.#writer;
		const before = this.files.findIndex(({ path }) => path === this.#name);
		if (before >= 0) this.files.splice(before, 1);
		this.files.push({ path: this.#name, packets, bytes });
		// A capture without end has files without end, too: the last are told.
		if (this.files.length > 1000) this.files.shift();
	}

	/** As tcpdump names them: `x`, `x1`, `x2`; with a count of files `x0`, `x1`, with as many digits as it needs. */
	#nextName(): string {
		const number = this.#number++;
		if (this.#fileCount === undefined) return number === 0 ? this.#path : `${this.#path}${number}`;
		const width = String(this.#fileCount - 1).length;
		return `${this.#path}${String(number % this.#fileCount).padStart(width, "0")}`;
	}

	#guarded(work: () => void): void {
		try {
			work();
		} catch (error) {
			if (this.#path === "-" && codeOf(error) === "EPIPE") throw new OutputClosed();
			throw error;
		}
	}
}

/** With numbers behind it, a name has its ending no more. */
function formatOf(path: string): "pcap" | "pcapng" {
	return /\.(pcap|cap|dmp)$/i.test(path) ? "pcap" : "pcapng";
}
