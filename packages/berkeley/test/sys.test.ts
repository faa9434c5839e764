/**
 * The system calls that no socket method uses yet, or not in this way: each gives its result or -errno.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { close, dup3, eventfd, fcntl, ioctl, pipe2, read, write } from "../src/sys/descriptors.js";
import { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLLIN } from "../src/sys/linux/constants/epoll.js";
import { EFD_CLOEXEC, EFD_NONBLOCK } from "../src/sys/linux/constants/eventfd.js";
import { AF_INET, AF_UNIX } from "../src/sys/linux/constants/families.js";
import { F_DUPFD, F_GETFD, FD_CLOEXEC, O_CLOEXEC, O_NONBLOCK } from "../src/sys/linux/constants/fcntl.js";
import { FIONREAD } from "../src/sys/linux/constants/ioctl.js";
import { MSG_DONTWAIT } from "../src/sys/linux/constants/msg.js";
import { POLLIN } from "../src/sys/linux/constants/poll.js";
import { SPLICE_F_NONBLOCK } from "../src/sys/linux/constants/splice.js";
import { SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_STREAM } from "../src/sys/linux/constants/types.js";
import {
	epollCreate1,
	epollCtl,
	epollDataOffset,
	epollEventSize,
	epollWait,
} from "../src/sys/linux/epoll.js";
import { EAGAIN, EBADF, EINVAL, ENOTSOCK } from "../src/sys/linux/errnos.js";
import { MessageVector } from "../src/sys/mmsghdr.js";
import { poll, pollEntrySize } from "../src/sys/poll.js";
import { decodeSockaddr, encodeSockaddr } from "../src/sys/sockaddr.js";
import { bind, getsockname, socket, socketpair } from "../src/sys/sockets.js";
import { recv, recvmmsg, send, sendmmsg, splice } from "../src/sys/transfer.js";

const flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

/** Runs with descriptors that are closed afterwards, and checks that each was open until then. */
function withDescriptors(run: (own: (fd: number) => number) => void): void {
	const owned: number[] = [];
	try {
		run((fd) => {
			assert.ok(fd >= 0, `the call gave ${fd}`);
			owned.push(fd);
			return fd;
		});
	} finally {
		for (const fd of owned) assert.equal(close(fd), 0);
	}
}

function pairOf(call: (pair: Int32Array) => number, own: (fd: number) => number): [number, number] {
	const pair = new Int32Array(2);
	assert.equal(call(pair), 0);
	return [own(pair[0] as number), own(pair[1] as number)];
}

describe("a failing call", () => {
	test("gives -errno", () => {
		assert.equal(close(-1), -EBADF);
		assert.equal(recv(-1, Buffer.alloc(1), 1, 0), -EBADF);
		assert.equal(socket(AF_INET, 77, 0), -EINVAL);
		assert.equal(epollWait(-1, Buffer.alloc(epollEventSize), 1, 0), -EBADF);
		withDescriptors((own) => {
			const [reading] = pairOf((pair) => pipe2(pair, O_CLOEXEC), own);
			assert.equal(recv(reading, Buffer.alloc(1), 1, 0), -ENOTSOCK);
		});
	});
});

