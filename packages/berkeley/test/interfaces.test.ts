/**
 * interfaces(), routes(), routeTo() and neighbours() against what iproute2 says of the same network, in a namespace.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { after, before, describe, test } from "node:test";
import { AF_INET, AF_INET6, ifNameindex, SocketError, setdefaulttimeout } from "../src/index.js";
import type { Neighbour, NetworkInterface, Route, RouteTo } from "../src/interfaces/index.js";
import * as facts from "../src/interfaces/index.js";
import { makeNetwork, type Network, noNetwork } from "./support/network.js";
import { askPython, noPython } from "./support/oracles.js";

const program = new URL("./programs/networkfacts.js", import.meta.url);

/** What a call came to. */
interface Outcome {
	value?: unknown;
	turns?: number;
	code?: string;
	message?: string;
}

/** A link as `ip -j -d -s addr` tells it. */
interface IpLink {
	ifindex: number;
	ifname: string;
	altnames?: string[];
	ifalias?: string;
	flags: string[];
	mtu: number;
	min_mtu: number;
	max_mtu: number;
	qdisc: string;
	operstate: string;
	txqlen?: number;
	link_type: string;
	link_index?: number;
	link?: string;
	master?: string;
	address?: string;
	broadcast?: string;
	promiscuity: number;
	num_tx_queues: number;
	num_rx_queues: number;
	linkinfo?: { info_kind?: string; info_data?: { id?: number; protocol?: string } };
	stats64: Record<"rx" | "tx", Record<string, number>>;
	addr_info: {
		family: "inet" | "inet6";
		local: string;
		address?: string;
		prefixlen: number;
		broadcast?: string;
		scope: string;
		label?: string;
		metric?: number;
		valid_life_time: number;
		preferred_life_time: number;
		[flag: string]: unknown;
	}[];
}

/** A route as `ip -j -d route` tells it. */
interface IpRoute {
	type?: string;
	dst: string;
	gateway?: string;
	via?: { family: string; host: string };
	dev?: string;
	table?: string | number;
	protocol?: string;
	scope?: string;
	prefsrc?: string;
	metric?: number;
	flags?: string[];
	pref?: string;
	metrics?: { mtu?: number; advmss?: number; hoplimit?: number }[];
	nexthops?: { gateway?: string; dev?: string; weight: number; flags: string[] }[];
}

const forever = 0xffffffff;

