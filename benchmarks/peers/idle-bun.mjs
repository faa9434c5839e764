// @ts-check
/** Holds idle connections with Bun.listen(). */
import { answer } from "./idle.mjs";

const { Bun } = /** @type {any} */ (globalThis);
let connections = 0;
const server = Bun.listen({
	hostname: "127.0.0.1",
	port: 0,
	socket: {
		open() {
			connections++;
		},
		data(/** @type {any} */ socket) {
			socket.end();
		},
	},
});
console.log(JSON.stringify({ port: server.port }));
void answer(
	() => Bun.gc(true),
	() => connections,
);
