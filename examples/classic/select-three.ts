/**
 * Three sockets, one thread, nothing but select(): who has something? `nc -u 127.0.0.1 PORT` speaks to each; `q`
 * ends it.
 *
 *     node examples/dist/classic/select-three.js [port port port]
 */
import { AF_INET, SOCK_DGRAM, Socket } from "berkeley";
import { selectSync } from "berkeley/select";

const given = process.argv.slice(2).map(Number);
const sockets = [0, 1, 2].map((at) => {
	const socket = new Socket(AF_INET, SOCK_DGRAM);
	socket.bind({ host: "127.0.0.1", port: given[at] ?? 0 });
	return socket;
});
console.log(`listening on ports ${sockets.map((socket) => socket.getsockname().port).join(", ")}`);

for (let open = true; open; ) {
	const [readable] = selectSync(sockets, [], [], 60_000);
	if (readable.length === 0) console.log("a minute without a word");
	for (const socket of readable) {
		const text = socket.recvSync(1500).toString().trim();
		console.log(`port ${socket.getsockname().port}: ${text}`);
		if (text === "q") open = false;
	}
}
for (const socket of sockets) socket.close();