describe("in a network with all sorts of things", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({
			hosts: ["a", "r", "b"],
			links: [
				["a", "r", { mtu: 1400 }],
				["a", "r"],
				["r", "b"],
			],
		});
		await net.shell(
			"a",
			`
			ip link add eth7 type veth peer name eth8
			ip link set eth7 alias 'the seventh' txqueuelen 77
			ip link property add dev eth7 altname a-rather-long-name-of-it
			ip link add bridge7 type bridge
			ip link set eth8 master bridge7 promisc on
			ip link set eth7 up
			ip link set eth8 up
			ip addr add 192.0.2.1/32 peer 192.0.2.9 dev eth7
			ip addr add 198.51.100.1/24 brd + label eth7:x metric 33 valid_lft 3600 preferred_lft 1800 dev eth7
			ip addr add 198.51.100.2/24 dev eth7
			ip -6 addr add 2001:db8::1/64 dev eth7 nodad noprefixroute
			ip -6 addr add 2001:db8::2 peer 2001:db8::3 dev eth7 nodad
			ip route add 203.0.113.0/24 nexthop via 10.0.1.2 weight 3 nexthop via 10.0.2.2
			ip -6 route add 2001:db8:5::/48 nexthop via fd00:0:0:1::2 weight 2 nexthop via fd00:0:0:2::2
			ip route add 203.0.113.128/25 via 10.0.1.2 metric 7 mtu 1300 advmss 1200 hoplimit 9 proto static src 10.0.1.1
			ip -6 route add 2001:db8:6::/48 via fd00:0:0:1::2 mtu 1350 pref high proto 99 expires 3600
			ip route add blackhole 203.0.114.0/24
			ip route add unreachable 203.0.115.0/24
			ip route add prohibit 203.0.116.0/24
			ip -6 route add blackhole 2001:db8:7::/48
			ip -6 route add unreachable 2001:db8:8::/48
			ip -6 route add prohibit 2001:db8:9::/48
			ip route add 192.0.0.0/24 via 10.0.1.99 dev eth1 onlink table 1000
			ip route add 10.9.0.0/16 via inet6 fd00:0:0:1::2 dev eth0
			ip rule add fwmark 5 table 1000
			ip neigh add 10.0.1.50 lladdr 02:00:00:00:00:50 dev eth0 nud permanent
			ip -6 neigh add fd00:0:0:2::50 lladdr 02:00:00:00:00:51 dev eth1 nud stale router
			`,
		);
		// The kernel gives the new ends their addresses and routes when it comes to it.
		const isReady = async (): Promise<boolean> => {
			const ends = (await ip<IpLink[]>("addr")).filter(({ ifname }) => ["eth7", "eth8"].includes(ifname));
			return ends.every(
				({ operstate, addr_info }) =>
					operstate === "UP" && addr_info.some(({ scope, tentative }) => scope === "link" && !tentative),
			);
		};
		for (const limit = performance.now() + 30_000; !(await isReady()); ) {
			assert.ok(performance.now() < limit, "eth7 and eth8 never came up");
		}
	});
	after(() => net?.close());

	async function call(...calls: (readonly [name: string, ...args: unknown[]])[]): Promise<Outcome[]> {
		const lines = await net.output("a", program, { args: [JSON.stringify(calls)] });
		return lines
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as Outcome);
	}

	async function value<T>(name: string, ...args: unknown[]): Promise<T> {
		const [outcome] = await call([name, ...args]);
		assert.equal(outcome?.message, undefined);
		return outcome?.value as T;
	}

	const ip = async <T>(...args: string[]): Promise<T> =>
		JSON.parse(await net.output("a", ["ip", "-j", ...args])) as T;

	/** Without what is undefined. */
	const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

	test("interfaces() tells of links what ip tells", async () => {
		const ours = await value<NetworkInterface[]>("interfaces");
		const theirs = await ip<IpLink[]>("-d", "-s", "addr");
		const indices = new Map(theirs.map(({ ifname, ifindex }) => [ifname, ifindex]));
		const shown = ours.map((link) => ({
			...link,
			// ip does not show the one, and makes the other up.
			flags: link.flags.filter((flag) => flag !== "RUNNING").sort(),
			carrier: undefined,
			permanentMac: undefined,
			linkNamespace: undefined,
			addresses: link.addresses.length,
			statistics: undefined,
		}));
		const expected = theirs.map((link) => ({
			index: link.ifindex,
			name: link.ifname,
			alternativeNames: link.altnames ?? [],
			alias: link.ifalias,
			type: link.link_type === "ether" ? "ethernet" : link.link_type,
			kind: link.linkinfo?.info_kind,
			mac: link.address ?? "",
			broadcast: link.broadcast ?? "",
			mtu: link.mtu,
			minMtu: link.min_mtu,
			maxMtu: link.max_mtu || undefined,
			flags: link.flags.filter((flag) => flag !== "NO-CARRIER" && flag !== "M-DOWN").sort(),
			up: link.flags.includes("UP"),
			state: link.operstate.toLowerCase(),
			master: indices.get(link.master ?? ""),
			link: link.link_index ?? indices.get(link.link ?? ""),
			qdisc: link.qdisc,
			queueLength: link.txqlen,
			transmitQueues: link.num_tx_queues,
			receiveQueues: link.num_rx_queues,
			group: 0,
			promiscuity: link.promiscuity,
			addresses: link.addr_info.length,
		}));
		assert.deepEqual(plain(shown), plain(expected));
		const kinds = ours.map(({ kind }) => kind);
		for (const kind of ["bridge", "veth", undefined]) assert.ok(kinds.includes(kind as string), kind);
		const seventh = ours.find(({ name }) => name === "eth7");
		assert.deepEqual(seventh?.alternativeNames, ["a-rather-long-name-of-it"]);
		assert.equal(seventh?.alias, "the seventh");
		assert.equal(ours.find(({ name }) => name === "eth0")?.linkNamespace, 0);
		assert.equal(ours.find(({ name }) => name === "eth0")?.carrier, true);
		assert.equal(ours.find(({ name }) => name === "bridge7")?.carrier, undefined);
	});

	test("interfaces() tells of addresses what ip tells", async () => {
		const ours = await value<NetworkInterface[]>("interfaces");
		const theirs = await ip<IpLink[]>("addr");
		const close = (milliseconds: number | string, seconds: number): boolean =>
			seconds === forever
				? milliseconds === "forever"
				: Math.abs((milliseconds as number) / 1000 - seconds) <= 120;
		for (const [place, { addr_info: infos }] of theirs.entries()) {
			const { addresses } = ours[place] as NetworkInterface;
			assert.deepEqual(
				plain(
					addresses.map(({ preferredLifetime: _p, validLifetime: _v, flags, ...address }) => ({
						...address,
						flags: flags.filter((flag) => flag !== "permanent"),
					})),
				),
				plain(
					infos.map((info) => ({
						family: info.family === "inet" ? AF_INET : AF_INET6,
						host: info.local,
						prefix: info.prefixlen,
						scope: info.scope,
						flags: ["secondary", "nodad", "tentative", "noprefixroute"].filter((flag) => info[flag] === true),
						broadcast: info.broadcast,
						peer: info.address,
						label: info.label,
						metric: info.metric,
					})),
				),
			);
			for (const [index, info] of infos.entries()) {
				const address = addresses[index];
				assert.ok(close(address?.validLifetime ?? 0, info.valid_life_time));
				assert.ok(close(address?.preferredLifetime ?? 0, info.preferred_life_time));
				assert.equal(address?.flags.includes("permanent"), info.valid_life_time === forever);
			}
		}
	});

	test("interfaces() gives the counters that ip gives", async () => {
		// What arrives at the end of the cable makes the counters differ from nothing.
		await net.output("a", ["python3", "-c", sendTen, net.ipv4("b")]);
		const find = async (): Promise<Record<string, number>> => {
			const [link] = await ip<IpLink[]>("-s", "addr", "show", "eth0");
			const { rx, tx } = (link as IpLink).stats64;
			return {
				rxPackets: rx.packets ?? 0,
				rxBytes: rx.bytes ?? 0,
				txPackets: tx.packets ?? 0,
				txBytes: tx.bytes ?? 0,
			};
		};
		const before = await find();
		const { statistics } = await value<NetworkInterface>("interfaceOf", "eth0");
		const afterwards = await find();
		assert.ok((before.txPackets ?? 0) >= 10);
		for (const name of ["rxPackets", "rxBytes", "txPackets", "txBytes"] as const) {
			const counter = statistics?.[name] ?? -1;
			assert.ok(counter >= (before[name] ?? 0) && counter <= (afterwards[name] ?? 0), name);
		}
	});

	test("interfaceOf() finds an interface by name, by alternative name and by index", async () => {
		const all = await value<NetworkInterface[]>("interfaces");
		const seventh = all.find(({ name }) => name === "eth7");
		const found = await call(
			["interfaceOf", "eth7"],
			["interfaceOf", "a-rather-long-name-of-it"],
			["interfaceOf", seventh?.index],
			["interfaceOf", "eth9"],
			["interfaceOf", 4711],
		);
		for (const { value } of found.slice(0, 3)) {
			const { index, addresses } = value as NetworkInterface;
			assert.equal(index, seventh?.index);
			assert.equal(addresses.length, seventh?.addresses.length);
		}
		assert.deepEqual(
			found.slice(3).map(({ code }) => code),
			["ENODEV", "ENXIO"],
		);
	});

	/** Our route as ip tells it. */
	function asIp(route: Route): unknown {
		const [host, length] = route.destination.split("/");
		const isWhole = length === (route.family === AF_INET ? "32" : "128");
		const tables: Record<number, string> = { 254: "main", 255: "local" };
		const via = route.gateway?.includes(":") && route.family === AF_INET;
		const metrics = { mtu: route.mtu, advmss: route.advertisedMss, hoplimit: route.hopLimit };
		return plain({
			type: route.type,
			dst: length === "0" ? "default" : isWhole ? host : route.destination,
			gateway: via ? undefined : route.gateway,
			via: via ? { family: "inet6", host: route.gateway } : undefined,
			dev: route.interface?.name,
			table: tables[route.table] ?? String(route.table),
			protocol: String(route.protocol),
			scope: route.scope,
			prefsrc: route.preferredSource,
			metric: route.metric || (route.family === AF_INET6 && route.table === 255 ? 0 : undefined),
			flags: route.nexthops && route.family === AF_INET6 ? [] : route.flags,
			pref: route.preference,
			metrics: Object.values(metrics).some((each) => each !== undefined) ? [metrics] : undefined,
			nexthops: route.nexthops?.map((each) => ({
				gateway: each.gateway,
				dev: each.interface?.name,
				weight: each.weight,
				flags: each.flags,
			})),
		});
	}

	/** Without what ip alone tells, or tells in two ways. */
	function common({ type = "unicast", ...route }: IpRoute & { expires?: number }): unknown {
		const { expires: _, ...others } = route;
		return { type, ...others, protocol: others.protocol === "openr" ? "openr" : others.protocol };
	}

	test("routes() tells of all tables what ip tells", async () => {
		const ours = await value<Route[]>("routes", { table: null });
		const theirs = await ip<IpRoute[]>("-d", "route", "show", "table", "all");
		const found = ours.map(asIp);
		const expected = theirs.map((route) => common({ ...route, table: String(route.table) }));
		assert.deepEqual(found, expected);
		assert.ok(found.length > 30);
	});

	test("routes() asks for a family, a table, an interface; a table that is not there is empty", async () => {
		const destinations = async (options?: object): Promise<string[]> =>
			(await value<Route[]>("routes", ...(options === undefined ? [] : [options]))).map(
				(each) => each.destination,
			);
		const four = await destinations({ family: AF_INET });
		const six = await destinations({ family: AF_INET6 });
		assert.deepEqual(await destinations(), [...four, ...six]);
		assert.ok(four.every((each) => each.includes(".")) && six.every((each) => each.includes(":")));
		assert.deepEqual(await destinations({ table: 1000 }), ["192.0.0.0/24"]);
		assert.deepEqual(await destinations({ table: 4_000_000_000 }), []);
		const second = await destinations({ interface: "eth1", family: AF_INET });
		assert.ok(second.includes("203.0.113.0/24") && !second.includes("203.0.113.128/25"));
		assert.deepEqual((await call(["routes", { interface: "eth9" }]))[0]?.code, "ENODEV");
	});

	test("routes() tells how long an IPv6 route lasts", async () => {
		const found = await value<Route[]>("routes", { family: AF_INET6 });
		const { expires } = found.find(({ destination }) => destination === "2001:db8:6::/48") as Route;
		assert.ok(expires !== undefined && expires > 3_000_000 && expires <= 3_600_000, String(expires));
	});

	test("routeTo() tells the way that ip tells", async () => {
		const hosts: [host: string, options?: object, words?: string[]][] = [
			[net.ipv4("b")],
			[net.ipv6("b")],
			[net.ipv4("a")],
			[net.ipv6("a")],
			["127.0.0.1"],
			["198.51.100.255"],
			["203.0.113.200"],
			["2001:db8:6::1"],
			["10.9.0.1"],
			["192.0.0.7", { mark: 5 }, ["mark", "5"]],
			[net.ipv4("b"), { interface: "eth1" }, ["oif", "eth1"]],
			[net.ipv4("b"), { from: net.ipv4("a", "r") }, ["from", net.ipv4("a", "r")]],
			[net.ipv6("b"), { from: net.ipv6("a", "r") }, ["from", net.ipv6("a", "r")]],
			["224.0.0.1", { interface: "eth0" }, ["oif", "eth0"]],
			["ff02::1%eth0", {}, ["oif", "eth0"]],
			["fe80::1%eth1", {}, ["oif", "eth1"]],
		];
		const found = await call(...hosts.map(([host, options = {}]) => ["routeTo", host, options] as const));
		for (const [place, [host, , words = []]] of hosts.entries()) {
			const bare = host.replace(/%.*/, "");
			const [theirs] = await ip<IpRoute[]>("-d", "route", "get", bare, ...words);
			const { message, value: way } = found[place] as Outcome;
			assert.equal(message, undefined);
			const { type, gateway, interface: out, source, mtu } = way as RouteTo;
			// ip tells the source of IPv4 only when the kernel chooses it.
			const from = words[0] === "from" ? words[1] : undefined;
			assert.deepEqual(
				plain({ type, gateway, dev: out.name, mtu, prefsrc: source }),
				plain({
					type: theirs?.type ?? "unicast",
					gateway: theirs?.gateway ?? theirs?.via?.host,
					dev: theirs?.dev,
					mtu: theirs?.metrics?.find((each) => each.mtu !== undefined)?.mtu,
					prefsrc: from ?? theirs?.prefsrc,
				}),
				host,
			);
			assert.equal((way as RouteTo).host, bare);
		}
	});

	test("routeTo() fails as connect() would", async () => {
		const found = await call(
			["routeTo", "203.0.114.1"],
			["routeTo", "203.0.115.1"],
			["routeTo", "203.0.116.1"],
			["routeTo", "2001:db8:7::1"],
			["routeTo", "2001:db8:8::1"],
			["routeTo", "2001:db8:9::1"],
			["routeTo", "233.252.0.1"],
			["routeTo", "100.64.0.1"],
			["routeTo", "2001:db8:ffff::1"],
			["routeTo", "10.0.1.2", { interface: "eth9" }],
		);
		const python = `
import errno, socket
def answer(host):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try: s.connect((host, 9))
    except OSError as e: return errno.errorcode[e.errno]`;
		const hosts = [
			"203.0.114.1",
			"203.0.115.1",
			"203.0.116.1",
			"2001:db8:7::1",
			"2001:db8:8::1",
			"2001:db8:9::1",
			"233.252.0.1",
			"100.64.0.1",
			"2001:db8:ffff::1",
		];
		const script = `${python}
for host in ${JSON.stringify(hosts)}: print(answer(host))`;
		const expected = (await net.output("a", ["python3", "-c", script])).trimEnd().split("\n");
		assert.deepEqual(
			found.map(({ code }) => code),
			[...expected, "ENODEV"],
		);
		assert.match(found[8]?.message ?? "", /^route to 2001:db8:ffff::1: .*: no route leads there$/);
		assert.match(found[1]?.message ?? "", /EHOSTUNREACH/);
	});

	test("neighbours() tells what ip tells", async () => {
		await net.output("a", ["python3", "-c", sendTen, net.ipv4("r", "a")]);
		const told = (each: Neighbour): unknown[] => [each.host, each.interface.name, each.mac ?? "", each.state];
		const theirs = async (): Promise<unknown[][]> =>
			(
				await ip<{ dst: string; dev: string; lladdr?: string; state: string[]; router?: null }[]>(
					"neigh",
					"show",
					"nud",
					"all",
				)
			).map((each) => [each.dst, each.dev, each.lladdr ?? "", (each.state[0] ?? "none").toLowerCase()]);
		// States change by themselves: what is the same before and after is what must be told.
		const before = await theirs();
		const ours = await value<Neighbour[]>("neighbours");
		const afterwards = (await theirs()).map(String);
		const steady = before.filter((each) => afterwards.includes(String(each)));
		const found = ours.map(told).map(String);
		assert.ok(steady.length > 4);
		for (const each of steady) assert.ok(found.includes(String(each)), String(each));
		// Nor is anything told that is not there.
		const known = new Set([...before, ...(await theirs())].map(([host, device]) => `${host} ${device}`));
		for (const each of ours) assert.ok(known.has(`${each.host} ${each.interface.name}`), each.host);
		const six = ours.find(({ host }) => host === "fd00:0:0:2::50");
		assert.deepEqual([six?.mac, six?.flags, six?.family], ["02:00:00:00:00:51", ["router"], AF_INET6]);
		const four = ours.find(({ host }) => host === "10.0.1.50");
		assert.deepEqual([four?.mac, four?.state, four?.family], ["02:00:00:00:00:50", "permanent", AF_INET]);
		const router = ours.find(({ host }) => host === net.ipv4("r", "a"));
		assert.equal(router?.mac, net.end("r", "a").mac);
		assert.ok(router?.used !== undefined && router.used < 60_000);
	});

	test("neighbours() asks for an interface and a family", async () => {
		const [first, second, six] = await call(
			["neighbours", { interface: "eth0", family: AF_INET }],
			["neighbours", { interface: net.end("a").name, family: AF_INET6 }],
			["neighbours", { family: AF_INET6 }],
		);
		const hosts = (outcome: Outcome = {}): string[] => (outcome.value as Neighbour[]).map(({ host }) => host);
		assert.ok(hosts(first).includes("10.0.1.50") && hosts(first).every((host) => host.includes(".")));
		assert.ok(!hosts(second).includes("fd00:0:0:2::50") && hosts(six).includes("fd00:0:0:2::50"));
	});
});

