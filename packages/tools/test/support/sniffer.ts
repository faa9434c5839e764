/**
 * Prints every IP packet that comes in through an interface, in hexadecimal: run as a program in a host.
 */
import { AF_PACKET, PACKET_HOST, SOCK_DGRAM, Socket } from "berkeley";

const everything = 3; // ETH_P_ALL
const [device = ""] = process.argv.slice(2);
using socket = new Socket(AF_PACKET, SOCK_DGRAM, everything);
socket.bind({ interface: device, protocol: everything });
console.log("ready");
for (;;) {
	const [data, { packetType }] = await socket.recvfrom(65536);
	if (packetType === PACKET_HOST) console.log(data.toString("hex"));
}
