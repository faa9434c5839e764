/**
 * What Prometheus can read of servers: their counters and the durations of their requests, by prom-client.
 *
 * prom-client is the user's to install, and is loaded when serverMetrics() or serveMetrics() is first called.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { kindOf } from "../address/bytes.js";
import { BaseServer } from "./base.js";
import type { RequestEvent, ServerStatistics } from "./observer.js";
import { type PromClient, promClient } from "./promclient.js";

/** What is used here of prom-client's Registry. */
export interface MetricsRegister {
	/** The media type of metrics(). */
	readonly contentType: string;
	/** Everything registered, as Prometheus reads it. */
	metrics(): Promise<string>;
	/** Takes out one metric. */
	removeSingleMetric(name: string): void;
}

/** How serverMetrics() shows a server. */
export interface ServerMetricsOptions {
	/** What the server is called: the label `server` of its metrics. No two servers of a register share one. */
	name: string;
	/** prom-client's Registry; its global one when left out. */
	register?: MetricsRegister | undefined;
	/**
	 * The upper limits of the histogram of durations, in seconds; from 1 ms to a minute when left out. The first server
	 * of a register decides.
	 */
	buckets?: readonly number[] | undefined;
}

/** A server's metrics in a register. */
export interface ServerMetrics {
	/** Where they are registered. */
	readonly register: MetricsRegister;
	/** Takes them out. Does nothing the second time. */
	remove(): void;
	/** Takes them out: `using metrics = await serverMetrics(…)`. */
	[Symbol.dispose](): void;
}

type Registry = InstanceType<PromClient["Registry"]>;

const prefix = "berkeley_server_";
const usualBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The counters, by what they count. */
const counters: readonly [name: string, help: string, count: keyof ServerStatistics][] = [
	["requests_accepted_total", "Requests that came, those that were refused too.", "accepted"],
	["requests_refused_total", "Requests that were refused before they were handled.", "refused"],
	["requests_limited_total", "Refused requests that the limits refused.", "limited"],
	["requests_delayed_total", "Requests that the limits held back.", "delayed"],
	["requests_finished_total", "Requests whose handler came to its end.", "finished"],
	["requests_failed_total", "Requests whose handler failed.", "failed"],
	["requests_ended_total", "Requests that the server ended before they were through.", "ended"],
	["accept_errors_total", "Failures to accept for want of descriptors or memory.", "acceptErrors"],
];

/**
 * Registers a server's counters (requests accepted, refused, finished …, failures to accept), the number of requests
 * under way, and a histogram of their durations, from the moment when the handler is made to its end:
 * `berkeley_server_requests_accepted_total{server="web"}` and so on. The counters are read when the metrics are, and
 * cost a server nothing.
 * @throws TypeError for what is no server; RangeError for a name that is taken; Error when prom-client is not installed
 */
export async function serverMetrics(
	// biome-ignore lint/suspicious/noExplicitAny: a server of anything.
	server: BaseServer<any, any>,
	options: ServerMetricsOptions,
): Promise<ServerMetrics> {
	if (!(server instanceof BaseServer)) {
		throw new TypeError(`serverMetrics takes a server, not ${kindOf(server)}`);
	}
	const name = options?.name;
	if (typeof name !== "string" || name === "") {
		throw new TypeError(`serverMetrics: name must be a text that is not empty, not ${kindOf(name)}`);
	}
	const client = await promClient();
	const register = (options.register ?? client.register) as unknown as Registry;
	if (!(register instanceof client.Registry)) {
		throw new TypeError(`serverMetrics: register must be a Registry of prom-client, not ${kindOf(register)}`);
	}
	let metrics = ofRegisters.get(register);
	if (metrics === undefined) {
		metrics = new Metrics(client, register, options.buckets ?? usualBuckets);
		ofRegisters.set(register, metrics);
	}
	return metrics.add(server, name);
}

const ofRegisters = new WeakMap<Registry, Metrics>();

/** The metrics of all servers of one register. */
class Metrics {
	readonly #register: Registry;
	readonly #servers = new Map<BaseServer, string>();
	/** When each request began, in milliseconds. */
	readonly #begun = new WeakMap<object, number>();
	readonly #durations: InstanceType<PromClient["Histogram"]>;
	/** What is registered. */
	readonly #names: string[] = [];

	constructor({ Counter, Gauge, Histogram }: PromClient, register: Registry, buckets: readonly number[]) {
		this.#register = register;
		const servers = this.#servers;
		const about = (name: string, help: string) => {
			this.#names.push(prefix + name);
			return { name: prefix + name, help, labelNames: ["server"], registers: [register] };
		};
		for (const [name, help, count] of counters) {
			const counter = new Counter({
				...about(name, help),
				collect() {
					counter.reset();
					for (const [server, label] of servers) counter.inc({ server: label }, server.statistics()[count]);
				},
			});
		}
		const active = new Gauge({
			...about("requests_active", "Requests that are being handled."),
			collect() {
				for (const [server, label] of servers) active.set({ server: label }, server.activeRequests);
			},
		});
		this.#durations = new Histogram({
			...about("request_duration_seconds", "How long requests were handled, to whatever end."),
			buckets: [...buckets],
		});
		subscribe("berkeley.server.request.start", this.#started);
		subscribe("berkeley.server.request.finish", this.#over);
		subscribe("berkeley.server.request.error", this.#over);
	}

	/** Shows another server. */
	add(server: BaseServer, name: string): ServerMetrics {
		if (this.#servers.has(server)) throw new RangeError("the server is in this register already");
		if ([...this.#servers.values()].includes(name)) {
			throw new RangeError(`another server in this register is called ${JSON.stringify(name)}`);
		}
		this.#servers.set(server, name);
		this.#durations.zero({ server: name });
		const remove = (): void => this.#remove(server);
		return { register: this.#register, remove, [Symbol.dispose]: remove };
	}

	#remove(server: BaseServer): void {
		const name = this.#servers.get(server);
		if (name === undefined) return;
		this.#servers.delete(server);
		this.#durations.remove({ server: name });
		this.#register.getSingleMetric(`${prefix}requests_active`)?.remove({ server: name });
		if (this.#servers.size > 0) return;
		unsubscribe("berkeley.server.request.start", this.#started);
		unsubscribe("berkeley.server.request.finish", this.#over);
		unsubscribe("berkeley.server.request.error", this.#over);
		for (const each of this.#names) this.#register.removeSingleMetric(each);
		ofRegisters.delete(this.#register);
	}

	readonly #started = (message: unknown): void => {
		const { server, request } = message as RequestEvent;
		if (this.#servers.has(server as BaseServer)) this.#begun.set(request as object, performance.now());
	};

	readonly #over = (message: unknown): void => {
		const { server, request } = message as RequestEvent;
		const name = this.#servers.get(server as BaseServer);
		const begun = this.#begun.get(request as object);
		if (name === undefined || begun === undefined) return;
		this.#begun.delete(request as object);
		this.#durations.observe({ server: name }, (performance.now() - begun) / 1000);
	};
}
