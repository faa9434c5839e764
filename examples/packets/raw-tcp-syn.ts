/**
 * Asks a port to open a connection, with headers of IP and TCP that are written byte by byte, and shows the answer.
 * It needs CAP_NET_RAW. The kernel, which knows nothing of it, resets the connection that is offered.
 *
 *   sudo node raw-tcp-syn.js 127.0.0.1 6969
 */
import { AF_INET, IPPROTO_TCP, inetAton, ip, SOCK_DGRAM, SOCK_RAW, Socket } from "berkeley";
import { checksum, dissect, ipv4, TH_ACK, TH_RST, TH_SYN, tcp } from "berkeley/packet";

const [host = "127.0.0.1", port = "6969", timeout = "2000"] = process.argv.slice(2);
const destinationPort = Number(port);
const sourcePort = 49152 + Math.floor(Math.random() * 16384);
const sequence = 454;

// Which of its addresses this machine sends from: a connected UDP socket knows it, and sends nothing.
using guide = new Socket(AF_INET, SOCK_DGRAM);
await guide.connect({ host, port: 9 });
const { host: source } = guide.getsockname();
const { host: destination } = guide.getpeername();

// RFC 791, section 3.1.
const header = Buffer.alloc(20);
header.writeUInt8(0x45, 0); // version 4, five words of header
header.writeUInt8(0, 1); // type of service
header.writeUInt16BE(40, 2); // total length
header.writeUInt16BE(54321, 4); // identification
header.writeUInt16BE(0, 6); // flags and fragment offset
header.writeUInt8(255, 8); // time to live
header.writeUInt8(IPPROTO_TCP, 9);
header.set(inetAton(source), 12);
header.set(inetAton(destination), 16);
header.writeUInt16BE(checksum(header), 10); // the kernel would fill it in as well

// RFC 9293, section 3.1.
const segment = Buffer.alloc(20);
segment.writeUInt16BE(sourcePort, 0);
segment.writeUInt16BE(destinationPort, 2);
segment.writeUInt32BE(sequence, 4);
segment.writeUInt32BE(0, 8); // acknowledgment
segment.writeUInt8(5 << 4, 12); // five words of header
segment.writeUInt8(TH_SYN, 13);
segment.writeUInt16BE(5840, 14); // window

// TCP's checksum is of a header that is never sent, too: addresses, protocol and length.
const pseudo = Buffer.alloc(12);
pseudo.set(inetAton(source), 0);
pseudo.set(inetAton(destination), 4);
pseudo.writeUInt8(IPPROTO_TCP, 9);
pseudo.writeUInt16BE(segment.length, 10);
segment.writeUInt16BE(checksum(Buffer.concat([pseudo, segment])), 16);

using socket = new Socket(AF_INET, SOCK_RAW, IPPROTO_TCP);
socket.set(ip.hdrincl, true);
await socket.sendto(Buffer.concat([header, segment]), { host: destination, port: 0 });
console.log(`sent: ${source} > ${destination}:${port} SYN seq ${sequence}`);

const signal = AbortSignal.timeout(Number(timeout));
for (;;) {
	// A raw socket gets a copy of every TCP packet that comes to this machine, header of IP included.
	const packet = dissect(await socket.recv(65535, 0, { signal }), { first: ipv4 });
	const reply = packet.get(tcp);
	if (packet.get(ipv4)?.source !== destination || reply?.sourcePort !== destinationPort) continue;
	if (reply.destinationPort !== sourcePort || (reply.flags & TH_ACK) === 0) continue;
	const verdict = (reply.flags & TH_RST) !== 0 ? "RST,ACK: closed" : "SYN,ACK: open";
	console.log(`received: ${destination}:${port} > ${source} ack ${reply.acknowledgment} ${verdict}`);
	break;
}
