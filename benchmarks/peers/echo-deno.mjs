// @ts-check
/** Echo with Deno.listen(), whose connections know no callback: they are awaited. */
const { Deno } = /** @type {any} */ (globalThis);

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 4096 });
console.log(JSON.stringify({ port: listener.addr.port }));

for await (const connection of listener) serve(connection).catch(() => undefined);

/** @param {any} connection */
async function serve(connection) {
	const buffer = new Uint8Array(65536);
	for (;;) {
		const size = await connection.read(buffer);
		if (size === null) return;
		for (let sent = 0; sent < size; ) sent += await connection.write(buffer.subarray(sent, size));
	}
}
