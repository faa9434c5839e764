/**
 * Python's socketserver as the measure: the same hooks in the same order, and each end with the other's.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { type Address, AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, Socket } from "../src/index.js";
import { askPython, noPython } from "./support/oracles.js";
import { type AnyServer, ask, freshName, type Kind, kinds, upper } from "./support/servers.js";

/** Serves one request with Python's class of this name, and answers with the calls of its hooks. */
const hooksInPython = `
import socket, socketserver, threading
NAMES = ["server_bind", "server_activate", "get_request", "verify_request", "process_request", "finish_request",
         "shutdown_request", "close_request", "handle_error", "handle_timeout", "service_actions", "server_close"]
def answer(request):
    name, case = request
    log = []
    Base = getattr(socketserver, name)
    stream = "Datagram" not in name and "UDP" not in name
    Handling = socketserver.StreamRequestHandler if stream else socketserver.DatagramRequestHandler
    class Server(Base): pass
    def recorder(hook):
        def call(self, *args):
            log.append(hook)
            if hook == "verify_request" and case == "refused": return False
            if hook == "handle_error": return None
            return getattr(super(Server, self), hook)(*args)
        return call
    for hook in NAMES: setattr(Server, hook, recorder(hook))
    class Handler(Handling):
        def setup(self):
            log.append("setup")
            if case == "setup fails": raise ValueError
            super().setup()
        def handle(self):
            log.append("handle")
            self.wfile.write(self.rfile.readline().upper())
            if case == "handle fails": raise ValueError
        def finish(self):
            log.append("finish")
            super().finish()
    unix = "Unix" in name
    kind = socket.SOCK_STREAM if stream else socket.SOCK_DGRAM
    with Server("\\0" + name + case + str(id(log)) if unix else ("127.0.0.1", 0), Handler) as server:
        if case == "timeout":
            server.timeout = 0.01
            server.handle_request()
        else:
            with socket.socket(socket.AF_UNIX if unix else socket.AF_INET, kind) as client:
                if not stream and unix: client.bind("\\0client" + str(id(log)))
                client.connect(server.server_address)
                client.send(b"x\\n")
                server.handle_request()
    return log
`;

const cases = ["ok", "refused", "setup fails", "handle fails", "timeout"];

