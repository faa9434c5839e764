/**
 * Where the library deliberately answers otherwise than Python's socket module: what each gives, and why.
 */
import type { Outcome } from "./scenario.js";

export interface Difference {
	reason: string;
	python: Outcome;
	ours: Outcome;
}

export const differences: Record<string, Difference> = {
	"connecting again after a connection": {
		reason: "a connection that is made is made, with a timeout too, where Linux first has to be asked again",
		python: { value: 0 },
		ours: { value: "EISCONN" },
	},
	"connecting again after a refusal": {
		reason:
			"a socket with a timeout can try again as a blocking one can, where Linux first has to be asked again",
		python: { value: "ECONNABORTED" },
		ours: { value: "ECONNREFUSED" },
	},
	"descriptors are closed on exec": {
		reason: "recvmsg() asks for MSG_CMSG_CLOEXEC, so that a child that is started meanwhile inherits nothing",
		python: { value: ["text:xyz", ["file 1", "file 2", "file 3"], [true, true, true], 0, null] },
		ours: { value: ["text:xyz", ["file 1", "file 2", "file 3"], [false, false, false], 0, null] },
	},
	"a host that does not resolve": {
		reason:
			"createServer() gives bind()'s error as it is; Python makes an OSError with the number of EAI_* of it",
		python: { error: "SocketError", code: null },
		ours: { error: "GaiError", code: "EAI_ADDRFAMILY" },
	},
	"a negative length of an option": {
		reason:
			"what is out of range is a RangeError before any system call; Python has an OSError without errno",
		python: { error: "SocketError", code: null },
		ours: { error: "RangeError" },
	},
	"a path that is too long": {
		reason:
			"what is out of range is a RangeError before any system call; Python has an OSError without errno",
		python: { error: "SocketError", code: null },
		ours: { error: "RangeError" },
	},
	"a zone in a host": {
		reason: "a zone chooses the interface; Python passes over it, and the multicast address then has none",
		python: { error: "SocketError", code: "EINVAL" },
		ours: { error: "SocketError", code: "ENETUNREACH" },
	},
	"an option of more than 1024 bytes": {
		reason: "Python's limit is a fixed one; some options (packet filters, interface lists) are longer",
		python: { error: "SocketError", code: null },
		ours: { value: "hex:01000000" },
	},
	"an option of no length": {
		reason: "the form of the answer follows from whether there is a length: 0 is a length, and gives bytes",
		python: { value: 1 },
		ours: { value: "text:" },
	},
	"misuse of a family is a TypeError": {
		reason: "Python has one error for every bad value; a TypeError tells a wrong kind from a wrong range",
		python: { error: "RangeError" },
		ours: { error: "TypeError" },
	},
	"non-blocking underneath": {
		reason: "every descriptor is non-blocking, so that both twins work on any socket; the timeout is ours",
		python: { value: false },
		ours: { value: true },
	},
	"receiving into no room": {
		reason: "recv(0) is a system call as any other, which takes a datagram; Python answers without a call",
		python: { value: "text:abc" },
		ours: { error: "BlockingIOError", code: "EAGAIN" },
	},
	"sending a file over what is no stream": {
		reason: "Python has one error for every bad value; a TypeError tells a wrong kind from a wrong range",
		python: { error: "RangeError" },
		ours: { error: "TypeError" },
	},
	"sending what is no regular file": {
		reason: "Python falls back to reading and sending; sendfile(2) is for regular files, and so is ours",
		python: { value: 0 },
		ours: { error: "TypeError" },
	},
	"the position of a file that was sent": {
		reason: "the offset is given, so the file's own position is neither used nor moved",
		python: { value: 5 },
		ours: { value: 0 },
	},
};
