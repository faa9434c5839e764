/**
 * For tests of live captures, in a network namespace of their own: a cable from v1 to v0 on which nobody else speaks.
 */
import { AF_PACKET, SOCK_RAW, Socket } from "../../src/index.js";

/** Makes the cable, and loopback packets quiet: to be run by `sh -e`. */
export const cable = `
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
for name in v0 v1; do
	echo 1 >/proc/sys/net/ipv6/conf/$name/disable_ipv6
	ip link set $name arp off up
done
`;

const own = Uint8Array.of(2, 0, 0, 0, 0, 1);
const sender = Uint8Array.of(2, 0, 0, 0, 0, 2);
/** IEEE 802's EtherType for experiments. */
export const experimental = 0x88b5;

/** A frame that says which one it is. */
export function frameOf(number: number, size = 60, type = experimental, to: Uint8Array = own): Buffer {
	const frame = Buffer.alloc(Math.max(size, 18), number & 255);
	frame.set(to, 0);
	frame.set(sender, 6);
	frame.writeUInt16BE(type, 12);
	frame.writeUInt32BE(number, 14);
	return frame;
}

/** What frameOf() was given. */
export function numberOf(bytes: Uint8Array): number {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32BE(14);
}

/** A UDP packet of a flow in a frame; `number` says which packet of the flow. */
export function flowFrame(flow: number, number: number, back = false): Buffer {
	const frame = Buffer.alloc(60);
	frame.set(own, 0);
	frame.set(sender, 6);
	const hosts = [
		[10, 9, flow >> 8, flow & 255],
		[10, 8, 0, 1],
	];
	const ports = [1000 + flow, 53];
	if (back) {
		hosts.reverse();
		ports.reverse();
	}
	frame.set([8, 0, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, ...hosts.flat()], 12);
	frame.writeUInt16BE(ports[0] as number, 34);
	frame.writeUInt16BE(ports[1] as number, 36);
	frame.writeUInt16BE(26, 38);
	frame.writeUInt32BE(flow, 42);
	frame.writeUInt32BE(number, 46);
	return frame;
}

/** A socket that sends frames out of an interface, and receives none. */
export function frameSender(name = "v1"): Socket<typeof AF_PACKET> {
	const socket = new Socket(AF_PACKET, SOCK_RAW, 0);
	socket.bind({ interface: name, protocol: 0 });
	return socket;
}
