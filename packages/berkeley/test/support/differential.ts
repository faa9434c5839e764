/**
 * Runs scenarios by Python alone, by the library alone in both twins, and by each as the other's peer, and
 * requires that all transcripts are the same.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { AF_INET, SOCK_DGRAM, Socket } from "../../src/index.js";
import { differences } from "./differences.js";
import { noPython } from "./oracles.js";
import { defaultTimeout, Ours } from "./ours.js";
import { isDeno } from "./runtime.js";
import type { DifferingStep, Outcome, Scenario, Step, Value } from "./scenario.js";

/** Who performs steps. */
interface Party {
	begin(): Promise<{ pid: number }> | { pid: number };
	perform(step: Step): Promise<Outcome>;
	end(): Promise<{ leaked: number }>;
}

/** The interpreter, which stays where it is when tests are compiled. */
const interpreter = fileURLToPath(new URL("../../../test/support/scenario.py", import.meta.url));

/** Python's socket module, in a process of its own. */
class Python implements Party {
	readonly #child: ChildProcess;
	readonly #lines: AsyncIterator<string>;
	// One question after another: the answers come in their order.
	#last: Promise<unknown> = Promise.resolve();
	#errors = "";

	constructor(directory: string) {
		const options = { cwd: directory, stdio: "pipe" as const };
		this.#child = spawn("python3", ["-X", "utf8", "-u", interpreter], options);
		this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#errors += text;
		});
		const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
		this.#lines = lines[Symbol.asyncIterator]();
	}

	begin(): Promise<{ pid: number }> {
		return this.#ask("begin") as Promise<{ pid: number }>;
	}

	perform(step: Step): Promise<Outcome> {
		return this.#ask(step) as Promise<Outcome>;
	}

	end(): Promise<{ leaked: number }> {
		return this.#ask("end") as Promise<{ leaked: number }>;
	}

	async quit(): Promise<void> {
		const exited = new Promise((resolve) => this.#child.once("exit", resolve));
		this.#child.stdin?.end();
		await exited;
	}

	#ask(request: unknown): Promise<unknown> {
		const asked = this.#last.then(async () => {
			this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
			const { value, done } = await this.#lines.next();
			if (done) throw new Error(`python3 ended: ${this.#errors}`);
			const answer = JSON.parse(value);
			if (answer.broken !== undefined) throw new Error(`${JSON.stringify(request)}: ${answer.broken}`);
			return answer;
		});
		this.#last = asked.catch(() => {});
		return asked;
	}
}

/** One way of performing a scenario: who does the steps of `a`, and who those of `b`. */
interface Run {
	name: string;
	near: Party;
	far: Party;
	/** Whether an operation can be begun aside. */
	concurrent: boolean;
}

/** Adds one test for each scenario. */
export function compareWithPython(title: string, scenarios: readonly Scenario[]): void {
	describe(title, { skip: noPython }, () => {
		const home = process.cwd();
		let directory: string;
		let python: Python;
		before(async () => {
			await makeReactor();
			directory = mkdtempSync(join(tmpdir(), "berkeley-"));
			// Unix paths are given relative to a place that both share.
			process.chdir(directory);
			python = new Python(directory);
		});
		after(async () => {
			await python.quit();
			process.chdir(home);
			rmSync(directory, { recursive: true });
		});
		for (const one of scenarios) it(one.name, (t) => compare(t, one, python, directory));
	});
}

