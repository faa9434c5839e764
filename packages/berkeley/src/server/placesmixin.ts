/**
 * `PlacesMixIn`: what ThreadingMixIn and ForkingMixIn have in common. Requests are accepted here and handled in
 * places, threads or processes, by handlers that are named by the URL of their module.
 */
import { kindOf } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import { checkTimeout } from "../arguments.js";
import { AsyncMixIn, type AsyncServing, checkLimits, type ServerClass } from "./asyncmixin.js";
import type { RequestHandler, ServeForeverOptions, ShutdownOptions } from "./base.js";
import { type Limiter, limitsOfEach } from "./limits.js";
import { type Place, type PlaceLimits, Places } from "./places.js";
import { handlerReference } from "./remote/handlers.js";
import type { RemoteSetup, Report } from "./remote/messages.js";
import type { SocketServer } from "./socketserver.js";
import { StreamServer } from "./streamserver.js";

/** What ThreadingMixIn and ForkingMixIn add to AsyncMixIn. */
export interface PlacesServing extends AsyncServing {
	/** Where the handlers are; the fragment is the export's name, and without one it is the default export. */
	readonly handlerModule: URL;
	/** What handlers find as `this.server.workerData`: whatever structured cloning can carry. */
	workerData: unknown;
	/**
	 * Milliseconds that a worker has to end a request when it is told to, 1000 at first: one that does not, because
	 * its handler keeps it busy, is ended itself, with all that it handles, and replaced.
	 */
	workerPatience: number;
	/**
	 * Called when a worker ended that handled no request: what one was handling is told by handleError(). Writes it
	 * to standard error.
	 */
	handleWorkerError(error: Error): void;
}

/** A class of servers with places. The second argument is a URL instead of a class. */
export type PlacesServerClass<Base extends ServerClass, Serving> = Omit<Base, "prototype"> &
	(new (
		serverAddress: ConstructorParameters<Base>[0],
		handlerModule: URL,
		bindAndActivate?: boolean,
	) => InstanceType<Base> & Serving);

/** Stands for the handlers here, where none is made. */
class HandlersElsewhere implements RequestHandler {
	constructor() {
		throw new TypeError("the handlers of this server are in its workers");
	}
	setup(): void {}
	handle(): void {}
	finish(): void {}
}

/** What the mix-ins of threads and processes derive from. Internal. */
export type PlacesBaseClass = new (
	// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants exactly this of a class that is mixed in (TS2545).
	...args: any[]
) => InstanceType<ServerClass> &
	PlacesServing & {
		placeLimits(): PlaceLimits;
		checkPlaces(): void;
		spent(served: number, ended: boolean): boolean;
		collectPlaces(milliseconds: number): void;
		waitsForPlaces(): boolean;
		leavePlaces(): void;
		startPlace(setup: RemoteSetup, report: (report: Report) => void, signal: AbortSignal): Promise<Place>;
	};

