/**
 * Control messages: the sizes against Python, the layout against the C headers, and hostile buffers.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	CMSG_ALIGN,
	CMSG_LEN,
	CMSG_SPACE,
	controlSize,
	decodeControl,
	encodeControl,
} from "../src/sys/cmsg.js";
import { askPython, noCompiler, noPython, runC } from "./support/oracles.js";

const int32 = () => fc.integer({ min: -0x80000000, max: 0x7fffffff });
const message = () => fc.record({ level: int32(), type: int32(), data: fc.uint8Array({ maxLength: 100 }) });

test("CMSG_LEN() and CMSG_SPACE() give what Python gives, and RangeError where it overflows", {
	skip: noPython,
}, () => {
	const top = 0x7fffffff;
	const edges = Array.from({ length: 64 }, (_, index) => top - index);
	const far = [4096, 65535, 65536, 1 << 20, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -1, -16, -(2 ** 31)];
	const lengths = [...Array.from({ length: 1200 }, (_, index) => index), ...edges, ...far];
	const script = "import socket\ndef answer(n): return getattr(socket, n[0])(n[1])\n";
	for (const [name, ours] of [["CMSG_LEN", CMSG_LEN] as const, ["CMSG_SPACE", CMSG_SPACE] as const]) {
		const theirs = askPython(
			script,
			lengths.map((length) => [name, length]),
		);
		for (const [index, length] of lengths.entries()) {
			const expected = theirs[index];
			if (typeof expected === "number") assert.equal(ours(length), expected, `${name}(${length})`);
			else {
				assert.deepEqual(expected, { error: "OverflowError" });
				assert.throws(() => ours(length), RangeError, `${name}(${length})`);
			}
		}
	}
});

test("CMSG_LEN() and CMSG_SPACE() take integers alone", () => {
	for (const length of [1.5, Number.NaN, Number.POSITIVE_INFINITY, "4" as never, 4n as never]) {
		assert.throws(() => CMSG_LEN(length), { name: "TypeError", message: /length must be an integer/ });
		assert.throws(() => CMSG_SPACE(length), TypeError);
	}
	assert.throws(() => CMSG_LEN(-1), { name: "RangeError", message: /0 to 2147483631, not -1/ });
});

test("encodeControl() writes what the C macros write", { skip: noCompiler }, () => {
	const messages = [
		{ level: 1, type: 2, data: Buffer.from("abc") },
		{ level: -1, type: -2, data: Buffer.from("12345678") },
		{ level: 0x7fffffff, type: 0, data: Buffer.alloc(0) },
		{ level: 263, type: 8, data: Buffer.from("x") },
	];
	const steps = messages.map(({ level, type, data }) => {
		const fill = `c->cmsg_level = ${level}; c->cmsg_type = ${type}; c->cmsg_len = CMSG_LEN(${data.length});
			memcpy(CMSG_DATA(c), "${data.toString()}", ${data.length}); total += CMSG_SPACE(${data.length});`;
		return `${fill} c = CMSG_NXTHDR(&m, c);`;
	});
	const expected = runC(`
		#include <stdio.h>
		#include <string.h>
		#include <sys/socket.h>
		int main(void) {
			_Alignas(8) static unsigned char buffer[256];
			struct msghdr m = { .msg_control = buffer, .msg_controllen = sizeof buffer };
			struct cmsghdr *c = CMSG_FIRSTHDR(&m);
			size_t total = 0;
			${steps.join("\n")}
			for (size_t i = 0; i < total; i++) printf("%02x", buffer[i]);
			return 0;
		}`);
	const target = Buffer.alloc(256, 0xff);
	const size = encodeControl(messages, target);
	assert.equal(size, controlSize(messages));
	assert.equal(target.toString("hex", 0, size), expected);
	assert.ok(target.subarray(size).every((byte) => byte === 0xff));
});

test("encodeControl() refuses a buffer that is too small and writes nothing", () => {
	const messages = [{ level: 1, type: 1, data: Buffer.alloc(4) }];
	const target = Buffer.alloc(CMSG_SPACE(4) - 1);
	assert.throws(() => encodeControl(messages, target), {
		name: "RangeError",
		message: "the control messages need 24 bytes, the buffer has 23",
	});
	assert.ok(target.every((byte) => byte === 0));
});

test("decodeControl() gives back what encodeControl() wrote", () => {
	fc.assert(
		fc.property(fc.array(message(), { maxLength: 8 }), fc.nat(64), (messages, spare) => {
			const target = Buffer.alloc(controlSize(messages) + spare, 0xa5);
			const size = encodeControl(messages, target);
			const decoded = decodeControl(target, size);
			assert.deepEqual(
				decoded,
				messages.map(({ level, type, data }) => ({ level, type, data: Buffer.from(data) })),
			);
		}),
	);
});

test("decodeControl() copies the data", () => {
	const target = Buffer.alloc(24);
	encodeControl([{ level: 1, type: 1, data: Buffer.of(1, 2, 3, 4) }], target);
	const [first] = decodeControl(target, 24);
	target.fill(0xff);
	assert.deepEqual(first?.data, Buffer.of(1, 2, 3, 4));
});

test("decodeControl() of a buffer that was cut off keeps the data that arrived, and no more", () => {
	fc.assert(
		fc.property(fc.array(message(), { minLength: 1, maxLength: 6 }), fc.nat(), (messages, seed) => {
			const target = Buffer.alloc(controlSize(messages));
			const cut = seed % (encodeControl(messages, target) + 1);
			let at = 0;
			const expected: unknown[] = [];
			for (const { level, type, data } of messages) {
				if (at + CMSG_LEN(0) > cut) break;
				expected.push({ level, type, data: Buffer.from(data.subarray(0, cut - at - CMSG_LEN(0))) });
				at += CMSG_SPACE(data.length);
			}
			// The length says where it ends; so does the buffer itself.
			assert.deepEqual(decodeControl(target, cut), expected);
			assert.deepEqual(decodeControl(target.subarray(0, cut), target.length), expected);
		}),
	);
});

test("decodeControl() cuts a message off where Python's recvmsg() does", { skip: noPython }, () => {
	// A socket pair carries credentials and descriptors into control buffers of every size.
	const script = `
import os, socket
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
b.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
def answer(size):
    a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, bytes((0,0,0,0,1,0,0,0,2,0,0,0)))])
    messages = b.recvmsg(1, size)[1]
    for level, type, data in messages:
        if type == socket.SCM_RIGHTS:
            for at in range(0, len(data) // 4 * 4, 4): os.close(int.from_bytes(data[at:at+4], "little"))
    return [[level, type, len(data)] for level, type, data in messages]
`;
	const whole = [
		{ level: 1, type: 2, data: Buffer.alloc(12) },
		{ level: 1, type: 1, data: Buffer.alloc(12) },
	];
	// Sizes within the padding are left out: there the C library decides whether Python sees the last message.
	const sizes = [CMSG_LEN(0), CMSG_LEN(4), CMSG_LEN(8), CMSG_LEN(12), CMSG_SPACE(12), 2 * CMSG_SPACE(12)];
	const answers = askPython(script, sizes) as number[][][];
	for (const [index, size] of sizes.entries()) {
		const control = Buffer.alloc(controlSize(whole));
		encodeControl(whole, control);
		const ours = decodeControl(control, size).map(({ level, type, data }) => [level, type, data.length]);
		assert.deepEqual(ours, answers[index], `a control buffer of ${size} bytes`);
	}
});

test("decodeControl() ends at a header that says less than its own size", () => {
	const control = Buffer.alloc(64);
	const first = { level: 1, type: 1, data: Buffer.of(9, 9) };
	const size = encodeControl([first], control);
	for (let length = 0; length < CMSG_LEN(0); length++) {
		control.writeUInt32LE(length, size);
		assert.deepEqual(decodeControl(control, 64), [first]);
	}
});

test("decodeControl() takes a length of 2^64 - 1 for data that are cut off", () => {
	const control = Buffer.alloc(40, 0xff);
	const [only, ...others] = decodeControl(control, 40);
	assert.deepEqual(only, { level: -1, type: -1, data: Buffer.alloc(24, 0xff) });
	assert.deepEqual(others, []);
});

test("decodeControl() never throws, and gives no byte from outside, whatever bytes and length are", () => {
	// Small header lengths, so that more than one message is found.
	const word = () => fc.oneof(fc.nat(80), fc.nat(), fc.constant(0xffffffff));
	const header = fc.tuple(word(), fc.oneof(fc.constant(0), word()), fc.uint8Array({ maxLength: 60 }));
	const bytes = fc.oneof(
		fc.uint8Array({ maxLength: 300 }),
		fc.array(header, { maxLength: 8 }).map((headers) =>
			Buffer.concat(
				headers.map(([low, high, rest]) => {
					const head = Buffer.alloc(8);
					head.writeUInt32LE(low, 0);
					head.writeUInt32LE(high, 4);
					return Buffer.concat([head, rest]);
				}),
			),
		),
	);
	const length = fc.oneof(fc.nat(400), fc.integer(), fc.double(), fc.constant(Number.MAX_SAFE_INTEGER));
	fc.assert(
		fc.property(bytes, length, (raw, limit) => {
			const control = Buffer.from(raw);
			const messages = decodeControl(control, limit);
			const total = messages.reduce((sum, { data }) => sum + CMSG_LEN(0) + data.length, 0);
			assert.ok(total <= Math.max(0, Math.min(control.length, limit)) || messages.length === 0);
		}),
		{ numRuns: 500 },
	);
});

test("CMSG_ALIGN() rounds up to eight", () => {
	assert.deepEqual([0, 1, 7, 8, 9, 2 ** 40 + 1].map(CMSG_ALIGN), [0, 8, 8, 8, 16, 2 ** 40 + 8]);
});
