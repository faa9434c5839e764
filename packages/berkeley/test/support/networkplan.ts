/**
 * What a test network looks like: from hosts and links follow the segments, the addresses and the routes. Pure.
 */

/** Hosts and the cables between them. */
export interface NetworkPlan {
	/** The hosts' names. */
	hosts: readonly string[];
	/** Which hosts a cable joins; it can be given other lengths of packets than 1500. */
	links?: readonly (readonly [one: string, other: string, options?: { mtu?: number }])[];
	/** The hosts that are switches: their ends have no addresses, and what hangs on them is one segment. */
	bridges?: readonly string[];
}

/** One end of a cable. */
export interface End {
	host: string;
	/** The interface's name at its host: "eth0", "eth1" … in the order of the host's links. */
	name: string;
	/** The host at the other end of the cable. */
	peer: string;
	mac: string;
	mtu: number;
	/** The number of its segment, from 1 on. */
	segment: number;
	/** 10.0.segment.number, with 24 bits of prefix; undefined at a switch, as is the next. */
	ipv4?: string;
	/** fd00:0:0:segment::number, with 64 bits of prefix. */
	ipv6?: string;
}

/** A way to a segment over a router. */
export interface PlannedRoute {
	host: string;
	segment: number;
	/** The router's end in a segment of the host's own. */
	via: End;
}

/** The plan, worked out. */
export interface WorkedOut {
	ends: End[];
	/** The two ends of each cable. */
	cables: [End, End][];
	routes: PlannedRoute[];
	/** Hosts with ends in more than one segment, which forward. */
	routers: Set<string>;
}

/** Gives every end its name, segment and addresses, and every host a way to every segment. */
export function workOut(plan: NetworkPlan): WorkedOut {
	const { hosts, links = [], bridges = [] } = plan;
	for (const [one, other] of links) {
		for (const host of [one, other]) {
			if (!hosts.includes(host)) throw new RangeError(`a link goes to ${host}, which is no host`);
		}
	}
	const segments = segmentsOf(links, bridges);
	const count = new Map<string, number>();
	const next = (key: string): number => {
		const number = (count.get(key) ?? 0) + 1;
		count.set(key, number);
		return number;
	};
	const cables = links.map(([one, other, { mtu = 1500 } = {}], index): [End, End] => {
		const segment = segments[index] ?? 0;
		const end = (host: string, peer: string, side: number): End => {
			const name = `eth${next(host) - 1}`;
			const mac = `02:00:00:00:${hex(index + 1)}:${hex(side)}`;
			const common = { host, name, peer, mac, mtu, segment };
			if (bridges.includes(host)) return common;
			const number = next(`segment ${segment}`);
			return { ...common, ipv4: `10.0.${segment}.${number}`, ipv6: `fd00:0:0:${segment}::${number}` };
		};
		return [end(one, other, 1), end(other, one, 2)];
	});
	const ends = cables.flat();
	const routers = new Set(
		hosts.filter((host) => !bridges.includes(host) && segmentsAt(ends, host).length > 1),
	);
	const routes = hosts.flatMap((host) => (bridges.includes(host) ? [] : routesOf(host, ends, routers)));
	return { ends, cables, routes, routers };
}

const hex = (value: number): string => value.toString(16).padStart(2, "0");

function segmentsAt(ends: readonly End[], host: string): number[] {
	return [...new Set(ends.filter((end) => end.host === host).map(({ segment }) => segment))];
}

/** The segment of each link, from 1 on: links that meet at a switch are one. */
function segmentsOf(links: NonNullable<NetworkPlan["links"]>, bridges: readonly string[]): number[] {
	const numbers: number[] = [];
	let last = 0;
	const join = (index: number, segment: number): void => {
		if (numbers[index] !== undefined) return;
		numbers[index] = segment;
		for (const bridge of (links[index] ?? [])
			.slice(0, 2)
			.filter((host) => bridges.includes(host as string))) {
			links.forEach(([one, other], neighbour) => {
				if (one === bridge || other === bridge) join(neighbour, segment);
			});
		}
	};
	links.forEach((_, index) => {
		if (numbers[index] === undefined) join(index, ++last);
	});
	return numbers;
}

/** The shortest way of a host to each segment that is not its own. */
function routesOf(host: string, ends: readonly End[], routers: ReadonlySet<string>): PlannedRoute[] {
	const first = new Map<number, End | undefined>(
		segmentsAt(ends, host).map((segment) => [segment, undefined]),
	);
	const queue = [...first.keys()];
	for (let segment = queue.shift(); segment !== undefined; segment = queue.shift()) {
		for (const end of ends) {
			if (end.segment !== segment || end.host === host || !routers.has(end.host)) continue;
			for (const beyond of segmentsAt(ends, end.host)) {
				if (first.has(beyond)) continue;
				first.set(beyond, first.get(segment) ?? end);
				queue.push(beyond);
			}
		}
	}
	return [...first].flatMap(([segment, via]) => (via === undefined ? [] : [{ host, segment, via }]));
}
