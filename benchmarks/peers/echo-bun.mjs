// @ts-check
/** Echo with Bun.listen(). */
const { Bun } = /** @type {any} */ (globalThis);

const server = Bun.listen({
	hostname: "127.0.0.1",
	port: 0,
	socket: {
		data(/** @type {any} */ socket, /** @type {Uint8Array} */ data) {
			socket.write(data);
		},
	},
});
console.log(JSON.stringify({ port: server.port }));
