/**
 * The one place that loads prom-client, which is the user's to install. Nothing of it is in the library's public types:
 * they are read by those, too, who have it not.
 */

/** The package. */
export type PromClient = typeof import("prom-client");

/** prom-client, or an error that says how to get it. */
export async function promClient(): Promise<PromClient> {
	try {
		const loaded = (await import("prom-client")) as PromClient & { default?: PromClient };
		return loaded.default ?? loaded;
	} catch (cause) {
		if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
		throw new Error("metrics need the package prom-client, which is not installed: npm install prom-client", {
			cause,
		});
	}
}
