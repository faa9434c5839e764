/**
 * The options of IPPROTO_UDPLITE (udplite(7), RFC 3828), sorted by kernel name.
 */
import * as C from "../sys/linux/constants/index.js";
import { IPPROTO_UDPLITE } from "../sys/linux/constants/index.js";
import { integer } from "./codecs.js";
import { option, type SocketOption } from "./option.js";

/**
 * How many bytes of a datagram its checksum must at least cover: 8 or more, header included; 0 for all of
 * it.
 */
export const recvCscov: SocketOption<number> = option(
	IPPROTO_UDPLITE,
	C.UDPLITE_RECV_CSCOV,
	"UDPLITE_RECV_CSCOV",
	integer(0, 0xffff),
);

/** How many bytes of a datagram the checksum covers: 8 or more, header included; 0 for all of it. */
export const sendCscov: SocketOption<number> = option(
	IPPROTO_UDPLITE,
	C.UDPLITE_SEND_CSCOV,
	"UDPLITE_SEND_CSCOV",
	integer(0, 0xffff),
);