describe("descriptors", () => {
	test("dup3() gives the number that was asked for", () => {
		withDescriptors((own) => {
			const event = own(eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
			const target = own(fcntl(event, F_DUPFD, 100));
			assert.equal(dup3(event, target, O_CLOEXEC), target);
			assert.equal(fcntl(target, F_GETFD, 0), FD_CLOEXEC);
			assert.equal(dup3(event, event, 0), -EINVAL);
		});
	});

	test("eventfd() counts", () => {
		withDescriptors((own) => {
			const event = own(eventfd(3, EFD_CLOEXEC | EFD_NONBLOCK));
			const counter = new BigInt64Array([4n]);
			assert.equal(write(event, counter, 8), 8);
			assert.equal(read(event, counter, 8), 8);
			assert.equal(counter[0], 7n);
			assert.equal(read(event, counter, 8), -EAGAIN);
		});
	});

	test("ioctl(FIONREAD) tells what is there to read", () => {
		withDescriptors((own) => {
			const [a, b] = pairOf((pair) => socketpair(AF_UNIX, SOCK_STREAM | flags, 0, pair), own);
			assert.equal(send(a, Buffer.from("seven b"), 7, 0), 7);
			const count = new Int32Array(1);
			assert.equal(ioctl(b, FIONREAD, count), 0);
			assert.equal(count[0], 7);
		});
	});

	test("splice() moves bytes from a pipe to a socket and back", () => {
		withDescriptors((own) => {
			const [reading, writing] = pairOf((pair) => pipe2(pair, O_CLOEXEC | O_NONBLOCK), own);
			const [a, b] = pairOf((pair) => socketpair(AF_UNIX, SOCK_STREAM | flags, 0, pair), own);
			assert.equal(write(writing, Buffer.from("through"), 7), 7);
			assert.equal(splice(reading, a, null, 100, SPLICE_F_NONBLOCK), 7);
			assert.equal(splice(b, writing, null, 100, SPLICE_F_NONBLOCK), 7);
			const back = Buffer.alloc(10);
			assert.equal(read(reading, back, 10), 7);
			assert.equal(back.toString("utf8", 0, 7), "through");
			assert.equal(splice(reading, a, null, 100, SPLICE_F_NONBLOCK), -EAGAIN);
		});
	});
});

describe("readiness", () => {
	test("poll() stores what is ready", () => {
		withDescriptors((own) => {
			const [a, b] = pairOf((pair) => socketpair(AF_UNIX, SOCK_STREAM | flags, 0, pair), own);
			const entries = Buffer.alloc(2 * pollEntrySize);
			for (const [index, fd] of [a, b].entries()) {
				entries.writeInt32LE(fd, index * pollEntrySize);
				entries.writeInt16LE(POLLIN, index * pollEntrySize + 4);
			}
			assert.equal(poll(entries, 2, 0), 0);
			send(a, Buffer.from("x"), 1, 0);
			assert.equal(poll(entries, 2, -1), 1);
			assert.equal(entries.readInt16LE(6), 0);
			assert.equal(entries.readInt16LE(pollEntrySize + 6), POLLIN);
		});
	});

	test("epoll_wait() gives back the user data", () => {
		withDescriptors((own) => {
			const epoll = own(epollCreate1(EPOLL_CLOEXEC));
			const event = own(eventfd(1, EFD_CLOEXEC));
			const entry = Buffer.alloc(epollEventSize);
			entry.writeUInt32LE(EPOLLIN, 0);
			entry.writeUInt32LE(0xfeedbeef, epollDataOffset);
			entry.writeUInt32LE(0x01020304, epollDataOffset + 4);
			assert.equal(epollCtl(epoll, EPOLL_CTL_ADD, event, entry), 0);
			const events = Buffer.alloc(4 * epollEventSize);
			assert.equal(epollWait(epoll, events, 4, -1), 1);
			assert.equal(events.readUInt32LE(0), EPOLLIN);
			assert.equal(events.readUInt32LE(epollDataOffset), 0xfeedbeef);
			assert.equal(events.readUInt32LE(epollDataOffset + 4), 0x01020304);
		});
	});
});

describe("sendmmsg() and recvmmsg()", () => {
	test("move many datagrams in one call, with their addresses", () => {
		withDescriptors((own) => {
			const receiver = own(socket(AF_INET, SOCK_DGRAM | flags, 0));
			const sender = own(socket(AF_INET, SOCK_DGRAM | flags, 0));
			const room = Buffer.alloc(128);
			const length = new Uint32Array([128]);
			const any = encodeSockaddr(AF_INET, { host: "127.0.0.1", port: 0 }, room);
			assert.equal(bind(receiver, room, any), 0);
			assert.equal(bind(sender, room, any), 0);
			assert.equal(getsockname(receiver, room, length), 0);

			const out = new MessageVector(3, 64);
			for (let index = 0; index < 3; index++) {
				const size = out.data[index]?.write("x".repeat(10 + index)) ?? 0;
				room.copy(out.names[index] as Buffer);
				out.set(index, size, length[0]);
			}
			assert.equal(sendmmsg(sender, out.address, 3, 0), 3);
			assert.equal(out.length(2), 12);

			const into = new MessageVector(8, 64);
			into.reset(8);
			assert.equal(recvmmsg(receiver, into.address, 8, MSG_DONTWAIT), 3);
			length[0] = 128;
			assert.equal(getsockname(sender, room, length), 0);
			const from = decodeSockaddr(room, length[0]);
			for (let index = 0; index < 3; index++) {
				assert.equal(into.length(index), 10 + index);
				assert.equal(into.data[index]?.toString("latin1", 0, 10 + index), "x".repeat(10 + index));
				assert.deepEqual(decodeSockaddr(into.names[index] as Buffer, into.nameLength(index)), from);
			}
			assert.equal(recvmmsg(receiver, into.address, 8, MSG_DONTWAIT), -EAGAIN);
		});
	});
});
