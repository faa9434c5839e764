/**
 * Networks of several hosts, for tests: each host is a network namespace, held by a process that ends when the
 * test's process does, however that ends. With the last process of a namespace the kernel removes it, its
 * interfaces and the cables to them: nothing has a name that could be left over. Who makes a network closes it.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type End, type NetworkPlan, workOut } from "./networkplan.js";
import { runtimeArguments } from "./runtime.js";

export type { End, NetworkPlan } from "./networkplan.js";

/** How a command in a host ended, and what it wrote. */
export interface Ended {
	code: number | null;
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

/** A command, its words; or the compiled program at a URL, which this runtime runs. */
export type HostCommand = readonly string[] | URL;

/** How a command runs. */
export interface RunOptions {
	/** What follows the program at a URL. */
	args?: readonly string[];
	/** For standard input, which is empty otherwise. */
	input?: string | Uint8Array;
	env?: NodeJS.ProcessEnv;
	/** Without any capability: what a user who is not root may do. */
	unprivileged?: boolean;
	/** After so many milliseconds it is killed. Default: a minute. */
	timeout?: number;
}

const patience = 60_000;
const isRoot = process.getuid?.() === 0;

/** Why tests that need a network skip; false when they need not. */
export const noNetwork: string | false = whyNot();

function whyNot(): string | false {
	const script = `ip link add v0 type veth peer name v1 && ip link add br0 type bridge &&
		ip addr add fd00::1/64 dev v0 nodad && echo 1 >/proc/sys/net/ipv4/ip_forward`;
	const probe = spawnSync("unshare", [
		isRoot ? "-n" : "-rn",
		"setpriv",
		"--pdeathsig=KILL",
		"sh",
		"-ec",
		script,
	]);
	if (probe.error !== undefined) return "there is no unshare";
	return probe.status === 0 ? false : "network namespaces with cables and IPv6 are not allowed here";
}

/** Makes the hosts, the links between them, addresses and routes, and waits until all of it works. */
export async function makeNetwork(plan: NetworkPlan): Promise<Network> {
	const network = new Network(plan);
	try {
		await network.setUp();
	} catch (error) {
		await network.close();
		throw error;
	}
	return network;
}

/** A command that runs in a host. */
export class HostProgram {
	readonly child: ChildProcess;
	/** Settles when it has ended, and its output is complete. */
	readonly ended: Promise<Ended>;
	/** What came on standard output so far. */
	output = "";
	/** What came on standard error so far. */
	errors = "";

	constructor(file: string, args: readonly string[], { input = "", env, timeout = patience }: RunOptions) {
		this.child = spawn(file, args, {
			env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
			stdio: "pipe",
			timeout,
			killSignal: "SIGKILL",
		});
		this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.output += text;
		});
		this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.errors += text;
		});
		// It may end before it has read everything.
		this.child.stdin?.on("error", () => {}).end(input);
		this.ended = once(this.child, "close").then(([code, signal]) => ({
			code,
			signal,
			stdout: this.output,
			stderr: this.errors,
		}));
		this.ended.catch(() => {});
	}

	/** Waits until standard output, or standard error, matches; fails when the command ends without. */
	async printed(pattern: RegExp): Promise<RegExpMatchArray> {
		let over = false;
		const end = this.ended.then(() => {
			over = true;
		});
		for (;;) {
			const found = this.output.match(pattern) ?? this.errors.match(pattern);
			if (found !== null) return found;
			if (over) throw new Error(`it ended without ${pattern}: ${this.output}\n${this.errors}`);
			await Promise.race([end, delay(5)]);
		}
	}

	/** Sends a signal. (After ChildProcess.kill() Deno calls every end that signal's, even a proper exit.) */
	kill(signal: NodeJS.Signals): void {
		const { pid, exitCode, signalCode } = this.child;
		if (pid !== undefined && exitCode === null && signalCode === null) process.kill(pid, signal);
	}

	/** Sends a signal, and waits for the end. */
	async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
		this.kill(signal);
		return this.ended;
	}
}

/** Hosts that reach each other, and nothing else. Made by makeNetwork(). */
export class Network {
	/** All ends of all cables. */
	readonly ends: readonly End[];
	readonly #plan: NetworkPlan;
	readonly #worked: ReturnType<typeof workOut>;
	/** By the host: the process that holds its namespace. */
	readonly #holders = new Map<string, ChildProcess>();
	readonly #running = new Set<HostProgram>();

