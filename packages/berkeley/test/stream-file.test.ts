/**
 * Connections as files, against Python's socket.makefile() and on their own.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { AF_UNIX, SHUT_WR, SOCK_SEQPACKET, socketpair } from "../src/index.js";
import {
	type BinaryFile,
	type ByteChannel,
	IncompleteReadError,
	makefile,
	type Newline,
	type TextErrors,
	type TextFile,
} from "../src/stream/index.js";
import { askPython, noPython } from "./support/oracles.js";

type Operation = ["read" | "readline" | "readlines", number];

interface Case {
	/** What arrives, hexadecimal, in the pieces in which it arrives. */
	pieces: string[];
	text: { encoding: string; errors: TextErrors; newline: Newline } | null;
	operations: Operation[];
}

// A seqpacket socket keeps the pieces apart, in Python as here.
const python = `
import socket
def answer(case):
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for piece in case["pieces"]: a.send(bytes.fromhex(piece))
    a.close()
    text = case["text"]
    f = b.makefile("r", **text) if text else b.makefile("rb")
    def show(value):
        if isinstance(value, list): return [show(each) for each in value]
        return value if text else value.hex()
    results = [show(getattr(f, name)(size)) for name, size in case["operations"]]
    f.close()
    b.close()
    return results
`;

function shown(value: string | Buffer | (string | Buffer)[]): unknown {
	if (Array.isArray(value)) return value.map(shown);
	return typeof value === "string" ? value : value.toString("hex");
}

function opened({ pieces, text }: Case): { socket: ByteChannel; file: TextFile | BinaryFile } {
	const [sender, socket] = socketpair(AF_UNIX, SOCK_SEQPACKET);
	for (const piece of pieces) sender.sendSync(Buffer.from(piece, "hex"));
	sender.close();
	return { socket, file: text === null ? makefile(socket, "rb") : makefile(socket, "r", text) };
}

const lineEnds = fc.constantFrom("\n", "\r", "\r\n", "\r\r\n", "\n\n");
const words = fc.constantFrom("", "a", "bc", "é", "ß€", "日本", "𝄞x", "0123456789");
const content = fc.oneof(
	{
		weight: 4,
		arbitrary: fc
			.array(fc.oneof(words, lineEnds), { maxLength: 25 })
			.map((parts) => Buffer.from(parts.join(""))),
	},
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
);
const operations = fc.array(
	fc.tuple(
		fc.constantFrom("read", "readline", "readline", "readlines"),
		fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 12 })),
	) as fc.Arbitrary<Operation>,
	{ maxLength: 8 },
);
const cases: fc.Arbitrary<Case> = fc
	.record({
		bytes: content,
		cuts: fc.array(fc.nat(60), { maxLength: 20 }),
		text: fc.option(
			fc.record({
				encoding: fc.constantFrom("utf-8", "latin1", "utf-16-le", "ascii"),
				errors: fc.constant("replace" as const),
				newline: fc.constantFrom(null, "" as const, "\n" as const, "\r" as const, "\r\n" as const),
			}),
			{ freq: 6 },
		),
		operations,
	})
	.map(({ bytes, cuts, text, operations }) => {
		const at = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
		const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end).toString("hex"));
		// The rest shows that nothing was lost.
		return {
			pieces: pieces.filter((piece) => piece !== ""),
			text,
			operations: [...operations, ["read", -1]],
		};
	});

