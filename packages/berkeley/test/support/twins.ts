/**
 * The two forms of every operation behind one interface, so that one suite runs over both: the awaited form,
 * and the blocking one, which is performed at once and whose outcome is wrapped in a promise.
 */
import {
	type Address,
	type AsyncCreateConnectionOptions,
	type Bytes,
	createConnection,
	createConnectionSync,
	type Flow,
	type Inet4Address,
	recvFds,
	recvFdsSync,
	type Socket,
	sendFds,
	sendFdsSync,
	type WaitOptions,
} from "../../src/index.js";

type Arguments<Name extends keyof Socket> = Socket[Name] extends (...given: infer Given) => unknown
	? Given
	: never;
type Result<Name extends keyof Socket> = Socket[Name] extends (...given: never[]) => infer Value
	? Value
	: never;
type Rest<Given extends unknown[]> = Given extends [unknown, ...infer Others] ? Others : never;

/** The operations with one signature, whose two forms are `name` and `nameSync`. */
type Name =
	| "accept"
	| "connect"
	| "connectEx"
	| "recv"
	| "recvInto"
	| "recvMany"
	| "recvfrom"
	| "recvfromInto"
	| "recvmsg"
	| "recvmsgInto"
	| "send"
	| "sendMany"
	| "sendall"
	| "sendfile"
	| "sendmsg"
	| "sendZerocopy";

type Operations = { [N in Name]: (socket: Socket, ...given: Arguments<N>) => Result<N> };

/** One form of every operation that can wait. */
export interface Twin extends Operations {
	readonly name: "awaited" | "blocking" | "flowing";
	sendto(socket: Socket, data: Bytes, address: Address, options?: WaitOptions): Promise<number>;
	/** sendto() with flags. */
	sendtoWith(
		socket: Socket,
		data: Bytes,
		flags: number,
		address: Address,
		options?: WaitOptions,
	): Promise<number>;
	createConnection(address: Inet4Address, options?: AsyncCreateConnectionOptions): Promise<Socket>;
	sendFds(socket: Socket, ...given: Rest<Parameters<typeof sendFds>>): Promise<number>;
	recvFds(socket: Socket, ...given: Rest<Parameters<typeof recvFds>>): ReturnType<typeof recvFds>;
}

/** The forms that wait in the event loop. */
export const awaited: Twin = {
	name: "awaited",
	accept: (socket, ...given) => socket.accept(...given),
	connect: (socket, ...given) => socket.connect(...given),
	connectEx: (socket, ...given) => socket.connectEx(...given),
	createConnection: (...given) => createConnection(...given),
	recv: (socket, ...given) => socket.recv(...given),
	recvFds: (socket, ...given) => recvFds(socket, ...given),
	recvMany: (socket, ...given) => socket.recvMany(...given),
	recvInto: (socket, ...given) => socket.recvInto(...given),
	recvfrom: (socket, ...given) => socket.recvfrom(...given),
	recvfromInto: (socket, ...given) => socket.recvfromInto(...given),
	recvmsg: (socket, ...given) => socket.recvmsg(...given),
	recvmsgInto: (socket, ...given) => socket.recvmsgInto(...given),
	send: (socket, ...given) => socket.send(...given),
	sendFds: (socket, ...given) => sendFds(socket, ...given),
	sendMany: (socket, ...given) => socket.sendMany(...given),
	sendZerocopy: (socket, ...given) => socket.sendZerocopy(...given),
	sendall: (socket, ...given) => socket.sendall(...given),
	sendfile: (socket, ...given) => socket.sendfile(...given),
	sendmsg: (socket, ...given) => socket.sendmsg(...given),
	sendto: (socket, ...given) => socket.sendto(...given),
	sendtoWith: (socket, ...given) => socket.sendto(...given),
};

/** The forms that block the thread. */
export const blocking: Twin = {
	name: "blocking",
	accept: async (socket, ...given) => socket.acceptSync(...given),
	connect: async (socket, ...given) => socket.connectSync(...given),
	connectEx: async (socket, ...given) => socket.connectExSync(...given),
	createConnection: async (...given) => createConnectionSync(...given),
	recv: async (socket, ...given) => socket.recvSync(...given),
	recvFds: async (socket, ...given) => recvFdsSync(socket, ...given),
	recvMany: async (socket, ...given) => socket.recvManySync(...given),
	recvInto: async (socket, ...given) => socket.recvIntoSync(...given),
	recvfrom: async (socket, ...given) => socket.recvfromSync(...given),
	recvfromInto: async (socket, ...given) => socket.recvfromIntoSync(...given),
	recvmsg: async (socket, ...given) => socket.recvmsgSync(...given),
	recvmsgInto: async (socket, ...given) => socket.recvmsgIntoSync(...given),
	send: async (socket, ...given) => socket.sendSync(...given),
	sendFds: async (socket, ...given) => sendFdsSync(socket, ...given),
	sendMany: async (socket, ...given) => socket.sendManySync(...given),
	sendZerocopy: async (socket, ...given) => socket.sendZerocopySync(...given),
	sendall: async (socket, ...given) => socket.sendallSync(...given),
	sendfile: async (socket, ...given) => socket.sendfileSync(...given),
	sendmsg: async (socket, ...given) => socket.sendmsgSync(...given),
	sendto: async (socket, ...given) => socket.sendtoSync(...given),
	sendtoWith: async (socket, ...given) => socket.sendtoSync(...given),
};

/**
 * What recvEach(), acceptEach() and write() do, in the shape of the awaited form: each receiving call is a flow that
 * is stopped after the first piece. What has no such form is the awaited one.
 */
export const flowing: Twin = {
	...awaited,
	name: "flowing",
	accept: (socket) =>
		first<[Socket, Address]>((give) => socket.acceptEach((...pair) => give(pair))) as ReturnType<
			Twin["accept"]
		>,
	recv: async (socket, size, flags = 0, options) => {
		if (!flows(socket, size, flags)) return socket.recv(size, flags, options);
		const data = await first<Buffer>((give) =>
			socket.recvEach((chunk) => give(Buffer.from(chunk)), { size }),
		);
		return data ?? Buffer.alloc(0);
	},
	recvfrom: async (socket, size, flags = 0, options) => {
		if (!flows(socket, size, flags)) return socket.recvfrom(size, flags, options);
		const pair = await first<[Buffer, Address]>((give) =>
			socket.recvEach((chunk, address) => give([Buffer.from(chunk), address]), { size }),
		);
		return pair ?? ([Buffer.alloc(0), undefined] as unknown as [Buffer, Address]);
	},
	sendall: (socket, data) => {
		socket.write(data);
		return socket.drain();
	},
};

// A flow does not heed that a socket is non-blocking.
function flows(socket: Socket, size: number, flags: number): boolean {
	return socket.gettimeout() !== 0 && size > 0 && flags === 0;
}

/** The first thing that a flow gives; undefined when it ends before. */
async function first<T>(begin: (give: (item: T) => void) => Flow): Promise<T | undefined> {
	let item: T | undefined;
	const flow = begin((given) => {
		item = given;
		flow.stop();
	});
	await flow.ended;
	return item;
}

/** Both forms. */
export const twins: readonly Twin[] = [awaited, blocking];

/** Both, and the one without promises. */
export const forms: readonly Twin[] = [...twins, flowing];
