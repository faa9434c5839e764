/**
 * What a server and a place where its handlers run, a thread or a process, tell each other. All of it is data that
 * structured cloning carries, but for the request itself, whose descriptor travels as the place can take it.
 */
import type { Address } from "../../address/types.js";
import type { ErrorData } from "./errors.js";

/** Where handlers are: a module, and the name of its export. */
export interface HandlerReference {
	/** The URL of the module, without a fragment. */
	readonly module: string;
	/** The name of the export: "default" for the default export. */
	readonly name: string;
}

/** What a place is given when it starts. */
export interface RemoteSetup extends HandlerReference {
	/** Whether requests are connections; they are datagrams otherwise. */
	readonly stream: boolean;
	/** The family of the server's socket. */
	readonly family: number;
	/** The type of the server's socket. */
	readonly type: number;
	/** Where the server serves. */
	readonly serverAddress: Address;
	/** More attributes of the server: timeouts, and what is done with a connection before its handler has it. */
	readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a server tells a place. */
export type Order =
	/** Ends a request that is being handled; nothing when it is over. It is answered by "ended" in any case. */
	| { readonly do: "end"; readonly id: number; readonly error: ErrorData }
	/** The server begins to shut down: the handlers' `stopping` aborts. */
	| { readonly do: "wind down" }
	/** Other attributes for the server that handlers see, which hold for the requests that follow. */
	| { readonly do: "set"; readonly attributes: Readonly<Record<string, unknown>> }
	/** Leaves when nothing is being handled any more. Nothing but "end" comes after it. */
	| { readonly do: "stop" };

/** What a place tells the server. */
export type Report =
	/** It can take requests. */
	| { readonly did: "ready" }
	/** It cannot: the module or its export is not there. It leaves. */
	| { readonly did: "give up"; readonly error: ErrorData }
	/** A handler came to its end, and the request was closed. */
	| { readonly did: "finish"; readonly id: number }
	/** A handler failed, or was ended, and the request was closed. */
	| { readonly did: "fail"; readonly id: number; readonly error: ErrorData }
	/** An "end" was obeyed. */
	| { readonly did: "end"; readonly id: number }
	/** It is to end for a reason of its own, and waits for "stop". */
	| { readonly did: "retire" };
