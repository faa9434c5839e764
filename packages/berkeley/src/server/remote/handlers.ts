/**
 * Handlers that are named by the URL of their module: a class cannot cross to another thread or process.
 */
import { kindOf } from "../../address/bytes.js";
import type { RequestHandlerClass } from "../base.js";
import { type Handler, handlerClass } from "../functionhandler.js";
import type { HandlerReference } from "./messages.js";

/**
 * What a URL names: the fragment is the export's name, and without one it is the default export.
 * @throws TypeError for anything but a URL
 */
export function handlerReference(url: URL): HandlerReference {
	if (!(url instanceof URL)) {
		const example = 'new URL("./handlers.js#MyHandler", import.meta.url)';
		const what = typeof url === "function" ? "a class or function, which cannot cross to it" : kindOf(url);
		throw new TypeError(`handlers in a worker come from a module: give its URL, as ${example}, not ${what}`);
	}
	const module = new URL(url);
	module.hash = "";
	return { module: module.href, name: decodeURIComponent(url.hash.slice(1)) || "default" };
}

/**
 * Loads the module, and gives the class of handlers; a function is made into one.
 * @throws TypeError when the export is neither; whatever import() rejects with
 */
export async function loadHandlers({
	module,
	name,
}: HandlerReference): Promise<RequestHandlerClass<unknown, unknown>> {
	const exported = (await import(module)) as Record<string, unknown>;
	const handler = exported[name];
	if (typeof handler === "function") return handlerClass(handler as Handler<unknown, unknown>);
	const names = Object.keys(exported);
	const others = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
	throw new TypeError(
		`${module}: ${JSON.stringify(name)} must be a class of handlers or a function, not ${kindOf(handler)}; ${others}`,
	);
}
