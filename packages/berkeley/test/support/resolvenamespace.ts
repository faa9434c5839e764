/**
 * Runs in mount, network and UTS namespaces of its own, with its own /etc/hosts and with a name server in this
 * very process, at 127.0.0.1:53: a look-up that blocked the thread would never be answered.
 * Writes what it saw as one line of JSON.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { SocketError } from "../../src/errors.js";
import * as resolve from "../../src/resolve/index.js";
import { AI_CANONNAME, NI_NOFQDN, SOCK_STREAM } from "../../src/sys/linux/constants/index.js";
import { noPython } from "./oracles.js";
import { evaluateAside, type PythonResult } from "./pysocket.js";

const TYPE_A = 1;
const TYPE_CNAME = 5;
const TYPE_PTR = 12;
const TYPE_AAAA = 28;
const SERVFAIL = 2;
const NXDOMAIN = 3;

interface Entry {
	type: number;
	data: Buffer;
}

function name(text: string): Buffer {
	const labels = text.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
	return Buffer.concat([...labels, Buffer.from([0])]);
}

const zone: Record<string, Entry[]> = {
	"many.test": Array.from({ length: 20 }, (_, i) => ({
		type: TYPE_A,
		data: Buffer.from([192, 0, 2, i + 1]),
	})),
	"alias.test": [{ type: TYPE_CNAME, data: name("many.test") }],
	"slow.test": [{ type: TYPE_A, data: Buffer.from([192, 0, 2, 99]) }],
	"only6.test": [{ type: TYPE_AAAA, data: Buffer.from("20010db8000000000000000000000001", "hex") }],
	"xn--bcher-kva.test": [{ type: TYPE_A, data: Buffer.from([192, 0, 2, 77]) }],
	"7.2.0.192.in-addr.arpa": [{ type: TYPE_PTR, data: name("seven.test") }],
};
for (let i = 0; i < 100; i++) zone[`n${i}.test`] = [{ type: TYPE_A, data: Buffer.from([192, 0, 3, i]) }];

function answer(query: Buffer): Buffer {
	let end = 12;
	const labels: string[] = [];
	for (let size = query[end] ?? 0; size > 0; size = query[end] ?? 0) {
		labels.push(query.toString("latin1", end + 1, end + 1 + size).toLowerCase());
		end += size + 1;
	}
	end += 5;
	const type = query.readUInt16BE(end - 4);
	const owner = labels.join(".");
	const records = [...(zone[owner] ?? [])];
	if (owner === "alias.test") records.push(...(zone["many.test"] ?? []));
	const chosen = records.filter((each) => each.type === type || each.type === TYPE_CNAME);
	const failure = owner === "fail.test" ? SERVFAIL : records.length === 0 ? NXDOMAIN : 0;
	const header = Buffer.alloc(12);
	query.copy(header, 0, 0, 2);
	header.writeUInt16BE(0x8580 | failure, 2);
	header.writeUInt16BE(1, 4);
	header.writeUInt16BE(chosen.length, 6);
	// An answer names the question, at offset 12; those behind an alias name its target, in the alias's data.
	const targetAt = end + 12;
	const answers = chosen.map(({ type, data }, index) => {
		const head = Buffer.alloc(12);
		const aliased = owner === "alias.test" && index > 0;
		head.writeUInt16BE(0xc000 | (aliased ? targetAt : 12), 0);
		head.writeUInt16BE(type, 2);
		head.writeUInt16BE(1, 4);
		head.writeUInt32BE(60, 6);
		head.writeUInt16BE(data.length, 10);
		return Buffer.concat([head, data]);
	});
	return Buffer.concat([header, query.subarray(12, end), ...answers]);
}

const held: (() => void)[] = [];
let holding = false;
let questions = 0;
const server = createSocket("udp4", (query, peer) => {
	questions++;
	const reply = () => server.send(answer(query), peer.port, peer.address);
	if (query.includes("slow") && holding) {
		held.push(reply);
		server.emit("held");
	} else reply();
});
server.bind(53, "127.0.0.1");
await once(server, "listening");

async function attempt(operation: () => Promise<unknown>): Promise<PythonResult> {
	try {
		return { value: await operation() };
	} catch (error) {
		if (error instanceof SocketError) return { errno: error.errno };
		throw error;
	}
}

const hosts = ["many.test", "alias.test", "only6.test", "fail.test", "gone.test", "box", "b2", "crowd"];
const comparisons: [python: string, ours: () => Promise<unknown>][] = [];
for (const host of hosts) {
	const quoted = JSON.stringify(host);
	comparisons.push(
		[
			`[[i[0], i[3], i[4][0]] for i in getaddrinfo(${quoted}, 80, type=SOCK_STREAM, flags=AI_CANONNAME)]`,
			async () =>
				(await resolve.getaddrinfo(host, 80, { type: SOCK_STREAM, flags: AI_CANONNAME })).map((each) => [
					each.family,
					each.canonname,
					each.address.host,
				]),
		],
		[`gethostbyname(${quoted})`, () => resolve.gethostbyname(host)],
		[`gethostbyname_ex(${quoted})`, () => resolve.gethostbynameEx(host)],
		[`gethostbyaddr(${quoted})`, () => resolve.gethostbyaddr(host)],
		[`getfqdn(${quoted})`, () => resolve.getfqdn(host)],
	);
}
for (const host of ["192.0.2.7", "192.0.2.50", "192.0.2.60", "2001:db8::50", "192.0.2.200", "::1"]) {
	comparisons.push(
		[`gethostbyaddr("${host}")`, () => resolve.gethostbyaddr(host)],
		[`getfqdn("${host}")`, () => resolve.getfqdn(host)],
		[`getnameinfo(("${host}", 80), 0)`, () => resolve.getnameinfo({ host, port: 80 })],
		[`getnameinfo(("${host}", 80), NI_NOFQDN)`, () => resolve.getnameinfo({ host, port: 80 }, NI_NOFQDN)],
	);
}
comparisons.push([`gethostbyname("b\\u00fccher.test")`, () => resolve.gethostbyname("bücher.test")]);

const ours: PythonResult[] = [];
for (const [, operation] of comparisons) ours.push(await attempt(operation));
const theirs = noPython ? null : await evaluateAside(comparisons.map(([python]) => python));

const hundred = await Promise.all(Array.from({ length: 100 }, (_, i) => resolve.gethostbyname(`n${i}.test`)));

// An aborted look-up is given up while the server still holds its answer, and the next one works.
holding = true;
const controller = new AbortController();
const reason = new Error("enough");
const slow = resolve.gethostbyname("slow.test", { signal: controller.signal });
await once(server, "held");
controller.abort(reason);
const rejected = await slow.then(
	() => false,
	(error) => error === reason,
);
const stillHeld = held.length;
const meanwhile = await resolve.gethostbyname("n5.test");
holding = false;
for (const reply of held) reply();
const afterwards = await resolve.gethostbyname("slow.test");

// Look-ups that wait in the queue and are aborted there never reach the server.
holding = true;
held.length = 0;
const begun = Array.from({ length: 64 }, () => resolve.gethostbyname("slow.test"));
const queued = new AbortController();
const before = questions;
const never = Array.from({ length: 10 }, (_, i) =>
	resolve.gethostbyname(`n${i}.test`, { signal: queued.signal }),
);
queued.abort(reason);
const queueRejected = (await Promise.allSettled(never)).every(
	(each) => each.status === "rejected" && each.reason === reason,
);
if (held.length === 0) await once(server, "held");
holding = false;
for (const reply of held) reply();
const finished = await Promise.all(begun);
const askedInQueue = questions - before - finished.length;

resolve.sethostname("berkeley-\u{1f40c}");
const renamed = resolve.gethostname();
resolve.sethostname(Buffer.from([0x61, 0xff]));
const renamedByBytes = resolve.gethostname();

server.close();
process.stdout.write(
	JSON.stringify({
		comparisons: comparisons.map(([python], i) => ({ python, ours: ours[i], theirs: theirs?.[i] })),
		hundred,
		abort: { rejected, stillHeld, meanwhile, afterwards },
		queue: { rejected: queueRejected, asked: askedInQueue },
		renamed,
		renamedByBytes: [...renamedByBytes].map((each) => each.charCodeAt(0)),
	}),
);
