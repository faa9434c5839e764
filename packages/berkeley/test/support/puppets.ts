/**
 * Servers whose handlers run in workers or children, while what they do is said here: so the shared suite, whose
 * handlers are functions with gates and logs around them, goes through such servers as it is. Each handler there has
 * a connection to here (support/puppethandlers.ts), by which it tells what it comes to and is told what to do.
 */
import { AF_UNIX, SHUT_RDWR, SOCK_STREAM, Socket } from "../../src/index.js";
import { type ErrorData, errorFrom } from "../../src/server/remote/errors.js";
import { type AnyServer, type Files, freshName, type Kind } from "./servers.js";

/** What a handler tells. All but "aborted" are answered. */
export type FromPuppet =
	| { told: "setup" | "handle" | "finish" }
	| { told: "line"; line: string }
	| { told: "written"; count: number }
	| { told: "aborted"; reason: ErrorData };

/** What a handler is to do. */
export type ToPuppet =
	| { do: "readline" | "go on" }
	| { do: "write"; data: string }
	| { do: "throw"; message: string };

/** One handler, seen from here. */
class Puppeteer implements Files {
	readonly #socket: Socket;
	readonly #controller = new AbortController();
	/** Takes what the handler tells next. */
	#told: ((message: FromPuppet) => void) | undefined;

	constructor(socket: Socket) {
		this.#socket = socket;
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	readonly rfile = {
		readline: async (): Promise<Buffer> => {
			const answer = await this.#have({ do: "readline" });
			return Buffer.from("line" in answer ? answer.line : "");
		},
	};

	readonly wfile = {
		write: async (data: string): Promise<number> => {
			const answer = await this.#have({ do: "write", data });
			return "count" in answer ? answer.count : 0;
		},
	};

	#have(order: ToPuppet): Promise<FromPuppet> {
		const answer = new Promise<FromPuppet>((resolve) => {
			this.#told = resolve;
		});
		this.#say(order);
		return answer;
	}

	#say(order: ToPuppet): void {
		// It may be gone.
		this.#socket.sendall(`${JSON.stringify(order)}\n`).catch(() => {});
	}

	/** Leads the handler to its end. */
	async lead(handle: (files: Files) => Promise<void>, log: string[]): Promise<void> {
		const lines = this.#socket.makefile("rb");
		for (;;) {
			const line = `${await lines.readline().catch(() => "")}`;
			if (line === "") return;
			const message = JSON.parse(line) as FromPuppet;
			if (message.told === "aborted") {
				this.#controller.abort(errorFrom(message.reason));
			} else if (message.told === "handle") {
				log.push("handle");
				handle(this).then(
					() => this.#say({ do: "go on" }),
					(error) => this.#say({ do: "throw", message: (error as Error).message }),
				);
			} else if (message.told === "setup" || message.told === "finish") {
				log.push(message.told);
				this.#say({ do: "go on" });
			} else {
				this.#told?.(message);
			}
		}
	}
}

/** Accepts handlers, and has each led by a function. */
function theatre(handle: (files: Files) => Promise<void>, log: string[]): { name: string; close(): void } {
	const listener = new Socket(AF_UNIX, SOCK_STREAM);
	const name = freshName();
	listener.bind(name);
	listener.listen(100);
	const flow = listener.acceptEach((socket) => {
		void new Puppeteer(socket).lead(handle, log).finally(() => socket.close());
	});
	flow.ended.catch(() => {});
	return {
		name,
		close() {
			if (!listener.closed) listener.shutdown(SHUT_RDWR);
			listener.close();
		},
	};
}

/** A kind of server whose handlers run somewhere else. */
export function remoteKind(
	kind: Pick<Kind, "name" | "family" | "stream" | "skip">,
	make: (handlers: URL) => AnyServer,
): Kind {
	return {
		...kind,
		sideBySide: true,
		make(handle, log = []) {
			const { name, close } = theatre(handle, log);
			const url = new URL("./puppethandlers.js", import.meta.url);
			url.searchParams.set("control", encodeURIComponent(name));
			url.hash = kind.stream ? "OfStream" : "OfDatagram";
			const server = make(url);
			const serverClose = server.serverClose;
			server.serverClose = () => {
				serverClose.call(server);
				close();
			};
			return server;
		},
	};
}
