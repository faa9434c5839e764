/**
 * Lets data flow in a process of its own, in the way that it is told, and prints what came of it.
 */
import {
	AF_INET,
	close,
	createServer,
	dup,
	MSG_DONTWAIT,
	SHUT_WR,
	SOCK_STREAM,
	Socket,
	socketpair,
} from "../../src/index.js";
import { collectGarbage } from "../support/measures.js";

const ways: Record<string, () => void | Promise<void>> = {
	/** All descriptors are taken when the connection comes. */
	async crowded() {
		const listener = createServer({ host: "127.0.0.1", port: 0 });
		const client = new Socket(AF_INET, SOCK_STREAM);
		const failure = listener.acceptEach(() => console.log("accepted")).ended.catch((error) => error.code);
		const taken = takeDescriptors();
		await client.connect(listener.getsockname());
		console.log(await failure);
		for (const fd of taken) close(fd);
		await client.sendall("hello");
		const second = listener.acceptEach((connection) => {
			const flow = connection.recvEach((data) => {
				console.log(`${data}`);
				flow.stop();
				for (const socket of [connection, listener, client]) socket.close();
				second.stop();
			});
		});
	},

	stopped() {
		const [a, b] = socketpair();
		const flow = b.recvEach((data) => {
			console.log(`${data}`);
			setTimeout(() => {
				flow.stop();
				console.log("stopped");
			}, 20);
		});
		setTimeout(() => a.sendSync("x"), 20).unref();
		setTimeout(() => a.sendSync("too late"), 60_000).unref();
	},

	/** What was written is in the kernel when the process ends. Its reader is a socket of the same process. */
	written() {
		const [a, b] = socketpair();
		a.write(Buffer.alloc(3_000_000));
		const read = (): void => {
			try {
				b.recvSync(100_000, MSG_DONTWAIT);
			} catch (error) {
				// On Deno two timers may run before what waits is sent; the same thread is to send it.
				if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
			}
			// Only what waits to be sent keeps the process alive.
			setTimeout(read, 1).unref();
		};
		setTimeout(read, 1).unref();
		process.on("exit", () => console.log(a.writableLength));
	},

	echo() {
		const [a, b] = socketpair();
		let text = "";
		void b.recvEach((data) => b.write(data)).ended.finally(() => b.close());
		const flow = a.recvEach((data) => {
			text += `${data}`;
			if (text === "echo ") a.sendSync("echo");
			if (text === "echo echo") a.shutdown(SHUT_WR);
		});
		void flow.ended.finally(() => console.log(text));
		a.sendSync("echo ");
	},

	async collected() {
		const warnings: Error[] = [];
		process.on("warning", (warning) => warnings.push(warning));
		let text = "";
		let [kept, stop] = begin((data) => {
			text += data;
		});
		await collectGarbage(10);
		kept.sendSync("still flowing");
		while (text === "") await collectGarbage(1);
		console.log(text);
		stop();
		stop = () => {};
		const end = kept.recv(10);
		while (warnings.length === 0) await collectGarbage(1);
		console.log((await end).length);
		console.log(`${warnings[0]?.name}: ${warnings[0]?.message}`);
		kept.close();
	},

	unasked() {
		const [a, b] = socketpair();
		b.recvEach(() => {
			throw new Error("thrown by the handler");
		});
		a.sendSync("x");
	},

	"unasked with a timeout"() {
		const [a, b] = socketpair();
		b.recvEach(
			() => {
				throw new Error("thrown by the handler");
			},
			{ timeout: 10_000 },
		);
		a.sendSync("x");
	},
};

/** One end, and a flow from the other one, to which nobody has a reference. */
function begin(handler: (text: string) => void): [kept: Socket, stop: () => void] {
	const [kept, lost] = socketpair<number>();
	const flow = lost.recvEach((data) => handler(`${data}`));
	return [kept, () => flow.stop()];
}

/** Takes all descriptors that the process may have. */
function takeDescriptors(): number[] {
	const taken: number[] = [];
	for (;;) {
		try {
			taken.push(dup(0));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "EMFILE") return taken;
			throw error;
		}
	}
}

const way = process.argv[2] as string;
if (ways[way] === undefined) throw new Error(`no such way: ${way}`);
await ways[way]?.();
