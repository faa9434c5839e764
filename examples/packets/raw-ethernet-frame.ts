/**
 * A frame of Ethernet with a protocol of our own, from one interface to another: no IP, no ports, no kernel in
 * between. Both ends need CAP_NET_RAW.
 *
 *   sudo node raw-ethernet-frame.js receive eth1
 *   sudo node raw-ethernet-frame.js send eth0 ff:ff:ff:ff:ff:ff 'hello frame'
 */
import { AF_PACKET, formatMac, parseMac, SOCK_RAW, Socket } from "berkeley";
import { dissect, ETHERTYPE_LOCAL_EXPERIMENTAL, ethernet } from "berkeley/packet";

const [action = "", name = "", destination = "ff:ff:ff:ff:ff:ff", text = "hello frame"] =
	process.argv.slice(2);
/** For experiments in one's own network, IEEE 802: 0x88b5. */
const protocol = ETHERTYPE_LOCAL_EXPERIMENTAL;

if (action === "receive") {
	// A socket for all protocols, ETH_P_ALL, would see every frame, those that this machine sends included.
	using socket = new Socket(AF_PACKET, SOCK_RAW);
	socket.bind({ interface: name, protocol });
	console.log(`waiting at ${name}`);
	const frame = dissect(await socket.recv(1514));
	const header = frame.get(ethernet);
	console.log(`${header?.source} > ${header?.destination} type 0x${header?.type.toString(16)}`);
	// A short frame comes filled up with zeros.
	console.log(Buffer.from(frame.payload).toString().replace(/\0+$/, ""));
} else if (action === "send") {
	using socket = new Socket(AF_PACKET, SOCK_RAW, 0);
	socket.bind({ interface: name, protocol: 0 });
	// The interface's own address comes with the socket's.
	const { hardwareAddress } = socket.getsockname();
	const source = hardwareAddress ?? new Uint8Array(6);
	const header = Buffer.alloc(14);
	header.set(parseMac(destination), 0);
	header.set(source, 6);
	header.writeUInt16BE(protocol, 12);
	const sent = await socket.send(Buffer.concat([header, Buffer.from(text)]));
	console.log(`sent ${sent} bytes from ${formatMac(source)}`);
} else {
	console.error("usage: raw-ethernet-frame.js receive INTERFACE | send INTERFACE [MAC [TEXT]]");
	process.exitCode = 2;
}
