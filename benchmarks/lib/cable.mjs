// @ts-check
/**
 * A network namespace with a cable from v1 to v0, on which nobody else speaks. A process holds it; with that one it
 * goes.
 */
import { spawnSync } from "node:child_process";
import { MissingError } from "./compile.mjs";
import { Program } from "./programs.mjs";

const script = `
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
for name in v0 v1; do
	echo 1 >/proc/sys/net/ipv6/conf/$name/disable_ipv6
	ip link set $name arp off mtu 9000 up
done
echo '{"ready":true}'
exec cat >/dev/null
`;

const own = process.getuid?.() === 0;

/** A cable in a namespace of its own. */
export class Cable {
	#holder;

	/** @param {Program} holder */
	constructor(holder) {
		this.#holder = holder;
	}

	/** @throws MissingError where namespaces, or cables, are not allowed */
	static async make() {
		const command = ["unshare", own ? "-n" : "-rn", "sh", "-ec", script];
		if (spawnSync("unshare", ["--version"]).error !== undefined) throw new MissingError("unshare is missing");
		const holder = new Program(command, undefined);
		try {
			await holder.line();
			return new Cable(holder);
		} catch {
			await holder.stop();
			throw new MissingError("no network namespace with a cable can be made");
		}
	}

	/** A command, to be run within.
	 * @param {readonly string[]} command */
	within(command) {
		const user = own ? [] : ["--user", "--preserve-credentials"];
		return ["nsenter", "--target", String(this.#holder.pid), ...user, "--net", "--", ...command];
	}

	async close() {
		await this.#holder.stop();
	}
}
