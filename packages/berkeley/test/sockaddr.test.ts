/**
 * sys/sockaddr.ts: the C structs of socket addresses, against the headers and against the kernel.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeEscaped } from "../src/address/surrogateescape.js";
import type { Address } from "../src/address/types.js";
import { checkAddress } from "../src/address/validate.js";
import { close } from "../src/sys/descriptors.js";
import { ifIndextoname, ifNametoindex } from "../src/sys/interfaces.js";
import {
	AF_CAN,
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	AF_VSOCK,
} from "../src/sys/linux/constants/families.js";
import { EAFNOSUPPORT, EINVAL, ENODEV, ENXIO } from "../src/sys/linux/errnos.js";
import { decodeSockaddr, encodeRaw, encodeSockaddr, sockaddrCapacity } from "../src/sys/sockaddr.js";
import { bind, getsockname, socket } from "../src/sys/sockets.js";
import { askPython, noCompiler, noPython, runC } from "./support/oracles.js";

const check: (family: number, address: unknown) => void = checkAddress;

/** A target full of old bytes, so that what is not written shows. */
function dirty(): Buffer {
	return Buffer.alloc(sockaddrCapacity, 0xee);
}

function encoded(family: number, address: Address): Buffer {
	check(family, address);
	const target = dirty();
	const length = encodeSockaddr(family, address, target);
	assert.ok(length > 0, `${length} for ${JSON.stringify(address)}`);
	return target.subarray(0, length);
}

function roundTrip(family: number, address: Address): Address | undefined {
	const bytes = encoded(family, address);
	const target = dirty();
	target.set(bytes);
	return decodeSockaddr(target, bytes.length);
}

