/**
 * Selectors: what was given comes back with its type, and the data with theirs.
 */
import type { AF_INET, Socket } from "../../src/index.js";
import {
	type BaseSelector,
	DefaultSelector,
	EpollSelector,
	EVENT_READ,
	epoll,
	type PollResult,
	PollSelector,
	poll,
	type SelectorKey,
	SelectSelector,
	select,
	selectSync,
	type Waitable,
} from "../../src/select/index.js";
import { holds, type Same } from "./support.js";

interface Named {
	name: string;
	fileno(): number;
}

export async function lists(sockets: Socket<typeof AF_INET>[], named: Set<Named>, fd: number): Promise<void> {
	const [read, write, except] = await select(sockets, named, [], 100);
	holds<Same<typeof read, Socket<typeof AF_INET>[]>>();
	holds<Same<typeof write, Named[]>>();
	holds<Same<typeof except, never[]>>();
	const [numbers, mixed] = selectSync([fd], [...sockets, fd], new Set<number>(), null);
	holds<Same<typeof numbers, number[]>>();
	holds<Same<typeof mixed, (number | Socket<typeof AF_INET>)[]>>();
	// @ts-expect-error what has no number
	selectSync(["0"], [], []);
	// @ts-expect-error no lists
	selectSync(1, 2, 3);
	// @ts-expect-error three lists are needed
	selectSync([], []);
}

export async function masks(socket: Socket, selector: EpollSelector): Promise<void> {
	const polling = poll();
	polling.register(socket);
	polling.register(selector);
	const [first] = await polling.poll();
	holds<Same<typeof first, PollResult | undefined>>();
	const [[fd, events] = [0, 0]] = epoll().pollSync(100, 5);
	holds<Same<typeof fd | typeof events, number>>();
	// @ts-expect-error a number of events is needed
	polling.modify(socket);
	// @ts-expect-error a select selector has no number
	polling.register(new SelectSelector());
}

export async function selectors(socket: Socket): Promise<void> {
	type Handler = (events: number) => void;
	using selector = new DefaultSelector<Handler>();
	const key = selector.register(socket, EVENT_READ, (events) => {
		holds<Same<typeof events, number>>();
	});
	holds<Same<typeof key, SelectorKey<Handler>>>();
	for (const [{ data, fileobj }, events] of await selector.select(100)) {
		data(events);
		holds<Same<typeof fileobj, Waitable>>();
	}
	// @ts-expect-error its data are needed
	selector.register(socket, EVENT_READ);
	// @ts-expect-error and needed again
	selector.modify(socket, EVENT_READ);
	// @ts-expect-error other data
	selector.register(socket, EVENT_READ, "data");
	// @ts-expect-error a key is not changed
	key.events = 2;

	const optional = new PollSelector<string | undefined>();
	optional.register(socket, EVENT_READ);
	optional.register(socket, EVENT_READ, "data");
	// @ts-expect-error other data
	optional.register(socket, EVENT_READ, 5);

	const unknowing = new EpollSelector();
	unknowing.register(socket, EVENT_READ);
	unknowing.register(3, EVENT_READ, { any: "thing" });
	const [[found] = []] = unknowing.selectSync();
	holds<Same<typeof found, SelectorKey<unknown> | undefined>>();

	const every: BaseSelector<Handler>[] = [new SelectSelector(), new PollSelector(), new EpollSelector()];
	for (const each of every) {
		each.getMap()?.get(socket)?.data satisfies Handler | undefined;
		each.getKey(socket).data satisfies Handler;
	}
}
