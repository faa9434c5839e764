/**
 * Readiness as Python tells it: sockets and pipes are brought into the same states here and there, and every way to
 * ask must give the same answer.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
	AF_INET,
	AF_UNIX,
	createServer,
	MSG_OOB,
	SHUT_RD,
	SHUT_WR,
	SO_LINGER,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	SocketError,
	socketpair,
} from "../src/index.js";
import {
	EpollSelector,
	EVENT_READ,
	EVENT_WRITE,
	epoll,
	PollSelector,
	poll,
	type SelectorEvent,
	SelectSelector,
	select,
	selectSync,
} from "../src/select/index.js";
import { askPython, noPython } from "./support/oracles.js";
import { type End, pipe } from "./support/pipes.js";

const everything = 0x27df;

/** A kind of descriptor, and what is done with the two ends before one is looked at. */
interface State {
	kind: string;
	steps: string[];
	/** Seconds to wait before the look. */
	settle: number;
}

const script = `
import select, selectors, struct, os, time
from socket import *
def make(kind):
    if kind == "stream": return socketpair()
    if kind == "seqpacket": return socketpair(AF_UNIX, SOCK_SEQPACKET)
    if kind == "dgram": return socketpair(AF_UNIX, SOCK_DGRAM)
    if kind == "fresh": return socket(AF_INET, SOCK_STREAM), socket(AF_INET, SOCK_DGRAM)
    if kind == "udp":
        pair = socket(AF_INET, SOCK_DGRAM), socket(AF_INET, SOCK_DGRAM)
        for each in pair: each.bind(("127.0.0.1", 0))
        pair[0].connect(pair[1].getsockname()); pair[1].connect(pair[0].getsockname())
        return pair
    if kind in ("reading", "writing"):
        class End:
            def __init__(self, fd): self.fd = fd
            def fileno(self): return self.fd
            def close(self):
                if self.fd >= 0: os.close(self.fd)
                self.fd = -1
            def send(self, data): os.write(self.fd, data)
            def recv(self, size): os.read(self.fd, size)
        r, w = map(End, os.pipe2(os.O_NONBLOCK))
        return (r, w) if kind == "reading" else (w, r)
    with create_server(("127.0.0.1", 0)) as listener:
        if kind == "listening":
            client = create_connection(listener.getsockname())
            return listener.dup(), client
        client = create_connection(listener.getsockname())
        return client, listener.accept()[0]
def look(one):
    p = select.poll(); p.register(one, 0x27df)
    with select.epoll() as e:
        e.register(one, 0x27df)
        masks = [[mask for _, mask in p.poll(0)], [mask for _, mask in e.poll(0)]]
    lists = [len(each) for each in select.select([one], [one], [one], 0)]
    events = []
    for kind in selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector:
        for mask in 1, 2, 3:
            with kind() as s:
                s.register(one, mask)
                events.append([mask for _, mask in s.select(0)])
    return [masks, lists, events]
def answer(state):
    a, b = make(state["kind"])
    said = []
    try:
        for each in a, b:
            if hasattr(each, "setblocking"): each.setblocking(False)
        for step in state["steps"]:
            who, what = step.split()
            one = a if who == "a" else b
            try:
                if what == "send": one.send(b"data")
                elif what == "urgent": one.send(b"!", MSG_OOB)
                elif what == "recv": one.recv(100)
                elif what == "shut_rd": one.shutdown(SHUT_RD)
                elif what == "shut_wr": one.shutdown(SHUT_WR)
                elif what == "reset":
                    one.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0)); one.close()
                elif what == "close": one.close()
                said.append(0)
            except OSError as error: said.append(error.errno)
        time.sleep(state["settle"])
        return [said, look(a)]
    finally:
        a.close(); b.close()
`;

type Side = Socket | End;

function make(kind: string): [Side, Side] {
	switch (kind) {
		case "stream":
			return socketpair();
		case "seqpacket":
			return socketpair(AF_UNIX, SOCK_SEQPACKET);
		case "dgram":
			return socketpair(AF_UNIX, SOCK_DGRAM);
		case "fresh":
			return [new Socket(AF_INET, SOCK_STREAM), new Socket(AF_INET, SOCK_DGRAM)];
		case "udp": {
			const one = new Socket(AF_INET, SOCK_DGRAM);
			const other = new Socket(AF_INET, SOCK_DGRAM);
			for (const each of [one, other]) each.bind({ host: "127.0.0.1", port: 0 });
			one.connectSync(other.getsockname());
			other.connectSync(one.getsockname());
			return [one, other];
		}
		case "reading":
			return pipe();
		case "writing":
			return pipe().reverse() as [End, End];
		default: {
			using listener = createServer({ host: "127.0.0.1", port: 0 });
			const client = new Socket(AF_INET, SOCK_STREAM);
			client.connectSync(listener.getsockname());
			return kind === "listening" ? [listener.dup(), client] : [client, listener.acceptSync()[0]];
		}
	}
}