describe("encodeSockaddr()", () => {
	it("writes the structs of the C headers, byte for byte", { skip: noCompiler }, () => {
		const cases: [number, Address, string][] = [
			[
				AF_INET,
				{ host: "192.0.2.1", port: 8080 },
				'struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(8080) }; inet_pton(AF_INET, "192.0.2.1", &a.sin_addr);',
			],
			[AF_INET, { host: "", port: 0 }, "struct sockaddr_in a = { .sin_family = AF_INET };"],
			[
				AF_INET,
				{ host: "<broadcast>", port: 9 },
				"struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = INADDR_BROADCAST };",
			],
			[
				AF_INET6,
				{ host: "2001:db8::1", port: 443, flowinfo: 0x12345, scopeId: 0xfffffff0 },
				'struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(443), .sin6_flowinfo = htonl(0x12345), .sin6_scope_id = 0xfffffff0u }; inet_pton(AF_INET6, "2001:db8::1", &a.sin6_addr);',
			],
			[
				AF_INET6,
				{ host: "", port: 1 },
				"struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(1) };",
			],
			[
				AF_PACKET,
				{
					interface: 7,
					protocol: 0x0806,
					packetType: 4,
					hardwareType: 772,
					hardwareAddress: Buffer.from("abcdefgh"),
				},
				'struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_protocol = htons(0x0806), .sll_ifindex = 7, .sll_hatype = 772, .sll_pkttype = 4, .sll_halen = 8 }; memcpy(a.sll_addr, "abcdefgh", 8);',
			],
			[
				AF_NETLINK,
				{ pid: 0xfffffffe, groups: 0x80000001 },
				"struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = 0xfffffffeu, .nl_groups = 0x80000001u };",
			],
			[
				AF_VSOCK,
				{ cid: 0xffffffff, port: 1024 },
				"struct sockaddr_vm a = { .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = 1024 };",
			],
		];
		const path = "/tmp/\u00e9";
		const output = runC(`
#include <stdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
static void dump(const void *p, size_t n) { for (size_t i = 0; i < n; i++) printf("%02x", ((const unsigned char *)p)[i]); printf("\\n"); }
int main(void) {
${cases.map(([, , code]) => `{ ${code} dump(&a, sizeof a); }`).join("\n")}
{ struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "${path}" }; dump(&a, offsetof(struct sockaddr_un, sun_path) + strlen(a.sun_path) + 1); }
printf("%zu %zu\\n", sizeof(struct sockaddr_storage), sizeof(((struct sockaddr_un *)0)->sun_path));
return 0; }`)
			.trimEnd()
			.split("\n");
		for (const [index, [family, address]] of cases.entries()) {
			assert.equal(encoded(family, address).toString("hex"), output[index], JSON.stringify(address));
		}
		assert.equal(encoded(AF_UNIX, path).toString("hex"), output.at(-2));
		assert.equal(output.at(-1), `${sockaddrCapacity} 108`);
	});

	it("takes the zone of an IPv6 host for its scope, by name and by number", () => {
		const lo = ifNametoindex("lo");
		const scopeOf = (address: Address) => encoded(AF_INET6, address).readUInt32LE(24);
		assert.equal(scopeOf({ host: "fe80::1%lo", port: 1 }), lo);
		assert.equal(scopeOf({ host: `fe80::1%${lo}`, port: 1 }), lo);
		assert.equal(scopeOf({ host: "fe80::1%4294967295", port: 1 }), 0xffffffff);
		assert.equal(scopeOf({ host: "fe80::1%lo", port: 1, scopeId: 77 }), 77, "scopeId wins");
	});

	it("returns -errno for an unknown interface, a name, and an address of another family", () => {
		const target = dirty();
		assert.equal(encodeSockaddr(AF_INET6, { host: "fe80::1%no-such-if", port: 1 }, target), -ENODEV);
		assert.equal(encodeSockaddr(AF_INET6, { host: "fe80::1%4294967296", port: 1 }, target), -ENODEV);
		assert.equal(encodeSockaddr(AF_PACKET, { interface: "no-such-if", protocol: 3 }, target), -ENODEV);
		assert.equal(encodeSockaddr(AF_PACKET, { interface: "x".repeat(40), protocol: 3 }, target), -ENODEV);
		assert.equal(encodeSockaddr(AF_INET, { host: "localhost", port: 1 }, target), -EINVAL);
		assert.equal(encodeSockaddr(AF_INET6, { host: "localhost", port: 1 }, target), -EINVAL);
		assert.equal(encodeSockaddr(AF_INET, "/tmp/x", target), -EAFNOSUPPORT);
		assert.equal(encodeSockaddr(AF_UNIX, { host: "", port: 1 }, target), -EAFNOSUPPORT);
	});

	it("gives an abstract name its exact length, and an unnamed socket none", () => {
		assert.deepEqual([...encoded(AF_UNIX, "")], [AF_UNIX, 0]);
		assert.deepEqual([...encoded(AF_UNIX, "\0a\0")], [AF_UNIX, 0, 0, 97, 0]);
		assert.deepEqual([...encoded(AF_UNIX, "a")], [AF_UNIX, 0, 97, 0]);
		assert.equal(encoded(AF_UNIX, `\0${"a".repeat(107)}`).length, 110);
		assert.equal(encoded(AF_UNIX, "a".repeat(107)).length, 110);
	});

	it("encodeRaw() writes the bytes as they are", () => {
		const target = dirty();
		assert.equal(encodeRaw({ family: AF_CAN, bytes: Uint8Array.of(1, 2, 3) }, target), 5);
		assert.deepEqual([...target.subarray(0, 6)], [AF_CAN, 0, 1, 2, 3, 0xee]);
	});
});