function folded(name: string): string {
	return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

const recorded = [
	"serverBind",
	"serverActivate",
	"getRequest",
	"verifyRequest",
	"processRequest",
	"finishRequest",
	"shutdownRequest",
	"closeRequest",
	"handleError",
	"handleTimeout",
	"serviceActions",
	"serverClose",
];

/** The same with ours. */
async function hooksInOurs(kind: Kind, what: string): Promise<string[]> {
	const log: string[] = [];
	await using server = kind.make(async (files) => {
		await upper(files);
		if (what === "handle fails") throw new Error(what);
	}, log);
	const target = server as unknown as Record<string, (...args: unknown[]) => unknown>;
	for (const name of recorded) {
		const original = target[name] as (...args: unknown[]) => unknown;
		target[name] = (...args) => {
			log.push(name);
			if (name === "verifyRequest" && what === "refused") return false;
			return name === "handleError" ? undefined : original.apply(server, args);
		};
	}
	if (what === "timeout") {
		server.timeout = 10;
		await server.handleRequest();
	} else {
		if (what === "setup fails") {
			const { prototype } = server.RequestHandlerClass;
			prototype.setup = () => {
				log.push("setup");
				throw new Error(what);
			};
		}
		using client = new Socket(kind.family, kind.stream ? SOCK_STREAM : SOCK_DGRAM);
		if (!kind.stream && kind.family === AF_UNIX) client.bind(freshName());
		await client.connect(server.serverAddress as Address);
		await client.sendall("x\n");
		await server.handleRequest();
		do await new Promise(setImmediate);
		while (server.activeRequests > 0);
	}
	server.serverClose();
	// What came last is disposal's, which closes again.
	return log.slice();
}

describe("the hooks", { skip: noPython }, () => {
	// Python has no mix-in that is like ours, but its order without one is that of both.
	const compared = kinds.filter(({ family }) => family === AF_INET || family === AF_UNIX);
	const questions = compared.flatMap(({ name }) =>
		cases.map((what) => [name.replace("Async", ""), what] as const),
	);
	const answers = noPython ? [] : (askPython(hooksInPython, questions) as string[][]);
	for (const kind of compared) {
		for (const what of cases) {
			test(`of ${kind.name} are called as Python calls them: ${what}`, async () => {
				const theirs = answers.shift() as string[];
				assert.ok(Array.isArray(theirs), JSON.stringify(theirs));
				const ours = await hooksInOurs(kind, what);
				// Python waits with a selector first; here getRequest() is what waits.
				if (what === "timeout") ours.splice(ours.indexOf("getRequest"), 1);
				assert.deepEqual(ours, theirs.map(folded));
			});
		}
	}
});

/** Asks servers: one line of JSON for each, of the family, whether it is a stream, and its address. */
const askInPython = `
import json, socket, sys, os
for number, line in enumerate(sys.stdin):
    family, stream, address = json.loads(line)
    with socket.socket(family, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM) as s:
        if family == socket.AF_UNIX and not stream: s.bind("\\0python-%d-%d" % (os.getpid(), number))
        s.connect(tuple(address) if isinstance(address, list) else address)
        s.sendall(b"from python\\n")
        if stream: s.shutdown(socket.SHUT_WR)
        answer = b""
        while True:
            piece = s.recv(4096)
            answer += piece
            if not stream or not piece: break
        print(json.dumps(answer.decode()), flush=True)
`;

function inPython(address: unknown): unknown {
	return typeof address === "string"
		? address
		: [(address as { host: string }).host, (address as { port: number }).port];
}

describe("Python's client", { skip: noPython }, () => {
	test("is answered by every server", async () => {
		const available = kinds.filter(({ skip }) => skip === false);
		const servers: AnyServer[] = available.map((kind) => kind.make(upper));
		try {
			for (const server of servers) void server.serveForever();
			const child = spawn("python3", ["-c", askInPython], { stdio: ["pipe", "pipe", "inherit"] });
			const closed = once(child, "close");
			for (const [index, { family, stream }] of available.entries()) {
				const address = inPython(servers[index]?.serverAddress);
				child.stdin.write(`${JSON.stringify([family, stream, address])}\n`);
			}
			child.stdin.end();
			const lines = (await text(child.stdout)).trimEnd().split("\n");
			assert.deepEqual(await closed, [0, null]);
			assert.deepEqual(
				lines.map((line): unknown => JSON.parse(line)),
				available.map(() => "FROM PYTHON\n"),
			);
		} finally {
			for (const server of servers) await server.close();
		}
	});
});

/** Serves with Python's threads until the input ends; tells the addresses in one line. */
const serveInPython = `
import json, os, socketserver, sys, threading
class Upper:
    def handle(self): self.wfile.write(self.rfile.readline().upper())
class OfStream(Upper, socketserver.StreamRequestHandler): pass
class OfDatagram(Upper, socketserver.DatagramRequestHandler): pass
servers = [socketserver.ThreadingTCPServer(("127.0.0.1", 0), OfStream),
           socketserver.ThreadingUDPServer(("127.0.0.1", 0), OfDatagram),
           socketserver.ThreadingUnixStreamServer("\\0python-s-%d" % os.getpid(), OfStream),
           socketserver.ThreadingUnixDatagramServer("\\0python-d-%d" % os.getpid(), OfDatagram)]
for server in servers: threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
print(json.dumps([s.server_address if isinstance(s.server_address, tuple) else s.server_address.decode() for s in servers]), flush=True)
sys.stdin.read()
for server in servers:
    server.shutdown()
    server.server_close()
`;

describe("Python's servers", { skip: noPython }, () => {
	test("answer our clients as ours do", async () => {
		const child = spawn("python3", ["-c", serveInPython], { stdio: ["pipe", "pipe", "inherit"] });
		const closed = once(child, "close");
		const [line] = await once(child.stdout.setEncoding("utf8"), "data");
		const addresses = JSON.parse(String(line)) as (string | [string, number])[];
		const order = ["TCPServer", "UDPServer", "UnixStreamServer", "UnixDatagramServer"];
		for (const [index, name] of order.entries()) {
			const kind = kinds.find((each) => each.name === name) as Kind;
			const address = addresses[index] as string | [string, number];
			const serverAddress = typeof address === "string" ? address : { host: address[0], port: address[1] };
			assert.equal(await ask(kind, { serverAddress } as unknown as AnyServer, "from here\n"), "FROM HERE\n");
		}
		child.stdin.end();
		assert.deepEqual(await closed, [0, null]);
	});
});
