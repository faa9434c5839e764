/**
 * The forms of what moves data over connections, over every kind of connection.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AF_UNIX, SHUT_WR, SOCK_SEQPACKET, SOCK_STREAM, Socket } from "../src/index.js";
import { connect, connectedKinds, type Kind, listen, type Pair, unnamedPair } from "./support/kinds.js";
import { aside, whileWaiting } from "./support/peer.js";
import { forms, type Twin } from "./support/twins.js";

interface Connection {
	name: string;
	skip: string | false;
	stream: boolean;
	make(): Pair;
}

const connections: Connection[] = [
	...connectedKinds.map((kind) => ({
		name: kind.name,
		skip: kind.skip,
		stream: kind.type === SOCK_STREAM,
		make: () => connect(kind),
	})),
	{ name: "an unnamed stream pair", skip: false, stream: true, make: () => unnamedPair() },
	{
		name: "an unnamed seqpacket pair",
		skip: false,
		stream: false,
		make: () => unnamedPair(SOCK_SEQPACKET),
	},
];

function connecting(twin: Twin, kind: Kind): void {
	test(`connect() and accept() give two ends that name each other, over ${kind.name}`, {
		skip: kind.skip,
	}, async () => {
		using listener = listen(kind);
		using client = new Socket(kind.family, kind.type);
		assert.equal(await twin.connect(client, listener.getsockname()), undefined);
		const [server, address] = await twin.accept(listener);
		using end = server;
		assert.deepEqual(client.getpeername(), listener.getsockname());
		assert.deepEqual(address, client.getsockname());
		assert.equal(end.family, kind.family);
		assert.equal(end.type, kind.type);
		assert.equal(end.gettimeout(), null);
		assert.equal(end.getInheritable(), false);
	});

	test(`connectEx() gives 0, and accept() waits for who comes, over ${kind.name}`, {
		skip: kind.skip,
	}, async () => {
		using listener = listen(kind);
		using client = new Socket(kind.family, kind.type);
		assert.equal(await twin.connectEx(client, listener.getsockname()), 0);
		(await twin.accept(listener))[0].close();
		const { family, type } = kind;
		const came = whileWaiting({ do: "connect", family, type, address: listener.getsockname(), data: "hi" });
		const [server] = await twin.accept(listener);
		using end = server;
		assert.equal((await twin.recv(end, 10)).toString(), "hi");
		await came;
	});
}

function receiving(twin: Twin, { name, skip, stream, make }: Connection): void {
	test(`recv() gives what is there, then what comes, then nothing, over ${name}`, { skip }, async () => {
		using pair = make();
		const { client, server } = pair;
		await twin.sendall(client, "first");
		assert.equal((await twin.recv(server, 100)).toString(), "first");
		const acted = whileWaiting({ do: "send", fd: client.fileno(), data: "second" });
		assert.equal((await twin.recv(server, 100)).toString(), "second");
		await acted;
		const ended = whileWaiting({ do: "end", fd: client.fileno() });
		assert.equal((await twin.recv(server, 100)).length, 0);
		assert.equal((await twin.recv(server, 100)).length, 0);
		await ended;
		// Half-closed: the other direction still works.
		await twin.sendall(server, "answer");
		assert.equal((await twin.recv(client, 100)).toString(), "answer");
	});

	test(`recvInto() fills the buffer that it is given and no more, over ${name}`, { skip }, async () => {
		using pair = make();
		const buffer = Buffer.alloc(8, "-");
		await twin.sendall(pair.client, "abc");
		assert.equal(await twin.recvInto(pair.server, buffer.subarray(2, 7)), 3);
		assert.equal(buffer.toString(), "--abc---");
		const acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "de" });
		assert.equal(await twin.recvInto(pair.server, new Uint16Array(buffer.buffer, buffer.byteOffset, 2)), 2);
		assert.equal(buffer.toString(), "deabc---");
		await acted;
		pair.client.shutdown(SHUT_WR);
		assert.equal(await twin.recvInto(pair.server, buffer), 0);
	});

	test(`recvfrom() and recvfromInto() receive too, over ${name}`, { skip }, async () => {
		using pair = make();
		await twin.sendall(pair.client, "abc");
		assert.equal((await twin.recvfrom(pair.server, 10))[0].toString(), "abc");
		const acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "def" });
		const buffer = Buffer.alloc(3);
		const [size] = await twin.recvfromInto(pair.server, buffer);
		await acted;
		assert.deepEqual([size, buffer.toString()], [3, "def"]);
		pair.client.shutdown(SHUT_WR);
		assert.equal((await twin.recvfrom(pair.server, 10))[0].length, 0);
	});

	test(`sendmsg() gathers and recvmsg(), recvmsgInto() scatter, over ${name}`, { skip }, async () => {
		using pair = make();
		assert.equal(await twin.sendmsg(pair.client, ["ab", new Uint8Array([99]), "", "de"]), 5);
		const message = await twin.recvmsg(pair.server, 10);
		assert.equal(message.data.toString(), "abcde");
		assert.deepEqual(message.ancillary, []);
		const acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "vwxyz" });
		const parts = [Buffer.alloc(2, "-"), Buffer.alloc(0), Buffer.alloc(6, "-")];
		const { size } = await twin.recvmsgInto(pair.server, parts);
		await acted;
		assert.equal(size, 5);
		assert.deepEqual(parts.map(String), ["vw", "", "xyz---"]);
		pair.client.shutdown(SHUT_WR);
		assert.equal((await twin.recvmsg(pair.server, 10)).data.length, 0);
		assert.equal((await twin.recvmsgInto(pair.server, parts)).size, 0);
	});

	test(`a read of a part leaves the rest${stream ? "" : " to be dropped"}, over ${name}`, {
		skip,
	}, async () => {
		using pair = make();
		await twin.sendall(pair.client, "abcdef");
		await twin.sendall(pair.client, "ghi");
		assert.equal((await twin.recv(pair.server, 2)).toString(), "ab");
		assert.equal((await twin.recv(pair.server, 3)).toString(), stream ? "cde" : "ghi");
	});

	test(`send() waits for room, and gives how much went, over ${name}`, { skip }, async () => {
		using pair = make();
		const chunk = Buffer.alloc(0x4000, "x");
		pair.client.settimeout(0);
		let filled = 0;
		for (;;) {
			try {
				filled += await twin.send(pair.client, chunk);
			} catch (error) {
				assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
				break;
			}
		}
		pair.client.settimeout(null);
		const taken = whileWaiting({ do: "receive", fd: pair.server.fileno(), count: filled });
		const sent = await twin.send(pair.client, chunk);
		assert.ok(sent > 0 && sent <= chunk.length);
		assert.deepEqual(await taken, [filled]);
		assert.equal((await twin.recv(pair.server, chunk.length)).length, sent);
	});
}

function sendingAll(twin: Twin, { name, skip, make }: Connection): void {
	test(`sendall() sends several MiB to a peer that takes them meanwhile, over ${name}`, {
		skip,
	}, async () => {
		using pair = make();
		const data = Buffer.alloc(5_000_001);
		for (let i = 0; i < data.length; i++) data[i] = i % 251;
		const received = aside({ do: "receive", fd: pair.server.fileno(), count: data.length });
		assert.equal(await twin.sendall(pair.client, data), undefined);
		assert.deepEqual(await received, [data.length]);
	});
}

for (const twin of forms) {
	describe(`${twin.name} operations on connections`, () => {
		for (const kind of connectedKinds) connecting(twin, kind);
		for (const connection of connections) {
			receiving(twin, connection);
			if (connection.stream) sendingAll(twin, connection);
		}
	});
}

test("what one form sends the other receives, in either direction", async () => {
	using pair = unnamedPair();
	for (const from of forms) {
		for (const to of forms) {
			await from.sendall(pair.client, from.name);
			assert.equal((await to.recv(pair.server, 100)).toString(), from.name);
		}
	}
	assert.equal(pair.client.family, AF_UNIX);
});
