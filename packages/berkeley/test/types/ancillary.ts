/**
 * Ancillary messages: the name decides the type of the value.
 */
import {
	AF_UNIX,
	type AncillaryMessage,
	type Credentials,
	type Inet4PacketInfo,
	recvFds,
	SCM_RIGHTS,
	SOCK_DGRAM,
	SOL_SOCKET,
	Socket,
	sendFds,
} from "../../src/index.js";
import { holds, type Same } from "./support.js";

export function narrow(message: AncillaryMessage): void {
	message.level satisfies number;
	message.type satisfies number;
	message.data satisfies Buffer;
	if (message.name === "SCM_RIGHTS") {
		holds<Same<typeof message.value, number[] | undefined>>();
	} else if (message.name === "SCM_CREDENTIALS") {
		holds<Same<typeof message.value, Credentials | undefined>>();
	} else if (message.name === "IP_PKTINFO") {
		holds<Same<typeof message.value, Inet4PacketInfo | undefined>>();
	} else if (message.name === "IP_TTL") {
		holds<Same<typeof message.value, number | undefined>>();
	} else if (message.name === undefined) {
		holds<Same<typeof message.value, undefined>>();
	}
	// @ts-expect-error no kind has this name
	if (message.name === "SCM_RIGHT") return;
	// @ts-expect-error not before the name is known
	message.value satisfies number[] | undefined;
}

export async function send(socket: Socket<typeof AF_UNIX>): Promise<void> {
	await socket.sendmsg(["x"], [{ level: SOL_SOCKET, type: SCM_RIGHTS, value: [0, 1] }]);
	await socket.sendmsg(["x"], [{ level: 1, type: 2, data: new Uint8Array(4) }]);
	await socket.sendmsg(["x"], (await socket.recvmsg(1, 100)).ancillary);
	// @ts-expect-error descriptors are numbers or have fileno()
	await socket.sendmsg(["x"], [{ level: SOL_SOCKET, type: SCM_RIGHTS, value: ["file"] }]);
	// @ts-expect-error no level
	await socket.sendmsg(["x"], [{ type: SCM_RIGHTS, value: [0] }]);
	await sendFds(socket, ["x"], [0, socket]);
	holds<Same<Awaited<ReturnType<typeof recvFds>>["fds"], number[]>>();
	await recvFds(new Socket(AF_UNIX, SOCK_DGRAM), 1, 1);
}