/** Sends ten datagrams to a host, and waits until the last is answered, which nobody listens for. */
const sendTen = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect((sys.argv[1], 9))
for i in range(10):
    try:
        s.send(b"x")
        s.recv(1)
    except ConnectionRefusedError: pass
`;

test("thousands of routes and interfaces come whole, in both forms", { skip: noNetwork }, async () => {
	await using net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
	const count = 20_000;
	const batch = Array.from(
		{ length: count },
		(_, i) => `route add 10.${100 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}/32 via 10.0.1.2`,
	);
	await net.output("a", ["ip", "-batch", "-"], { input: batch.join("\n") });
	const links = Array.from({ length: 100 }, (_, i) => `link add x${i} type veth peer name y${i}`);
	await net.output("a", ["ip", "-batch", "-"], { input: links.join("\n") });
	const lines = await net.output("a", program, {
		args: [JSON.stringify([["routes", { family: AF_INET }], ["interfaces"]])],
	});
	const [routes = {}, interfaces = {}] = lines
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as Outcome);
	const destinations = new Set((routes.value as Route[]).map(({ destination }) => destination));
	assert.equal(destinations.size, count + 1);
	assert.equal((interfaces.value as NetworkInterface[]).length, 202);
	// The awaited form lets others have the event loop meanwhile.
	assert.ok((routes.turns ?? 0) >= 4, `${routes.turns} turns`);
});

/** What is told while something else does not change: the machine's own network may, at any time. */
async function whileSteady<T, U>(look: () => U, tell: () => Promise<T> | T): Promise<[T, U]> {
	for (let attempt = 1; ; attempt++) {
		const before = look();
		const told = await tell();
		if (JSON.stringify(look()) === JSON.stringify(before)) return [told, before];
		assert.ok(attempt < 100, "it changes all the time");
	}
}

test("interfaces() lists those of if_nameindex() with the addresses of getifaddrs()", async () => {
	const [found, [pairs, hosts]] = await whileSteady(
		() => [ifNameindex(), networkInterfaces()] as const,
		facts.interfaces,
	);
	assert.deepEqual(
		found.map(({ index, name }) => [index, name]),
		pairs,
	);
	for (const [label, addresses = []] of Object.entries(hosts)) {
		const link = found.find(({ name }) => name === label.replace(/:.*/, ""));
		for (const { cidr, mac } of addresses) {
			assert.ok(
				link?.addresses.some(({ host, prefix }) => `${host}/${prefix}` === cidr),
				`${label} ${cidr}`,
			);
			assert.equal(link?.mac, mac);
		}
	}
});

test("interfaces() lists what Python's if_nameindex() lists", { skip: noPython }, async () => {
	const script = "import socket\ndef answer(_): return socket.if_nameindex()";
	const [found, [pairs]] = await whileSteady(() => askPython(script, [null]), facts.interfacesSync);
	assert.deepEqual(
		found.map(({ index, name }) => [index, name]),
		pairs,
	);
});

test("a default timeout for sockets does not concern the kernel's answers", async () => {
	setdefaulttimeout(0);
	try {
		assert.equal((await facts.routeTo("127.0.0.1")).interface.name, "lo");
		assert.equal(facts.routeToSync("127.0.0.1").interface.name, "lo");
	} finally {
		setdefaulttimeout(null);
	}
});

describe("misuse is refused before the kernel is asked", () => {
	const cases: [what: string, error: RegExp, call: () => unknown][] = [
		[
			"no name",
			/given by its name or its index, not by undefined/,
			() => facts.interfaceOfSync(undefined as never),
		],
		["index 0", /the interface's index must be an integer from 1/, () => facts.interfaceOfSync(0)],
		["a name with NUL", /must not contain a NUL/, () => facts.interfaceOfSync("a\0b")],
		[
			"an unknown family",
			/family must be AF_INET \(2\) or AF_INET6 \(10\), not 1/,
			() => facts.routesSync({ family: 1 as never }),
		],
		[
			"a family as text",
			/family must be .* not a string/,
			() => facts.neighboursSync({ family: "inet" as never }),
		],
		["an unknown option", /there is no option "tabel"/, () => facts.routesSync({ tabel: 1 } as never)],
		[
			"options that are none",
			/the options must be \{ interface, family \}, not a number/,
			() => facts.neighboursSync(5 as never),
		],
		["table 0", /table must be an integer from 1/, () => facts.routesSync({ table: 0 })],
		[
			"a host name",
			/not an IPv4 or IPv6 address: "localhost"; getaddrinfo/,
			() => facts.routeToSync("localhost"),
		],
		[
			"a source of another family",
			/not an IPv4 address: "::1"/,
			() => facts.routeToSync("127.0.0.1", { from: "::1" }),
		],
		[
			"a zone that is not the interface",
			/the zone of "fe80::1%lo" is not/,
			() => facts.routeToSync("fe80::1%lo", { interface: "x" }),
		],
		[
			"a mark that does not fit",
			/mark must be an integer/,
			() => facts.routeToSync("127.0.0.1", { mark: -1 }),
		],
	];
	for (const [what, message, run] of cases) {
		test(what, () => {
			assert.throws(run, (error: Error) => {
				assert.ok(!(error instanceof SocketError));
				assert.ok(error instanceof TypeError || error instanceof RangeError);
				assert.match(error.message, message);
				return true;
			});
		});
	}

	test("the awaited forms reject", async () => {
		await assert.rejects(facts.routeTo("localhost"), RangeError);
		await assert.rejects(facts.routes({ table: -1 }), RangeError);
		await assert.rejects(facts.neighbours({ interface: {} as never }), TypeError);
		await assert.rejects(facts.interfaceOf(Number.NaN), RangeError);
	});
});
