/**
 * Both sides of a numbered conversation: what is said is the numbers from 0 on, and what comes back must be the
 * same numbers, each once and in order.
 */
import assert from "node:assert/strict";
import { SHUT_WR, SOCK_DGRAM, SOCK_STREAM, type Socket } from "../../src/index.js";

/** Answers with what arrives, `operations` times or until the end. Gives whether it was the end. */
export async function echo(socket: Socket, operations: number): Promise<boolean> {
	for (let done = 0; done < operations; done++) {
		if (socket.type === SOCK_DGRAM) {
			const [data, address] = await socket.recvfrom(1024);
			await socket.sendto(data, address);
		} else {
			const data = await socket.recv(1024);
			if (data.length === 0) return true;
			await socket.sendall(data);
		}
	}
	return false;
}

/** Accepts so many connections; answers the first message of each, and closes it. */
export async function serve(listener: Socket, connections: number): Promise<void> {
	for (let done = 0; done < connections; done++) {
		const [connection] = await listener.accept();
		using conn = connection;
		await conn.sendall(await conn.recv(1024));
	}
}

// A stream's numbers are all of this length, so that they can be told apart.
const numeral = (number: number): string => String(number).padStart(7, "0");

// So many datagrams may be without an answer: they fit into any receive buffer, so none is dropped.
const window = 64;

/**
 * Says numbers until `enough`, hears the answers, and checks them all. Gives how many there were.
 * A connection is ended afterwards.
 */
export async function converse(socket: Socket, enough: () => boolean): Promise<number> {
	return socket.type === SOCK_STREAM ? converseInStream(socket, enough) : converseInMessages(socket, enough);
}

async function converseInStream(socket: Socket, enough: () => boolean): Promise<number> {
	let said = 0;
	const saying = (async () => {
		while (!enough()) {
			const numbers = Array.from({ length: 10 }, () => numeral(said++));
			await socket.sendall(numbers.join(""));
		}
		socket.shutdown(SHUT_WR);
	})();
	const heard: Buffer[] = [];
	for await (const chunk of socket) heard.push(chunk);
	await saying;
	const text = Buffer.concat(heard).toString();
	assert.equal(text, Array.from({ length: said }, (_, number) => numeral(number)).join(""));
	return said;
}

async function converseInMessages(socket: Socket, enough: () => boolean): Promise<number> {
	let said = 0;
	let heard = 0;
	let toldOfRoom = (): void => {};
	const saying = (async () => {
		while (!enough()) {
			if (said - heard >= window) {
				await new Promise<void>((resolve) => {
					toldOfRoom = resolve;
				});
			} else {
				await socket.send(numeral(said++));
			}
		}
	})();
	const over = (async () => {
		await saying;
		return said;
	})();
	for (let total = Number.POSITIVE_INFINITY; heard < total; ) {
		const data = await socket.recv(1024);
		assert.equal(data.toString(), numeral(heard));
		heard++;
		toldOfRoom();
		if (enough()) total = await over;
	}
	if (socket.type !== SOCK_DGRAM) {
		socket.shutdown(SHUT_WR);
		assert.equal((await socket.recv(1024)).length, 0);
	}
	return said;
}
