/**
 * `berkeley/select`: waiting for many descriptors at once, as Python's `select` and `selectors` do.
 */
export * from "../sys/linux/constants/epoll.js";
export * from "../sys/linux/constants/poll.js";
export { Epoll, epoll } from "./epoll.js";
export { Poll, type PollResult, poll } from "./poll.js";
export { type Selected, select, selectSync } from "./select.js";
export {
	BaseSelector,
	DefaultSelector,
	EpollSelector,
	EVENT_READ,
	EVENT_WRITE,
	PollSelector,
	type SelectorData,
	type SelectorEvent,
	type SelectorKey,
	SelectSelector,
} from "./selectors.js";
export type { SelectOptions } from "./wait.js";
export type { Waitable } from "./waitable.js";
