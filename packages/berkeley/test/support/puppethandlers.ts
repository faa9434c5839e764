/**
 * Handlers whose strings are pulled from elsewhere: what runs in a worker or a child when support/puppets.ts has the
 * tests' own functions handle its requests. Loaded by URL, with the name of the socket to be led by as its query.
 */
import { type Address, AF_UNIX, SOCK_STREAM, Socket } from "../../src/index.js";
import { DatagramRequestHandler, StreamRequestHandler } from "../../src/server/index.js";
import { errorData } from "../../src/server/remote/errors.js";
import type { BinaryFile } from "../../src/stream/file.js";
import type { FromPuppet, ToPuppet } from "./puppets.js";

const control = decodeURIComponent(new URL(import.meta.url).searchParams.get("control") ?? "");

/** One request's string. */
class Strings {
	readonly #socket = new Socket(AF_UNIX, SOCK_STREAM);
	readonly #answers: BinaryFile = this.#socket.makefile("rb");

	async attach(): Promise<void> {
		await this.#socket.connect(control);
	}

	/** Tells something, and gives what is to be done about it. */
	async tell(message: FromPuppet): Promise<ToPuppet> {
		// At once: the thread may be ended in the next moment.
		this.#socket.sendallSync(`${JSON.stringify(message)}\n`);
		const line = `${await this.#answers.readline()}`;
		return line === "" ? { do: "go on" } : JSON.parse(line);
	}

	/** Tells something that nobody answers. */
	shout(message: FromPuppet): void {
		if (!this.#socket.closed) this.#socket.sendallSync(`${JSON.stringify(message)}\n`);
	}

	cut(): void {
		this.#socket.close();
	}
}

interface Puppet {
	rfile: { readline(): Promise<Buffer> };
	wfile: { write(data: string): Promise<number> };
	signal: AbortSignal;
	clientAddress: Address;
}

/** Does what it is told to do until it is told that the request is handled. */
async function dance(puppet: Puppet, strings: Strings): Promise<void> {
	puppet.signal.addEventListener("abort", () => {
		strings.shout({ told: "aborted", reason: errorData(puppet.signal.reason) });
		// A child process that is to leave ends when nothing holds it any more.
		strings.cut();
	});
	let order = await strings.tell({ told: "handle" });
	for (;;) {
		if (order.do === "readline") {
			order = await strings.tell({ told: "line", line: `${await puppet.rfile.readline()}` });
		} else if (order.do === "write") {
			order = await strings.tell({ told: "written", count: await puppet.wfile.write(order.data) });
		} else if (order.do === "throw") {
			throw new Error(order.message);
		} else {
			return;
		}
	}
}

/** Handles connections. */
export class OfStream extends StreamRequestHandler<number> {
	readonly #strings = new Strings();

	override async setup() {
		await this.#strings.attach();
		await this.#strings.tell({ told: "setup" });
		await super.setup();
	}

	override handle() {
		return dance(this, this.#strings);
	}

	override async finish() {
		await this.#strings.tell({ told: "finish" });
		this.#strings.cut();
		await super.finish();
	}
}

/** Handles datagrams. */
export class OfDatagram extends DatagramRequestHandler<number> {
	readonly #strings = new Strings();

	override async setup() {
		await this.#strings.attach();
		await this.#strings.tell({ told: "setup" });
		await super.setup();
	}

	override handle() {
		return dance(this, this.#strings);
	}

	override async finish() {
		await this.#strings.tell({ told: "finish" });
		this.#strings.cut();
		await super.finish();
	}
}
