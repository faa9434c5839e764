/**
 * Chat: any number of people in one thread, over a selector. `nc 127.0.0.1 9000` is all that they need.
 *
 *     node examples/dist/classic/chat-server.js [port]
 */
import { BlockingIOError, createServer, type Socket, SocketError } from "berkeley";
import { DefaultSelector, EVENT_READ, EVENT_WRITE } from "berkeley/select";

const longestLine = 1024;
const longestName = 20;
/** Who does not read what the others say is sent away. */
const mostUnsent = 1 << 20;

const selector = new DefaultSelector<(events: number) => void>();
const guests = new Set<Guest>();

/** Somebody who is connected. */
class Guest {
	name = "";
	readonly #socket: Socket;
	#received = Buffer.alloc(0);
	#unsent = Buffer.alloc(0);

	constructor(socket: Socket) {
		this.#socket = socket;
		socket.setblocking(false);
		guests.add(this);
		selector.register(socket, EVENT_READ, (events) => this.#ready(events));
		this.tell("your nickname?");
	}

	tell(line: string): void {
		this.#unsent = Buffer.concat([this.#unsent, Buffer.from(`${line}\n`)]);
		this.#flush();
	}

	#ready(events: number): void {
		// Somebody who was ready too may have been the reason to leave.
		if (events & EVENT_WRITE && guests.has(this)) this.#flush();
		if (events & EVENT_READ && guests.has(this)) this.#receive();
	}

	#receive(): void {
		const data = this.#attempt(() => this.#socket.recvSync(4096));
		if (data === undefined) return;
		if (data.length === 0) {
			this.#leave();
			return;
		}
		this.#received = Buffer.concat([this.#received, data]);
		// Lines are cut out as bytes: a character may arrive in two pieces.
		for (let end = this.#received.indexOf("\n"); end >= 0; end = this.#received.indexOf("\n")) {
			const line = this.#received.subarray(0, end).toString().trim();
			this.#received = this.#received.subarray(end + 1);
			if (this.name === "") this.#introduce(line);
			else if (line !== "") tellOthers(this, `${this.name}: ${line}`);
			if (!guests.has(this)) return;
		}
		if (this.#received.length > longestLine) this.#leave();
	}

	#introduce(name: string): void {
		const taken = [...guests].some((guest) => guest.name === name);
		if (name === "" || name.length > longestName || taken) {
			this.tell(taken && name !== "" ? `${name} is here already; your nickname?` : "your nickname?");
			return;
		}
		const others = [...guests].filter((guest) => guest.name !== "").map((guest) => guest.name);
		this.tell(`* welcome, ${name}; here are: ${others.join(", ") || "nobody else"}`);
		if (!guests.has(this)) return;
		this.name = name;
		tellOthers(this, `* ${name} has come`);
	}

	/** Sends what the kernel takes; when that is not all, waits until there is room. */
	#flush(): void {
		const sent = this.#attempt(() => this.#socket.sendSync(this.#unsent));
		if (!guests.has(this)) return;
		this.#unsent = this.#unsent.subarray(sent ?? 0);
		if (this.#unsent.length > mostUnsent) {
			this.#leave();
			return;
		}
		const events = this.#unsent.length > 0 ? EVENT_READ | EVENT_WRITE : EVENT_READ;
		const key = selector.getKey(this.#socket);
		if (key.events !== events) selector.modify(this.#socket, events, key.data);
	}

	/** Undefined when it would have to wait, and when the guest was lost. */
	#attempt<T>(operation: () => T): T | undefined {
		try {
			return operation();
		} catch (error) {
			if (!(error instanceof SocketError)) throw error;
			if (!(error instanceof BlockingIOError)) this.#leave();
			return undefined;
		}
	}

	#leave(): void {
		guests.delete(this);
		selector.unregister(this.#socket);
		this.#socket.close();
		if (this.name !== "") tellOthers(this, `* ${this.name} has left`);
	}
}

function tellOthers(speaker: Guest, line: string): void {
	console.log(line);
	for (const guest of [...guests])
		if (guest !== speaker && guest.name !== "" && guests.has(guest)) guest.tell(line);
}

using listener = createServer({ host: "127.0.0.1", port: Number(process.argv[2] ?? 9000) });
listener.setblocking(false);
selector.register(listener, EVENT_READ, () => {
	try {
		new Guest(listener.acceptSync()[0]);
	} catch (error) {
		// Who was there has gone again.
		if (!(error instanceof BlockingIOError)) throw error;
	}
});
console.log(`listening on port ${listener.getsockname().port}`);
for (;;) {
	for (const [key, events] of await selector.select()) key.data(events);
}
