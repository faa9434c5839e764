/**
 * The classic chat, with guests of several kinds.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { AF_INET, createConnection, SO_LINGER, SO_RCVBUF, SOCK_STREAM, SOL_SOCKET, Socket } from "berkeley";
import type { Program } from "../support/program.js";
import { noPython, start, startServer } from "../support/twins.js";

const noNc = spawnSync("nc", ["-h"]).error === undefined ? false : "there is no nc";

/** Somebody in the chat. */
class Chatter {
	readonly socket: Socket;
	#heard = "";

	constructor(socket: Socket) {
		this.socket = socket;
	}

	static async come(port: string, name: string): Promise<Chatter> {
		const chatter = new Chatter(await createConnection({ host: "127.0.0.1", port: Number(port) }));
		assert.equal(await chatter.line(), "your nickname?");
		await chatter.say(name);
		return chatter;
	}

	async say(line: string): Promise<void> {
		await this.socket.sendall(`${line}\n`);
	}

	/** The next line; "" at the end. */
	async line(): Promise<string> {
		for (;;) {
			const end = this.#heard.indexOf("\n");
			if (end >= 0) {
				const line = this.#heard.slice(0, end);
				this.#heard = this.#heard.slice(end + 1);
				return line;
			}
			const data = await this.socket.recv(4096, 0, { timeout: 10_000 });
			if (data.length === 0) return "";
			this.#heard += data.toString();
		}
	}
}

function startChat(): Promise<[server: Program, port: string]> {
	return startServer("TypeScript", "chat-server");
}

test("chat-server passes on who comes, what is said and who leaves", async () => {
	const [server, port] = await startChat();
	const ann = await Chatter.come(port, "ann");
	assert.equal(await ann.line(), "* welcome, ann; here are: nobody else");
	const bob = await Chatter.come(port, " bob\r");
	assert.equal(await bob.line(), "* welcome, bob; here are: ann");
	assert.equal(await ann.line(), "* bob has come");
	await bob.say("Grüße");
	assert.equal(await ann.line(), "bob: Grüße");
	// A line may come in pieces, a character too, and several lines in one.
	const text = Buffer.from("ä one\ntwo\n\nthree\n");
	await ann.socket.sendall(text.subarray(0, 1));
	await ann.socket.sendall(text.subarray(1));
	assert.deepEqual(
		[await bob.line(), await bob.line(), await bob.line()],
		["ann: ä one", "ann: two", "ann: three"],
	);
	bob.socket.close();
	assert.equal(await ann.line(), "* bob has left");
	ann.socket.close();
	await server.printed(/^\* ann has left$/m);
	await server.stop();
});

test("chat-server asks again for a nickname that is taken, missing or long", async () => {
	const [server, port] = await startChat();
	const ann = await Chatter.come(port, "ann");
	await ann.line();
	const other = await Chatter.come(port, "ann");
	assert.equal(await other.line(), "ann is here already; your nickname?");
	await other.say("");
	assert.equal(await other.line(), "your nickname?");
	await other.say("x".repeat(21));
	assert.equal(await other.line(), "your nickname?");
	await ann.say("hears who has a name alone");
	await other.say("eve");
	assert.equal(await other.line(), "* welcome, eve; here are: ann");
	assert.equal(await ann.line(), "* eve has come");
	for (const { socket } of [ann, other]) socket.close();
	await server.stop();
});

test("chat-server survives who resets, who talks without end and who does not read", async () => {
	const [server, port] = await startChat();
	const ann = await Chatter.come(port, "ann");
	await ann.line();
	const rude = await Chatter.come(port, "rude");
	await rude.line();
	assert.equal(await ann.line(), "* rude has come");
	rude.socket.setsockopt(SOL_SOCKET, SO_LINGER, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
	rude.socket.close();
	assert.equal(await ann.line(), "* rude has left");

	const endless = await Chatter.come(port, "endless");
	assert.equal(await ann.line(), "* endless has come");
	await endless.socket.sendall("x".repeat(5000));
	assert.equal(await ann.line(), "* endless has left");
	endless.socket.close();

	const deaf = new Socket(AF_INET, SOCK_STREAM);
	deaf.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096);
	await deaf.connect({ host: "127.0.0.1", port: Number(port) });
	await deaf.sendall("deaf\n");
	assert.equal(await ann.line(), "* deaf has come");
	// As much as the kernel takes, and the server keeps; then it is enough.
	const left = ann.line();
	let over = false;
	void left.then(() => {
		over = true;
	});
	while (!over) await ann.say("x".repeat(1000));
	assert.equal(await left, "* deaf has left");
	deaf.close();
	ann.socket.close();
	await server.stop();
});

test("chat-server serves nc", { skip: noNc }, async () => {
	const [server, port] = await startChat();
	const ann = await Chatter.come(port, "ann");
	await ann.line();
	const nc = spawn("nc", ["127.0.0.1", port], { stdio: ["pipe", "pipe", "inherit"] });
	const closed = once(nc, "close");
	let seen = "";
	nc.stdout.setEncoding("utf8").on("data", (text: string) => {
		seen += text;
	});
	const see = async (pattern: RegExp): Promise<void> => {
		while (!pattern.test(seen)) await once(nc.stdout, "data");
	};
	await see(/your nickname\?\n/);
	nc.stdin.write("neil\n");
	assert.equal(await ann.line(), "* neil has come");
	await see(/welcome, neil; here are: ann\n/);
	nc.stdin.write("hello from nc\n");
	assert.equal(await ann.line(), "neil: hello from nc");
	await ann.say("hello, nc");
	await see(/^ann: hello, nc\n/m);
	nc.kill();
	assert.equal(await ann.line(), "* neil has left");
	await closed;
	ann.socket.close();
	await server.stop();
});

test("chat-server serves a guest in Python", { skip: noPython }, async () => {
	const [server, port] = await startChat();
	const ann = await Chatter.come(port, "ann");
	await ann.line();
	const guest = start("Python", "chat-client", [port]);
	await guest.printed(/^your nickname\?$/m);
	guest.type("你好\n");
	assert.equal(await ann.line(), "* 你好 has come");
	await ann.say("Grüße");
	await guest.printed(/^\* welcome, 你好; here are: ann\nann: Grüße$/m);
	guest.type("goodbye\n");
	assert.equal(await ann.line(), "你好: goodbye");
	guest.child.stdin?.end();
	assert.equal(await ann.line(), "* 你好 has left");
	assert.equal(await guest.ended, 0);
	ann.socket.close();
	await server.stop();
});
