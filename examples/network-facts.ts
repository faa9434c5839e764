/**
 * Shows the interfaces of this machine with their addresses, and the way that a packet would take to a host.
 *
 *   node network-facts.js 127.0.0.1
 */
import { interfaces, neighbours, routeTo } from "berkeley/interfaces";

const [host = "127.0.0.1"] = process.argv.slice(2);

for (const { index, name, kind, type, state, mtu, mac, addresses } of await interfaces()) {
	console.log(`${index} ${name}: ${kind ?? type}, ${state}, mtu ${mtu}${mac === "" ? "" : `, ${mac}`}`);
	for (const { host, prefix, scope } of addresses) console.log(`    ${host}/${prefix} (${scope})`);
}

const way = await routeTo(host);
const router = way.gateway === undefined ? "" : ` over ${way.gateway}`;
console.log(`to ${host}: by ${way.interface.name}${router}, from ${way.source ?? "any address"}`);

// Who has to be asked for a hardware address: the router, or the host itself.
const next = way.gateway ?? host;
const known = (await neighbours({ interface: way.interface.index })).find((each) => each.host === next);
if (known !== undefined) console.log(`${next} has ${known.mac ?? "no hardware address"} (${known.state})`);