describe("decodeSockaddr()", () => {
	const plain = { noNullPrototype: true } as const;
	const uint32 = fc.nat(0xffffffff);
	const port = fc.nat(0xffff);
	const quad = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => bytes.join("."));
	const unixBytes = fc.oneof(
		fc.uint8Array({ min: 1, maxLength: 107 }),
		fc.uint8Array({ maxLength: 107 }).map((bytes) => Uint8Array.of(0, ...bytes)),
	);
	const addresses: fc.Arbitrary<[number, Address]> = fc.oneof(
		fc.record({ host: quad, port }, plain).map((address): [number, Address] => [AF_INET, address]),
		fc
			.record(
				{
					host: fc.constantFrom("::", "::1", "fe80::1", "::ffff:1.2.3.4", "2001:db8::5:0:1"),
					port,
					flowinfo: fc.nat(0xfffff),
					scopeId: uint32,
				},
				plain,
			)
			.map((address): [number, Address] => [AF_INET6, address]),
		unixBytes.map((bytes): [number, Address] => [AF_UNIX, decodeEscaped(bytes)]),
		fc
			.record(
				{
					interface: fc.constantFrom<string | number>("", "lo", 0x7ffffff0),
					protocol: port,
					packetType: fc.nat(255),
					hardwareType: port,
					hardwareAddress: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
				},
				plain,
			)
			.map((address): [number, Address] => [AF_PACKET, address]),
		fc
			.record({ pid: uint32, groups: uint32 }, plain)
			.map((address): [number, Address] => [AF_NETLINK, address]),
		fc.record({ cid: uint32, port: uint32 }, plain).map((address): [number, Address] => [AF_VSOCK, address]),
		fc
			.uint8Array({ maxLength: 126 })
			.map((bytes): [number, Address] => [AF_CAN, { family: AF_CAN, bytes: Buffer.from(bytes) }]),
	);

	it("gives back every address that encodeSockaddr() wrote", () => {
		fc.assert(
			fc.property(addresses, ([family, address]) => {
				assert.deepEqual(roundTrip(family, address), address);
			}),
			{ numRuns: 1000 },
		);
	});

	it("never throws, whatever the bytes and the length", () => {
		const families = fc.constantFrom(
			0,
			AF_UNIX,
			AF_INET,
			AF_INET6,
			AF_PACKET,
			AF_NETLINK,
			AF_VSOCK,
			AF_CAN,
			0xffff,
		);
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 128 }),
				families,
				fc.integer({ min: -2, max: 300 }),
				(raw, family, length) => {
					const bytes = Buffer.from(raw);
					if (bytes.length >= 2) bytes.writeUInt16LE(family);
					const address = decodeSockaddr(bytes, length);
					assert.equal(address === undefined, Math.min(length, bytes.length) < 2);
				},
			),
			{ numRuns: 3000 },
		);
		assert.equal(decodeSockaddr(Buffer.alloc(128), Number.NaN), undefined);
	});

	it("gives undefined for no address, and the empty name for an unnamed Unix socket", () => {
		assert.equal(decodeSockaddr(dirty(), 0), undefined);
		assert.equal(decodeSockaddr(Buffer.from([AF_UNIX, 0, 0xee]), 2), "");
	});

	it("takes a path without a terminator, and nothing beyond the length", () => {
		assert.equal(decodeSockaddr(Buffer.from("\x01\0abcdef", "latin1"), 5), "abc");
		assert.equal(decodeSockaddr(Buffer.from("\x01\0ab\0def\0", "latin1"), 8), "ab");
		const longest = Buffer.from(`\x01\0${"p".repeat(108)}\0`, "latin1");
		const path = decodeSockaddr(longest, 111);
		assert.equal(path, "p".repeat(108));
		const target = dirty();
		assert.equal(encodeSockaddr(AF_UNIX, path, target), 110);
	});

	it("has bytes that are no UTF-8 as Python has them", { skip: noPython }, () => {
		const name = Buffer.from([0x01, 0, 0x2f, 0xff, 0xc3, 0xa9, 0xc3, 0]);
		const text = decodeSockaddr(name, name.length);
		assert.equal(text, "/\udcffé\udcc3");
		const [bytes] = askPython("import os\ndef answer(text): return os.fsencode(text).hex()", [text]);
		assert.equal(bytes, "2fffc3a9c3");
		assert.deepEqual(encoded(AF_UNIX, "/\udcffé\udcc3"), name);
	});

	it("reads the hardware address of a packet socket's name, which ends with it", () => {
		const bytes = encoded(AF_PACKET, {
			interface: "lo",
			protocol: 3,
			hardwareType: 772,
			hardwareAddress: Buffer.from([1, 2, 3, 4, 5, 6]),
		});
		const address = decodeSockaddr(Buffer.from(bytes.subarray(0, 18)), 18);
		assert.deepEqual(address, {
			interface: "lo",
			protocol: 3,
			packetType: 0,
			hardwareType: 772,
			hardwareAddress: Buffer.from([1, 2, 3, 4, 5, 6]),
		});
	});

	it("copies what it gives, so that the buffer can be used again", () => {
		const bytes = Buffer.from([AF_CAN, 0, 1, 2, 3]);
		const address = decodeSockaddr(bytes, 5);
		bytes.fill(9);
		assert.deepEqual(address, { family: AF_CAN, bytes: Buffer.from([1, 2, 3]) });
	});

	it("does not mix up the hosts of alternating peers", () => {
		const first = encoded(AF_INET, { host: "1.2.3.4", port: 1 });
		const second = encoded(AF_INET, { host: "255.255.255.255", port: 2 });
		for (let round = 0; round < 3; round++) {
			assert.deepEqual(decodeSockaddr(first, 16), { host: "1.2.3.4", port: 1 });
			assert.deepEqual(decodeSockaddr(second, 16), { host: "255.255.255.255", port: 2 });
		}
	});
});

