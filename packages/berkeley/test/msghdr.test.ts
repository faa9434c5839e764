/**
 * struct msghdr, iovec and mmsghdr: a C program reads what the classes write, and writes what they read.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { CMSG_LEN, CMSG_SPACE } from "../src/sys/cmsg.js";
import { viewOf } from "../src/sys/ffi.js";
import { NativeMemory } from "../src/sys/memory.js";
import { MessageVector, MMSGHDR_SIZE } from "../src/sys/mmsghdr.js";
import { IOVEC_SIZE, MessageHeader, MSGHDR_SIZE, MSGHDR_WORD } from "../src/sys/msghdr.js";
import { sockaddrCapacity } from "../src/sys/sockaddr.js";
import { checkFacts, compilers, type Fact, skipWithout } from "./support/cc.js";
import { noCompiler, runC } from "./support/oracles.js";

/** The bytes at a native address. */
function at(address: number, size: number): Buffer {
	return Buffer.from(viewOf(address, size));
}

/** What a C program finds in the fields of a struct of these bytes. */
function readInC(type: string, bytes: Buffer, fields: readonly string[]): number[] {
	const prints = fields.map((field) => `printf("%llu\\n", (unsigned long long)s.${field});`);
	const output = runC(`
		#define _GNU_SOURCE
		#include <stdio.h>
		#include <string.h>
		#include <sys/socket.h>
		int main(void) {
			static const unsigned char bytes[] = { ${[...bytes].join(",")} };
			${type} s;
			_Static_assert(sizeof s == sizeof bytes, "size");
			memcpy(&s, bytes, sizeof s);
			${prints.join("\n")}
			return 0;
		}`);
	return output.trim().split("\n").map(Number);
}

const fields = [
	"msg_name",
	"msg_namelen",
	"msg_iov",
	"msg_iovlen",
	"msg_control",
	"msg_controllen",
	"msg_flags",
];

/** The addresses that a msghdr at an address points to. */
function pointers(header: number): { name: number; iov: number; control: number } {
	const bytes = at(header, MSGHDR_SIZE);
	const [name, iov, control] = [0, 16, 32].map((offset) => Number(bytes.readBigUInt64LE(offset)));
	return { name: name ?? 0, iov: iov ?? 0, control: control ?? 0 };
}

/** The iovecs of a msghdr: the address and length of each. */
function iovs(header: number, count: number): [number, number][] {
	const bytes = at(pointers(header).iov, count * IOVEC_SIZE);
	return Array.from({ length: count }, (_, index) => [
		Number(bytes.readBigUInt64LE(index * IOVEC_SIZE)),
		Number(bytes.readBigUInt64LE(index * IOVEC_SIZE + 8)),
	]);
}

test("MessageHeader writes a struct msghdr as C reads it", { skip: noCompiler }, () => {
	const header = new MessageHeader(4, 64);
	header.setName(28);
	header.setIovCount(3);
	header.setControl(40);
	header.setFlags(0x40000001);
	const { name, iov, control } = pointers(header.address);
	const read = readInC("struct msghdr", at(header.address, MSGHDR_SIZE), fields);
	assert.deepEqual(read, [name, 28, iov, 3, control, 40, 0x40000001]);
	assert.ok(iov > 0);
	header.name.write("name");
	assert.equal(at(name, 4).toString(), "name");
	header.control.write("control");
	assert.equal(at(control, 7).toString(), "control");
});

test("MessageHeader writes iovecs as C reads them", { skip: noCompiler }, () => {
	const header = new MessageHeader();
	const address = 2 ** 46 + 2 ** 32 + 0x87654321;
	header.setIov(0, address, 2 ** 33 + 5);
	const { iov } = pointers(header.address);
	const read = readInC("struct iovec", at(iov, IOVEC_SIZE), ["iov_base", "iov_len"]);
	assert.deepEqual(read, [address, 2 ** 33 + 5]);
});