	constructor(plan: NetworkPlan) {
		this.#plan = plan;
		this.#worked = workOut(plan);
		this.ends = this.#worked.ends;
	}

	/** The end of a host's cable: that to a peer, or its first. */
	end(host: string, peer?: string): End {
		const found = this.ends.find((end) => end.host === host && (peer === undefined || end.peer === peer));
		if (found === undefined) throw new RangeError(`no link of ${host} goes to ${peer ?? "anything"}`);
		return found;
	}

	/** A host's IPv4 address: that towards a peer, or its first. */
	ipv4(host: string, peer?: string): string {
		return this.end(host, peer).ipv4 ?? "";
	}

	/** A host's IPv6 address: that towards a peer, or its first. */
	ipv6(host: string, peer?: string): string {
		return this.end(host, peer).ipv6 ?? "";
	}

	/** The command line that runs a command in a host; it is killed when the process that started it ends. */
	inside(host: string, command: HostCommand, options: RunOptions = {}): [file: string, args: string[]] {
		const { args = [], unprivileged = false } = options;
		const words =
			command instanceof URL
				? [process.execPath, ...runtimeArguments, fileURLToPath(command), ...args]
				: [...command, ...args];
		const bare = unprivileged ? ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"] : [];
		return ["nsenter", [...this.#entering(host), "setpriv", "--pdeathsig=KILL", ...bare, ...words]];
	}

	/** Starts a command in a host; what still runs when the network is closed is killed. */
	start(host: string, command: HostCommand, options: RunOptions = {}): HostProgram {
		const program = new HostProgram(...this.inside(host, command, options), options);
		this.#running.add(program);
		const forget = (): void => void this.#running.delete(program);
		program.ended.then(forget, forget);
		return program;
	}

	/** Runs a command in a host until it ends. */
	run(host: string, command: HostCommand, options: RunOptions = {}): Promise<Ended> {
		return this.start(host, command, options).ended;
	}

	/** Runs a command in a host that must succeed, and gives what it wrote to standard output. */
	async output(host: string, command: HostCommand, options: RunOptions = {}): Promise<string> {
		const { code, signal, stdout, stderr } = await this.run(host, command, options);
		if (code === 0) return stdout;
		const what = command instanceof URL ? command.pathname : command.join(" ");
		throw new Error(`in ${host}, ${what} ended with ${code ?? signal}: ${stderr}${stdout}`);
	}

	/** Runs a shell script in a host, which ends at its first failing command and must not fail. */
	shell(host: string, script: string): Promise<string> {
		return this.output(host, ["sh", "-e"], { input: script });
	}

	/** Sets a sysctl of the host's network: `sysctl("a", "net.ipv4.ping_group_range", "0 0")`. */
	async sysctl(host: string, name: string, value: string | number): Promise<void> {
		await this.shell(host, `echo '${value}' >/proc/sys/${name.replaceAll(".", "/")}`);
	}

	/** Makes everything; makeNetwork() calls it. */
	async setUp(): Promise<void> {
		const { hosts } = this.#plan;
		for (const host of hosts) await this.#hold(host);
		for (const [one, other] of this.#worked.cables) await this.#connect(one, other);
		await Promise.all(hosts.map((host) => this.shell(host, this.#configuration(host))));
		await Promise.all(hosts.map((host) => this.#settled(host)));
	}

	/** Kills what runs, and removes the hosts. */
	async close(): Promise<void> {
		for (const { child } of this.#running) child.kill("SIGKILL");
		for (const { ended } of [...this.#running]) await ended.catch(() => {});
		const holders = [...this.#holders.values()];
		this.#holders.clear();
		const ended = holders
			.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
			.map((holder) => once(holder, "exit"));
		for (const holder of holders) holder.stdin?.end();
		await Promise.all(ended);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	#pid(host: string): string {
		const pid = this.#holders.get(host)?.pid;
		if (pid === undefined)
			throw new RangeError(`${host} is no host of this network, or the network is closed`);
		return String(pid);
	}

	#entering(host: string): string[] {
		const user = isRoot ? [] : ["--user", "--preserve-credentials"];
		return ["--target", this.#pid(host), ...user, "--net", "--"];
	}

	/** Starts the process that holds a host's namespace until its standard input ends. */
	async #hold(host: string): Promise<void> {
		const script = ["sh", "-c", "ip link set lo up && echo held && exec cat"];
		// All are of one user namespace, for a cable goes only between networks that its maker may change.
		const [first] = this.#holders.keys();
		const words =
			isRoot || first === undefined
				? ["unshare", isRoot ? "-n" : "-rn", ...script]
				: [
						"nsenter",
						"--target",
						this.#pid(first),
						"--user",
						"--preserve-credentials",
						"unshare",
						"-n",
						...script,
					];
		const [file = "", ...args] = words;
		const holder = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
		this.#holders.set(host, holder);
		holder.stdin.on("error", () => {});
		const held = once(holder.stdout, "data").then(() => true);
		if (!(await Promise.race([held, once(holder, "exit").then(() => false)]))) {
			throw new Error(`no network namespace could be made for ${host}`);
		}
	}

	async #connect(one: End, other: End): Promise<void> {
		const [first, second] = [one, other].map(
			({ name, mac, mtu }) => `name ${name} address ${mac} mtu ${mtu}`,
		);
		await this.shell(
			one.host,
			`ip link add ${first} type veth peer ${second} netns ${this.#pid(other.host)}`,
		);
	}

	#configuration(host: string): string {
		const bridge = this.#plan.bridges?.includes(host) ?? false;
		const router = this.#worked.routers.has(host);
		const lines: string[] = [];
		const set = (name: string, value: number): void => {
			lines.push(`echo ${value} >/proc/sys/net/${name}`);
		};
		for (const which of ["all", "default"]) {
			set(`ipv6/conf/${which}/disable_ipv6`, bridge ? 1 : 0);
			set(`ipv6/conf/${which}/accept_dad`, 0);
			set(`ipv6/conf/${which}/accept_ra`, 0);
			set(`ipv4/conf/${which}/rp_filter`, 0);
		}
		const ends = this.ends.filter((end) => end.host === host);
		for (const { name } of ends) {
			// Set for each, for those that exist have taken their settings already.
			for (const setting of ["accept_dad", "accept_ra", "router_solicitations"]) {
				set(`ipv6/conf/${name}/${setting}`, 0);
			}
			if (!bridge) set(`ipv6/conf/${name}/disable_ipv6`, 0);
			set(`ipv4/conf/${name}/rp_filter`, 0);
		}
		set("ipv4/ip_forward", router ? 1 : 0);
		set("ipv6/conf/all/forwarding", router ? 1 : 0);
		// Or a test of many probes would depend on how fast it is.
		set("ipv4/icmp_ratelimit", 0);
		set("ipv6/icmp/ratelimit", 0);
		if (bridge) {
			lines.push("ip link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
			lines.push("ip link set br0 up");
		}
		for (const { name, ipv4, ipv6 } of ends) {
			if (bridge) lines.push(`ip link set ${name} master br0`);
			if (ipv4 !== undefined) lines.push(`ip addr add ${ipv4}/24 brd + dev ${name}`);
			if (ipv6 !== undefined) lines.push(`ip addr add ${ipv6}/64 dev ${name} nodad`);
			lines.push(`ip link set ${name} up`);
		}
		for (const { segment, via } of this.#worked.routes.filter((route) => route.host === host)) {
			lines.push(`ip route add 10.0.${segment}.0/24 via ${via.ipv4}`);
			lines.push(`ip route add fd00:0:0:${segment}::/64 via ${via.ipv6}`);
		}
		return lines.join("\n");
	}

	/** Waits until the host's ends have carriers, and its addresses may be used. */
	async #settled(host: string): Promise<void> {
		const deadline = performance.now() + patience;
		for (;;) {
			const found = JSON.parse(await this.output(host, ["ip", "-j", "addr"])) as {
				ifname: string;
				operstate: string;
				addr_info: { tentative?: boolean; family?: string; scope?: string }[];
			}[];
			const isReady = ({ ifname, operstate, addr_info }: (typeof found)[number]): boolean =>
				ifname === "lo" || (operstate === "UP" && addr_info.every(({ tentative }) => tentative !== true));
			if (found.every(isReady)) return;
			if (performance.now() > deadline) throw new Error(`${host} never came up: ${JSON.stringify(found)}`);
			await delay(10);
		}
	}
}