/** Adds the places to a class of servers. A subclass says how many there are, and starts one. Internal. */
export function PlacesMixIn(name: string, Base: ServerClass): PlacesBaseClass {
	if (typeof Base !== "function")
		throw new TypeError(`${name} takes a class of servers, not ${kindOf(Base)}`);
	const Async = AsyncMixIn(Base);

	// Abstract for the compiler alone: Base has what BaseServer lacks.
	abstract class PlacesServer extends Async implements PlacesServing {
		readonly handlerModule: URL;
		workerData: unknown = undefined;
		workerPatience = 1000;
		/** Those of the present time, and before them those that are still to go. */
		readonly #all = new Set<Places>();
		#places: Places | undefined = undefined;

		// biome-ignore lint/suspicious/noExplicitAny: as above.
		constructor(...args: any[]) {
			const [serverAddress, handlerModule, ...others] = args;
			handlerReference(handlerModule);
			super(serverAddress, HandlersElsewhere, ...others);
			this.handlerModule = new URL(handlerModule);
		}

		/** How many places there are to be. It is asked again and again. */
		abstract placeLimits(): PlaceLimits;

		/** Requires that the attributes can be served with. */
		checkPlaces(): void {
			checkLimits(this);
			checkTimeout("workerPatience", this.workerPatience);
		}

		/** A connection's bytes are counted where it is handled, and nobody counts those of all. */
		protected override checkLimits(limiter: Limiter): void {
			super.checkLimits(limiter);
			const { bytesReceived, bytesSent } = limiter.limits;
			if (bytesReceived === undefined && bytesSent === undefined) return;
			throw new TypeError(
				"the bytes of all connections together cannot be limited in workers: limit those of each, bytesSentPerConnection",
			);
		}

		protected override meterRequest(request: unknown): unknown {
			return request;
		}

		/** Whether a place that handled so many requests, and was or was not told to end one, gets no other. */
		spent(_served: number, _ended: boolean): boolean {
			return false;
		}

		/** Whether shutdown() is to wait until the places are gone. */
		waitsForPlaces(): boolean {
			return true;
		}

		/** Has places leave that are not needed, and have had nothing to do for so long. */
		collectPlaces(milliseconds: number): void {
			this.#places?.collect(milliseconds);
		}

		/** Starts a place. See PlacesOptions.start. */
		abstract startPlace(
			setup: RemoteSetup,
			report: (report: Report) => void,
			signal: AbortSignal,
		): Promise<Place>;

		handleWorkerError(error: Error): void {
			console.error("A worker of a server ended:", error);
		}

		/** Like that of BaseServer. What cannot be handed on is found out before anything is bound. */
		override open(): this {
			if (this.unopened) this.#connectionSettings();
			return super.open();
		}

		override serveForever(options?: ServeForeverOptions): Promise<void> {
			let serving: Promise<void>;
			try {
				this.checkPlaces();
				this.open();
				serving = super.serveForever(options);
				// Threads and processes take a while to start, so they do not wait for the first request.
				if (this.serving) this.#startedPlaces();
			} catch (error) {
				return Promise.reject(error);
			}
			return serving;
		}

		/** Fulfilled when a worker can take requests, where there are any before the first request. */
		override prepared(): Promise<void> {
			return this.serving ? this.#startedPlaces().ready : Promise.resolve();
		}

		override async handleRequest(): Promise<void> {
			this.checkPlaces();
			this.open();
			this.#startedPlaces();
			return await super.handleRequest();
		}

		/** Hands the request to a place, and settles as its handler does. */
		override finishRequest(request: unknown, clientAddress: unknown): Promise<void> {
			return this.#startedPlaces().run(request, clientAddress);
		}

		override endRequest(request: unknown, reason: Error): boolean {
			const ended = super.endRequest(request, reason);
			if (ended) for (const places of this.#all) places.end(request, reason);
			return ended;
		}

		/** Like that of BaseServer; fulfilled when the workers are gone, too. */
		override async shutdown(options?: ShutdownOptions): Promise<number> {
			for (const places of this.#all) places.windDown();
			try {
				return await super.shutdown(options);
			} finally {
				this.leavePlaces();
				if (this.waitsForPlaces()) await Promise.all([...this.#all].map(({ gone }) => gone));
			}
		}

		/** Like that of BaseServer. The workers leave when they are through with what they handle. */
		override serverClose(): void {
			super.serverClose();
			this.leavePlaces();
		}

		/** The places, which are made when they are first needed. */
		#startedPlaces(): Places {
			if (this.#places !== undefined) return this.#places;
			// What cannot be handed on is found out at once.
			this.#setup();
			const places = new Places({
				limits: () => this.placeLimits(),
				spent: (served, ended) => this.spent(served, ended),
				patience: this.workerPatience,
				start: (report, signal) => this.startPlace(this.#setup(), report, signal),
				release: (request) => this.shutdownRequest(request),
				failed: (error) => {
					if (this.#places === places) this.#places = undefined;
					if (this.serving) this.raise(error);
				},
				died: (error) => this.handleWorkerError(error),
			});
			this.#places = places;
			this.#all.add(places);
			void places.gone.then(() => this.#all.delete(places));
			return places;
		}

		/** Called by a StreamServer: its workers are to have the same settings. */
		protected settingsChanged(): void {
			this.#places?.configure(this.#connectionSettings());
		}

		#connectionSettings(): Record<string, unknown> {
			return this instanceof StreamServer ? { connectionSettings: this.connectionSettings } : {};
		}

		/** Has the places leave; those that do not in time are ended. */
		leavePlaces(): void {
			const places = this.#places;
			this.#places = undefined;
			void places?.close();
		}

		#setup(): RemoteSetup {
			const server = this as unknown as SocketServer<number, unknown>;
			return {
				...handlerReference(this.handlerModule),
				stream: this instanceof StreamServer,
				family: server.addressFamily,
				type: server.socketType,
				serverAddress: this.serverAddress as Address,
				attributes: this.remoteAttributes(),
			};
		}

		/** The attributes that the servers in the workers have, too: data that can be cloned. */
		protected remoteAttributes(): Record<string, unknown> {
			const { workerData, idleTimeout, totalTimeout } = this;
			const limits = limitsOfEach(this.limits);
			return { workerData, idleTimeout, totalTimeout, limits, ...this.#connectionSettings() };
		}
	}
	return PlacesServer as unknown as PlacesBaseClass;
}
