/**
 * The command line of a child process: the same runtime, with a program of ours.
 */

/** What runs in a child: in the same place beside the sources as beside the bundle. */
const program: URL = new URL("./remote/child.js", import.meta.url);

// What concerns this process alone: a child has another program, and no port of the debugger is free for it.
const own = /^--(inspect|eval|print|check|interactive|input-type|test|watch|build-snapshot)\b|^-([cipe]|pe)$/;
const withValue = /^(--eval|--print|--input-type|--inspect-port|--watch-path|-[pe]|-pe)$/;

/** What stands before the program on a child's command line, if nothing else is asked for. */
export function usualArguments(execArgv: readonly string[] = process.execArgv): string[] {
	if (process.versions.deno !== undefined) return ["run", "--allow-all"];
	const kept: string[] = [];
	for (let index = 0; index < execArgv.length; index++) {
		const argument = execArgv[index] as string;
		if (!own.test(argument)) kept.push(argument);
		else if (withValue.test(argument)) index++;
	}
	return kept;
}

/** The arguments of process.execPath that start a child. */
export function childArguments(execArgv: readonly string[] | null): string[] {
	// Not fileURLToPath(), which would load a module at import.
	return [...(execArgv ?? usualArguments()), process.versions.deno ? program.href : pathOf(program)];
}

function pathOf(url: URL): string {
	return decodeURIComponent(url.pathname);
}