describe("the kernel", () => {
	/** Binds a socket to an address, and reads its name; -errno when the socket or the name is refused. */
	function bound(family: number, type: number, address: Address): Address | number | undefined {
		const target = dirty();
		const fd = socket(family, type, 0);
		if (fd < 0) return fd;
		try {
			target.set(encoded(family, address));
			const result = bind(fd, target, encoded(family, address).length);
			if (result < 0) return result;
			const length = Uint32Array.of(sockaddrCapacity);
			assert.equal(getsockname(fd, target.fill(0xee), length), 0);
			return decodeSockaddr(target, length[0] as number);
		} finally {
			close(fd);
		}
	}
	const datagram = 2;
	const raw = 3;
	const probe = socket(AF_PACKET, datagram, 0);
	const noPacket = probe < 0 ? "packet sockets need CAP_NET_RAW" : false;
	if (probe >= 0) close(probe);

	it("names IPv4 sockets as they were bound, and by any form of the host", () => {
		for (const host of ["127.0.0.1", "127.1", "0x7f000001"]) {
			const address = bound(AF_INET, datagram, { host, port: 0 });
			assert.ok(typeof address === "object" && "host" in address);
			assert.equal(address.host, "127.0.0.1");
			assert.ok(address.port > 0);
		}
	});

	it("names Unix sockets as they were bound, whatever the bytes", () => {
		const directory = mkdtempSync(join(tmpdir(), "berkeley-"));
		try {
			const unique = `\0berkeley-${process.pid}-`;
			const names = [
				join(directory, "plain"),
				join(directory, "no utf-8 \udcff\udc80 é"),
				`${directory}/`.padEnd(107, "p"),
				`${unique}\0\0`,
				unique.padEnd(108, "a"),
				`${unique}\udcfe\0é`,
			];
			for (const name of names) assert.equal(bound(AF_UNIX, datagram, name), name, JSON.stringify(name));
			const chosen = bound(AF_UNIX, datagram, "");
			assert.match(String(chosen), /^\0[0-9a-f]{5}$/);
			const unbound = socket(AF_UNIX, datagram, 0);
			const target = dirty();
			const length = Uint32Array.of(sockaddrCapacity);
			getsockname(unbound, target, length);
			close(unbound);
			assert.equal(decodeSockaddr(target, length[0] as number), "");
		} finally {
			rmSync(directory, { recursive: true });
		}
	});

	it("names netlink sockets as they were bound", () => {
		const address = bound(AF_NETLINK, raw, { pid: 0, groups: 1 });
		assert.ok(typeof address === "object" && "groups" in address);
		assert.equal(address.groups, 1);
		assert.ok(address.pid > 0);
	});

	it("names packet sockets with the interface's hardware address", { skip: noPacket }, () => {
		assert.deepEqual(bound(AF_PACKET, datagram, { interface: "lo", protocol: 0x88b5 }), {
			interface: "lo",
			protocol: 0x88b5,
			packetType: 0,
			hardwareType: 772,
			hardwareAddress: Buffer.alloc(6),
		});
		const all = bound(AF_PACKET, datagram, { interface: "", protocol: 0x88b5 });
		assert.ok(typeof all === "object" && "interface" in all);
		assert.equal(all.interface, "");
	});
});

describe("ifNametoindex() and ifIndextoname()", () => {
	it("know the loopback interface, and say -errno for what there is not", () => {
		const index = ifNametoindex("lo");
		assert.ok(index > 0);
		assert.equal(ifIndextoname(index), "lo");
		assert.equal(ifNametoindex(""), -ENODEV);
		assert.equal(ifNametoindex("lo-and-a-name-too-long"), -ENODEV);
		assert.equal(ifNametoindex("\udcff"), -ENODEV);
		assert.equal(ifIndextoname(0x7ffffff0), -ENXIO);
		assert.equal(ifIndextoname(0), -ENXIO);
	});
});
