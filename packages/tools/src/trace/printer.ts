/**
 * What a trace says: to people as traceroute does, to programs in JSON.
 */
import type { Report } from "../json.js";
import { describeIcmp, isPortUnreachable, isTooBig } from "../probing/icmptext.js";
import { exact } from "../probing/instants.js";
import type { Names } from "../probing/names.js";
import { type Target, versionOf } from "../probing/target.js";
import { describeExtensions, type ExtensionObject, readExtensions } from "./extensions.js";
import { markOf } from "./marks.js";
import type { TraceOptions } from "./options.js";
import type { Prober } from "./prober.js";
import { isPassing, type Probe } from "./route.js";

/** Whether the probe got to the target itself. */
export function hasReached({ host }: Target, { answer }: Probe): boolean {
	if (answer === undefined) return false;
	if (answer.refusal === undefined) return true;
	const version = host.includes(":") ? 6 : 4;
	// A host that forbids what was asked for was reached all the same.
	return !isPassing(version, answer) && bare(answer.from) === bare(host);
}

function bare(host: string): string {
	return host.replace(/%.*$/, "");
}

/** What is told of a probe. */
interface Described {
	readonly answer: "none" | "target" | "expired" | "port-unreachable" | "unreachable";
	readonly from?: string;
	readonly name?: string | undefined;
	/** Milliseconds. */
	readonly rtt?: number;
	readonly stamps?: "kernel" | "process";
	/** How the target answered in its own protocol. */
	readonly word?: string | undefined;
	/** Of the ICMP error. */
	readonly type?: number;
	/** Of the ICMP error. */
	readonly code?: number;
	readonly message?: string;
	readonly mark?: string | undefined;
	readonly mtu?: number | undefined;
	/** The length to which packets had to be cut to get as far as this. */
	readonly pathMtu?: number | undefined;
	readonly extensions?: ExtensionObject[] | undefined;
}

/** Prints a trace. */
export class Printer {
	readonly #report: Report;
	readonly #target: Target;
	readonly #options: TraceOptions;
	readonly #names: Names;

	constructor(report: Report, target: Target, options: TraceOptions, names: Names) {
		this.#report = report;
		this.#target = target;
		this.#options = options;
		this.#names = names;
	}

	/** The first line. */
	begin({ method, flow, size }: Prober): Promise<void> {
		const { name, host } = this.#target;
		const { first, most, queries } = this.#options;
		return this.#report.tell(
			"start",
			{
				target: name,
				address: host,
				version: versionOf(this.#target),
				method,
				first,
				maxHops: most,
				queries,
				size,
				flow,
			},
			`traceroute to ${name} (${host}), ${most} hops max, ${size} byte packets`,
		);
	}

	/** All that is known of a hop. */
	async hop(hop: number, probes: readonly Probe[]): Promise<void> {
		const described = await Promise.all(probes.map((probe) => this.#describe(probe)));
		await this.#report.tell("hop", { hop, probes: described }, () => {
			let before = "";
			const parts = described.map(({ from, name, rtt, mark, extensions, pathMtu }) => {
				const cut = pathMtu === undefined ? "" : ` F=${pathMtu}`;
				if (from === undefined || rtt === undefined) return ` *${cut}`;
				const who = this.#options.names ? ` ${name ?? from} (${from})` : ` ${from}`;
				const shown = from === before ? "" : who;
				before = from;
				const more =
					this.#options.extensions && extensions !== undefined ? ` <${describeExtensions(extensions)}>` : "";
				return `${shown}${more}  ${rtt.toFixed(3)} ms${cut}${mark === undefined ? "" : ` ${mark}`}`;
			});
			return `${String(hop).padStart(2)} ${parts.join("")}`;
		});
	}

	/** The end; people have seen it. */
	end(reached: boolean, hops: number, probes: readonly Probe[], mtu: number | undefined): Promise<void> {
		const { name, host } = this.#target;
		const sent = probes.filter(({ state }) => state !== "waiting").length;
		const answered = probes.filter(({ state }) => state === "answered").length;
		return this.#report.tell(
			"summary",
			{ target: name, address: host, reached, hops, sent, answered, mtu },
			undefined,
		);
	}

	async #describe(probe: Probe): Promise<Described> {
		const { answer, rtt } = probe;
		const pathMtu = probe.mtu;
		if (answer === undefined || rtt === undefined) return { answer: "none", pathMtu };
		const { from, refusal, word } = answer;
		const version = versionOf(this.#target);
		const name = await this.#names.of(from);
		const stamps = probe.stamped ? "kernel" : "process";
		const common = { from, name, rtt: exact(rtt), stamps, pathMtu } as const;
		if (refusal === undefined) return { answer: "target", ...common, word };
		const { type, subcode, info } = refusal;
		const objects = readExtensions(refusal.quoted, refusal.extension);
		return {
			answer: isPassing(version, answer)
				? "expired"
				: isPortUnreachable(version, refusal)
					? "port-unreachable"
					: "unreachable",
			...common,
			type,
			code: subcode,
			message: describeIcmp(version, refusal),
			mark: markOf(version, refusal),
			mtu: isTooBig(version, refusal) ? info : undefined,
			extensions: objects.length > 0 ? objects : undefined,
		};
	}
}
