/**
 * A program that systemd, or whoever plays its part, has started with sockets. What it does with them is its first
 * argument; what it finds out is a line of JSON on standard output.
 *
 * - list: the sockets that were passed
 * - serve: serves each of them with its name, until SIGTERM, and tells systemd of the first
 */
import { readFileSync } from "node:fs";
import {
	AF_UNIX,
	SO_ACCEPTCONN,
	SO_DOMAIN,
	SO_TYPE,
	SOCK_DGRAM,
	SOL_SOCKET,
	Socket,
} from "../../src/index.js";
import { sdListenFds, serve, systemdSockets } from "../../src/server/index.js";

const say = (message: object) =>
	new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, resolve));

/** What is known of a descriptor that was passed. */
function describe({ fd, name }: { fd: number; name: string }) {
	const socket = new Socket(undefined, undefined, undefined, { fileno: fd });
	const facts = {
		fd,
		name,
		family: socket.getsockopt(SOL_SOCKET, SO_DOMAIN),
		type: socket.getsockopt(SOL_SOCKET, SO_TYPE),
		listens: socket.getsockopt(SOL_SOCKET, SO_ACCEPTCONN) === 1,
		// O_CLOEXEC is 02000000.
		inheritable: !/^flags:\s*\d*2\d{6}$/m.test(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8")),
	};
	socket.detach();
	return facts;
}

if (process.argv[2] === "list") {
	const unsetEnvironment = process.argv[3] === "unset";
	try {
		const passed = sdListenFds({ unsetEnvironment }).map(describe);
		const left = Object.keys(process.env).filter((name) => name.startsWith("LISTEN_"));
		await say({ passed, left });
	} catch (error) {
		const { code, message } = error as { code: string; message: string };
		await say({ code, message });
	}
} else {
	const sockets = systemdSockets({ unsetEnvironment: true });
	const servers = (sockets?.names ?? []).map((name, place) => {
		const socket = sockets?.socket(place) as Socket;
		const address = socket.family === AF_UNIX ? "" : { host: "127.0.0.1", port: 0 };
		const options = { socket, systemd: place === 0, signals: true };
		if (socket.type === SOCK_DGRAM) {
			return serve(address as "", ([, s], { clientAddress }) => void s.sendto(name, clientAddress), {
				...options,
				type: SOCK_DGRAM,
			});
		}
		return serve(address as "", (connection) => connection.sendall(name), options);
	});
	await say({ pid: process.pid, addresses: servers.map((server) => server.serverAddress) });
	for (const server of servers) {
		await server.ended;
		server.serverClose();
	}
}