test("MessageHeader gives null pointers for no address and no control messages", () => {
	const header = new MessageHeader();
	header.setName(16);
	header.setControl(16);
	header.setName(0);
	header.setControl(0);
	const { name, control } = pointers(header.address);
	assert.deepEqual({ name, control }, { name: 0, control: 0 });
	assert.deepEqual([header.nameLength, header.controlLength], [0, 0]);
});

test("MessageHeader reads back what the kernel wrote", () => {
	const header = new MessageHeader();
	const bytes = at(header.address, MSGHDR_SIZE);
	bytes.writeUInt32LE(110, 8);
	bytes.writeBigUInt64LE(72n, 40);
	bytes.writeInt32LE(0x28, 48);
	assert.deepEqual([header.nameLength, header.controlLength, header.flags], [110, 72, 0x28]);
	bytes.writeInt32LE(-0x80000000, 48);
	assert.equal(header.flags, -0x80000000);
});

test("MessageHeader keeps its I/O vectors when it grows, in either order", () => {
	const memory = new NativeMemory(64);
	const header = new MessageHeader(2, 16);
	const { address } = header;
	header.setIov(0, memory.address, 1);
	header.setIov(1, memory.address + 1, 2);
	header.setIov(5, memory.address + 5, 6);
	header.setIovCount(6);
	header.setIovCount(40);
	header.setIov(39, memory.address + 39, 3);
	assert.equal(header.address, address);
	const written = iovs(header.address, 40);
	assert.deepEqual(written[0], [memory.address, 1]);
	assert.deepEqual(written[1], [memory.address + 1, 2]);
	assert.deepEqual(written[2], [0, 0]);
	assert.deepEqual(written[5], [memory.address + 5, 6]);
	assert.deepEqual(written[39], [memory.address + 39, 3]);
	assert.equal(at(header.address, MSGHDR_SIZE).readBigUInt64LE(24), 40n);
});

test("MessageHeader grows its control buffer and points to the new one", () => {
	const header = new MessageHeader(1, 16);
	const before = header.control;
	header.setControl(16);
	assert.equal(header.control, before);
	header.setControl(1000);
	assert.notEqual(header.control, before);
	assert.ok(header.control.length >= 1000);
	header.control.fill(0x5a);
	assert.ok(at(pointers(header.address).control, 1000).every((byte) => byte === 0x5a));
	assert.equal(header.controlLength, 1000);
});

test("MessageVector writes structs mmsghdr as C reads them", { skip: noCompiler }, () => {
	const vector = new MessageVector(3, 100, 20);
	vector.set(1, 60, 16, 24);
	const header = vector.address + MMSGHDR_SIZE;
	at(header, MMSGHDR_SIZE).writeUInt32LE(77, 56);
	const { name, iov, control } = pointers(header);
	const all = [...fields.map((field) => `msg_hdr.${field}`), "msg_len"];
	const read = readInC("struct mmsghdr", at(header, MMSGHDR_SIZE), all);
	assert.deepEqual(read, [name, 16, iov, 1, control, 24, 0, 77]);
	assert.equal(vector.length(1), 77);
});

test("MessageVector gives each message slices of its own", () => {
	const count = 5;
	const vector = new MessageVector(count, 33, 20);
	vector.reset();
	for (let index = 0; index < count; index++) {
		vector.data[index]?.fill(0x10 + index);
		vector.names[index]?.fill(0x20 + index);
		vector.controls[index]?.fill(0x30 + index);
	}
	for (let index = 0; index < count; index++) {
		const header = vector.address + index * MMSGHDR_SIZE;
		const { name, control } = pointers(header);
		const [[base, length] = [0, 0]] = iovs(header, 1);
		assert.equal(length, 33);
		assert.equal(control % 8, 0);
		assert.deepEqual(at(base, 33), Buffer.alloc(33, 0x10 + index));
		assert.deepEqual(at(name, sockaddrCapacity), Buffer.alloc(sockaddrCapacity, 0x20 + index));
		// 20 bytes of control messages are rounded up.
		assert.deepEqual(at(control, 24), Buffer.alloc(24, 0x30 + index));
		assert.deepEqual([vector.nameLength(index), vector.controlLength(index)], [128, 24]);
	}
});

