/**
 * The upper-case echo: the classic first lesson in sockets.
 */
import type { Connection, Service } from "./service.js";
import { UpperCaser } from "./uppercaser.js";

/** Answers every chunk in upper case, and ends when the client has. */
export const upper: Service = {
	name: "upper",
	description: "answers what it is sent in upper case",
	transport: "tcp",
	port: 6969,
	async serve(connection: Connection): Promise<void> {
		const caser = new UpperCaser();
		for (;;) {
			const chunk = await connection.receive();
			const answer = chunk.length === 0 ? caser.end() : caser.push(chunk);
			if (answer.length > 0) await connection.send(answer);
			if (chunk.length === 0) return;
		}
	},
};