/** Makes what a thread keeps once it has waited, so that descriptors can be counted. */
async function makeReactor(): Promise<void> {
	using socket = new Socket(AF_INET, SOCK_DGRAM);
	await assert.rejects(socket.recv(1, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
}

async function compare(t: TestContext, scenario: Scenario, python: Python, directory: string): Promise<void> {
	const steps = scenario.steps.map((each) =>
		"step" in each ? each : { step: each as Step, differs: undefined },
	);
	const asynchronous = new Ours("async");
	const synchronous = new Ours("sync");
	const aside = steps.some(({ step }) => step[1].startsWith("&"));
	const expected = await transcript({ name: "python", near: python, far: python, concurrent: true });

	const runs: Run[] = [
		{ name: "async", near: asynchronous, far: asynchronous, concurrent: true },
		{ name: "sync", near: synchronous, far: synchronous, concurrent: false },
	];
	const named = new Set(steps.flatMap(({ step }) => step[0].split(" ").map(sideOf)));
	const together = steps.some(({ step }) => step[0].includes(" ") || crosses(step));
	if (named.size === 2 && !together && !scenario.alone) {
		runs.push(
			{ name: "async, Python is b", near: asynchronous, far: python, concurrent: true },
			{ name: "sync, Python is a", near: python, far: synchronous, concurrent: false },
		);
	}
	for (const run of runs) {
		if (aside && !run.concurrent) continue;
		check(run, await transcript(run));
	}
	if (expected.some((outcome) => "absent" in outcome)) {
		const failed = expected.find((outcome) => "error" in outcome);
		t.skip(`a socket cannot be made here: ${JSON.stringify(failed)}`);
	}

	async function transcript({ near, far }: Run): Promise<Outcome[]> {
		try {
			return await play(steps, near, far);
		} finally {
			if (isDeno) {
				// Deno's node:fs takes every path for UTF-8.
				if (readdirSync(directory).length > 0) execFileSync("find", [directory, "-mindepth", "1", "-delete"]);
			} else {
				for (const name of readdirSync(directory, { encoding: "buffer" })) {
					unlinkSync(Buffer.concat([Buffer.from(`${directory}/`), name]));
				}
			}
		}
	}

	function check(run: Run, actual: Outcome[]): void {
		steps.forEach(({ step, differs }, index) => {
			const place = `${run.name}: step ${index + 1}: ${JSON.stringify(step)}`;
			const performer = sideOf(step[0]) === "b" ? run.far : run.near;
			const theirs = expected[index];
			if (differs === undefined || performer === python) {
				assert.deepEqual(actual[index], theirs, place);
				return;
			}
			const difference = differences[differs];
			if (difference === undefined) throw new Error(`no difference is called ${differs}`);
			assert.notDeepEqual(difference.python, difference.ours, `the difference "${differs}" is none`);
			assert.deepEqual(theirs, difference.python, `Python at ${place}`);
			assert.deepEqual(actual[index], difference.ours, place);
		});
		assert.deepEqual(actual.at(-1), expected.at(-1), `${run.name}: descriptors left open`);
	}
}

/** The party of a name: those that begin with "b" are one, all others the other. */
function sideOf(name: string): "a" | "b" {
	return name.startsWith("b") ? "b" : "a";
}

/** Whether a step needs a thing of the other party, not only its address. */
function crosses(step: Step): boolean {
	const own = sideOf(step[0]);
	return [...JSON.stringify(step).matchAll(/"(?:name|fds)":(?:"(\w+)"|\[([^\]]*)\])/g)].some(
		([, one, many]) =>
			(one ?? many ?? "")
				.split(",")
				.map((name) => name.replaceAll('"', ""))
				.some((name) => sideOf(name) !== own),
	);
}

/** Performs the steps, and gives what became of each, and at the end what was left open. */
async function play(
	steps: readonly Omit<DifferingStep, "differs">[],
	near: Party,
	far: Party,
): Promise<Outcome[]> {
	const parties = near === far ? [near] : [near, far];
	const names = new Normalizer();
	for (const party of parties) names.pids.add((await party.begin()).pid);
	const outcomes: Outcome[] = [];
	let leaked = 0;
	try {
		for (const { step } of steps) {
			const party = sideOf(step[0]) === "b" ? far : near;
			const concrete = (await resolve(JSON.parse(names.place(JSON.stringify(step))), party)) as Step;
			const begun = performance.now();
			outcomes.push(names.normal(await party.perform(concrete)) as Outcome);
			const took = performance.now() - begun;
			// The timeout that sockets begin with is there for what went wrong; no scenario is to need it.
			if (took >= defaultTimeout) throw new Error(`${JSON.stringify(step)} waited for ${took} ms`);
		}
	} finally {
		for (const party of parties) leaked += (await party.end()).leaked;
	}
	return [...outcomes, { leaked }];

	/** Replaces the addresses of sockets that the other party has. */
	async function resolve(value: Value, party: Party): Promise<Value> {
		if (Array.isArray(value)) return Promise.all(value.map((each: Value) => resolve(each, party)));
		if (typeof value !== "object" || value === null) return value;
		const given = value as Record<string, Value>;
		if (typeof given.of === "string") {
			const owner = sideOf(given.of) === "b" ? far : near;
			if (owner === party) return value;
			const { value: address } = await owner.perform([given.of, "getsockname"]);
			if (!Array.isArray(address)) return address ?? null;
			return { at: address.map((field: Value) => plain(field)) };
		}
		return value;
	}
}

/** A field of an address, without what marks it for normalization. */
function plain(field: Value): Value {
	if (typeof field !== "object" || field === null || Array.isArray(field)) return field;
	return Object.values(field as Record<string, Value>)[0] ?? null;
}

/** What is another number each time gets a name by the order in which it shows: ports, files, processes. */
class Normalizer {
	readonly pids = new Set<number>();
	readonly #children: number[] = [];
	readonly #ports: number[] = [];
	readonly #files: string[] = [];
	readonly #digits = String(process.pid).padStart(8, "0");

	/** Puts a number of this process in place of `$PID`, for names that all programs of the machine share. */
	place(json: string): string {
		return json.replaceAll("$PID", this.#digits);
	}

	normal(value: Value): Value {
		if (typeof value === "string") return value.replaceAll(this.#digits, "$PID");
		if (Array.isArray(value)) return value.map((each: Value) => this.normal(each));
		if (typeof value !== "object" || value === null) return value;
		const given = value as Record<string, Value>;
		if (typeof given.port === "number") {
			const { port } = given;
			return port < 1024 ? port : `port ${nth(this.#ports, port)}`;
		}
		if (typeof given.file === "string") return `file ${nth(this.#files, given.file)}`;
		if (typeof given.child === "number") return `child ${nth(this.#children, given.child)}`;
		if (typeof given.pid === "number") {
			const { pid } = given;
			// The second netlink socket of a process gets a number of the kernel's, which is a negative one.
			if (this.#children.includes(pid)) return `child ${nth(this.#children, pid)}`;
			return this.pids.has(pid) ? "own pid" : pid >= 2 ** 31 ? "another pid" : pid;
		}
		return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, this.normal(each)]));
	}
}

function nth<T>(seen: T[], one: T): number {
	if (!seen.includes(one)) seen.push(one);
	return seen.indexOf(one) + 1;
}