test("MessageVector can be filled again and again", () => {
	const vector = new MessageVector(2, 10, 16);
	const bytes = at(vector.address, 2 * MMSGHDR_SIZE);
	bytes.writeUInt32LE(28, 8);
	bytes.writeBigUInt64LE(0n, 40);
	bytes.writeInt32LE(0x20, 48);
	bytes.writeUInt32LE(9, 56);
	assert.deepEqual([vector.nameLength(0), vector.controlLength(0)], [28, 0]);
	assert.deepEqual([vector.flags(0), vector.length(0)], [0x20, 9]);
	vector.reset();
	assert.deepEqual([vector.nameLength(0), vector.controlLength(0)], [128, 16]);
	assert.deepEqual([vector.flags(0), vector.length(0)], [0, 0]);
	vector.set(0, 4);
	assert.deepEqual([vector.nameLength(0), vector.controlLength(0), vector.length(0)], [0, 0, 4]);
	assert.deepEqual(iovs(vector.address, 1)[0]?.[1], 4);
});

test("MessageVector refuses what does not fit its slices", () => {
	const vector = new MessageVector(2, 10);
	assert.throws(() => vector.set(2, 1), { name: "RangeError", message: /message 2 is not within 0 to 1/ });
	assert.throws(() => vector.set(0, 11), { name: "RangeError", message: /data 11 is not within 0 to 10/ });
	assert.throws(() => vector.set(0, 1, 129), RangeError);
	assert.throws(() => vector.set(0, 1, 0, 8), RangeError);
	assert.throws(() => vector.set(-1, 1), RangeError);
	assert.throws(() => vector.reset(3), RangeError);
	assert.throws(() => new MessageVector(0, 10), RangeError);
});

for (const compiler of compilers) {
	test(`the layouts are those of the headers on ${compiler.arch}`, { skip: skipWithout(compiler) }, () => {
		const offset = (struct: string, field: string, value: number): Fact => ({
			expression: `offsetof(struct ${struct}, ${field})`,
			value,
		});
		const facts: Fact[] = [
			{ expression: "sizeof(struct msghdr)", value: MSGHDR_SIZE },
			{ expression: "sizeof(struct mmsghdr)", value: MMSGHDR_SIZE },
			{ expression: "sizeof(struct iovec)", value: IOVEC_SIZE },
			{ expression: "sizeof(struct sockaddr_storage)", value: sockaddrCapacity },
			{ expression: "sizeof(struct cmsghdr)", value: CMSG_LEN(0) },
			{ expression: "CMSG_SPACE(5)", value: CMSG_SPACE(5) },
			offset("cmsghdr", "cmsg_level", 8),
			offset("cmsghdr", "cmsg_type", 12),
			offset("iovec", "iov_len", 8),
			offset("mmsghdr", "msg_len", 56),
			offset("msghdr", "msg_name", 4 * MSGHDR_WORD.name),
			offset("msghdr", "msg_namelen", 4 * MSGHDR_WORD.nameLength),
			offset("msghdr", "msg_iov", 4 * MSGHDR_WORD.iov),
			offset("msghdr", "msg_iovlen", 4 * MSGHDR_WORD.iovCount),
			offset("msghdr", "msg_control", 4 * MSGHDR_WORD.control),
			offset("msghdr", "msg_controllen", 4 * MSGHDR_WORD.controlLength),
			offset("msghdr", "msg_flags", 4 * MSGHDR_WORD.flags),
		];
		assert.deepEqual(checkFacts(compiler, ["sys/socket.h"], facts), { wrong: [], unknown: [] });
	});
}