/** Gives 0, or the errno. */
function perform(one: Side, what: string): number {
	if (!(one instanceof Socket)) {
		if (what === "close") one.close();
		else return Math.max(-(what === "send" ? one.write("data") : one.read(100)), 0);
		return 0;
	}
	try {
		if (what === "send") one.sendSync("data");
		else if (what === "urgent") one.sendSync("!", MSG_OOB);
		else if (what === "recv") one.recvSync(100);
		else if (what === "shut_rd") one.shutdown(SHUT_RD);
		else if (what === "shut_wr") one.shutdown(SHUT_WR);
		else {
			if (what === "reset") one.setsockopt(SOL_SOCKET, SO_LINGER, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
			one.close();
		}
		return 0;
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		return -error.errno;
	}
}

const masks = (found: SelectorEvent[]): number[] => found.map(([, mask]) => mask);

/** What each way to ask tells of a descriptor. */
async function look(one: Side, awaited: boolean): Promise<unknown> {
	const polling = poll();
	polling.register(one, everything);
	using watching = epoll();
	watching.register(one, everything);
	const results = [polling, watching].map(async (each) => (awaited ? each.poll(0) : each.pollSync(0)));
	const told = (await Promise.all(results)).map((found) => found.map(([, mask]) => mask));
	const lists = awaited ? await select([one], [one], [one], 0) : selectSync([one], [one], [one], 0);
	const events: number[][] = [];
	for (const Selector of [SelectSelector, PollSelector, EpollSelector]) {
		for (const mask of [EVENT_READ, EVENT_WRITE, EVENT_READ | EVENT_WRITE]) {
			using selector = new Selector();
			selector.register(one, mask);
			events.push(masks(awaited ? await selector.select(0) : selector.selectSync(0)));
		}
	}
	return [told, lists.map((list) => list.length), events];
}

async function answer({ kind, steps, settle }: State): Promise<unknown> {
	const [a, b] = make(kind);
	for (const each of [a, b]) if (each instanceof Socket) each.setblocking(false);
	const said = steps.map((step) => {
		const [who, what] = step.split(" ") as [string, string];
		return perform(who === "a" ? a : b, what);
	});
	if (settle > 0) await sleep(settle * 1000);
	const seen = [said, await look(a, false)];
	assert.deepEqual([said, await look(a, true)], seen, `the two forms differ: ${kind}, ${steps.join(", ")}`);
	a.close();
	b.close();
	return seen;
}

/** Every sequence of at most so many steps; none goes on after an end is closed. */
function sequences(steps: readonly string[], length: number): string[][] {
	if (length === 0) return [[]];
	const shorter = sequences(steps, length - 1);
	const longer = shorter
		.filter((each) => each.length === length - 1 && !/close|reset/.test(each.at(-1) ?? ""))
		.flatMap((each) => steps.map((step) => [...each, step]));
	return [...shorter, ...longer];
}

const ofSockets = ["b send", "a recv", "a shut_rd", "a shut_wr", "b shut_rd", "b shut_wr", "b close"];
const ofPipes = ["a send", "b send", "a recv", "b recv", "b close"];
const kinds: Record<string, [steps: string[], length: number]> = {
	stream: [ofSockets, 3],
	seqpacket: [ofSockets, 2],
	dgram: [ofSockets, 2],
	udp: [[...ofSockets, "a send"], 2],
	connection: [[...ofSockets, "b urgent", "b reset"], 3],
	reading: [ofPipes.filter((step) => !/a send|b recv/.test(step)), 3],
	writing: [ofPipes.filter((step) => !/b send|a recv/.test(step)), 3],
	fresh: [["a shut_wr", "a recv"], 1],
	listening: [["b close", "b send", "a shut_rd"], 1],
};

describe("what is ready is what Python says", { skip: noPython }, () => {
	const states = new Map<string, State[]>();
	let theirs: unknown[] = [];
	before(() => {
		for (const [kind, [steps, length]] of Object.entries(kinds)) {
			states.set(
				kind,
				sequences(steps, length).map((each) => ({ kind, steps: each, settle: 0 })),
			);
		}
		theirs = askPython(script, [...states.values()].flat());
	});
	after(() => states.clear());
	let next = 0;
	for (const kind of Object.keys(kinds)) {
		test(`of ${kind} in every state that a few steps lead to`, async () => {
			const doubtful: State[] = [];
			for (const state of states.get(kind) ?? []) {
				const expected = JSON.stringify(theirs[next++]);
				if (JSON.stringify(await answer(state)) !== expected) doubtful.push({ ...state, settle: 0.1 });
			}
			// What a machine under load had not delivered yet is looked at again.
			if (doubtful.length === 0) return;
			const again = askPython(script, doubtful);
			for (const [at, state] of doubtful.entries()) {
				assert.deepEqual(await answer(state), again[at], `${kind}: ${state.steps.join(", ")}`);
			}
		});
	}
});
