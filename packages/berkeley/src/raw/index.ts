/**
 * `berkeley/raw`: packets of one's own making, sent at the network and the link layer, and what answers them.
 */
export type { CapturedInterface, CapturedPacket, CapturedVlan, Direction } from "../capture/captured.js";
export type {
	Answer,
	AnswerDetails,
	Exchange,
	NoAnswer,
	NoAnswerDetails,
	Refused,
	RefusedDetails,
} from "./exchange.js";
export type { SendOptions, SendpOptions, SrOptions, SrpOptions } from "./options.js";
export type { Many, OutgoingFrame, OutgoingPacket, WithoutSource } from "./packets.js";
export { answerFilter } from "./replyfilter.js";
export { send, sendp } from "./send.js";
export { type Answers, sr, sr1, srIter, srp, srp1, srpIter } from "./sr.js";
