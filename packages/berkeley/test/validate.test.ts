/**
 * checkAddress(): every misuse of an address is told in words before any system call.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkAddress } from "../src/address/validate.js";
import {
	AF_CAN,
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	AF_VSOCK,
} from "../src/sys/linux/constants/families.js";

const check: (family: number, address: unknown) => void = checkAddress;
const host = "127.0.0.1";

describe("checkAddress()", () => {
	it("passes what each family takes", () => {
		const good: [number, unknown][] = [
			[AF_INET, { host: "", port: 0 }],
			[AF_INET, { host: "example.org", port: 65535 }],
			[AF_INET6, { host: "::1", port: 1 }],
			[AF_INET6, { host: "::1", port: 1, flowinfo: 0xfffff, scopeId: 0xffffffff }],
			[AF_INET6, { host: "::1", port: 1, flowinfo: undefined, scopeId: undefined }],
			[AF_UNIX, ""],
			[AF_UNIX, "a".repeat(107)],
			[AF_UNIX, `${"é".repeat(53)}a`],
			[AF_UNIX, "\udc80".repeat(107)],
			[AF_UNIX, `\0${"a".repeat(107)}`],
			[AF_UNIX, "\0\0a\0"],
			[AF_PACKET, { interface: "lo", protocol: 3 }],
			[
				AF_PACKET,
				{ interface: 1, protocol: 0, packetType: 4, hardwareType: 772, hardwareAddress: Buffer.alloc(8) },
			],
			[AF_NETLINK, { pid: 0, groups: 0xffffffff }],
			[AF_VSOCK, { cid: 0xffffffff, port: 0xffffffff }],
			[AF_CAN, { family: AF_CAN, bytes: new Uint8Array(126) }],
			[AF_INET, { family: AF_INET, bytes: new Uint8Array(14) }],
		];
		for (const [family, address] of good) check(family, address);
	});

	it("names the member that is out of range, and what it may be", () => {
		const bad: [number, unknown, RegExp][] = [
			[AF_INET, { host, port: 65536 }, /^port must be an integer from 0 to 65535, not 65536$/],
			[AF_INET, { host, port: -1 }, /port .*-1/],
			[AF_INET, { host, port: 1.5 }, /port .*1\.5/],
			[AF_INET, { host, port: Number.NaN }, /port .*NaN/],
			[AF_INET6, { host, port: Number.POSITIVE_INFINITY }, /port .*Infinity/],
			[AF_INET, { host: "a\0b", port: 1 }, /host must not contain a NUL; there is one at 1/],
			[AF_INET6, { host, port: 1, flowinfo: 1048576 }, /flowinfo .* 1048575/],
			[AF_INET6, { host, port: 1, scopeId: 2 ** 32 }, /scopeId .* 4294967295/],
			[AF_INET6, { host, port: 1, scopeId: -1 }, /scopeId/],
			[AF_UNIX, "a".repeat(108), /at most 107 bytes, not 108: "aaa/],
			[AF_UNIX, "é".repeat(54), /at most 107 bytes, not 108/],
			[AF_UNIX, `\0${"a".repeat(108)}`, /at most 107 bytes after its NUL, not 108/],
			[AF_UNIX, "/tmp/a\0b", /NUL; there is one at 6/],
			[AF_UNIX, "/tmp/\ud800", /lone surrogate/],
			[AF_PACKET, { interface: "lo\0", protocol: 3 }, /interface must not contain a NUL/],
			[AF_PACKET, { interface: -1, protocol: 3 }, /interface/],
			[AF_PACKET, { interface: "lo", protocol: 65536 }, /protocol/],
			[AF_PACKET, { interface: "lo", protocol: 3, packetType: 256 }, /packetType/],
			[AF_PACKET, { interface: "lo", protocol: 3, hardwareType: -1 }, /hardwareType/],
			[
				AF_PACKET,
				{ interface: "lo", protocol: 3, hardwareAddress: new Uint8Array(9) },
				/at most 8 bytes, not 9/,
			],
			[AF_NETLINK, { pid: -1, groups: 0 }, /pid/],
			[AF_NETLINK, { pid: 0, groups: 2 ** 32 }, /groups/],
			[AF_VSOCK, { cid: -1, port: 0 }, /cid/],
			[AF_VSOCK, { cid: 1, port: 2 ** 32 }, /port must be an integer from 0 to 4294967295/],
			[AF_CAN, { family: AF_CAN, bytes: new Uint8Array(127) }, /at most 126 bytes, not 127/],
			[AF_CAN, { family: AF_INET, bytes: new Uint8Array(14) }, /family 2 and the socket of family 29/],
		];
		for (const [family, address, message] of bad) {
			assert.throws(() => check(family, address), { name: "RangeError", message }, JSON.stringify(address));
		}
	});

	it("refuses members of a wrong type", () => {
		const bad: [number, unknown, RegExp][] = [
			[AF_INET, { host, port: "80" }, /port must be a number, not a string/],
			[AF_INET, { host }, /port must be a number, not undefined/],
			[AF_INET, { host: 1, port: 1 }, /host must be a string, not a number/],
			[AF_INET6, { host: null, port: 1 }, /host must be a string, not null/],
			[AF_INET6, { host, port: 1, flowinfo: 1n }, /flowinfo must be a number, not a bigint/],
			[
				AF_PACKET,
				{ interface: undefined, protocol: 1 },
				/interface must be a name or an index, not undefined/,
			],
			[AF_PACKET, { interface: "lo" }, /protocol must be a number/],
			[
				AF_PACKET,
				{ interface: "lo", protocol: 3, hardwareAddress: "00:11" },
				/hardwareAddress must be a Uint8Array/,
			],
			[AF_NETLINK, { groups: 0 }, /pid must be a number/],
			[AF_VSOCK, { cid: 1 }, /port must be a number/],
			[AF_CAN, { family: "AF_CAN", bytes: new Uint8Array(2) }, /family must be a number/],
			[AF_CAN, { family: AF_CAN, bytes: [1, 2] }, /bytes must be a Uint8Array, not an array/],
		];
		for (const [family, address, message] of bad) {
			assert.throws(() => check(family, address), { name: "TypeError", message }, String(message));
		}
	});

	it("says which shape the family wants when it is given another family's", () => {
		const bad: [number, unknown, RegExp][] = [
			[AF_INET, "/tmp/x", /^AF_INET takes \{ host, port \}, not a string$/],
			[AF_INET, [host, 80], /AF_INET takes \{ host, port \}, not an array/],
			[AF_INET, undefined, /not undefined/],
			[AF_INET, null, /not null/],
			[AF_INET, {}, /not an empty object/],
			[
				AF_INET6,
				{ cid: 1, port: 1 },
				/AF_INET6 takes \{ host, port, flowinfo\?, scopeId\? \}, not \{ cid, port \}/,
			],
			[AF_UNIX, { host, port: 80 }, /AF_UNIX takes a path as a string, not \{ host, port \}/],
			[AF_UNIX, Buffer.from("/tmp/x"), /AF_UNIX takes a path as a string, not bytes/],
			[AF_PACKET, { pid: 0, groups: 0 }, /AF_PACKET takes \{ interface, protocol \}/],
			[AF_NETLINK, { pid: 0 }, /AF_NETLINK takes \{ pid, groups \}, not \{ pid \}/],
			[AF_VSOCK, { host, port: 1 }, /AF_VSOCK takes \{ cid, port \}/],
			[
				AF_CAN,
				{ host, port: 1 },
				/a socket of family 29 takes \{ family: 29, bytes \}, not \{ host, port \}/,
			],
			[AF_CAN, "can0", /family 29 .* not a string/],
		];
		for (const [family, address, message] of bad) {
			assert.throws(() => check(family, address), { name: "TypeError", message }, String(message));
		}
	});
});