describe("makefile()", () => {
	test("reads what Python's reads, however the data is cut", { skip: noPython }, async () => {
		const sample = fc.sample(cases, { numRuns: 600, seed: 42 });
		const answers = askPython(python, sample);
		for (const [index, each] of sample.entries()) {
			for (const blocking of [false, true]) {
				const { socket, file } = opened(each);
				const results: unknown[] = [];
				for (const [name, size] of each.operations) {
					results.push(shown(blocking ? file[`${name}Sync`](size) : await file[name](size)));
				}
				assert.deepEqual(results, answers[index], JSON.stringify({ ...each, blocking }));
				socket.close();
			}
		}
	});

	test("writes what Python's writes", { skip: noPython }, async () => {
		const script = `
import socket
def answer(case):
    a, b = socket.socketpair()
    with a.makefile("w", **case["text"]) as f:
        f.writelines(case["lines"])
    a.close()
    return b.recv(65536).hex()
`;
		const texts = [null, "", "\n", "\r", "\r\n"].flatMap((newline) =>
			["utf-8", "latin1", "ascii", "utf-16-le"].map((encoding) => ({ encoding, newline, errors: "replace" })),
		) as NonNullable<Case["text"]>[];
		const lines = ["one\n", "two\r\n", "é€𝄞", "\n\n", "\r", "end"];
		const answers = askPython(
			script,
			texts.map((text) => ({ text, lines })),
		);
		for (const [index, text] of texts.entries()) {
			for (const blocking of [false, true]) {
				const [a, b] = socketpair();
				const file = makefile(a, "w", text);
				if (blocking) {
					file.writelinesSync(lines);
					file.closeSync();
				} else {
					await file.writelines(lines);
					await file.close();
				}
				assert.equal((await b.recv(65536)).toString("hex"), answers[index], JSON.stringify(text));
				a.close();
				b.close();
			}
		}
	});

	test("iterates by line in both ways", async () => {
		const [a, b] = socketpair();
		a.sendallSync("one\r\ntwo\nthree");
		a.close();
		const file = makefile(b);
		assert.equal(await file.readline(), "one\n");
		const lines: string[] = [];
		for await (const line of file) lines.push(line);
		assert.deepEqual(lines, ["two\n", "three"]);
		b.close();

		const [c, d] = socketpair();
		c.sendallSync("one\ntwo\n");
		c.close();
		assert.deepEqual([...makefile(d, "rb")].map(String), ["one\n", "two\n"]);
		d.close();
	});

	test("a read that timed out, was aborted or would block has lost nothing", async () => {
		const [a, b] = socketpair();
		const file = makefile(b, "r");
		a.sendallSync("half a li");
		await assert.rejects(file.readline(-1, { timeout: 10 }), { code: "ETIMEDOUT", name: "TimeoutError" });
		assert.throws(() => file.readlineSync(-1, { timeout: 10 }), { code: "ETIMEDOUT" });
		await assert.rejects(file.readline(-1, { timeout: 0 }), { code: "EAGAIN", name: "BlockingIOError" });
		const reason = new Error("enough");
		await assert.rejects(file.readline(-1, { signal: AbortSignal.abort(reason) }), reason);
		const controller = new AbortController();
		const aborted = file.readline(-1, { signal: controller.signal });
		controller.abort(reason);
		await assert.rejects(aborted, reason);
		a.sendallSync("ne\nanother\n");
		await assert.rejects(file.readlines(-1, { timeout: 10 }), { code: "ETIMEDOUT" });
		b.settimeout(10);
		await assert.rejects(file.read(100), { code: "ETIMEDOUT" });
		assert.equal(await file.readline(), "half a line\n");
		assert.equal(file.readlineSync(), "another\n");
		a.close();
		b.close();
	});

	test("two readers are served in order, and one that gives up leaves the line", async () => {
		const [a, b] = socketpair();
		const file = makefile(b);
		const first = file.readline();
		const second = file.readline(-1, { timeout: 10 });
		const third = file.readline();
		assert.throws(() => file.readlineSync(), TypeError);
		await assert.rejects(second, { code: "ETIMEDOUT" });
		a.sendallSync("1\n2\n");
		assert.deepEqual(await Promise.all([first, third]), ["1\n", "2\n"]);
		a.close();
		b.close();
	});

	test("readexactly() gives what came when the connection ends before", async () => {
		const [a, b] = socketpair();
		const file = makefile(b, "rb");
		a.sendallSync("abcdefgh");
		a.close();
		assert.deepEqual(await file.readexactly(3), Buffer.from("abc"));
		assert.deepEqual(file.readexactlySync(2), Buffer.from("de"));
		await assert.rejects(file.readexactly(9), (error) => {
			assert.ok(error instanceof IncompleteReadError);
			assert.equal(error.code, "ERR_INCOMPLETE_READ");
			assert.deepEqual([error.partial, error.expected], [Buffer.from("fgh"), 9]);
			return true;
		});
		b.close();
	});

	test("readinto() fills a buffer, fewer bytes at the end", async () => {
		const [a, b] = socketpair();
		const file = makefile(b, "rb");
		a.sendallSync("abcdefg");
		a.close();
		const target = new Uint16Array(2);
		assert.equal(await file.readinto(target), 4);
		assert.equal(Buffer.from(target.buffer).toString(), "abcd");
		const rest = Buffer.alloc(10);
		assert.equal(file.readintoSync(rest), 3);
		assert.equal(rest.toString("latin1", 0, 3), "efg");
		assert.equal(await file.readinto(rest), 0);
		b.close();
	});

	test("unbuffered, takes from the socket no more than it gives and writes at once", async () => {
		const [a, b] = socketpair();
		const file = makefile(b, "rwb", { buffering: 0 });
		a.sendallSync("line\nrest of it");
		assert.equal(String(await file.readline()), "line\n");
		assert.equal(String(await file.read(4)), "rest");
		assert.equal(String(b.recvSync(100)), " of it");
		assert.equal(await file.write("now"), 3);
		assert.equal(String(a.recvSync(100)), "now");
		a.sendallSync("short");
		assert.equal(String(await file.read(100)), "short");
		assert.throws(() => makefile(b, "r", { buffering: 0 }), RangeError);
		a.close();
		b.close();
	});

	test("keeps what is written until it is flushed, or the buffer or a line is full", async () => {
		const [a, b] = socketpair();
		const file = makefile(b, "wb", { buffering: 16 });
		const nothing = { code: "EAGAIN" };
		const bytes = Buffer.from("0123456789");
		await file.write(bytes);
		bytes.fill(0); // What was written is the file's.
		assert.throws(() => a.recvSync(100, 0, { timeout: 0 }), nothing);
		await file.write("abcdefghij");
		assert.equal(String(a.recvSync(100)), "0123456789abcdefghij");
		file.writeSync("x");
		file.flushSync();
		assert.equal(String(a.recvSync(100)), "x");
		const lines = makefile(b, "w", { buffering: 1 });
		await lines.write("half ");
		assert.throws(() => a.recvSync(100, 0, { timeout: 0 }), nothing);
		assert.equal(await lines.write("line\n"), 5);
		assert.equal(String(a.recvSync(100)), "half line\n");
		a.close();
		b.close();
	});

	test("what could not be sent stays, and closing can be tried again", async () => {
		const [a, b] = socketpair();
		const file = makefile(b, "wb");
		const data = Buffer.alloc(1 << 20, "0123456789abcde");
		await assert.rejects(file.write(data, { timeout: 10 }), { code: "ETIMEDOUT" });
		await assert.rejects(file.close({ timeout: 10 }), { code: "ETIMEDOUT" });
		assert.equal(file.closed, false);
		assert.throws(() => file.closeSync({ timeout: 0 }), { code: "EAGAIN" });
		const reading = makefile(a, "rb").readexactly(data.length);
		await file.close();
		assert.equal(file.closed, true);
		assert.ok(data.equals(await reading));
		a.close();
		b.close();
	});

	test("closing leaves the connection open, and a broken connection does not keep the file open", async () => {
		const [a, b] = socketpair();
		{
			await using file = makefile(b, "w");
			await file.write("x");
		}
		assert.equal(b.closed, false);
		assert.equal(String(await a.recv(10)), "x");
		const file = makefile(b, "w");
		await file.write("y");
		a.close();
		await assert.rejects(file.close(), { code: "EPIPE" });
		assert.equal(file.closed, true);
		await file.close();
		await assert.rejects(file.write("z"), TypeError);
		const reading = makefile(b).read(1);
		b.close();
		await reading.then(
			(text) => assert.equal(text, ""),
			(error) => assert.equal(error.code, "EBADF"),
		);
	});

	test("strict decoding gives the text before what is invalid, and then the reason", async () => {
		const [a, b] = socketpair();
		a.sendallSync(Buffer.from("goed é\nbad \xc3", "latin1"));
		a.sendallSync(Buffer.from("é€\nx\n\xff\nlost", "latin1"));
		a.close();
		const utf8 = makefile(b, "r");
		const invalid = { name: "TypeError", code: "ERR_ENCODING_INVALID_ENCODED_DATA" };
		assert.equal(await utf8.read(5), "goed ");
		await assert.rejects(utf8.readline(), invalid);
		await assert.rejects(utf8.read(), invalid);
		b.close();

		const [c, d] = socketpair();
		c.sendallSync(Buffer.concat([Buffer.from("fine é€\nalso "), Buffer.from([0xff]), Buffer.from("no\n")]));
		c.close();
		const file = makefile(d, "r");
		assert.equal(file.readlineSync(), "fine é€\n");
		assert.throws(() => file.readlineSync(), invalid);
		assert.equal(file.readSync(5), "also ");
		assert.throws(() => file.readSync(), invalid);
		d.close();

		const [e, f] = socketpair();
		await assert.rejects(makefile(e, "w").write("lone \ud800"), TypeError);
		await assert.rejects(makefile(e, "w", { encoding: "ascii" }).write("é"), TypeError);
		e.close();
		f.close();
	});

	test("reads other encodings, and does not offer to write them", async () => {
		const [a, b] = socketpair();
		a.sendallSync(Buffer.from([0x93, 0xfa, 0x96, 0x7b]));
		a.shutdown(SHUT_WR);
		assert.equal(await makefile(b, "r", { encoding: "shift_jis" }).read(), "日本");
		assert.throws(() => makefile(b, "w", { encoding: "shift_jis" }), RangeError);
		assert.throws(() => makefile(b, "r", { encoding: "no such" }), RangeError);
		a.close();
		b.close();
	});

	test("names what is wrong with the mode, the options and their use", async () => {
		const [a, b] = socketpair();
		for (const mode of ["", "x", "rr", "r+", "rbb"]) {
			assert.throws(() => makefile(b, mode as "r"), { name: "TypeError", message: /"rb"/ });
		}
		assert.throws(() => makefile(b, "rb", { newline: "" } as object), /newline is for text files/);
		assert.throws(() => makefile(b, "r", { newline: "x" as "\n" }), TypeError);
		assert.throws(() => makefile(b, "r", { errors: "ignore" as "strict" }), TypeError);
		await assert.rejects(makefile(b, "w").read(), /mode "w" cannot be read/);
		await assert.rejects(makefile(b, "r").write("x"), /mode "r" cannot be written/);
		await assert.rejects(makefile(b, "w").write(Buffer.from("x") as unknown as string), TypeError);
		await assert.rejects(makefile(b, "r").read(-2), RangeError);
		const { recvSync: _, ...rest } = {
			recvSync: 0,
			recv: () => b.recv(1),
			send: () => b.send(""),
			sendall: () => b.sendall(""),
			shutdown() {},
			close() {},
			closed: false,
		};
		const file = makefile(rest, "rw");
		assert.throws(() => (file as TextFile).readSync(), /await read\(\) instead/);
		a.close();
		b.close();
	});
});

test("a long line that comes in many small pieces takes time in proportion", {
	timeout: 30_000,
}, async () => {
	const count = 60_000;
	let given = 0;
	const channel = {
		recv: async () => (given++ < count ? Buffer.alloc(100, "a") : Buffer.alloc(0)),
		send: async () => 0,
		sendall: async () => {},
		shutdown() {},
		close() {},
		closed: false,
	};
	assert.equal((await makefile(channel, "r").readline()).length, count * 100);
});
