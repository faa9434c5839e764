/** Answers questions of ARP in one VLAN of an interface: vlananswers INTERFACE MAC ADDRESS VID. */
import { AF_PACKET, CMSG_SPACE, ETH_P_ALL, packet, SOCK_RAW, Socket } from "../../src/index.js";
import { arp, dissect, ethernet, vlan } from "../../src/packet/index.js";
import { sendp } from "../../src/raw/index.js";

const [name = "", mac = "", address = "", vid = ""] = process.argv.slice(2);
using socket = new Socket(AF_PACKET, SOCK_RAW);
socket.set(packet.auxdata, true);
socket.bind({ interface: name, protocol: ETH_P_ALL });
console.log("ready");
for (;;) {
	const { data, ancillary } = await socket.recvmsg(2048, CMSG_SPACE(20));
	const auxdata = ancillary.find((message) => message.name === "PACKET_AUXDATA");
	const tci = auxdata?.name === "PACKET_AUXDATA" ? auxdata.value?.vlanTci : undefined;
	const question = dissect(data).get(arp)?.toValue();
	if (tci === undefined || (tci & 0xfff) !== Number(vid) || question?.operation !== 1) continue;
	const { senderHardwareAddress, senderProtocolAddress } = question;
	await sendp(
		[
			ethernet({ destination: String(senderHardwareAddress), source: mac }),
			vlan({ vid: Number(vid), pcp: 1 }),
			arp({
				operation: 2,
				senderHardwareAddress: mac,
				senderProtocolAddress: address,
				targetHardwareAddress: senderHardwareAddress,
				targetProtocolAddress: senderProtocolAddress,
			}),
		],
		{ interface: name },
	);
}
