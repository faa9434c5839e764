/**
 * The endpoint that Prometheus scrapes: a small HTTP server on one of ours.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressOf, UnixAddress } from "../address/types.js";
import { checkTimeout } from "../arguments.js";
import type { Socket } from "../socket/socket.js";
import type { AsyncTCPServer, AsyncUnixStreamServer } from "./asyncservers.js";
import type { MetricsRegister } from "./metrics.js";
import { promClient } from "./promclient.js";
import { type ServeOptions, serve } from "./serve.js";
import type { Inet } from "./socketserver.js";

/** How serveMetrics() serves: as serve() does, on a stream, but for what is said here. */
export interface MetricsServeOptions extends Omit<ServeOptions<never, never>, "type" | "verify" | "onError"> {
	/** prom-client's Registry; its global one when left out. */
	register?: MetricsRegister | undefined;
	/** The path of the metrics; "/metrics" when left out. Any other is not found. */
	path?: string | undefined;
	/** Milliseconds that a scrape may take in all, 10000 when left out. */
	totalTimeout?: number | null | undefined;
	/** How many scrapes are answered at the same time, 16 when left out. */
	maxConnections?: number | undefined;
}

/**
 * Answers `GET /metrics` over HTTP with all metrics of a register, in Prometheus' text format. One request on each
 * connection. It is for a network that is trusted: whoever reaches the address reads the metrics; `allow` says who
 * may.
 * @returns the server, which serves already
 * @throws SocketError as bind() and listen() do; Error when prom-client is not installed
 */
export async function serveMetrics(
	address: AddressOf<Inet>,
	options?: MetricsServeOptions,
): Promise<AsyncTCPServer>;
/** The same on a path of a Unix socket. */
export async function serveMetrics(
	address: UnixAddress,
	options?: MetricsServeOptions,
): Promise<AsyncUnixStreamServer>;
export async function serveMetrics(
	address: AddressOf<Inet> | UnixAddress,
	options: MetricsServeOptions = {},
): Promise<AsyncTCPServer | AsyncUnixStreamServer> {
	const { register = (await promClient()).register, path = "/metrics", ...serving } = options;
	const { totalTimeout = 10_000, maxConnections = 16 } = serving;
	checkTimeout("totalTimeout", totalTimeout);
	if (typeof path !== "string" || !path.startsWith("/")) {
		throw new RangeError(`path must begin with a slash: ${String(path)}`);
	}
	const { createServer } = await import("node:http");
	// It never listens: it is given connections.
	const http = createServer({ keepAlive: false }, (request, response) => {
		answer(request, response, path, register).catch((error) => {
			response.writeHead(500).end(`${error instanceof Error ? error.message : error}\n`);
		});
	});
	const handle = async (connection: Socket): Promise<void> => {
		const stream = connection.toStream({ allowHalfOpen: true });
		const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
		// Who resets the connection has no metrics, and nobody else is concerned.
		stream.on("error", () => {});
		http.emit("connection", stream);
		await closed;
	};
	return serve(address as AddressOf<Inet>, handle as never, {
		...(serving as object),
		totalTimeout,
		maxConnections,
		onError() {},
	});
}

async function answer(
	{ method, url = "" }: IncomingMessage,
	response: ServerResponse,
	path: string,
	register: MetricsRegister,
): Promise<void> {
	response.setHeader("Connection", "close");
	const [asked] = url.split("?");
	if (asked !== path) {
		response.writeHead(404).end(`there is nothing here but ${path}\n`);
	} else if (method !== "GET" && method !== "HEAD") {
		response.writeHead(405, { Allow: "GET, HEAD" }).end();
	} else {
		const text = await register.metrics();
		response.writeHead(200, { "Content-Type": register.contentType });
		response.end(method === "HEAD" ? undefined : text);
	}
}
