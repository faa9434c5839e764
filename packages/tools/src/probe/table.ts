/**
 * What was found at a host, as the table that nmap's users know.
 */
import { serviceOf, type Transport } from "./ports.js";
import type { Host, Targets } from "./targets.js";
import { inSeconds, type Reason, type State, states, type Verdict } from "./verdict.js";

/** So many ports of a state, other than open, are still shown one by one. */
const mostShown = 20;

const reasons: Record<Reason, string> = {
	"syn-ack": "syn-ack",
	reset: "connection refused",
	refused: "not reachable",
	reply: "answered",
	icmp: "icmp error",
	"no-answer": "no answer",
	"local-error": "could not be sent",
};

/** How the table is made. */
export interface TableOptions {
	readonly transport: Transport;
	/** Only ports that are open. */
	readonly open: boolean;
	/** Each port, however many are of a state. */
	readonly all: boolean;
}

/** The table of one host; undefined where nothing of it is to be shown. */
export function tableOf(
	host: Host,
	{ name }: Targets,
	verdicts: readonly Verdict[],
	{ transport, open, all }: TableOptions,
): string | undefined {
	const sorted = [...verdicts].sort((a, b) => a.port - b.port);
	const left = open ? sorted.filter(({ state }) => state === "open") : sorted;
	if (left.length === 0) return undefined;
	const count = counted(left);
	const shown = left.filter(({ state }) => all || state === "open" || (count.get(state) ?? 0) <= mostShown);
	const hidden = left.filter((verdict) => !shown.includes(verdict));
	const rows = shown.map(({ port, state, evidence }) => [
		`${port}/${transport}`,
		state,
		serviceOf(port, transport) ?? "",
		evidence,
	]);
	const lines = rows.length === 0 ? [] : aligned([["PORT", "STATE", "SERVICE", "EVIDENCE"], ...rows]);
	if (hidden.length > 0) lines.push(`not shown (--all shows them): ${groups(hidden)}`);
	return [name === undefined ? host.host : `${host.host} (${name})`, ...lines].join("\n");
}

/** How many ports are of each state. */
export function counted(verdicts: Iterable<Verdict>): Map<State, number> {
	const count = new Map<State, number>();
	for (const { state } of verdicts) count.set(state, (count.get(state) ?? 0) + 1);
	return count;
}

/** The last line: how much was probed, and what was found. */
export function closing(
	{ hosts, ports, planned }: { hosts: number; ports: number; planned: number },
	count: ReadonlyMap<State, number>,
	milliseconds: number,
): string {
	const found = states.flatMap((state) => {
		const number = count.get(state);
		return number === undefined ? [] : [`${number} ${state}`];
	});
	const what = `${ports} ${ports === 1 ? "port" : "ports"} of ${hosts} ${hosts === 1 ? "host" : "hosts"}`;
	const missing = planned - ports;
	const interrupted = missing > 0 ? `; interrupted before ${missing} more` : "";
	return `${what} in ${inSeconds(milliseconds)}${found.length > 0 ? `: ${found.join(", ")}` : ""}${interrupted}`;
}

function groups(verdicts: readonly Verdict[]): string {
	const count = new Map<string, number>();
	for (const { state, reason } of verdicts) {
		const key = `${state} (${reasons[reason]})`;
		count.set(key, (count.get(key) ?? 0) + 1);
	}
	return [...count].map(([key, number]) => `${number} ${key}`).join(", ");
}

/** Columns of one width each, but for the last. */
function aligned(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows.map((row) =>
		row
			.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
			.join("  "),
	);
}
